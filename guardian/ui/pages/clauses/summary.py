"""The one sheet: a verdict, the worst and the best, what to do, what is missing, how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from guardian.clauses.model import Clause, Explanation
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.icon import Drawing, Icon
from guardian.ui.kit.layout import Card, Line, Remembering, column, make_room, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.steps import Progress, disc
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.about import AboutCard
from guardian.ui.pages.clauses.card import Quote, show_button
from guardian.ui.pages.clauses.checks import Checks
from guardian.ui.pages.clauses.concrete import FactsCard
from guardian.ui.pages.clauses.helping import Helping
from guardian.ui.pages.clauses.reading import Reading
from guardian.ui.pages.clauses.telling import (
    Voice,
    quoted,
    tell_coverage,
    tell_time,
    was_understood,
    words_with_lead,
)

SIDE_BY_SIDE = 660  # pixels at 100 %
MOST_ACTIONS = 5
LANGUAGES = ("en", "zh")
QUOTE_MOST = 280  # characters
MOST_NAMES, NAME_MOST = 3, 60  # of what came with a mail; characters


class Summary(QWidget):
    """``place_asked`` carries start and end of words to be shown in the document."""

    place_asked = Signal(int, int)
    changes_asked = Signal()
    left_asked = Signal()

    def __init__(self, voice: Voice, reading: Reading, helping: Helping) -> None:
        super().__init__()
        self._voice, self._reading, self._helping = voice, reading, helping
        self.checks = Checks(voice, reading.explanation)
        self.checks.place_asked.connect(self.place_asked)
        self.about = AboutCard(voice, reading)
        self.about.left_asked.connect(self.left_asked)
        self.languages = Switch(self.tr("Language of the explanations"), LANGUAGES)
        self.languages.show_choices(
            {"en": self.tr("In English"), "zh": self.tr("In Chinese")}, voice.told.language
        )
        self.languages.buttons["zh"].setToolTip("中文")
        self._column = Remembering(gap=16)
        self.area = scrolling(plain(self._column), None)
        self.setLayout(column(self.area))

    def build(self) -> Iterator[None]:
        """Part by part, from the top."""
        for part in self._parts():
            self._column.addWidget(part)
            make_room(part)
            yield
            if part is self.checks:
                yield from self.checks.build()

    def _parts(self) -> Iterator[QWidget]:
        voice, reading = self._voice, self._reading
        explanation = reading.explanation
        yield self._verdict()
        if reading.before is not None:
            yield self._changed(reading)
        yield from (warning(text) for text in warnings(voice.words, explanation))
        worst, best = explanation.worst(), explanation.best()
        if worst or best:
            yield self._extremes(worst, best)
        actions = explanation.actions(1_000)
        if actions:
            yield ActionsCard(voice, explanation, actions, self._helping)
        facts = FactsCard(voice, explanation)
        facts.place_asked.connect(self.place_asked)
        if facts.any:
            yield facts
        else:
            facts.deleteLater()
        yield self.checks
        yield self.about

    def _verdict(self) -> Card:
        voice, explanation = self._voice, self._reading.explanation
        words = voice.words
        line = row(Icon(*sign(explanation), 36), gap=18, top=True)
        line.addWidget(Text(voice.told.tell(explanation.verdict), "lead"), 1)
        told = [tell_time(words, explanation)]
        if was_understood(explanation):
            told.append(tell_coverage(words, explanation))
        return Card(line, Text(" ".join(told), "dim"), self.languages, gap=12, margin=26)

    def _changed(self, reading: Reading) -> Card:
        words, before = self._voice.words, reading.before
        assert before is not None
        told = Text(words.say("clauses.page.changed", day=before.read_at.astimezone()), "strong")
        self.see_changes = Button(self.tr("See what changed"), clicked=self.changes_asked.emit)
        line = row(Icon("refresh", "accent", 20), gap=12, top=True)
        line.addLayout(column(told, row(self.see_changes, None), gap=8), 1)
        return Card(line, role="tint", margin=16)

    def _extremes(self, worst: Sequence[Clause], best: Sequence[Clause]) -> QWidget:
        words = self._voice.words
        sides = Sides()
        for title, empty, clauses in (
            ("clauses.sheet.worst", "clauses.page.no-worst", worst),
            ("clauses.sheet.best", "clauses.page.no-best", best),
        ):
            card = Card(Text(words.say(title), "heading"), gap=12)
            for number, clause in enumerate(clauses):
                if number:
                    card.body.addWidget(Line())
                card.body.addWidget(self._short(clause))
            if not clauses:
                card.body.addWidget(Text(words.say(empty), "dim"))
            card.body.addStretch(1)
            sides.add(card)
        return sides

    def _short(self, clause: Clause) -> QWidget:
        """One of the worst or best: its sentence, its words, the way to them."""
        said = self._voice.kind(clause)
        words = words_with_lead(self._reading.explanation, clause)
        token = clause.level.value
        text = column(Text(said, "strong"), Quote(quoted(words, QUOTE_MOST), token), gap=6)
        show = show_button(
            self.tr("Show in the document"), said,
            lambda: self.place_asked.emit(clause.start, clause.end),
        )  # fmt: skip
        text.addLayout(row(show, None))
        line = row(Icon(token, token, 20), gap=12, top=True)
        line.addLayout(text, 1)
        return plain(line)


class ActionsCard(Card):
    """What can be done now, in order: a few, the rest folded."""

    def __init__(
        self, voice: Voice, explanation: Explanation, actions: Sequence[str], helping: Helping
    ) -> None:
        super().__init__(Text(voice.words.say("clauses.sheet.actions"), "heading"), gap=12)
        self._voice = voice
        self._because: dict[str, list[str]] = {}
        for group in explanation.groups():
            if group[0].level is not Level.FINE:
                for action in group[0].actions:
                    self._because.setdefault(action, []).append(voice.short(group[0]))
        for number, action in enumerate(actions[:MOST_ACTIONS], 1):
            self.body.addWidget(self._line(number, action))
        buttons = helping.buttons(actions)
        if buttons:
            self.body.addWidget(plain(Flow(*buttons)))
        rest = actions[MOST_ACTIONS:]
        if rest:
            self._rest = list(enumerate(rest, MOST_ACTIONS + 1))
            more = voice.words.say("clauses.page.more-actions", count=len(rest))
            self.more = Fold(more, more)
            self.more.inner.setSpacing(12)
            self.more.button.clicked.connect(self._add_rest)
            self.body.addWidget(self.more)

    def _add_rest(self) -> None:
        rest, self._rest = self._rest, []
        self.more.add(*(self._line(number, action) for number, action in rest))

    def _line(self, number: int, action: str) -> QWidget:
        text = column(Text(self._voice.told.say(f"clauses.action.{action}")), gap=2)
        because = list(filter(None, self._because.get(action, [])))
        if because:
            told = self._voice.words.say("clauses.page.because", kinds=" · ".join(because[:3]))
            text.addWidget(Text(told, "small"))
        line = row(Disc(number), gap=12, top=True)
        line.addLayout(text, 1)
        return plain(line)


class Disc(Drawing):
    """The number of a thing to do."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.redraw()

    def redraw(self) -> None:
        ratio = max(round(self.devicePixelRatioF()), 1)
        self.setPixmap(disc(theme.look(), self._number, Progress.LATER, 0, ratio))


class Sides(QWidget):
    """Two cards side by side, or one below the other where there is little room."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(16)

    def add(self, part: QWidget) -> None:
        self._box.addWidget(part, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme.px(SIDE_BY_SIDE)
        ways = QBoxLayout.Direction
        wanted = ways.LeftToRight if wide else ways.TopToBottom
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)


def sign(explanation: Explanation) -> tuple[str, str]:
    """The icon and the colour of a verdict."""
    if not explanation.recognised_language or not explanation.looks_like_policy:
        return "unknown", "dim"
    levels = {clause.level for clause in explanation.clauses}
    level = next((one for one in (Level.ACT, Level.ASK) if one in levels), Level.FINE)
    return level.value, level.value


def warnings(words: Words, explanation: Explanation) -> Iterator[str]:
    """What makes everything below less sure."""
    document = explanation.document
    if document.wordless_pages:
        yield words.say("clauses.wordless-pages", count=document.wordless_pages, all=document.pages)
    if document.unreadable:
        yield words.say("clauses.unreadable", count=document.unreadable)
    if names := document.attachments:
        more = ("…",) if len(names) > MOST_NAMES else ()
        told = ", ".join((*(f"“{quoted(name, NAME_MOST)}”" for name in names[:MOST_NAMES]), *more))
        yield words.say("clauses.page.attachments", count=len(names), names=told)
    if explanation.unread:
        yield words.say("clauses.unread", count=explanation.unread)


def warning(text: str) -> Card:
    line = row(Icon("ask", "ask", 20), gap=10, top=True)
    line.addWidget(Text(text), 1)
    return Card(line, role="notice", margin=14)
