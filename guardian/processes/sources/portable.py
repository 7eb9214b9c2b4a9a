"""The snapshot psutil can give on any system: the basics, nothing about devices and streams."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

from guardian.core.jobs import Report
from guardian.processes.model import Process, Seen, Snapshot, System, Unknown
from guardian.processes.sources.scripts import find_script

SYSTEMS = {"linux": System.LINUX, "win32": System.WINDOWS, "darwin": System.MACOS}
WANTED = ("ppid", "name", "exe", "cmdline", "username", "create_time")


def take_snapshot(report: Report) -> Snapshot:
    """Every process psutil lists. Fields it is refused are ``DENIED``, the others ``ABSENT``."""
    import psutil

    system = SYSTEMS.get(sys.platform, System.OTHER)
    pids = psutil.pids()
    processes = []
    for number, pid in enumerate(pids):
        report(number, len(pids))
        try:
            # what is refused comes back as the enum member, unlike any real value
            found = psutil.Process(pid).as_dict(WANTED, ad_value=Unknown.DENIED)
        except (psutil.Error, OSError):  # it ended meanwhile, or has a name too long for any call
            continue
        processes.append(describe(pid, found))
    report(len(pids), len(pids))
    return Snapshot(system, datetime.now(UTC), tuple(processes))


def describe(pid: int, found: dict[str, Any]) -> Process:
    """One process from psutil's attributes."""
    exe = text_or_denied(found["exe"])
    argv: Seen[tuple[str, ...]] = Unknown.DENIED
    if not isinstance(found["cmdline"], Unknown) and found["cmdline"] is not None:
        argv = tuple(found["cmdline"])
    ppid = found["ppid"]
    name = found["name"]
    return Process(
        pid=pid,
        ppid=ppid if isinstance(ppid, int) else 0,
        name=name if isinstance(name, str) else "",
        argv=argv,
        exe=exe,
        script=find_script(exe, argv),
        user=text_or_denied(found["username"]),
        started=found["create_time"] if found["create_time"] is not None else Unknown.DENIED,
    )


def text_or_denied(value: Any) -> Seen[Any]:
    """A text; psutil answers an empty one where a system keeps it to itself."""
    return value if isinstance(value, str) and value else Unknown.DENIED
