"""What the traces mean: accounts, since when each is unused, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from guardian.accounts.model.case import Case, CaseState
from guardian.accounts.model.evidence import (
    Device,
    Evidence,
    OwnAddress,
    Place,
    SharedLogin,
    Sighting,
)
from guardian.accounts.model.source import Kept, NotRead, Source, SourceKind
from guardian.core.words import Message, message


class UseClass(StrEnum):
    """How long an account lies unused, as far as the sources show."""

    IN_USE = "in-use"
    SLEEPING = "sleeping"
    FORGOTTEN = "forgotten"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure it is that there is an account.

    ``SURE``: a saved login, or the person says so. ``LIKELY``: a sign-up mail, «sign in with», a
    save that was waved away. ``CONTACT``: they only write; nothing shows an account.
    """

    SURE = "sure"
    LIKELY = "likely"
    CONTACT = "contact"


@dataclass(frozen=True)
class Window:
    """What one source cannot show: how many days back it reaches (None: no limit known)."""

    source_name: str
    source_kind: SourceKind
    days: int | None

    @property
    def text(self) -> Message:
        if self.days is None:
            return message(f"accounts.window.{self.source_kind.value}", source=self.source_name)
        code = f"accounts.window.{self.source_kind.value}.days"
        return message(code, source=self.source_name, count=self.days)


@dataclass(frozen=True)
class Account:
    """Everything known about the accounts a person has on one site, newest evidence first.

    ``sites`` are all registrable domains this login serves, ``site`` the one it goes by.
    ``unused_at_least`` counts from the newest sign of life in the sources read; None where the
    sources cannot tell. ``why`` gives the proof, ``windows`` what its sources cannot show.
    ``people`` are the profiles of this computer it was seen in.
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
    windows: tuple[Window, ...]
    confidence: Confidence = Confidence.SURE
    sites: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    case: Case = field(default_factory=Case)

    @property
    def state(self) -> CaseState:
        return self.case.state

    @property
    def window(self) -> Message:
        """What the source of the proof cannot show."""
        return self.windows[0].text


@dataclass(frozen=True)
class Look:
    """What one search saw, before it is judged. This is what is remembered.

    ``addresses`` are the person's own mail addresses; ``shared`` groups of domains that share one
    login, as the person's own browser knows them.
    """

    looked_at: datetime
    sightings: tuple[Sighting, ...] = ()
    devices: tuple[Device, ...] = ()
    read: tuple[Source, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    not_allowed: tuple[Source, ...] = ()
    kept: tuple[Kept, ...] = ()
    addresses: tuple[OwnAddress, ...] = ()
    shared: tuple[SharedLogin, ...] = ()


@dataclass(frozen=True)
class Found:
    """The answer to a search: accounts (longest unused first), and what was and was not read.

    ``contacts`` are senders that only write: no account is known there. ``own_network`` are
    hosts of saved logins that are no accounts elsewhere: addresses without a public name, such
    as a router. They are named, and not judged. ``kept`` are sources whose accounts are known
    from an earlier search alone, wholly or in part; ``brought`` what the person handed in.
    """

    accounts: tuple[Account, ...]
    own_network: tuple[str, ...]
    read: tuple[Source, ...]
    not_read: tuple[NotRead, ...]
    not_allowed: tuple[Source, ...]
    looked_at: datetime
    kept: tuple[Kept, ...] = ()
    contacts: tuple[Account, ...] = ()
    brought: tuple[Source, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def searched(self) -> bool:
        """Whether any profile was asked; without consent only lists of profiles are looked at."""
        asked = self.accounts or self.contacts or self.read or self.brought
        return bool(asked or any(not one.listing for one in self.not_read))

    @property
    def people(self) -> tuple[str, ...]:
        """The profiles of this computer that hold accounts, by name."""
        return tuple(sorted({name for account in self.accounts for name in account.people}))

    def by_site(self) -> Mapping[str, Account]:
        """Every account and contact under each of its sites."""
        return {
            site: account
            for account in (*self.contacts, *self.accounts)
            for site in (*account.sites, account.site)
        }
