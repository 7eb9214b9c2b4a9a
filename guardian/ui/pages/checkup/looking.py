"""What the page shows, looked up off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from guardian.checkup.model import Answer, Change, Circumstances, Moment, Plan, Rhythm, Sheet, Todo
from guardian.checkup.rhythm import next_reminder, next_sitting
from guardian.checkup.service import CheckupService
from guardian.core.feature import Feature, Summary
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.ui.kit.chip import Chip

# pages that every profile has, whatever its pillars
OWN_PAGES = ("lessons", "settings")


@dataclass(frozen=True)
class Standing:
    """Where the person stands with one pillar."""

    key: str
    summary: Summary


@dataclass(frozen=True)
class Seen:
    """Everything the page shows at one moment."""

    circumstances: Circumstances
    plan: Plan
    sheet: Sheet
    rhythm: Rhythm
    answers: dict[str, Answer]
    standings: tuple[Standing, ...]
    today: date
    reminder: date | None = None
    """The day of the next reminder; None for never."""

    @property
    def looked(self) -> bool:
        """Whether any pillar has looked yet."""
        return any(one.summary.level for one in self.standings)

    def page_of(self, todo: Todo) -> str:
        """Where “Start” leads; "" where there is no such page for this person."""
        pages = {*OWN_PAGES, *(one.key for one in self.standings)}
        return todo.page if todo.page in pages else ""

    def next_checkup(self) -> date | None:
        """The day after the next sitting, if there is a rhythm."""
        day = next_sitting(self.rhythm, self.today)
        return day + timedelta(days=1) if day else None


def look_up(
    service: CheckupService, pillars: Sequence[Feature], today: date, report: Report
) -> Seen:
    report(0, 1)
    rhythm, last = service.rhythm(), service.last_sitting()
    return Seen(
        service.circumstances(),
        service.plan(),
        service.sheet(),
        rhythm,
        {one.key: one for one in service.answers()},
        tuple(Standing(one.key, one.summary()) for one in pillars),
        today,
        next_reminder(rhythm, datetime.combine(today, time()), last),
    )


def act_and_look(
    act: Callable[[], object],
    service: CheckupService,
    pillars: Sequence[Feature],
    today: date,
    report: Report,
) -> Seen:
    """Do what the person asked for, then look where that leads."""
    act()
    return look_up(service, pillars, today, report)


def all_moments(
    service: CheckupService,
    keep: bool,
    report: Report,
) -> tuple[Moment, ...]:
    """The history; with ``keep`` what moved until now is its end."""
    report(0, 1)
    if keep:
        service.record()
    return service.history()


def keep_score(service: CheckupService, report: Report) -> None:
    report(0, 1)
    service.record()


def forget_moments(
    service: CheckupService, numbers: Sequence[int] | None, report: Report
) -> tuple[Moment, ...]:
    report(0, 1)
    service.forget(numbers)
    return service.history()


def compare(service: CheckupService, old: int, new: int, report: Report) -> Change:
    report(0, 1)
    return service.compare(old, new)


def effort(words: Words, todo: Todo) -> Chip:
    return Chip("clock", words.say("checkup.page.minutes", count=todo.minutes))


def who_knows(words: Words, todo: Todo) -> Chip:
    """Whether Guardian saw it, or only the person can know."""
    if todo.seen:
        return Chip("screen", words.say("checkup.page.seen"))
    if todo.task is None or todo.task.checks:
        return Chip("screen", words.say("checkup.page.can-see"))
    return Chip("person", words.say("checkup.page.only-you"))


def area_of(words: Words, todo: Todo) -> str:
    """The group a step belongs to, in words."""
    if todo.task is None:
        return words.say(f"page.{todo.page}") if todo.page else words.say("page.checkup")
    return words.say(f"checkup.area.{todo.task.area.value}")
