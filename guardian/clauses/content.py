"""The clauses Guardian knows and how it recognises them, as shipped in ``assets/clauses``."""

from __future__ import annotations

from functools import cache

import msgspec

from guardian.clauses.model import Direction
from guardian.core.content import Record, read_content
from guardian.core.feature import Level


class Recogniser(Record, frozen=True):
    """One way a clause is put into words.

    A sentence is a hit when it holds at least one of ``cues`` (plain lower-case text, looked for
    first because that is cheap), every pattern of ``all`` and no pattern of ``none`` (negations,
    exceptions and near-twins). ``<name>`` in a pattern stands for a term of the vocabulary.
    """

    cues: tuple[str, ...]
    all: tuple[str, ...]
    confidence: float
    none: tuple[str, ...] = ()


class ClauseKind(Record, frozen=True):
    """One kind of clause. ``recognisers`` and ``slots`` are by language."""

    id: str
    number: int
    severity: int
    level: Level
    direction: Direction
    actions: tuple[str, ...]
    recognisers: dict[str, tuple[Recogniser, ...]]
    slots: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)


class Genre(Record, frozen=True):
    """Words by which a policy is told from other texts: least kinds of them, and per 1000 words."""

    words: tuple[str, ...]
    least_kinds: int
    least_per_thousand: float


class Catalogue(Record, frozen=True):
    """All of ``clauses.json``. ``vocabulary`` and ``genres`` are by language."""

    vocabulary: dict[str, dict[str, str]]
    genres: dict[str, Genre]
    kinds: tuple[ClauseKind, ...]


@cache
def read_catalogue() -> Catalogue:
    """The catalogue of clauses. Raises ``Problem("content-bad")``."""
    return read_content("clauses/clauses.json", Catalogue)
