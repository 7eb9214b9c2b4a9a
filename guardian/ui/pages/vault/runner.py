"""Runs one job of the vault page at a time, and shows those that take a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.working import Working

PATIENCE = 300  # milliseconds before work in progress is worth a bar


class Runner(Working):
    """An open vault is used in one thread at a time, so nothing starts while ``busy``.

    ``waiting`` comes when a job is slow enough to be shown, ``rested`` when it has ended.
    """

    waiting = Signal()
    rested = Signal()

    def __init__(self, owner: QWidget, desk: Desk) -> None:
        super().__init__(desk.words)
        self._owner, self._desk = owner, desk
        self._running: Job | None = None
        self._what, self._share = "", 0.0
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._lose_patience)

    @property
    def busy(self) -> bool:
        return self._running is not None and self._running.running

    def run(
        self,
        title: str,
        verb: Callable[..., Any],
        *arguments: Any,
        done: Callable[[Any], object],
        failed: Callable[[Problem], object],
        stopped: Callable[[], object] | None = None,
        bytes_per_step: float = 0.0,
    ) -> Job:
        """Start ``verb(*arguments, report)``; exactly one of the three hears of its end.

        ``bytes_per_step``: how many bytes of documents a step of the job is, to tell its speed.
        """
        job = self._desk.jobs.start(self._owner, verb, *arguments, done=done, failed=failed)
        job.finished.connect(self._rest)
        if stopped:
            job.cancelled.connect(stopped)
        self._running, self._what, self._share = job, title, bytes_per_step
        self._patience.start()
        return job

    def end(self, then: Callable[[], object], *, finish: bool) -> None:
        """Call ``then`` once nothing runs: at once, or after the job, which may ``finish``."""
        self._patience.stop()
        self.hide()
        job = self._running
        if job is None or not job.running:
            then()
            return
        job.finished.connect(then)
        if not finish:
            job.cancel()

    def show_job(self, job: Job, title: str, bytes_per_step: float = 0.0) -> None:
        self.waiting.emit()
        self.follow(job, title, bytes_per_step)

    def _lose_patience(self) -> None:
        if self.busy and self._running is not None:
            self.show_job(self._running, self._what, self._share)

    def _rest(self) -> None:
        if self.busy or self._desk.jobs.closed:  # the next one was started, or this was the last
            return
        self._patience.stop()
        self.rested.emit()
