"""Composition root of the window: builds everything once and connects it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from guardian.core import log
from guardian.core.clock import local_now
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.log import Event
from guardian.core.paths import Paths
from guardian.core.profiles import FIRST, GUEST, Kind, Profile, paths_of
from guardian.core.settings import StartPage
from guardian.core.words import Words
from guardian.ui import apart, theme
from guardian.ui.desk import Desk
from guardian.ui.guard import traces
from guardian.ui.guard.guard import Guard, Hands
from guardian.ui.jobs import Jobs
from guardian.ui.opening import OpeningPage
from guardian.ui.parting import do_all
from guardian.ui.people.door import Door
from guardian.ui.people.session import Session
from guardian.ui.preferences import Preferences
from guardian.ui.starting import wants_neutral_name
from guardian.ui.window import Window

if TYPE_CHECKING:
    from guardian.core.store import Store
    from guardian.features import Features
    from guardian.ui.people.people import People
    from guardian.ui.reminding import Reminding
    from guardian.ui.unlock import UnlockPage

KEYRING_PATIENCE = 60.0  # seconds; the system may be asking for its own password
ENDING = 5.0  # seconds for the records to be closed by, at the end


class GuardianApp:
    """One running window, and whoever is in it: from coming in to the end.

    ``build`` makes the services over the records; without ``profiles`` there is one person, and
    nobody to switch to. ``banner`` stands above all pages.
    """

    def __init__(
        self,
        app: QApplication,
        paths: Paths,
        *,
        words: Words | None = None,
        home: Path | None = None,
        clock: Callable[[], datetime] = local_now,
        build: Callable[[Store], Features] | None = None,
        banner: str = "",
        profiles: bool = True,
    ) -> None:
        self.app, self.paths, self.clock = app, paths, clock
        self.home = home or Path.home()
        self.words = words or Words()
        self.profiles = profiles
        self.closed = False
        self._build = build
        self._real = not banner
        self._sign = apart.Records()
        self._former: list[Jobs] = []
        self._people: People | None = None
        self.session = Session(FIRST, paths)
        self.dress()
        self.window = Window(self.words)
        self.window.resize(*self.preferences.settings.window_size)
        self.window.show_banner(banner)
        self.window.asked_help.connect(self.show_help)
        self.window.page_shown.connect(self._note_page)
        self.window.closing.connect(self.close)
        self.door = Door(self.window, self.words, paths, lambda: self.jobs, several=profiles)
        self.door.chosen.connect(self.come_in)
        self.door.answered.connect(self._open)
        self.door.left.connect(self.lock)
        self.guard = Guard(self.window, self.words, clock, Hands(
            session=lambda: self.session, lock=self.lock, leave=self.leave,
            ask_who=self.door.ask_who, neutral=lambda: wants_neutral_name(paths),
            capture=not banner,
        ))  # fmt: skip
        self._listen()

    @cached_property
    def reminding(self) -> Reminding:
        """Made when somebody has come in: the first window does not wait for it."""
        from guardian.ui.reminding import Reminding

        return Reminding(self.window, self.words, self.paths, self.clock)

    # what belongs to whoever is here

    @property
    def profile(self) -> Profile:
        return self.session.profile

    @property
    def preferences(self) -> Preferences:
        return self.session.preferences

    @property
    def jobs(self) -> Jobs:
        return self.session.jobs

    @property
    def store(self) -> Store | None:
        return self.session.store

    @store.setter
    def store(self, store: Store | None) -> None:
        self.session.store = store

    @property
    def features(self) -> Features | None:
        return self.session.features

    def _listen(self) -> None:
        """To the settings of whoever is here now."""
        self.preferences.changed.connect(self.dress)
        self.preferences.changed.connect(self.guard.obey)
        self.guard.obey()

    def _note_page(self, key: str) -> None:
        """Write down the page only where it is wanted back: anybody can read the settings file."""
        last = self.preferences.settings.start_page is StartPage.LAST
        self.preferences.change(page=key if last else "")

    def dress(self) -> None:
        settings = self.preferences.settings
        theme.apply_look(self.app, settings.theme, settings.text_size)

    # coming in

    def open_records(self) -> None:
        """Ask who is here, where there are several; else open the records of the only one."""
        if self.profiles and self.door.several():
            self.door.ask_who()
        else:
            self.door.let_in(self.session)

    def reopen(self) -> None:
        """Start over with whatever records this person has now."""
        self.door.let_in(self.session)

    def come_in(self, profile: Profile) -> None:
        """Be there for ``profile`` alone; nothing of whoever was here before is left."""
        self.leave()
        self.session = Session(profile, paths_of(self.paths, profile))
        if self.session.guest:  # not even that something was done
            log.stop_log()
        else:
            log.start_log(self.paths.log_file)
        self.dress()
        self._listen()
        self.door.let_in(self.session)

    def leave(self, after: int = 0) -> None:
        """Let go of everything of whoever is here: keys, records, jobs, pages and what they undo.

        ``after`` milliseconds the pages themselves are deleted.
        """
        former, self.session = self.session, Session(GUEST, self.paths)
        self._people = None
        self._former = [*(jobs for jobs in self._former if jobs.running), former.jobs]
        do_all(
            self.window, self.guard.rest, self.reminding.end, traces.close_dialogs,
            partial(self.window.drop_pages, after), former.drop, self._sign.withdraw,
            traces.clear_clipboard, self.window.empty,
        )  # fmt: skip
        QTimer.singleShot(after, self.window, traces.forget_folder)

    def lock(self, why: str = "") -> None:
        """Leave in peace, and ask who is here; ``why`` is said there."""
        do_all(self.window, self.window.finish)
        moment, neutral = self.reminding.moment, self.preferences.settings.neutral_name
        self.leave()
        self.reminding.wait(moment, neutral=neutral)
        self.door.ask_who(why)

    def show_opening(self) -> OpeningPage:
        """Cover the pages while there are no records to show."""
        page = OpeningPage(self.words)
        self.window.show_alone(page)
        return page

    def _open(self, page: OpeningPage | UnlockPage, passphrase: str | None) -> None:
        session = self.session
        if self._real and not self._sign.announce():
            self._keep_shut()
            return
        self.jobs.start(
            page,
            self._open_store,
            session,
            passphrase,
            done=lambda _store: self._opened(session),
            failed=lambda problem: self._not_opened(session, page, problem),
        )

    def _open_store(self, session: Session, passphrase: str | None, _report: Report) -> Store:
        """On a thread of its own: also load what the pages need, while the window is up already."""
        import guardian.ui.pages  # noqa: F401
        from guardian.core import keychain
        from guardian.core.store import open_in_memory, open_store

        if session.guest:
            return session.take(open_in_memory(owner=session.profile.id))
        chain = keychain.find_keychain(KEYRING_PATIENCE)
        return session.take(open_store(session.paths, chain, lambda: passphrase))

    def _keep_shut(self) -> None:
        """A demonstration is on a projector: nothing real may be open beside it."""
        self.leave()
        self.door.ask_who(problem=Problem("projecting"))

    def _not_opened(
        self, session: Session, page: OpeningPage | UnlockPage, problem: Problem
    ) -> None:
        from guardian.core.store import open_in_memory

        if isinstance(page, OpeningPage):
            session.take(open_in_memory(problem, session.profile.id))
            self._opened(session)
        else:
            self._sign.withdraw()
            page.refuse(problem)

    def _opened(self, session: Session) -> None:
        from guardian.core.keys import KeyMode
        from guardian.core.store import open_in_memory

        store = session.store
        if session.over or store is None:
            return
        if store.why is not None and store.why.code == "profile-gone":
            self.leave()
            self.door.ask_who(problem=store.why)
            return
        log.note(Event.RECORDS_OPENED, remembered=store.mode is not KeyMode.MEMORY)
        try:
            built = self._services(session)
        except Problem as problem:  # records from a newer Guardian
            session.take(open_in_memory(problem, session.profile.id))
            built = self._services(session)
        session.features = built
        self._build_pages(session)
        self.guard.start()
        if self._real:
            self.reminding.begin(session)
        if session.preferences.settings.welcomed:
            last = session.preferences.settings.start_page is StartPage.LAST
            self.window.show_page(session.preferences.settings.page if last else "")
        else:
            self._welcome(session)

    def _services(self, session: Session) -> Features:
        from guardian import features

        assert session.store is not None
        if self._build is not None:
            return self._build(session.store)
        child = session.profile.kind is Kind.CHILD
        return features.build(session.store, self.home, self.clock, child=child)

    def _build_pages(self, session: Session) -> None:
        from guardian.ui import links
        from guardian.ui.demo_start import start_demo
        from guardian.ui.pages import Shelf, tabs
        from guardian.ui.people.people import People
        from guardian.ui.records import Records

        built = session.features
        desk = Desk(
            self.words,
            session.jobs,
            self.clock,
            go=self.window.show_page,
            open_link=lambda url: links.open_link(self.window, url),
            lock=self.guard.lock_by_key,
            show_demo=start_demo if self._real else None,
        )
        records = Records(
            session.paths,
            session.store,
            cover=self.show_opening,
            reopen=self.reopen,
            farewell=built.vault.revoke_all_here,
            kind=session.profile.kind,
        )
        people = People(self.paths, session, self.lock) if self.profiles else None
        self.window.set_tabs(tabs(Shelf(built, desk, session.preferences, records, people)))
        if people is not None:
            self._people = people  # a connection that held it would hold all of this for ever
            people.changed.connect(self._show_person)
            self._show_person()

    def _show_person(self) -> None:
        from guardian.ui.people.corner import PersonButton

        def look_after() -> None:
            self.window.show_page("settings")
            self.window.stack.currentWidget().show_people()

        self.window.rail.set_foot(PersonButton(self.words, self._people, look_after))

    def _welcome(self, session: Session) -> None:
        from guardian.ui.pages.welcome import WelcomePage

        assert session.store is not None
        page = WelcomePage(self.words, session.store.mode)
        page.finished.connect(self._welcomed)
        self.window.show_alone(page)

    def _welcomed(self, look_now: bool) -> None:
        self.preferences.change(welcomed=True)
        self.window.show_page("")
        begin = getattr(self.window.stack.currentWidget(), "start_check", None)
        if look_now and begin:
            begin()

    def show_help(self, page: str) -> None:
        from guardian.ui.help import HelpDialog

        HelpDialog(self.window, self.words, page).exec()

    def show_crash(self, error: BaseException) -> None:
        from guardian.ui.help import CrashDialog, ProblemDialog, describe_crash

        if self.guard.vanished:  # whatever it was, nothing may come up over the sheet
            return
        if isinstance(error, Problem):
            ProblemDialog(self.window, self.words, error).exec()
            return
        CrashDialog(self.window, self.words, describe_crash(error)).exec()

    def close(self) -> None:
        """Remember the window, stop all jobs, close the records."""
        self.closed = True
        self.guard.end()
        self.reminding.end()
        self.window.hide()  # a job may take a moment to hear that it should stop
        if self.features is not None or self.session.profile == FIRST:
            size = self.window.size()
            self.preferences.change(window_size=(size.width(), size.height()))
        for jobs in (self.jobs, *self._former):
            jobs.close()
        do_all(self.window, self.window.finish)
        self.session.drop(ENDING)
        self._sign.withdraw()
        traces.forget_written_folders()
        log.note(Event.STOPPED)
