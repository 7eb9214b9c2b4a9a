"""What the quick exit shows: an empty sheet to write on, and nothing else."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from guardian.ui.kit.layout import column


class NotesPage(QWidget):
    """One can really type on it. Nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = QPlainTextEdit()
        self.sheet.setProperty("role", "notes")
        self.sheet.setAccessibleName(self.tr("Notes"))
        self.setLayout(column(self.sheet))
        self.setFocusProxy(self.sheet)
