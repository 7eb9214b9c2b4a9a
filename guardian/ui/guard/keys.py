"""Hears the keys that work in every window and dialog: F9, and Esc twice."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

TWICE = 0.5  # seconds between the beginnings of two presses
SAME = 0.04  # seconds; several events of one press follow each other faster than any finger
BOUNCE = 0.004  # seconds; so soon after a release it is the display that repeats a key held down
PRESSES = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})
HEARD = PRESSES | {QEvent.Type.KeyRelease, QEvent.Type.Show}


class Keys(QObject):
    """Works from the first to the last moment of the window.

    Both come before the dialog or page that has the focus hears them; a single Esc is left to it.
    A press counts from when the key went down, where the display tells: a window that was busy
    hears of it late.
    ``appeared`` carries every window and dialog that is shown.
    """

    asked_cover = Signal()
    asked_exit = Signal()
    appeared = Signal(object)

    def __init__(self, parent: QObject, now: Callable[[], float] = monotonic) -> None:
        super().__init__(parent)
        self._now = now
        self._first = self._last = self._let_go = float("-inf")
        self._released = True
        QCoreApplication.instance().installEventFilter(self)

    def stop(self) -> None:
        QCoreApplication.instance().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in HEARD:
            return False
        if kind == QEvent.Type.Show:
            if isinstance(watched, QWidget) and watched.isWindow():
                self.appeared.emit(watched)
            return False
        if not isinstance(event, QKeyEvent) or event.isAutoRepeat():
            return False
        if event.key() == Qt.Key.Key_Escape:
            return self._escape(event.timestamp() / 1000, pressed=kind in PRESSES)
        if event.key() == Qt.Key.Key_F9 and not event.modifiers():
            if kind == QEvent.Type.KeyPress:
                self.asked_cover.emit()
            return kind != QEvent.Type.ShortcutOverride
        return False

    def _escape(self, told: float, *, pressed: bool) -> bool:
        """Whether this was the second Esc: then nobody else hears of it.

        ``told`` is the moment by the display's own clock in seconds, 0 where it has none.
        """
        now = told or self._now()
        if not pressed:
            self._released = True
            self._let_go = told or self._let_go
            return False
        held = told and 0 <= now - self._let_go < BOUNCE
        again = not held and (self._released or not 0 <= now - self._last <= SAME)
        self._last, self._released = now, False
        if not again:  # the same press, on its way to somebody else
            return False
        if 0 <= now - self._first <= TWICE:
            self._first = float("-inf")
            self.asked_exit.emit()
            return True
        self._first = now
        return False
