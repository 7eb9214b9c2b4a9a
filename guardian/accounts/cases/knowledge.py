"""What the catalogue says about a service, as far as it matters for leaving it. Pure."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from guardian.accounts.catalogue.content import (
    Deletion,
    Service,
    find_kinds,
    load_identity_providers,
    load_mailboxes,
    load_services,
    load_shared_logins,
    own_kinds,
)
from guardian.accounts.catalogue.routes import find_home
from guardian.accounts.model import Account, Place
from guardian.accounts.rules.addresses import locate_host, registrable


class Hold(StrEnum):
    """What people mostly have in a service of some kind, and would miss; the dearest first."""

    MAIL = "mail"
    PASSWORDS = "passwords"
    HEALTH = "health"
    MONEY = "money"
    FILES = "files"
    HOSTING = "hosting"
    OFFICE = "office"
    WORK = "work"
    SOCIAL = "social"
    LEARNING = "learning"
    GAMES = "games"
    MEDIA = "media"
    TRAVEL = "travel"
    SHOPPING = "shopping"
    DEVICES = "devices"
    OTHER = "other"


KINDS = {
    Hold.MAIL: ("email",),
    Hold.PASSWORDS: ("passwords",),
    Hold.HEALTH: ("health", "fitness"),
    Hold.MONEY: (
        "banking", "finance", "payments", "investing", "cryptocurrencies", "insurance", "betting",
        "crowdfunding",
    ),
    Hold.FILES: ("cloud", "backup", "photos", "creativity", "family"),
    Hold.HOSTING: ("hosting", "domains"),
    Hold.OFFICE: ("government", "utilities", "legal", "identity", "telecom"),
    Hold.WORK: ("task", "jobs", "developer", "marketing", "remote"),
    Hold.SOCIAL: ("social", "messaging", "communication", "dating"),
    Hold.LEARNING: ("education", "school", "universities"),
    Hold.GAMES: ("gaming",),
    Hold.MEDIA: ("streaming", "entertainment"),
    Hold.TRAVEL: ("travel", "transport", "tickets"),
    Hold.SHOPPING: ("retail", "food", "postal"),
    Hold.DEVICES: ("iot",),
}  # fmt: skip


MONEY = frozenset(("banking", "payments", "investing", "cryptocurrencies", "betting"))


def sites_of(account: Account) -> tuple[str, ...]:
    return account.sites or (account.site,)


def homes_of(account: Account) -> tuple[str, ...]:
    """The same for a well-known service whose app this is; see :func:`find_home`."""
    return tuple(find_home(account.place, site) for site in sites_of(account))


def service_of(account: Account) -> Service | None:
    """What the catalogue knows of it, under any of its sites."""
    services = load_services()
    return next((services[site] for site in homes_of(account) if site in services), None)


def deletion_of(account: Account) -> Deletion | None:
    """How the account ends, according to the catalogue."""
    service = service_of(account)
    return service.deletion if service else None


def waits(account: Account) -> bool:
    """Whether the service is known to wait some days before it deletes."""
    deletion = deletion_of(account)
    return deletion is not None and "waits_days" in deletion.hints


def kinds_of(account: Account) -> frozenset[str]:
    """What kinds of service it is: according to our own table, else to what others say.

    Others mostly class whole companies, and so say too much of the largest.
    """
    for kinds in (own_kinds().get, find_kinds):
        known = {kind for site in homes_of(account) for kind in kinds(site) or ()}
        if known:
            return frozenset(known)
    return frozenset()


def holds_of(account: Account) -> tuple[Hold, ...]:
    """The two dearest things the account may hold; never empty."""
    kinds = kinds_of(account)
    holds = [hold for hold, names in KINDS.items() if not kinds.isdisjoint(names)]
    if Hold.MAIL in holds and not has_mailboxes(family(account)):
        holds.remove(Hold.MAIL)  # who sends mail for companies is classed so too
    return tuple(holds[:2]) or (Hold.OTHER,)


def has_mailboxes(sites: frozenset[str]) -> bool:
    """Whether people have mailboxes at one of ``sites``."""
    return not sites.isdisjoint(load_mailboxes().values())


def is_phone(account: Account) -> bool:
    """Whether a phone number may end with it."""
    kinds = kinds_of(account)
    return "telecom" in kinds and kinds <= {"telecom", "utilities", "retail", "entertainment"}


def moves_money(account: Account) -> bool:
    """Whether it is there to keep or move money."""
    return any(kind in MONEY for site in homes_of(account) for kind in find_kinds(site))


def family(account: Account) -> frozenset[str]:
    """The sites this login serves, also those where nothing of the person was seen."""
    known = {*sites_of(account), *homes_of(account)}
    for group in load_shared_logins():
        if not known.isdisjoint(group):
            known.update(group)
    service = service_of(account)
    return frozenset(known.union(service.sites if service else ()))


@cache
def kin(site: str) -> frozenset[str]:
    """The sites that one login at ``site`` opens, itself among them."""
    return frozenset({site}.union(*(group for group in load_shared_logins() if site in group)))


def mailbox_site(address: str) -> str:
    """The site whose account a mail address belongs to; empty for what is no address."""
    name, _, host = address.strip().lower().rpartition("@")
    return site_of_host(host) if name else ""


@cache
def site_of_host(host: str) -> str:
    """The same for what stands behind the @."""
    located = locate_host(host)
    if located is None or located[0] is not Place.WEB:
        return ""
    return load_mailboxes().get(host) or load_mailboxes().get(located[1]) or located[1]


def provider_site(host: str) -> str:
    """The site of the service behind the host of a sign-in button."""
    host = host.strip().lower().rstrip(".")
    return load_identity_providers().get(host) or registrable(host)
