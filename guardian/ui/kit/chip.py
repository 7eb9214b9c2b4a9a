"""A small fact as icon and words together, such as what a program can reach."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from guardian.ui.kit.icon import Icon
from guardian.ui.kit.text import Text


class Chip(QFrame):
    """Said by its words; the icon only helps the eye."""

    def __init__(self, icon_name: str, text: str, token: str = "ink") -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.label = Text(text, "small").one_line()
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 4, 11, 4)
        box.setSpacing(6)
        box.addWidget(Icon(icon_name, token, 16))
        box.addWidget(self.label)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
