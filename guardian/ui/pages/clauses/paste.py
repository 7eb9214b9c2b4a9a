"""The step in which a person pastes the words of a document."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.text import Text


class PasteField(QPlainTextEdit):
    """Takes words alone: no pictures, no markup, and no files (the page takes those)."""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.canInsertFromMimeData(source):
            self.insertPlainText(source.text())


class PastePanel(QWidget):
    """``given`` carries the text."""

    given = Signal(str)
    left = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.field = PasteField()
        self.field.setAccessibleName(self.tr("Text of the document"))
        self.field.setPlaceholderText(self.tr("Paste the text here"))
        self.field.setTabChangesFocus(True)
        self.explain = Button(
            self.tr("Explain this text"), "primary",
            clicked=lambda: self.given.emit(self.field.toPlainText()),
        )  # fmt: skip
        self._cancel = Button(self.tr("Cancel"), clicked=self.left.emit)
        box = column(Text(words.say("clauses.page.paste"), "dim"), gap=14)
        box.addWidget(self.field, 1)
        box.addLayout(row(self.explain, self._cancel, None, gap=8))
        self.setLayout(box)
        self.field.textChanged.connect(self._judge)
        self._judge()

    def begin(self, text: str = "") -> None:
        """An empty field, or one that holds what was pasted before it was open."""
        self.field.setPlainText(text)
        self.field.setFocus()

    def _judge(self) -> None:
        self.explain.setEnabled(not self.field.document().isEmpty())
