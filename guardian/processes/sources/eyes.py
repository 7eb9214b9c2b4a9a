"""The two ways of looking: at this computer as it is now, and at a recording of another one."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from guardian.core.jobs import Report
from guardian.processes.model import Process, ProgramFile, Setup, Snapshot, StartEntry, Unknown
from guardian.processes.sources import take_entries, take_setup, take_snapshot
from guardian.processes.sources.look import Look
from guardian.processes.sources.owners import Owners

Entries = tuple[tuple[StartEntry, ...], tuple[str, ...]]


class Eyes(Protocol):
    """``live`` is False where nothing that is seen could be asked, ended or tried out."""

    @property
    def live(self) -> bool: ...

    @property
    def me(self) -> int | None:
        """The user number of who looks; None where a system has none."""

    def take_snapshot(self, look: Look, report: Report) -> Snapshot: ...

    def take_entries(self, look: Look, report: Report) -> Entries: ...

    def take_setup(self, look: Look, report: Report) -> Setup: ...


class Here:
    """This computer."""

    live = True

    @property
    def me(self) -> int | None:
        return os.getuid() if hasattr(os, "getuid") else None

    def take_snapshot(self, look: Look, report: Report) -> Snapshot:
        return take_snapshot(look, report)

    def take_entries(self, look: Look, report: Report) -> Entries:
        return take_entries(look, Owners(look.owned), report)

    def take_setup(self, look: Look, report: Report) -> Setup:
        return take_setup(look, report)


@dataclass(frozen=True)
class Recorded:
    """A computer as it was at one moment. :func:`guardian.processes.recording.decode` reads it.

    ``snapshot`` holds its entries too; ``me`` is the user number of who looked.
    """

    snapshot: Snapshot
    setup: Setup
    me: int = 1000
    live = False

    def take_snapshot(self, _look: Look, report: Report) -> Snapshot:
        report(1, 1)
        return replace(self.snapshot, entries=Unknown.ABSENT, unread=())

    def take_entries(self, _look: Look, report: Report) -> Entries:
        report(1, 1)
        entries = self.snapshot.entries
        return () if isinstance(entries, Unknown) else entries, self.snapshot.unread

    def take_setup(self, _look: Look, report: Report) -> Setup:
        report(1, 1)
        return self.setup

    def moved_to(self, now: datetime) -> Recorded:
        """The same computer as if it had been looked at ``now``: all its times move along."""
        by = now - self.snapshot.taken
        entries = self.snapshot.entries
        if not isinstance(entries, Unknown):
            entries = tuple(replace(one, changed=later(one.changed, by)) for one in entries)
        moved = replace(
            self.snapshot,
            taken=now,
            processes=tuple(move(one, by) for one in self.snapshot.processes),
            entries=entries,
        )
        return replace(self, snapshot=moved)


def move(process: Process, by: timedelta) -> Process:
    file = process.exe_file
    if isinstance(file, ProgramFile):
        file = replace(file, changed=file.changed + by.total_seconds())
    return replace(process, started=later(process.started, by), exe_file=file)


def later(time: float | Unknown, by: timedelta) -> float | Unknown:
    return time if isinstance(time, Unknown) else time + by.total_seconds()
