"""The catalogue Guardian ships: services, companies, who shares a login, and what each may hold."""

from __future__ import annotations

from functools import cache
from typing import Literal

from guardian.accounts.model import Difficulty, Risk
from guardian.core.content import Record, read_content

Hint = Literal[
    "cancel_subscription_first", "chat", "in_app", "phone", "support_ticket", "waits_days"
]
Factor = Literal["call", "custom-hardware", "custom-software", "email", "sms", "totp", "u2f"]


class Origin(Record, frozen=True):
    """Where facts are from. ``year`` is that of the copy they were taken from."""

    key: str
    name: str
    licence: str
    year: int


class Deletion(Record, frozen=True):
    """How accounts end at a service.

    ``year`` is when ``url`` was last touched in ``source``, and so at the latest when somebody
    looked; ``url`` and ``mail`` are empty where there is none that could be shown.
    """

    difficulty: Difficulty
    year: int
    source: str
    url: str = ""
    mail: str = ""
    hints: tuple[Hint, ...] = ()


class Door(Record, frozen=True):
    """The page of the settings where a password is changed."""

    url: str
    year: int
    source: str


class Factors(Record, frozen=True):
    """The second factors a service offers, perhaps none. Who is asked for one has an account."""

    offered: tuple[Factor, ...]
    year: int
    source: str


class Service(Record, frozen=True):
    """One online service, with all registrable domains of which the very same is known.

    ``kinds`` are keys of the table of kinds; None is «not known».
    """

    name: str
    sites: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    deletion: Deletion | None = None
    settings: Door | None = None
    factors: Factors | None = None


class Company(Record, frozen=True):
    """Whom to write to about accounts on ``sites``. Unknown parts are empty.

    ``form`` is a page for such requests, ``needs_id`` that they are known to ask for papers,
    ``tested`` that somebody had an answer from there.
    """

    name: str
    sites: tuple[str, ...]
    year: int
    source: str
    email: str = ""
    post: str = ""
    form: str = ""
    needs_id: bool = False
    tested: bool = False


class Kind(Record, frozen=True):
    """A kind of service, what it may hold, and well-known sites that no source classes so."""

    key: str
    risks: tuple[Risk, ...]
    sites: tuple[str, ...] = ()


class Provider(Record, frozen=True):
    """An account that others hang on: mailboxes, and signing in elsewhere.

    ``site`` is the domain it goes by, ``logins`` all that one such login opens, ``hosts`` those
    that sign people in for other sites, ``mail`` what stands behind the @ of its mailboxes.
    """

    site: str
    logins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()


@cache
def load_services() -> dict[str, Service]:
    """All services by registrable domain. Raises ``Problem("content-bad")``."""
    services = read_content("accounts/services.json", list[Service])
    return {site: service for service in services for site in service.sites}


@cache
def load_companies() -> dict[str, Company]:
    """Whom to write to, by registrable domain. Raises ``Problem("content-bad")``."""
    companies = read_content("accounts/companies.json", list[Company])
    return {site: company for company in companies for site in company.sites}


@cache
def load_shared_logins() -> tuple[tuple[str, ...], ...]:
    """Groups of registrable domains that share one login. Raises ``Problem("content-bad")``."""
    groups = read_content("accounts/shared-logins.json", tuple[tuple[str, ...], ...])
    return groups + tuple(one.logins for one in load_providers() if len(one.logins) > 1)


@cache
def load_origins() -> dict[str, Origin]:
    """Where the facts of the catalogue are from, by key. Raises ``Problem("content-bad")``."""
    return {one.key: one for one in read_content("accounts/sources.json", list[Origin])}


@cache
def load_kinds() -> dict[str, Kind]:
    """All kinds of services by key. Raises ``Problem("content-bad")``."""
    return {kind.key: kind for kind in read_content("accounts/kinds.json", list[Kind])}


@cache
def load_providers() -> tuple[Provider, ...]:
    """The accounts that others hang on. Raises ``Problem("content-bad")``."""
    return read_content("accounts/providers.json", tuple[Provider, ...])


@cache
def load_mailboxes() -> dict[str, str]:
    """For each domain of public mailboxes the site whose account such a mailbox is."""
    return {domain: one.site for one in load_providers() for domain in one.mail}


@cache
def load_mail_providers() -> frozenset[str]:
    """The domains of public mailboxes: an address there says nothing of where somebody works."""
    return frozenset(load_mailboxes())


@cache
def load_identity_providers() -> dict[str, str]:
    """For each host that signs people in elsewhere the site whose account is used."""
    return {host: one.site for one in load_providers() for host in one.hosts}


def find_kinds(site: str) -> tuple[str, ...]:
    """What kinds of service a site is; empty where that is not known."""
    service = load_services().get(site)
    return (*(service.kinds if service else ()), *own_kinds().get(site, ()))


@cache
def own_kinds() -> dict[str, tuple[str, ...]]:
    """What kinds a site is according to our own table alone."""
    kinds: dict[str, tuple[str, ...]] = {}
    for kind in load_kinds().values():
        for site in kind.sites:
            kinds[site] = (*kinds.get(site, ()), kind.key)
    return kinds
