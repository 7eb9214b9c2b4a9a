"""The look with admin rights: a program of its own that reads, answers once, and ends.

It is started through pkexec by :mod:`guardian.processes.elevation`, in Python's isolated mode, and
gives up every right but two before it looks: to read what others may not, and to look into
running programs. It writes no file, and ends when whoever started it goes away.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import threading
from dataclasses import replace
from pathlib import Path

HOME = Path("/root")
"""The person's own start files are read without admin rights: a link there could lead anywhere."""
NOBODY = 65534
SECONDS, MEMORY = 60, 2 * 1024**3
# <linux/capability.h>, <linux/prctl.h>
CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE = 2, 19
KEPT = 1 << CAP_DAC_READ_SEARCH | 1 << CAP_SYS_PTRACE
CAPABILITY_VERSION = 0x20080522
PR_SET_KEEPCAPS = 8


def give_up_rights() -> None:
    """Go on as «nobody» who may read everything and change nothing. Raises ``OSError``."""
    libc = ctypes.CDLL(None, use_errno=True)
    kept = permitted() & KEPT
    refuse(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    header = struct.pack("@Ii", CAPABILITY_VERSION, 0)
    sets = struct.pack("@6I", kept, kept, 0, 0, 0, 0)
    refuse(libc.capset(header, sets))


def permitted() -> int:
    """The rights this process has; fewer than all in a container."""
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "CapPrm":
            return int(value, 16)
    return 0


def refuse(answer: int) -> None:
    if answer:
        raise OSError(ctypes.get_errno(), "a right could not be given up")


def end_with_starter() -> None:
    """Nobody reads the answer any more once the other end of standard input is closed."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def bind() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def collect(deep: bool) -> bytes:
    """A :class:`Snapshot` with its entries, as :func:`guardian.processes.recording.encode` has it.

    The process that looks is left out of what it sees.
    """
    from guardian.core.jobs import report_nothing
    from guardian.processes.model import Limit
    from guardian.processes.recording import encode
    from guardian.processes.sources import Look, Owners, take_entries, take_snapshot

    look = Look(home=HOME, deep=deep)
    snapshot = take_snapshot(look, report_nothing)
    entries, unread = take_entries(look, Owners(look.owned), report_nothing)
    return encode(
        replace(
            snapshot,
            processes=tuple(each for each in snapshot.processes if each.pid != os.getpid()),
            entries=entries,
            unread=unread,
            as_admin=True,
            deep=deep,
            # who may look into running programs sees other people's too
            limits=tuple(each for each in snapshot.limits if each is not Limit.OTHERS_HIDDEN),
        )
    )


def main(arguments: list[str]) -> None:
    os.environ.clear()
    os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    os.chdir("/")
    end_with_starter()
    # in isolated mode Python does not look beside this file; at the end, so that nothing that lies
    # there stands in for a module of Python's own
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    bind()
    give_up_rights()
    sys.stdout.buffer.write(collect("--deep" in arguments))
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
