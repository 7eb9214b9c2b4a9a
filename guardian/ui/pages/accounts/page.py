"""The accounts page: consent first, then the search, then one account at a time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QWidget

from guardian.accounts.model import Found, NotRead, SourceState
from guardian.accounts.service import AccountsService
from guardian.accounts.verdict import is_old
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages, scrolling
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.pages.accounts.browse import Browse, is_narrow
from guardian.ui.pages.accounts.consent import ConsentPanel
from guardian.ui.pages.accounts.coverage import Coverage

MARGINS = 72
Survey = tuple[tuple[SourceState, ...], tuple[NotRead, ...]]


class AccountsPage(Page):
    key = "accounts"
    widest = 1480

    def __init__(self, service: AccountsService, desk: Desk) -> None:
        super().__init__(desk.words.say("page.accounts"))
        self._service, self._desk = service, desk
        self._job: Job | None = None
        self.notice = Notice(desk.words)
        self.working = Working(desk.words)
        self.consent = ConsentPanel(desk)
        self.browse = Browse(service, desk)
        self.consent.agreed.connect(self._agree)
        self.notice.action.connect(self.choose_sources)
        self.browse.troubled.connect(self.notice.show_problem)
        self.stages = Stages(
            opening=QWidget(),
            none=self._no_browser(),
            refused=self._no_look(),
            consent=self.consent,
            working=scrolling(
                self.working, Text(desk.words.say("accounts.page.working"), "dim"), None
            ),
            nothing=self._no_account(),
            unread=self._no_reading(),
            full=self.browse,
        )
        self.back = Button(self.tr("Back"), icon_name="back", clicked=self._show_known)
        self.again = Button(self.tr("Look again"), icon_name="refresh", clicked=self.find)
        self.change = Button(
            self.tr("Choose browsers"), icon_name="settings", clicked=self.choose_sources
        )
        for button in (self.back, self.again, self.change):
            self.head_buttons.addWidget(button)
        self.content.addWidget(self.notice)
        self.content.addWidget(self.stages, 1)
        self._show_stage("opening")

    def _no_browser(self) -> QWidget:
        say, again = self._desk.words.say, self.tr("Look again")
        title, text = say("accounts.page.none.title"), say("accounts.page.none.text")
        return scrolling(EmptyState("accounts", title, text, again, self.choose_sources))

    def _no_look(self) -> QWidget:
        say, again = self._desk.words.say, self.tr("Look again")
        title, text = say("accounts.page.refused.title"), say("accounts.page.refused.text")
        self._refused = Coverage(self._desk.words, self._desk.clock)
        extra = (self._refused,)
        return scrolling(EmptyState("accounts", title, text, again, self.choose_sources, extra))

    def _no_account(self) -> QWidget:
        say, choose = self._desk.words.say, self.tr("Choose browsers")
        title, text = say("accounts.page.nothing.title"), say("accounts.page.nothing.text")
        self._looked = Coverage(self._desk.words, self._desk.clock)
        extra = (self._looked,)
        return scrolling(EmptyState("accounts", title, text, choose, self.choose_sources, extra))

    def _no_reading(self) -> QWidget:
        say, choose = self._desk.words.say, self.tr("Choose browsers")
        title, text = say("accounts.page.unread.title"), say("accounts.page.unread.text")
        self._unread = Coverage(self._desk.words, self._desk.clock)
        extra = (self._unread,)
        return scrolling(EmptyState("accounts", title, text, choose, self.choose_sources, extra))

    def refresh(self) -> None:
        """A choice or a search under way stays as it is."""
        if self.stages.stage in ("opening", "none", "refused", "nothing", "unread", "full"):
            self._show_known()

    def search_field(self) -> QLineEdit | None:
        return self.browse.search if self.stages.stage == "full" else None

    def go_back(self) -> bool:
        if self.stages.stage == "full":
            return self.browse.go_back()
        if self.stages.stage == "consent" and not self.back.isHidden():
            self._show_known()
            return True
        return False

    def choose_sources(self) -> None:
        """Ask which browsers may be read; finding them reads no login."""
        self.notice.hide()
        self._survey()

    def _survey(self) -> None:
        if self._job is None or not self._job.running:
            self._job = self._desk.jobs.start(
                self, survey, self._service,
                done=self._show_sources, failed=self._offer_again,
            )  # fmt: skip

    def _offer_again(self, problem: Problem) -> None:
        if self.stages.stage == "working":
            self._show_stage("opening")
        self.notice.show_problem(problem, self.tr("Look again"))

    def find(self) -> None:
        """Read what is allowed."""
        if self._job is not None and self._job.running:
            return
        self.notice.hide()
        job = self._desk.jobs.start(
            self, self._service.find, done=self._show_new, failed=self.notice.show_problem
        )
        job.finished.connect(self._after_search)
        self.follow(job)

    def follow(self, job: Job) -> None:
        """Show a search at work."""
        self._job = job
        self._show_stage("working")
        self.working.follow(job, self.tr("Looking for your accounts"))

    def _after_search(self) -> None:
        """Stopped, failed or crashed: back to what was known before."""
        if self.stages.stage == "working":
            self._show_known()

    def _agree(self, consents: dict[str, bool]) -> None:
        """Take over what was ticked, and search; both off the window's thread."""
        if self._job is not None and self._job.running:
            return
        self.notice.hide()
        job = self._desk.jobs.start(
            self, agree, self._service, consents,
            done=self._show_new, failed=self.notice.show_problem,
        )  # fmt: skip
        job.finished.connect(self._after_search)
        self._job = job
        if any(consents.values()):
            self.follow(job)

    def _show_known(self) -> None:
        try:
            found = self._service.known()
        except Problem as problem:
            self._offer_again(problem)
            return
        if found is None or not found.searched:
            self._survey()
        else:
            self._show_found(found, begin=self.stages.stage == "opening")

    def _show_new(self, found: Found | None) -> None:
        if found is None:
            self._survey()
        else:
            self._show_found(found, begin=True)

    def _show_found(self, found: Found, *, begin: bool) -> None:
        if not found.accounts:
            unread = bool(found.not_read)
            (self._unread if unread else self._looked).show_found(found)
            self._show_stage("unread" if unread else "nothing")
            return
        self.browse.show_found(found)
        self._show_stage("full")
        say = self._desk.words.say
        old = sum(is_old(account) for account in found.accounts)
        self.title.setText(say("accounts.page.headline", count=len(found.accounts)))
        self.subtitle.setText(
            say("accounts.page.headline.old", count=old)
            if old
            else say("accounts.page.headline.none-old")
        )
        if begin:
            self.browse.begin()

    def _show_sources(self, seen: Survey) -> None:
        states, refused = seen
        if states:
            self.consent.show_sources(states, refused)
            self._show_stage("consent")
        else:
            self._refused.show_refused(refused)
            self._show_stage("refused" if refused else "none")

    def _show_stage(self, name: str) -> None:
        self.stages.show_stage(name)
        self.again.setVisible(name in ("nothing", "unread", "full"))
        self.change.setVisible(name == "full")
        self.back.setVisible(name == "consent" and self._has_accounts())
        self.title.setText(self._desk.words.say("page.accounts"))
        self.subtitle.setText(self._desk.words.say("accounts.page.intro"))
        self.subtitle.show()

    def _has_accounts(self) -> bool:
        try:
            known = self._service.known()
        except Problem as problem:
            self.notice.show_problem(problem)
            return False
        return known is not None and bool(known.accounts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in theme.LOOK_CHANGES:
            self._arrange()

    def _arrange(self) -> None:
        """Where there is little room, the buttons go below the title."""
        head = self.head_buttons.parent()
        if not isinstance(head, QBoxLayout):  # it finds its own way
            return
        narrow = is_narrow(self.width() - MARGINS)
        ways = QBoxLayout.Direction
        head.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        left = Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag(0)
        head.setAlignment(self.head_buttons, left)


def survey(service: AccountsService, report: Report) -> Survey:
    """The profiles that could be read, and the places that refused; reads no login."""
    report(0, 1)
    return service.survey()


def agree(service: AccountsService, consents: Mapping[str, bool], report: Report) -> Found | None:
    """Remember what was ticked and search; None where nothing may be read any more."""
    service.choose(consents)
    return service.find(report) if any(consents.values()) else None
