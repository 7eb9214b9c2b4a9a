"""The snapshot of a Linux system, read from /proc directly.

What a process shows to this user is read; a process that ends meanwhile is left out. Each one is
read through one handle on its folder, so that a number given to a new process cannot mix two.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.processes.model import Limit, PowerFile, Seen, Snapshot, System, Unknown
from guardian.processes.sources import hidden
from guardian.processes.sources.interfaces import find_interfaces
from guardian.processes.sources.look import Look
from guardian.processes.sources.origins import Origins
from guardian.processes.sources.places import find_places, user_homes
from guardian.processes.sources.power_files import find_power_files
from guardian.processes.sources.rawprocess import Gone, exists
from guardian.processes.sources.reading import KEPT_FROM_US, OUTER_KEPT_FROM_US, Draft, Reader
from guardian.processes.sources.sockets import sniffing

PROC = Path("/proc")


def take_snapshot(look: Look, report: Report, proc: Path = PROC, root: str = "/") -> Snapshot:
    """Read all of ``proc``; ``root`` holds the system's package lists. Raises ``Cancelled``."""
    taken = datetime.now(UTC)
    handle = os.open(proc, os.O_RDONLY | os.O_DIRECTORY)
    try:
        reader = Reader(proc, handle)
        sniffers = Sniffers(handle)
        drafts = read_all(reader, hidden.list_pids(handle), report)
        drafts = add_hidden(drafts, reader, look.deep, report)

        def check() -> None:
            report(len(drafts), len(drafts), message("processes.working.packages"))

        origins = Origins(look.owned, root, handle)
        processes = origins.complete(drafts, check)
        seen = sniffers.without(reader.held_inodes)
    finally:
        os.close(handle)
    limits = list(find_limits(proc, reader, origins.no_lists))
    homes = tuple({look.home, *(user_homes() if os.geteuid() == 0 else ())})
    power_files: Seen[tuple[PowerFile, ...]] = Unknown.ABSENT
    if look.deep:
        power_files, complete = find_power_files(homes, reader.own_mounts, origins.system, report)
        limits += [] if complete else [Limit.FILES_PARTLY]
    return Snapshot(
        System.LINUX,
        taken,
        processes,
        interfaces=find_interfaces(),
        power_files=power_files,
        sniffers=seen,
        present=find_places(look.places, homes),
        as_admin=os.geteuid() == 0,
        deep=look.deep,
        limits=tuple(limits),
    )


def read_all(reader: Reader, pids: list[int], report: Report) -> list[Draft]:
    """What is listed, without what ends meanwhile."""
    note = message("processes.working.reading")
    drafts = []
    for number, pid in enumerate(pids):
        report(number, len(pids), note)
        try:
            drafts.append(reader.read(pid))
        except Gone:
            continue
    return drafts


def add_hidden(drafts: list[Draft], reader: Reader, deep: bool, report: Report) -> list[Draft]:
    """``drafts`` with what is kept out of the list, or behind a cover, marked as hidden."""
    note = message("processes.working.hidden")
    comparable = hidden.can_compare(reader.proc, reader.own_mounts)
    covers = hidden.covered_pids(reader.own_mounts, str(reader.proc))
    covered = covers.keys() | reader.covered
    listed = {draft.pid: draft for draft in drafts}
    if comparable:
        covered = {pid for pid in covered if hidden.is_alive(pid)}
        # a parent always runs: a process whose parent ends is given another one
        parents = {draft.fields["ppid"] for draft in drafts} - listed.keys() - {0}
        missing = hidden.confirm(reader.handle, parents)
        if deep:
            missing |= hidden.probe(reader.handle, listed, lambda: report(0, 0, note))
        for pid in missing - covered:
            listed[pid] = read_hidden(reader, pid)
    for pid in covered:
        whole = covers.get(pid, True) or pid not in listed
        draft = blank(pid) if whole else listed[pid]
        draft.fields["hidden"] = True
        listed[pid] = draft
    return [listed[pid] for pid in sorted(listed)]


def read_hidden(reader: Reader, pid: int) -> Draft:
    """A process that is not listed: often its folder can be read all the same."""
    try:
        draft = reader.read(pid)
    except Gone:
        draft = blank(pid)
    draft.fields["hidden"] = True
    return draft


def blank(pid: int) -> Draft:
    """A process of which no more is known than that it runs."""
    fields = {"ppid": 0, "name": str(pid), "kernel_thread": False}
    return Draft(pid, {**fields, **OUTER_KEPT_FROM_US, **KEPT_FROM_US})


class Sniffers:
    """Who takes in network traffic while no process that was read is behind it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._before = sniffing(handle)

    def without(self, inodes: set[int]) -> Seen[tuple[int, ...]]:
        """The users behind sockets that are in none of ``inodes``, those of all processes read.

        A socket that came or went meanwhile is passed over.
        """
        if not exists(self._handle, "net/packet"):
            return Unknown.ABSENT
        left = self._before.keys() - inodes
        still = sniffing(self._handle) if left else {}
        return tuple(sorted({self._before[inode] for inode in left if inode in still}))


def find_limits(proc: Path, reader: Reader, no_packages: bool) -> tuple[Limit, ...]:
    limits = []
    if hidden.hides_others(reader.own_mounts):
        limits.append(Limit.OTHERS_HIDDEN)
    if hidden.in_own_namespace(proc):
        limits.append(Limit.INSIDE_CONTAINER)
    if no_packages:
        limits.append(Limit.NO_PACKAGES)
    return tuple(limits)
