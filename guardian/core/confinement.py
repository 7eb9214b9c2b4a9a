"""Things a process gives up for good: leaving its memory to others, and all but reading.

Linux knows all of this; elsewhere each promise holds as far as the system goes.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from contextlib import suppress

# <linux/prctl.h>, <linux/seccomp.h>, <linux/audit.h>, <linux/filter.h>
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
ALLOW = 0x7FFF0000
REFUSE = 0x00050000  # plus the error number the caller sees
EPERM, ENOSYS = 1, 38
LOAD, JUMP_EQUAL, AND, RETURN = 0x20, 0x15, 0x54, 0x06
CALL, MACHINE, THIRD_ARGUMENT = 0, 4, 32  # offsets in struct seccomp_data
WRITING = 0o3 | 0o100 | 0o1000  # O_ACCMODE, O_CREAT, O_TRUNC

# Reading, memory, clocks, the end: by machine its audit number, the call "openat", the others.
# Not among them: sockets, new programs and processes, other processes' memory, every change to
# a file or folder.
CALLS = {
    "x86_64": (
        0xC000003E,
        257,
        (
            *(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 23, 24, 25, 27),
            *(28, 32, 35, 38, 39, 60, 63, 72, 79, 89, 96, 97, 98, 99, 102, 104, 107, 108, 131),
            *(137, 138, 186, 202, 204, 217, 219, 228, 230, 231, 262, 267, 269, 270, 271, 273),
            *(318, 324, 332, 334, 439),
        ),
    ),
    "aarch64": (
        0xC00000B7,
        56,
        (
            *(17, 23, 25, 43, 44, 48, 57, 61, 62, 63, 64, 65, 66, 67, 72, 73, 78, 79, 80, 93, 94),
            *(98, 99, 101, 103, 113, 115, 123, 124, 128, 132, 134, 135, 139, 160, 165, 169, 172),
            *(174, 175, 176, 177, 178, 179, 214, 215, 216, 222, 226, 232, 233, 278, 283, 291),
            *(293, 439),
        ),
    ),
}


def forbid_dumps() -> None:
    """From now on no crash of this process writes its memory to a disk, and no other program of
    the same person may read it while it runs.

    The system keeps doing so until the process ends. What it costs: for an ordinary user
    ``/proc/self/environ`` and a few more files belong to root from then on.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def only_read() -> bool:
    """From now on this process can read files and use the pipes it has, and nothing else.

    The kernel refuses sockets, writing, deleting and starting anything, whatever a document
    makes its parser do. Whether this system could promise that.
    """
    known = CALLS.get(os.uname().machine) if sys.platform == "linux" else None
    if known is None:
        return False
    program = filter_program(*known)
    instructions = ctypes.create_string_buffer(program, len(program))
    described = ctypes.create_string_buffer(
        struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    )
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)
    return not (
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        or prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(described), 0, 0)
    )


def filter_program(machine: int, opening: int, allowed: tuple[int, ...]) -> bytes:
    """The rules in the kernel's own language (classic BPF, eight bytes an instruction).

    A call that is not listed looks as if this system did not have it.
    """
    steps = [
        (LOAD, 0, 0, MACHINE),
        (JUMP_EQUAL, 1, 0, machine),
        (RETURN, 0, 0, REFUSE | ENOSYS),
        (LOAD, 0, 0, CALL),
    ]
    for number, call in enumerate(allowed):
        steps.append((JUMP_EQUAL, len(allowed) - number + 1, 0, call))
    steps += [
        (JUMP_EQUAL, 2, 0, opening),
        (RETURN, 0, 0, REFUSE | ENOSYS),
        (RETURN, 0, 0, ALLOW),
        (LOAD, 0, 0, THIRD_ARGUMENT),
        (AND, 0, 0, WRITING),
        (JUMP_EQUAL, 0, 1, 0),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE | EPERM),
    ]
    return b"".join(struct.pack("@HBBI", *step) for step in steps)
