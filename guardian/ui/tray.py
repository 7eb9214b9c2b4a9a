"""The reminder: a small sign in the tray while Guardian runs, in neutral words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from guardian.checkup.model import Rhythm
from guardian.checkup.rhythm import is_due, next_reminder
from guardian.core.words import Words

LOOK_EVERY = 60_000  # milliseconds
SHOWN_FOR = 20_000
DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


class Tray(QObject):
    """An icon with a menu. ``opened``: the person wants the window; the others say what of it.

    ``postponed`` carries for how long, ``silenced`` that there should be no reminder at all.
    """

    opened = Signal()
    postponed = Signal(object)
    silenced = Signal()

    def __init__(self, parent: QObject, words: Words, icon: QIcon) -> None:
        super().__init__(parent)
        self._words = words
        self._icon = QSystemTrayIcon(icon, self)
        self._icon.activated.connect(self._touched)
        self._icon.messageClicked.connect(self.opened)
        self._menu = QMenu()
        for text, act in (
            (self.tr("Open"), self.opened.emit),
            (self.tr("Tomorrow"), lambda: self.postponed.emit(DAY)),
            (self.tr("In a week"), lambda: self.postponed.emit(WEEK)),
            (self.tr("Not for a month"), lambda: self.postponed.emit(MONTH)),
            (self.tr("No more reminders"), self.silenced.emit),
        ):
            action = QAction(text, self._menu)
            action.triggered.connect(act)
            self._menu.addAction(action)
        self._icon.setContextMenu(self._menu)

    @staticmethod
    def is_here() -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def _touched(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.opened.emit()

    def remind(self) -> None:
        """Show the sign, and its message once; no sound, no word of what it is about."""
        title = self._words.say("rhythm.neutral-title")
        self._icon.setToolTip(title)
        if not self.is_here():
            return
        self._icon.show()
        text = self._words.say("rhythm.neutral-text")
        self._icon.showMessage(title, text, QSystemTrayIcon.MessageIcon.NoIcon, SHOWN_FOR)

    def rest(self) -> None:
        self._icon.hide()

    def close(self) -> None:
        """Take sign and menu away for good."""
        self._icon.hide()
        self._menu.deleteLater()


Work = Callable[[], Any]


class Reminders(QObject):
    """Asks once a minute whether a sitting is due, and lets the tray say so once.

    ``read`` gives the rhythm and the day of the last sitting, ``write`` keeps a rhythm; both
    through ``run(work, done)``, off the window's thread. ``planned`` tells the day of the next
    reminder whenever it may have moved, None for never.
    """

    planned = Signal(object)

    def __init__(
        self,
        tray: Tray,
        clock: Callable[[], datetime],
        read: Callable[[], tuple[Rhythm, date | None]],
        write: Callable[[Rhythm], None],
        run: Callable[[Work, Callable[[Any], None]], None],
    ) -> None:
        super().__init__(tray)
        self._tray, self._clock = tray, clock
        self._read, self._write, self._run = read, write, run
        self._shown: date | None = None
        self.moment: datetime | None = None
        """When the next reminder is due, as last reckoned; None for never."""
        tray.postponed.connect(self._postpone)
        tray.silenced.connect(lambda: self._change(lambda rhythm: replace(rhythm, quiet=True)))
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._timer.stop()
        self._tray.rest()

    def look(self) -> None:
        self._run(self._read, self._tell)

    def _tell(self, found: tuple[Rhythm, date | None]) -> None:
        """Show or hide the sign; its message comes once a day at most."""
        (rhythm, last), now = found, self._clock()
        if not is_due(rhythm, now, last):
            self._tray.rest()
        elif self._shown != now.date():
            self._shown = now.date()
            self._tray.remind()
        day = next_reminder(rhythm, now, last)
        self.moment = datetime.combine(day, time(rhythm.hour), now.tzinfo) if day else None
        self.planned.emit(day)

    def _postpone(self, wait: timedelta) -> None:
        until = self._clock().date() + wait
        self._change(lambda rhythm: replace(rhythm, snoozed_until=until))

    def _change(self, change: Callable[[Rhythm], Rhythm]) -> None:
        def work() -> tuple[Rhythm, date | None]:
            self._write(change(self._read()[0]))
            return self._read()

        self._run(work, self._tell)
