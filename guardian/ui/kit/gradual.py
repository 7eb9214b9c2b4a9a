"""Building much a little at a time, so that the window stays free in between."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

BUDGET = 0.005  # seconds of building; showing what was built takes Qt several times as long


class Gradual(QObject):
    """Goes through one iterator of small steps at a time; ``rested`` comes at its end."""

    rested = Signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._steps: Iterator[object] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        return self._steps is not None

    def run(self, steps: Iterator[object]) -> None:
        """Begin when the window next has a turn; what was being built is left as it is."""
        self._steps = steps
        self._timer.start()

    def _go_on(self) -> None:
        end = monotonic() + BUDGET
        steps = self._steps
        while steps is not None and steps is self._steps and monotonic() < end:
            if next(steps, self) is self:
                self._steps = None
                self._timer.stop()
                self.rested.emit()
                return
