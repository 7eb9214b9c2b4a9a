"""A small chart of bars that can be walked through with the keys and chosen one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from guardian.ui import theme

HEIGHT = 128  # at 100 %
WIDEST = 72  # of one bar with its gap
LINE = 18  # of words above and below the bars


@dataclass(frozen=True)
class Bar:
    """``name`` says it whole («2019: 3 accounts»); ``short`` takes the place of ``label`` where
    there is little room; ``open`` bars are drawn as an outline: nothing is known of them."""

    key: str
    label: str
    short: str
    count: int
    name: str
    open: bool = False


class Bars(QWidget):
    """``chosen`` carries the key of a bar that was clicked, or got Enter or the space bar."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._bars: tuple[Bar, ...] = ()
        self._current = 0
        self._hovered = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        self._current = min(self._current, max(len(bars) - 1, 0))
        self.setAccessibleDescription(". ".join(bar.name for bar in bars))
        self.setAccessibleName(self._name)
        self.update()

    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def sizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(HEIGHT))

    def place_of(self, number: int) -> QRect:
        """Where a bar and its words stand."""
        step = min(self.width() / max(len(self._bars), 1), theme.px(WIDEST))
        left, right = round(number * step), round((number + 1) * step)
        return QRect(left, 0, right - left, self.height())

    def _at(self, point: QPointF) -> int:
        places = range(len(self._bars))
        return next((n for n in places if self.place_of(n).contains(point.toPoint())), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go(number)
            self.chosen.emit(self._bars[number].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            hand = Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.ArrowCursor
            self.setCursor(hand)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._bars) - 1}
        key = Qt.Key(event.key())
        if not self._bars:
            super().keyPressEvent(event)
        elif key in steps:
            self._go(self._current + steps[key])
        elif key in ends:
            self._go(ends[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._bars[self._current].key)
        else:
            super().keyPressEvent(event)

    def _go(self, number: int) -> None:
        """Move to a bar; a screen reader hears its name."""
        self._current = min(max(number, 0), len(self._bars) - 1)
        self.setAccessibleName(f"{self._name}. {self._bars[self._current].name}")
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._bars[number].name if number >= 0 else "")
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.updateGeometry()
        super().changeEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        most = max((bar.count for bar in self._bars), default=0) or 1
        metrics, gap = QFontMetrics(theme.font("small")), theme.px(8)
        room = min((self.place_of(n).width() for n in range(len(self._bars))), default=0) - gap
        short = any(metrics.horizontalAdvance(bar.label) > room for bar in self._bars)
        for number, bar in enumerate(self._bars):
            self._paint_bar(painter, number, bar, bar.count / most, short=short)
        painter.end()

    def _paint_bar(
        self, painter: QPainter, number: int, bar: Bar, share: float, *, short: bool
    ) -> None:
        colours, words = theme.tokens(), theme.px(LINE)
        place = self.place_of(number)
        inner = QRectF(place).adjusted(theme.px(5), words, -theme.px(5), -words)
        top = inner.bottom() - max(inner.height() * share, 2.0 if bar.count else 1.0)
        body = QRectF(inner.left(), top, inner.width(), inner.bottom() - top)
        lit = number == self._hovered
        colour = QColor(colours.accent_hover if lit else colours.accent)
        if not bar.count:
            colour = QColor(colours.line)
        round_by = min(theme.px(4), body.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if bar.open and bar.count:
            painter.setPen(QPen(QColor(colours.dim), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(colours.accent_soft if lit else colours.card))
        painter.drawRoundedRect(body, round_by, round_by)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setPen(QColor(colours.ink if bar.count else colours.dim))
        above = QRectF(place.left(), top - words, place.width(), words)
        painter.drawText(above, centre | Qt.AlignmentFlag.AlignVCenter, f"{bar.count:,}")
        painter.setPen(QColor(colours.dim))
        below = QRectF(place.left(), inner.bottom(), place.width(), words)
        text = bar.short if short else bar.label
        painter.drawText(below, centre | Qt.AlignmentFlag.AlignVCenter, text)
        if self.hasFocus() and number == self._current:
            painter.setPen(QPen(QColor(colours.accent), theme.ring()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(place).adjusted(2, 1, -2, -1), theme.px(6), theme.px(6))
