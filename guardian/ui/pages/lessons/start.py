"""The first sight of the lessons: the next one, all the others, and what trainers need."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.lessons.model import Pack
from guardian.lessons.telling import list_care, name_lesson, tell_aim
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, clear, column, order_tabs, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text

ICONS = {
    "cancel": "accounts",
    "pause": "clock",
    "clauses": "clauses",
    "computer": "processes",
    "phone": "phone",
    "encrypt": "vault",
    "rights": "shield",
    "evidence": "folder",
}


class StartPanel(QWidget):
    """``chosen`` carries the lesson to open; ``demo_asked`` whether it is for a projector."""

    chosen = Signal(str)
    plan_asked = Signal()
    demo_asked = Signal(bool)

    def __init__(self, words: Words, *, demo: bool) -> None:
        """``demo``: whether a demonstration can be started from here."""
        super().__init__()
        self._words = words
        self._next = Card(gap=12, margin=24)
        self._list = Card(gap=0, margin=8)
        self.demo = Button(self.tr("Show the demo"), clicked=lambda: self.demo_asked.emit(False))
        self.projector = Button(
            self.tr("Show the demo on a projector"), clicked=lambda: self.demo_asked.emit(True)
        )
        self.plan = Button(
            self.tr("Plan a workshop"), icon_name="clock", clicked=self.plan_asked.emit
        )
        self.area = scrolling(
            self._next,
            Text(self.tr("For whoever leads a group"), "heading"),
            self._group_card(demo),
            Text(self.tr("All lessons"), "heading"),
            self._list,
            None,
            gap=16,
        )
        self.setLayout(column(self.area))

    def _group_card(self, demo: bool) -> Card:
        say = self._words.say
        buttons = [self.plan, *([self.demo, self.projector] if demo else [])]
        care = Fold(self.tr("Before a workshop: read this out"), self.tr("Before a workshop"))
        care.add(*(bullet(line) for line in list_care(self._words)))
        card = Card(Text(say("lessons.page.group" if demo else "lessons.page.group.demo")), gap=12)
        card.body.addLayout(Flow(*buttons))
        card.body.addWidget(care)
        self.care = care
        return card

    def show_packs(self, packs: Sequence[Pack], finished: Collection[str]) -> None:
        """``finished`` are the keys of the lessons gone through."""
        clear(self._next.body)
        clear(self._list.body)
        following = next((pack for pack in packs if pack.id not in finished), None)
        self._show_next(following)
        others = [pack for pack in packs if pack is not following]
        for number, pack in enumerate(others):
            if number:
                self._list.body.addWidget(Line())
            self._list.body.addWidget(self._row(pack, pack.id in finished))
        order_tabs(self)

    def _show_next(self, pack: Pack | None) -> None:
        words = self._words
        if pack is None:
            line = row(Icon("fine", "fine", 28), gap=14, top=True)
            line.addLayout(
                column(
                    Text(words.say("lessons.page.all-done"), "lead"),
                    Text(words.say("lessons.page.all-done.do"), "dim"),
                    gap=6,
                ),
                1,
            )
            self._next.body.addLayout(line)
            return
        line = row(Icon(ICONS.get(pack.id, "info"), "accent", 28), gap=16, top=True)
        texts = column(
            Text(self.tr("A lesson for today"), "small"),
            Text(name_lesson(words, pack), "lead"),
            Text(tell_aim(words, pack)),
            Text(self._lengths(pack), "small"),
            gap=6,
        )
        line.addLayout(texts, 1)
        self._next.body.addLayout(line)
        begin = Button(
            self.tr("Begin this lesson"), "primary", clicked=lambda: self.chosen.emit(pack.id)
        )
        self._next.body.addLayout(row(begin, None))

    def _row(self, pack: Pack, done: bool) -> QWidget:
        words = self._words
        title = name_lesson(words, pack)
        texts = column(Text(title, "strong"), Text(tell_aim(words, pack), "small"), gap=3)
        if done:
            texts.addLayout(row(Badge(words, Level.FINE, self.tr("You went through it")), None))
        else:
            texts.addWidget(Text(self._lengths(pack), "small"))
        button = Button(self.tr("Open"), clicked=lambda: self.chosen.emit(pack.id))
        button.setAccessibleName(self.tr("Open: {title}").format(title=title))
        line = row(Icon(ICONS.get(pack.id, "info"), "accent", 22), gap=14, top=True)
        line.setContentsMargins(12, 10, 8, 10)
        line.addLayout(texts, 1)
        line.addWidget(button)
        return plain(line)

    def _lengths(self, pack: Pack) -> str:
        return self._words.say("lessons.page.lengths", count=pack.minutes)
