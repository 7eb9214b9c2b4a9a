"""Lines of two texts, the second ones below each other: a number or a time, and what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from guardian.ui.kit.text import Text


def grid(*, across: int = 16, down: int = 10) -> QGridLayout:
    made = QGridLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setHorizontalSpacing(across)
    made.setVerticalSpacing(down)
    made.setColumnStretch(1, 1)
    return made


def add_line(box: QGridLayout, first: str, second: str, role: str = "body") -> None:
    """One line more; the second text wraps."""
    line = box.count()
    top = Qt.AlignmentFlag.AlignTop
    box.addWidget(Text(first, "strong" if role == "body" else role).one_line(), line, 0, top)
    box.addWidget(Text(second, role), line, 1)
