"""What the library remembers of a document whose text is not at hand."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import ReadDocument, gather
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.gradual import Gradual
from guardian.ui.kit.layout import Card, Remembering, column, make_room, order_tabs, plain
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import ClauseCard
from guardian.ui.pages.clauses.telling import Voice


class RememberedPanel(QWidget):
    """The quotes kept, and a way to open the document again or to forget it."""

    open_asked = Signal()
    forget_asked = Signal(int)

    def __init__(self, voice: Voice, one: ReadDocument) -> None:
        super().__init__()
        self._voice, self.one = voice, one
        self.cards: list[ClauseCard] = []
        words = voice.words
        opener = Button(self.tr("Open the document"), "primary", "file", self.open_asked.emit)
        self.forget = Button(
            self.tr("Forget it"), icon_name="trash", clicked=lambda: self.forget_asked.emit(one.id)
        )
        about = Card(
            Text(words.say("clauses.list.read", day=one.read_at.astimezone()), "strong"),
            Text(words.say("clauses.page.remembered"), "dim"),
            4,
            plain(Flow(opener, self.forget)),
            gap=6,
        )
        self._column = Remembering(gap=12)
        advice = Text(words.say("clauses.not-legal-advice"), "small")
        self.area = scrolling(about, plain(self._column), advice, None, gap=12)
        self.setLayout(column(self.area))
        self.gradual = Gradual(self)
        self.gradual.rested.connect(lambda: order_tabs(self.area))
        self.gradual.run(self._build())

    def _build(self) -> Iterator[None]:
        for group in gather(self.one.clauses):
            card = ClauseCard(self._voice, group)
            self.cards.append(card)
            self._column.addWidget(card)
            make_room(card)
            yield

    @property
    def busy(self) -> bool:
        return self.gradual.busy
