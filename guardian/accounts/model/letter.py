"""Letters to a service, and the laws they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Law(StrEnum):
    """Which law a letter leans on; ``GENERAL`` leans on none."""

    GDPR = "gdpr"
    UK_GDPR = "uk-gdpr"
    CCPA = "ccpa"
    GENERAL = "general"


class Language(StrEnum):
    """Which language a letter is written in."""

    ENGLISH = "en"
    GERMAN = "de"


class LetterKind(StrEnum):
    """What a letter asks for."""

    ERASURE = "erasure"
    REMINDER = "reminder"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Sender:
    """Who writes: as little as the service needs to find the account.

    ``address`` is the person's own mail address. ``country`` is an ISO 3166 code in capitals,
    with the part of the country after a hyphen where that sets holidays or law («DE-BY»,
    «US-CA»); it decides which law applies and which days are holidays. ``name`` may be empty.
    """

    address: str = ""
    name: str = ""
    country: str = ""
    language: Language = Language.ENGLISH


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to: the service, or an authority. Unknown parts are empty.

    ``checked_year`` is how old the address is, ``source`` where it is from.
    """

    name: str
    email: str = ""
    post: str = ""
    web: str = ""
    checked_year: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Authority:
    """An office that watches over data protection. ``countries`` are ISO codes in capitals."""

    name: str
    web: str
    email: str
    post: str
    phone: str
    countries: tuple[str, ...]
    checked_year: int


@dataclass(frozen=True)
class LetterWish:
    """What the person wants to write: everything a letter is made from."""

    site: str
    kind: LetterKind
    law: Law
    language: Language
    sender: Sender
    username: str = ""


@dataclass(frozen=True)
class Letter:
    """A finished letter. ``articles`` are the rules it cites; ``reference`` marks its answer."""

    wish: LetterWish
    to: Recipient
    subject: str
    text: str
    written: date
    reference: str
    articles: tuple[str, ...] = ()
