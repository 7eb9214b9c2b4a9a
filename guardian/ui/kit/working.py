"""What a page shows while a job runs: what is being done, how far, and a way to stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from guardian.core.words import Message, Words
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Card, row
from guardian.ui.kit.text import Text

STEPS = 1000  # of the bar, whatever is counted


class Working(Card):
    """Follows one job at a time; visible only while it runs."""

    stopped = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._job: Job | None = None
        self._title = Text(role="strong")
        self._note = Text(role="dim")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = Button(self.tr("Stop"), clicked=self.cancel)
        self.body.setSpacing(10)
        for item in (self._title, self._bar, self._note):
            self.body.addWidget(item)
        self.body.addLayout(row(self._stop, None))
        self.hide()

    def follow(self, job: Job, title: str) -> None:
        """Show ``job`` until it ends."""
        self._job = job
        self._title.setText(title)
        self._note.setText("")
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self._stop.setEnabled(True)
        self._stop.setAccessibleName(self.tr("Stop: {what}").format(what=title))
        job.progressed.connect(self.show_progress)
        job.cancelled.connect(self.stopped)
        job.finished.connect(self.hide)
        self.show()

    def show_progress(self, done: int, total: int, note: Message | None) -> None:
        self._bar.setRange(0, STEPS if total else 0)
        self._bar.setValue(min(done, total) * STEPS // total if total else 0)
        if note is not None:
            self._note.setText(self._words.tell(note))

    def cancel(self) -> None:
        if self._job is not None:
            self._stop.setEnabled(False)
            self._note.setText(self.tr("Stopping …"))
            self._job.cancel()
