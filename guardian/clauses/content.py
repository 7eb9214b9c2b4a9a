"""The clauses Guardian knows and how it recognises them, as shipped in ``assets/clauses``."""

from __future__ import annotations

from functools import cache

import msgspec

from guardian.clauses.model import Direction, Pointer
from guardian.core.content import Record, read_content
from guardian.core.feature import Level

# one file of kinds for each, in the order in which the catalogue is shown
GROUPS = ("collection", "use", "sharing", "retention", "choice", "security", "changes", "terms")


class Recogniser(Record, frozen=True):
    """One way a clause is put into words.

    A passage is a hit when it holds at least one of ``cues`` (plain lower-case text, looked for
    first because that is cheap), every pattern of ``all`` and no pattern of ``none`` (negations,
    exceptions and near-twins). ``<name>`` in a pattern stands for a term of the vocabulary.
    ``confidence`` 0 to 1: how often such a hit is right.
    """

    cues: tuple[str, ...]
    all: tuple[str, ...]
    confidence: float
    none: tuple[str, ...] = ()


class ClauseKind(Record, frozen=True):
    """One kind of clause. ``recognisers`` are by language.

    ``number`` is its place among the 62 of the catalogue, None for a kind added later. ``slots``
    names what is worth pulling out of its quotes. ``twins`` are kinds that differ by a few decisive
    words: where both are recognised in one passage the surer one stands. ``taken_back_by`` are
    kinds that, soon after it, show that this one was not meant. ``cases`` are the
    statements of ToS;DR that mean this kind; by them the learned weights recognise it too.
    ``unfair`` is its tag among the nine types of unfair terms. ``infringements`` are the forms of
    harm it may be part of, ``pointers`` the places in laws that speak of it.
    """

    id: str
    number: int | None
    severity: int
    level: Level
    direction: Direction
    actions: tuple[str, ...]
    recognisers: dict[str, tuple[Recogniser, ...]]
    slots: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    taken_back_by: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    unfair: str = ""
    infringements: tuple[str, ...] = ()
    pointers: tuple[Pointer, ...] = ()


class Genre(Record, frozen=True):
    """Words by which a policy is told from other texts: least kinds of them, and per 1000 words."""

    words: tuple[str, ...]
    least_kinds: int
    least_per_thousand: float


class Language(Record, frozen=True):
    """What recognisers of one language share: named terms, and the words of the genre."""

    vocabulary: dict[str, str]
    genre: Genre


class Catalogue(msgspec.Struct, frozen=True):
    """Everything Guardian knows of clauses. ``languages`` are by code, ``groups`` by kind."""

    languages: dict[str, Language]
    kinds: tuple[ClauseKind, ...]
    groups: dict[str, str]

    def kind(self, name: str) -> ClauseKind:
        """The kind called ``name``. Raises KeyError."""
        return by_name(self)[name]


def by_name(catalogue: Catalogue) -> dict[str, ClauseKind]:
    return {kind.id: kind for kind in catalogue.kinds}


@cache
def read_catalogue() -> Catalogue:
    """The catalogue of clauses. Raises ``Problem("content-bad")``."""
    kinds: list[ClauseKind] = []
    groups: dict[str, str] = {}
    for group in GROUPS:
        found = read_content(f"clauses/kinds/{group}.json", tuple[ClauseKind, ...])
        kinds += found
        groups |= {kind.id: group for kind in found}
    languages = {
        language: read_content(f"clauses/languages/{language}.json", Language)
        for language in ("en", "zh")
    }
    return Catalogue(languages=languages, kinds=tuple(kinds), groups=groups)
