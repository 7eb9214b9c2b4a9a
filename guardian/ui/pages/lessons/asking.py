"""The five questions for one person: an answer, whether it is right, and why."""

from __future__ import annotations

from PySide6.QtCore import Signal

from guardian.core.words import Words
from guardian.lessons.model import Pack
from guardian.lessons.telling import ask, list_options, tell_because
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, column, make_room, order_tabs, row
from guardian.ui.kit.text import Text
from guardian.ui.kit.wide import WideButton


class AskingCard(Card):
    """One question at a time. ``done`` comes when the last one was looked at."""

    done = Signal()

    def __init__(self, words: Words, pack: Pack) -> None:
        super().__init__(gap=12, margin=24)
        self._words, self._pack = words, pack
        self.number = 0  # of the question shown, from 0
        self.answered: dict[int, int] = {}
        self.options: list[WideButton] = []
        self._head = Text(role="small")
        self._question = Text(role="lead")
        self._choices = column(gap=8)
        self._mark = Icon("fine", "fine", 22)
        self._told = Text(role="strong")
        self._because = Text()
        verdict = row(self._mark, gap=12, top=True)
        verdict.addLayout(column(self._told, self._because, gap=4), 1)
        self._verdict = Card(role="tint", margin=16)
        self._verdict.body.addLayout(verdict)
        self.back = Button(self.tr("Question before"), icon_name="back", clicked=self._back)
        self.onward = Button(self.tr("Next question"), "primary", clicked=self._onward)
        for item in (self._head, self._question):
            self.body.addWidget(item)
        self.body.addLayout(self._choices)
        self.body.addWidget(self._verdict)
        self.body.addLayout(row(self.onward, self.back, None))
        self._show()

    @property
    def last(self) -> bool:
        return self.number == len(self._pack.questions) - 1

    def choose(self, option: int) -> None:
        """``option`` from 1. The first answer stands: the reason is shown from then on."""
        if self.number not in self.answered:
            self.answered[self.number] = option
            self._tell()
            make_room(self._verdict)
            self.onward.setFocus()

    def _show(self) -> None:
        words, question = self._words, self._pack.questions[self.number]
        count = len(self._pack.questions)
        self._head.setText(words.say("lessons.page.question", number=self.number + 1, total=count))
        self._question.setText(ask(words, self._pack, question))
        clear(self._choices)
        self.options = []
        for number, text in enumerate(list_options(words, self._pack, question), 1):
            button = WideButton(text, lambda number=number: self.choose(number))
            self.options.append(button)
            self._choices.addWidget(button)
        self.back.setVisible(self.number > 0)
        self.onward.setText(self.tr("To the end") if self.last else self.tr("Next question"))
        self._tell()
        order_tabs(self.parentWidget() or self)

    def _tell(self) -> None:
        """What became of the answer, if there is one."""
        words, question = self._words, self._pack.questions[self.number]
        given = self.answered.get(self.number)
        self._verdict.setVisible(given is not None)
        self.onward.setVisible(given is not None)
        if given is None:
            return
        right = given == question.right
        self._mark.change("fine" if right else "info", "fine" if right else "accent")
        option = list_options(words, self._pack, question)[question.right - 1]
        code = "lessons.page.right" if right else "lessons.page.not-right"
        self._told.setText(words.say(code, option=option))
        self._because.setText(tell_because(words, self._pack, question))
        for number, button in enumerate(self.options, 1):
            button.mark(chosen=number == given, right=number == question.right)

    def _onward(self) -> None:
        if self.last:
            self.done.emit()
            return
        self.number += 1
        self._show()
        self._to_first()

    def _back(self) -> None:
        self.number -= 1
        self._show()
        self._to_first()

    def _to_first(self) -> None:
        (self.onward if self.number in self.answered else self.options[0]).setFocus()
