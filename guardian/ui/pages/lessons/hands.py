"""The five questions for a group: hands counted by eye, typed, and shown as a chart at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal

from guardian.core.words import Words
from guardian.lessons.model import Count, Pack, Question
from guardian.lessons.service import HANDS_MOST, shares
from guardian.lessons.telling import ask, list_options, tell_because
from guardian.ui.kit.bars import Bar, Bars
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column, make_room, order_tabs, plain, row
from guardian.ui.kit.number import Number
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text

LETTERS = "ABCDEF"
CALM = 400  # milliseconds without typing, then the count is kept
BEFORE, AFTER = "before", "after"


class HandsCard(Card):
    """``counted`` carries a :class:`Count` to be kept; ``forget_asked`` wants all of them gone.

    Hands counted before the lesson stay only while the window is open.
    """

    counted = Signal(object)
    forget_asked = Signal()

    def __init__(self, words: Words, pack: Pack) -> None:
        super().__init__(gap=12, margin=24)
        self._words, self._pack = words, pack
        self._hands: dict[tuple[str, int], tuple[int, ...]] = {}
        self._time = AFTER
        self._place = 0
        self.fields: list[Number] = []
        self._head = Text(role="small")
        self._question = Text(role="lead")
        self.times = Switch(self.tr("When the hands were counted"), (BEFORE, AFTER))
        self.times.show_choices(
            {BEFORE: self.tr("Before the lesson"), AFTER: self.tr("After the lesson")}, AFTER
        )
        self.times.chosen.connect(self._change_time)
        self._rows = column(gap=8)
        self.bars = Bars(self.tr("Hands for each answer"))
        self._sum = Text(role="small")
        self._told = Text(role="strong")
        self._because = Text()
        self._gain = Text()
        self._verdict = Card(self._told, self._because, self._gain, role="tint", margin=16)
        self.reveal = Button(self.tr("Show the right answer"), clicked=self.show_right)
        self.onward = Button(self.tr("Next question"), icon_name="forward", clicked=self._onward)
        self.back = Button(self.tr("Question before"), icon_name="back", clicked=self._back)
        self.forget = Button(self.tr("Empty all counts"), "quiet", clicked=self.forget_asked.emit)
        for item in (self._head, self._question, self.times):
            self.body.addWidget(item)
        self.body.addLayout(self._rows)
        for item in (self.bars, self._sum, self._verdict):
            self.body.addWidget(item)
        self.body.addLayout(Flow(self.reveal, self.back, self.onward, self.forget))
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self.keep)
        self._verdict.hide()
        self._show()

    @property
    def question(self) -> Question:
        return self._pack.questions[self._place]

    def show_counts(self, counts: Sequence[Count]) -> None:
        """What was counted and kept; an empty sequence empties all."""
        if not counts:
            self._hands = {}
        for one in counts:
            self._hands[AFTER, one.question] = one.hands
        self._show()

    def hands(self) -> tuple[int, ...]:
        """What is typed now, in the order of the answers."""
        return tuple(field.value() for field in self.fields)

    def _show(self) -> None:
        words, question = self._words, self.question
        total = len(self._pack.questions)
        self._head.setText(words.say("lessons.page.question", number=question.number, total=total))
        self._question.setText(ask(words, self._pack, question))
        clear(self._rows)
        self.fields = []
        known = self._hands.get((self._time, question.number), (0,) * question.options)
        for number, text in enumerate(list_options(words, self._pack, question)):
            self._add_row(LETTERS[number], text, known[number])
        self._verdict.hide()
        self.reveal.setEnabled(True)
        self.back.setEnabled(self._place > 0)
        self.onward.setEnabled(self._place < total - 1)
        self._draw()
        order_tabs(self.parentWidget() or self)

    def _add_row(self, letter: str, text: str, hands: int) -> None:
        name = self.tr("Hands for {letter}: {text}").format(letter=letter, text=text)
        field = Number(name, HANDS_MOST)
        field.set_value(hands)
        field.textChanged.connect(lambda _text: self._typed())
        self.fields.append(field)
        line = row(Text(letter, "strong").one_line(), gap=12)
        line.addWidget(Text(text), 1)
        line.addWidget(field)
        self._rows.addWidget(plain(line))

    def _typed(self) -> None:
        self._hands[self._time, self.question.number] = self.hands()
        self._draw()
        self._calm.start()

    def keep(self) -> None:
        """Hand over what was typed last; what was counted before the lesson is not kept."""
        self._calm.stop()
        for (time, number), hands in self._hands.items():
            if time == AFTER and number == self.question.number:
                self.counted.emit(Count(self._pack.id, number, hands))

    def _draw(self) -> None:
        words, hands = self._words, self.hands()
        told = list_options(words, self._pack, self.question)
        bars = []
        for number, (count, share) in enumerate(zip(hands, shares(hands), strict=True)):
            letter = LETTERS[number]
            label = f"{letter} · {share} %" if sum(hands) else letter
            name = words.say("lessons.page.bar", count=count, letter=letter, text=told[number])
            bars.append(Bar(letter, label, letter, count, name))
        self.bars.show_bars(bars)
        self._sum.setText(words.say("lessons.page.hands", count=sum(hands)))
        self._show_gain()

    def show_right(self) -> None:
        """The right answer and why; meant for after the counting."""
        words, right = self._words, self.question.right
        option = list_options(words, self._pack, self.question)[right - 1]
        self._told.setText(
            words.say("lessons.page.right.letter", letter=LETTERS[right - 1], option=option)
        )
        self._because.setText(tell_because(words, self._pack, self.question))
        self._show_gain()
        self.reveal.setEnabled(False)
        make_room(self._verdict)

    def _show_gain(self) -> None:
        """How many were right before and after, once both were counted."""
        number, right = self.question.number, self.question.right
        both = [self._hands.get((time, number), ()) for time in (BEFORE, AFTER)]
        whole = all(sum(hands) for hands in both)
        if whole:
            one, other = (shares(hands)[right - 1] for hands in both)
            self._gain.setText(self._words.say("lessons.page.gain", before=one, after=other))
        self._gain.setVisible(whole)

    def _change_time(self, time: str) -> None:
        self._leave()
        self._time = time
        self._show()

    def _onward(self) -> None:
        self._go(1)

    def _back(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        self._leave()
        self._place += by
        self._show()
        self.fields[0].setFocus()
        self.fields[0].selectAll()

    def _leave(self) -> None:
        """What was typed a moment ago is kept before something else is shown."""
        if self._calm.isActive():
            self.keep()
