"""A ring that shows how many of a few things are done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from guardian.ui import theme


class Ring(QWidget):
    """``done`` of ``total`` as an arc around a figure; ``name`` says what it counts."""

    def __init__(self, size: int = 92) -> None:
        super().__init__()
        self._size = size
        self._done, self._total, self._text = 0, 1, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, done: int, total: int, text: str, name: str) -> None:
        self._done, self._total, self._text = done, max(total, 1), text
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = theme.px(8)
        area = QRectF(self.rect()).adjusted(width, width, -width, -width)
        pen = QPen(QColor(colours.line), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawEllipse(area)
        if self._done:
            pen.setColor(QColor(colours.accent))
            painter.setPen(pen)
            painter.drawArc(area, 90 * 16, -round(360 * 16 * self._done / self._total))
        painter.setPen(QColor(colours.ink))
        painter.setFont(theme.font("heading"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.updateGeometry()
        super().changeEvent(event)
