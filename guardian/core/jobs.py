"""What a long-running function may ask of whoever runs it: to report, and to be stopped."""

from __future__ import annotations

import time
from typing import Protocol

from guardian.core.words import Message

REPORTS_PER_SECOND = 20


class Report(Protocol):
    """``report(done, total, note)``; ``total`` 0 means unknown. Raises ``Cancelled`` to stop."""

    def __call__(self, done: int, total: int, note: Message | None = None, /) -> None: ...


def report_nothing(_done: int, _total: int, _note: Message | None = None, /) -> None:
    """A listener for callers that do not care."""


class Throttle:
    """Passes on at most twenty reports a second, so that a fast loop does not flood its listener.

    Every call still reaches ``check``, so cancelling stays immediate.
    """

    def __init__(self, report: Report, check: Report = report_nothing) -> None:
        self._report = report
        self._check = check
        self._next = 0.0
        self._complete = False

    def __call__(self, done: int, total: int, note: Message | None = None, /) -> None:
        self._check(done, total)
        now, complete = time.monotonic(), done == total > 0
        # the end is always told, but once: some count on after they reached it
        if now >= self._next or (complete and not self._complete):
            self._next, self._complete = now + 1 / REPORTS_PER_SECOND, complete
            self._report(done, total, note)
