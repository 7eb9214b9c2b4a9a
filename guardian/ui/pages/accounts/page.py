"""The accounts page: consent first, then the search, then one account at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.accounts.model import Account
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.dragging import dropped_files
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages, scrolling
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.pages.accounts import work
from guardian.ui.pages.accounts.book import Book
from guardian.ui.pages.accounts.closing.panel import CasePanel
from guardian.ui.pages.accounts.closing.standing import Stage
from guardian.ui.pages.accounts.consent import ConsentPanel
from guardian.ui.pages.accounts.errands import Decisions, Errands
from guardian.ui.pages.accounts.handover import Handover
from guardian.ui.pages.accounts.keeping import Keeping
from guardian.ui.pages.accounts.names import Eye, Names, always
from guardian.ui.pages.accounts.nothing import Nothing
from guardian.ui.pages.accounts.told import Told
from guardian.ui.pages.accounts.views import Views
from guardian.ui.proofs import Proofs


class AccountsPage(Page):
    key = "accounts"
    widest = 1240

    def __init__(
        self,
        service: AccountsService,
        desk: Desk,
        proofs: Proofs | None = None,
        masked: Callable[[], bool] = always,
    ) -> None:
        super().__init__(desk.words.say("page.accounts"))
        self.names = Names(masked, self)
        self._service, self._desk, self._proofs = service, desk, proofs or Proofs()
        self._job: Job | None = None
        self._begin, self._stale = True, False  # stale: less is known now than is shown
        self._wanted_site = ""
        self._asked: tuple[str, bool] | None = None  # a case another page leads to
        self.case: CasePanel | None = None
        self.errands = Errands(desk.jobs, self)
        self.decisions = Decisions(service, self.errands)
        self.notice, self.told = Notice(desk.words), Told()
        self.working = Working(desk.words)
        self.handover = Handover(self, service, desk, self.errands, self.notice, self.told)
        self.stages = Stages(opening=QWidget(), working=self._work_in_sight())
        self._build_head()
        self.content.addWidget(self.notice)
        self.content.addWidget(self.told)
        self.content.addWidget(self.stages, 1)
        self.setAcceptDrops(True)
        self._connect()
        self._show_stage("opening")

    def _work_in_sight(self) -> QWidget:
        note = Text(self._desk.words.say("accounts.page.working"), "dim")
        return scrolling(self.working, note, None)

    # what the page shows is built when it is first needed: the window waits for none of it

    @cached_property
    def consent(self) -> ConsentPanel:
        made = ConsentPanel(self._desk)
        made.agreed.connect(self._agree)
        self.handover.serve(made.handing)
        self.stages.add_stage("consent", made)
        return made

    @cached_property
    def nothing(self) -> Nothing:
        made = Nothing(self._desk)
        made.look_again.connect(self.choose_sources)
        self.handover.serve(made.handing)
        self.stages.add_stage("nothing", made)
        return made

    @cached_property
    def views(self) -> Views:
        made = Views(self._service, self._desk, self.decisions, self.names)
        made.closing.connect(self.show_case)
        made.coverage_line.looking.connect(self.find)
        made.claimed.connect(self.handover.add)
        made.adding.connect(self.handover.ask_for_account)
        made.saving.connect(self.save_list)
        self.stages.add_stage("full", made)
        return made

    @property
    def book(self) -> Book | None:
        """What is shown."""
        return self.views.book if "views" in vars(self) else None

    def _build_head(self) -> None:
        self.back = Button(self.tr("Back"), icon_name="back", clicked=self._go_to_views)
        self.change = Button(
            self.tr("Where to look"), icon_name="search", clicked=self.choose_sources
        )
        self.change.setToolTip(self.tr("Choose what Guardian may read, or hand something in"))
        self.eye = Eye(self.names)
        for button in (self.back, self.eye, self.change):
            self.head_buttons.addWidget(button)

    def _connect(self) -> None:
        self.handover.changed.connect(self._take_new)
        self.handover.forgotten.connect(self._show_forgotten)
        self.notice.action.connect(self.choose_sources)
        self.decisions.refused.connect(self._refuse)
        self.decisions.many.connect(self._decide_on_many)

    @property
    def busy(self) -> bool:
        return self._job is not None and self._job.running

    def refresh(self) -> None:
        """A choice, a search or a case under way stays as it is."""
        if self.stages.stage in ("opening", "nothing", "full"):
            self._load()

    def search_field(self) -> QLineEdit | None:
        return self.views.search_field() if self.stages.stage == "full" else None

    def go_back(self) -> bool:
        if self.stages.stage == "case" and self.case is not None:
            return self.case.go_back()
        if self.stages.stage == "full":
            return self.views.go_back()
        if self.stages.stage == "consent" and not self.back.isHidden():
            self._go_to_views()
            return True
        return False

    # what is known

    def _load(self) -> None:
        """Have everything known put together, off the window's thread; meanwhile what will show
        it is built, if it is not yet."""
        if self.errands.awaits(work.know):
            return
        QTimer.singleShot(0, self, lambda: self.views)
        self.errands.run(
            work.know, self._service, self._desk.clock(), self.book,
            done=self._show_book, failed=self._offer_again,
        )  # fmt: skip

    def _show_book(self, book: Book | None) -> None:
        self._stale = False
        if self.errands.more:
            self._load()  # something was decided meanwhile, and is not in it
            return
        if book is None or not book.found.searched:
            self._survey()
            return
        if self.stages.stage == "case" and self.case is not None:
            self.views.show_book(book, fresh=True)
            if account := self._find_account(self._wanted_site):
                self.case.show_account(account)
            return
        if not book.lines and not book.found.contacts:
            self.nothing.show_found(book.found)
            self._show_stage("nothing")
            return
        self.views.show_book(book, fresh=True)
        self._show_stage("full")
        if self._asked:
            self._show_asked()
        elif self._begin:
            self._begin = False
            self.views.begin()

    def _show_headline(self) -> None:
        book, say = self.book, self._desk.words.say
        if book is None:
            return
        old = book.tally.old
        self.title.setText(say("accounts.page.headline", count=len(book.lines)))
        self.subtitle.setText(
            say("accounts.page.headline.old", count=old)
            if old
            else say("accounts.page.headline.none-old")
        )

    def _offer_again(self, problem: Problem) -> None:
        self.notice.show_problem(problem, self.tr("Look again"))

    def _refuse(self, problem: Problem) -> None:
        """A decision that cannot be kept is not shown as made."""
        self.notice.show_problem(problem)
        self._load()

    def _decide_on_many(self, function: Callable[..., Any], arguments: Sequence[object]) -> None:
        title = self.tr("Noting what you decided")
        self.work(title, function, *arguments, done=lambda _cases: None)

    # where to look

    def choose_sources(self) -> None:
        """Ask what may be read; finding the places reads nothing in them."""
        self.notice.hide()
        self.told.hide()
        self._survey()

    def _survey(self) -> None:
        if not self.busy:
            self._job = self._desk.jobs.start(
                self, work.survey, self._service,
                done=self._show_sources, failed=self._offer_again,
            )  # fmt: skip

    def _show_sources(self, seen: work.Seen) -> None:
        if seen.states:
            self.consent.show_sources(seen.states, seen.refused)
            self.consent.handing.show_brought(seen.brought)
            self._show_stage("consent")
        else:
            self.nothing.show_places(seen.refused)
            self.nothing.handing.show_brought(seen.brought)
            self._show_stage("nothing")

    def _agree(self, consents: dict[str, bool]) -> None:
        self.work(
            self.tr("Looking for your accounts"), work.agree, self._service, consents,
            done=self._found_anew,
        )  # fmt: skip

    def find(self) -> None:
        """Read what is allowed."""
        self.work(
            self.tr("Looking for your accounts"), work.find, self._service, done=self._found_anew
        )

    def _take_new(self) -> None:
        """Something was handed in or written down."""
        if self.stages.stage in ("consent", "nothing"):
            self._begin = True
            self._show_stage("opening")
        self._load()

    def _show_forgotten(self) -> None:
        """The lists behind are made anew when they are gone back to."""
        self._stale = True
        self._survey()

    def _found_anew(self, _found: object) -> None:
        self._begin = True

    def save_list(self) -> None:
        if not self.busy and self.book is not None:
            self.handover.save_list()

    def work(
        self,
        title: str,
        function: Callable[..., Any],
        *arguments: object,
        done: Callable[[Any], object],
    ) -> None:
        """Do something that takes a while in sight; afterwards show what is known then."""
        if self.busy:
            return
        self.notice.hide()
        self.told.hide()
        job = self._desk.jobs.start(
            self, function, *arguments, done=done, failed=self.notice.show_problem
        )
        job.finished.connect(self._after_work)
        self.follow(job, title)

    def follow(self, job: Job, title: str) -> None:
        """Show a job at work."""
        self._job = job
        self._show_stage("working")
        self.working.follow(job, title)

    def _after_work(self) -> None:
        """Done, stopped, failed or crashed: on to what is known."""
        if self.stages.stage == "working":
            self._load()

    # one case

    def show_case(self, site: str) -> None:
        """Walk through closing one account."""
        account = self._find_account(site)
        if account is None:
            return
        self.decisions.forget()
        self.notice.hide()
        self.told.hide()
        if self.case is None:
            self._build_case()
        assert self.case is not None
        self._wanted_site = site
        self._show_stage("case")
        self.case.show_account(account)

    def ask_case(self, site: str, *, letter: bool = False) -> None:
        """Walk through closing ``site`` once everything known is put together.

        ``letter``: begin at the letter.
        """
        self._asked = site, letter
        if self.book is not None:
            self._show_asked()

    def _show_asked(self) -> None:
        site, letter = self._asked or ("", False)
        self._asked = None
        if site:
            self.show_case(site)
            if self.case is not None and letter:
                self.case.begin_at(Stage.LETTER)

    def _build_case(self) -> None:
        case = self.case = CasePanel(self._service, self._desk, self.names)
        case.changed.connect(self._load)
        case.left.connect(self._leave_case)
        case.troubled.connect(self.notice.show_problem)
        Keeping(case, self._proofs, self._desk, self.told)
        self.stages.add_stage("case", case)

    def _leave_case(self) -> None:
        self._go_to_views()
        self._load()

    def _go_to_views(self) -> None:
        if self._stale:
            self._load()
        elif self.book is not None:
            self._show_stage("full")

    def _find_account(self, site: str) -> Account | None:
        book = self.book
        if book is None:
            return None
        return book.lines[site].account if site in book.lines else book.found.by_site().get(site)

    # how it looks

    def _show_stage(self, name: str) -> None:
        self.stages.show_stage(name)
        known = self.book is not None and bool(self.book.lines)
        self.change.setVisible(name == "full")
        self.eye.setVisible(name == "full")
        self.eye.tell()  # the setting may be another by now
        self.back.setVisible(name == "consent" and known)
        self.title.setVisible(name != "case")
        self.subtitle.setVisible(name != "case")
        if name == "full":
            self._show_headline()
        else:
            self.title.setText(self._desk.words.say("page.accounts"))
            self.subtitle.setText(self._desk.words.say("accounts.page.intro"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.stages.stage != "case" and dropped_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := dropped_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.handover.bring(files)
