"""What to do next: one thing, at most four more, and everything else folded away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from guardian.checkup.model import Basis, Plan, Point, Put, Score, Task, Todo
from guardian.checkup.rules.known import Known, Waiting, is_same
from guardian.core.feature import Level
from guardian.core.words import message

MORE = 4
FIRST_MINUTES = 2
# a pillar's step is about something that is really there: as weighty as the weightiest task
STEP_WEIGHT = 3
# so many of one kind at most among the first five, as long as there are others
MOST_SERIOUS, MOST_OF_A_KIND = 3, 2
ALARM, SERIOUS, WAITS, OWN, OTHER = range(5)
OWN_CONCERNS = frozenset({"children", "elders", "shared", "public", "leaked"})
"""What a person told of their life: one step that answers it is among the first five."""


@dataclass(frozen=True)
class Candidate:
    """A todo with what decides its place. ``worth`` is the harm prevented in one minute."""

    todo: Todo
    rank: int
    longer: bool
    """It takes more minutes than the person has in one sitting."""
    worth: float
    kind: str


def make_plan(known: Known, score: Score) -> Plan:
    """Order what is open: alarms, serious things, what waits in a pillar, what the person told of
    their life, the rest.

    Among these, what fits into one sitting comes first, then the most harm prevented in a minute.
    What comes next fits into it, if anything does and there is no alarm.
    """
    points = {point.task: point for point in score.points}
    tasks = [task for task in known.tasks if task.id in points]
    candidates = [*from_pillars(known, tasks, points), *from_list(known, tasks, points)]
    order = sorted(candidates, key=lambda one: (one.rank, one.longer, -one.worth))
    todos = [one.todo for one in led(list(mix(order)), known)]
    return Plan(
        next=todos[0] if todos else None,
        more=tuple(todos[1 : 1 + MORE]),
        rest=tuple(todos[1 + MORE :]),
        put_aside=tuple(put_aside(known, points, score)),
        done=tuple(
            to_todo(task, points[task.id], known)
            for task in tasks
            if is_settled(points[task.id]) and not twins(task, known)
        ),
    )


def led(order: Sequence[Candidate], known: Known) -> Iterator[Candidate]:
    """The same, led by something that can be done in one sitting; an alarm stays in front.

    Until the person has answered for the first time, what leads takes two minutes at most: who
    has one thing behind them goes on more easily.
    """
    wanted = [one for one in order if not one.longer or one.rank == ALARM]
    if not known.answers and not any(one.rank == ALARM for one in wanted):
        wanted = [one for one in order if one.todo.minutes <= FIRST_MINUTES] or wanted
    first = wanted[0] if wanted else None
    if first is not None:
        yield first
    yield from (one for one in order if one is not first)


def from_pillars(
    known: Known, tasks: Sequence[Task], points: dict[str, Point]
) -> Iterator[Candidate]:
    """The pillars' steps. Within a pillar its own order stands, the most useful first."""
    last: dict[str, float] = {}
    for waiting in known.waiting:
        if put_until(known, waiting) or known.is_set_aside(waiting):
            continue
        same = [task for task in tasks if is_same(task, waiting)]
        harm = max((task.weight for task in same), default=STEP_WEIGHT)
        there = is_waiting(same, points)
        todo = replace(to_step(waiting), seen=there or waiting.step.level is Level.ACT)
        worth = min(harm / max(todo.minutes, 1), last.get(waiting.pillar, float("inf")))
        last[waiting.pillar] = worth
        ranks = [rank_of(task, points[task.id]) for task in same]
        if todo.level is Level.ACT:
            rank = ALARM
        elif there:
            rank = min([*ranks, WAITS])
        else:
            rank = min(ranks)
        yield Candidate(todo, rank, is_longer(todo, known), worth, waiting.pillar)


def is_waiting(same: Sequence[Task], points: dict[str, Point]) -> bool:
    """Whether a pillar's step is about something that was seen: an answer that is late, accounts
    that sleep, a paper that ends. Others only invite to begin, as the list does too."""
    return not same or any(points[task.id].basis is Basis.SEEN for task in same)


def from_list(known: Known, tasks: Sequence[Task], points: dict[str, Point]) -> Iterator[Candidate]:
    """The tasks that are open, half done or grown old, unless a pillar's step stands for them."""
    for task in tasks:
        point = points[task.id]
        if is_settled(point) or is_later(known, task.id) or twins(task, known):
            continue
        todo = to_todo(task, point, known)
        worth = task.weight * gap(point) / max(task.minutes, 1)
        rank = rank_of(task, point)
        yield Candidate(todo, rank, is_longer(todo, known), worth, task.area.value)


def rank_of(task: Task, point: Point) -> int:
    if point.share >= 1:
        return OTHER
    if task.serious:
        return SERIOUS
    return OTHER if OWN_CONCERNS.isdisjoint(task.concerns) else OWN


def mix(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """The same in nearly the same order, but the first five are not all of one kind."""
    head: list[Candidate] = []
    kinds: Counter[str] = Counter()
    for one in candidates:
        if one.rank == OWN:  # one only, so that small and easy things are among them, too
            fits = all(other.rank != OWN for other in head)
        else:
            most = MOST_SERIOUS if one.rank == SERIOUS else MOST_OF_A_KIND
            fits = one.rank == ALARM or kinds[one.kind] < most
        if fits and len(head) <= MORE:
            head.append(one)
            kinds[one.kind] += 1
    yield from head
    taken = {id(one) for one in head}
    yield from (one for one in candidates if id(one) not in taken)


def put_aside(known: Known, points: dict[str, Point], score: Score) -> Iterator[Put]:
    """What waits for a later day, and what is not for this person, each once."""
    shown: set[str] = set()
    for waiting in known.waiting:
        until = put_until(known, waiting)
        if not until and not known.is_set_aside(waiting):
            continue
        same = {task.id for task in known.tasks if is_same(task, waiting)}
        shown |= same - points.keys()
        yield Put(to_step(waiting), until, "" if until else reason(known, waiting))
    reasons = {one.task: one.reason for one in score.left_out if one.chosen}
    for task in known.tasks:
        if task.id in shown:
            continue
        if task.id in reasons:
            yield Put(to_todo(task, None, known), None, reasons[task.id])
        elif task.id in points and is_resting(task, points[task.id], known):
            yield Put(to_todo(task, points[task.id], known), known.later[task.id])


def is_resting(task: Task, point: Point, known: Known) -> bool:
    """Whether an open task was put off, and no pillar's step stands for it."""
    return is_later(known, task.id) and not is_settled(point) and not twins(task, known)


def put_until(known: Known, waiting: Waiting) -> date | None:
    """The day until which a pillar's step is put off, if it is."""
    if known.is_set_aside(waiting):
        return None
    days = [known.later[key] for key in known.keys(waiting) if is_later(known, key)]
    return max(days, default=None)


def reason(known: Known, waiting: Waiting) -> str:
    aside = (key for key in known.keys(waiting) if known.is_aside(key))
    return next((known.answers[key].reason for key in aside), "")


def is_later(known: Known, key: str) -> bool:
    """Whether the person put ``key`` off until a day that has not come."""
    until = known.later.get(key)
    return until is not None and known.today < until


def is_settled(point: Point) -> bool:
    return point.share >= 1 and point.freshness >= 1


def gap(point: Point) -> float:
    """How much of a task is open or grown old, 0 to 1."""
    return 1 - point.share * point.freshness


def twins(task: Task, known: Known) -> bool:
    """Whether a step of a pillar stands for ``task``; one that is set aside does not."""
    return any(
        is_same(task, waiting) and not known.is_aside(waiting.key) for waiting in known.waiting
    )


def is_longer(todo: Todo, known: Known) -> bool:
    return todo.minutes > known.circumstances.minutes


def to_step(waiting: Waiting) -> Todo:
    step = waiting.step
    return Todo(
        key=waiting.key,
        title=step.title,
        why=step.why,
        minutes=step.minutes,
        level=step.level,
        page=waiting.pillar,
        command=step.command,
    )


def to_todo(task: Task, point: Point | None, known: Known) -> Todo:
    """One of the list. ``point`` None: it does not count, since it is not for this person."""
    seen = known.seen(task)
    first_open = next((one for one in seen if one.done < one.total), seen[0] if seen else None)
    return Todo(
        key=task.id,
        title=message(f"checkup.task.{task.id}"),
        why=message(f"checkup.task.{task.id}.why"),
        minutes=task.minutes,
        level=speak(task, point),
        page=task.page,
        command="",
        task=task,
        observed=first_open.text if first_open else None,
        seen=first_open is not None,
    )


def speak(task: Task, point: Point | None) -> Level:
    """Only what Guardian saw itself to be wrong asks to act."""
    if point is None or is_settled(point):
        return Level.FINE
    if task.serious and point.basis is Basis.SEEN and point.share < 1:
        return Level.ACT
    return Level.ASK
