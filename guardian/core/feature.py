"""What every pillar shows of itself to the rest: where the person stands, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
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
    """One thing worth doing next: why, how many minutes it takes, the command that does it.

    ``key`` stays the same as long as it is the same thing, whatever its numbers: it is what the
    person's “later” and “not for me” hang on. ``level`` ``ACT`` is for what was seen to be wrong.
    """

    title: Message
    why: Message
    minutes: int
    command: str
    key: str
    level: Level = Level.ASK


def key_about(kind: str, *names: object) -> str:
    """The key of a step about one thing: ``kind``, and 12 letters and digits that stand for
    ``names`` and tell nothing of them."""
    whole = "\0".join(map(str, names)).encode("utf-8", "surrogatepass")
    return f"{kind}:{blake2b(whole, digest_size=6).hexdigest()}"


@dataclass(frozen=True)
class Observation:
    """What a pillar saw, with its own eyes, of one thing the checkup's list asks for.

    ``check`` names the thing; ``done`` of ``total`` are in order: 1 of 1, 0 of 1, or 9 of 12.
    What could not be seen is no observation. ``text`` is one sentence of what was seen.
    """

    check: str
    done: int
    total: int
    seen: datetime
    text: Message


class Feature(Protocol):
    """The whole of what the checkup may know about a pillar."""

    key: str

    def check(self, report: Report) -> None:
        """Look at what needs no consent; remember what was seen."""

    def summary(self) -> Summary: ...

    def next_steps(self) -> tuple[Step, ...]:
        """Most useful first; empty when nothing waits."""

    def observations(self) -> tuple[Observation, ...]:
        """What the records show at once, without looking anew."""
