"""One step as a card: what, why, how long, and everything the person can answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.checkup.model import REASON_MOST, State, Todo
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column, make_room, order_tabs, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.checkup.guide import Guide
from guardian.ui.pages.checkup.looking import Seen, area_of, effort, who_knows

REASONS = ("unused", "otherwise", "accepted")


class StepCard(Card):
    """``started`` carries a Todo that is done on another page; ``answered`` a Todo, a State and a
    reason; ``postponed`` a Todo and a day."""

    started = Signal(object)
    answered = Signal(object, object, str)
    postponed = Signal(object, object)

    def __init__(self, words: Words) -> None:
        super().__init__(gap=10, margin=24)
        self._words = words
        self.todo: Todo | None = None

    def show_todo(self, todo: Todo, seen: Seen, caption: str) -> None:
        """Begin anew with another step; ``caption`` stands above its title."""
        clear(self.body)
        self.todo, self._seen = todo, seen
        words = self._words
        self.guide: Guide | None = None
        self._below = column(gap=10)
        head = row(Text(f"{caption} · {area_of(words, todo)}", "small"))
        head.setStretch(0, 1)
        if todo.level is Level.ACT:
            head.addWidget(Badge(words, todo.level))
        self.body.addLayout(head)
        self.body.addWidget(Text(words.tell(todo.title), "lead"))
        self.body.addWidget(Text(words.tell(todo.why)))
        if todo.observed is not None:
            self.body.addWidget(Text(words.tell(todo.observed), "dim"))
        self.body.addLayout(Flow(effort(words, todo), who_knows(words, todo), gap=8))
        self._guide_room = plain(column(gap=0))
        self._guide_room.hide()
        self.body.addWidget(self._guide_room)
        self.body.addSpacing(4)
        self.body.addLayout(Flow(*self._buttons(todo), gap=10))
        self._asking = plain(self._below)
        self._asking.hide()
        self.body.addWidget(self._asking)

    def _buttons(self, todo: Todo) -> list[Button]:
        buttons = []
        page, ways = self._seen.page_of(todo), todo.task.ways if todo.task else ()
        self.start: Button | None = None
        if page or ways:
            self.start = self._button(self.tr("Start"), "primary", self._start)
            buttons.append(self.start)
        if page and ways:
            buttons.append(self._button(self.tr("How"), "plain", self.show_guide))
        self.done: Button | None = None
        if todo.task is not None and todo.observed is None:
            self.done = self._button(self.tr("Done"), "plain", lambda: self._answer(State.DONE))
            partly = self._button(self.tr("Partly"), "plain", lambda: self._answer(State.PARTLY))
            buttons += [self.done, partly]
        self.later = self._button(self.tr("Later"), "plain", self.ask_when)
        self.refuse = self._button(self.tr("Not for me"), "plain", self.ask_why)
        self._first = [*buttons, self.later][0]
        return [*buttons, self.later, self.refuse]

    def _button(self, text: str, role: str, clicked: Callable[[], object]) -> Button:
        button = Button(text, role, clicked=clicked)
        assert self.todo is not None
        button.setAccessibleName(f"{text}: {self._words.tell(self.todo.title)}")
        return button

    def take_focus(self) -> None:
        """Let the keys begin here."""
        if self.todo is not None:
            self._first.setFocus()

    def _start(self) -> None:
        if self.todo is not None and self._seen.page_of(self.todo):
            self.started.emit(self.todo)
        else:
            self.show_guide()

    def show_guide(self) -> None:
        """Unfold how it is done; what comes next then is to say so."""
        if self.guide is not None or self.todo is None or self.todo.task is None:
            return
        self.guide = Guide(self._words, self.todo.task, self._seen.circumstances)
        box = Card(self.guide, role="well", margin=18)
        self._guide_room.layout().addWidget(box)
        make_room(self._guide_room)
        if self.done is not None and self.start and not self._seen.page_of(self.todo):
            self.done.change_role("primary")
            self.done.setFocus()
            self.start.hide()
            self._first = self.done
        order_tabs(self)

    def _answer(self, state: State, reason: str = "") -> None:
        self.answered.emit(self.todo, state, reason)

    # what is asked before a step is put away

    def ask_when(self) -> None:
        """Until when a step is put off."""
        today, after = self._seen.today, self._seen.next_checkup()
        choices = [(self.tr("For a week"), today + timedelta(days=7)),
                   (self.tr("For a month"), today + timedelta(days=30))]  # fmt: skip
        if after is not None:
            choices.append((self.tr("Until after my next checkup"), after))
        else:
            choices.append((self.tr("For three months"), today + timedelta(days=91)))
        self._ask(
            self._words.say("checkup.page.later"),
            [Button(text, clicked=lambda day=day: self._postpone(day)) for text, day in choices],
        )

    def _postpone(self, day: date) -> None:
        self.postponed.emit(self.todo, day)

    def ask_why(self) -> None:
        """Why a step is not for this person: one of three reasons, or their own words."""
        say = self._words.say
        reasons = [say(f"checkup.page.reason.{name}") for name in REASONS]
        buttons = [
            Button(text, clicked=lambda text=text: self._answer(State.NOT_MINE, text))
            for text in reasons
        ]
        self.reason = QLineEdit()
        self.reason.setMaxLength(REASON_MOST)
        self.reason.setPlaceholderText(say("checkup.page.reason.own"))
        self.reason.setAccessibleName(say("checkup.page.reason.own"))
        keep = Button(self.tr("Put aside"), clicked=self._refuse)
        self.reason.returnPressed.connect(self._refuse)
        line = row(gap=10)
        line.addWidget(self.reason, 1)
        line.addWidget(keep)
        self._ask(say("checkup.page.why-not"), buttons, plain(line))

    def _refuse(self) -> None:
        reason = self.reason.text().strip()
        if reason:
            self._answer(State.NOT_MINE, reason)
        else:
            self.reason.setFocus()

    def _ask(self, question: str, buttons: list[Button], *more: QWidget) -> None:
        """Ask within the card; nothing is covered, and Esc takes it back."""
        clear(self._below)
        close = Button(self.tr("Never mind"), "quiet", clicked=self.stop_asking)
        self._below.addSpacing(6)
        self._below.addWidget(Text(question, "strong"))
        self._below.addLayout(Flow(*buttons, gap=10))
        for one in more:
            self._below.addWidget(one)
        self._below.addLayout(row(close, None))
        make_room(self._asking)
        order_tabs(self)
        buttons[0].setFocus()

    @property
    def asking(self) -> bool:
        return self.todo is not None and not self._asking.isHidden()

    def stop_asking(self) -> None:
        self._asking.hide()
        self.later.setFocus()
