"""A drawn page in a scrolling area, with what was found on it marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from guardian.ui import theme

REST = 120  # milliseconds after the last change of size
EDGE = 3
LEAST_HEIGHT = 160  # pixels at 100 %
Area = tuple[float, float, float, float]


class Sheet(QWidget):
    """The page itself; scaled from what there is until it was drawn anew."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._marks: Sequence[Area] = ()
        self._chosen: Sequence[Area] = ()

    def show_image(self, image: QImage, size: QSize) -> None:
        self._image = image
        self.setFixedSize(size)
        self.update()

    def mark(self, areas: Sequence[Area], chosen: Sequence[Area]) -> None:
        """Rectangles in shares of the page as it lies here."""
        self._marks, self._chosen = areas, chosen
        self.update()

    def place(self, area: Area) -> QRectF:
        left, top, right, bottom = area
        across, down = self.width(), self.height()
        return QRectF(
            left * across - EDGE, top * down - EDGE,
            (right - left) * across + 2 * EDGE, (bottom - top) * down + 2 * EDGE,
        )  # fmt: skip

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        # the paper is white in every theme, and so are the colours on it
        for areas, strength, line in ((self._marks, 70, 1), (self._chosen, 110, 2)):
            for area in areas:
                painter.setPen(QPen(QColor("#8f5208"), line))
                painter.setBrush(QColor(255, 196, 0, strength))
                painter.drawRect(self.place(area))
        painter.end()


class SheetArea(QScrollArea):
    """``resized`` comes a moment after its width has changed; ``turned`` asks for the page before
    (-1) or after (1)."""

    resized = Signal()
    turned = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.sheet = Sheet()
        self.setWidget(self.sheet)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "sheet")
        self.setAccessibleName(name)
        self._width = 0
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.resized)

    @property
    def at_rest(self) -> bool:
        """Whether its size has not changed just now."""
        return not self._rest.isActive()

    def room(self) -> int:
        """Pixels across, leaving room for the bar at the side whether it is there or not."""
        return max(60, self.width() - self.verticalScrollBar().sizeHint().width() - 2 * EDGE)

    def show_area(self, area: Area) -> None:
        """Scroll until ``area`` of the page is in sight."""
        middle = self.sheet.place(area).center().toPoint()
        self.ensureVisible(middle.x(), middle.y(), theme.px(80), theme.px(80))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() != self._width:
            self._width = self.width()
            self._rest.start()

    def sizeHint(self) -> QSize:
        """Room enough to read in, whatever the size of the page."""
        return QSize(theme.px(200), theme.px(LEAST_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(LEAST_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys scroll, and go on to the next page at the end of one."""
        bar, key = self.verticalScrollBar(), event.key()
        if key == Qt.Key.Key_PageDown and bar.value() == bar.maximum():
            self.turned.emit(1)
        elif key == Qt.Key.Key_PageUp and bar.value() == bar.minimum():
            self.turned.emit(-1)
        else:
            super().keyPressEvent(event)


def turn_area(area: Area, turns: int) -> Area:
    """Where a rectangle of the upright page lies after so many quarter turns to the right."""
    for _ in range(turns % 4):
        left, top, right, bottom = area
        area = (1 - bottom, left, 1 - top, right)
    return area
