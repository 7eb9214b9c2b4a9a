"""A field for a small whole number; the arrow keys count up and down."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QIntValidator, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from guardian.ui import theme

WIDTH = 72  # pixels at 100 %


class Number(QLineEdit):
    """From 0 to ``most``; an empty field counts as 0."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__("0")
        self._most = most
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setValidator(QIntValidator(0, most, self))
        self.setMaxLength(len(str(most)))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def value(self) -> int:
        return int(self.text()) if self.text().isdecimal() else 0

    def set_value(self, value: int) -> None:
        self.setText(str(value))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What is typed takes the place of what is there."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() in steps:
            wanted = self.value() + steps[Qt.Key(event.key())]
            self.set_value(min(max(wanted, 0), self._most))
        else:
            super().keyPressEvent(event)
