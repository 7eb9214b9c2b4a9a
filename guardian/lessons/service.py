"""The one door of the lessons: packs, counts of hands, agendas, handouts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from guardian.core.errors import Problem
from guardian.core.feature import Level, Observation, Step, Summary
from guardian.core.jobs import Report
from guardian.core.store import Store
from guardian.core.words import Words, message
from guardian.lessons.content import CARE, read_packs
from guardian.lessons.handout import make_handout, make_run_sheet
from guardian.lessons.model import Agenda, Count, Pack
from guardian.lessons.repository import Register
from guardian.lessons.rules.agenda import clock_times, divide, extend, find_running, plan_agenda
from guardian.lessons.rules.counting import HANDS_MOST, check_count, shares

__all__ = [
    "CARE",
    "HANDS_MOST",
    "LessonsService",
    "clock_times",
    "extend",
    "find_running",
    "make_handout",
    "make_run_sheet",
    "shares",
]


class LessonsService:
    """The packs are data and need no records; what was counted and finished is kept in them.

    To the checkup it shows itself as a pillar does.
    """

    key = "lessons"

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._register = Register(store)
        self._clock = clock

    def packs(self) -> tuple[Pack, ...]:
        """All lessons, in the order they are shown. Raises ``Problem("content-bad")``."""
        return read_packs()

    def pack(self, key: str) -> Pack:
        """Raises ``Problem("lesson-unknown")``."""
        for pack in read_packs():
            if pack.id == key:
                return pack
        known = ", ".join(pack.id for pack in read_packs())
        raise Problem("lesson-unknown", name=key, known=known)

    def count(self, counted: Count) -> None:
        """Keep the hands counted for a question; counted anew, the new count stands.

        Raises ``Problem`` for a lesson or question that there is not, and for numbers that
        cannot be right: too few or too many options, below 0, above a thousand.
        """
        check_count(counted, self.pack(counted.pack))
        self._register.keep(counted)

    def counts(self, pack: str) -> tuple[Count, ...]:
        """By question. What does not fit the questions as they are today is left out."""
        known = self.pack(pack)
        fitting = []
        for counted in self._register.counts(pack):
            try:
                check_count(counted, known)
            except Problem:
                continue
            fitting.append(counted)
        return tuple(fitting)

    def forget_counts(self, pack: str) -> None:
        """Begin anew with the next group."""
        self._register.forget_counts(self.pack(pack).id)

    def plan(self, packs: Sequence[str]) -> Agenda:
        """Packs in order with breaks between.

        Raises ``Problem("lesson-unknown")``, ``Problem("agenda-empty")``, and above twelve hours
        ``Problem("agenda-too-long")``.
        """
        return plan_agenda([self.pack(key) for key in packs])

    def divide(self, agenda: Agenda) -> Agenda:
        """The same agenda, as it was planned, with a slot for each phase: what a timer shows."""
        return divide(agenda, {pack.id: pack for pack in read_packs()})

    def finish(self, pack: str) -> None:
        """Note that this profile went through a lesson."""
        self._register.finish(self.pack(pack).id, self._clock())

    def finished(self) -> tuple[str, ...]:
        """The lessons this profile went through, the first one first."""
        known = {pack.id for pack in read_packs()}
        return tuple(pack for pack in self._register.finished() if pack in known)

    def handout(
        self, pack: str, words: Words, *, large: bool = False, day: date | None = None
    ) -> str:
        """One page of HTML, A4; ``large`` with letters of at least 18 pt, on up to two."""
        return make_handout(self.pack(pack), words, large, day)

    def run_sheet(self, agenda: Agenda, start: datetime, words: Words) -> str:
        """What the trainer prints: times, notes, demo steps and what to bring, as HTML."""
        packs = {pack.id: pack for pack in read_packs()}
        return make_run_sheet(agenda, start, words, packs)

    def check(self, report: Report) -> None:
        """There is nothing to look at."""

    def summary(self) -> Summary:
        count = len(self.finished())
        return Summary(Level.FINE if count else None, message("lesson.seen", count=count))

    def next_steps(self) -> tuple[Step, ...]:
        """A lesson is never urgent: the checkup's own list asks for one."""
        return ()

    def observations(self) -> tuple[Observation, ...]:
        """``lesson-finished``, from the day of the latest one on."""
        day, count = self._register.last_finished(), len(self.finished())
        if day is None or not count:
            return ()
        now = self._clock()
        seen = datetime.combine(day, time(12), now.tzinfo)
        return (Observation("lesson-finished", 1, 1, seen, message("lesson.seen", count=count)),)
