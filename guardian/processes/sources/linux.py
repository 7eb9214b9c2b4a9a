"""The snapshot of a Linux system, read from /proc directly: also devices, streams and roots.

What a process shows to this user is read; a process that ends meanwhile is left out. Each one is
read through one handle on its folder, so that a number given to a new process cannot mix two.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.processes.model import Limit, Process, Seen, Snapshot, System, Unknown
from guardian.processes.sources import packages
from guardian.processes.sources.devices import DeviceNames, find_devices
from guardian.processes.sources.procfs import Mount, mount_of, parse_mounts
from guardian.processes.sources.rawprocess import Gone, Raw, read_process, read_text
from guardian.processes.sources.scripts import find_script
from guardian.processes.sources.sockets import SocketTables

PROC = Path("/proc")
KTHREADD = 2
CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))


def take_snapshot(report: Report, proc: Path = PROC, dpkg: Path = packages.DPKG) -> Snapshot:
    """Read all of ``proc``; ``dpkg`` holds the package lists. Raises ``Cancelled``."""
    taken = datetime.now(UTC)
    pids = sorted(int(name) for name in (entry.name for entry in proc.iterdir()) if name.isdigit())
    reader = Reader(proc)
    processes = []
    for number, pid in enumerate(pids):
        report(number, len(pids), message("processes.working.reading"))
        try:
            processes.append(reader.read(pid))
        except Gone:
            continue

    def check() -> None:
        report(len(pids), len(pids), message("processes.working.packages"))

    owned = add_owners(processes, check, dpkg)
    limits = find_limits(reader, owned is None)
    return Snapshot(System.LINUX, taken, tuple(owned or processes), limits)


def find_limits(reader: Reader, no_packages: bool) -> tuple[Limit, ...]:
    limits = []
    proc = mount_of("/proc", reader.own_mounts)
    hidden = proc is not None and any(
        option.startswith("hidepid=") and option not in ("hidepid=0", "hidepid=off")
        for option in proc.options
    )
    if hidden and os.geteuid() != 0:
        limits.append(Limit.OTHERS_HIDDEN)
    if any(mark.exists() for mark in CONTAINER_MARKS):
        limits.append(Limit.INSIDE_CONTAINER)
    if no_packages:
        limits.append(Limit.NO_PACKAGES)
    return tuple(limits)


class Reader:
    """Reads one process after the other and remembers what many of them share."""

    def __init__(self, proc: Path) -> None:
        self._proc = proc
        self._boot = boot_time(read_text(proc / "stat"))
        self._tick = os.sysconf("SC_CLK_TCK")
        self._users: dict[int, str] = {}
        self._mounts: dict[str, tuple[Mount, ...]] = {}
        self._names = DeviceNames(proc)
        self._sockets = SocketTables(proc)
        self._kernel_parent = False
        self.own_mounts = parse_mounts(read_text(proc / "self" / "mountinfo"))

    def read(self, pid: int) -> Process:
        """One process; owners are added later, for all at once. Raises :class:`Gone`."""
        raw = read_process(self._proc, pid)
        kernel = raw.kernel_thread or (
            # between being forked by the kernel and starting its program
            self._kernel_parent and raw.stat.ppid == KTHREADD and not raw.argv
        )
        if pid == KTHREADD:
            self._kernel_parent = kernel
        uid: Seen[int] = Unknown.DENIED if raw.uid is None else raw.uid
        started = self._boot + raw.stat.start_ticks / self._tick if self._boot else Unknown.DENIED
        process = Process(
            pid=pid,
            ppid=raw.stat.ppid,
            name=raw.stat.name,
            kernel_thread=kernel,
            argv=raw.argv,
            uid=uid,
            user=Unknown.DENIED if isinstance(uid, Unknown) else self._user(uid),
            started=started,
            tracer=raw.tracer,
            unit=raw.unit,
        )
        return process if kernel else self._look_inside(process, raw)

    def _look_inside(self, process: Process, raw: Raw) -> Process:
        """Add what only the owner of a process and the administrator may see."""
        if isinstance(raw.exe, Unknown):
            why = raw.exe
            return replace(
                process,
                exe=why,
                exe_deleted=why,
                exe_replaced=why,
                exe_in_memory=why,
                exe_read_only=why,
                owner=why,
                script=why,
                script_owner=why,
                container=why,
                devices=Unknown.DENIED,
                stdio=Unknown.DENIED,
                listeners=Unknown.DENIED,
            )
        exe = raw.exe
        sockets = self._sockets.of(raw)
        mounts = self._mounts_of(raw)
        mount = mount_of(exe.path, mounts) if mounts else None
        return replace(
            process,
            exe=exe.path,
            exe_deleted=exe.deleted and not exe.in_memory,
            exe_replaced=exe.replaced,
            exe_in_memory=exe.in_memory,
            exe_read_only=mount.read_only if mount else Unknown.DENIED,
            container=raw.container,
            script=absolute(find_script(exe.path, raw.argv), raw.folder),
            devices=Unknown.DENIED
            if isinstance(raw.links, Unknown)
            else find_devices(raw.links, raw.root, self._names),
            stdio=sockets if isinstance(sockets, Unknown) else sockets[0],
            listeners=sockets if isinstance(sockets, Unknown) else sockets[1],
        )

    def _mounts_of(self, raw: Raw) -> tuple[Mount, ...]:
        """What is mounted where, as seen from the process's own root."""
        place = f"{raw.mount_namespace}{raw.root}"
        if place not in self._mounts:
            text = read_text(self._proc / str(raw.pid) / "mountinfo")
            self._mounts[place] = parse_mounts(text)
        return self._mounts[place]

    def _user(self, uid: int) -> str:
        if uid not in self._users:
            import pwd

            try:
                self._users[uid] = pwd.getpwuid(uid).pw_name
            except KeyError:
                self._users[uid] = str(uid)
        return self._users[uid]


def boot_time(stat: str) -> int:
    """Seconds since 1970 at which this system started; 0 where it does not say."""
    for line in stat.split("\n"):
        if line.startswith("btime "):
            return int(line.split()[1])
    return 0


def absolute(script: Seen[str | None], folder: str | None) -> Seen[str | None]:
    if isinstance(script, Unknown) or script is None or script.startswith(("/", "-")):
        return script
    return os.path.normpath(f"{folder}/{script}") if folder else script


def add_owners(
    processes: list[Process], check: Callable[[], None], dpkg: Path
) -> list[Process] | None:
    """The processes with the packages of their files; None where the system has no such lists."""
    at_home = [each for each in processes if isinstance(each.exe, str) and not each.container]
    paths = {each.exe for each in at_home if isinstance(each.exe, str)}
    paths |= {each.script for each in at_home if isinstance(each.script, str)}
    owners = packages.find_owners(paths, check, dpkg)
    found = [with_owner(process, owners) for process in processes]
    if owners is None:
        processes[:] = found
        return None
    return found


def with_owner(process: Process, owners: dict[str, str | None] | None) -> Process:
    if isinstance(process.exe, Unknown) or process.exe is None:
        return process
    snap = process.exe.startswith("/snap/") and process.exe_read_only is True
    owner: Seen[str | None]
    script_owner: Seen[str | None]
    if snap:
        owner = script_owner = f"snap:{process.exe.split('/')[2]}"
    elif process.container == "flatpak":
        owner = script_owner = "flatpak"
    elif process.container:
        owner = script_owner = None
    else:
        owner = owner_of(process.exe, owners)
        script_owner = owner_of(process.script, owners)
    return replace(process, owner=owner, script_owner=script_owner)


def owner_of(path: Seen[str | None], owners: dict[str, str | None] | None) -> Seen[str | None]:
    if isinstance(path, Unknown) or path is None:
        return path
    if owners is None:
        return packages.in_a_store(path) or Unknown.ABSENT
    return owners.get(path)
