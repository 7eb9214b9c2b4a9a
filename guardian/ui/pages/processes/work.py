"""What the page has done off the window's thread: looks, and all that takes a while to lay out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

from guardian.core.errors import Problem
from guardian.core.files import write_atomically
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.processes.model import Autostart, Explanation, Finding, Known, Program, Scan
from guardian.processes.service import Ended, ProcessesService
from guardian.ui.kit.tree import NOTHING, Forest
from guardian.ui.pages.processes.forests import list_starts, plant_processes, plant_programs

BETWEEN_PARTS = 0.4  # seconds; more often nobody can read it


@dataclass(frozen=True)
class Wish:
    """How a look is to be done."""

    deep: bool = False
    admin: bool = False


@dataclass(frozen=True)
class Shown:
    """A look with everything laid out that the page shows of it. ``fresh``: made in this session;
    of a remembered one the list of programs is not kept."""

    scan: Scan
    tree: Forest = NOTHING
    programs: Forest = NOTHING
    starts: Forest = NOTHING

    @property
    def fresh(self) -> bool:
        return bool(self.scan.programs)


@dataclass(frozen=True)
class Memory:
    """What is known before anybody looks. ``refusal`` says why admin rights are no use here."""

    shown: Shown | None = None
    known: tuple[Known, ...] = ()
    refusal: Problem | None = field(default=None, compare=False)


def lay_out(words: Words, scan: Scan) -> Shown:
    """Takes some ten milliseconds for two thousand processes."""
    return Shown(
        scan, plant_processes(words, scan), plant_programs(words, scan), list_starts(words, scan)
    )


def lay_out_again(words: Words, scan: Scan, _report: Report) -> Shown:
    return lay_out(words, scan)


def remember(
    service: ProcessesService, words: Words, shown_already: datetime | None, _report: Report
) -> Memory:
    """What is remembered, without the look the page shows already."""
    scan = service.last()
    other = scan is not None and scan.taken != shown_already
    shown = lay_out(words, scan) if scan is not None and other else None
    return Memory(shown, tuple(service.known()), service.admin_refusal())


def look(
    service: ProcessesService,
    words: Words,
    wish: Wish,
    report: Report,
    *,
    show: Callable[[Shown], object],
) -> Shown:
    """Look, and show what is found on the way, as often as it can be read."""
    due = 0.0

    def part(scan: Scan) -> None:
        nonlocal due
        if monotonic() >= due:
            show(Shown(scan))
            due = monotonic() + BETWEEN_PARTS

    scan = service.scan(report, deep=wish.deep, admin=wish.admin, show=part)
    return lay_out(words, scan)


def explain(service: ProcessesService, pid: int, report: Report) -> Explanation:
    return service.explain(pid, report)


def know(
    service: ProcessesService, what: Finding | Autostart, _report: Report
) -> tuple[Known, tuple[Known, ...]]:
    """What was noted, and everything noted so far."""
    made = service.know(what)
    return made, tuple(service.known())


def forget(
    service: ProcessesService, identities: Sequence[str], _report: Report
) -> tuple[Known, ...]:
    for identity in identities:
        service.forget(identity)
    return tuple(service.known())


def keep_baseline(service: ProcessesService, scan: Scan, _report: Report) -> None:
    service.take_baseline(scan)


def end(service: ProcessesService, program: Program, _report: Report) -> Ended:
    return service.end(program)


def export(service: ProcessesService, target: Path, _report: Report) -> Path:
    """Write the filters where the person said. Raises ``Problem``."""
    write_atomically(target, service.export_known().encode("utf-8"))
    return target
