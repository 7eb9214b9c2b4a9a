"""Runs a demonstration and wipes its folder afterwards, however it ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from guardian.core.log import guardian_frames
from guardian.demo.place import Place

PR_SET_PDEATHSIG = 1
CRASHED = 70  # EX_SOFTWARE of sysexits.h
PASSED_ON = ("SIGTERM", "SIGHUP")


def run_kept(place: Place, work: Callable[[], int]) -> int:
    """The answer of ``work``, once ``place`` is wiped.

    On Linux ``work`` runs in a child of this process, which gives up all writing elsewhere; so it
    is another, without a window, that waits and wipes, also after a crash. Call it before there
    is a second thread.
    """
    if sys.platform != "linux":
        try:
            return work()
        finally:
            place.wipe()
    me = os.getpid()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        end_with_parent(me)
        code = answer(work)
        if os.getppid() != me:  # who should wipe was killed: the next one takes the empty folder
            place.empty()
        os._exit(code)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the child too
    for name in PASSED_ON:
        signal.signal(getattr(signal, name), lambda number, _: pass_on(child, number))
    try:
        _, status = os.waitpid(child, 0)
    finally:
        place.wipe()
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def answer(work: Callable[[], int]) -> int:
    """What ``work`` ends with; a way out by exception is one too."""
    try:
        code = work()
    except SystemExit as wish:
        code = wish.code if isinstance(wish.code, int) else int(wish.code is not None)
    except BaseException as error:
        tell_crash(error)
        code = CRASHED
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    return code


def tell_crash(error: BaseException) -> None:
    """Its class and where in Guardian it passed; the error's own words can hold names."""
    lines = [type(error).__name__, *guardian_frames(error.__traceback__)]
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write("\n  ".join(lines) + "\n")


def end_with_parent(parent: int) -> None:
    """Be told to end when the process that wipes is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(CRASHED)


def pass_on(child: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, number)
