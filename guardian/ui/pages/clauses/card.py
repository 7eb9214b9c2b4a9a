"""One kind of clause as a card: its level, plain words, the quotes that prove it, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Basis, Clause, Direction, Understood
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.layout import Card, order_tabs, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.helping import Helping
from guardian.ui.pages.clauses.telling import Voice, quoted, tell_topics, words_of

SLOTS = ("period", "recipients", "data", "contact", "date", "deadline", "country", "law", "amount")
SLOT_MOST = 160  # characters


class PassageCard(Card):
    """What belongs to places in the document. ``asked`` carries the place to be shown there."""

    asked = Signal(object)

    def __init__(self, gap: int = 10) -> None:
        super().__init__(gap=gap, margin=18)
        self.chosen = False

    def set_chosen(self, chosen: bool) -> None:
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.chosen:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.tokens().accent), theme.ring()))
            area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(area, theme.px(12), theme.px(12))


class ClauseCard(PassageCard):
    """``asked`` carries a Clause. ``number`` is 0 where there is no document beside the card;
    ``words`` are what is quoted of each place."""

    def __init__(
        self,
        voice: Voice,
        group: Sequence[Clause],
        number: int = 0,
        helping: Helping | None = None,
        words: Callable[[Clause], str] = words_of,
    ) -> None:
        super().__init__()
        self._words = words
        self.group, self.number = tuple(group), number
        self._voice, self._helping = voice, helping
        self._places = sorted(self.group, key=lambda clause: clause.start)
        self.clause = self.group[0]
        head = row(
            Badge(voice.words, self.clause.level, badge_text(voice.words, self.clause)), None
        )
        if number:
            head.insertWidget(0, NumberChip(number, self.clause.level))
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.body.addLayout(head)
        self.plain = voice.kind(self.clause)
        self.body.addWidget(Text(self.plain, "strong"))
        self.quote = Quote("", self.clause.level.value)
        self.body.addWidget(self.quote)
        self._slots = Text(role="small")
        self.body.addWidget(self._slots)
        self._offer_places()
        self.fold = Fold(self.tr("Why it matters"), self.tr("Show less"))
        self.fold.button.setAccessibleName(
            self.tr("Why it matters: {what}").format(what=self.plain)
        )
        self.fold.button.clicked.connect(self._add_why)
        self.body.addWidget(self.fold)
        self._show(self.clause)

    def _offer_places(self) -> None:
        """A way to the document, and through all places that say the same."""
        items: list[QWidget] = []
        if self.number:
            items.append(show_button(self.tr("Show in the document"), self.plain, self._ask))
        self.before = self.after = None
        if len(self.group) > 1:
            self.before = Button("", "quiet", "up", lambda: self.step(-1))
            self.after = Button("", "quiet", "down", lambda: self.step(1))
            for button, name in (
                (self.before, self.tr("Place before: {what}")),
                (self.after, self.tr("Next place: {what}")),
            ):
                button.setAccessibleName(name.format(what=self.plain))
                button.setToolTip(name.format(what=self.plain))
            self._place = Text(role="small").one_line()
            line = row(self.before, self._place, self.after, gap=4)
            items.append(plain(line))
        if items:
            self.body.addWidget(plain(Flow(*items, gap=12)))

    def _show(self, clause: Clause) -> None:
        """One of the places: its words and what they name."""
        self.clause = clause
        self.quote.setText(quoted(self._words(clause)))
        told = tell_slots(self._voice.told, clause)
        self._slots.setText(told)
        self._slots.setVisible(bool(told))
        if self.before is not None:
            self._place.setText(
                self.tr("Place {number} of {count}").format(
                    number=self._places.index(clause) + 1, count=len(self._places)
                )
            )

    def show_place(self, start: int) -> None:
        """Quote the place that begins at ``start``, if it is one of this card's."""
        found = next((one for one in self._places if one.start == start), None)
        if found is not None and found is not self.clause:
            self._show(found)

    def step(self, by: int) -> None:
        """The next place of this kind, round and round; shown in the document too."""
        number = (self._places.index(self.clause) + by) % len(self._places)
        self._show(self._places[number])
        self._ask()

    def _ask(self) -> None:
        if self.number:
            self.asked.emit(self.clause)

    def _add_why(self) -> None:
        """Why it matters and what can be done, made when it is first unfolded."""
        if self.fold.inner.count():
            return
        voice, first = self._voice, self.group[0]
        self.fold.add(Text(voice.told.say(f"clauses.why.{first.id}")))
        if first.actions:
            self.fold.add(Text(self.tr("What you can do"), "strong"))
            self.fold.add(*(bullet(voice.told.say(f"clauses.action.{a}")) for a in first.actions))
        if self._helping is not None and first.direction is Direction.BAD:
            buttons = self._helping.buttons(first.actions)
            if buttons:
                self.fold.add(plain(Flow(*buttons)))
        for told in (tell_pointers(voice.words, first), self._tell_basis(first)):
            if told:
                self.fold.add(Text(told, "small"))
        order_tabs(self)

    def _tell_basis(self, clause: Clause) -> str:
        if clause.basis is Basis.WORDS:
            return ""
        return self._voice.words.say("clauses.page.learned")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask()


class LeftCard(PassageCard):
    """A passage that the person reads herself. ``asked`` carries the Understood."""

    def __init__(self, voice: Voice, passage: Understood, text: str) -> None:
        super().__init__(gap=8)
        self.passage = passage
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        badge = Badge(voice.words, None, voice.words.say("clauses.page.read-yourself"))
        self.body.addLayout(row(badge, None))
        self.body.addWidget(Quote(quoted(text), "border"))
        if told := tell_topics(voice.words, passage.topics):
            self.body.addWidget(Text(told, "small"))
        name = self.tr("Show in the document")
        self.body.addLayout(row(show_button(name, quoted(text, 60), self._ask), None))

    def _ask(self) -> None:
        self.asked.emit(self.passage)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask()


class Quote(Text):
    """The document's own words, with a bar at their side in the colour of ``token``."""

    def __init__(self, text: str, token: str = "accent") -> None:
        super().__init__(text, "quote")
        self._token = token

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(
            QRect(0, 0, 3, self.height()), QColor(getattr(theme.tokens(), self._token))
        )


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


def show_button(name: str, what: str, clicked: object) -> Button:
    """A quiet way to a place in the document; ``what`` tells it from others to a screen reader."""
    button = Button(name, "quiet", "forward", clicked)
    button.setAccessibleName(f"{name}: {what}")
    return button


def badge_text(words: Words, clause: Clause) -> str:
    """A clause in the reader's favour says so; the others say their level."""
    if clause.direction is Direction.GOOD and clause.level is Level.FINE:
        return words.say("clauses.page.good-for-you")
    return ""


def tell_slots(told: Words, clause: Clause) -> str:
    """What the quote names, a line each: «How long: 30 days»."""
    return "\n".join(
        told.say(f"clauses.slot.{name}", value=quoted(clause.slots[name], SLOT_MOST))
        for name in SLOTS
        if clause.slots.get(name)
    )


def tell_pointers(words: Words, clause: Clause) -> str:
    """The places in laws that speak of such a clause."""
    if not clause.pointers:
        return ""
    laws: dict[str, list[str]] = {}
    for one in clause.pointers:
        laws.setdefault(one.law, []).append(one.article)
    parts = [
        words.say(f"clauses.page.pointer.{law}", articles=", ".join(articles))
        for law, articles in laws.items()
    ]
    return words.say("clauses.page.pointers", laws="; ".join(parts))
