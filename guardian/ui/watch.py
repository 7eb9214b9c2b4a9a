"""Notices what locks: nobody there, a locked screen, a sleep, and the key for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from guardian.ui.session_watch import SessionWatch

LOOK_EVERY = 5_000  # milliseconds
SLEPT = timedelta(minutes=1)  # between two looks: the computer was asleep, whatever said so
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
    may be set back. Whichever says that the time is over counts. A sleep that the desktop did not
    announce is noticed at the first look or touch after it.
    """

    idle = Signal()
    slept = Signal()
    screen_locked = Signal()
    asked_lock = Signal()

    def __init__(
        self,
        parent: QObject,
        clock: Callable[[], datetime],
        minutes: Callable[[], int],
        session: SessionWatch | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock, self._minutes = clock, minutes
        self._touched = (clock(), monotonic())
        self._looked = clock()
        self.session = session or SessionWatch(self)
        self.session.sleeps.connect(self.slept)
        self.session.screen_locked.connect(self.screen_locked)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self.touch()
        self._looked = self._clock()
        self._timer.start()
        QCoreApplication.instance().installEventFilter(self)
        self.session.start()

    def stop(self) -> None:
        self._timer.stop()
        QCoreApplication.instance().removeEventFilter(self)
        self.session.stop()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = (self._clock(), monotonic())

    def look(self) -> None:
        """Say so when nobody was there for too long, or the computer slept since the last look."""
        slept = self._clock() - self._looked >= SLEPT
        self._looked = self._clock()
        if self._over():
            self.idle.emit()
        elif slept:
            self.slept.emit()

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
        self.look()  # the first touch after a long sleep comes too late
        if self._timer.isActive():
            self.touch()
        return False


def is_lock_key(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_L
        and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    )
