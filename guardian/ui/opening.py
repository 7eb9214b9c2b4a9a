"""Before the pages: the records are being opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.ui.kit.icon import Picture
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.text import Text

QUIET_MILLISECONDS = 400


class OpeningPage(QWidget):
    """Says that it is working, but only once that takes long enough to wonder."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._text = Text(words.say("opening.wait"), "dim")
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text.hide()
        self.setLayout(column(None, row(None, Picture("opening"), None), self._text, None, None))
        QTimer.singleShot(QUIET_MILLISECONDS, self._text, self._text.show)
