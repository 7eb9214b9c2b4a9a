"""One kind of clause as a card: its level, plain words, the quotes that prove it, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Clause, Direction
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.layout import Card, row
from guardian.ui.kit.text import Text

QUOTE_MOST = 700
MOST_QUOTES = 12


class ClauseCard(Card):
    """``asked`` carries the Clause whose words are to be shown in the document.

    ``number`` is 0 where there is no document beside the card.
    """

    asked = Signal(object)

    def __init__(self, words: Words, group: Sequence[Clause], number: int = 0) -> None:
        super().__init__(gap=10, margin=18)
        self.group, self.number = tuple(group), number
        self.chosen = False
        self._words = words
        first = self.group[0]
        head = row(Badge(words, first.level, badge_text(words, first)), None, gap=8)
        if number:
            head.insertWidget(0, NumberChip(number, first.level))
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.body.addLayout(head)
        self.plain = words.say(f"clauses.kind.{first.id}")
        self.body.addWidget(Text(self.plain, "strong"))
        self.body.addWidget(self._quote(first))
        if len(self.group) > 1:
            count = len(self.group) - 1
            more = self.tr("More places: {count}").format(count=count)
            self.others = Fold(more, more)
            told = words.say("clauses.more-places", count=count)
            self.others.button.setAccessibleName(told)
            self.others.button.clicked.connect(self._add_others)
            self.body.addWidget(self.others)
        self.fold = Fold(self.tr("Why it matters"), self.tr("Show less"))
        self.fold.button.setAccessibleName(
            self.tr("Why it matters: {what}").format(what=self.plain)
        )
        self.fold.button.clicked.connect(self._add_why)
        self.body.addWidget(self.fold)

    def _add_why(self) -> None:
        """Why it matters and what can be done, made when it is first unfolded."""
        if self.fold.inner.count():
            return
        words, first = self._words, self.group[0]
        self.fold.add(Text(words.say(f"clauses.why.{first.id}")))
        if first.actions:
            self.fold.add(Text(self.tr("What you can do"), "strong"))
            self.fold.add(*(bullet(words.say(f"clauses.action.{one}")) for one in first.actions))

    def _add_others(self) -> None:
        """The other quotes, made when they are asked for: a long document has hundreds."""
        if self.others.inner.count():
            return
        self.others.add(*(self._quote(clause) for clause in self.group[1:MOST_QUOTES]))
        if len(self.group) > MOST_QUOTES:
            told = self._words.say("clauses.page.first-quotes", most=MOST_QUOTES)
            self.others.add(Text(told, "small"))

    def _quote(self, clause: Clause) -> QWidget:
        quote = Quote(quoted(clause.quote))
        widget = QWidget()
        line = row(gap=6, top=True)
        line.addWidget(quote, 1)
        if self.number:
            show = Button("", "quiet", "forward", lambda: self.asked.emit(clause))
            name = self.tr("Show in the document: point {number}").format(number=self.number)
            show.setAccessibleName(name)
            show.setToolTip(self.tr("Show in the document"))
            line.addWidget(show, 0, Qt.AlignmentFlag.AlignVCenter)
        widget.setLayout(line)
        return widget

    def set_chosen(self, chosen: bool) -> None:
        self.chosen = chosen
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.number and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(self.group[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.chosen:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.tokens().accent), 2))
            area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(area, theme.px(12), theme.px(12))


class Quote(Text):
    """The document's own words, with a bar at their side."""

    def __init__(self, text: str) -> None:
        super().__init__(text, "quote")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        bar = QRect(0, 0, 3, self.height())
        painter = QPainter(self)
        painter.fillRect(bar, QColor(theme.tokens().accent))


class NumberChip(Text):
    """The number of a card, as it also stands beside the passage in the document."""

    def __init__(self, number: int, level: Level) -> None:
        self.level = level
        super().__init__(str(number), "small")
        self.one_line()
        self.setProperty("level", level.value)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(self.tr("Point {number}").format(number=number))
        self._dress()

    def _dress(self) -> None:
        side = self.fontMetrics().height() + theme.px(6)
        self.setMinimumSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(getattr(colours, self.level.value)), 1))
        painter.setBrush(QColor(getattr(colours, f"{self.level.value}_soft")))
        height = min(self.height(), self.fontMetrics().height() + theme.px(4))
        area = QRectF(0.5, (self.height() - height) / 2, self.width() - 1, height)
        painter.drawRoundedRect(area, height / 2, height / 2)
        painter.end()
        super().paintEvent(event)


def badge_text(words: Words, clause: Clause) -> str:
    """A clause in the reader's favour says so; the others say their level."""
    if clause.direction is Direction.GOOD and clause.level is Level.FINE:
        return words.say("clauses.page.good-for-you")
    return ""


def quoted(quote: str) -> str:
    """The quote in one paragraph; an endless one is cut where the card would burst."""
    text = " ".join(quote.split())
    return text if len(text) <= QUOTE_MOST else text[:QUOTE_MOST] + " …"
