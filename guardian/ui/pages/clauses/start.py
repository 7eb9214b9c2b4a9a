"""Where a reading begins: how to get a document in here, and those read before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import ReadDocument
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import SearchField, Stages, scrolling
from guardian.ui.kit.rows import ROW, Row, RowList
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.sheet import tell_counts

SEARCH_FROM = 8


class StartPanel(QWidget):
    """``chosen`` carries the id of a document read before."""

    open_asked = Signal()
    paste_asked = Signal()
    chosen = Signal(int)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.stages = Stages(empty=scrolling(self._empty()), full=self._full())
        self.setLayout(column(self.stages))
        self.search.textChanged.connect(self.rows.search)
        self.rows.clicked.connect(self._tell)
        self.rows.activated.connect(self._tell)

    def _buttons(self, *, centred: bool) -> QWidget:
        opener = Button(self.tr("Open a document"), "primary", "file", self.open_asked.emit)
        paste = Button(self.tr("Paste text"), "quiet", "copy", self.paste_asked.emit)
        items = (None, opener, paste, None) if centred else (opener, paste, None)
        return plain(row(*items, gap=8))

    def _empty(self) -> QWidget:
        words = self._words
        ways = column(gap=10)
        for icon, text in (
            ("save", words.say("clauses.page.how.save")),
            ("copy", words.say("clauses.page.how.paste")),
        ):
            line = row(Icon(icon, "accent", 20), gap=12, top=True)
            line.addWidget(Text(text), 1)
            ways.addLayout(line)
        return EmptyState(
            "clauses",
            words.say("clauses.page.empty.title"),
            words.say("clauses.page.empty"),
            extra=(4, self._buttons(centred=True), 8, Card(ways, role="well", margin=18)),
        )

    def _full(self) -> QWidget:
        words = self._words
        self._again = Card(
            Text(words.say("clauses.page.again"), "heading"),
            Text(words.say("clauses.page.how.save"), "dim"),
            4,
            self._buttons(centred=False),
            gap=8,
        )
        self.search = SearchField(words.say("clauses.page.search"))
        self.rows = RowList(words.say("clauses.page.read-before"))
        heading = Text(words.say("clauses.page.read-before"), "heading")
        box = column(self._again, 4, heading, self.search, gap=12)
        box.addWidget(self.rows, 1)
        return plain(box)

    def show_library(self, read: Sequence[ReadDocument]) -> None:
        """The documents read so far, or how to begin when there are none."""
        self.stages.show_stage("full" if read else "empty")
        self.search.setVisible(len(read) >= SEARCH_FROM)
        self.rows.show_rows([self._row(number, one) for number, one in enumerate(read)])

    def _row(self, number: int, one: ReadDocument) -> Row:
        words = self._words
        look = one.counts[Level.ACT] + one.counts[Level.ASK]
        level = Level.ACT if one.counts[Level.ACT] else Level.ASK if look else Level.FINE
        return Row(
            key=str(one.id),
            title=one.title,
            detail=words.say("clauses.list.read", day=one.read_at.astimezone()),
            mark=tell_counts(words, look, one.counts[Level.FINE]) if one.clauses else "",
            token=level.value if one.clauses else "dim",
            icon="file",
            sort=(number,),
        )

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(int(index.data(ROW).key))

    def search_field(self) -> SearchField | None:
        return self.search if self.search.isVisible() else None


class Drop(Card):
    """Shown while a file hovers over the page."""

    def __init__(self, words: Words) -> None:
        text = Text(words.say("clauses.page.drop"), "strong")
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        super().__init__(text, role="tint")
        self.hide()
