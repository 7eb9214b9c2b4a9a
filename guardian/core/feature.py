"""What every pillar shows of itself to the rest: where the person stands, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from guardian.core.jobs import Report
from guardian.core.words import Message


class Level(StrEnum):
    """How loudly something speaks. There is nothing above ``ACT`` and nothing between."""

    FINE = "fine"
    ASK = "ask"
    ACT = "act"


@dataclass(frozen=True)
class Summary:
    """Where the person stands with one pillar, in one sentence. ``level`` None: not looked yet."""

    level: Level | None
    text: Message


@dataclass(frozen=True)
class Step:
    """One thing worth doing next: why, how many minutes it takes, the command that does it."""

    title: Message
    why: Message
    minutes: int
    command: str


class Feature(Protocol):
    """The whole of what the checkup may know about a pillar."""

    key: str

    def check(self, report: Report) -> None:
        """Look at what needs no consent; remember what was seen."""

    def summary(self) -> Summary: ...

    def next_steps(self) -> tuple[Step, ...]:
        """Most useful first; empty when nothing waits."""
