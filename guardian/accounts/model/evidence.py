"""What the sources say: single traces of accounts, each with its times and where it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guardian.accounts.model.source import SourceKind


class EvidenceKind(StrEnum):
    """What a trace says about an account."""

    SAVED_LOGIN = "saved-login"
    NEVER_SAVE = "never-save"
    DISMISSED_SAVE = "dismissed-save"
    SIGN_IN_WITH = "sign-in-with"
    PASSKEY = "passkey"
    VISIT = "visit"
    MAIL_SIGN_UP = "mail-sign-up"
    MAIL_SIGN_IN = "mail-sign-in"
    MAIL_RECEIPT = "mail-receipt"
    MAIL_SUBSCRIPTION = "mail-subscription"
    MAIL_ACCOUNT = "mail-account"
    MAIL_NEWS = "mail-news"
    MAIL_CLOSED = "mail-closed"
    MAIL_REPLY = "mail-reply"
    PROGRAM = "program"
    BY_HAND = "by-hand"


class Place(StrEnum):
    """Where the account lives: a web site, or an Android app known by its package name."""

    WEB = "web"
    APP = "app"


@dataclass(frozen=True)
class Evidence:
    """One trace in one source. Times are UTC; None is «not recorded» or «makes no sense».

    Several traces of one kind may stand as one: then ``created`` is the first, ``last_used`` the
    newest, and ``times_used`` how many. ``provider`` is the host of the service signed in with,
    for ``SIGN_IN_WITH`` alone; ``reference`` the mark of our letter, for ``MAIL_REPLY``;
    ``link`` the address a newsletter names for leaving it (https or mailto). ``username`` is the
    name of the entry it comes from. ``read_at`` is set where the last search could not see the
    source: when it was last read.
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
    username: str = ""
    reference: str = ""
    link: str = ""

    @property
    def newest(self) -> datetime | None:
        """The newest sign of life: a use, a changed password, or the saving itself."""
        times = [time for time in (self.last_used, self.changed, self.created) if time]
        return max(times, default=None)

    @property
    def oldest(self) -> datetime | None:
        """The first sign of life that is known."""
        times = [time for time in (self.created, self.changed, self.last_used) if time]
        return min(times, default=None)


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
class SharedLogin:
    """Domains that share one login, and the source that says so."""

    sites: tuple[str, ...]
    source_key: str


@dataclass(frozen=True)
class OwnAddress:
    """A mail address of the person's own, and the source that says so."""

    address: str
    source_key: str
