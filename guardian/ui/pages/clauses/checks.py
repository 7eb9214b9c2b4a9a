"""What a document of its kind should say and does not: lists held against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Applies, Checklist, Explanation, Item, Law, Presence
from guardian.clauses.telling import tell_common
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.choice import Choice
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, column, make_room, order_tabs, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import Quote, show_button
from guardian.ui.pages.clauses.telling import (
    SHORT_MOST,
    Voice,
    quoted,
)

INDENT = 32  # pixels at 100 %
MOST_SHOWN = 5  # of what was not found; the rest is folded
SIGNS = {
    Presence.NOT_FOUND: ("search", "ask"),
    Presence.UNCLEAR: ("undecided", "dim"),
    Presence.FOUND: ("fine", "fine"),
}


class Checks(QWidget):
    """One card for each list, and a way to hold the document against another.

    ``law_asked`` carries a Law, ``place_asked`` start and end of words in the document.
    """

    law_asked = Signal(object)
    place_asked = Signal(int, int)

    def __init__(self, voice: Voice, explanation: Explanation) -> None:
        super().__init__()
        self._voice, self._explanation = voice, explanation
        self.cards: dict[Law, ChecklistCard] = {}
        self._lists = column(gap=16)
        self._shown = plain(self._lists)
        self._shown.setVisible(False)
        self._chooser: Card | None = None  # where no list makes sense, or not made yet
        self.setLayout(column(self._shown, gap=16))

    def build(self) -> Iterator[None]:
        """Show the lists that come with the document, one by one, then the way to others."""
        for checklist in self._explanation.checklists:
            make_room(self.add(checklist))
            yield
        one = self._explanation
        if one.recognised_language and one.looks_like_policy:
            self._chooser = self._build_chooser()
            self.layout().addWidget(self._chooser)
            self._offer()
            make_room(self._chooser)
            yield

    def _build_chooser(self) -> Card:
        say = self._voice.words.say
        self.law = Choice(self.tr("Hold it against a list"), least=20)
        self.hold = Button(self.tr("Check"), clicked=self._ask)
        return Card(
            Text(say("clauses.page.hold"), "heading"),
            Text(say("clauses.page.hold.why"), "dim"),
            plain(Flow(self.law, self.hold)),
            gap=10,
        )

    def _offer(self) -> None:
        """The lists that are not shown yet."""
        if self._chooser is None:
            return
        say = self._voice.words.say
        left = [law for law in Law if law not in self.cards]
        self.law.offer([(say(f"clauses.page.law.{law.value}"), law) for law in left])
        self._chooser.setVisible(bool(left))

    def _ask(self) -> None:
        self.law_asked.emit(Law(self.law.currentData()))

    def add(self, checklist: Checklist) -> ChecklistCard:
        """Show one list, below those that are shown; one that is shown already stays."""
        if checklist.law in self.cards:
            return self.cards[checklist.law]
        card = ChecklistCard(self._voice, checklist)
        card.place_asked.connect(self.place_asked)
        self.cards[checklist.law] = card
        self._lists.addWidget(card)
        self._shown.show()
        self._offer()
        return card


class ChecklistCard(Card):
    """What was not found first, then what is unclear; what was found is folded."""

    place_asked = Signal(int, int)

    def __init__(self, voice: Voice, checklist: Checklist) -> None:
        super().__init__(gap=12)
        self._voice, self.checklist = voice, checklist
        say = voice.words.say
        title = Text(say(f"clauses.page.list.{checklist.law.value}"), "heading")
        self.body.addLayout(column(title, Text(self._tell_why(), "dim"), gap=4))
        missing = checklist.at(Presence.NOT_FOUND)
        unclear = checklist.at(Presence.UNCLEAR)
        if missing:
            told = say("clauses.page.missing", count=len(missing), words=checklist.words)
            self._begin(Presence.NOT_FOUND, told)
            self._show(missing[:MOST_SHOWN])
            self._fold(missing[MOST_SHOWN:], "clauses.page.more-missing")
        if unclear:
            self.body.addSpacing(4)
            self._begin(Presence.UNCLEAR, say("clauses.page.unclear", count=len(unclear)))
            self._show(unclear)
        self._fold(checklist.at(Presence.FOUND), "clauses.page.found")

    def _tell_why(self) -> str:
        """Why this list is shown; never that a law applies."""
        say, checklist = self._voice.words.say, self.checklist
        if checklist.law is Law.TERMS:
            return say("clauses.page.list.custom")
        if checklist.applies is Applies.DOCUMENT and checklist.quote:
            return say("clauses.page.list.named", quote=quoted(checklist.quote, SHORT_MOST))
        return say("clauses.page.list.asked")

    def _begin(self, presence: Presence, told: str) -> None:
        """The words above a group of items."""
        icon, token = SIGNS[presence]
        text = Text(told, "strong")
        text.setProperty("level", token if token != "dim" else "none")
        line = row(Icon(icon, token, 20), gap=12, top=True)
        line.addWidget(text, 1)
        self.body.addLayout(line)

    def _show(self, items: Sequence[Item]) -> None:
        for number, item in enumerate(items):
            if number:
                self.body.addWidget(Line())
            self.body.addWidget(self._row(item))

    def _fold(self, items: Sequence[Item], code: str) -> None:
        """Items one click away, built then."""
        if not items:
            return
        name = self._voice.words.say(code, count=len(items))
        fold = Fold(name, name)
        fold.inner.setSpacing(14)

        def unfold() -> None:
            if not fold.inner.count():
                fold.add(*(self._row(item) for item in items))
                make_room(fold)
                order_tabs(self)

        fold.button.clicked.connect(unfold)
        self.body.addWidget(fold)

    def _row(self, item: Item) -> QWidget:
        """What it is, why it matters, how common it is, and what was found of it."""
        code = f"clauses.check.{self.checklist.law.value}.{item.id}"
        said = self._voice.told.say(code)
        text = column(Text(said, "strong"), gap=4)
        text.setContentsMargins(theme.px(INDENT), 0, 0, 0)
        if item.presence is Presence.NOT_FOUND and f"{code}.why" in self._voice.told:
            text.addWidget(Text(self._voice.told.say(f"{code}.why")))
        if item.quote:
            text.addWidget(Quote(quoted(item.quote, SHORT_MOST), SIGNS[item.presence][1]))
            show = show_button(
                self.tr("Show in the document"), said,
                lambda: self.place_asked.emit(item.start, item.end),
            )  # fmt: skip
            text.addLayout(row(show, None))
        if told := " ".join(filter(None, self._tell(item))):
            text.addWidget(Text(told, "small"))
        return plain(text)

    def _tell(self, item: Item) -> Iterator[str]:
        """How common it is where it was not found, and where a law asks for it."""
        words, law = self._voice.words, self.checklist.law.value
        if item.presence is Presence.NOT_FOUND:
            yield tell_common(self._voice.told, item)
        if item.article:
            pointer = words.say(f"clauses.page.pointer.{law}", articles=item.article)
            yield words.say("clauses.page.see", pointer=pointer)
