"""One clause found in a document, with the exact words that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from guardian.core.feature import Level


class Direction(StrEnum):
    """Whom a clause favours: the reader (good), nobody (neutral) or the service (bad)."""

    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"


class Basis(StrEnum):
    """How a clause was recognised: by decisive words, or by the learned weights alone."""

    WORDS = "words"
    LEARNED = "learned"


@dataclass(frozen=True)
class Pointer:
    """A place in a law: ``law`` as in :class:`Law`, ``article`` as lawyers cite it («17(2)»)."""

    law: str
    article: str


@dataclass(frozen=True)
class Clause:
    """One clause found.

    ``document.text[start:end] == quote``. ``number`` is its place among the 62 of the catalogue,
    None for a kind added later; ``severity`` 0 (favourable) to 4; ``confidence`` 0 to 1, an
    estimate of how often such a finding is right; ``slots`` what was pulled out of the quote, each
    value an exact part of it, such as ``{"period": "30 days"}``; ``infringements`` the tags of the
    forms of harm that it may be part of.
    """

    id: str
    number: int | None
    level: Level
    direction: Direction
    severity: int
    confidence: float
    quote: str
    start: int
    end: int
    slots: Mapping[str, str] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    basis: Basis = Basis.WORDS
    pointers: tuple[Pointer, ...] = ()
    infringements: tuple[str, ...] = ()
    group: str = ""


def surest(clause: Clause) -> tuple[bool, float, int]:
    """Sorting key: what words prove first, high confidence before low, then as they stand."""
    return clause.basis is Basis.LEARNED, -clause.confidence, clause.start


def gather(clauses: tuple[Clause, ...]) -> tuple[tuple[Clause, ...], ...]:
    """Clauses of one kind together, the surest quote first; the gravest kind first."""
    kinds: dict[str, list[Clause]] = {}
    for clause in clauses:
        kinds.setdefault(clause.id, []).append(clause)
    groups = [tuple(sorted(kind, key=surest)) for kind in kinds.values()]
    return tuple(sorted(groups, key=lambda group: (-group[0].severity, group[0].start)))
