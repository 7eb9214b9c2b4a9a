"""What Guardian can say about one document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guardian.clauses.model.checklist import Checklist
from guardian.clauses.model.clause import Clause, Direction, gather, surest
from guardian.clauses.model.document import Document, PassageKind
from guardian.core.feature import Level
from guardian.core.words import Message

SOURCE_MOST = 500  # characters of a person's note of where a document came from


class Standing(StrEnum):
    """How far a passage was understood.

    ``CLAUSE``: a clause of the catalogue stands in it. ``ORDINARY``: its topic is known and
    nothing in it calls for attention. ``FILLER``: headings, greetings, addresses. ``UNSURE``: it
    may matter and Guardian cannot say what it means; the person reads it herself.
    """

    CLAUSE = "clause"
    ORDINARY = "ordinary"
    FILLER = "filler"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Understood:
    """One passage and how far it was understood; ``topics`` are names of ``labels.TOPICS``."""

    start: int
    end: int
    kind: PassageKind
    standing: Standing
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """Something concrete that a document names: ``document.text[start:end] == text``.

    ``name`` is that of a slot: period, recipients, data, contact, date, deadline, country, amount.
    ``of`` says what it is about where that is known («updated», «effective», «privacy-officer»).
    """

    name: str
    text: str
    start: int
    end: int
    of: str = ""


@dataclass(frozen=True)
class Readability:
    """How hard a text is. ``grade``: Flesch-Kincaid school grade, English only.

    ``mean_sentence`` in words (Chinese: characters); ``long_share`` the share (0 to 1) of
    sentences over 30 words (Chinese: 60 characters).
    """

    minutes: int
    mean_sentence: float
    long_share: float
    grade: float | None = None


@dataclass(frozen=True)
class Explanation:
    """One document explained. ``clauses`` and ``passages`` stand in document order.

    ``verdict`` is the whole in one sentence. ``language`` is the document's (``en``, ``zh``), None
    when it is unknown; ``recognised_language`` tells whether Guardian knows clauses in it.
    ``checklists`` are those whose law the document names itself, and for terms the customary one.
    ``unread`` counts the characters at the end of a text too long to be explained whole.
    """

    document: Document
    clauses: tuple[Clause, ...]
    passages: tuple[Understood, ...]
    verdict: Message
    readability: Readability
    looks_like_policy: bool
    language: str | None
    recognised_language: bool
    checklists: tuple[Checklist, ...] = ()
    facts: tuple[Fact, ...] = ()
    fingerprint: str = ""
    unread: int = 0

    @property
    def coverage(self) -> float:
        """The share (0 to 1) of passages that were understood; the rest is left to the reader."""
        if not self.passages:
            return 0.0
        return 1 - len(self.left()) / len(self.passages)

    @property
    def reading_minutes(self) -> int:
        return self.readability.minutes

    def left(self) -> tuple[Understood, ...]:
        """The passages left for the person to read."""
        return tuple(one for one in self.passages if one.standing is Standing.UNSURE)

    def at(self, level: Level) -> tuple[Clause, ...]:
        """The clauses of one level, in document order."""
        return tuple(clause for clause in self.clauses if clause.level is level)

    def groups(self) -> tuple[tuple[Clause, ...], ...]:
        """Clauses of one kind together, the surest quote first; the gravest kind first."""
        return gather(self.clauses)

    def worst(self, most: int = 3) -> tuple[Clause, ...]:
        """The gravest kinds against the reader, each by its surest quote."""
        bad = [group[0] for group in self.groups() if group[0].direction is Direction.BAD]
        return tuple(sorted(bad, key=lambda one: (-one.severity, *surest(one))))[:most]

    def best(self, most: int = 3) -> tuple[Clause, ...]:
        """The kinds in the reader's favour, each by its surest quote."""
        good = [group[0] for group in self.groups() if group[0].direction is Direction.GOOD]
        return tuple(sorted(good, key=surest))[:most]

    def actions(self, most: int = 5) -> tuple[str, ...]:
        """What can be done now: codes of actions, the most useful first, none twice."""
        found: dict[str, None] = {}
        for group in self.groups():
            if group[0].level is not Level.FINE:
                found.update(dict.fromkeys(group[0].actions))
        return tuple(found)[:most]


@dataclass(frozen=True)
class ReadDocument:
    """What the library remembers of a document: its clauses, never its whole text.

    ``fingerprint`` is the SHA-256 of the text, ``read_at`` a UTC time, ``source`` the person's own
    note of where it came from. ``earlier`` is the id of the last reading of the same document with
    other words, None where this is the first. ``sentences`` are short hashes of its passages, so
    that a change can be counted without keeping the text. ``compared``: what changed since the
    reading before was looked at.
    """

    id: int
    title: str
    fingerprint: str
    read_at: datetime
    words: int
    counts: Mapping[Level, int]
    clauses: tuple[Clause, ...]
    language: str | None = None
    source: str = ""
    earlier: int | None = None
    sentences: tuple[str, ...] = field(default=(), repr=False)
    compared: bool = False


@dataclass(frozen=True)
class Glance:
    """What is known of a reading without unpacking what was found; fields as above."""

    id: int
    title: str
    read_at: datetime
    earlier: int | None
    compared: bool
