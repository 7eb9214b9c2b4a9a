"""The whole document in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from guardian.clauses.model import Clause, Direction, Standing, Understood
from guardian.core.words import Message, message

BLOCKER, SERIOUS = 4, 3
LITTLE = 0.5  # of the passages


def sum_up(
    clauses: Sequence[Clause], passages: Sequence[Understood], *, policy: bool, recognised: bool
) -> Message:
    """What the person should know first. Counts are kinds of clause, not sentences."""
    if not recognised:
        return message("clauses.verdict.language")
    if not policy:
        return message("clauses.verdict.not-a-policy")
    against = {one.id: one.severity for one in clauses if one.direction is Direction.BAD}
    good = len({one.id for one in clauses if one.direction is Direction.GOOD})
    blockers = sum(severity >= BLOCKER for severity in against.values())
    serious = sum(severity == SERIOUS for severity in against.values())
    lesser = len(against) - blockers - serious
    if blockers:
        return message(
            "clauses.verdict.blocker", count=blockers, others=serious + lesser, good=good
        )
    if serious:
        return message("clauses.verdict.serious", count=serious, lesser=lesser, good=good)
    return sum_up_mild(passages, lesser, good)


def sum_up_mild(passages: Sequence[Understood], lesser: int, good: int) -> Message:
    """The sentence for a document in which nothing grave was recognised."""
    left = sum(one.standing is Standing.UNSURE for one in passages)
    if passages and left > LITTLE * len(passages):
        return message("clauses.verdict.little")
    if lesser:
        return message("clauses.verdict.lesser", count=lesser, good=good)
    return (
        message("clauses.verdict.good", count=good) if good else message("clauses.verdict.nothing")
    )
