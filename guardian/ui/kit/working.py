"""What a page shows while a job runs: what is being done, how far, and a way to stop."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from guardian.core.words import Message, Words
from guardian.ui import theme
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Card, row
from guardian.ui.kit.text import Text

STEPS = 1000  # of the bar, whatever is counted
SMOOTH_SECONDS = 4.0
LEAST_SECONDS = 0.2  # between two measurements
PATIENCE = 2.0  # seconds before a pace is worth being told


class Pace:
    """How fast work goes, smoothed over a few seconds, and how long the rest takes."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._start: float | None = None
        self._last = (0.0, 0)
        self.rate = 0.0  # steps a second; 0 until it can be told

    def note(self, done: int) -> None:
        """``done`` steps are done by now."""
        now = self._clock()
        if self._start is None or done < self._last[1]:
            self._start, self._last, self.rate = now, (now, done), 0.0
            return
        passed = now - self._last[0]
        if passed < LEAST_SECONDS:
            return
        fresh = (done - self._last[1]) / passed
        weight = 1.0 - math.exp(-passed / SMOOTH_SECONDS)
        self.rate = self.rate + weight * (fresh - self.rate) if self.rate else fresh
        self._last = (now, done)

    def left(self, done: int, total: int) -> float | None:
        """Seconds until ``total``; None while that would be a guess."""
        if self._start is None or self._clock() - self._start < PATIENCE or self.rate <= 0:
            return None
        return (total - done) / self.rate


class Working(Card):
    """Follows one job at a time; visible only while it runs.

    Where a step of the job is a number of bytes, ``bytes_per_step`` of :meth:`follow` says how
    many, and the speed is shown too.
    """

    stopped = Signal()

    def __init__(self, words: Words, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._words, self._clock = words, clock
        self._pace = Pace(clock)
        self._bytes_per_step = 0.0
        self._job: Job | None = None
        self._title = Text(role="strong")
        self._note = Text(role="dim")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = Button(self.tr("Stop"), clicked=self.cancel)
        self.body.setSpacing(10)
        self._pace_text = Text(role="small")
        for item in (self._title, self._bar, self._note, self._pace_text):
            self.body.addWidget(item)
        self.body.addLayout(row(self._stop, None))
        self.hide()

    def follow(self, job: Job, title: str, bytes_per_step: float = 0.0) -> None:
        """Show ``job`` until it ends."""
        self._job = job
        self._pace, self._bytes_per_step = Pace(self._clock), bytes_per_step
        self._pace_text.setText("")
        self._pace_text.hide()
        self._title.setText(title)
        self._note.setText("")
        self._show_share(0, 0)
        self._bar.setAccessibleName(title)
        self._stop.setEnabled(True)
        self._stop.setAccessibleName(self.tr("Stop: {what}").format(what=title))
        job.progressed.connect(self.show_progress)
        job.cancelled.connect(self.stopped)
        job.finished.connect(self.hide)
        self.show()

    def show_progress(self, done: int, total: int, note: Message | None) -> None:
        self._show_share(done, total)
        if note is not None:
            self._note.setText(self._words.tell(note))
        self._pace.note(done)
        self._pace_text.setText(self._tell_pace(done, total))
        self._pace_text.setVisible(bool(self._pace_text.text()))

    def _show_share(self, done: int, total: int) -> None:
        """Without a total the bar runs to and fro, but not on a wall: there nothing moves."""
        moving = not total and not theme.look().projected
        self._bar.setRange(0, 0 if moving else STEPS)
        self._bar.setValue(min(done, total) * STEPS // total if total else 0)

    def _tell_pace(self, done: int, total: int) -> str:
        """Speed and time left, as far as they are known."""
        left = self._pace.left(done, total) if total else None
        if left is None:
            return ""
        parts = [tell_left(self._words, left)]
        if self._bytes_per_step:
            size = self._words.size(round(self._pace.rate * self._bytes_per_step))
            parts.insert(0, self._words.say("working.speed", size=size))
        return " · ".join(parts)

    def cancel(self) -> None:
        if self._job is not None:
            self._stop.setEnabled(False)
            self._note.setText(self.tr("Stopping …"))
            self._job.cancel()


def tell_left(words: Words, seconds: float) -> str:
    """Rounded up, so that nobody waits longer than they were told."""
    if seconds < 60:
        return words.say("working.left.soon")
    if seconds < 3600:
        return words.say("working.left.minutes", count=math.ceil(seconds / 60))
    return words.say("working.left.hours", count=math.ceil(seconds / 3600))
