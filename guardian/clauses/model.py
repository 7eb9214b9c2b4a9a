"""The nouns of this pillar: a document, its passages, the clauses found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guardian.core.feature import Level


class Direction(StrEnum):
    """Whom a clause favours: the reader (good), nobody (neutral) or the service (bad)."""

    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"


class SourceKind(StrEnum):
    """What a document was read from."""

    TEXT = "text"
    HTML = "html"
    PASTED = "pasted"


class PassageKind(StrEnum):
    """The part a passage plays on its page."""

    HEADING = "heading"
    ITEM = "item"
    SENTENCE = "sentence"


@dataclass(frozen=True)
class Document:
    """A document's words, ready to be split. Whoever reads one keeps no path.

    ``dropped_text`` is page furniture left out of ``text``, ``dropped_words`` its words.
    ``unreadable`` counts characters that could not be decoded and stand as U+FFFD.
    """

    title: str
    text: str
    words: int
    dropped_words: int = 0
    dropped_text: str = ""
    kind: SourceKind = SourceKind.TEXT
    encoding: str = "utf-8"
    unreadable: int = 0


@dataclass(frozen=True)
class Passage:
    """One sentence, list item or heading: ``document.text[start:end] == text``."""

    text: str
    start: int
    end: int
    kind: PassageKind = PassageKind.SENTENCE


@dataclass(frozen=True)
class Clause:
    """One clause found, with the exact words that prove it.

    ``document.text[start:end] == quote``. ``number`` is its place in the catalogue of clauses,
    ``severity`` 0 (favourable) to 4, ``confidence`` 0 to 1 an estimate for its recogniser, and
    ``slots`` holds what was pulled out of the quote, such as ``{"period": "30 days"}``.
    """

    id: str
    number: int
    level: Level
    direction: Direction
    severity: int
    confidence: float
    quote: str
    start: int
    end: int
    slots: Mapping[str, str] = field(default_factory=dict)
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """What Guardian can say about one document. ``clauses`` stand in document order.

    ``coverage`` is the share (0 to 1) of passages in which a clause was recognised; the rest is
    left to the reader. ``language`` is the document's (``en``, ``zh``), None when it is unknown;
    ``recognised_language`` tells whether Guardian knows clauses in it.
    """

    document: Document
    clauses: tuple[Clause, ...]
    passages: int
    coverage: float
    reading_minutes: int
    looks_like_policy: bool
    language: str | None
    recognised_language: bool

    def at(self, level: Level) -> tuple[Clause, ...]:
        """The clauses of one level, in document order."""
        return tuple(clause for clause in self.clauses if clause.level is level)

    def groups(self) -> tuple[tuple[Clause, ...], ...]:
        """Clauses of one kind together, the surest quote first; the gravest kind first."""
        kinds: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            kinds.setdefault(clause.id, []).append(clause)
        groups = [tuple(sorted(kind, key=surest)) for kind in kinds.values()]
        return tuple(sorted(groups, key=lambda group: (-group[0].severity, group[0].start)))


def surest(clause: Clause) -> tuple[float, int]:
    """Sorting key: high confidence before low, then as in the document."""
    return -clause.confidence, clause.start


@dataclass(frozen=True)
class ReadDocument:
    """What the library remembers of a document: its clauses, never its whole text.

    ``fingerprint`` is the SHA-256 of the text, ``read_at`` a UTC time.
    """

    id: int
    title: str
    fingerprint: str
    read_at: datetime
    words: int
    counts: Mapping[Level, int]
    clauses: tuple[Clause, ...]
