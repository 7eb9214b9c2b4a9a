"""Keeping the score when a sitting comes to rest."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from guardian.checkup.service import CheckupService
from guardian.core.errors import Problem
from guardian.ui.jobs import Jobs
from guardian.ui.pages.checkup import looking

REST = 60_000  # milliseconds after the last answer


class Keeper(QObject):
    """Takes one snapshot for a row of answers, not one for each."""

    def __init__(self, owner: QWidget, service: CheckupService, jobs: Jobs) -> None:
        super().__init__(owner)
        self._owner, self._service, self._jobs = owner, service, jobs
        self._moved = self._any = False
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.keep)

    def touch(self) -> None:
        """Something has moved the score, or may have."""
        self._moved = self._any = True
        self._rest.start()

    def take(self) -> bool:
        """Whether something has moved; whoever asks keeps it."""
        moved, self._moved = self._moved, False
        self._rest.stop()
        return moved

    def keep(self) -> None:
        if self.take():
            self._jobs.start(self._owner, looking.keep_score, self._service)

    def finish(self) -> None:
        """Keep it now, before the records are closed; a snapshot of the very same is none."""
        if self._any:
            with suppress(Problem):  # records that were taken away keep nothing more
                self._service.record()
