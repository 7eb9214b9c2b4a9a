"""The nouns of the accounts pillar: sources, evidence, accounts, decisions, routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from guardian.core.words import Message


class SourceKind(StrEnum):
    """A family of browsers that keep their logins alike."""

    FIREFOX = "firefox"
    CHROMIUM = "chromium"


class EvidenceKind(StrEnum):
    """What an entry in a source says about an account."""

    SAVED_LOGIN = "saved-login"
    NEVER_SAVE = "never-save"
    SIGN_IN_WITH = "sign-in-with"


class Place(StrEnum):
    """Where the account lives: a web site, or an Android app known by its package name."""

    WEB = "web"
    APP = "app"


class UseClass(StrEnum):
    """How long an account lies unused, as far as the sources show."""

    IN_USE = "in-use"
    SLEEPING = "sleeping"
    FORGOTTEN = "forgotten"
    UNKNOWN = "unknown"


class Decision(StrEnum):
    """What the person wants to do with an account."""

    UNDECIDED = "undecided"
    KEEP = "keep"
    CLOSE = "close"


class RouteKind(StrEnum):
    """Where a route leads: to a known page for deleting, or to a door near it."""

    DELETE_PAGE = "delete-page"
    SETTINGS_DOOR = "settings-door"
    APP_PAGE = "app-page"


@dataclass(frozen=True)
class Source:
    """One browser profile. ``key`` is stable between runs: consent is remembered under it."""

    key: str
    browser: str
    profile: str
    kind: SourceKind
    path: Path

    @property
    def name(self) -> str:
        return f"{self.browser} ({self.profile})" if self.profile else self.browser


@dataclass(frozen=True)
class SourceState:
    """A source on this computer, and whether the person allows Guardian to read it."""

    source: Source
    allowed: bool


@dataclass(frozen=True)
class NotRead:
    """Something that could not be looked at, wholly or (``code`` says so) in part.

    ``listing`` is true for the place where a browser keeps its profiles, rather than a profile.
    """

    source: Source
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    listing: bool = False

    @property
    def what(self) -> Message:
        return Message(f"problem.{self.code}", self.facts)

    @property
    def todo(self) -> Message:
        return Message(f"problem.{self.code}.do", self.facts)


@dataclass(frozen=True)
class Evidence:
    """One entry of one source. Times are UTC; None is «not recorded» or «makes no sense».

    ``provider`` is the host of the service signed in with, for ``SIGN_IN_WITH`` alone.
    ``read_at`` is set where the last search could not see the source: when it was last read.
    """

    source_key: str
    source_name: str
    source_kind: SourceKind
    kind: EvidenceKind
    created: datetime | None = None
    changed: datetime | None = None
    last_used: datetime | None = None
    times_used: int | None = None
    provider: str = ""
    read_at: datetime | None = None

    @property
    def newest(self) -> datetime | None:
        """The newest sign of life: a use, a changed password, or the saving itself."""
        times = [time for time in (self.last_used, self.changed, self.created) if time]
        return max(times, default=None)


@dataclass(frozen=True)
class Entry:
    """What a source holds, as it stands there: an address, a name (may be empty), evidence."""

    address: str
    username: str
    evidence: Evidence


@dataclass(frozen=True)
class Sighting:
    """An entry brought home to the site or app it belongs to."""

    site: str
    place: Place
    username: str
    evidence: Evidence


@dataclass(frozen=True)
class Device:
    """The host of a saved login that is no account elsewhere: it has no public name."""

    host: str
    source_key: str


@dataclass(frozen=True)
class Kept:
    """A source that the last search could not see (in full), known from the one at ``read_at``."""

    source: Source
    read_at: datetime


@dataclass(frozen=True)
class Account:
    """Everything known about the accounts a person has on one site, newest evidence first.

    ``unused_at_least`` counts from the newest sign of life in the sources read; None where the
    sources cannot tell. ``why`` gives the proof, ``window`` what that proof cannot show.
    """

    site: str
    place: Place
    usernames: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    first_seen: datetime | None
    last_used: datetime | None
    unused_at_least: timedelta | None
    use_class: UseClass
    why: Message
    window: Message
    decision: Decision = Decision.UNDECIDED


@dataclass(frozen=True)
class Look:
    """What one search saw, before it is judged. This is what is remembered."""

    looked_at: datetime
    sightings: tuple[Sighting, ...] = ()
    devices: tuple[Device, ...] = ()
    read: tuple[Source, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    not_allowed: tuple[Source, ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class Found:
    """The answer to a search: accounts (longest unused first), and what was and was not read.

    ``own_network`` are hosts of saved logins that are no accounts elsewhere: addresses without
    a public name, such as a router. They are named, and not judged. ``kept`` are sources whose
    accounts are known from an earlier search alone, wholly or in part.
    """

    accounts: tuple[Account, ...]
    own_network: tuple[str, ...]
    read: tuple[Source, ...]
    not_read: tuple[NotRead, ...]
    not_allowed: tuple[Source, ...]
    looked_at: datetime
    kept: tuple[Kept, ...] = ()

    @property
    def searched(self) -> bool:
        """Whether any profile was asked; without consent only lists of profiles are looked at."""
        return bool(self.accounts or self.read or any(not one.listing for one in self.not_read))


@dataclass(frozen=True)
class Route:
    """The way to get an account deleted. ``url`` is only ever shown, never opened from here.

    ``text`` says what the address is; ``hints`` what to expect there. ``checked_year`` is the
    year in which the address was last touched in its source, None for a general door.
    """

    site: str
    name: str
    kind: RouteKind
    url: str
    text: Message
    checked_year: int | None = None
    hints: tuple[Message, ...] = ()
