"""What the library remembers of a document whose text is not at hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Clause, ReadDocument, surest
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import ClauseCard


class RememberedPanel(QWidget):
    """The quotes kept, and a way to open the document again or to forget it."""

    open_asked = Signal()
    forget_asked = Signal(int)

    def __init__(self, words: Words, one: ReadDocument) -> None:
        super().__init__()
        self.one = one
        self.cards = [ClauseCard(words, group) for group in grouped(one.clauses)]
        opener = Button(self.tr("Open the document"), "primary", "file", self.open_asked.emit)
        self.forget = Button(
            self.tr("Forget it …"), icon_name="trash",
            clicked=lambda: self.forget_asked.emit(one.id),
        )  # fmt: skip
        about = Card(
            Text(words.say("clauses.list.read", day=one.read_at.astimezone()), "strong"),
            Text(words.say("clauses.page.remembered"), "dim"),
            4,
            row(opener, self.forget, None, gap=8),
            gap=6,
        )
        advice = Text(words.say("clauses.not-legal-advice"), "small")
        box = column(scrolling(about, *self.cards, advice, None, gap=12))
        self.setLayout(box)


def grouped(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Clauses of one kind together, the gravest kind first, the surest quote first."""
    kinds: dict[str, list[Clause]] = {}
    for clause in clauses:
        kinds.setdefault(clause.id, []).append(clause)
    groups = [sorted(kind, key=surest) for kind in kinds.values()]
    return sorted(groups, key=lambda group: (-group[0].severity, group[0].start))
