"""The overview: where the person stands with each pillar, and the one next step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout

from guardian.core.errors import Problem
from guardian.core.feature import Feature, Level, Step, Summary
from guardian.core.jobs import Report
from guardian.core.keys import KeyMode
from guardian.features import Features, check_all
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, column, row
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, scrolling
from guardian.ui.kit.ring import Ring
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.records import Records

NARROW = 740  # pixels at 100 %: below, the cards stand in one column


@dataclass(frozen=True)
class Standing:
    """Where the person stands with one pillar, and what it asks for next."""

    feature: Feature
    summary: Summary
    steps: tuple[Step, ...]


class OverviewPage(Page):
    key = "overview"

    def __init__(
        self, features: Features, desk: Desk, records: Records, problem: Problem | None = None
    ) -> None:
        super().__init__(greeting(desk), desk.words.say("overview.intro"))
        self._features, self._desk, self._records = features, desk, records
        self.ring = Ring()
        caption = Text(desk.words.say("overview.ring.caption"), "small").one_line()
        self.head_buttons.addLayout(column(row(None, self.ring, None), caption, gap=2))
        self.notice = Notice(desk.words)
        self.notice.action.connect(lambda: desk.go("settings"))
        self.working = Working(desk.words)
        self._next = Card(gap=10, margin=24)
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.content.addWidget(
            scrolling(self.notice, self.working, self._next, self._grid, None, gap=16), 1
        )
        self._columns = 2
        self._cards: list[Card] = []
        self._asked: Job | None = None
        if problem:
            self.notice.show_problem(problem)
        elif records.mode is KeyMode.MEMORY and records.why:
            self.notice.show_problem(records.why, self.tr("Open settings"))

    def refresh(self) -> None:
        """Have every pillar say where it stands, off the window's thread: it may take a moment."""
        self.title.setText(greeting(self._desk))
        job = self._asked = self._desk.jobs.start(
            self, look_up, tuple(self._features), failed=self._show_problem
        )
        job.succeeded.connect(lambda standings: self._asked is job and self._show(standings))

    def _show(self, standings: Sequence[Standing]) -> None:
        self._show_cards(standings)
        self._show_next(standings)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if event.size().width() >= theme.px(NARROW) else 1
        if columns != self._columns:
            self._columns = columns
            self._place_cards()  # nothing is made anew: this may come while Qt restyles all

    def start_check(self) -> None:
        """Look at everything that needs no consent."""
        job = self._desk.jobs.start(self, check_all, self._features, failed=self._show_problem)
        job.finished.connect(self.refresh)
        self.working.follow(job, self.tr("Looking at this computer"))

    def _show_problem(self, problem: Problem) -> None:
        self.notice.show_problem(problem)

    def _place_cards(self) -> None:
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // self._columns, number % self._columns)
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < self._columns else 0)

    def _show_cards(self, standings: Sequence[Standing]) -> None:
        clear(self._grid)
        words = self._desk.words
        self._cards = [
            self._card(one.feature, one.summary.level, words.tell(one.summary.text))
            for one in standings
        ]
        self._place_cards()
        seen, total = sum(one.summary.level is not None for one in standings), len(standings)
        name = words.say("overview.ring", seen=seen, total=total)
        self.ring.show_count(seen, total, f"{seen}/{total}", name)

    def _card(self, feature: Feature, level: Level | None, text: str) -> Card:
        words = self._desk.words
        title = words.say(f"page.{feature.key}")
        head = row(Icon(feature.key, "accent", 22))
        head.addWidget(Text(title, "heading"), 1)
        head.addWidget(Badge(words, level))
        opener = Button(
            words.say(f"overview.open.{feature.key}"), "quiet", "forward",
            lambda: self._desk.go(feature.key),
        )  # fmt: skip
        return Card(head, Text(text, "dim"), None, row(opener, None), gap=8)

    def _show_next(self, standings: Sequence[Standing]) -> None:
        """The first step any pillar asks for: those with something to act on come first."""
        clear(self._next.body)
        words = self._desk.words
        looked = any(one.summary.level for one in standings)
        waiting = [one for one in sorted(standings, key=urgency) if one.steps]
        if not waiting:
            self._next.body.addWidget(Text(words.say("overview.nothing"), "heading"))
            self._next.body.addWidget(Text(words.say("overview.nothing.why"), "dim"))
            self._next.body.addLayout(row(self._again_button(looked), None))
            return
        self._next.body.addWidget(Text(self.tr("Your next step"), "small"))
        self._next.body.addLayout(self._step(waiting[0], looked))

    def _step(self, standing: Standing, looked: bool):
        words, feature, step = self._desk.words, standing.feature, standing.steps[0]
        minutes = words.say("overview.minutes", count=step.minutes)
        start = Button(self.tr("Start"), "primary", clicked=lambda: self._desk.go(feature.key))
        start.setAccessibleName(f"{self.tr('Start')}: {words.tell(step.title)}")
        return column(
            Text(words.tell(step.title), "heading"),
            Text(words.tell(step.why)),
            Text(minutes, "small"),
            4,
            Flow(start, self._again_button(looked), gap=12),
            gap=8,
        )

    def _again_button(self, looked: bool) -> Button:
        text = self.tr("Look again") if looked else self.tr("Look at this computer")
        return Button(text, icon_name="refresh", clicked=self.start_check)


def look_up(features: Iterable[Feature], report: Report) -> tuple[Standing, ...]:
    report(0, 1)
    return tuple(Standing(one, one.summary(), one.next_steps()) for one in features)


def urgency(standing: Standing) -> int:
    """Sorts pillars for the next step: act, ask, not looked yet, fine."""
    order = {Level.ACT: 0, Level.ASK: 1, None: 2, Level.FINE: 3}
    return order[standing.summary.level]


def greeting(desk: Desk) -> str:
    hour = desk.clock().hour
    part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    return desk.words.say(f"overview.good-{part}")
