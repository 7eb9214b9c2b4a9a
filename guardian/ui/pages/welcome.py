"""The first start: what Guardian does, what it never does, where the records are kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from guardian.core.keys import KeyMode
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Icon, Picture
from guardian.ui.kit.layout import Card, at_least, clear, column, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text

SCREENS = (("does", "welcome", 4), ("never", "never", 4), ("records", "records", 2))


class WelcomePage(QWidget):
    """Three screens; ``finished`` tells whether to look at the computer right away."""

    finished = Signal(bool)

    def __init__(self, words: Words, mode: KeyMode) -> None:
        super().__init__()
        self._words, self._mode = words, mode
        self.screen = 0
        self._picture = Picture("welcome")
        self._title = Text(role="title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._points = column(gap=12)
        self._where = Text(role="small").one_line()
        self._back = Button(self.tr("Back"), clicked=lambda: self._turn(-1))
        self._next = Button("", "primary", clicked=lambda: self._turn(1))
        self._skip = Button(self.tr("Look around first"), clicked=lambda: self.finished.emit(False))
        card = Card(gap=10, margin=32)
        card.body.addLayout(row(None, self._picture, None))
        card.body.addWidget(self._title)
        card.body.addSpacing(6)
        card.body.addLayout(self._points)
        card.body.addSpacing(14)
        card.body.addLayout(row(self._where, None, self._back, self._skip, self._next))
        at_least(card.body, theme.px(600))
        outer = column(scrolling(None, row(None, card, None), None))
        outer.setContentsMargins(24, 24, 24, 24)
        self.setLayout(outer)
        self.setFocusProxy(self._next)
        self._show()

    def _turn(self, by: int) -> None:
        if self.screen + by >= len(SCREENS):
            self.finished.emit(True)
            return
        self.screen = max(self.screen + by, 0)
        self._show()

    def _show(self) -> None:
        words = self._words
        name, picture, points = SCREENS[self.screen]
        self._picture.change(picture)
        self._title.setText(words.say(f"welcome.{name}"))
        clear(self._points)
        texts = [words.say(f"welcome.{name}.{number}") for number in range(1, points + 1)]
        if name == "records":
            texts.insert(0, words.say(f"welcome.records.{self._mode.value}"))
        for text in texts:
            line = row(Icon("fine", "accent", 20), gap=12, top=True)
            line.addWidget(Text(text), 1)
            self._points.addLayout(line)
        last = self.screen == len(SCREENS) - 1
        count = {"screen": self.screen + 1, "screens": len(SCREENS)}
        self._where.setText(self.tr("{screen} of {screens}").format(**count))
        self._back.setEnabled(self.screen > 0)
        self._skip.setVisible(last)
        self._next.setText(self.tr("Look at this computer") if last else self.tr("Next"))
        self._next.setFocus()
