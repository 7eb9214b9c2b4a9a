"""Rows, columns and cards, with the spacing of the house."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
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


def make_room(part: QWidget) -> None:
    """Show ``part``, which was put into a layout, and move all around it now, up to what scrolls.

    Qt does so by and by, and paints squeezed texts meanwhile.
    """
    part.show()
    around = part.parentWidget()
    while around is not None and (layout := around.layout()) is not None:
        layout.activate()
        above = around.parentWidget()
        if above is not None and isinstance(above.parentWidget(), QScrollArea):
            QCoreApplication.sendEvent(around, QEvent(QEvent.Type.LayoutRequest))
            return
        around = above


def at_least(box: QVBoxLayout, width: int) -> None:
    """Keep a column ``width`` pixels wide or wider, as wide as what is in it needs."""
    box.addStrut(width)


def reading_order(item: QWidget | QLayout) -> Iterator[QWidget]:
    """The widgets in ``item`` that Tab stops at, from top to bottom as they are laid out.

    Of a group of buttons that is entered once, any may be the one to enter.
    """
    if isinstance(item, QWidget):
        policy, none = item.focusPolicy(), Qt.FocusPolicy.NoFocus
        if policy & Qt.FocusPolicy.TabFocus or (
            isinstance(item, QAbstractButton) and policy != none
        ):
            yield item
        if isinstance(item, QScrollArea) and item.widget() is not None:
            yield from reading_order(item.widget())
        if item.layout() is not None:
            yield from reading_order(item.layout())
        return
    for number in range(item.count()):
        inner = item.itemAt(number).widget() or item.itemAt(number).layout()
        if inner is not None:
            yield from reading_order(inner)


def order_tabs(part: QWidget) -> None:
    """Let Tab follow ``part`` from top to bottom, although parts of it were made anew."""
    for one, other in pairwise(reading_order(part)):
        QWidget.setTabOrder(one, other)


class Remembering(QVBoxLayout):
    """A column that remembers how tall it is at each width until something in it changes.

    Qt remembers one width, but asks for two, several times over, whenever anything near it moves:
    with many cards on a page the window would spend all its time on wrapping their texts anew.
    """

    def __init__(self, *items: Item, gap: int = GAP) -> None:
        super().__init__()
        self._heights: dict[int, int] = {}
        self._least: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)
        fill(self, items)

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def minimumHeightForWidth(self, width: int) -> int:
        if width not in self._least:
            self._least[width] = super().minimumHeightForWidth(width)
        return self._least[width]

    def invalidate(self) -> None:
        self._heights.clear()
        self._least.clear()
        super().invalidate()


class Card(QFrame):
    """A framed group; add to ``body``. ``role`` is card, well, tint or notice."""

    def __init__(self, *items: Item, role: str = "card", gap: int = 8, margin: int = 20) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.body = Remembering(*items, gap=gap)
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
