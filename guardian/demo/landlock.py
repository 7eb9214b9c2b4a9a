"""Asks the kernel to let this process and all it starts write in a few places alone (Linux).

Landlock: https://docs.kernel.org/userspace-api/landlock.html. Who asked cannot take it back.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

# <linux/landlock.h>; the numbers of the calls are the same on every machine
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS = 38
WRITE_FILE, TRUNCATE = 1 << 1, 1 << 14
# remove a folder or file; make a device, folder, file, socket, pipe, block device or link
CHANGE_FOLDER = sum(1 << bit for bit in range(4, 13))
REFER = 1 << 13
REFER_SINCE, TRUNCATE_SINCE = 2, 3


def only_write_beneath(folders: Sequence[Path], files: Sequence[Path] = ()) -> bool:
    """From now on this thread, and every thread and process it starts, writes nowhere else.

    ``files`` may be written to, but not replaced; what does not exist is left out. Whether this
    system could promise that. Call it before there is a second thread.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return False
    in_files = WRITE_FILE | (TRUNCATE if version >= TRUNCATE_SINCE else 0)
    everything = in_files | CHANGE_FOLDER | (REFER if version >= REFER_SINCE else 0)
    described = struct.pack("@Q", everything)
    rules = libc.syscall(CREATE_RULESET, described, len(described), 0)
    if rules < 0:
        return False
    try:
        for path in folders:
            allow(libc, rules, path, everything)
        for path in files:
            with suppress(OSError):
                allow(libc, rules, path, everything if path.is_dir() else in_files)
        return not (
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(RESTRICT_SELF, rules, 0)
        )
    finally:
        os.close(rules)


def allow(libc: ctypes.CDLL, rules: int, path: Path, what: int) -> None:
    """Raises ``OSError`` where there is no such path."""
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", what, handle)
        if libc.syscall(ADD_RULE, rules, PATH_BENEATH, rule, 0):
            raise OSError(ctypes.get_errno(), "a rule was refused")
    finally:
        os.close(handle)
