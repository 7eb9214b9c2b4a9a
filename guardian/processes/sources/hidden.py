"""Processes that run but are kept out of the list: a cover over their folder, or a gap in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from guardian.processes.sources.mounts import Mounts
from guardian.processes.sources.procfs import parse_status
from guardian.processes.sources.rawprocess import allowed

FIRST_NAMESPACE = "pid:[4026531836]"
"""The kernel's number for the outermost list of processes, include/linux/proc_ns.h."""
OFTEN = 4096
"""Numbers between two questions whether to go on."""


def list_pids(proc: int) -> list[int]:
    """The numbers that /proc lists, in order."""
    names = os.listdir(proc)
    return sorted(int(name) for name in names if name.isdecimal())


def covered_pids(mounts: Mounts, point: str = "/proc") -> dict[int, bool]:
    """Processes over whose folder something was mounted, so that no tool can read them.

    True: over all of it, False: over a part.
    """
    pattern = re.compile(re.escape(point) + r"/(\d+)(/.*)?")
    found: dict[int, bool] = {}
    for mount in mounts.all:
        if match := pattern.fullmatch(mount.point):
            pid = int(match[1])
            found[pid] = found.get(pid, False) or match[2] is None
    return found


def is_alive(pid: int) -> bool:
    """Whether a process, or a thread, has this number. Nothing is sent to it."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError, OSError):
        return False
    return True


def can_compare(proc: Path, mounts: Mounts) -> bool:
    """Whether the list and the kernel's answers speak of the same processes, and of all of them.

    They do not where /proc hides other people's, or shows another container's.
    """
    try:
        return str((proc / "self").readlink()) == str(os.getpid()) and not hides_others(mounts)
    except OSError:
        return False


def hides_others(mounts: Mounts) -> bool:
    """Whether /proc is mounted so that this user sees his own processes only."""
    mount = mounts.of("/proc")
    hiding = mount is not None and any(
        option.startswith("hidepid=") and option not in ("hidepid=0", "hidepid=off")
        for option in mount.options
    )
    return hiding and os.geteuid() != 0


def in_own_namespace(proc: Path) -> bool:
    """Whether Guardian itself sees only the processes of a container."""
    try:
        return str((proc / "self" / "ns" / "pid").readlink()) != FIRST_NAMESPACE
    except OSError:
        return False


def confirm(proc: int, suspects: Iterable[int]) -> set[int]:
    """Those numbers that run and are missing from the list, each checked twice.

    Alive before and after a listing without it: it did not start or end meanwhile.
    """
    left = set(suspects)
    for _ in range(2):
        left = {pid for pid in left if is_alive(pid)}
        if not left:
            break
        listed = set(list_pids(proc))
        left = {pid for pid in left - listed if is_alive(pid)}
    return {pid for pid in left if not is_thread(proc, pid)}


def is_thread(proc: int, pid: int) -> bool:
    """Threads answer to numbers of their own and are rightly not listed."""
    leader = parse_status(allowed(proc, f"{pid}/status")).leader
    return leader not in (0, pid)


def probe(handle: int, listed: Iterable[int], check: Callable[[], None]) -> set[int]:
    """Ask for every number up to the last one given out; ``check`` may raise ``Cancelled``.

    About a second for 500,000 numbers.
    """
    known = set(listed)
    last = max((last_pid(allowed(handle, "loadavg")), *known))
    suspects = set()
    for pid in range(1, last + 1):
        if pid % OFTEN == 0:
            check()
        if pid not in known and is_alive(pid) and not is_thread(handle, pid):
            suspects.add(pid)
    return confirm(handle, suspects)


def last_pid(text: bytes) -> int:
    """The number given out last, of /proc/loadavg."""
    last = text.split()[-1:]
    return int(last[0]) if last and last[0].isdigit() else 0
