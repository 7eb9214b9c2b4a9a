"""Searching within the document that is shown: a field, how many were found, one after another."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import column, plain, row
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.text import Text

REST = 250  # milliseconds after the last letter


class Search(QWidget):
    """``asked`` carries what to look for, nothing to look for nothing; ``chose`` which hit."""

    asked = Signal(str)
    chose = Signal(int)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._count, self._number, self._whole = 0, 0, True
        self.field = SearchField(self.tr("Search in this document"))
        self.field.setMinimumWidth(theme.px(120))
        self.field.textChanged.connect(self._typed)
        self.before = Button("", "tool", "up", lambda: self.step(-1))
        self.after = Button("", "tool", "down", lambda: self.step(1))
        for button, name in (
            (self.before, self.tr("Previous place")),
            (self.after, self.tr("Next place")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.told = Text(role="small")
        line = row(gap=4)
        line.addWidget(self.told, 1)
        line.addWidget(self.before)
        line.addWidget(self.after)
        self._found = plain(line)
        self.setLayout(column(self.field, self._found, gap=4))
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(lambda: self.asked.emit(self.field.text().strip()))
        self.forget()

    @property
    def at_rest(self) -> bool:
        """Whether what was typed is looked for."""
        return not self._rest.isActive()

    def forget(self) -> None:
        """Nothing is looked for."""
        self.field.setText("")
        self._rest.stop()
        self._count = 0
        self._found.hide()

    def show_count(self, count: int, *, whole: bool = True, going_on: bool = False) -> None:
        """So many places so far; the first is chosen, and stays so while more are found."""
        fresh = not self._count
        self._count, self._whole = count, whole
        self.before.setVisible(count > 1)
        self.after.setVisible(count > 1)
        self._found.show()
        if not count:
            code = "vault.view.hits.searching" if going_on else "vault.view.hits.none"
            self.told.setText(self._words.say(code))
        elif fresh:
            self._number = 0
            self._choose()
        else:
            self._tell()

    def step(self, by: int) -> None:
        if self._count:
            self._number = (self._number + by) % self._count
            self._choose()

    def _choose(self) -> None:
        self._tell()
        self.chose.emit(self._number)

    def _tell(self) -> None:
        code = "vault.view.hits" if self._whole else "vault.view.hits.some"
        self.told.setText(self._words.say(code, number=self._number + 1, count=self._count))

    def _typed(self) -> None:
        self._count = 0
        self._found.hide()
        self._rest.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.step(-1 if back else 1)
        else:
            super().keyPressEvent(event)
