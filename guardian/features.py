"""THE list of pillars: builds the service of each from what the ground floor gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guardian.accounts.service import AccountsService
from guardian.checkup.service import CheckupService
from guardian.clauses.service import ClausesService
from guardian.core.clock import local_now
from guardian.core.errors import Problem
from guardian.core.feature import Feature
from guardian.core.jobs import Report
from guardian.core.store import Store
from guardian.lessons.service import LessonsService
from guardian.processes.service import Eyes, ProcessesService
from guardian.vault.service import VaultService


@dataclass(frozen=True)
class Features:
    """One service per pillar, in the order they are shown, and the checkup and the lessons.

    Going through them gives the pillars; in a child's profile there are none to look at.
    """

    accounts: AccountsService
    vault: VaultService
    processes: ProcessesService
    clauses: ClausesService
    checkup: CheckupService
    lessons: LessonsService
    child: bool = False

    def __iter__(self) -> Iterator[Feature]:
        if not self.child:
            yield from (self.accounts, self.vault, self.processes, self.clauses)


def build(
    store: Store,
    home: Path,
    clock: Callable[[], datetime] = local_now,
    *,
    child: bool = False,
    eyes: Eyes | None = None,
) -> Features:
    """All services over one ``store``; ``home`` is whose files are looked at.

    ``child``: the checkup of a child's profile. ``eyes``: what is looked at instead of what runs
    on this computer.
    """
    pillars = (
        AccountsService(store, home, clock),
        VaultService(store, clock),
        ProcessesService(store, home, clock, eyes),
        ClausesService(store, clock),
    )
    lessons = LessonsService(store, clock)
    checkup = CheckupService(store, (*pillars, lessons), clock, child=child)
    return Features(*pillars, checkup=checkup, lessons=lessons, child=child)


def check_all(features: Features, report: Report) -> None:
    """Look at everything that needs no consent, one pillar after the other; keep the score.

    A pillar that cannot look does not keep the others from looking; the first problem is raised
    at the end.
    """
    problems = []
    for feature in features:
        try:
            feature.check(report)
        except Problem as problem:
            problems.append(problem)
    try:
        features.checkup.record()
    except Problem as problem:
        problems.append(problem)
    if problems:
        raise problems[0]
