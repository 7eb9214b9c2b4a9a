"""The page on programs over a service that answers with looks put together by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.processes.model import Explanation, Finding, Known, Program, Scan
from guardian.processes.service import Ended, SelfTest
from guardian.ui.pages.processes.card import FindingCard
from guardian.ui.pages.processes.page import ProcessesPage
from tests.scenes.processes import explanation_of, questions_scan, trial_of
from tests.scenes.studio import NOW


@dataclass
class ArrangedService:
    """Answers as told, and notes what it was asked. ``parts`` are shown before the answer;
    ``gate`` holds a look until it is opened."""

    answer: Scan | Problem = field(default_factory=questions_scan)
    remembered: Scan | None = None
    parts: tuple[Scan, ...] = ()
    gate: threading.Event | None = None
    refusal: Problem | None = None
    can_end: bool = True
    stubborn: bool = False
    asked: list[object] = field(default_factory=list)
    noted: list[Known] = field(default_factory=list)

    def scan(
        self,
        report: Report,
        *,
        deep: bool = False,
        admin: bool = False,
        show: Callable[[Scan], object] = lambda _scan: None,
        **_more: object,
    ) -> Scan:
        self.asked.append(("scan", deep, admin))
        for part in self.parts:
            show(part)
        while self.gate is not None and not self.gate.wait(0.005):
            report(1, 2)
        if isinstance(self.answer, Problem):
            raise self.answer
        self.remembered = replace(self.answer, programs=(), running=())
        return self.answer

    def last(self) -> Scan | None:
        return self.remembered

    def known(self) -> tuple[Known, ...]:
        return tuple(self.noted)

    def admin_refusal(self) -> Problem | None:
        return self.refusal

    def explain(self, pid: int, _report: Report) -> Explanation:
        assert isinstance(self.answer, Scan)
        finding = next(one for one in self.answer.findings if pid in one.program.pids)
        return explanation_of(finding)

    def know(self, finding: Finding, note: str = "") -> Known:
        program = finding.program
        rules = tuple(hit.rule for hit in finding.hits)
        made = Known(program.name, rules, program.exe, None, None, None, NOW, note)
        self.noted.append(made)
        return made

    def forget(self, identity: str) -> None:
        self.noted = [each for each in self.noted if each.identity != identity]

    def export_known(self) -> str:
        return "".join(f"- {each.image}\n" for each in self.noted)

    def take_baseline(self, scan: Scan) -> None:
        self.asked.append(("baseline", scan.taken))

    def endable(self, _program: Program) -> bool:
        return self.can_end

    def end(self, program: Program) -> Ended:
        self.asked.append(("end", program.name))
        return Ended((), program.pids) if self.stubborn else Ended(program.pids, ())

    def selftest(self, _report: Report) -> SelfTest:
        return trial_of()


def press(qtbot: QtBot, page: QWidget, text: str) -> None:
    button = next(
        button
        for button in page.findChildren(QPushButton)
        if button.isVisible() and button.text() == text
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def rested(qtbot: QtBot, page: ProcessesPage) -> None:
    """Nothing is under way, and everything is built."""
    qtbot.waitUntil(lambda: not (page.busy or page._desk.jobs.running or page.views.busy))
    qtbot.wait(1)  # Qt shows what was put into a layout when it next has a turn


def look(qtbot: QtBot, page: ProcessesPage, button: str = "Look now") -> None:
    press(qtbot, page, button)
    rested(qtbot, page)
    assert page.stages.stage == "full"


def texts(widget: QWidget) -> str:
    QApplication.processEvents()  # Qt shows what was put into a layout when it next has a turn
    labels = (label.text() for label in widget.findChildren(QLabel) if label.isVisible())
    return "\n".join(labels).replace("\u200b", "")


def cards(page: ProcessesPage) -> list[FindingCard]:
    return [card for card in page.findChildren(FindingCard) if card.isVisible()]


def names(scans: Iterable[FindingCard]) -> list[str]:
    return [card.finding.program.name for card in scans]


def days_ago(scan: Scan, days: int) -> Scan:
    """``scan`` as it would be remembered after that many days."""
    return replace(scan, taken=NOW - timedelta(days=days), programs=(), running=())
