"""What a folder of documents says: one row each, the points counted, the gravest one named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Clause, Explanation
from guardian.clauses.telling import name_kind
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.columns import Cell, Column, Plan
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import column, plain
from guardian.ui.kit.table import Table
from guardian.ui.kit.text import Text

COMPARED_LEAST, COMPARED_MOST = 2, 6
LEAST_HEIGHT = 180
LEVELS = (Level.ACT, Level.ASK, Level.FINE)


@dataclass(frozen=True)
class BatchRow:
    """One document of many: what it says, or why it could not be read. ``name`` has no folder."""

    name: str
    explanation: Explanation | None = None
    problem: Problem | None = None


class BatchPanel(QWidget):
    """``opened`` carries a BatchRow, ``compare_asked`` two to six of them."""

    opened = Signal(object)
    compare_asked = Signal(object)

    def __init__(
        self, words: Words, rows: Sequence[BatchRow], *, told: Words | None = None
    ) -> None:
        super().__init__()
        self._words, self._told = words, told or words
        self.rows = tuple(rows)
        self.headline = self._headline()
        self.table = Table(self.tr("Documents"), self._plan())
        self.table.view.setDragEnabled(False)
        self.table.view.setAcceptDrops(False)
        self.table.show_items(list(enumerate(self.rows)), select=())
        self.table.sort_by("worst")
        self.table.setMinimumHeight(theme.px(LEAST_HEIGHT))
        self.table.opened.connect(lambda item: self._open(item[1]))
        self.table.chosen.connect(self._offer)
        self.open = Button(self.tr("Open"), "plain", "file", self._open_chosen)
        self.compare = Button(self.tr("Compare"), "plain", clicked=self._compare)
        self.chosen = Text(role="dim")
        box = column(plain(Flow(self.open, self.compare)), self.chosen, gap=8)
        box.addWidget(self.table, 1)
        self.setLayout(box)
        self._offer()

    def _headline(self) -> str:
        say = self._words.say
        read = sum(row.explanation is not None for row in self.rows)
        if not self.rows:
            return say("clauses.batch.none")
        parts = [say("clauses.batch.headline", count=read)]
        if read < len(self.rows):
            parts.append(say("clauses.batch.failed", count=len(self.rows) - read))
        return " ".join(parts)

    def _plan(self) -> Plan:
        def name(item: tuple[int, BatchRow]) -> Cell:
            level = level_of(item[1])
            icon, token = ("file", level.value) if level else ("file", "dim")
            title = item[1].explanation.document.title if item[1].explanation else ""
            return Cell(title or item[1].name, icon, token)

        columns = (
            Column("name", self.tr("Document"), name, lambda item: name(item).text.casefold()),
            Column("worst", self.tr("Gravest point"), self._worst, self._gravity, 260, 760),
            Column("points", self.tr("Points"), self._points, self._gravity, 225, 520),
        )
        return Plan(columns, lambda item: str(item[0]), lambda _item: 0, lambda _item: ())

    def _worst(self, item: tuple[int, BatchRow]) -> Cell:
        problem, found = item[1].problem, worst_of(item[1])
        if problem is not None:
            told = self._words.say(f"problem.{problem.code}", **problem.facts)
            return Cell(told, "ask", "ask")
        if found is None:
            return Cell(self._words.say("clauses.batch.nothing"))
        level = found.level.value
        return Cell(name_kind(self._told, found.id), level, level)

    def _points(self, item: tuple[int, BatchRow]) -> Cell:
        explanation = item[1].explanation
        if explanation is None:
            return Cell(self._words.say("clauses.batch.unread"))
        kinds = [group[0].level for group in explanation.groups()]
        return Cell(tell_levels(self._words, [kinds.count(level) for level in LEVELS]))

    def _gravity(self, item: tuple[int, BatchRow]) -> tuple[int, ...] | None:
        """Sorting key: the gravest document first."""
        explanation = item[1].explanation
        if explanation is None:
            return None
        found = worst_of(item[1])
        kinds = [group[0].level for group in explanation.groups()]
        return (-(found.severity if found else 0), -kinds.count(Level.ACT), -kinds.count(Level.ASK))

    def _readable(self) -> list[BatchRow]:
        return [row for _, row in self.table.selected() if row.explanation is not None]

    def _offer(self) -> None:
        count = len(self._readable())
        self.open.setEnabled(count == 1)
        self.compare.setEnabled(COMPARED_LEAST <= count <= COMPARED_MOST)
        hint = self._words.say("clauses.batch.hint")
        self.chosen.setText(tell_chosen(self._words, count) or hint)

    def _open(self, row: BatchRow) -> None:
        if row.explanation is not None:
            self.opened.emit(row)

    def _open_chosen(self) -> None:
        for row in self._readable()[:1]:
            self._open(row)

    def _compare(self) -> None:
        rows = self._readable()
        if COMPARED_LEAST <= len(rows) <= COMPARED_MOST:
            self.compare_asked.emit(tuple(rows))


def worst_of(row: BatchRow) -> Clause | None:
    """The gravest clause against the reader."""
    found = row.explanation.worst(1) if row.explanation else ()
    return found[0] if found else None


def level_of(row: BatchRow) -> Level | None:
    found = worst_of(row)
    if row.explanation is None:
        return None
    return found.level if found else Level.FINE


def tell_levels(words: Words, counts: Sequence[int]) -> str:
    """«1 to act on, 5 to ask about, 3 good», in the order of LEVELS."""
    act, ask, fine = counts
    if not act + ask + fine:
        return words.say("clauses.library.no-clauses")
    return words.say("clauses.library.counts", act=act, ask=ask, good=fine)


def tell_chosen(words: Words, count: int) -> str:
    """How many are chosen; empty for none."""
    if not count:
        return ""
    if count > COMPARED_MOST:
        return words.say("clauses.library.too-many", count=count, most=COMPARED_MOST)
    return words.say("clauses.library.chosen", count=count)
