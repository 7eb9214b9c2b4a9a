"""The lessons page: go through one yourself, lead a group through it, plan and time a workshop."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from guardian.core.jobs import Report
from guardian.lessons.model import Agenda, Count, Pack
from guardian.lessons.service import LessonsService
from guardian.lessons.telling import name_lesson
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import confirm
from guardian.ui.kit.layout import order_tabs
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages
from guardian.ui.kit.switch import Switch
from guardian.ui.pages.lessons.agenda import AgendaPanel
from guardian.ui.pages.lessons.alone import AlonePanel
from guardian.ui.pages.lessons.leading import LeadingPanel
from guardian.ui.pages.lessons.running import Running
from guardian.ui.pages.lessons.saving import PaperSaver
from guardian.ui.pages.lessons.start import StartPanel
from guardian.ui.pages.lessons.timing import TimingPanel

ALONE, GROUP = "alone", "group"


class LessonsPage(Page):
    """``pages`` are the keys of those that can be shown here."""

    key = "lessons"

    def __init__(
        self,
        service: LessonsService,
        desk: Desk,
        pages: Collection[str],
    ) -> None:
        super().__init__(desk.words.say("page.lessons"), desk.words.say("lessons.page.intro"))
        self._service, self._desk, self._pages = service, desk, pages
        self._chosen: Pack | None = None
        self._way = ALONE
        self._panels: dict[tuple[str, str], AlonePanel | LeadingPanel] = {}
        self._clock = Button(
            self.tr("To the timer"), icon_name="clock", clicked=lambda: self._show("timing")
        )
        self._back = Button(self.tr("Back"), icon_name="back", clicked=self.go_back)
        for button in (self._clock, self._back):
            self.head_buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.notice = Notice(desk.words)
        self.saver = PaperSaver(self, service, desk, self.notice)
        self.ways = Switch(self.tr("How you use this lesson"), (ALONE, GROUP))
        self.ways.show_choices(
            {ALONE: self.tr("Go through it myself"), GROUP: self.tr("Lead a group")}, ALONE
        )
        self.ways.chosen.connect(self.show_way)
        self.start = StartPanel(desk.words, demo=desk.show_demo is not None)
        self.agenda = AgendaPanel(desk.words, service.plan, desk.clock)
        self.timing = TimingPanel(desk.words, desk.clock, service.pack)
        self.stages = Stages(start=self.start, agenda=self.agenda, timing=self.timing)
        for item in (self.notice, self.ways):
            self.content.addWidget(item)
        self.content.addWidget(self.stages, 1)
        self._connect()
        self._show("start")

    def _connect(self) -> None:
        self.start.chosen.connect(self.open_pack)
        self.start.plan_asked.connect(self.plan)
        self.start.demo_asked.connect(self.start_demo)
        self.agenda.save_asked.connect(self.saver.save_run_sheet)
        self.agenda.start_asked.connect(lambda agenda, _begin: self.time(agenda))
        self.timing.over.connect(self._end_timer)

    # what is shown

    def refresh(self) -> None:
        self.start.show_packs(self._service.packs(), self._service.finished())

    def open_pack(self, key: str) -> None:
        """A lesson, in the way it was used last."""
        self._chosen = self._service.pack(key)
        self.show_way(self._way)

    def show_way(self, way: str) -> None:
        """Alone or with a group; each panel keeps how far one came."""
        assert self._chosen is not None
        self._way = way
        self.ways.choose(way)
        name = (self._chosen.id, way)
        if name not in self._panels:
            made = self._make_alone if way == ALONE else self._make_leading
            self._panels[name] = made(self._chosen)
            self.stages.add_stage(" ".join(name), self._panels[name])
        self._show(" ".join(name))

    def panel(self) -> QWidget:
        """What fills the page now."""
        return self.stages.currentWidget()

    def _make_alone(self, pack: Pack) -> AlonePanel:
        panel = AlonePanel(self._desk.words, pack, done=pack.id in self._service.finished())
        panel.paper_asked.connect(lambda large: self.saver.save_handout(pack, large))
        panel.finished.connect(lambda: self._finish(pack, panel))
        panel.left.connect(lambda: self._show("start"))
        return panel

    def _make_leading(self, pack: Pack) -> LeadingPanel:
        panel = LeadingPanel(
            self._desk.words, pack, pages=self._pages, demo=self._desk.show_demo is not None
        )
        panel.gone.connect(self._desk.go)
        panel.demo_asked.connect(self.start_demo)
        panel.time_asked.connect(lambda: self.time(self._service.plan([pack.id])))
        panel.paper_asked.connect(lambda large: self.saver.save_handout(pack, large))
        panel.hands.show_counts(self._service.counts(pack.id))
        panel.hands.counted.connect(self._count)
        panel.hands.forget_asked.connect(lambda: self._forget(pack, panel))
        return panel

    def _show(self, stage: str) -> None:
        say = self._desk.words.say
        self.notice.hide()
        lesson = stage not in ("start", "agenda", "timing")
        titles = {"start": say("page.lessons"), "agenda": self.tr("Plan a workshop"),
                  "timing": self.tr("Timer")}  # fmt: skip
        if lesson and self._chosen is not None:
            titles[stage] = name_lesson(self._desk.words, self._chosen)
        self.title.setText(titles[stage])
        self.subtitle.setText(say("lessons.page.intro"))
        self.subtitle.setVisible(stage == "start")
        self.ways.setVisible(lesson)
        self._back.setVisible(stage != "start")
        self._clock.setVisible(self.timing.running is not None and stage != "timing")
        if stage == "start":
            self.refresh()
        self.stages.show_stage(stage)
        order_tabs(self.stages.currentWidget())

    # what is done

    def plan(self) -> None:
        """Put a workshop together."""
        self.agenda.show_packs(self._service.packs())
        self._show("agenda")

    def time(self, agenda: Agenda) -> None:
        """Start the timer of an agenda now; one that runs goes on unless the trainer agrees."""
        if self.timing.running is not None and not self.timing.running.over:
            say = self._desk.words.say
            title, text = say("lessons.page.timer.again"), say("lessons.page.timer.again.why")
            if not confirm(self, title, text, self.tr("Start anew"), self.tr("Keep it")):
                return
        now: datetime = self._desk.clock()
        self.timing.begin(Running(self._service.divide(agenda), now))
        self._show("timing")

    def _end_timer(self) -> None:
        self.timing.running = None
        self._show("start")

    def _finish(self, pack: Pack, panel: AlonePanel) -> None:
        def note(_report: Report) -> None:
            self._service.finish(pack.id)

        def told(_nothing: object) -> None:
            panel.show_finished(True)
            panel.others.setFocus()

        self._desk.jobs.start(self, note, done=told, failed=self.notice.show_problem)

    def _count(self, counted: Count) -> None:
        work = partial(keep_count, self._service, counted)
        self._desk.jobs.start(self, work, failed=self.notice.show_problem)

    def _forget(self, pack: Pack, panel: LeadingPanel) -> None:
        say = self._desk.words.say
        title, why = say("lessons.page.forget"), say("lessons.page.forget.why")
        if confirm(self, title, why, self.tr("Empty all"), self.tr("Cancel"), careful=True):
            work = partial(forget_counts, self._service, pack.id)
            self._desk.jobs.start(
                self, work, done=lambda _nothing: panel.hands.show_counts(()),
                failed=self.notice.show_problem,
            )  # fmt: skip

    def start_demo(self, projector: bool) -> None:
        """On a projector nothing of the person's own may be open beside it."""
        show = self._desk.show_demo
        if show is None:
            return
        if not projector:
            show(False)
            return
        say = self._desk.words.say
        title, why = say("lessons.page.projector"), say("lessons.page.projector.why")
        if not confirm(self, title, why, self.tr("Show it"), self.tr("Cancel")):
            return
        window = self.window()
        locked = self._desk.lock()
        show(True)
        if not locked:
            window.close()

    def go_back(self) -> bool:
        if self.stages.stage == "start":
            return False
        self._show("start")
        return True


def keep_count(service: LessonsService, counted: Count, _report: Report) -> None:
    """A job."""
    service.count(counted)


def forget_counts(service: LessonsService, pack: str, _report: Report) -> None:
    """A job."""
    service.forget_counts(pack)
