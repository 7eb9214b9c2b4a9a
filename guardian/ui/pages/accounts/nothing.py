"""What the page shows where there is no account: why, and what else can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Found, NotRead
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Picture
from guardian.ui.kit.layout import column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.coverage import Coverage
from guardian.ui.pages.accounts.handing import Handing

NARROW = 560  # pixels at 100 %


class Nothing(QWidget):
    """``look_again`` comes when the person wants to choose what to read."""

    look_again = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = desk.words
        self._title, self._text = Text(role="heading"), Text(role="dim")
        self.button = Button("", "primary", "refresh", self.look_again.emit)
        self.coverage = Coverage(desk.words, desk.clock)
        self.handing = Handing(desk.words)
        said = column(None, self._title, self._text, row(self.button, None), None, gap=10)
        self._picture = Picture("accounts")
        head = row(self._picture, gap=24)
        head.addLayout(said, 1)
        self.setLayout(column(scrolling(plain(head), self.coverage, self.handing, None)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in theme.LOOK_CHANGES:
            self._arrange()

    def _arrange(self) -> None:
        """Where there is little room, words are worth more than a picture."""
        self._picture.setVisible(self.width() >= theme.px(NARROW))

    def show_places(self, refused: Sequence[NotRead]) -> None:
        """There is nothing that could be read at all."""
        say = self._words.say
        if refused:
            title, text = say("accounts.page.refused.title"), say("accounts.page.refused.text")
        else:
            title, text = say("accounts.page.none.title"), say("accounts.page.none.text")
        self._say(title, text, self.tr("Look again"))
        self.coverage.show_refused(tuple(refused))
        self.coverage.setVisible(bool(refused))

    def show_found(self, found: Found) -> None:
        """What could be read shows no account."""
        say = self._words.say
        if found.not_read:
            title, text = say("accounts.page.unread.title"), say("accounts.page.unread.text")
        else:
            title, text = say("accounts.page.nothing.title"), say("accounts.page.nothing.text")
        self._say(title, text, self.tr("Choose what to read"))
        self.coverage.show_found(found)
        self.coverage.setVisible(True)
        self.handing.show_brought(found.brought)

    def _say(self, title: str, text: str, button: str) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(button)
        self.button.dress()
