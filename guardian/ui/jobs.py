"""Long work off the window's thread: the only file that knows both threads and Qt.

A job runs a pure function ``work(*arguments, report)``. Its answers come back on the window's
thread, and never after the widget that asked (the owner) is gone. One that has something to show
before it ends is called as ``work(*arguments, report, show=...)``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from guardian.core import log
from guardian.core.errors import Cancelled, Problem
from guardian.core.jobs import Throttle
from guardian.core.log import Event
from guardian.core.words import Message

WORKERS = 4  # two may be busy with what nobody waits for: names being read, a quiet check
PATIENCE = 2.0  # seconds


class Job(QObject):
    """One run of one function. All signals arrive on the window's thread."""

    progressed = Signal(object, object, object)  # counts of bytes outgrow C integers
    partial = Signal(object)  # a part of the answer, before the whole
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()
    _told = Signal(str, object)

    def __init__(self, owner: QWidget) -> None:
        super().__init__()
        self._owner = owner
        self._stop = threading.Event()
        self.running = True
        self.silent = False  # at the end of the window only ``finished`` is told
        self._told.connect(self._deliver)
        owner.destroyed.connect(self._stop.set)

    def cancel(self) -> None:
        """Ask the function to stop at its next report."""
        self._stop.set()

    def work(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], *, in_parts: bool = False
    ) -> None:
        """The worker thread's side."""
        report = Throttle(self._report, self._check)
        more = {"show": self._show} if in_parts else {}
        log.note(Event.JOB_STARTED)
        try:
            self._check(0, 0)
            self._tell("succeeded", function(*arguments, report, **more))
            log.note(Event.JOB_DONE)
        except Cancelled:
            log.note(Event.JOB_CANCELLED)
            self._tell("cancelled", None)
        except Problem as problem:
            log.note_problem(problem.code)
            self._tell("failed", problem)
        except BaseException as error:
            log.note_crash(error)
            self._tell("crashed", error)

    def _check(self, _done: int, _total: int, _note: Message | None = None, /) -> None:
        if self._stop.is_set():
            raise Cancelled

    def _report(self, done: int, total: int, note: Message | None = None, /) -> None:
        self._tell("progressed", (done, total, note))

    def _show(self, part: object) -> None:
        self._check(0, 0)
        self._tell("partial", part)

    def _tell(self, what: str, fact: object) -> None:
        try:
            self._told.emit(what, fact)
        except RuntimeError:
            self._stop.set()  # the window is gone

    def _deliver(self, what: str, fact: Any) -> None:
        """On the window's thread: pass on what happened, unless nobody is there to hear it."""
        under_way = what in ("progressed", "partial")
        if not under_way:
            self.running = False
        if not isValid(self._owner):
            return
        if self.silent:
            if not under_way:
                self.finished.emit()
            return
        if what == "progressed":
            self.progressed.emit(*fact)
            return
        if what == "partial":
            self.partial.emit(fact)
            return
        if what == "succeeded":
            self.succeeded.emit(fact)
        elif what == "cancelled":
            self.cancelled.emit()
        elif what == "failed":
            self.failed.emit(fact)
        self.finished.emit()
        if what == "crashed":
            raise fact  # reaches the one hook for unexpected errors


class Jobs:
    """Starts jobs on a few threads and ends them with the window."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        self.closed = False
        self._jobs: list[Job] = []
        self._futures: list[Future[None]] = []

    def start(
        self,
        owner: QWidget,
        work: Callable[..., Any],
        *arguments: Any,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Problem], object] | None = None,
        part: Callable[[Any], object] | None = None,
    ) -> Job:
        """Run ``work(*arguments, report)``; ``done`` gets its result, ``failed`` its Problem.

        With ``part`` the function gets a ``show`` too; what it shows reaches ``part`` in order,
        and before ``done``.
        """
        job = Job(owner)
        if part:
            job.partial.connect(part)
        if done:
            job.succeeded.connect(done)
        if failed:
            job.failed.connect(failed)
        if self.closed:  # whoever goes on after the end is not heard any more
            job.running = False
            return job
        self._jobs = [*(old for old in self._jobs if old.running), job]
        future = self._pool.submit(job.work, work, arguments, in_parts=part is not None)
        self._futures = [*(old for old in self._futures if not old.done()), future]
        return job

    @property
    def running(self) -> bool:
        # one that is over may hold the page it was for, and with it everything of a person
        self._jobs = [job for job in self._jobs if job.running]
        return bool(self._jobs)

    def close(self, seconds: float = PATIENCE) -> None:
        """Cancel everything and give running jobs ``seconds`` to end.

        One that waits for the system itself (a keyring that asks for its password) cannot hear;
        it is left to end on its own.
        """
        self.closed = True
        for job in self._jobs:
            job.silent = True
            job.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        late = wait([each for each in self._futures if not each.cancelled()], seconds).not_done
        self._pool.shutdown(wait=not late)
        self._jobs = [job for job in self._jobs if job.running]
