"""Where a reading begins: how to get a document in here, and those read before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import ReadDocument
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import SearchField, Stages, scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.library import LibraryPanel


class StartPanel(QWidget):
    """``library`` shows what was read before."""

    open_asked = Signal()
    folder_asked = Signal()
    paste_asked = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.library = LibraryPanel(words)
        self.stages = Stages(full=self._full())
        self._taught = False
        self.setLayout(column(self.stages))

    def _buttons(self) -> tuple[Button, ...]:
        return (
            Button(self.tr("Open documents"), "primary", "file", self.open_asked.emit),
            Button(self.tr("Open a folder"), "plain", "folder", self.folder_asked.emit),
            Button(self.tr("Paste text"), "plain", "copy", self.paste_asked.emit),
        )

    def _empty(self) -> QWidget:
        words = self._words
        ways = column(gap=10)
        for icon, text in (
            ("save", words.say("clauses.page.how.save")),
            ("copy", words.say("clauses.page.how.paste")),
            ("folder", words.say("clauses.page.how.several")),
        ):
            line = row(Icon(icon, "accent", 20), gap=12, top=True)
            line.addWidget(Text(text), 1)
            ways.addLayout(line)
        return EmptyState(
            "clauses",
            words.say("clauses.page.empty.title"),
            words.say("clauses.page.empty"),
            extra=(
                4, row(None, plain(Flow(*self._buttons())), None), 8,
                Card(ways, role="well", margin=18),
            ),
        )  # fmt: skip

    def _full(self) -> QWidget:
        how = Text(self._words.say("clauses.page.again.how"), "small")
        ways = column(plain(Flow(*self._buttons())), how, gap=6)
        return scrolling(ways, self.library)

    def show_library(self, read: Sequence[ReadDocument], unreadable: int = 0) -> None:
        """The documents read so far, or how to begin when there are none; ``unreadable`` of them
        are damaged."""
        self.library.show_library(read, unreadable)
        some = bool(read or unreadable)
        if not some and not self._taught:  # most people see this once
            self.stages.add_stage("empty", scrolling(self._empty()))
            self._taught = True
        self.stages.show_stage("full" if some else "empty")

    def show_forgotten(self, one: ReadDocument) -> None:
        """Offer to take a forgetting back, even where nothing else is left."""
        self.stages.show_stage("full")
        self.library.show_forgotten(one)

    def search_field(self) -> SearchField | None:
        field = self.library.search_field()
        return field if field.isVisible() else None


class Drop(Card):
    """Shown while a file hovers over the page."""

    def __init__(self, words: Words) -> None:
        text = Text(words.say("clauses.page.drop"), "strong")
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        super().__init__(text, role="tint")
        self.hide()
