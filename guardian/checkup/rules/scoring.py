"""The score: how much of what Guardian asks is done, weighted by the harm it prevents.

    100 x sum(weight x share x freshness) / sum(weight), over what concerns the person

What the person said counts 1, 0.5 or 0; what Guardian saw itself counts as it was seen and beats
what was said. While something serious is open, the value stays below 80.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from guardian.checkup.model import Basis, LeftOut, Point, Score, State, Task
from guardian.checkup.rules.known import Known, applies, is_same
from guardian.core.feature import Level

HELD = 79
"""The most while something serious is open."""
STALE = 0.5
SHARES = {State.DONE: 1.0, State.PARTLY: 0.5, State.OPEN: 0.0}


def score(known: Known) -> Score:
    """The score at this moment, with every point of it."""
    points: list[Point] = []
    left_out: list[LeftOut] = []
    serious: list[Task] = []
    for task in known.tasks:
        aside = known.aside(task)
        if not applies(task, known.circumstances):
            left_out.append(LeftOut(task.id, chosen=False))
        elif aside:
            left_out.append(LeftOut(task.id, chosen=True, reason=aside.reason))
        else:
            points.append(weigh(task, known))
            if task.serious and points[-1].share < 1:
                serious.append(task)
    # a step may have the name of a task: what holds once is told once
    holds = tuple(dict.fromkeys((*(task.id for task in serious), *alarms(known, serious))))
    raw = reckon(points)
    value = min(whole(raw), HELD) if holds else whole(raw)
    return Score(tuple(points), tuple(left_out), holds, raw, value)


def alarms(known: Known, serious: Sequence[Task]) -> tuple[str, ...]:
    """The pillars' steps that must be acted on and are not among ``serious`` already."""
    return tuple(
        waiting.key
        for waiting in known.waiting
        if waiting.step.level is Level.ACT
        and not known.is_set_aside(waiting)
        and not any(is_same(task, waiting) for task in serious)
    )


def reckon(points: Iterable[Point]) -> float:
    """0 to 100, before anything holds it. Where nothing is asked, nothing is open: 100."""
    points = tuple(points)
    total = math.fsum(point.weight for point in points)
    # exactly rounded, so that the order of the points never matters
    got = math.fsum(point.earned for point in points)
    return 100 * got / total if total else 100.0


def whole(raw: float) -> int:
    """Rounded down, so that 100 means all of it; a billionth is no point less."""
    return math.floor(round(raw, 6))


def weigh(task: Task, known: Known) -> Point:
    """What ``task`` adds to the sum: as seen, else as said, else nothing."""
    seen = known.seen(task)
    answer = known.answers.get(task.id)
    if seen:
        shares = [min(max(one.done / one.total, 0.0), 1.0) for one in seen]
        return Point(
            task=task.id,
            weight=task.weight,
            share=math.fsum(shares) / len(shares),
            freshness=freshness(task, min(known.day(one.seen) for one in seen), known.today),
            basis=Basis.SEEN,
            done=sum(min(max(one.done, 0), one.total) for one in seen),
            total=sum(one.total for one in seen),
            since=min(known.day(one.seen) for one in seen),
        )
    if answer is None or answer.state not in SHARES:
        return Point(task.id, task.weight, 0.0, 1.0, Basis.NONE)
    since, share = known.day(answer.at), SHARES[answer.state]
    # what is open does not grow old
    fresh = freshness(task, since, known.today) if share else 1.0
    return Point(task.id, task.weight, share, fresh, Basis.SAID, since=since)


def freshness(task: Task, since: date, today: date) -> float:
    """1 until it is due, then falling evenly to 0.5 over one more interval, and 0.5 from there.

    A day that is still to come counts as today: somebody set the clock back.
    """
    over = (today - since).days - task.days
    if not task.days or over <= 0:
        return 1.0
    return 1.0 - (1.0 - STALE) * min(over / task.days, 1.0)
