"""Programs: look at what runs, show what deserves a question, and everything else on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.processes.model import Finding, Known, Scan
from guardian.processes.service import ProcessesService, SelfTest
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages, scrolling
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.pages.processes import trial, work
from guardian.ui.pages.processes.doings import Doings
from guardian.ui.pages.processes.views import Views
from guardian.ui.pages.processes.work import Memory, Shown, Wish

SOON = 150  # milliseconds: the empty page is seen, and what shows a look is built before one ends


class ProcessesPage(Page):
    key = "processes"

    def __init__(self, service: ProcessesService, desk: Desk) -> None:
        words = desk.words
        super().__init__(words.say("page.processes"), words.say("processes.page.intro"))
        self._service, self._desk = service, desk
        self._shown: Shown | None = None
        self._job: Job | None = None
        self._memory = Memory()
        self.notice, self.working = Notice(words), Working(words)
        self.told = Text(role="dim")
        self.told.hide()
        self.doings = Doings(service, desk, self)
        self.empty = self._build_empty()
        self.stages = Stages(
            opening=QWidget(),
            empty=scrolling(self.empty),
            waiting=scrolling(Text(words.say("processes.page.waiting"), "dim"), None),
        )
        self.again = Button(self.tr("Look again"), icon_name="refresh", clicked=self.look)
        self.again.hide()
        self.head_buttons.addWidget(self.again)
        for part in (self.notice, self.told, self.working):
            self.content.addWidget(part)
        self.content.addWidget(self.stages, 1)
        self.doings.refused.connect(self.notice.show_problem)

    def _build_empty(self) -> EmptyState:
        words = self._desk.words
        promise = Text(words.say("processes.page.promise"), "strong")
        promise.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        return EmptyState(
            "processes",
            words.say("processes.page.empty"),
            words.say("processes.page.empty.text"),
            self.tr("Look now"),
            self.look,
            (promise,),
        )

    @cached_property
    def views(self) -> Views:
        """Built when there is first something to show: the window does not wait for it."""
        views, doings = Views(self._desk, self.doings), self.doings
        doings.known.connect(views.known.show_known)
        doings.judged.connect(self._judge)
        views.headline.keeping.connect(self._keep_baseline)
        views.ways.looking.connect(self.look)
        views.ways.trying.connect(self._try)
        views.known.removing.connect(self._forget)
        views.known.exporting.connect(self._export)
        views.show_memory(self._memory)
        self.stages.add_stage("full", views)
        return views

    # what is remembered

    @property
    def busy(self) -> bool:
        return self._job is not None and self._job.running

    def refresh(self) -> None:
        """Show what is remembered, unless this page shows that look already."""
        if self.busy:
            return
        taken = self._shown.scan.taken if self._shown is not None else None
        self._desk.jobs.start(
            self, work.remember, self._service, self._desk.words, taken,
            done=self._show_memory, failed=self._show_trouble,
        )  # fmt: skip

    def _show_memory(self, memory: Memory) -> None:
        self._memory = memory
        if "views" in vars(self):
            self.views.show_memory(memory)
        if self.busy:  # a look was begun meanwhile, and may be stopped
            self._shown = self._shown or memory.shown
            return
        if memory.shown is not None:
            self.show_look(memory.shown)
        elif self._shown is None:
            self._show_stage("empty")
            QTimer.singleShot(SOON, self, self._prepare)

    def _prepare(self) -> None:
        self.views.prepare()

    def _show_trouble(self, problem: Problem) -> None:
        self.notice.show_problem(problem)
        if self.stages.stage == "opening":
            self._show_stage("empty")

    # looking

    def look(self, wish: Wish = Wish()) -> None:  # noqa: B008 - a frozen value
        """Look at every running program, off the window's thread; what is found comes in parts."""
        if self.busy:
            return
        job = self._begin(
            work.look, self._service, self._desk.words, wish,
            done=self.show_look, part=self.show_part,
        )  # fmt: skip
        job.failed.connect(lambda _problem: self._restore())
        job.cancelled.connect(self._tell_stopped)
        job.finished.connect(self._rest)
        self.follow(job)

    def _begin(self, verb: Callable[..., Any], *facts: Any, **heard: Any) -> Job:
        self.notice.hide()
        self.told.hide()
        self._job = self._desk.jobs.start(
            self, verb, *facts, failed=self.notice.show_problem, **heard
        )
        return self._job

    def follow(self, job: Job) -> None:
        """Show the work of ``job`` above what was shown before."""
        self._job = job
        self.working.follow(job, self.tr("Looking at what runs on this computer"))
        self._show_stage("waiting" if self._shown is None else "full")

    def show_part(self, part: Shown) -> None:
        self.views.show_part(part)
        self._show_stage("full")

    def show_look(self, shown: Shown) -> None:
        """Show the answer of a look; one without programs is a remembered one."""
        self._shown = shown
        self.views.show_look(shown)
        self._show_stage("full")

    def _tell_stopped(self) -> None:
        kind = "before" if self._shown is not None else "nothing"
        self.told.setText(self._desk.words.say(f"processes.page.stopped.{kind}"))
        self.told.show()
        self._restore()

    def _restore(self) -> None:
        """After a look that did not reach its end, show what was shown before."""
        if self._shown is not None:
            self.show_look(self._shown)

    def _rest(self) -> None:
        self._show_stage("empty" if self._shown is None else "full")

    # what the person decides

    def _judge(self, finding: Finding, known: bool) -> None:
        """A finding that is known counts as fine from now on, or as a question again."""
        if self._shown is None:
            return
        level = Level.FINE if known else finding.level
        judged = replace(finding, level=level, known=known)
        findings = tuple(
            judged if each.program == finding.program else each
            for each in self._shown.scan.findings
        )
        scan = replace(self._shown.scan, findings=findings)
        self._shown = replace(self._shown, scan=scan)
        self.views.show_judged(self._shown)
        self._desk.jobs.start(self, work.lay_out_again, self._desk.words, scan, done=self._relist)

    def _relist(self, shown: Shown) -> None:
        """The marks in the long lists, too, tell what the person said."""
        if self._shown is not None and self._shown.scan is shown.scan:
            self._shown = shown
            self.views.show_lists(shown)

    def _forget(self, known: Known) -> None:
        self.doings.ask_again(known, self._tell_forgotten, None)

    def _tell_forgotten(self) -> None:
        self.told.setText(self._desk.words.say("processes.page.known.removed"))
        self.told.show()

    def _export(self, target: object) -> None:
        self._begin(work.export, self._service, target, done=self.views.known.tell_saved)

    def _keep_baseline(self) -> None:
        if self._shown is None or self.busy:
            return
        self._begin(
            work.keep_baseline, self._service, self._shown.scan,
            done=lambda _nothing: self.views.headline.tell_kept(),
        )  # fmt: skip

    # for trainers

    def _try(self) -> None:
        if self.busy:
            return
        job = self._begin(trial.run, self._service, done=self._show_trial)
        self.working.follow(job, self.tr("Trying it with harmless examples"))

    def _show_trial(self, result: SelfTest) -> None:
        self.views.show_trial(trial.tell(self._desk.words, result))

    def _show_stage(self, name: str) -> None:
        self.stages.show_stage(name)
        self.subtitle.setVisible(name != "full")
        self.again.setVisible(name == "full" and not self.busy)
        remembered = self._shown is not None and not self._shown.fresh
        self.again.change_role("primary" if remembered else "plain")

    # what the window asks

    def search_field(self) -> QLineEdit | None:
        return self.views.search_field() if self.stages.stage == "full" else None

    def go_back(self) -> bool:
        return self.stages.stage == "full" and self.views.go_back()

    @property
    def scan(self) -> Scan | None:
        """The look that is shown."""
        return self._shown.scan if self._shown is not None else None
