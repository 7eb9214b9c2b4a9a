"""The mind of the accounts pillar: entries become accounts, with what can be said of their use.

Pure: the same look and the same time give the same answer, and no file is opened here but the
public suffix list that its package carries.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from guardian.accounts.content import Service
from guardian.accounts.model import (
    Account,
    Decision,
    Device,
    Entry,
    Evidence,
    EvidenceKind,
    Found,
    Look,
    Place,
    Route,
    RouteKind,
    Sighting,
    UseClass,
)
from guardian.core.words import Message, message

MONTH = timedelta(days=30.4375)
SLEEPING_FROM = 6 * MONTH
FORGOTTEN_FROM = 24 * MONTH
YEAR = timedelta(days=365.25)

WEB_SCHEMES = {"http", "https", "ftp"}
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9])?")
PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")
LOCAL_ENDINGS = (
    ".local", ".localhost", ".localdomain", ".lan", ".home", ".internal", ".home.arpa", ".intranet",
    ".test", ".invalid",
)  # fmt: skip


def locate(address: str) -> tuple[Place | None, str] | None:
    """Where an address of a saved login leads: (WEB, registrable domain), (APP, package).

    (None, host) is one without a public name: an IP address, a single word, ``*.local``.
    None is no account at all, such as a browser's own ``chrome://`` entries.
    """
    if address.lower().startswith("android://"):
        package = address.rpartition("@")[2].strip("/")
        return (Place.APP, package) if PACKAGE.fullmatch(package) else None
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in WEB_SCHEMES or not host:
        return None
    return locate_host(host)


def locate_host(host: str) -> tuple[Place | None, str] | None:
    """The same for a bare host name in lower case; see :func:`locate`."""
    try:
        return None, str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if not HOST.fullmatch(host) or ".." in host:
        return None
    if "." not in host or host.endswith(LOCAL_ENDINGS):
        return None, host
    return Place.WEB, registrable(host)


@cache
def registrable(host: str) -> str:
    """The part of a host name that somebody registered: one account usually serves all of it."""
    return suffixes().privatesuffix(host) or host


@cache
def suffixes() -> Any:
    """The public suffix list; a tenth of a second to read, so not before it is needed."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def bring_home(entries: Iterable[Entry]) -> tuple[tuple[Sighting, ...], tuple[Device, ...]]:
    """Entries as sightings of accounts, and the hosts that are no accounts elsewhere."""
    sightings: list[Sighting] = []
    devices: dict[Device, None] = {}
    for entry in entries:
        located = locate(entry.address)
        if located is None:
            continue
        place, name = located
        if place is None:
            devices[Device(name, entry.evidence.source_key)] = None
        else:
            sightings.append(Sighting(name, place, entry.username, entry.evidence))
    return tuple(sightings), tuple(devices)


def judge(look: Look, decisions: Mapping[str, Decision], now: datetime) -> Found:
    """What ``look`` means at the time ``now``: accounts, longest unused first, unknown last."""
    sites: dict[tuple[Place, str], list[Sighting]] = defaultdict(list)
    for sighting in look.sightings:
        sites[sighting.place, sighting.site].append(sighting)
    accounts = [
        make_account(site, place, seen, decisions.get(site, Decision.UNDECIDED), now)
        for (place, site), seen in sites.items()
    ]
    accounts.sort(key=order)
    return Found(
        accounts=tuple(accounts),
        own_network=tuple(sorted({device.host for device in look.devices})),
        read=look.read,
        not_read=look.not_read,
        not_allowed=look.not_allowed,
        looked_at=look.looked_at,
        kept=look.kept,
    )


def decide(found: Found, decisions: Mapping[str, Decision]) -> Found:
    """``found`` with other decisions; all else is as judged before."""

    def decided(account: Account) -> Account:
        wish = decisions.get(account.site, Decision.UNDECIDED)
        return account if account.decision is wish else replace(account, decision=wish)

    return replace(found, accounts=tuple(map(decided, found.accounts)))


def order(account: Account) -> tuple[bool, timedelta, str]:
    unused = account.unused_at_least
    return unused is None, -(unused or timedelta()), account.site


def make_account(
    site: str, place: Place, seen: list[Sighting], decision: Decision, now: datetime
) -> Account:
    """One account from everything seen of its site."""
    oldest = datetime.min.replace(tzinfo=UTC)
    evidence = sorted(
        (sighting.evidence for sighting in seen),
        key=lambda one: (one.newest or oldest, one.source_key),
        reverse=True,
    )
    proof = next((one for one in evidence if proves_use(one)), None)
    unused = max(now - proof.newest, timedelta()) if proof and proof.newest else None
    use_class = classify(unused)
    created = (one.created or one.newest for one in evidence)
    return Account(
        site=site,
        place=place,
        usernames=tuple(sorted({sighting.username for sighting in seen} - {""})),
        evidence=tuple(evidence),
        first_seen=min((time for time in created if time), default=None),
        last_used=max((one.last_used for one in evidence if one.last_used), default=None),
        unused_at_least=unused,
        use_class=use_class,
        why=explain(proof or evidence[0], unused),
        window=Message(f"accounts.window.{(proof or evidence[0]).source_kind.value}"),
        decision=decision,
    )


def proves_use(evidence: Evidence) -> bool:
    """«Never save» only proves that the site was visited once: later uses leave no trace."""
    return evidence.newest is not None and evidence.kind is not EvidenceKind.NEVER_SAVE


def classify(unused: timedelta | None) -> UseClass:
    """In use below 6 months, forgotten above 24."""
    if unused is None:
        return UseClass.UNKNOWN
    if unused < SLEEPING_FROM:
        return UseClass.IN_USE
    return UseClass.SLEEPING if unused <= FORGOTTEN_FROM else UseClass.FORGOTTEN


def explain(proof: Evidence, unused: timedelta | None) -> Message:
    """The sentence that says how long an account lies unused here, and how we know."""
    newest, source = proof.newest, proof.source_name
    if newest is None:
        return message("accounts.why.no-date", source=source)
    if proof.kind is EvidenceKind.NEVER_SAVE or unused is None:
        return message("accounts.why.never-save", source=source, day=newest)
    sign = "used" if newest == proof.last_used else "changed"
    sign = "saved" if newest == proof.created and sign != "used" else sign
    if classify(unused) is UseClass.IN_USE:
        return Message(f"accounts.why.recent-{sign}", {"source": source, "day": newest})
    return Message(f"accounts.why.{sign}", {"span": unused, "source": source, "day": newest})


def find_route(place: Place, site: str, services: Mapping[str, Service]) -> Route:
    """The way to have an account deleted; there is always one, if only a general door."""
    if place is Place.APP:
        url = f"https://play.google.com/store/apps/datasafety?id={site}"
        text = message("accounts.route.app-page")
        return Route(site, site, RouteKind.APP_PAGE, url, text)
    service = services.get(site)
    if service is None:
        url = f"https://{site}/.well-known/change-password"
        text = message("accounts.route.settings-door", site=site)
        return Route(site, site, RouteKind.SETTINGS_DOOR, url, text)
    year = str(service.year)
    hints = [f"accounts.difficulty.{service.difficulty}"]
    hints += [f"accounts.hint.{hint}" for hint in service.hints]
    return Route(
        site,
        service.name,
        RouteKind.DELETE_PAGE,
        service.url,
        message("accounts.route.delete-page", name=service.name, year=year),
        service.year,
        tuple(Message(code, {"year": year}) for code in hints),
    )
