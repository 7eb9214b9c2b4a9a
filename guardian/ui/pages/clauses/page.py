"""The agreements page: open or paste a document, read what it says, look back at earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from guardian.clauses.model import Explanation, ReadDocument
from guardian.clauses.service import ClausesService
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import confirm
from guardian.ui.kit.layout import column, plain
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages
from guardian.ui.kit.working import Working
from guardian.ui.pages.clauses.paste import PastePanel
from guardian.ui.pages.clauses.remembered import RememberedPanel
from guardian.ui.pages.clauses.sheet import Reading, Sheet, count_sentence, prepare, tell_counts
from guardian.ui.pages.clauses.start import Drop, StartPanel

TITLE_MOST = 90
KEPT_OPEN = 5


class ClausesPage(Page):
    key = "clauses"
    widest = 1480

    def __init__(self, service: ClausesService, desk: Desk) -> None:
        super().__init__(desk.words.say("page.clauses"), desk.words.say("clauses.page.intro"))
        self._service, self._desk = service, desk
        self._job: Job | None = None
        self._readings: dict[int, Reading] = {}
        self._back = Button(self.tr("Back"), icon_name="back", clicked=self.show_start)
        self.head_buttons.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        self.notice = Notice(desk.words)
        self.notice.action.connect(self.paste)
        self.drop = Drop(desk.words)
        self.start = StartPanel(desk.words)
        self.start.open_asked.connect(self.choose_file)
        self.start.paste_asked.connect(self.paste)
        self.start.chosen.connect(self.show_read)
        self.paste_panel = PastePanel(desk.words)
        self.paste_panel.given.connect(self.explain_text)
        self.paste_panel.left.connect(self.show_start)
        self.working = Working(desk.words)
        self._place = column()
        self.stages = Stages(
            start=self.start,
            paste=self.paste_panel,
            working=plain(column(self.working, None)),
            reading=plain(self._place),
        )
        self._before = "start"
        for item in (self.notice, self.drop):
            self.content.addWidget(item)
        self.content.addWidget(self.stages, 1)
        self.setAcceptDrops(True)
        self._keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        self._keys.activated.connect(self._pasted)
        self.show_start()

    # what is shown

    def refresh(self) -> None:
        """Show what was read before, or say why it cannot be shown."""
        try:
            self.start.show_library(self._service.library())
        except Problem as problem:
            self.notice.show_problem(problem)

    def show_start(self) -> None:
        """How to begin, and the documents read before."""
        self._show("start", self._desk.words.say("page.clauses"))
        self.subtitle.setText(self._desk.words.say("clauses.page.intro"))
        self.refresh()

    def paste(self) -> None:
        """The step to paste text in."""
        self._show("paste", self.tr("Paste a document"))
        self.paste_panel.begin()

    def show_read(self, number: int) -> None:
        """A document read before: whole if it was opened just now, else what is remembered."""
        try:
            one = next((one for one in self._service.library() if one.id == number), None)
        except Problem as problem:
            self.notice.show_problem(problem)
            return
        if one is None:
            self.refresh()
        elif number in self._readings:
            self.show_reading(self._readings[number])
        else:
            self._show_remembered(one)

    def show_reading(self, reading: Reading) -> None:
        """The sheet of a document just explained."""
        sheet = Sheet(self._desk.words, reading)
        self._fill(sheet)
        self._show("reading", short(reading.explanation.document.title))
        self.subtitle.setText(count_sentence(self._desk.words, reading.explanation))

    def _show_remembered(self, one: ReadDocument) -> None:
        panel = RememberedPanel(self._desk.words, one)
        panel.open_asked.connect(self.choose_file)
        panel.forget_asked.connect(self.forget)
        self._fill(panel)
        self._show("reading", short(one.title))
        fine = one.counts[Level.FINE]
        look = sum(one.counts.values()) - fine
        self.subtitle.setText(tell_counts(self._desk.words, look, fine))

    def _fill(self, widget: QWidget) -> None:
        old = self.shown()
        if old is not None:
            self._place.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._place.addWidget(widget)

    def shown(self) -> QWidget | None:
        """The sheet or the remembered document that fills the page, if one does."""
        item = self._place.itemAt(0)
        return item.widget() if item else None

    def _show(self, stage: str, title: str) -> None:
        self.notice.hide()
        self.title.setText(title)
        self.subtitle.setText("")
        self.subtitle.setVisible(stage in ("start", "reading"))
        self._back.setVisible(stage == "reading")
        self.stages.show_stage(stage)

    # what is done

    def choose_file(self) -> None:
        """Ask for a file."""
        kinds = self.tr("Text, Markdown and web pages")
        every = self.tr("All files")
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a document"), "",
            f"{kinds} (*.txt *.text *.md *.markdown *.html *.htm *.xhtml);;{every} (*)",
        )  # fmt: skip
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Explain one file."""
        self._start(read_file, path)

    def explain_text(self, text: str) -> None:
        """Explain pasted words."""
        self._start(read_text, text)

    def _start(self, work: Callable[..., Reading], what: Any) -> None:
        if self.stages.stage == "working":
            return
        self.notice.hide()
        job = self._desk.jobs.start(
            self, work, self._service, what, done=self._done, failed=self._failed
        )
        job.cancelled.connect(self._leave_working)
        self.follow(job)

    def follow(self, job: Job) -> None:
        """Show ``job`` at work."""
        self._job = job
        self._before = self.stages.stage
        self.working.follow(job, self.tr("Reading your document"))
        self.stages.show_stage("working")
        self._back.hide()

    def _done(self, reading: Reading) -> None:
        self._job = None
        with suppress(Problem):  # it is shown all the same, and from the library later
            self._keep(reading)
        self.paste_panel.begin()
        self.show_reading(reading)

    def _keep(self, reading: Reading) -> None:
        """Keep a reading at hand, as one of the last few, under its number in the library."""
        library = self._service.library()
        if library:
            self._readings[library[0].id] = reading
            for old in list(self._readings)[:-KEPT_OPEN]:
                del self._readings[old]

    def _failed(self, problem: Problem) -> None:
        self._leave_working()
        from_file = problem.code in ("document-not-text", "document-empty", "document-too-big")
        self.notice.show_problem(problem, self.tr("Paste text instead") if from_file else "")

    def _leave_working(self) -> None:
        """Back to where the person was before."""
        self._job = None
        self.stages.show_stage(self._before)
        self._back.setVisible(self._before == "reading")

    def forget(self, number: int) -> None:
        """Take a document out of the library, after asking."""
        if confirm(
            self,
            self.tr("Forget this document?"),
            self._desk.words.say("clauses.page.forget"),
            self.tr("Forget it"),
            self.tr("Keep it"),
        ):
            try:
                self._service.forget(number)
            except Problem as problem:
                self.notice.show_problem(problem)
                return
            self._readings.pop(number, None)
            self.show_start()

    # keys, pasting and dropping

    def search_field(self) -> QLineEdit | None:
        shown = self.shown()
        if self.stages.stage == "reading" and isinstance(shown, Sheet):
            shown.show_document_side()
            return shown.find.field
        return self.start.search_field() if self.stages.stage == "start" else None

    def go_back(self) -> bool:
        stage, shown = self.stages.stage, self.shown()
        if stage == "working" and self._job is not None:
            self.working.cancel()
        elif stage == "reading" and isinstance(shown, Sheet) and shown.find.clear():
            pass
        elif stage != "start":
            self.show_start()
        elif not self.notice.isHidden():
            self.notice.hide()
        else:
            return False
        return True

    def _pasted(self) -> None:
        """Ctrl+V outside a field: a file is opened, words go to the pasting step."""
        data = QGuiApplication.clipboard().mimeData()
        if self.stages.stage == "working" or data is None:
            return
        if data.hasUrls():
            self._take(data)
        elif data.hasText():
            self.paste()
            self.paste_panel.begin(data.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.stages.stage != "working":
            event.acceptProposedAction()
            self.drop.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop.hide()
        event.acceptProposedAction()
        self._take(event.mimeData())

    def _take(self, data: QMimeData) -> None:
        words = self._desk.words
        urls = data.urls()
        if len(urls) != 1:
            self.notice.show_text(
                words.say("clauses.page.one-file"), words.say("clauses.page.one-file.do")
            )
        elif not urls[0].isLocalFile():
            self.notice.show_text(
                words.say("clauses.page.no-file"), words.say("clauses.page.no-file.do")
            )
        else:
            self.open_file(Path(urls[0].toLocalFile()))


def read_file(service: ClausesService, path: Path, report: Report) -> Reading:
    """Explain a file and prepare it for the screen, off the window's thread."""
    return prepare(service.explain(path, report))


def read_text(service: ClausesService, text: str, report: Report) -> Reading:
    """The same for pasted words; their first line becomes the title."""
    explanation: Explanation = service.explain_text(text, "", report)
    return prepare(explanation)


def short(title: str) -> str:
    """A title that leaves room for the page."""
    return title if len(title) <= TITLE_MOST else title[:TITLE_MOST] + " …"
