"""A problem on the page: what happened, what to do, and a way to put it away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.text import Text


class Notice(Card):
    """Hidden until it has something to say. ``action`` is emitted by its button, if it has one."""

    action = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(role="notice", margin=16)
        self.setParent(parent)
        self._words = words
        self._text = Text(role="strong")
        self._do = Text()
        self._button = Button("", clicked=self.action.emit)
        self._away = Button(self.tr("Hide"), "quiet", clicked=self.hide)
        self._away.setAccessibleName(self.tr("Hide this message"))
        words_column = column(self._text, self._do, gap=4)
        words_column.addLayout(Flow(self._button, self._away))
        line = row(Icon("ask", "ask", 22), top=True)
        line.addLayout(words_column, 1)
        self.body.addLayout(line)
        self.hide()

    def show_problem(self, problem: Problem, button: str = "") -> None:
        """Say what ``problem`` is about; ``button`` labels an action that helps."""
        self.show_text(
            self._words.say(f"problem.{problem.code}", **problem.facts),
            self._words.say(f"problem.{problem.code}.do", **problem.facts),
            button,
        )

    def show_text(self, text: str, do: str = "", button: str = "") -> None:
        self._text.setText(text)
        self._do.setText(do)
        self._do.setVisible(bool(do))
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setAccessibleName(f"{text} {do}".strip())
        self.show()
