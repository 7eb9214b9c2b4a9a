"""What the page asks of the library; whatever goes wrong is told on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from guardian.clauses.model import ReadDocument
from guardian.clauses.service import ClausesService
from guardian.core.errors import Problem
from guardian.ui.kit.notice import Notice


class Keeping:
    """Each answer is None or False where the library could not be reached."""

    def __init__(self, service: ClausesService, notice: Notice) -> None:
        self._service, self._notice = service, notice

    def all(self) -> tuple[ReadDocument, ...] | None:
        """The documents read so far, the latest first."""
        try:
            return self._service.library()
        except Problem as problem:
            self._notice.show_problem(problem)
            return None

    def some(self, numbers: Sequence[int]) -> list[ReadDocument]:
        """Those that are still there, in the order of ``numbers``."""
        known = {one.id: one for one in self.all() or ()}
        return [known[number] for number in numbers if number in known]

    def forget(self, number: int) -> ReadDocument | None:
        """Take one out; what was taken can be restored."""
        found = self.some((number,))
        if found and self._changed(lambda: self._service.forget(number)):
            return found[0]
        return None

    def restore(self, one: ReadDocument) -> bool:
        return self._changed(lambda: self._service.restore(one))

    def note(self, number: int, note: str) -> bool:
        """Keep the person's own note of where a document came from."""
        return self._changed(lambda: self._service.note_source(number, note))

    def _changed(self, change: Callable[[], object]) -> bool:
        try:
            change()
        except Problem as problem:
            self._notice.show_problem(problem)
            return False
        return True
