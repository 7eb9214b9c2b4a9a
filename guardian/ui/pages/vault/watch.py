"""Notices that nobody touches key or mouse any more, and the key that locks at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

LOOK_EVERY = 5_000  # milliseconds
TOUCHES = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
    QEvent.Type.TabletMove,
}


class Watch(QObject):
    """Works from ``start`` to ``stop``. ``minutes`` is asked anew at each look.

    Two clocks are kept: the steady one stands still while a computer sleeps, the calendar one
    may be set back. Whichever says that the time is over counts.
    """

    idle = Signal()
    asked_lock = Signal()

    def __init__(
        self, parent: QObject, clock: Callable[[], datetime], minutes: Callable[[], int]
    ) -> None:
        super().__init__(parent)
        self._clock, self._minutes = clock, minutes
        self._touched = (clock(), monotonic())
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self.touch()
        self._timer.start()
        QCoreApplication.instance().installEventFilter(self)

    def stop(self) -> None:
        self._timer.stop()
        QCoreApplication.instance().removeEventFilter(self)

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = (self._clock(), monotonic())

    def look(self) -> None:
        """Say so when nobody was there for too long."""
        if self._over():
            self.idle.emit()

    def _over(self) -> bool:
        day, steady = self._touched
        limit = timedelta(minutes=self._minutes())
        return self._clock() - day >= limit or monotonic() - steady >= limit.total_seconds()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in TOUCHES or not self._timer.isActive():
            return False
        if is_lock_key(event):
            self.asked_lock.emit()
            return True
        if self._over():  # the first touch after a long sleep comes too late
            self.idle.emit()
            return False
        self.touch()
        return False


def is_lock_key(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_L
        and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    )
