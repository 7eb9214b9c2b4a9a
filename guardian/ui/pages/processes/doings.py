"""What the person does about a program: each a short job, whose end is told to who asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.processes.model import Explanation, Finding, Known, Program
from guardian.processes.service import Ended, ProcessesService
from guardian.ui.desk import Desk
from guardian.ui.pages.processes import work


class Doings(QObject):
    """``known`` carries everything the person said «I know this» about, ``judged`` a finding and
    whether it is known now, ``refused`` a problem."""

    known = Signal(object)
    judged = Signal(object, bool)
    refused = Signal(object)

    def __init__(self, service: ProcessesService, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._service, self._desk, self._owner = service, desk, owner

    def know(self, finding: Finding, then: Callable[[Known], object]) -> None:
        """Remember that the person knows a program; ``then`` gets what was noted."""

        def noted(answer: tuple[Known, tuple[Known, ...]]) -> None:
            then(answer[0])
            self.known.emit(answer[1])
            self.judged.emit(finding, True)

        self._run(work.know, finding, done=noted)

    def ask_again(self, known: Known, then: Callable[[], object], finding: Finding | None) -> None:
        """Take back «I know this»."""

        def forgotten(rest: Sequence[Known]) -> None:
            then()
            self.known.emit(rest)
            if finding is not None:
                self.judged.emit(finding, False)

        self._run(work.forget, (known.identity,), done=forgotten)

    def explain(
        self,
        asker: QWidget,
        pid: int,
        then: Callable[[Explanation], object],
        failed: Callable[[Problem], object],
    ) -> None:
        """Look at one process anew, as long as ``asker`` is there to hear of it."""
        self._desk.jobs.start(asker, work.explain, self._service, pid, done=then, failed=failed)

    def endable(self, program: Program) -> bool:
        return self._service.endable(program)

    def end(self, program: Program, then: Callable[[Ended], object]) -> None:
        self._run(work.end, program, done=then)

    def _run(self, verb: Callable[..., Any], what: object, done: Callable[[Any], object]) -> None:
        self._desk.jobs.start(
            self._owner, verb, self._service, what, done=done, failed=self.refused.emit
        )
