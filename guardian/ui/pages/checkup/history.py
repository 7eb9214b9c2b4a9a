"""How the score went: a line, the list of all snapshots, and any two of them compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.checkup.model import Change, Moment
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.columns import Cell, Column, Plan
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column, order_tabs, plain
from guardian.ui.kit.page import Stages, scrolling
from guardian.ui.kit.sparkline import Sparkline
from guardian.ui.kit.table import Table
from guardian.ui.kit.text import Text
from guardian.ui.pages.checkup.sheet import change_lines


class HistoryPanel(QWidget):
    """``compare_asked`` carries two numbers, the older first; ``forget_asked`` the numbers to
    delete, or None for all."""

    compare_asked = Signal(int, int)
    forget_asked = Signal(object)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._moments: tuple[Moment, ...] = ()
        self._before: dict[int, int] = {}
        self.line = Sparkline()
        self.line.chosen.connect(lambda place: self._choose(self._moments[place].id))
        self.table = Table(self.tr("Snapshots of the score"), self._plan())
        self.table.chosen.connect(self._chosen)
        self.hint = Text(role="dim")
        self._told = column(gap=6)
        self._told_area = scrolling(plain(self._told), None)
        self.answer = Card(self.hint, margin=16, gap=8)
        self.answer.body.addWidget(self._told_area, 1)
        self.one = Button(self.tr("Delete the chosen ones"), "plain", "trash", self._forget)
        self.all = Button(self.tr("Delete all"), clicked=lambda: self.forget_asked.emit(None))
        inner = column(Card(self.line, margin=10), gap=12)
        inner.addWidget(self.table, 3)
        inner.addWidget(self.answer, 2)
        inner.addLayout(Flow(self.one, self.all, gap=10))
        empty = EmptyState(
            "records", words.say("checkup.page.history.none"),
            words.say("checkup.page.history.none.why"),
        )  # fmt: skip
        self.stages = Stages(empty=empty, full=plain(inner))
        self.setLayout(column(self.stages))
        order_tabs(self)

    def _plan(self) -> Plan:
        words = self._words
        when = Column(
            "when", self.tr("When"),
            lambda one: Cell(tell_time(words, one), "clock"), lambda one: one.id,
        )  # fmt: skip
        value = Column(
            "value", self.tr("Score"),
            lambda one: Cell(str(one.value), "", "ink"), lambda one: one.value, width=110,
        )  # fmt: skip
        moved = Column(
            "moved", self.tr("Change"),
            self._moved, lambda one: self._before.get(one.id, 0),
            width=120, least=400,
        )  # fmt: skip
        return Plan(
            (when, value, moved),
            key=lambda one: str(one.id), group=lambda _one: 0, more=lambda _one: (),
        )  # fmt: skip

    def _moved(self, one: Moment) -> Cell:
        by = self._before.get(one.id)
        if by is None:
            return Cell(self.tr("first"))
        if by == 0:
            return Cell("±0")
        return Cell(f"{by:+d}".replace("-", "−"), "up" if by > 0 else "down", "ink")

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """All of them, the oldest first."""
        self._moments = tuple(moments)
        self.stages.show_stage("full" if moments else "empty")
        if not moments:
            return
        values = [one.value for one in moments]
        self._before = {one.id: one.value - old.value for old, one in pairwise(moments)}
        name = self._words.say(
            "checkup.page.history.line",
            first=values[0], last=values[-1], lowest=min(values), highest=max(values),
        )  # fmt: skip
        self.line.show_values(values, name, lambda place: self._tell(self._moments[place]))
        now = self.table.view.listed
        if now.sorted_by.key == "when" and not now.descending:
            self.table.sort_by("when", descending=True)  # the newest is what one looks for
        ordered = list(reversed(moments)) if now.sorted_by.key == "when" else list(moments)
        if now.sorted_by.key == "when":
            self.table.show_arranged(ordered)
        else:
            self.table.show_items(ordered)
        self._chosen()

    def _tell(self, one: Moment) -> str:
        return f"{tell_time(self._words, one)}: {one.value}"

    def _choose(self, number: int) -> None:
        self.table.choose(str(number))
        self.table.view.scrollTo(self.table.view.currentIndex())

    def _chosen(self) -> None:
        """One chosen: what changed since. Two: from the older to the newer."""
        count = self.table.view.count_selected()
        self.one.setEnabled(count > 0)
        clear(self._told)
        say = self._words.say
        if count not in (1, 2):
            self.hint.setText(say("checkup.page.history.choose"))
            return
        numbers = sorted(one.id for one in self.table.selected())
        newest = self._moments[-1].id
        if count == 1 and numbers[0] == newest:
            self.hint.setText(say("checkup.page.history.newest"))
            return
        self.compare_asked.emit(numbers[0], numbers[-1] if count == 2 else newest)

    def show_change(self, old: int, new: int, change: Change) -> None:
        """The answer to ``compare_asked``."""
        known = {one.id: one for one in self._moments}
        if old not in known or new not in known:
            return
        words = self._words
        days = {"old": tell_time(words, known[old]), "new": tell_time(words, known[new])}
        self.hint.setText(words.say("checkup.page.history.between", **days))
        clear(self._told)
        for line in change_lines(words, change):
            self._told.addWidget(line)

    def _forget(self) -> None:
        self.forget_asked.emit([one.id for one in self.table.selected()])


def tell_time(words: Words, one: Moment) -> str:
    """The day and the hour where the person is."""
    local = one.taken.astimezone()
    return f"{words.day(local.date())}, {local:%H:%M}"
