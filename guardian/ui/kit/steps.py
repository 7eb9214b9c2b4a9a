"""The steps of a longer way: numbered, each done, to be done now, later, or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QSizePolicy, QWidget

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import row

SIDE = 26  # of the numbered disc, at 100 %
GAP = 8
TICK = ((0.29, 0.52), (0.44, 0.67), (0.72, 0.35))  # in parts of the disc


class Progress(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    LEFT_OUT = "left-out"


class StepButton(Button):
    """One step: its number in a disc, which turns into a tick, and its name."""

    def __init__(self, number: int, title: str) -> None:
        self.number, self.title = number, title
        self.progress = Progress.LATER
        super().__init__(title, "rail")
        self.show_wide(True)

    def show_progress(self, progress: Progress, name: str) -> None:
        """``name`` says the same in words."""
        self.setAccessibleName(name)
        self.setToolTip(name)
        if progress is not self.progress:
            self.progress = progress
            self.dress()

    def show_wide(self, wide: bool) -> None:
        """With its name, or in little room the number alone."""
        self.setText(self.title if wide else "")
        policies = QSizePolicy.Policy
        self.setSizePolicy(policies.Expanding if wide else policies.Maximum, policies.Fixed)
        self.change_role("rail" if wide else "step")
        self.dress()

    def dress(self) -> None:
        super().dress()
        side, gap = theme.px(SIDE), theme.px(GAP) if self.text() else 0
        made = QIcon()
        for ratio in (1, 2):
            made.addPixmap(disc(theme.look(), self.number, self.progress, gap, ratio))
        self.setIcon(made)
        self.setIconSize(QSize(side + gap, side))


class Steps(QWidget):
    """One below the other, or in little room a line of numbers. ``chosen`` tells a step's key.

    ``told`` words how far a step is.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, titles: Mapping[str, str], told: Mapping[Progress, str], line: str
    ) -> None:
        """``line`` names a step in full, with {number}, {count} and {title}."""
        super().__init__()
        self._told, self._line = told, line
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, StepButton] = {}
        self._box = row(gap=4)
        self._box.setDirection(QBoxLayout.Direction.TopToBottom)
        for number, (key, title) in enumerate(titles.items(), 1):
            button = StepButton(number, title)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._box.addWidget(button)
            self.buttons[key] = button
        self._box.addStretch(1)
        self.setLayout(self._box)

    def show_steps(self, progress: Sequence[Progress], shown: str) -> None:
        """``progress`` of each step in order, and the key of the one looked at."""
        for (key, button), far in zip(self.buttons.items(), progress, strict=True):
            button.setChecked(key == shown)
            told = self._line.format(
                number=button.number, count=len(self.buttons), title=button.title
            )
            button.show_progress(far, f"{told} ({self._told[far]})")

    def show_wide(self, wide: bool) -> None:
        """Beside what it leads through, or above it."""
        ways = QBoxLayout.Direction
        wanted = ways.TopToBottom if wide else ways.LeftToRight
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
            for button in self.buttons.values():
                button.show_wide(wide)


@lru_cache(maxsize=128)
def disc(look: theme.Look, number: int, progress: Progress, gap: int, ratio: int) -> QPixmap:
    """The number in its disc, or a tick; ``gap`` logical pixels stay free beside it."""
    colours, side = look.tokens, theme.px(SIDE)
    made = QPixmap((side + gap) * ratio, side * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    now, done = progress is Progress.NOW, progress is Progress.DONE
    dashed = progress is Progress.LEFT_OUT
    edge = QColor(colours.accent if now or done else colours.border)
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(edge, theme.px(2) * 0.75, style))
    ground = {Progress.NOW: colours.accent, Progress.DONE: colours.accent_soft}
    painter.setBrush(QColor(ground.get(progress, colours.card)))
    area = QRectF(1, 1, side - 2, side - 2)
    painter.drawEllipse(area)
    if done:
        round_ends = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(edge, theme.px(2), Qt.PenStyle.SolidLine, *round_ends))
        painter.drawPolyline([QPointF(x * side, y * side) for x, y in TICK])
    else:
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(colours.on_accent if now else colours.dim))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()
    return made
