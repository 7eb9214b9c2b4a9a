"""What a document of its kind should say, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Law(StrEnum):
    """The lists a document can be held against. ``TERMS`` is custom rather than law."""

    GDPR = "gdpr"
    CCPA = "ccpa"
    PIPL = "pipl"
    TERMS = "terms"


class Presence(StrEnum):
    """Whether something that should be there was found."""

    FOUND = "found"
    UNCLEAR = "unclear"
    NOT_FOUND = "not-found"


class Applies(StrEnum):
    """Why a list is shown: the person asked for it, or the document itself names the law."""

    ASKED = "asked"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Item:
    """One thing that should be there.

    ``document.text[start:end] == quote``: the words that say it (found), or the nearest ones
    (unclear; may be empty then); empty for not found. ``common`` is the share (0 to 1) of real
    policies that have it, None where nobody has counted; ``article`` where the law asks for it.
    """

    id: str
    presence: Presence
    article: str = ""
    common: float | None = None
    quote: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Checklist:
    """One list held against one document of ``words`` words. ``quote`` names the law, if it does.

    ``applies`` never claims more than it says: Guardian does not decide which law applies.
    """

    law: Law
    applies: Applies
    items: tuple[Item, ...]
    words: int
    quote: str = ""
    start: int = 0
    end: int = 0

    def at(self, presence: Presence) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.presence is presence)
