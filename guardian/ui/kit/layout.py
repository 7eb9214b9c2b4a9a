"""Rows, columns and cards, with the spacing of the house."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QVBoxLayout,
    QWidget,
)

GAP = 12

Item = QWidget | QLayout | int | None


def fill(box: QHBoxLayout | QVBoxLayout, items: tuple[Item, ...]) -> None:
    """Add widgets, layouts, gaps (pixels) and stretches (None) in order."""
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)


def row(*items: Item, gap: int = GAP, top: bool = False) -> QHBoxLayout:
    """Side by side; ``top`` aligns to the upper edge."""
    box = QHBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    fill(box, items)
    if top:
        for number in range(box.count()):
            if box.itemAt(number).widget():
                box.setAlignment(box.itemAt(number).widget(), Qt.AlignmentFlag.AlignTop)
    return box


def column(*items: Item, gap: int = GAP) -> QVBoxLayout:
    """One below the other."""
    box = QVBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    fill(box, items)
    return box


def clear(box: QLayout) -> None:
    """Empty a layout and drop what was in it."""
    while (item := box.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner := item.layout():
            clear(inner)


def at_least(box: QVBoxLayout, width: int) -> None:
    """Keep a column ``width`` pixels wide or wider, as wide as what is in it needs."""
    box.addStrut(width)


class Card(QFrame):
    """A framed group; add to ``body``. ``role`` is card, well, tint or notice."""

    def __init__(self, *items: Item, role: str = "card", gap: int = 8, margin: int = 20) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.body = column(*items, gap=gap)
        self.body.setContentsMargins(margin, margin - 2, margin, margin - 2)
        self.setLayout(self.body)


class Line(QFrame):
    """A thin rule between rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "line")
        self.setFixedHeight(1)


def plain(layout: QLayout) -> QWidget:
    """A bare widget around ``layout``."""
    widget = QWidget()
    widget.setProperty("role", "plain")
    widget.setLayout(layout)
    return widget
