"""What stands beside the text: numbers and quiet lines left of it, the whole in small right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from guardian.core.feature import Level
from guardian.ui import theme

GRAVEST = (Level.ACT, Level.ASK, Level.FINE)
STRIP, TICK = 12, 3  # pixels at 100 %


@dataclass(frozen=True)
class Mark:
    """One passage: ``number`` is that of its card, ``start`` and ``end`` are source offsets.

    One without a level has no number either: it is left for the person, or only pointed at.
    """

    start: int
    end: int
    level: Level | None = None
    number: int = 0


class Marked(Protocol):
    """What is known of the text these stand beside; it is a widget."""

    marks: tuple[Mark, ...]
    left: tuple[Mark, ...]
    chosen: Mark | None

    def numbers_in_view(self) -> list[tuple[QRectF, tuple[Mark, ...]]]: ...
    def left_in_view(self) -> list[tuple[float, float]]: ...
    def parts(self) -> Iterator[tuple[float, Mark]]: ...
    def offer(self, place: int) -> None: ...


class Edge(QWidget):
    """The numbers beside the text, each in the colours of its level; a click chooses."""

    def __init__(self, view: Marked) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Room for two numbers in one line and the dots; none where nothing is marked."""
        if not self._view.marks:
            return QSize(theme.px(10) if self._view.left else 0, 0)
        figure = "8" * len(str(max(mark.number for mark in self._view.marks)))
        wide = QFontMetrics(theme.font("small")).horizontalAdvance(f"{figure}, {figure}")
        return QSize(wide + theme.px(18), 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        metrics = painter.fontMetrics()
        painter.setPen(dots(colours.dim))
        for top, bottom in self._view.left_in_view():
            x = self.width() - theme.px(3)
            painter.drawLine(QLineF(x, top + 4, x, bottom - 4))
        for area, marks in self._view.numbers_in_view():
            level = gravest(marks).value
            text = numbers(marks)
            height = min(metrics.height() + theme.px(2), area.height())
            width = max(metrics.horizontalAdvance(text) + theme.px(10), height)
            chip = QRectF(0, 0, width, height)
            chip.moveCenter(QPointF(self.width() - width / 2 - theme.px(7), area.center().y()))
            line, ground = getattr(colours, level), getattr(colours, f"{level}_soft")
            ink = line
            if self._view.chosen in marks:
                line, ground, ink = colours.accent, colours.accent, colours.on_accent
            painter.setPen(QPen(QColor(line), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(chip, height / 2, height / 2)
            painter.setPen(QColor(ink))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for area, marks in self._view.numbers_in_view():
            if area.contains(event.position()):
                self._view.offer(marks[0].start)


class Strip(QWidget):
    """The whole document in small: a tick for each passage. A click chooses the nearest."""

    def __init__(self, view: Marked) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(STRIP) if self._view.marks or self._view.left else 0, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        room, tick = self.height() - theme.px(TICK), theme.px(TICK)
        for part, mark in self._view.parts():
            inset = theme.px(3 if mark.level else 5)
            colour = getattr(colours, mark.level.value) if mark.level else colours.border
            if mark == self._view.chosen:
                colour, inset = colours.accent, 0
            area = QRectF(inset, part * room, self.width() - 2 * inset, tick)
            painter.fillRect(area, QColor(colour))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        wanted = event.position().y() / max(self.height(), 1)
        marks = [(abs(part - wanted), mark.start) for part, mark in self._view.parts()]
        if marks:
            self._view.offer(min(marks)[1])


def dots(colour: str) -> QPen:
    """A line of round dots."""
    pen = QPen(QColor(colour), theme.px(3))
    pen.setDashPattern([0.01, 2.2])  # in widths of the pen; the round ends make the dots
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def gravest(marks: Sequence[Mark]) -> Level:
    return min((mark.level for mark in marks if mark.level), key=GRAVEST.index)


def numbers(marks: Sequence[Mark]) -> str:
    """«3», «3, 4», or «3 …» where there are more."""
    known = list(dict.fromkeys(mark.number for mark in marks))
    return ", ".join(map(str, known)) if len(known) < 3 else f"{known[0]} …"
