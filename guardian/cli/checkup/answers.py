"""The machine-readable forms of the checkup's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guardian.checkup.model import (
    Area,
    Basis,
    Change,
    Moment,
    Plan,
    Point,
    Put,
    Sheet,
    Task,
    Todo,
    Way,
)
from guardian.checkup.report import choose_next, is_done, last_of_each_day, points_of
from guardian.checkup.telling import tell_change
from guardian.core.words import Words


@dataclass(frozen=True)
class StepReport:
    """``key`` is what ``guardian steps`` takes; ``command`` "" where nothing is done in Guardian.

    ``area`` and ``duty`` are null for the step of a pillar; ``observed`` where Guardian saw it.
    """

    key: str
    title: str
    why: str
    minutes: int
    level: str
    page: str
    command: str
    area: str | None = None
    duty: str | None = None
    observed: str | None = None


@dataclass(frozen=True)
class WayReport:
    """How it is done; ``name`` is ``any`` or a system, such as android."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class GuideReport:
    """One step with its ways; none where a pillar leads through it."""

    step: StepReport
    ways: list[WayReport]


@dataclass(frozen=True)
class AsideReport:
    step: StepReport
    until: str | None
    reason: str


@dataclass(frozen=True)
class PlanReport:
    next: StepReport | None
    more: list[StepReport]
    rest: list[StepReport]
    put_aside: list[AsideReport]
    done: list[StepReport]


@dataclass(frozen=True)
class LineReport:
    points: int
    why: str


@dataclass(frozen=True)
class ChangeReport:
    """``lines`` always sum to ``after - before``."""

    before: int
    after: int
    lines: list[LineReport]


@dataclass(frozen=True)
class AreaReport:
    area: str
    done: int
    total: int
    seen: int
    said: int


@dataclass(frozen=True)
class DayReport:
    day: str
    score: int


@dataclass(frozen=True)
class SharedReport:
    """The cut for others: numbers, and the titles of steps that everybody might be asked for."""

    score: int
    held: int
    areas: list[AreaReport]
    history: list[DayReport]
    next: list[str]
    more: int
    put_aside: int


@dataclass(frozen=True)
class MomentReport:
    number: int
    taken: str
    score: int


def report_step(todo: Todo, words: Words) -> StepReport:
    return StepReport(
        key=todo.key,
        title=words.tell(todo.title),
        why=words.tell(todo.why),
        minutes=todo.minutes,
        level=todo.level.value,
        page=todo.page,
        command=todo.command,
        area=todo.task.area.value if todo.task else None,
        duty=todo.task.duty.value if todo.task else None,
        observed=words.tell(todo.observed) if todo.observed else None,
    )


def report_guide(todo: Todo, words: Words) -> GuideReport:
    task = todo.task
    ways = [WayReport(way.name, tell_way(task, way, words)) for way in task.ways] if task else []
    return GuideReport(report_step(todo, words), ways)


def tell_way(task: Task, way: Way, words: Words) -> list[str]:
    """The lines of a guided path, in order."""
    numbers = range(1, way.lines + 1)
    return [words.say(f"checkup.task.{task.id}.{way.name}.{line}") for line in numbers]


def report_plan(plan: Plan, words: Words) -> PlanReport:
    return PlanReport(
        next=report_step(plan.next, words) if plan.next else None,
        more=[report_step(one, words) for one in plan.more],
        rest=[report_step(one, words) for one in plan.rest],
        put_aside=[report_aside(one, words) for one in plan.put_aside],
        done=[report_step(one, words) for one in plan.done],
    )


def report_aside(put: Put, words: Words) -> AsideReport:
    until = put.until.isoformat() if put.until else None
    return AsideReport(report_step(put.todo, words), until, put.reason)


def report_change(change: Change, words: Words) -> ChangeReport:
    lines = [LineReport(points, why) for points, why in tell_change(change, words)]
    return ChangeReport(change.before, change.after, lines)


def report_moment(moment: Moment) -> MomentReport:
    return MomentReport(moment.id, moment.taken.isoformat(), moment.value)


def report_shared(
    sheet: Sheet, plan: Plan, history: Sequence[Moment], words: Words
) -> SharedReport:
    counted = [(area, points_of(sheet, area)) for area in Area]
    shown, more = choose_next(plan, share=True)
    days = last_of_each_day(history)
    return SharedReport(
        score=sheet.score.value,
        held=len(sheet.score.holds),
        areas=[report_area(area, points) for area, points in counted if points],
        history=[DayReport(f"{one.taken.astimezone():%Y-%m-%d}", one.value) for one in days],
        next=[words.tell(todo.title) for todo in shown],
        more=more,
        put_aside=len(plan.put_aside),
    )


def report_area(area: Area, points: Sequence[Point]) -> AreaReport:
    return AreaReport(
        area=area.value,
        done=sum(map(is_done, points)),
        total=len(points),
        seen=sum(point.basis is Basis.SEEN for point in points),
        said=sum(point.basis is Basis.SAID for point in points),
    )
