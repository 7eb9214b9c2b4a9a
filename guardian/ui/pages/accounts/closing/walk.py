"""What every step of the walk works with: the account shown, and a way to get things done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Account, CaseState, LetterKind
from guardian.accounts.service import ClosingService
from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.ui.pages.accounts.closing.standing import Stage, Standing, act, study
from guardian.ui.pages.accounts.names import Names


class Walk(QObject):
    """Does one thing at a time, off the window's thread.

    ``learned`` carries the :class:`Standing` whenever it is another, ``changed`` comes when a
    case was changed by the person, ``wanted`` carries the step to go to, ``writing`` the kind of
    letter to write, ``troubled`` a Problem; ``left`` means back to the list. ``username`` is which
    of several names the person means, empty where there is no need to say.
    """

    learned = Signal(object)
    changed = Signal()
    wanted = Signal(object)
    writing = Signal(object)
    troubled = Signal(object)
    left = Signal()

    def __init__(self, owner: QWidget, closing: ClosingService, desk: Desk, names: Names) -> None:
        super().__init__(owner)
        self._owner = owner
        self.closing, self.desk, self.names = closing, desk, names
        self.site, self.username = "", ""
        self.standing: Standing | None = None
        self._job: Job | None = None
        self._asked = self._told = 0  # numbers of what was asked last, and of the newest answer

    @property
    def words(self) -> Words:
        return self.desk.words

    @property
    def busy(self) -> bool:
        """Whether something is being done to the case; looking it up is nothing to wait for."""
        return self._job is not None and self._job.running

    def show(self, account: Account) -> None:
        """Look ``account`` up; an answer about another one is dropped."""
        if account.site != self.site:
            self.site, self.username, self.standing = account.site, "", None
        elif self.busy:
            return  # what is being done looks it up at its end
        self._begin(study)

    def do(self, verb: Callable[..., Any], *arguments: Any, then: Stage | None = None) -> None:
        """Call ``verb(*arguments)``, tell that the case changed, and go to the step ``then``."""
        if not self.busy:
            self._job = self._begin(act, verb, arguments, changes=True, then=then)

    def set_state(self, state: CaseState, note: str = "", then: Stage | None = None) -> None:
        self.do(self.closing.set_state, self.site, state, note, self.username, then=then)

    def note_proof(self, site: str, name: str, place: str) -> None:
        """Whatever else is being done, and whichever account is shown by now."""
        self._begin(act, self.closing.attach, (site, name, place), changes=True)

    def write(self, kind: LetterKind) -> None:
        """Go and write a letter."""
        self.writing.emit(kind)

    def run(
        self,
        work: Callable[..., Any],
        *arguments: Any,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Problem], object] | None = None,
    ) -> Job:
        """Any other work; its problems are told on the page."""
        return self.desk.jobs.start(
            self._owner, work, *arguments, done=done, failed=failed or self.troubled.emit
        )

    def _begin(
        self,
        work: Callable[..., Standing],
        *arguments: Any,
        changes: bool = False,
        then: Stage | None = None,
    ) -> Job:
        """Have the account shown now looked up, and perhaps changed."""
        self._asked += 1
        number, site = self._asked, self.site

        def done(standing: Standing) -> None:
            if site == self.site and number < self._told:
                self._begin(study)  # overtaken by another answer: who knows which is newer
            elif site == self.site:
                self._told, self.standing = number, standing
                self.learned.emit(standing)
            if changes:
                self.changed.emit()
            if site == self.site and then is not None:
                self.wanted.emit(then)

        return self.run(work, self.closing, site, self._today(), *arguments, done=done)

    def _today(self) -> date:
        return self.desk.clock().date()
