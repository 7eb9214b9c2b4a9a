"""The accounts page: consent first, then the search, then one account at a time."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.accounts.model import Found, NotRead, SourceState
from guardian.accounts.service import AccountsService, is_old
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages, scrolling
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.pages.accounts.browse import Browse
from guardian.ui.pages.accounts.consent import ConsentPanel
from guardian.ui.pages.accounts.coverage import Coverage

Survey = tuple[tuple[SourceState, ...], tuple[NotRead, ...]]


class AccountsPage(Page):
    key = "accounts"

    def __init__(self, service: AccountsService, desk: Desk) -> None:
        super().__init__(desk.words.say("page.accounts"))
        self._service, self._desk = service, desk
        self._job: Job | None = None
        self.notice = Notice(desk.words)
        self.working = Working(desk.words)
        self.consent = ConsentPanel(desk.words)
        self.browse = Browse(service, desk)
        self.consent.agreed.connect(self._agree)
        self.notice.action.connect(self.choose_sources)
        self.browse.troubled.connect(self.notice.show_problem)
        self.stages = Stages(
            opening=QWidget(),
            none=self._no_browser(),
            consent=self.consent,
            working=scrolling(
                self.working, Text(desk.words.say("accounts.page.working"), "dim"), None
            ),
            nothing=self._no_account(),
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
        say = self._desk.words.say
        self._refused = Coverage(self._desk.words)
        return scrolling(
            EmptyState(
                "accounts",
                say("accounts.page.none.title"),
                say("accounts.page.none.text"),
                self.tr("Look again"),
                self.choose_sources,
                extra=(self._refused,),
            )
        )

    def _no_account(self) -> QWidget:
        say = self._desk.words.say
        self._looked = Coverage(self._desk.words)
        title, text = say("accounts.page.nothing.title"), say("accounts.page.nothing.text")
        choose = self.tr("Choose browsers")
        return scrolling(
            EmptyState("accounts", title, text, choose, self.choose_sources, extra=(self._looked,))
        )

    def refresh(self) -> None:
        """A choice or a search under way stays as it is."""
        if self.stages.stage in ("opening", "none", "nothing", "full"):
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
        if self._job is None or not self._job.running:
            self._job = self._desk.jobs.start(
                self, survey, self._service,
                done=self._show_sources, failed=self._offer_again,
            )  # fmt: skip

    def _offer_again(self, problem: Problem) -> None:
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
        for key, yes in consents.items():
            self._service.allow(key, yes)
        if any(consents.values()):
            self.find()
        else:
            self.choose_sources()

    def _show_known(self) -> None:
        found = self._service.known()
        if found is None or not (found.accounts or found.read or found.not_read):
            self.choose_sources()
        else:
            self._show_found(found, begin=self.stages.stage == "opening")

    def _show_new(self, found: Found) -> None:
        self._show_found(found, begin=True)

    def _show_found(self, found: Found, *, begin: bool) -> None:
        if not found.accounts:
            self._looked.show_found(found)
            self._show_stage("nothing")
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
            self.consent.show_sources(states)
            self._show_stage("consent")
        else:
            self._refused.show_refused(refused)
            self._refused.setVisible(bool(refused))
            self._show_stage("none")

    def _show_stage(self, name: str) -> None:
        self.stages.show_stage(name)
        self.again.setVisible(name in ("nothing", "full"))
        self.change.setVisible(name == "full")
        known = self._service.known() if name == "consent" else None
        self.back.setVisible(known is not None and bool(known.accounts))
        self.title.setText(self._desk.words.say("page.accounts"))
        self.subtitle.setText(self._desk.words.say("accounts.page.intro"))
        self.subtitle.show()


def survey(service: AccountsService, report: Report) -> Survey:
    """The profiles that could be read, and what refused even to be listed where there are none.

    A search without any consent reads no login; it tells which lists of profiles are damaged.
    """
    states = service.sources()
    if states or service.known() is not None:
        return states, ()
    return (), service.find(report).not_read
