"""Reminders while somebody is here: the tray, and whether there is one at log-in too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from guardian.core import autostart
from guardian.core.errors import Problem
from guardian.core.paths import Paths
from guardian.core.words import Words
from guardian.ui.kit.icon import icon
from guardian.ui.people.session import Session
from guardian.ui.preferences import read_everybody
from guardian.ui.tray import LOOK_EVERY, Reminders, Tray


class Reminding(QObject):
    """Works from ``begin`` to ``end``, for one person. A guest is never reminded.

    ``window`` is shown when the person touches the sign. After a lock the sign still comes: the
    moment is remembered, in memory, and nothing else of the person's.
    """

    def __init__(
        self, window: QWidget, words: Words, paths: Paths, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(window)
        self._window, self._words, self._paths, self._clock = window, words, paths, clock
        self._tray: Tray | None = None
        self._reminders: Reminders | None = None
        self._session: Session | None = None
        self._kept: tuple[bool, bool] | None = None
        self._moment: datetime | None = None
        self._waiting = QTimer(self)
        self._waiting.setInterval(LOOK_EVERY)
        self._waiting.timeout.connect(self._look_at_clock)

    @property
    def moment(self) -> datetime | None:
        """When the next reminder of whoever is here is due."""
        return self._reminders.moment if self._reminders is not None else None

    def wait(self, moment: datetime | None, *, neutral: bool) -> None:
        """Somebody locked their records: let the sign come at its ``moment`` all the same."""
        self.end()
        if moment is None:
            return
        self._moment = moment
        self._tray = Tray(self, self._words, icon("note" if neutral else "guardian"))
        self._tray.opened.connect(self._open)
        self._tray.postponed.connect(self._put_off)
        self._tray.silenced.connect(self.end)
        self._waiting.start()

    def _look_at_clock(self) -> None:
        if self._tray is not None and self._moment and self._clock() >= self._moment:
            self._waiting.stop()
            self._tray.remind()

    def _put_off(self, by: timedelta) -> None:
        self._moment = self._clock() + by
        if self._tray is not None:
            self._tray.rest()
        self._waiting.start()

    def begin(self, session: Session) -> None:
        """Look at the rhythm of whoever is here, now and once a minute."""
        self.end()
        if session.guest or session.features is None:
            return
        checkup, preferences = session.features.checkup, session.preferences
        self._session = session
        self._tray = Tray(self, self._words, self._sign())
        self._tray.opened.connect(self._open)

        def run(work: Callable[[], Any], done: Callable[[Any], None]) -> None:
            session.jobs.start(
                self._window, lambda _report: work(), done=done, failed=lambda _problem: None
            )

        self._reminders = Reminders(
            self._tray,
            self._clock,
            lambda: (checkup.rhythm(), checkup.last_sitting()),
            checkup.set_rhythm,
            run,
        )
        self._reminders.planned.connect(self._plan)
        settings = preferences.settings
        self._kept = (settings.remind_at_login, settings.neutral_name)
        preferences.changed.connect(self._obey)
        self._reminders.start()

    def end(self) -> None:
        """Take everything away; nobody is here."""
        if self._session is not None:
            self._session.preferences.changed.disconnect(self._obey)
        self._waiting.stop()
        if self._reminders is not None:
            self._reminders.stop()
        if self._tray is not None:
            self._tray.close()
            self._tray.deleteLater()
        self._moment = None
        self._session = self._tray = self._reminders = None

    def _open(self) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _sign(self) -> QIcon:
        assert self._session is not None
        return icon("note" if self._session.preferences.settings.neutral_name else "guardian")

    def _plan(self, day: date | None) -> None:
        """Leave the day where the log-in finds it, if the person wants that."""
        if self._session is None:
            return
        preferences = self._session.preferences
        wanted = preferences.settings.remind_at_login and day is not None
        preferences.change(remind_on=day.isoformat() if wanted and day else "")

    def _obey(self) -> None:
        """The settings changed: keep the entry for log-in, and the day in the file, in step."""
        if self._session is None:
            return
        settings = self._session.preferences.settings
        wanted = (settings.remind_at_login, settings.neutral_name)
        if wanted == self._kept or self._reminders is None:
            return
        self._kept = wanted
        try:
            keep_entry(self._paths)
        except Problem as problem:
            self._session.preferences.failed.emit(problem)
        self._reminders.look()


def keep_entry(paths: Paths) -> None:
    """Have the entry for log-in as long as anybody wants it. Raises ``Problem``."""
    wanting = [one for _file, one in read_everybody(paths) if one.remind_at_login]
    neutral = any(one.neutral_name for one in wanting)
    autostart.keep(bool(wanting), "Notes" if neutral else "Guardian")
