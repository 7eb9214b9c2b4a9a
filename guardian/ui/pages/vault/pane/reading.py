"""Plain text, letter by letter; nothing in it is followed, drawn or run."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QClipboard, QColor, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.layout import column
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.pane.search import Search
from guardian.vault.service import Text as Told

PIECE = 20_000  # characters laid out at a time, so that the window stays fluid
MOST_HITS = 500


class Page(QPlainTextEdit):
    """Knows what was copied out of it, so that it can be taken off the clipboard again."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self._copied = ""

    def createMimeDataFromSelection(self) -> QMimeData:
        data = super().createMimeDataFromSelection()
        self._copied = data.text()
        return data

    def forget(self) -> None:
        """Drop the text, also from the clipboard where it still lies there."""
        self.clear()
        board = QGuiApplication.clipboard()
        modes = [QClipboard.Mode.Clipboard]
        if board.supportsSelection():
            modes.append(QClipboard.Mode.Selection)
        for mode in modes:
            if self._copied and board.text(mode) == self._copied:
                board.clear(mode)
        self._copied = ""


class Reading(QWidget):
    """The text and a search in it."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._left = ""
        self._hits: list[QTextCursor] = []
        self.page = Page(self.tr("Text of the document"))
        self.search = Search(words)
        self.search.asked.connect(self._search)
        self.search.chose.connect(self._choose)
        self._cut = Text(words.say("vault.view.cut"), "small")
        box = column(self.search, self._cut, gap=8)
        box.addWidget(self.page, 1)
        self.setLayout(box)
        self._cut.hide()
        self._pour = QTimer(self, interval=0)
        self._pour.timeout.connect(self._pour_piece)

    def show_text(self, told: Told) -> None:
        self.forget()
        self._left = told.text
        self._cut.setVisible(not told.whole)
        self._pour_piece()
        self.page.moveCursor(QTextCursor.MoveOperation.Start)
        self._pour.start()

    def forget(self) -> None:
        self._pour.stop()
        self._left, self._hits = "", []
        self._cut.hide()
        self.search.forget()
        self.page.setExtraSelections([])
        self.page.forget()

    @property
    def at_rest(self) -> bool:
        """Whether all is laid out, and what was typed is looked for."""
        return self.whole and self.search.at_rest

    @property
    def whole(self) -> bool:
        """Whether all of the text is laid out."""
        return not self._left

    def _pour_piece(self) -> None:
        """Add the next lines; a new search sees them too."""
        if not self._left:
            self._pour.stop()
            if self.search.field.text().strip():
                self._search(self.search.field.text().strip())
            return
        piece, self._left = self._left[:PIECE], self._left[PIECE:]
        end = QTextCursor(self.page.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(piece)

    def _search(self, text: str) -> None:
        self._hits = []
        if not text:
            self.search.forget()
            self.page.setExtraSelections([])
            return
        document = self.page.document()
        found = document.find(text, 0)
        while not found.isNull() and len(self._hits) < MOST_HITS:
            self._hits.append(found)
            found = document.find(text, found)
        whole = self.whole and len(self._hits) < MOST_HITS
        self.search.show_count(len(self._hits), whole=whole)
        self._mark(0)

    def _choose(self, number: int) -> None:
        place = QTextCursor(self._hits[number])
        place.setPosition(place.selectionStart())
        self.page.setTextCursor(place)
        self.page.centerCursor()
        self._mark(number)

    def _mark(self, chosen: int) -> None:
        tokens = theme.tokens()
        marks = []
        for number, cursor in enumerate(self._hits):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            how = QTextCharFormat()
            here = number == chosen
            how.setBackground(QColor(tokens.accent if here else tokens.ask_soft))
            how.setForeground(QColor(tokens.on_accent if here else tokens.ink))
            mark.format = how
            marks.append(mark)
        self.page.setExtraSelections(marks)
