"""A ring around a figure, which can be pressed to see where the figure comes from."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from guardian.ui import theme

WIDTH = 8  # of the line, at 100 %


class Ring(QAbstractButton):
    """``done`` of ``total`` as an arc around a figure; ``name`` says in words what it counts."""

    def __init__(self, size: int = 92) -> None:
        super().__init__()
        self._size = size
        self._done, self._total, self._figure = 0, 1, ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, done: int, total: int, figure: str, name: str) -> None:
        self._done, self._total, self._figure = done, max(total, 1), figure
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    @property
    def figure(self) -> str:
        return self._figure

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = theme.px(WIDTH)
        area = QRectF(self.rect()).adjusted(width, width, -width, -width)
        pen = QPen(QColor(colours.line), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if self.underMouse():
            painter.setBrush(QColor(colours.accent_soft))
        painter.drawEllipse(area)
        if self._done:
            pen.setColor(QColor(colours.accent))
            painter.setPen(pen)
            painter.drawArc(area, 90 * 16, -round(360 * 16 * self._done / self._total))
        painter.setPen(QColor(colours.ink))
        painter.setFont(theme.font("lead"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._figure)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.ink), theme.ring()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.updateGeometry()
        super().changeEvent(event)
