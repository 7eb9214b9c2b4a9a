"""Searching in the document: a field, how many were found, and a way through them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import row
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.document import DocumentView


class FindBar(QWidget):
    """Searches ``view``. Enter goes to the next find, Shift+Enter to the one before."""

    def __init__(self, view: DocumentView) -> None:
        super().__init__()
        self._view = view
        self._found: tuple[tuple[int, int], ...] = ()
        self._current = -1
        self.field = SearchField(self.tr("Find in the document"))
        self.count = Text(role="small").one_line()
        self.before = Button("", icon_name="up", clicked=lambda: self.step(-1))
        self.after = Button("", icon_name="down", clicked=lambda: self.step(1))
        for button, name in (
            (self.before, self.tr("Find before (Shift+F3)")),
            (self.after, self.tr("Next find (F3)")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.field.textChanged.connect(self._search)
        line = row(gap=8)
        line.addWidget(self.field, 1)
        for item in (self.count, self.before, self.after):
            line.addWidget(item)
        self.setLayout(line)
        self._tell()

    def clear(self) -> bool:
        """Empty the field; False when it was empty already."""
        if not self.field.text():
            return False
        self.field.clear()
        return True

    def step(self, by: int) -> None:
        """Go ``by`` finds on, round and round."""
        if self._found:
            self._current = (self._current + by) % len(self._found)
            self._view.show_found(self._found, self._current)
            self._tell()

    def _search(self, text: str) -> None:
        self._found = self._view.shown.find(text)
        self._current = 0 if self._found else -1
        self._view.show_found(self._found, self._current)
        self._tell()

    def _tell(self) -> None:
        many = bool(self._found)
        self.before.setEnabled(many)
        self.after.setEnabled(many)
        text = ""
        if self.field.text().strip():
            text = self.tr("{number} of {count}") if many else self.tr("not found")
        self.count.setText(text.format(number=self._current + 1, count=len(self._found)))
        self.count.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.step(-1 if back else 1)
            return
        super().keyPressEvent(event)
