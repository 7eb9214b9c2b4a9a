"""Programs: look at what runs, show what deserves a question, and everything else on request."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.processes.model import NotSeen, Scan, Unknown
from guardian.processes.service import ProcessesService
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, column, plain, row
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages, scrolling
from guardian.ui.kit.rows import Row
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.card import FindingCard
from guardian.ui.pages.processes.listing import ProgramList, rows_of


def look(service: ProcessesService, words: Words, report: Report) -> tuple[Scan, list[Row]]:
    """Off the window's thread: look, and make the long list ready to be shown."""
    scan = service.scan(report)
    return scan, rows_of(words, scan)


class ProcessesPage(Page):
    key = "processes"

    def __init__(self, service: ProcessesService, desk: Desk) -> None:
        words = desk.words
        super().__init__(words.say("page.processes"), words.say("processes.page.intro"))
        self._service, self._desk = service, desk
        self._scan: Scan | None = None
        self.notice = Notice(words)
        self.working = Working(words)
        promise = Text(words.say("processes.page.promise"), "strong")
        promise.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.empty = EmptyState(
            "processes",
            words.say("processes.page.empty"),
            words.say("processes.page.empty.text"),
            self.tr("Look now"),
            self.look,
            (promise,),
        )
        self.headline = Card(gap=8, margin=24)
        self.findings = column(gap=16)
        self.list = ProgramList(words, desk.clock)
        self.list.wanted.connect(self._bring_into_view)
        self._unlisted = Card(Text(words.say("processes.page.unlisted"), "dim"))
        self._ends = column(gap=6)
        self.area = scrolling(
            self.headline, self.findings, self.list, self._unlisted, self._ends, None
        )
        self.stages = Stages(
            empty=scrolling(self.empty),
            working=plain(column(self.working, None)),
            full=self.area,
        )
        self.stages.installEventFilter(self)
        self.content.addWidget(self.notice)
        self.content.addWidget(self.stages, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.stages and event.type() == QEvent.Type.Resize:
            self.list.fit_into(self.stages.height())
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Show what is remembered, unless this page shows that look already."""
        if self.stages.stage == "working":
            return
        try:
            last = self._service.last()
        except Problem as problem:
            self.notice.show_problem(problem)
            return
        if last is None:
            self._scan = None
            self.stages.show_stage("empty")
        elif self._scan is None or self._scan.taken != last.taken:
            self.show_scan(last)

    def look(self) -> None:
        """Look at every running program, off the window's thread."""
        self.notice.hide()
        job = self._desk.jobs.start(
            self, look, self._service, self._desk.words,
            done=lambda found: self.show_scan(*found), failed=self.notice.show_problem,
        )  # fmt: skip
        job.finished.connect(self._rest)
        self.follow(job)

    def follow(self, job: Job) -> None:
        """Show the work of ``job`` and nothing else until it ends."""
        self.working.follow(job, self.tr("Looking at what runs on this computer"))
        self.stages.show_stage("working")

    def _rest(self) -> None:
        """After a look that brought nothing new, show what was shown before."""
        if self.stages.stage == "working":
            self.stages.show_stage("empty" if self._scan is None else "full")

    def show_scan(self, scan: Scan, rows: Sequence[Row] = ()) -> None:
        """Show the answer of a look and its list; one without programs is a remembered one."""
        self._scan = scan
        fresh = bool(scan.programs)
        self._show_headline(scan, fresh)
        self._show_findings(scan)
        self.list.setVisible(fresh)
        self._unlisted.setVisible(not fresh)
        if fresh:
            self.list.show_programs(scan, rows)
        self._show_ends(scan)
        self._order_tabs()
        self.stages.show_stage("full")
        self.area.verticalScrollBar().setValue(0)

    def _show_headline(self, scan: Scan, fresh: bool) -> None:
        words, body = self._desk.words, self.headline.body
        clear(body)
        when = telling.when(words, scan.taken, self._desk.clock())
        title = Text(words.tell(scan.headline()), "heading")
        if scan.level is Level.FINE:
            line = row(Icon("fine", "fine", 24), gap=12, top=True)
            line.addWidget(title, 1)
            body.addLayout(line)
            body.addWidget(Text(words.say("processes.page.nothing.why"), "dim"))
        else:
            body.addWidget(title)
            body.addWidget(Text(words.say("processes.page.questions.why"), "dim"))
        for limit in scan.limits:
            body.addWidget(Text(words.tell(limit.tell()), "strong"))
        body.addSpacing(4)
        if not fresh:
            body.addWidget(Text(words.say("processes.page.remembered", when=when)))
        again = Button(self.tr("Look again"), "plain" if fresh else "primary", "refresh", self.look)
        line = row(again, gap=14)
        if fresh:
            line.addWidget(Text(words.say("processes.page.looked", when=when), "small"), 1)
        else:
            line.addStretch(1)
        body.addLayout(line)

    def _show_findings(self, scan: Scan) -> None:
        """Cards for what is worth a question; what has a simple explanation is folded away."""
        clear(self.findings)
        words, now = self._desk.words, self._desk.clock()
        explained = [each for each in scan.findings if each.level is Level.FINE]
        for finding in scan.findings:
            if finding.level is not Level.FINE:
                self.findings.addWidget(FindingCard(words, scan, finding, now))
        if not explained:
            return
        title = words.say("processes.page.explained", count=len(explained))
        fold = Fold(title, title)

        def unfold() -> None:
            fold.button.clicked.disconnect(unfold)
            fold.add(*(FindingCard(words, scan, finding, now) for finding in explained))
            self._order_tabs()

        fold.button.clicked.connect(unfold)
        self.findings.addWidget(fold)

    def _show_ends(self, scan: Scan) -> None:
        """What could not be seen and why, and what a look cannot find at all."""
        clear(self._ends)
        words = self._desk.words
        if scan.not_seen:
            fold = Fold(
                self.tr("What could not be seen, and why"),
                self.tr("Hide what could not be seen"),
            )
            fold.add(Text(words.say("processes.page.gaps"), "dim"))
            for gap in scan.not_seen:
                fold.add(bullet(self._gap(gap)))
            self._ends.addWidget(fold)
            self.gaps = fold
        self._ends.addWidget(Text(words.say("processes.cli.closing"), "small"))

    def _order_tabs(self) -> None:
        """Tab follows the page from top to bottom, although parts of it are made anew."""
        cards = (self.findings.itemAt(number).widget() for number in range(self.findings.count()))
        ends = (self._ends.itemAt(number).widget() for number in range(self._ends.count()))
        stops = [
            widget
            for part in (self.headline, *cards, self.list, *ends)
            for widget in part.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        for one, other in pairwise(stops):
            QWidget.setTabOrder(one, other)

    def _gap(self, gap: NotSeen) -> str:
        say, question = self._desk.words.say, self._desk.words.tell(gap.title())
        if not gap.pids:
            return say("processes.page.gap-system", question=question)
        if gap.reason is Unknown.DENIED:
            return say("processes.page.gap-denied", count=gap.programs, question=question)
        return say("processes.page.gap-untold", count=gap.programs, question=question)

    def _bring_into_view(self, part: QWidget) -> None:
        """Once everything is laid out."""
        QTimer.singleShot(0, part, lambda: self.area.ensureWidgetVisible(part, 0, 24))

    def search_field(self) -> QLineEdit | None:
        listed = self.stages.stage == "full" and not self.list.isHidden()
        return self.list.search if listed else None

    def go_back(self) -> bool:
        return self.stages.stage == "full" and not self.list.isHidden() and self.list.go_back()
