"""THE list of pillars: builds the service of each from what the ground floor gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guardian.accounts.service import AccountsService
from guardian.clauses.service import ClausesService
from guardian.core.errors import Problem
from guardian.core.feature import Feature
from guardian.core.jobs import Report
from guardian.core.store import Store
from guardian.processes.service import ProcessesService
from guardian.vault.service import VaultService


@dataclass(frozen=True)
class Features:
    """One service per pillar, in the order they are shown."""

    accounts: AccountsService
    vault: VaultService
    processes: ProcessesService
    clauses: ClausesService

    def __iter__(self) -> Iterator[Feature]:
        return iter((self.accounts, self.vault, self.processes, self.clauses))


def local_now() -> datetime:
    """The time now, with the machine's own time zone."""
    return datetime.now().astimezone()


def build(store: Store, home: Path, clock: Callable[[], datetime] = local_now) -> Features:
    """All services over one ``store``; ``home`` is whose files are looked at."""
    return Features(
        accounts=AccountsService(store, home, clock),
        vault=VaultService(store, clock),
        processes=ProcessesService(store, home, clock),
        clauses=ClausesService(store, clock),
    )


def check_all(features: Features, report: Report) -> None:
    """Look at everything that needs no consent, one pillar after the other.

    A pillar that cannot look does not keep the others from looking; the first problem is raised
    at the end.
    """
    problems = []
    for feature in features:
        try:
            feature.check(report)
        except Problem as problem:
            problems.append(problem)
    if problems:
        raise problems[0]
