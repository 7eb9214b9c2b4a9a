"""The one door of this pillar: look at what runs, remember it, say where the person stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from guardian.core.feature import Level, Step, Summary
from guardian.core.jobs import Report
from guardian.core.store import Store
from guardian.core.words import message
from guardian.processes.content import read_rules, rules_file
from guardian.processes.model import Scan
from guardian.processes.repository import ScanRepository
from guardian.processes.rules.assess import assess, prepare
from guardian.processes.sources import take_snapshot

STALE = timedelta(days=30)


class ProcessesService:
    """Looking needs no consent and no admin rights; it reads and changes nothing."""

    key = "processes"

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._scans = ScanRepository(store)
        self._clock = clock

    def scan(self, report: Report) -> Scan:
        """Look at every running program and remember what was found.

        Raises ``Cancelled``; ``Problem("content-bad")`` where Guardian's rules are damaged.
        """
        file = rules_file()
        rules = prepare(read_rules(file), file.name)
        snapshot = replace(take_snapshot(report), taken=self._clock())
        scan = assess(snapshot, rules, report)
        self._scans.save(scan)
        return scan

    def last(self) -> Scan | None:
        """What the last look found; its ``programs`` are not kept."""
        return self._scans.last()

    def check(self, report: Report) -> None:
        self.scan(report)

    def summary(self) -> Summary:
        scan = self.last()
        if scan is None:
            return Summary(None, message("processes.summary.not-yet"))
        return Summary(scan.level, scan.headline())

    def next_steps(self) -> tuple[Step, ...]:
        scan = self.last()
        command = "guardian processes scan"
        if scan is None:
            title, why = message("processes.step.look"), message("processes.step.look.why")
            return (Step(title, why, 1, command),)
        worth = scan.count(Level.ASK) + scan.count(Level.ACT)
        ago = self._clock() - scan.taken
        if worth:
            title = message("processes.step.questions", count=worth)
            why = message("processes.step.questions.why")
            return (Step(title, why, 2 * worth, command),)
        if ago > STALE:
            title = message("processes.step.again")
            why = message("processes.step.again.why", ago=ago)
            return (Step(title, why, 1, command),)
        return ()
