"""What the learned weights say of one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

TOPICS = (
    "data collection",
    "permission",
    "sharing/disclosure",
    "use",
    "storage/retention",
    "security",
    "data and permission management",
    "contact",
    "authorisation/changes",
    "stop of service",
    "special groups",
)
UNFAIR = ("a", "ch", "cr", "j", "law", "ltd", "ter", "use", "pinc")
GIVEN = 0.5  # a label is given from this probability on


class Verdict(StrEnum):
    """What a careful reader would say of a sentence, on behalf of the person."""

    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"
    BLOCKER = "blocker"


@dataclass(frozen=True)
class Labels:
    """Probabilities (0 to 1) for one sentence; a label is given from :data:`GIVEN` on.

    ``topics`` holds all of :data:`TOPICS`, ``unfair`` all of :data:`UNFAIR`, ``verdict`` one for
    each :class:`Verdict`, together 1 (empty where Guardian has learned none in this language).
    ``levels`` says of each unfair tag given whether it is 1 fair, 2 doubtful or 3 unfair.
    ``cases`` are the likeliest kinds of statement in the words of ToS;DR. ``abstained``: the
    verdict is too unsure to be said.
    """

    language: str
    topics: Mapping[str, float] = field(default_factory=dict)
    unfair: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    verdict: Mapping[Verdict, float] = field(default_factory=dict)
    cases: Mapping[str, float] = field(default_factory=dict)
    important: float = 0.0
    risk: float = 0.0
    sensitive: float = 0.0
    abstained: bool = True

    def given_topics(self) -> tuple[str, ...]:
        """The topics given, the likeliest first."""
        given = [name for name, chance in self.topics.items() if chance >= GIVEN]
        return tuple(sorted(given, key=lambda name: -self.topics[name]))

    def given_unfair(self) -> tuple[str, ...]:
        """The unfair tags given, the likeliest first."""
        given = [name for name, chance in self.unfair.items() if chance >= GIVEN]
        return tuple(sorted(given, key=lambda name: -self.unfair[name]))

    def likeliest(self) -> Verdict | None:
        """The verdict with the highest probability, also where it is not to be said."""
        return max(self.verdict, key=lambda one: self.verdict[one]) if self.verdict else None
