"""A /proc made of ordinary files, for what no real process can be made to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guardian.core.jobs import Report, report_nothing
from guardian.processes.model import Snapshot
from guardian.processes.sources import linux
from guardian.processes.sources.look import Look

SOCKETS = """  sl  local_address rem_address   st queues tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 501 1
   1: 0200000A:A000 076433C6:115C 01 00000000:00000000 00:00000000 00000000     0        0 502 1
   2: 0200000A:A001 076433C6:0050 06 00000000:00000000 00:00000000 00000000     0        0 0 1
 nonsense
"""


def stat_line(
    pid: int,
    name: str,
    *,
    ppid: int = 1,
    flags: int = 0,
    state: str = "S",
    threads: int = 1,
    terminal: int = 0,
) -> bytes:
    fields = [state, ppid, 1, 1, terminal, -1, flags, *[0] * 10, threads, 0, 4200, 0, 0]
    return b"%d (%b) %b\n" % (pid, name.encode(), " ".join(map(str, fields)).encode())


class FakeProc:
    """``system`` is the root whose package lists are asked; there are none at first."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "proc"
        self.system = folder / "system"
        self.system.mkdir()
        (self.root / "self").mkdir(parents=True)
        (self.root / "self/mountinfo").write_text("1 0 8:1 / / rw - ext4 d rw\n")
        (self.root / "stat").write_text("btime 1000\n")

    def add(self, pid: int, name: str = "x", exe: str | None = "/bin/sleep", **stat: Any) -> Path:
        folder = self.root / str(pid)
        (folder / "fd").mkdir(parents=True)
        (folder / "ns").mkdir()
        (folder / "stat").write_bytes(stat_line(pid, name, **stat))
        (folder / "status").write_bytes(b"Name:\tx\nUid:\t0\t0\t0\t0\nTracerPid:\t0\n")
        (folder / "cmdline").write_bytes(name.encode() + b"\0")
        (folder / "cgroup").write_text("0::/\n")
        (folder / "maps").write_text("")
        (folder / "environ").write_bytes(b"")
        (folder / "root").symlink_to("/")
        if exe is not None:
            (folder / "exe").symlink_to(exe)
        return folder

    def open(self, pid: int, **links: str) -> None:
        """Let a process hold open files: ``_3="/dev/null"`` is number 3."""
        for number, target in links.items():
            (self.root / str(pid) / "fd" / number.strip("_")).symlink_to(target)

    def look(self, report: Report = report_nothing, **asked: Any) -> Snapshot:
        look = Look(self.system / "home", **asked)
        return linux.take_snapshot(look, report, self.root, str(self.system))
