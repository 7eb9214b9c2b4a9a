"""The one door of this pillar: look at what runs, remember it, say where the person stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.feature import Observation, Step, Summary
from guardian.core.jobs import Report
from guardian.core.store import Store
from guardian.core.words import message
from guardian.processes import elevation, standing
from guardian.processes.content import (
    Product,
    Rule,
    products_file,
    read_products,
    read_rules,
    rules_file,
)
from guardian.processes.ending import Ended, Ending
from guardian.processes.judging import Judge, join, usual_of
from guardian.processes.model import (
    Autostart,
    Baseline,
    Explanation,
    Finding,
    Known,
    Program,
    Scan,
    Snapshot,
)
from guardian.processes.ownrules import RuleFault, load_rules, read_own_rules, read_text
from guardian.processes.recording import decode
from guardian.processes.repository import ProcessRepository
from guardian.processes.rules.assess import Prepared, prepare
from guardian.processes.rules.catalogue import places
from guardian.processes.rules.known import as_sigma, known_entry, known_finding, parse_known
from guardian.processes.rules.posture import judge_setup
from guardian.processes.selftest import Example, SelfTest, planted, recognise
from guardian.processes.sources import Look, this_system
from guardian.processes.sources.eyes import Eyes, Here, Recorded

__all__ = [
    "Ended",
    "Example",
    "Eyes",
    "ProcessesService",
    "Recorded",
    "RuleFault",
    "SelfTest",
    "read_recording",
]

LONGEST_LIST = 8 * 1024 * 1024
"""Bytes of a list of what the person knows: about ten thousand answers."""


def ignore(_news: object) -> None:
    """A listener for callers that wait for the whole answer."""


class ProcessesService:
    """Looking needs no consent and no admin rights; it reads and changes nothing.

    ``eyes`` see this computer, unless a recording of another one is to be shown: of that, nothing
    can be ended, tried out or looked at with admin rights.
    """

    key = "processes"

    def __init__(
        self, store: Store, home: Path, clock: Callable[[], datetime], eyes: Eyes | None = None
    ) -> None:
        self._records = ProcessRepository(store)
        self._home = home
        self._clock = clock
        self._eyes = eyes or Here()
        self._me = self._eyes.me
        self._ending = Ending(self._me)

    def scan(
        self,
        report: Report,
        *,
        deep: bool = False,
        admin: bool = False,
        extra_rules: tuple[Path, ...] = (),
        show: Callable[[Scan], object] = ignore,
    ) -> Scan:
        """Look at everything, in parts, and remember what was found.

        ``show`` is called with what is known after each part, from the thread that works;
        ``extra_rules`` are files of rules that the person brought along. The first look becomes
        the baseline. Raises ``Cancelled``, which leaves what was remembered; ``Problem`` where
        Guardian's rules or the person's are damaged, or admin rights are refused.
        """
        refused = self.admin_refusal() if admin else None
        if refused:
            raise refused
        rules = (*shipped_rules(), *(rule for file in extra_rules for rule in load_rules(file)))
        look = self._look(self._home, deep)
        before = (look.owned.stamp, len(look.owned.owners))
        scan = replace(
            self._look_around(look, rules, admin, report, show),
            posture=judge_setup(self._eyes.take_setup(look, report)),
        )
        if self._records.baseline(scan.as_admin) is None:
            self.take_baseline(scan)
            scan = replace(scan, baseline=scan.taken)
        self._records.save(scan)
        if (look.owned.stamp, len(look.owned.owners)) != before:
            self._records.save_owners(look.owned)
        self._ending.note(scan.running)
        return scan

    def _look(self, home: Path, deep: bool = False) -> Look:
        asked = places(shipped_products(), this_system())
        return Look(home, deep, asked, self._records.owners())

    def _judge(self, as_admin: bool, rules: tuple[Prepared, ...] | None = None) -> Judge:
        return Judge(
            rules=shipped_rules() if rules is None else rules,
            products=shipped_products(),
            known=self._records.known(),
            baseline=self._records.baseline(as_admin),
            me=self._me,
        )

    def _take(self, look: Look, report: Report) -> Snapshot:
        return replace(self._eyes.take_snapshot(look, report), taken=self._clock())

    def _with_entries(self, snapshot: Snapshot, look: Look, report: Report) -> Snapshot:
        entries, unread = self._eyes.take_entries(look, report)
        return replace(snapshot, entries=entries, unread=unread)

    def _look_around(
        self,
        look: Look,
        rules: tuple[Prepared, ...],
        admin: bool,
        report: Report,
        show: Callable[[Scan], object],
    ) -> Scan:
        """What runs, then what starts by itself too, then all of it as an administrator sees it."""
        snapshot = self._take(look, report)
        judge = self._judge(snapshot.as_admin, rules)
        if show is not ignore:  # judging for nobody would cost as much as the whole
            show(judge.judge(snapshot, report))
        snapshot = self._with_entries(snapshot, look, report)
        scan = judge.judge(snapshot, report)
        show(scan)
        if not admin:
            return scan
        asking = message("processes.working.admin")
        seen = elevation.look_as_admin(look.deep, lambda: report(0, 0, asking))
        snapshot = join(replace(seen, taken=self._clock()), snapshot)
        scan = self._judge(snapshot.as_admin, rules).judge(snapshot, report)
        show(scan)
        return scan

    def last(self) -> Scan | None:
        """What the last look found; its ``programs`` are not kept.

        What the person has said «I know this» about since then is known in it.
        """
        scan = self._records.last()
        return scan and standing.settle(scan, self._records.knows)

    def explain(self, pid: int, report: Report) -> Explanation:
        """Everything about one running process, looked at anew.

        Raises ``Cancelled``; ``Problem("process-gone")`` where there is none of that number.
        """
        look = self._look(self._home)
        snapshot = self._take(look, report)
        process = next((each for each in snapshot.processes if each.pid == pid), None)
        if process is None:
            raise Problem("process-gone", pid=str(pid))
        judge = self._judge(snapshot.as_admin)
        explained, scan = judge.explain(process, self._with_entries(snapshot, look, report), report)
        self._ending.note(scan.running)
        return explained

    def admin_refusal(self) -> Problem | None:
        """Why a look with admin rights is not possible here; None where it is."""
        return elevation.refusal() if self._eyes.live else Problem("recorded-only")

    def rules(self) -> tuple[Rule, ...]:
        """The rules Guardian ships."""
        return tuple(each.rule for each in shipped_rules())

    def check_rules(self, path: Path) -> tuple[tuple[Rule, ...], tuple[RuleFault, ...]]:
        """The rules in a person's own file or folder, and what is wrong with them."""
        rules, faults = read_own_rules(path)
        return tuple(each.rule for each in rules), tuple(faults)

    def know(self, subject: Finding | Autostart, note: str = "") -> Known:
        """«I know this»: ask no more about it for the rules that fit now.

        Raises ``Problem("known-needs-file")`` for what could not be told from something else.
        """
        if isinstance(subject, Finding):
            known = known_finding(subject, self._clock(), note)
        else:
            known = known_entry(subject, self._clock(), note)
        self._records.know(known)
        return known

    def forget(self, identity: str) -> None:
        """Ask about it again."""
        self._records.forget(identity)

    def known(self) -> tuple[Known, ...]:
        return self._records.known()

    def export_known(self) -> str:
        """Everything the person knows, as Sigma filters in one YAML text."""
        return "".join(map(as_sigma, self._records.known()))

    def import_known(self, file: Path) -> tuple[Known, ...]:
        """Take over what :meth:`export_known` wrote elsewhere, all or nothing.

        Raises ``Problem("known-unreadable")`` with the line, and others for no such file.
        """
        with mendable_file_errors(file):
            try:
                text = read_text(file, LONGEST_LIST)
            except ValueError as error:
                raise Problem("known-unreadable", line=1, reason=str(error)) from error
        found = parse_known(text)
        self._records.know(*found)
        return found

    def take_baseline(self, scan: Scan) -> None:
        """From now on, what ``scan`` saw is how it is here, and the rest is new.

        Raises ``Problem("baseline-needs-look")`` for a remembered scan, which has no programs.
        """
        if not scan.programs:
            raise Problem("baseline-needs-look")
        self._records.save_baseline(usual_of(scan), scan.as_admin)

    def baseline(self) -> Baseline | None:
        """How it is here, seen without admin rights if it ever was; None before the first look."""
        return self._records.baseline(as_admin=False) or self._records.baseline(as_admin=True)

    def forget_baseline(self) -> None:
        """The next look becomes the baseline."""
        self._records.forget_baselines()

    def endable(self, program: Program) -> bool:
        """Whether ``program``, of the last look, is the person's own and may be ended."""
        return self._eyes.live and self._ending.endable(program)

    def end(self, program: Program) -> Ended:
        """Ask a program to end, and say whether it did. Raises ``Problem``."""
        if not self._eyes.live:
            raise Problem("recorded-only")
        return self._ending.end(program)

    def selftest(self, report: Report, keep: Callable[[SelfTest], object] = ignore) -> SelfTest:
        """Plant harmless sleeping examples, look for them, and take them away again.

        ``keep`` is called with the result while the examples are still there. What is remembered
        stays as it is. Raises ``Cancelled``; ``Problem("selftest-not-here")``.
        """
        if not self._eyes.live:
            raise Problem("recorded-only")
        judge = replace(self._judge(as_admin=False), known=(), baseline=None)
        with planted(self._home) as plants:
            look = self._look(plants.home)
            snapshot = self._with_entries(self._take(look, report), look, report)
            result = recognise(plants, judge.judge(snapshot, report))
            keep(result)
        return result

    def check(self, report: Report) -> None:
        self.scan(report)

    def summary(self) -> Summary:
        scan = self.last()
        if scan is None:
            return Summary(None, message("processes.summary.not-yet"))
        return Summary(scan.level, scan.headline())

    def observations(self) -> tuple[Observation, ...]:
        """What the last look saw; nothing before the first, nor of what could not be read."""
        return standing.observe(self.last())

    def next_steps(self) -> tuple[Step, ...]:
        """What was seen to be wrong first; a first look before all, a new one when it is old."""
        return tuple(standing.suggest(self.last(), self._clock()))


def read_recording(file: Path) -> Recorded:
    """A recorded computer. Raises ``Problem("snapshot-unreadable")``, or others for no file."""
    with mendable_file_errors(file):
        return decode(file.read_bytes(), Recorded)


def shipped_rules() -> tuple[Prepared, ...]:
    file = rules_file()
    return prepare(read_rules(file), file.name)


def shipped_products() -> tuple[Product, ...]:
    return read_products(products_file())
