"""The full state: what the document says, point by point, beside the document itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QWidget

from guardian.clauses.model import Clause, Explanation
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import ClauseCard
from guardian.ui.pages.clauses.document import DocumentView, Mark
from guardian.ui.pages.clauses.find import FindBar
from guardian.ui.pages.clauses.shown import ShownText, shown_text

NARROW = 620
# how the reader of saved pages marks headings
HEADING_SIGNS = re.compile(r"^#{1,6} +", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """What the sheet shows: prepared off the window's thread."""

    explanation: Explanation
    shown: ShownText


def prepare(explanation: Explanation) -> Reading:
    return Reading(explanation, shown_text(explanation.document.text))


class Sheet(QWidget):
    """One reading. In a narrow window one side is shown at a time."""

    def __init__(self, words: Words, reading: Reading) -> None:
        super().__init__()
        self._words, self.reading = words, reading
        self._marks: dict[tuple[int, int, int], Mark] = {}
        self.cards: list[ClauseCard] = []
        for number, group in enumerate(reading.explanation.groups(), 1):
            card = ClauseCard(words, group, number)
            card.asked.connect(self.show_clause)
            self.cards.append(card)
            for one in group:
                mark = Mark(one.start, one.end, one.level, number)
                self._marks[number, one.start, one.end] = mark
        self.view = DocumentView()
        self.view.mark_chosen.connect(self._mark_chosen)
        self.view.show_document(reading.shown, tuple(self._marks.values()))
        self.find = FindBar(self.view)
        self._build()

    def _build(self) -> None:
        self.points = scrolling(*self._warnings(), *self.cards, self._about(), None, gap=12)
        self.document = plain(column(self.find, self.view, gap=10))
        self._switch = QButtonGroup(self)
        self._sides = [Button(self.tr("Points"), "segment"), Button(self.tr("Document"), "segment")]
        bar = row(gap=8)
        for button in self._sides:
            self._switch.addButton(button)
            button.toggled.connect(self._arrange)
            bar.addWidget(button)
        bar.addStretch(1)
        self._bar = plain(bar)
        both = row(gap=20)
        both.addWidget(self.points, 1)
        both.addWidget(self.document, 1)
        whole = column(self._bar, gap=10)
        whole.addLayout(both, 1)
        self.setLayout(whole)
        self._sides[0].setChecked(True)
        self._arrange()

    def _warnings(self) -> list[Card]:
        """What makes everything below less sure."""
        words, explanation = self._words, self.reading.explanation
        told = []
        if not explanation.recognised_language:
            told.append(words.say("clauses.language-unknown"))
        elif not explanation.looks_like_policy:
            told.append(words.say("clauses.not-a-policy"))
        if explanation.document.unreadable:
            told.append(words.say("clauses.unreadable", count=explanation.document.unreadable))
        cards = []
        for text in told:
            line = row(Icon("ask", "ask", 20), gap=10, top=True)
            line.addWidget(Text(text), 1)
            cards.append(Card(line, role="notice", margin=14))
        return cards

    def _about(self) -> QWidget:
        """How much was understood, how long it is, what was left out."""
        words, explanation = self._words, self.reading.explanation
        document = explanation.document
        understood = round(explanation.coverage * explanation.passages)
        minutes = explanation.reading_minutes
        box = column(
            Text(
                words.say("clauses.coverage", understood=understood, count=explanation.passages),
                "small",
            ),
            Text(words.say("clauses.reading-time", count=minutes, words=document.words), "small"),
            gap=4,
        )
        if document.dropped_words:
            box.addWidget(Text(words.say("clauses.dropped", count=document.dropped_words), "small"))
        if document.dropped_text:
            box.addWidget(self._left_out(document.dropped_text))
        box.addWidget(Text(words.say("clauses.not-legal-advice"), "small"))
        return plain(box)

    def _left_out(self, text: str) -> Fold:
        self.left_out = Fold(self.tr("Show what was left out"), self.tr("Hide what was left out"))
        field = QPlainTextEdit(HEADING_SIGNS.sub("", shown_text(text).text))
        field.setReadOnly(True)
        field.setAcceptDrops(False)
        field.setTabChangesFocus(True)
        field.setAccessibleName(self.tr("What was left out"))
        field.setMinimumHeight(theme.px(140))
        self.left_out.add(field)
        self.left_out.button.clicked.connect(self._bring_left_out_into_view)
        return self.left_out

    def _bring_left_out_into_view(self) -> None:
        """Once laid out. The whole fold, since Qt takes a field for no more than its cursor."""
        fold = self.left_out
        QTimer.singleShot(0, fold, lambda: self.points.ensureWidgetVisible(fold, 0, 12))

    def show_clause(self, clause: Clause) -> None:
        """Choose a clause's card and bring its words into view."""
        number = next(card.number for card in self.cards if clause in card.group)
        if self.narrow:
            self.show_document_side()
        self._choose(self._marks[number, clause.start, clause.end])

    def _mark_chosen(self, mark: Mark) -> None:
        """A passage was clicked: show its card."""
        self._choose(mark)
        if self.narrow:
            self._sides[0].setChecked(True)
            self.layout().activate()
        card = self.cards[mark.number - 1]
        self.points.widget().layout().activate()
        self.points.verticalScrollBar().setValue(card.y() - theme.px(4))

    def _choose(self, mark: Mark) -> None:
        for card in self.cards:
            card.set_chosen(card.number == mark.number)
        self.view.choose(mark)

    @property
    def narrow(self) -> bool:
        return self.width() < theme.px(NARROW)

    def _arrange(self, _on: bool = True) -> None:
        """Both sides, or in a narrow window the one that is switched on."""
        narrow = self.narrow
        self._bar.setVisible(narrow)
        self.points.setVisible(not narrow or self._sides[0].isChecked())
        self.document.setVisible(not narrow or self._sides[1].isChecked())

    def show_document_side(self) -> None:
        """Make the document visible, laid out and ready to be scrolled."""
        self._sides[1].setChecked(True)
        self.layout().activate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def count_sentence(words: Words, explanation: Explanation) -> str:
    """How many kinds of clause deserve a look and how many are good, in one sentence."""
    groups = [group[0] for group in explanation.groups()]
    return tell_counts(
        words,
        look=sum(one.level is not Level.FINE for one in groups),
        fine=sum(one.level is Level.FINE for one in groups),
    )


def tell_counts(words: Words, look: int, fine: int) -> str:
    """The sentence for these two numbers; either may be zero."""
    parts = []
    if look:
        parts.append(words.say("clauses.page.look", count=look))
    if fine:
        parts.append(words.say("clauses.page.good", count=fine))
    if not parts:
        return words.say("clauses.page.nothing")
    if len(parts) == 1:
        return words.say("clauses.page.count.one", points=parts[0])
    return words.say("clauses.page.count.both", look=parts[0], good=parts[1])
