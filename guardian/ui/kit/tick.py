"""A box to tick with a whole sentence beside it, which wraps as text does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QWidget

from guardian.ui.kit.layout import Item, column, fill, row
from guardian.ui.kit.text import Text


class Tick(QWidget):
    """``text`` belongs to the box: a click on it ticks too. More can stand below it."""

    toggled = Signal(bool)

    def __init__(self, text: str, *below: Item, done: bool = False) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setAccessibleName(text)
        self.box.setChecked(done)
        self.box.toggled.connect(self.toggled)
        self.text = Text(text)
        self.beside = column(self.text, gap=4)
        fill(self.beside, below)
        line = row(self.box, gap=2, top=True)  # the box keeps a gap of its own
        line.addLayout(self.beside, 1)
        self.setLayout(line)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        below = [one for one in self.findChildren(QAbstractButton) if one is not self.box]
        return [self.box, *below]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.text.geometry().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.box.toggle()
        super().mouseReleaseEvent(event)
