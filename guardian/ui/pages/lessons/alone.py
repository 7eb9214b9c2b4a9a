"""A lesson for one person: what it is good for, the main points, the questions, a page to keep."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.lessons.model import Pack
from guardian.lessons.telling import list_handout, tell_aim
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.grid import add_line, grid
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.lessons.asking import AskingCard

STEPS = 3


class AlonePanel(QWidget):
    """``paper_asked`` carries whether in large print; ``finished`` ends the lesson."""

    paper_asked = Signal(bool)
    finished = Signal()
    left = Signal()

    def __init__(self, words: Words, pack: Pack, *, done: bool) -> None:
        super().__init__()
        self._words, self._pack = words, pack
        self.asking = AskingCard(words, pack)
        self.asking.done.connect(self._to_end)
        self._end = Card(gap=12, margin=24)
        self.finish = Button(self.tr("I am finished"), "primary", clicked=self.finished.emit)
        self.others = Button(self.tr("Back to all lessons"), "primary", clicked=self.left.emit)
        self._fill_end()
        self.area = scrolling(
            self._aim_card(),
            Text(self.tr("1. The main points"), "heading"),
            self._points_card(),
            Text(self.tr("2. Five questions"), "heading"),
            self.asking,
            Text(self.tr("3. A page to keep"), "heading"),
            self._end,
            None,
            gap=16,
        )
        self.setLayout(column(self.area))
        self.show_finished(done)

    def _aim_card(self) -> Card:
        words = self._words
        steps = column(gap=4)
        for number in range(1, STEPS + 1):
            steps.addWidget(Text(f"{number}.  {words.say(f'lessons.page.do.{number}')}"))
        card = Card(Text(tell_aim(words, self._pack), "lead"), gap=10, margin=24)
        card.body.addWidget(Text(words.say("lessons.page.do"), "dim"))
        card.body.addLayout(steps)
        return card

    def _points_card(self) -> Card:
        """What stands on the handout, to be read here."""
        lines = grid(across=12, down=8)
        for number, text in enumerate(list_handout(self._words, self._pack), 1):
            add_line(lines, f"{number}.", text)
        card = Card(margin=24)
        card.body.addLayout(lines)
        return card

    def _fill_end(self) -> None:
        words = self._words
        self._done = column(
            row(Badge(words, Level.FINE, self.tr("You went through it")), None),
            row(self.others, None),
            gap=12,
        )
        self._end.body.addWidget(Text(words.say("lessons.page.paper")))
        self._end.body.addLayout(
            Flow(
                Button(
                    self.tr("Save the page"),
                    icon_name="save",
                    clicked=lambda: self.paper_asked.emit(False),
                ),
                Button(
                    self.tr("Save it in large print"), clicked=lambda: self.paper_asked.emit(True)
                ),
            )
        )
        self._end.body.addLayout(row(self.finish, None))
        self._end.body.addLayout(self._done)

    def show_finished(self, done: bool) -> None:
        """Whether this lesson was gone through."""
        self.finish.setVisible(not done)
        self.others.setVisible(done)
        badge = self._done.itemAt(0).layout().itemAt(0).widget()
        badge.setVisible(done)

    def _to_end(self) -> None:
        last = self.others if self.finish.isHidden() else self.finish
        self.area.ensureWidgetVisible(self._end)
        last.setFocus()
