"""What the accounts page has done for it, one thing after the other, off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Case, CaseState
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.ui.jobs import Job, Jobs

MANY = 200  # accounts decided on at once


class Errands(QObject):
    """A line of jobs: the next begins when the one before has ended, so that what was decided
    last is also noted last."""

    def __init__(self, jobs: Jobs, owner: QWidget) -> None:
        super().__init__(owner)
        self._jobs, self._owner = jobs, owner
        self._waiting: list[tuple[Callable[..., Any], Callable[[], Job]]] = []
        self._job: Job | None = None

    @property
    def more(self) -> bool:
        """Whether something waits behind what runs now."""
        return bool(self._waiting)

    def awaits(self, work: Callable[..., Any]) -> bool:
        """Whether ``work`` is still to be done, so that there is no need to ask for it again."""
        return any(one is work for one, _ in self._waiting)

    def run(
        self,
        work: Callable[..., Any],
        *arguments: Any,
        done: Callable[[Any], object],
        failed: Callable[[Problem], object],
    ) -> None:
        def begin() -> Job:
            job = self._jobs.start(self._owner, work, *arguments, done=done, failed=failed)
            job.finished.connect(self._next)
            return job

        self._waiting.append((work, begin))
        if self._job is None:
            self._next()

    def _next(self) -> None:
        self._job = self._waiting.pop(0)[1]() if self._waiting else None


class Decisions(QObject):
    """Notes what is decided, and takes it back.

    ``noted`` carries the cases by site, ``undone`` those of a decision taken back. ``refused``
    carries a Problem: some of what was decided may not be kept. ``many`` carries a function and
    what to call it with: it takes so long that it is to be done in sight.
    """

    noted = Signal(object)
    many = Signal(object, object)
    undone = Signal(object)
    refused = Signal(object)

    def __init__(self, service: AccountsService, errands: Errands) -> None:
        super().__init__(errands)
        self._service, self._errands = service, errands
        self._last: tuple[str, ...] = ()
        self._fresh: dict[str, Case] = {}

    @property
    def last(self) -> tuple[str, ...]:
        """The sites of the last decision, as long as it can be taken back in one step."""
        return self._last

    def decide(self, sites: Sequence[str], state: CaseState) -> None:
        self._last = tuple(sites)
        if len(sites) > MANY:
            self.many.emit(note_states, (self._service, self._last, state))
            return
        self._errands.run(
            note_states, self._service, self._last, state,
            done=self._note, failed=self._refuse,
        )  # fmt: skip

    def undo(self) -> None:
        """Take the last decision back, if there is one."""
        sites, self._last = self._last, ()
        if len(sites) > MANY:
            self.many.emit(undo_states, (self._service, sites))
        elif sites:
            self._errands.run(
                undo_states, self._service, sites, done=self._note_undone, failed=self._refuse
            )

    def forget(self) -> None:
        """From here on something else may have happened to the cases: nothing is taken back."""
        self._last = ()

    def _note(self, cases: dict[str, Case]) -> None:
        """Told when nothing waits: until then what was decided since is already shown."""
        self._fresh |= cases
        if not self._errands.more:
            told, self._fresh = self._fresh, {}
            self.noted.emit(told)

    def _note_undone(self, cases: dict[str, Case]) -> None:
        self._fresh = {}
        self.undone.emit(cases)

    def _refuse(self, problem: Problem) -> None:
        self._last, self._fresh = (), {}
        self.refused.emit(problem)


def note_states(
    service: AccountsService, sites: Sequence[str], state: CaseState, report: Report
) -> dict[str, Case]:
    """The cases of ``sites`` as they are afterwards. Raises ``Problem``, ``Cancelled``."""
    report(0, 1)
    return service.closing.set_states(sites, state)


def undo_states(service: AccountsService, sites: Sequence[str], report: Report) -> dict[str, Case]:
    """As :func:`note_states`, for what was noted last in each case."""
    report(0, 1)
    return service.closing.undo_all(sites)
