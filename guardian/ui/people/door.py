"""Before the pages: who is here, their passphrase, and what to do when it is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from guardian.core import keychain
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.paths import Paths
from guardian.core.profiles import (
    FIRST,
    Profile,
    add_profile,
    change_profile,
    needs_passphrase,
    read_profiles,
    remove_profile,
)
from guardian.core.words import Words
from guardian.ui.jobs import Jobs
from guardian.ui.opening import OpeningPage
from guardian.ui.people.session import Session
from guardian.ui.window import Window


class Door(QObject):
    """``chosen`` carries the profile of whoever wants to come in; ``left``: not after all.

    ``answered`` carries the page that waits and the passphrase, None where there is none.
    """

    chosen = Signal(object)
    left = Signal()
    answered = Signal(object, object)

    def __init__(
        self,
        window: Window,
        words: Words,
        paths: Paths,
        jobs: Callable[[], Jobs],
        *,
        several: bool,
    ) -> None:
        super().__init__(window)
        self._window, self._words, self._paths, self._jobs = window, words, paths, jobs
        self._several = several  # whether there may be several people at all

    def people(self) -> tuple[tuple[Profile, ...], Problem | None]:
        """Everybody who has a profile; where the list makes no sense, the first one alone."""
        try:
            return read_profiles(self._paths), None
        except Problem as problem:
            return (FIRST,), problem

    def several(self) -> bool:
        """Whether it has to be asked who is here; also where a list of people is damaged."""
        people, problem = self.people()
        damaged = problem is not None and problem.code == "profiles-damaged"
        return self._several and (len(people) > 1 or damaged)

    def ask_who(self, why: str = "", problem: Problem | None = None) -> None:
        from guardian.ui.people.who import WhoPage

        people, unreadable = self.people()
        page = WhoPage(self._words, people, why, alone=not self._several)
        page.chosen.connect(self.chosen)
        page.newcomer.connect(lambda: self._welcome_newcomer(page))
        if problem or unreadable:
            page.show_problem(problem or unreadable)
        self._window.show_alone(page)

    def let_in(self, session: Session) -> None:
        """Ask for the passphrase where one is set; open the records at once where none is."""
        if locked(self._paths, session.profile):
            self._ask_key(session)
            return
        page = OpeningPage(self._words)
        self._window.show_alone(page)
        # after the first painting: the thread that loads libraries would hold it up
        QTimer.singleShot(0, page, lambda: self.answered.emit(page, None))

    def _ask_key(self, session: Session) -> None:
        from guardian.ui.unlock import UnlockPage

        many = self.several()
        page = UnlockPage(self._words, session.profile if many else None)
        page.answered.connect(lambda typed: self.answered.emit(page, typed or None))
        page.went_back.connect(self.left)
        page.forgotten.connect(lambda: self._start_over(page, session))
        # while the records are being opened too: whoever goes back has not come in
        self._window.show_alone(page, self.left.emit if many else None)
        page.field.setFocus()

    # somebody new

    def _welcome_newcomer(self, page: QObject) -> None:
        from guardian.ui.people.adding import ask_newcomer

        people, _ = self.people()
        answer = ask_newcomer(self._window, self._words, people)
        if answer is None:
            return
        page.setEnabled(False)
        job = self._jobs().start(
            page, partial(make, self._paths, answer), done=lambda _new: self.ask_who(),
            failed=page.show_problem,
        )  # fmt: skip
        job.finished.connect(lambda: page.setEnabled(True))

    # a forgotten passphrase

    def _start_over(self, page: QObject, session: Session) -> None:
        from guardian.ui.people.forgotten import ask_start_over

        secrets = ask_start_over(self._window, self._words, session.profile)
        if secrets is None:
            return
        page.setEnabled(False)
        job = self._jobs().start(
            page, partial(start_over, self._paths, session.profile, secrets),
            done=self._started_over, failed=page.refuse,
        )  # fmt: skip
        job.finished.connect(lambda: page.setEnabled(True))

    def _started_over(self, profile: Profile) -> None:
        self.chosen.emit(profile)


def locked(paths: Paths, profile: Profile) -> bool:
    """Whether the records ask for a passphrase; False also where the key file makes no sense,
    since opening the records meets the same file and says what is wrong with it."""
    try:
        return needs_passphrase(paths, profile)
    except Problem:
        return False


def make(paths: Paths, answer: object, _report: Report) -> Profile:
    """A job: make the profile somebody asked for."""
    if answer.first is not None:
        change_profile(paths, answer.first)
    return add_profile(paths, answer.nickname, answer.colour, answer.kind, answer.passphrases)


def start_over(
    paths: Paths, profile: Profile, secrets: tuple[str, ...], _report: Report
) -> Profile:
    """A job: delete the records of ``profile`` and begin new ones.

    The first one begins anew as on the first start; anybody else under new ``secrets``.
    """
    from guardian.vault.service import forget_copies

    remove_profile(paths, profile, keychain.find_keychain())
    forget_copies(profile.id)
    if profile.id == FIRST.id:
        if profile.nickname:
            change_profile(paths, profile)
        return profile
    return add_profile(paths, profile.nickname, profile.colour, profile.kind, secrets)
