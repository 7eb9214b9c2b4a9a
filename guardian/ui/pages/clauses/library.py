"""The documents read before: found again, noted, compared with each other, forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.clauses.model import SOURCE_MOST, ReadDocument
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.columns import Cell, Column, Plan
from guardian.ui.kit.fields import Field
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.table import Table
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.batch import (
    COMPARED_LEAST,
    COMPARED_MOST,
    LEVELS,
    tell_chosen,
    tell_levels,
)

PAIR = 2
LEAST_HEIGHT = 180


class LibraryPanel(QWidget):
    """All answers are signals; ``show_library`` shows what came of them.

    ``diff_asked`` carries the ids of an older and a newer reading, ``compare_asked`` two to six.
    """

    chosen = Signal(int)
    forget_asked = Signal(int)
    restore_asked = Signal(object)
    note_given = Signal(int, str)
    diff_asked = Signal(int, int)
    compare_asked = Signal(object)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._read: tuple[ReadDocument, ...] = ()
        self._days: dict[int, ReadDocument] = {}
        self._forgotten: ReadDocument | None = None
        self.search = SearchField(words.say("clauses.library.search"))
        self.search.textChanged.connect(self._sift)
        self.table = Table(words.say("clauses.library.name"), self._plan())
        self.table.view.setDragEnabled(False)
        self.table.view.setAcceptDrops(False)
        self.table.sort_by("day")
        self.table.setMinimumHeight(theme.px(LEAST_HEIGHT))
        self.table.opened.connect(lambda one: self.chosen.emit(one.id))
        self.table.chosen.connect(self._offer)
        self._build_strip()
        self._build_tools()
        box = column(
            self.strip, self.search, self.tools, self.told, self.damaged, self.note, gap=10
        )
        box.addWidget(self.table, 1)
        self.setLayout(box)
        self._offer()

    def _build_strip(self) -> None:
        """What says that something was forgotten, and takes it back."""
        self._gone = Text()
        self.undo = Button(self.tr("Undo"), "quiet", "undo", self._restore)
        self._away = Button(self.tr("Hide"), "quiet", clicked=self._put_away)
        self._away.setAccessibleName(self.tr("Hide this message"))
        line = row(Icon("trash", "accent", 20), gap=10)
        line.addWidget(self._gone, 1)
        line.addWidget(self.undo)
        line.addWidget(self._away)
        self.strip = Card(line, role="tint", margin=12)
        self.strip.hide()

    def _build_tools(self) -> None:
        """What can be done with the documents chosen."""
        self.open = Button(self.tr("Open"), "plain", "file", self._open)
        self.diff = Button(self.tr("See what changed"), "plain", clicked=self._diff)
        self.compare = Button(self.tr("Compare"), "plain", clicked=self._compare)
        self.forget = Button(self.tr("Forget"), "plain", "trash", self._forget)
        self.noting = Button(self.tr("Note"), "plain", clicked=self._turn_note)
        self.told = Text(self._words.say("clauses.library.hint"), "dim")
        self.damaged = Text(role="small")
        self.damaged.hide()
        self.tools = plain(Flow(self.open, self.diff, self.compare, self.noting, self.forget))
        self.source = QLineEdit()
        self.source.setMaxLength(SOURCE_MOST)
        self.source.editingFinished.connect(self._note)
        self.note = Field(
            self.tr("Your note"), self.source, self._words.say("clauses.library.note.hint")
        )
        self.note.hide()

    def _plan(self) -> Plan:
        def name(one: ReadDocument) -> Cell:
            act, ask = one.counts.get(Level.ACT, 0), one.counts.get(Level.ASK, 0)
            level = Level.ACT if act else Level.ASK if ask else Level.FINE
            return Cell(one.title, "file", level.value if one.clauses else "dim")

        def points(one: ReadDocument) -> Cell:
            return Cell(tell_levels(self._words, [one.counts.get(level, 0) for level in LEVELS]))

        def gravity(one: ReadDocument) -> tuple[int, int]:
            return -one.counts.get(Level.ACT, 0), -one.counts.get(Level.ASK, 0)

        columns = (
            Column("name", self.tr("Title"), name, lambda one: one.title.casefold()),
            Column("points", self.tr("Points"), points, gravity, 225, 680),
            Column(
                "day",
                self.tr("Read"),
                self._day,
                lambda one: [-part for part in when(one)],
                170,
                440,
            ),
        )
        return Plan(columns, lambda one: str(one.id), lambda _one: 0, self._more)

    def _day(self, one: ReadDocument) -> Cell:
        return Cell(self._words.say("clauses.library.read", day=one.read_at.astimezone()))

    def _more(self, one: ReadDocument) -> Sequence[Cell]:
        """What stands below the title: whether it changed, and the person's note."""
        words, cells = self._words, []
        earlier, newer = self._earlier(one), self._newer(one)
        if newer is not None:
            told = words.say("clauses.library.newer", day=newer.read_at.astimezone())
            cells.append(Cell(told, "info", "dim"))
        elif earlier is not None:
            told = words.say("clauses.library.changed", day=earlier.read_at.astimezone())
            cells.append(Cell(told, "info", "accent"))
        if one.source:
            cells.append(Cell(one.source))
        return cells

    def _earlier(self, one: ReadDocument) -> ReadDocument | None:
        """The reading before, if it had other words."""
        earlier = self._days.get(one.earlier) if one.earlier is not None else None
        return earlier if earlier is not None and when(earlier) < when(one) else None

    def _newer(self, one: ReadDocument) -> ReadDocument | None:
        found = (other for other in self._read if other.earlier == one.id)
        return next((other for other in found if when(other) > when(one)), None)

    def show_library(self, read: Sequence[ReadDocument], unreadable: int = 0) -> None:
        """The documents read so far; what was chosen, searched and sorted stays so.

        ``unreadable`` readings could not be had, since they are damaged.
        """
        self._read = tuple(read)
        if unreadable:
            self.damaged.setText(self._words.say("clauses.library.unreadable", count=unreadable))
        self.damaged.setVisible(unreadable > 0)
        self._days = {one.id: one for one in self._read}
        self._sift()

    def show_forgotten(self, one: ReadDocument) -> None:
        """Say that ``one`` was forgotten, and offer to take that back."""
        self._forgotten = one
        self._gone.setText(self._words.say("clauses.library.forgotten", name=one.title))
        self.undo.setAccessibleName(self.tr("Undo: {what}").format(what=self._gone.text()))
        self.strip.show()

    def search_field(self) -> SearchField:
        return self.search

    def _sift(self) -> None:
        """List what holds every word of the search, in its title or its note."""
        wanted = self.search.text().casefold().split()
        texts = ((one, f"{one.title} {one.source}".casefold()) for one in self._read)
        found = [one for one, text in texts if all(word in text for word in wanted)]
        self.table.show_items(found)
        self._offer()

    def _selected(self) -> list[ReadDocument]:
        return self.table.selected()

    def _offer(self) -> None:
        """Let the buttons fit what is chosen."""
        selected = self._selected()
        count = len(selected)
        self.open.setEnabled(count == 1)
        self.forget.setEnabled(count == 1)
        self.diff.setEnabled(self._pair() is not None)
        self.compare.setEnabled(COMPARED_LEAST <= count <= COMPARED_MOST)
        self.noting.setEnabled(count == 1)
        if count != 1:
            self.note.hide()
        if count == 1 and not self.source.hasFocus():
            self.source.setText(selected[0].source)
            self.source.setCursorPosition(0)
        if not self.table.items() and self.search.text():
            self.told.setText(self._words.say("clauses.library.nothing"))
        else:
            hint = self._words.say("clauses.library.hint")
            self.told.setText(tell_chosen(self._words, count) or hint)

    def _turn_note(self) -> None:
        """Open the field for the note, or put it away."""
        self.note.setVisible(self.note.isHidden())
        if not self.note.isHidden():
            self.source.setFocus()

    def _pair(self) -> tuple[int, int] | None:
        """An older and a newer reading: the two chosen, or the one chosen and the last before."""
        selected = sorted(self._selected(), key=when)
        if len(selected) == PAIR:
            return selected[0].id, selected[1].id
        if len(selected) == 1:
            earlier = self._earlier(selected[0])
            if earlier is not None:
                return earlier.id, selected[0].id
        return None

    def _open(self) -> None:
        for one in self._selected()[:1]:
            self.chosen.emit(one.id)

    def _forget(self) -> None:
        for one in self._selected()[:1]:
            self.forget_asked.emit(one.id)

    def _restore(self) -> None:
        one = self._forgotten
        self._put_away()
        if one is not None:
            self.restore_asked.emit(one)

    def _put_away(self) -> None:
        self._forgotten = None
        self.strip.hide()

    def _note(self) -> None:
        """Keep the note where it is another than before."""
        for one in self._selected()[:1]:
            text = " ".join(self.source.text().split())
            if text != one.source:
                self.note_given.emit(one.id, text)

    def _diff(self) -> None:
        pair = self._pair()
        if pair is not None:
            self.diff_asked.emit(*pair)

    def _compare(self) -> None:
        selected = self._selected()
        if COMPARED_LEAST <= len(selected) <= COMPARED_MOST:
            self.compare_asked.emit(tuple(one.id for one in selected))


def when(one: ReadDocument) -> tuple[float, int]:
    """When it was read; of those of one moment the one with the higher number came later."""
    return one.read_at.timestamp(), one.id
