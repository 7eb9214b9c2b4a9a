"""A level as word, icon and colour together."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.text import Text


class Badge(QFrame):
    """Shows a level; None means «not looked yet»."""

    def __init__(self, words: Words, level: Level | None, text: str = "") -> None:
        super().__init__()
        name = level.value if level else "none"
        self.setProperty("role", "badge")
        self.setProperty("level", name)
        label = Text(text or words.say(f"level.{name}"), "small").one_line()
        label.setProperty("level", name)
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 3, 10, 3)
        box.setSpacing(6)
        icon = Icon(name if level else "unknown", name if level else "dim", 16)
        box.addWidget(icon)
        box.addWidget(label)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
