"""The first page itself: one next step, a few more, and where the pillars stand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.checkup.model import Rhythm, Todo
from guardian.checkup.telling import tell_rhythm
from guardian.core.words import Words
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.fields import Fields
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, clear, column, order_tabs, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.checkup.card import StepCard
from guardian.ui.pages.checkup.looking import Seen, Standing, area_of

TOOLS = ("sheet", "history", "about", "report")
PILLAR_ICONS = ("accounts", "vault", "processes", "clauses")


class Board(QWidget):
    """``wanted`` names another part of the page to open, ``gone`` a page of the window.

    ``chosen`` carries the key of a step to be shown in the card, ``look_asked`` comes when the
    computer shall be looked at.
    """

    wanted = Signal(str)
    gone = Signal(str)
    chosen = Signal(str)
    look_asked = Signal()
    undo_asked = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.said = Said(words)
        self.said.undo.clicked.connect(self.undo_asked)
        self.card = StepCard(words)
        self.card.started.connect(lambda todo: self.gone.emit(todo.page))
        self._nothing = Card(gap=10, margin=24)
        self._more = column(gap=0)
        self._standings = column(gap=12)
        self._end = column(gap=16)
        self._shown: tuple[object, ...] = ()
        self.area = scrolling(
            self.said, self.card, self._nothing, self._more, self._standings, self._end, None,
            gap=20,
        )  # fmt: skip
        self.setLayout(column(self.area))

    def show_seen(self, seen: Seen, chosen: str = "") -> None:
        """``chosen``: the key of a step to show in place of the next one."""
        first = [todo for todo in (seen.plan.next, *seen.plan.more) if todo is not None]
        shown = next((todo for todo in (*first, *seen.plan.rest) if todo.key == chosen), None)
        shown = shown or seen.plan.next
        self._show_step(seen, shown)
        self._show_more([todo for todo in first if todo is not shown], seen)
        below = (seen.standings, seen.rhythm, seen.today)
        if below != self._shown:  # most answers change nothing of it
            self._shown = below
            self._show_standings(seen)
            self._show_end(seen.rhythm, seen)
        order_tabs(self)

    def _show_step(self, seen: Seen, todo: Todo | None) -> None:
        self.card.setVisible(todo is not None)
        self._nothing.setVisible(todo is None)
        clear(self._nothing.body)
        if todo is not None:
            caption = self.tr("Your next step") if todo is seen.plan.next else self.tr("Your step")
            self.card.show_todo(todo, seen, caption)
            return
        say = self._words.say
        line = row(Icon("fine", "fine", 26), gap=14, top=True)
        texts = column(
            Text(say("checkup.page.nothing"), "lead"),
            Text(say("checkup.page.nothing.why"), "dim"), gap=6,
        )  # fmt: skip
        line.addLayout(texts, 1)
        self._nothing.body.addLayout(line)

    def _show_more(self, todos: Sequence[Todo], seen: Seen) -> None:
        """At most four rows, and the way to all the others."""
        clear(self._more)
        if todos:
            self._more.addWidget(Text(self.tr("After that, when you like"), "heading"))
            self._more.addSpacing(8)
            box = Card(gap=0, margin=8)
            for number, todo in enumerate(todos):
                if number:
                    box.body.addWidget(Line())
                box.body.addWidget(self._row(todo))
            self._more.addWidget(box)
            self._more.addSpacing(8)
        plan = seen.plan
        left = len(todos) + len(plan.rest) + (1 if not self.card.isHidden() else 0)
        if left or plan.put_aside or plan.done:
            text = self._words.say("checkup.page.all", count=left)
            every = Button(text, "quiet", "forward", lambda: self.wanted.emit("steps"))
            self._more.addLayout(row(every, None))

    def _row(self, todo: Todo) -> QWidget:
        words = self._words
        title = words.tell(todo.title)
        minutes = words.say("checkup.page.minutes", count=todo.minutes)
        texts = column(Text(title), Text(f"{area_of(words, todo)} · {minutes}", "small"), gap=2)
        button = Button(self.tr("Do this one"), "quiet", clicked=lambda: self.chosen.emit(todo.key))
        button.setAccessibleName(self.tr("Do this one: {title}").format(title=title))
        line = row(gap=12)
        line.setContentsMargins(10, 8, 4, 8)
        line.addLayout(texts, 1)
        line.addWidget(button)
        return plain(line)

    def _show_standings(self, seen: Seen) -> None:
        """A profile without pillars has nothing to look at."""
        clear(self._standings)
        if not seen.standings:
            return
        head = row(gap=12)
        head.addWidget(Text(self.tr("What Guardian sees"), "heading"), 1)
        text = self.tr("Look again") if seen.looked else self.tr("Look at this computer")
        head.addWidget(Button(text, "plain", "refresh", self.look_asked.emit))
        self._standings.addLayout(head)
        if not seen.looked:
            self._standings.addWidget(Text(self._words.say("checkup.page.not-looked"), "dim"))
        self._standings.addLayout(Fields(*(self._standing(one) for one in seen.standings)))

    def _standing(self, one: Standing) -> Card:
        words = self._words
        icon = Icon(one.key if one.key in PILLAR_ICONS else "info", "accent", 22)
        name = row(icon, Text(words.say(f"page.{one.key}"), "strong").one_line(), gap=10)
        head = Flow(plain(name), Badge(words, one.summary.level), gap=12)
        opener = Button(
            words.say(f"checkup.page.open.{one.key}"), "quiet", "forward",
            lambda: self.gone.emit(one.key),
        )  # fmt: skip
        text = Text(words.tell(one.summary.text), "dim")
        return Card(head, text, None, row(opener, None), gap=6, margin=16)

    def _show_end(self, rhythm: Rhythm, seen: Seen) -> None:
        """The rhythm in one line, and the other parts of the page."""
        clear(self._end)
        words = self._words
        told = tell_rhythm(rhythm, seen.reminder, seen.today, words)
        texts = column(Text(self.tr("Your rhythm"), "strong"), Text(" ".join(told), "dim"), gap=3)
        change = Button(self.tr("Change"), clicked=lambda: self.wanted.emit("rhythm"))
        change.setAccessibleName(self.tr("Change your rhythm"))
        line = row(Icon("clock", "accent", 22), gap=14)
        line.addLayout(texts, 1)
        line.addWidget(change)
        self._end.addWidget(Card(line, margin=16))
        names = {
            "sheet": self.tr("How the score is made"),
            "history": self.tr("How the score went"),
            "about": self.tr("About you"),
            "report": self.tr("Save a report"),
        }
        icons = {"sheet": "info", "history": "traffic", "about": "person", "report": "save"}
        buttons = [
            Button(names[key], "plain", icons[key], lambda key=key: self.wanted.emit(key))
            for key in TOOLS
        ]
        self._end.addLayout(Flow(*buttons, gap=10))


class Said(Card):
    """What was just done, in one calm line, and the way back."""

    def __init__(self, words: Words) -> None:
        super().__init__(role="tint", margin=12)
        self._words = words
        self.text = Text(role="body")
        self.undo = Button(self.tr("Undo"), "quiet", "undo")
        self.undo.setToolTip("Ctrl+Z")
        line = row(Icon("fine", "accent", 20), gap=10)
        line.addWidget(self.text, 1)
        line.addWidget(self.undo)
        self.body.addLayout(line)
        self.hide()

    def show_text(self, text: str) -> None:
        self.text.setText(text)
        self.setAccessibleName(text)
        self.undo.setAccessibleName(self.tr("Undo: {what}").format(what=text))
        self.show()
