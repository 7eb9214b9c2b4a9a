"""The nouns of the lessons. Frozen; no file, no store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """The five phases adults learn by: do, talk, hear, go deeper, put together."""

    ACTIVITY = "activity"
    DISCUSSION = "discussion"
    INPUT = "input"
    DEEPENING = "deepening"
    SYNTHESIS = "synthesis"


@dataclass(frozen=True)
class Part:
    """A phase of a pack. Words: ``lesson.<pack>.<phase>`` (what happens), ``.notes.<1..notes>``."""

    phase: Phase
    minutes: int
    notes: int


@dataclass(frozen=True)
class Showing:
    """A step of the demo: opens ``page``. Words: ``lesson.<pack>.show.<number>``."""

    number: int
    page: str


@dataclass(frozen=True)
class Question:
    """Words: ``lesson.<pack>.quiz.<number>``, ``.<1..options>``, and ``.because``.

    ``right`` is the number of the right option, from 1.
    """

    number: int
    options: int
    right: int


@dataclass(frozen=True)
class Pack:
    """One lesson. Words: ``lesson.<id>`` (title), ``.aim``, ``.needs.<n>``, ``.handout.<n>``."""

    id: str
    parts: tuple[Part, ...]
    showings: tuple[Showing, ...]
    questions: tuple[Question, ...]
    needs: int
    handout: int

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


@dataclass(frozen=True)
class Count:
    """Hands counted for one question: how many for each option, in order."""

    pack: str
    question: int
    hands: tuple[int, ...]


class Kind(StrEnum):
    PACK = "pack"
    BREAK = "break"


@dataclass(frozen=True)
class Slot:
    """A stretch of the agenda, in minutes from its start. ``pack`` "" for a break.

    ``phase`` None: the whole pack, or a break.
    """

    kind: Kind
    pack: str
    start: int
    minutes: int
    phase: Phase | None = None

    @property
    def end(self) -> int:
        return self.start + self.minutes


@dataclass(frozen=True)
class Agenda:
    """Packs in order with a break after at most 50 minutes; ``long``: four hours or more."""

    slots: tuple[Slot, ...]
    minutes: int
    long: bool
