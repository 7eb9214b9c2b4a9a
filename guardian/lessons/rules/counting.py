"""Counts of hands: what can be true, and what share each option got."""

from __future__ import annotations

from collections.abc import Sequence

from guardian.core.errors import Problem
from guardian.lessons.model import Count, Pack, Question

HANDS_MOST = 1000


def check_count(counted: Count, pack: Pack) -> None:
    """Raises a ``Problem`` that says what cannot be right about it."""
    question = find_question(pack, counted.question)
    if len(counted.hands) != question.options:
        raise Problem("count-options", count=question.options, given=len(counted.hands))
    if min(counted.hands) < 0:
        raise Problem("count-negative")
    if max(counted.hands) > HANDS_MOST:
        raise Problem("count-too-many", most=HANDS_MOST)


def find_question(pack: Pack, number: int) -> Question:
    """Raises ``Problem("lesson-question-unknown")``."""
    for question in pack.questions:
        if question.number == number:
            return question
    raise Problem("lesson-question-unknown", number=number, count=len(pack.questions))


def shares(hands: Sequence[int]) -> tuple[int, ...]:
    """Whole per cents that sum to 100, or all 0 where no hand went up.

    The largest remainders are rounded up; where two are alike, the earlier one.
    """
    total = sum(hands)
    if not total:
        return (0,) * len(hands)
    whole = [100 * one // total for one in hands]
    left = 100 - sum(whole)
    by_rest = sorted(range(len(hands)), key=lambda place: (-(100 * hands[place] % total), place))
    for place in by_rest[:left]:
        whole[place] += 1
    return tuple(whole)
