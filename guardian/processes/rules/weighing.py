"""How much a hit weighs, how hits add up, and what a whole card comes to."""

from __future__ import annotations

from collections.abc import Iterable

from guardian.core.feature import Level
from guardian.processes.content import SigmaLevel
from guardian.processes.model import Hit

POINTS: dict[SigmaLevel, int] = {
    "informational": 0,
    "low": 1,
    "medium": 2,
    "high": 3,
    "critical": 6,
}
ASK_FROM, ACT_FROM = 2, 6

HIDES = frozenset({"place", "file", "name"})
REACHES_OUT = frozenset({"listen", "reach"})
STARTS = frozenset({"start", "product"})


def level_for(points: int) -> Level:
    if points >= ACT_FROM:
        return Level.ACT
    return Level.ASK if points >= ASK_FROM else Level.FINE


def weigh(hits: Iterable[Hit], starts_by_itself: bool, new: bool) -> Level:
    """The level of a card.

    Rules about one aspect say the same thing twice, so the heaviest alone counts; different
    aspects add up. Two things weigh more together than their points:

    - What hides, starts by itself, and reaches out or watches, is what nobody should wait with.
    - Something that starts by itself, lets somebody in or gives the computer out of hand is worth
      one question when it is ``new`` since the person said «this is how it is». An ordinary
      program that is new never is: people install programs.
    """
    heaviest: dict[str, int] = {}
    for hit in hits:
        heaviest[hit.aspect] = max(hit.points, heaviest.get(hit.aspect, 0))
    points = sum(heaviest.values())
    hides = any(heaviest.get(aspect, 0) >= ASK_FROM for aspect in HIDES)
    reaches_out = any(heaviest.get(aspect, 0) for aspect in REACHES_OUT)
    if hides and reaches_out and (starts_by_itself or heaviest.get("start", 0)):
        return Level.ACT
    if new and any(heaviest.get(aspect, 0) for aspect in STARTS):
        points += 1
    return level_for(points)
