"""Why a score moved: one line for each reason, and the lines always sum to the difference.

The way from the old score to the new one is walked in stages: what came to the list or left it,
what the person said, what Guardian saw, what grew old, and what holds the score down. After each
stage the value is reckoned and rounded anew; a line is the step from one rounded value to the
next, so nothing can be lost between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from guardian.checkup.model import Basis, Change, ChangeLine, Point, Score
from guardian.checkup.rules.scoring import reckon, whole
from guardian.core.words import Fact, Message, message

NAMED = 2
"""So few tasks of one kind are named one by one; more are counted."""
KINDS = ("did", "began", "undone", "retracted", "seen-up", "seen-down", "unseen", "unknown")
Points = dict[str, Point]


@dataclass(frozen=True)
class Stage:
    """Tasks that moved for one reason, and where to; None: out of the sum."""

    kind: str
    moves: Mapping[str, Point | None]


def compare_scores(old: Score, new: Score) -> Change:
    """The change from ``old`` to ``new``; see the top of this file."""
    before = {point.task: point for point in old.points}
    after = {point.task: point for point in new.points}
    points, value = dict(before), whole(reckon(old.points))
    free = value
    lines = []
    for stage in stages(old, new):
        for part in parts(stage):
            move(points, part)
            now = whole(reckon(points.values()))
            text = tell_stage(part, before, after)
            lines.append(ChangeLine(now - value, text))
            value = now
    held = (new.value - value) - (old.value - free)
    lines.append(ChangeLine(held, tell_hold(held, old, new)))
    return Change(old.value, new.value, tuple(line for line in lines if line.points))


def parts(stage: Stage) -> Iterator[Stage]:
    """A stage task by task where there are few, else at once."""
    if len(stage.moves) > NAMED:
        yield stage
    else:
        yield from (Stage(stage.kind, {task: point}) for task, point in stage.moves.items())


def move(points: Points, stage: Stage) -> None:
    for task, point in stage.moves.items():
        if point is None:
            del points[task]
        else:
            points[task] = point


def stages(old: Score, new: Score) -> Iterator[Stage]:
    """All reasons in their order; after the last one the points are those of ``new``."""
    before = {point.task: point for point in old.points}
    after = {point.task: point for point in new.points}
    yield from stages_of_the_list(old, new, before, after)
    begun = {
        task: replace(before[task], weight=point.weight) if task in before else untouched(point)
        for task, point in after.items()
    }
    kinds = {task: judge(begun[task], point) for task, point in after.items()}
    # the age stays as it was until its own stage
    moved = {task: replace(point, freshness=begun[task].freshness) for task, point in after.items()}
    for kind in KINDS:
        yield Stage(kind, {task: moved[task] for task in after if kinds[task] == kind})
    ages = {task: judge_age(begun[task], point) for task, point in after.items()}
    for kind in ("fresh", "younger", "aged"):
        yield Stage(kind, {task: after[task] for task in after if ages[task] == kind})


def stages_of_the_list(old: Score, new: Score, before: Points, after: Points) -> Iterator[Stage]:
    """What came to the list, what left it, and what weighs differently now.

    Coming goes first, so that the list is never empty on the way.
    """
    were_aside = {one.task for one in old.left_out if one.chosen}
    are_aside = {one.task for one in new.left_out if one.chosen}
    come = {task: untouched(point) for task, point in after.items() if task not in before}
    gone = [task for task in before if task not in after]
    yield Stage("came", {task: point for task, point in come.items() if task not in were_aside})
    yield Stage("back", {task: point for task, point in come.items() if task in were_aside})
    yield Stage(
        "weight",
        {
            task: replace(before[task], weight=point.weight)
            for task, point in after.items()
            if task in before and before[task].weight != point.weight
        },
    )
    yield Stage("went", {task: None for task in gone if task not in are_aside})
    yield Stage("aside", {task: None for task in gone if task in are_aside})


def untouched(point: Point) -> Point:
    """The same task when nothing was known of it yet."""
    return Point(point.task, point.weight, 0.0, 1.0, Basis.NONE)


def judge(begun: Point, now: Point) -> str:
    """Who moved the share of a task, and which way; "" for nobody."""
    if begun.share == now.share:
        return ""
    if now.basis is Basis.SEEN:
        return "seen-up" if now.share > begun.share else "seen-down"
    if begun.basis is Basis.SEEN:
        return "unseen" if now.basis is Basis.SAID else "unknown"
    if now.share < begun.share:
        return "undone" if now.basis is Basis.SAID else "retracted"
    return "did" if now.share >= 1 else "began"


def judge_age(begun: Point, now: Point) -> str:
    """Whether a task was looked at again or grew old; "" for neither.

    One that got younger without a later look did so by a clock set back or a longer interval.
    """
    if not now.share or now.freshness == begun.freshness:
        return ""
    if now.freshness < begun.freshness:
        return "aged"
    again = now.since is not None and (begun.since is None or now.since > begun.since)
    return "fresh" if again else "younger"


def tell_stage(stage: Stage, before: Points, after: Points) -> Message:
    """One line's words. The fact ``task`` is an id: whoever speaks puts its title in."""
    if len(stage.moves) > 1:
        return message(f"checkup.change.{stage.kind}.several", count=len(stage.moves))
    task = next(iter(stage.moves))
    if stage.kind in ("seen-up", "seen-down"):
        return tell_seen(task, before.get(task), after[task])
    return message(f"checkup.change.{stage.kind}.one", task=task)


def tell_seen(task: str, was: Point | None, now: Point) -> Message:
    """What Guardian counted of one task, with the difference where it counted before too."""
    facts: dict[str, Fact] = {"task": task, "done": now.done, "total": now.total}
    if now.total == 1:
        kind = "done" if now.done else "open"
        return Message(f"checkup.change.seen-{kind}.one", {"task": task})
    if was is None or was.basis is not Basis.SEEN:
        return Message("checkup.change.seen-count.one", facts)
    more = now.done - was.done
    if now.share > was.share and more > 0:
        return Message("checkup.change.seen-more.one", {**facts, "count": more})
    facts |= {"done_before": was.done, "total_before": was.total}
    return Message("checkup.change.seen-other.one", facts)


def tell_hold(points: int, old: Score, new: Score) -> Message:
    """What the limit for serious things did; without one, Guardian itself counts differently."""
    if new.holds and not old.holds:
        return tell_serious("held", new)
    if old.holds and not new.holds:
        return tell_serious("freed", old)
    if new.holds:
        kind = "more" if points < 0 else "less"
        return message(f"checkup.change.held-{kind}")
    return message("checkup.change.reckoned")


def tell_serious(kind: str, score: Score) -> Message:
    """The serious thing that holds or held the score; named where it is one of the list."""
    tasks = {point.task for point in score.points}
    if len(score.holds) == 1 and score.holds[0] in tasks:
        return message(f"checkup.change.{kind}.one", task=score.holds[0])
    return message(f"checkup.change.{kind}.several", count=len(score.holds))
