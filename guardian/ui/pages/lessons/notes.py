"""What the trainer alone should read: seen on the own screen, and not on the wall."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from guardian.ui import theme
from guardian.ui.kit.layout import Item, column


class Aside(QWidget):
    """Shown without a projector only; or with one only, if ``on_wall``."""

    def __init__(self, *items: Item, on_wall: bool = False) -> None:
        super().__init__()
        self._on_wall = on_wall
        self.setProperty("role", "plain")
        self.setLayout(column(*items, gap=4))
        if not self._wanted:
            self.hide()

    @property
    def _wanted(self) -> bool:
        return theme.look().projected is self._on_wall

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES and self.parentWidget() is not None:
            self.setVisible(self._wanted)
        super().changeEvent(event)
