"""The fields of a form in columns of one width, as many as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from guardian.ui import theme
from guardian.ui.kit.layout import column
from guardian.ui.kit.text import Text

LEAST = 220  # of a column, in pixels at 100 %
LEAST_OF_ALL = 160  # pixels, where one column has to do


class Field(QWidget):
    """A name above its control; ``hint`` says in small letters what it is for."""

    def __init__(self, name: str, control: QWidget, hint: str = "") -> None:
        super().__init__()
        self.control = control
        self.label = Text(name, "strong")
        self.label.setBuddy(control)
        control.setAccessibleName(name)
        control.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hint = Text(hint, "small")
        self.hint.setVisible(False)
        box = column(self.label, control, self.hint, gap=5)
        self.setLayout(box)
        self.show_hint(hint)

    def show_hint(self, hint: str) -> None:
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))


class Fields(QLayout):
    """Fields line by line. One that is hidden leaves no gap."""

    def __init__(self, *fields: QWidget, gap: int = 14) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)
        for field in fields:
            self.addWidget(field)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), moving=False)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._place(area, moving=True)

    def minimumSize(self) -> QSize:
        return QSize(LEAST_OF_ALL, theme.px(40))

    def sizeHint(self) -> QSize:
        width = theme.px(LEAST) * 2 + self.spacing()
        return QSize(width, self.heightForWidth(width))

    def _place(self, area: QRect, *, moving: bool) -> int:
        """Put the fields into ``area``, or only find the height they need."""
        shown = [item for item in self._items if not item.isEmpty()]
        gap, least = self.spacing(), theme.px(LEAST)
        columns = max(1, min((area.width() + gap) // (least + gap), 2))
        width = (area.width() - gap * (columns - 1)) // columns
        y = area.y()
        for start in range(0, len(shown), columns):
            line = shown[start : start + columns]
            height = max(tall(item, width) for item in line)
            for number, item in enumerate(line):
                if moving:
                    x = area.x() + number * (width + gap)
                    item.setGeometry(QRect(x, y, width, tall(item, width)))
            y += height + gap
        return max(y - gap - area.y(), 0)


def tall(item: QLayoutItem, width: int) -> int:
    """The height ``item`` needs at this width."""
    if item.hasHeightForWidth():
        return item.heightForWidth(width)
    return item.sizeHint().height()
