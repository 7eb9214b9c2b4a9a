"""What judging takes, gathered once for all parts of a look, and how two looks become one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from guardian.core.jobs import Report
from guardian.processes.content import Product
from guardian.processes.model import (
    Baseline,
    Explanation,
    Known,
    Process,
    Scan,
    Seen,
    Snapshot,
    StartEntry,
    Unknown,
)
from guardian.processes.rules.assess import Prepared, assess
from guardian.processes.rules.identity import baseline_of
from guardian.processes.rules.programs import Programs, program_key
from guardian.processes.rules.world import World

T = TypeVar("T")


@dataclass(frozen=True)
class Judge:
    """``me`` is the user number of who looks, None where a system has none."""

    rules: tuple[Prepared, ...]
    products: tuple[Product, ...]
    known: tuple[Known, ...]
    baseline: Baseline | None
    me: int | None

    def judge(self, snapshot: Snapshot, report: Report) -> Scan:
        return assess(
            snapshot,
            self.rules,
            products=self.products,
            known=self.known,
            baseline=self.baseline,
            me=self.me,
            report=report,
        )

    def explain(
        self, process: Process, snapshot: Snapshot, report: Report
    ) -> tuple[Explanation, Scan]:
        """Everything about one of the processes of ``snapshot``, and the whole answer."""
        scan = self.judge(snapshot, report)
        world = World(snapshot, self.me)
        programs = Programs(world, self.baseline)
        key = program_key(process)
        program = programs.program(key)
        findings = (each for each in scan.findings if process.pid in each.program.pids)
        explained = Explanation(
            process=process,
            program=program,
            ancestors=world.ancestors(process),
            finding=next(findings, None),
            open_questions=tuple(gap for gap in scan.not_seen if process.pid in gap.pids),
            entries=tuple(programs.entries.get(key, ())),
        )
        return explained, scan


def usual_of(scan: Scan) -> Baseline:
    """Everything of ``scan`` as what is usual on this computer from now on: what runs, what starts
    by itself, and what does not run but was found."""
    found = tuple(each.program for each in scan.findings if not each.program.running)
    return baseline_of(replace(scan, programs=(*scan.programs, *found)))


def join(admin: Snapshot, own: Snapshot) -> Snapshot:
    """What an administrator sees, and what the person's own look saw besides."""
    return replace(
        admin,
        entries=join_entries(admin.entries, own.entries),
        power_files=join_seen(admin.power_files, own.power_files),
        present=tuple(dict.fromkeys((*admin.present, *own.present))),
        limits=tuple(dict.fromkeys(admin.limits)),
    )


def join_entries(
    admin: Seen[tuple[StartEntry, ...]], own: Seen[tuple[StartEntry, ...]]
) -> Seen[tuple[StartEntry, ...]]:
    """Each entry once, as who may see more of it saw it."""
    if isinstance(admin, Unknown) or isinstance(own, Unknown):
        return own if isinstance(admin, Unknown) else admin
    places = {place_of(entry) for entry in admin}
    return (*admin, *(entry for entry in own if place_of(entry) not in places))


def place_of(entry: StartEntry) -> tuple[object, ...]:
    return entry.kind, entry.source, entry.line, entry.name


def join_seen(first: Seen[tuple[T, ...]], second: Seen[tuple[T, ...]]) -> Seen[tuple[T, ...]]:
    if isinstance(first, Unknown):
        return second
    return first if isinstance(second, Unknown) else tuple(dict.fromkeys((*first, *second)))
