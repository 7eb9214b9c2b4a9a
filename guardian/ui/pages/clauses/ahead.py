"""A reader, and all that is learned, wait ahead while the page is in sight."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from guardian.clauses.service import ClausesService
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.ui.jobs import Jobs

AFTER = 500  # milliseconds: nothing is started for somebody who only passes by


class Ahead(QObject):
    """Warms ``service`` up while ``page`` is shown; when it is not, no process is left."""

    def __init__(self, page: QWidget, service: ClausesService, jobs: Jobs) -> None:
        super().__init__(page)
        self._page, self._service, self._jobs = page, service, jobs
        self._loaded = False
        self.timer = QTimer(self, singleShot=True, interval=AFTER)
        self.timer.timeout.connect(self.warm_up)
        page.installEventFilter(self)
        page.destroyed.connect(service.cool_down)

    def warm_up(self) -> None:
        with suppress(OSError):  # then the next document waits for its reader
            self._service.warm_up()
        if not self._loaded:
            self._loaded = True
            self._jobs.start(
                self._page, load, self._service, done=lambda _none: None, failed=self._forget
            )

    def _forget(self, _problem: Problem) -> None:
        """What cannot be loaded is told when a document needs it."""
        self._loaded = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.timer.start()
        elif event.type() == QEvent.Type.Hide:
            self.timer.stop()
            self._service.cool_down()
        return super().eventFilter(watched, event)


def load(service: ClausesService, report: Report) -> None:
    """What every document needs, off the window's thread."""
    service.load(report)
