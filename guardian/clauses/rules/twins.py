"""Near-twins in one document: what one sentence seems to say and another takes back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from guardian.clauses.content import ClauseKind
from guardian.clauses.model import Clause, Direction

NEXT = 250  # characters within which a twin speaks of the same thing
CLEAR, WEAK, FIRM = 0.85, 0.8, 0.9  # confidences


def take_back(clauses: Sequence[Clause], kinds: Mapping[str, ClauseKind]) -> tuple[Clause, ...]:
    """``clauses`` (in document order) without those against the reader that a twin takes back.

    «We may change the price. We will tell you 30 days before.» speaks of no change without notice.
    A firm wording stands; a weak one yields to a clear twin anywhere.
    """
    places: dict[str, list[int]] = {}
    clear: set[str] = set()
    for one in clauses:
        if one.direction is not Direction.BAD:
            places.setdefault(one.id, []).append(one.start)
            if one.confidence >= CLEAR:
                clear.add(one.id)

    def stands(one: Clause) -> bool:
        if one.direction is not Direction.BAD or one.confidence >= FIRM:
            return True
        twins = [twin for twin in kinds[one.id].taken_back_by if twin in places]
        if one.confidence < WEAK and clear.intersection(twins):
            return False
        return not any(follows(places[twin], one.end) for twin in twins)

    return tuple(one for one in clauses if stands(one))


def follows(starts: list[int], end: int) -> bool:
    """Whether one of ``starts`` (in order) comes soon after ``end``."""
    place = bisect_left(starts, end)
    return place < len(starts) and starts[place] - end <= NEXT
