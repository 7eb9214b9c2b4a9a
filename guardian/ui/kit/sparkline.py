"""A small line of how a figure went, which can be walked along with the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from guardian.ui import theme

HEIGHT = 72  # at 100 %
EDGE = 8
MOST = 240  # points drawn: more cannot be told apart


class Sparkline(QWidget):
    """Values from 0 to ``top``, the oldest at the left.

    ``chosen`` carries the place of a value that was clicked, or got Enter or the space bar.
    """

    chosen = Signal(int)

    def __init__(self, top: int = 100) -> None:
        super().__init__()
        self._top = top
        self._values: tuple[int, ...] = ()
        self._drawn: list[int] = []
        self._told: Callable[[int], str] = str
        self._name = ""
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Sequence[int], name: str, told: Callable[[int], str]) -> None:
        """``name`` says the whole in words; ``told`` says one value, by its place."""
        self._values, self._name, self._told = tuple(values), name, told
        self._drawn = thin(self._values)
        self._current = len(self._drawn) - 1
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def drawn(self) -> list[int]:
        """The places of the values that are drawn."""
        return self._drawn

    def sizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(HEIGHT))

    def _point(self, number: int) -> QPointF:
        """Where the value with this number among the drawn ones stands."""
        edge = theme.px(EDGE)
        width, height = self.width() - 2 * edge, self.height() - 2 * edge
        across = number / max(len(self._drawn) - 1, 1)
        up = self._values[self._drawn[number]] / self._top
        return QPointF(edge + width * across, edge + height * (1 - up))

    def _nearest(self, x: float) -> int:
        edge = theme.px(EDGE)
        share = (x - edge) / max(self.width() - 2 * edge, 1)
        return min(max(round(share * (len(self._drawn) - 1)), 0), len(self._drawn) - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drawn and event.button() == Qt.MouseButton.LeftButton:
            self._go(self._nearest(event.position().x()))
            self.chosen.emit(self._drawn[self._current])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._drawn) - 1}
        if not self._drawn:
            super().keyPressEvent(event)
        elif key in steps:
            self._go(self._current + steps[key])
        elif key in ends:
            self._go(ends[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._drawn[self._current])
        else:
            super().keyPressEvent(event)

    def _go(self, number: int) -> None:
        """Move to a value; a screen reader hears it."""
        self._current = min(max(number, 0), len(self._drawn) - 1)
        self.setAccessibleName(f"{self._told(self._drawn[self._current])}. {self._name}")
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._drawn:
            number = self._nearest(float(event.pos().x()))
            QToolTip.showText(event.globalPos(), self._told(self._drawn[number]))
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.updateGeometry()
        super().changeEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.px(EDGE)
        painter.setPen(QPen(QColor(colours.line), 1))
        floor = self.height() - edge
        painter.drawLine(QPointF(edge, floor), QPointF(self.width() - edge, floor))
        if self._drawn:
            self._paint_line(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), theme.ring()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, theme.px(8), theme.px(8))
        painter.end()

    def _paint_line(self, painter: QPainter) -> None:
        colours = theme.tokens()
        points = [self._point(number) for number in range(len(self._drawn))]
        accent = QColor(colours.accent)
        if len(points) > 1:
            floor = float(self.height() - theme.px(EDGE))
            ground = [
                QPointF(points[0].x(), floor), *points, QPointF(points[-1].x(), floor)
            ]  # fmt: skip
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawPolygon(QPolygonF(ground))
            ends = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            painter.setPen(QPen(accent, theme.px(2), Qt.PenStyle.SolidLine, *ends))
            painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(QColor(colours.card), 2))
        painter.setBrush(accent)
        painter.drawEllipse(points[self._current], theme.px(5), theme.px(5))


def thin(values: Sequence[int], most: int = MOST) -> list[int]:
    """The places of at most ``most`` values: the ends, and the lowest and highest of each part."""
    if len(values) <= most:
        return list(range(len(values)))
    parts = (most - 2) // 2
    kept = {0, len(values) - 1}
    for part in range(parts):
        first, last = part * len(values) // parts, (part + 1) * len(values) // parts
        places = range(first, last)
        kept.add(min(places, key=values.__getitem__))
        kept.add(max(places, key=values.__getitem__))
    return sorted(kept)
