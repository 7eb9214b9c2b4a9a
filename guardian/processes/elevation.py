"""Asks the system to run the look with admin rights: through pkexec, with limits, read only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from guardian.core.errors import Problem
from guardian.processes import collector
from guardian.processes.model import Snapshot
from guardian.processes.recording import decode

PATIENCE = 300.0
"""Seconds until the person has typed a password and the look is done."""
LARGEST = 256 * 1024 * 1024
POLL = 0.05
DISMISSED, REFUSED = 126, 127
"""What pkexec(1) ends with when the person said no, and when it may not or cannot ask."""
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def refusal() -> Problem | None:
    """Why a look with admin rights is not possible here; None where it is."""
    if sys.platform != "linux":
        return Problem("admin-not-here")
    if os.geteuid() == 0:
        return Problem("admin-already")
    if shutil.which("pkexec") is None:
        return Problem("admin-no-pkexec")
    on_terminal = sys.stdin is not None and sys.stdin.isatty()
    if not on_terminal and not any(os.environ.get(name) for name in SCREENS):
        return Problem("admin-no-screen")
    return None


def look_as_admin(deep: bool, check: Callable[[], None]) -> Snapshot:
    """What an administrator sees of this computer, its entries included.

    ``check`` is called about twenty times a second and may raise ``Cancelled``; the other program
    then ends by itself. Raises ``Problem`` where admin rights are refused or the answer is odd.
    """
    problem = refusal()
    if problem:
        raise problem
    words = ["--deep"] if deep else []
    file = str(Path(collector.__file__).resolve())
    command = ["pkexec", sys.executable, "-I", "-B", file, *words]
    try:
        process = subprocess.Popen(
            command,
            bufsize=0,  # a pipe with a buffer cannot be closed while another thread reads from it
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:  # what is called pkexec is no program
        raise Problem("admin-failed") from error
    try:
        output = read_answer(process, check)
    except BaseException:
        abandon(process)
        raise
    close_pipes(process)
    if process.returncode in (DISMISSED, REFUSED):
        raise Problem("admin-declined")
    if process.returncode != 0:
        raise Problem("admin-failed")
    return decode(output, Snapshot)


def read_answer(process: subprocess.Popen[bytes], check: Callable[[], None]) -> bytes:
    """Everything the other program writes, until it ends."""
    parts: list[bytes] = []
    reader = threading.Thread(target=gather, args=(process, parts), daemon=True)
    reader.start()
    end = time.monotonic() + PATIENCE
    while reader.is_alive():
        reader.join(POLL)
        check()
        if time.monotonic() > end:
            raise Problem("admin-failed")
    output = b"".join(parts)
    if len(output) > LARGEST:
        raise Problem("admin-failed")
    process.wait()
    return output


def gather(process: subprocess.Popen[bytes], parts: list[bytes]) -> None:
    assert process.stdout is not None
    size = 0
    with suppress(OSError, ValueError):
        while size <= LARGEST and (part := process.stdout.read(65536)):
            parts.append(part)
            size += len(part)


def abandon(process: subprocess.Popen[bytes]) -> None:
    """Let go of a program we may have no right to end: it sees its pipes close, and ends.

    While it still asks for a password it does not; so nobody waits for it but a thread.
    """
    with suppress(OSError):
        process.kill()
    close_pipes(process)
    threading.Thread(target=process.wait, daemon=True).start()


def close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
