"""The agreements page: open or paste documents, read what they say, look back at earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
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
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.clauses.model import Law, ReadDocument
from guardian.clauses.service import ClausesService
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import column, plain
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages
from guardian.ui.kit.working import Working
from guardian.ui.pages.clauses import choosing
from guardian.ui.pages.clauses import reading as work
from guardian.ui.pages.clauses.against import Against
from guardian.ui.pages.clauses.ahead import Ahead
from guardian.ui.pages.clauses.batch import BatchPanel, BatchRow
from guardian.ui.pages.clauses.helping import Helping
from guardian.ui.pages.clauses.keeping import Keeping
from guardian.ui.pages.clauses.links import NO_LINKS, ClausesLinks
from guardian.ui.pages.clauses.paste import PastePanel
from guardian.ui.pages.clauses.pile import Leaf, Pile
from guardian.ui.pages.clauses.reading import Reading
from guardian.ui.pages.clauses.remembered import RememberedPanel
from guardian.ui.pages.clauses.report import ReportSaver
from guardian.ui.pages.clauses.sheet import Sheet
from guardian.ui.pages.clauses.start import Drop, StartPanel
from guardian.ui.pages.clauses.telling import Voice, short, tell_counts

KEPT_OPEN = 5
FROM_FILE = ("document-", "clauses-no-documents")  # problems where pasting helps


class ClausesPage(Page):
    key = "clauses"
    widest = 1600

    def __init__(
        self, service: ClausesService, desk: Desk, links: ClausesLinks | None = None
    ) -> None:
        super().__init__(desk.words.say("page.clauses"), desk.words.say("clauses.page.intro"))
        self._service, self._desk, self._links = service, desk, links or NO_LINKS
        self._job: Job | None = None
        self._language = desk.words.language
        self._readings: dict[int, Reading] = {}
        self._back = Button(self.tr("Back"), icon_name="back", clicked=self.step_back)
        self.head_buttons.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        self.notice = Notice(desk.words)
        self.notice.action.connect(self.paste)
        self._keeping = Keeping(service, self.notice)
        self.saver = ReportSaver(self, desk.words, desk.jobs, self.notice)
        self.against = Against(
            self, service, self.voice, self._readings,
            run=self._run, put=lambda leaf: self.put(leaf, over=True), save=self.saver.save,
        )  # fmt: skip
        self.drop = Drop(desk.words)
        self.start = StartPanel(desk.words)
        self.paste_panel = PastePanel(desk.words)
        self.working = Working(desk.words)
        self.pile = Pile()
        self.stages = Stages(
            start=self.start,
            paste=self.paste_panel,
            working=plain(column(self.working, None)),
            reading=self.pile,
        )
        self._before = "start"
        for item in (self.notice, self.drop):
            self.content.addWidget(item)
        self.content.addWidget(self.stages, 1)
        self.setAcceptDrops(True)
        self._keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        self.ahead = Ahead(self, service, desk.jobs)
        self._connect()
        self.show_start()

    def _connect(self) -> None:
        start, library = self.start, self.start.library
        start.open_asked.connect(self.choose)
        start.folder_asked.connect(lambda: self.choose(choosing.choose_folder))
        start.paste_asked.connect(self.paste)
        library.chosen.connect(self.show_read)
        library.forget_asked.connect(self.forget)
        library.restore_asked.connect(lambda one: self._keeping.restore(one) and self.refresh())
        library.note_given.connect(lambda *note: self._keeping.note(*note) and self.refresh())
        library.diff_asked.connect(self.compare_versions)
        library.compare_asked.connect(self.put_side_by_side)
        self.paste_panel.given.connect(self.explain_text)
        self.paste_panel.left.connect(self.show_start)
        self._keys.activated.connect(self._pasted)

    # what is shown

    def refresh(self) -> None:
        """Show what was read before, or say why it cannot be shown."""
        read = self._keeping.all()
        if read is not None:
            self.start.show_library(read, self._service.unreadable_readings)

    def show_start(self) -> None:
        """How to begin, and the documents read before."""
        self.pile.clear()
        say = self._desk.words.say
        self._show("start", say("page.clauses"), say("clauses.page.intro"))
        self.refresh()

    def paste(self) -> None:
        """The step to paste text in."""
        self._show("paste", self.tr("Paste a document"))
        self.paste_panel.begin()

    def show_read(self, number: int) -> None:
        """A document read before: whole if it was opened just now, else what is remembered."""
        found = self._keeping.some((number,))
        if not found:
            self.refresh()
        elif number in self._readings:
            self.show_reading(self._readings[number])
        else:
            self._show_remembered(found[0])

    def show_reading(self, reading: Reading, *, over: bool = False) -> None:
        """The sheet of a document just explained; ``over``: what is shown now stays beneath."""
        document = reading.explanation.document
        source = self._desk.words.say(f"clauses.page.source.{document.kind.value}")
        self.put(Leaf(self._make_sheet(reading), document.title, source), over=over)

    def _make_sheet(self, reading: Reading) -> Sheet:
        helping = Helping(self._desk.words, self._links, reading.site)
        sheet = Sheet(self.voice(), reading, helping)
        sheet.language_asked.connect(self.explain_in)
        sheet.summary.changes_asked.connect(lambda: self.against.see_changes(reading))
        sheet.summary.checks.law_asked.connect(lambda law: self._hold(sheet, law))
        self._add_tools(sheet)
        return sheet

    def _add_tools(self, sheet: Sheet) -> None:
        """What can be done with the document as a whole."""
        explanation = sheet.reading.explanation
        add = sheet.summary.about.buttons.addWidget
        add(Button(self.tr("Save a report"), icon_name="save",
                   clicked=lambda: self.saver.save(explanation, sheet.voice.told)))  # fmt: skip
        add(Button(self.tr("Compare with an older version"), icon_name="file",
                   clicked=lambda: self.against.choose_older(explanation)))  # fmt: skip
        keep = self._links.keep_in_vault
        if keep is not None:
            add(Button(self.tr("Put the text into the vault"), icon_name="vault",
                       clicked=lambda: keep(*choosing.as_file(explanation))))  # fmt: skip

    def voice(self) -> Voice:
        words = self._desk.words
        return Voice(words, words if self._language == words.language else Words(self._language))

    def explain_in(self, language: str) -> None:
        """Explain what is shown in another language, and what is opened later."""
        self._language = language
        shown = self.shown()
        if isinstance(shown, Sheet) and shown.voice.told.language != language:
            sheet = self._make_sheet(shown.reading)
            top = self.pile.top
            assert top is not None
            sheet.take_over(shown)
            self.pile.pop()
            self.put(replace(top, widget=sheet), over=True)

    def _show_remembered(self, one: ReadDocument) -> None:
        panel = RememberedPanel(self.voice(), one)
        panel.open_asked.connect(self.choose)
        panel.forget_asked.connect(self.forget)
        fine = one.counts[Level.FINE]
        look = sum(one.counts.values()) - fine
        self.put(Leaf(panel, one.title, tell_counts(self._desk.words, look, fine)))

    def show_batch(self, rows: Sequence[BatchRow]) -> None:
        """Several documents read at once."""
        panel = BatchPanel(self._desk.words, rows, told=self.voice().told)
        panel.opened.connect(self._open_row)
        panel.compare_asked.connect(
            lambda some: self.against.put_side_by_side([row.explanation for row in some])
        )
        self.put(Leaf(panel, self.tr("Several documents"), panel.headline))

    def put(self, leaf: Leaf, *, over: bool = False) -> None:
        """Show something; ``over``: going back shows again what is shown now."""
        if not over:
            self.pile.clear()
        self.pile.push(leaf)
        self._show_top()

    def _show_top(self) -> None:
        top = self.pile.top
        assert top is not None
        self._show("reading", short(top.title), top.subtitle)

    def shown(self) -> QWidget | None:
        """The sheet, table or remembered document that fills the page, if one does."""
        return self.pile.top.widget if self.pile.top else None

    def _show(self, stage: str, title: str, subtitle: str = "") -> None:
        self.notice.hide()
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self._back.setVisible(stage in ("reading", "paste"))
        self.stages.show_stage(stage)

    def leave(self) -> None:
        self._readings.clear()  # whole documents, word for word

    # what is done

    def choose(self, ask: Callable[[QWidget], list[Path]] = choosing.choose_files) -> None:
        """Ask for one or several files, or for a folder of them."""
        if paths := ask(self):
            self.open_paths(paths)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Explain a file, or all of several and of folders."""
        self._read(work.read_paths, tuple(paths))

    def explain_text(self, text: str) -> None:
        """Explain pasted words."""
        self._read(work.read_text, text)

    def _read(self, verb: Callable[..., Any], what: Any) -> None:
        title = self.tr("Reading what you gave")
        self._run(title, verb, self._service, self._links, what, done=self._done)

    def _run(
        self, title: str, verb: Callable[..., Any], *facts: Any, done: Callable[[Any], object]
    ) -> None:
        """Do something that takes a while, unless something is being done already."""
        if self.stages.stage == "working":
            return
        self.notice.hide()

        def finish(result: Any) -> None:
            self._job = None
            done(result)

        job = self._desk.jobs.start(self, verb, *facts, done=finish, failed=self._failed)
        job.cancelled.connect(self._leave_working)
        self.follow(job, title)

    def follow(self, job: Job, title: str) -> None:
        """Show ``job`` at work."""
        self._job = job
        self._before = self.stages.stage
        self.working.follow(job, title)
        self.stages.show_stage("working")
        self._back.hide()

    def _done(self, result: Reading | tuple[BatchRow, ...]) -> None:
        self.paste_panel.begin()
        if isinstance(result, Reading):
            self._keep(result)
            self.show_reading(result)
        else:
            self.show_batch(result)

    def _keep(self, reading: Reading) -> None:
        """Keep a reading at hand, as one of the last few, under its number in the library."""
        if reading.number is not None:
            self._readings.pop(reading.number, None)
            self._readings[reading.number] = reading
            for old in list(self._readings)[:-KEPT_OPEN]:
                del self._readings[old]

    def _failed(self, problem: Problem) -> None:
        self._leave_working()
        paste = self.tr("Paste text instead") if problem.code.startswith(FROM_FILE) else ""
        self.notice.show_problem(problem, paste)

    def _leave_working(self) -> None:
        """Back to where the person was before."""
        self._job = None
        self.stages.show_stage(self._before)
        self._back.setVisible(self._before in ("reading", "paste"))

    def _hold(self, sheet: Sheet, law: Law) -> None:
        """Hold the document against a list that the person chose."""
        self._desk.jobs.start(
            sheet, work.hold, self._service, sheet.reading.explanation, law,
            done=sheet.add_checklist, failed=self.notice.show_problem,
        )  # fmt: skip

    def _open_row(self, chosen: BatchRow) -> None:
        """One of several documents, above their table."""

        def show(reading: Reading) -> None:
            self._keep(reading)
            self.show_reading(reading, over=True)

        self._run(self.tr("Opening"), work.prepare_row, self._service, self._links, chosen,
                  done=show)  # fmt: skip

    # what was read before

    def compare_versions(self, older: int, newer: int) -> None:
        """What changed between two readings of a document."""
        found = self._keeping.some((older, newer))
        if len(found) == 2:
            self.against.compare_read(*found)

    def put_side_by_side(self, numbers: Sequence[int]) -> None:
        """Several documents of the library, clause by clause."""
        if found := self._keeping.some(numbers):
            self.against.put_side_by_side(found)

    def forget(self, number: int) -> None:
        """Take a document out of the library; that can be taken back."""
        forgotten = self._keeping.forget(number)
        if forgotten is not None:
            self._readings.pop(number, None)
            self.show_start()
            self.start.show_forgotten(forgotten)

    # keys, pasting and dropping

    def search_field(self) -> QLineEdit | None:
        shown = self.shown()
        if self.stages.stage == "reading":
            if isinstance(shown, Sheet):
                shown.show_document_side()
                return shown.find.field
            return shown.search_field() if hasattr(shown, "search_field") else None
        return self.start.search_field() if self.stages.stage == "start" else None

    def go_back(self) -> bool:
        stage, shown = self.stages.stage, self.shown()
        if stage == "working" and self._job is not None:
            self.working.cancel()
        elif stage == "reading" and isinstance(shown, Sheet) and shown.go_back():
            pass
        elif stage != "start":
            self.step_back()
        elif not self.notice.isHidden():
            self.notice.hide()
        else:
            return False
        return True

    def step_back(self) -> None:
        """Back to what lies beneath, at last to the start."""
        if self.stages.stage == "reading" and self.pile.count() > 1:
            self.pile.pop()
            self._show_top()
        else:
            self.show_start()

    def _pasted(self) -> None:
        """Ctrl+V outside a field: files are opened, words go to the pasting step."""
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
        say = self._desk.words.say
        urls = data.urls()
        if urls and all(url.isLocalFile() for url in urls):
            self.open_paths([Path(url.toLocalFile()) for url in urls])
        else:
            self.notice.show_text(say("clauses.page.no-file"), say("clauses.page.no-file.do"))
