"""What stands where a page would: nothing chosen yet, still opening, a password, why not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import SecretField
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.text import Text


class Instead(QWidget):
    """An icon and two lines in the middle; ``unlocked`` carries a password that was typed."""

    unlocked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.icon = Icon("file", "dim", 36)
        self.title, self.why = Text(role="strong"), Text(role="dim")
        for text in (self.title, self.why):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.field = SecretField(self.tr("Password of this document"))
        self.field.returnPressed.connect(self._answer)
        self.button = Button(self.tr("Show it"), clicked=self._answer)
        line = row(gap=8)
        line.addWidget(self.field, 1)
        line.addWidget(self.button)
        self._ask = QWidget()
        self._ask.setLayout(line)
        self.setLayout(
            column(None, row(None, self.icon, None), self.title, self.why, self._ask, None, None)
        )
        self._ask.hide()

    def show_lines(
        self, icon: str, title: str, why: str = "", *, token: str = "dim", ask: bool = False
    ) -> None:
        """``ask`` for the document's password."""
        self.icon.change(icon, token)
        self.title.setText(title)
        self.why.setText(why)
        self.field.setText("")
        self._ask.setVisible(ask)

    def _answer(self) -> None:
        typed = self.field.text()
        self.field.setText("")
        if typed:
            self.unlocked.emit(typed)
