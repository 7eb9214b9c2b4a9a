"""Joins collected facts about services by registrable domain."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from catalogue_checks import (
    alike,
    claim,
    is_front_door,
    label,
    plain,
    site_of,
    tidy_mail,
    tidy_text,
    tidy_url,
)

from guardian.accounts.rules.addresses import suffixes

Fact = dict[str, Any]
Sites = tuple[str, ...]

# Year of each snapshot. A fact without a year of its own counts as old as its snapshot.
SOURCES = {
    "justdeleteme": {"name": "JustDeleteMe", "licence": "MIT", "year": 2026},
    "datenanfragen": {"name": "datenanfragen.de", "licence": "CC0-1.0", "year": 2026},
    "2fa-directory": {"name": "2FA Directory", "licence": "MIT", "year": 2026},
    "apple": {"name": "Apple Password Manager Resources", "licence": "MIT", "year": 2026},
}
DIFFICULTIES = ("easy", "medium", "hard", "limited", "impossible")
HINTS = {"support_ticket", "waits_days", "cancel_subscription_first", "in_app", "phone", "chat"}
FACTORS = {"totp", "sms", "email", "call", "u2f", "custom-software", "custom-hardware"}
# the names companies have for their fields, in the words of the other source
FIELDS = {
    "commerce": "retail", "social media": "social", "public body": "government",
    "telecommunication": "telecom", "utility": "utilities", "credit agency": "finance",
    "collection agency": "finance", "finance": "finance", "school": "school", "health": "health",
    "insurance": "insurance", "travel": "travel", "entertainment": "entertainment",
}  # fmt: skip
# Services that are a brand of the company that says so. A name alone proves nothing: of all the
# pairs that names make, every fifth was of two strangers. These were looked at one by one.
BRANDS = {
    "allianz.de", "arstechnica.com", "authy.com", "bet365.com", "bigstockphoto.com",
    "bufferapp.com", "consorsbank.de", "dab-bank.de", "disneyplus.com", "espn.com",
    "etsglobal.org", "eveonline.com", "firefox.com", "gamesradar.com", "gls-one.de", "gmail.com",
    "googlemail.com", "heroku.com", "hey.com", "hover.com", "hoyoverse.com", "imdb.com",
    "ingress.com", "inwx.com", "ionos.com", "kununu.com", "lieferando.at", "lieferando.de",
    "linode.com", "mendeley.com", "mihoyo.com", "onlyfans.com", "openbank.es", "opensrs.com",
    "pobox.com", "quip.com", "sedo.com", "sendgrid.com", "snapchat.com", "spreadshirt.com",
    "tableau.com", "trello.com", "voxmedia.com", "vrbo.com", "wakanim.tv", "waze.com",
    "youtube.com", "zalando.com", "zooplus.com",
}  # fmt: skip
# one business of several under one domain: who runs it does not answer for the others
PARTS = {"https://aws.amazon.com"}
LEGAL_FORMS = {
    "inc", "llc", "ltd", "limited", "gmbh", "ag", "se", "corp", "corporation", "bv", "co", "kg",
    "plc", "sa", "sas", "spa", "srl", "ab", "oy", "as", "uc", "ohg", "ev", "pty", "dac",
}  # fmt: skip
# more unlike names than that under one entry: not one service, but a program that others run
MANY_NAMES = 10
NAMES = {
    "Amazon / Audible": "Amazon",
    "AOL / Instant Messenger": "AOL",
    "Apple Account / iTunes": "Apple",
    "Atlassian / Bitbucket": "Atlassian",
    "Battle.net / Blizzard": "Blizzard",
    "EA Games / Origin / Electronic Arts": "Electronic Arts",
    "Microsoft Account": "Microsoft",
    "My Fitness Pal": "MyFitnessPal",
    "Stack Overflow / Stack Exchange Accounts": "Stack Overflow",
    "VK/ВКонтакте": "VK",
    "Yahoo!": "Yahoo",
}


@dataclass(frozen=True)
class Collected:
    """What lies in the folder, and what follows from it before anything is joined."""

    deletion: list[Fact]
    contacts: list[Fact]
    directory: list[Fact]
    doors: dict[str, str]
    logins: list[Fact]

    @classmethod
    def read(cls, folder: Path) -> Collected:
        def load(name: str) -> Any:
            return json.loads((folder / f"{name}.json").read_text("utf-8"))

        logins = load("logins")
        return cls(
            load("deletion"),
            load("contacts"),
            load("categories"),
            logins["change_password_urls"],
            logins["shared_logins"],
        )

    @cached_property
    def groups(self) -> list[Sites]:
        """Domains that share one login; where a login moved, the new home comes first."""
        groups = []
        for one in self.logins:
            hosts = [*one.get("to", ()), *one.get("shared", ()), *one.get("from", ())]
            sites = tuple(dict.fromkeys(site_of(host) for host in hosts if claim(host) >= 2))
            if len(sites) > 1:
                groups.append(sites)
        return groups

    @cached_property
    def kin(self) -> dict[str, list[str]]:
        """For each domain those that share its login; then those of the same listed service."""
        found: dict[str, list[str]] = defaultdict(list)
        for sites in self.groups:
            for site in sites:
                found[site] += [one for one in sites if one != site]
        for one in self.directory:
            add_family(found, one["name"], [one["domain"], *one["additional"]])
        return found

    @cached_property
    def wide_kin(self) -> dict[str, list[str]]:
        """The same, with what the list of deletion pages gives as one service."""
        found = defaultdict(list, {site: list(others) for site, others in self.kin.items()})
        for one in self.deletion:
            if len({label(site_of(host)) for host in one["domains"]}) <= MANY_NAMES:
                add_family(found, one["name"], one["domains"])
        return found


def add_family(found: dict[str, list[str]], name: str, hosts: list[str]) -> None:
    """Note for each domain of one service those that are plainly of the service itself.

    A service may be listed with others of its owner, and what is true of one of those need not
    be of the next: its first domain speaks for all, and those that bear its name.
    """
    sites = list(dict.fromkeys(site_of(host) for host in hosts if claim(host, name)))
    for place, one in enumerate(sites):
        first = place == 0 and site_of(hosts[0]) == one
        if first or alike(name, one) or plain(name)[:5] == label(one)[:5]:
            for site in sites:
                if site != one and one not in found[site]:
                    found[site].append(one)


def note(text: str) -> None:
    print(f"left out: {text}", file=sys.stderr)


def join_services(facts: Collected) -> dict[str, Fact]:
    """What is known of each registrable domain, who to write to aside."""
    deletion, doors = pick_deletion(facts), pick_doors(facts)
    listed = pick_listed(facts)
    kin = facts.kin
    companies = pick_fields(facts)
    services: dict[str, Fact] = {}
    for site in sorted({*deletion, *doors, *listed, *kin, *companies}):
        name, page = inherit(site, deletion, kin) or ("", None)
        kinds = {*listed.get(site, {}).get("kinds", ()), *companies.get(site, {}).get("kinds", ())}
        known = {
            "name": deletion.get(site, ("",))[0]
            or listed.get(site, {}).get("name", "")
            or companies.get(site, {}).get("name", "")
            or name
            or site,
            "kinds": sorted(kinds),
            "deletion": page,
            "settings": inherit(site, doors, kin),
            "factors": listed.get(site, {}).get("factors"),
        }
        services[site] = {key: value for key, value in known.items() if value}
    return services


def inherit(site: str, known: dict[str, Any], kin: dict[str, list[str]]) -> Any:
    """What is known of a domain itself, else of one it shares its login with."""
    return next((known[one] for one in (site, *kin.get(site, ())) if one in known), None)


def pick_deletion(facts: Collected) -> dict[str, tuple[str, Fact]]:
    """For each domain the service that it is most clearly of, and how accounts end there."""
    candidates: dict[str, list[tuple[Any, Fact]]] = defaultdict(list)
    for one in facts.deletion:
        claims: dict[str, int] = defaultdict(int)
        for host in one["domains"]:
            claims[site_of(host)] = max(claims[site_of(host)], claim(host, one["name"]))
        page = site_of(one["url"].partition("//")[2])
        for site, strength in claims.items():
            if site and strength:
                named = plain(one["name"]) == label(site)
                rank = (-strength, not named, page != site, len(claims), -one["url_year"])
                candidates[site].append(((*rank, one["name"]), one))
    chosen = {site: min(found, key=lambda pair: pair[0])[1] for site, found in candidates.items()}
    records = {one["name"]: make_deletion(one, facts.kin) for one in facts.deletion}
    for name in sorted(records.keys() - {one["name"] for one in chosen.values()}):
        note(f"{name}: all its domains belong to others")
    return {
        site: (NAMES.get(one["name"], tidy_text(one["name"])), records[one["name"]])
        for site, one in chosen.items()
    }


def make_deletion(one: Fact, kin: dict[str, list[str]]) -> Fact:
    own = {site_of(host) for host in one["domains"]} - {""}
    own |= {other for site in own for other in kin.get(site, ())}
    url = tidy_url(one["url"], own)
    if not url:
        note(f"{one['name']}: {one['url'][:120]!r} does not lie with it, or is not secure")
    elif is_front_door(url):
        note(f"{one['name']}: {url} is a front door")
        url = ""
    assert one["difficulty"] in DIFFICULTIES
    record = {
        "difficulty": one["difficulty"],
        "year": one["url_year"],
        "source": "justdeleteme",
        "url": url,
        "mail": tidy_mail(one.get("email")),
        "hints": sorted(HINTS.intersection(one.get("hints", ()))),
    }
    return {key: value for key, value in record.items() if value}


def pick_doors(facts: Collected) -> dict[str, Fact]:
    """For each domain the address where its password is changed."""
    doors: dict[str, Fact] = {}
    for host, address in sorted(facts.doors.items(), key=lambda pair: -claim(pair[0])):
        site = site_of(host)
        if claim(host) < 2 or site in doors:
            note(f"the settings of {host}: not of all its domain")
            continue
        url = tidy_url(address, {site, *facts.wide_kin.get(site, ())})
        if not url or is_front_door(url):
            note(f"the settings of {site}: {address[:120]!r}")
            continue
        doors[site] = {"url": url, "year": SOURCES["apple"]["year"], "source": "apple"}
    return doors


def pick_listed(facts: Collected) -> dict[str, Fact]:
    """For each domain its fields and the second factors it offers: it is known to have accounts."""
    candidates: dict[str, list[tuple[Any, Fact]]] = defaultdict(list)
    for one in facts.directory:
        for place, host in enumerate([one["domain"], *one["additional"]]):
            # a host that proves little still shows that there are accounts
            rank = (-claim(host, one["name"]), place > 0, one["name"])
            candidates[site_of(host)].append((rank, one))
    candidates.pop("", None)
    year = SOURCES["2fa-directory"]["year"]
    listed = {}
    for site, found in candidates.items():
        (strength, *_), one = min(found, key=lambda pair: pair[0])
        offered = sorted(FACTORS.intersection(one["second_factor"]))
        listed[site] = {
            "name": tidy_text(one["name"]) if strength else site,
            "kinds": one["categories"] if strength else [],
            "factors": {"offered": offered, "year": year, "source": "2fa-directory"},
        }
    return listed


def pick_fields(facts: Collected) -> dict[str, Fact]:
    """Name and fields of the company whose own web site a domain is."""
    fields: dict[str, Fact] = {}
    for rank, one in sorted(
        ((rank_contact(one), one) for one in facts.contacts), key=lambda pair: pair[0]
    ):
        site = site_of((one.get("web") or "").partition("//")[2])
        if not site or rank is None:
            continue
        kinds = [FIELDS[field] for field in one.get("categories", ()) if field in FIELDS]
        fields.setdefault(site, {"name": tidy_text(one["name"]), "kinds": kinds})
    return fields


def rank_contact(one: Fact) -> Any:
    """Which of several contacts of one domain comes first: reachable, for all, tried."""
    path = (one.get("web") or "").partition("//")[2].partition("/")[2].strip("/")
    return (
        not tidy_mail(one.get("email")),
        "all" not in one["relevant-countries"],
        one["quality"] != "tested",
        bool(path),
        one["name"],
        one["address"],
    )


def join_companies(facts: Collected, services: dict[str, Fact]) -> list[Fact]:
    """Whom to write to, each with the domains it answers for."""
    order = sorted(range(len(facts.contacts)), key=lambda at: rank_contact(facts.contacts[at]))
    owner: dict[str, int] = {}
    senders = Counter(site_of((one.get("email") or "").partition("@")[2]) for one in facts.contacts)
    for find in (sites_by_web, sites_in_brands, sites_by_mail):
        for at in order:
            for site in () if facts.contacts[at].get("web") in PARTS else find(facts.contacts[at]):
                if find is sites_by_mail and senders[site] > 1:
                    continue
                before = owner.get(site)
                better = before is not None and not tidy_mail(facts.contacts[before].get("email"))
                if before is None or (better and tidy_mail(facts.contacts[at].get("email"))):
                    owner[site] = at
    for site, at in sites_by_name(facts, services):
        owner.setdefault(site, at)
    whole = {site: inherit(site, owner, facts.wide_kin) for site in {*services, *owner}}
    served: dict[int, list[str]] = defaultdict(list)
    for site, number in whole.items():
        if number is not None:
            served[number].append(site)
    companies = [make_company(facts.contacts[at], sites) for at, sites in served.items()]
    return sorted(filter(None, companies), key=lambda one: (one["name"].casefold(), one["sites"]))


def sites_by_web(one: Fact) -> Iterator[str]:
    site = site_of((one.get("web") or "").partition("//")[2])
    if site:
        yield site


def sites_in_brands(one: Fact) -> Iterator[str]:
    """Domains among the brands a company runs, those it gave up aside."""
    for brand in one.get("runs", ()):
        if "formerly" not in brand and "ehem" not in brand:
            for word in re.split(r"[\s(),]+", brand):
                host = (word.partition("//")[2] or word).strip("/").lower()
                if claim(host) == 3 and has_known_ending(host) and len(label(site_of(host))) > 1:
                    yield site_of(host)


def has_known_ending(host: str) -> bool:
    """Whether a word with a dot in it ends like a domain: «example.org», not «e.V.»."""
    ending = host.rpartition(".")[2]
    return (
        host.count(".") > 0
        and ending != "ltd"
        and bool(suffixes().publicsuffix(host, accept_unknown=False))
    )


def sites_by_mail(one: Fact) -> Iterator[str]:
    """The domain of a company's own mailbox: one without a web site, or of the same name."""
    mail = tidy_mail(one.get("email"))
    site, web = site_of(mail.partition("@")[2]), next(sites_by_web(one), "")
    if site and (label(web) == label(site) if web else plain(one["name"]).startswith(label(site))):
        yield site


def first_words(name: str) -> str:
    """The name of a company without its legal form."""
    words = name.replace(",", " ").split()
    return " ".join(word for word in words if plain(word) not in LEGAL_FORMS)


def sites_by_name(facts: Collected, services: dict[str, Fact]) -> Iterator[tuple[str, int]]:
    """Services that bear the name of a company or of one of its brands; see ``BRANDS``."""
    names: dict[str, set[int]] = defaultdict(set)
    for at, one in enumerate(facts.contacts):
        if tidy_mail(one.get("email")):
            for name in (first_words(one["name"]), *one.get("runs", ())):
                names[plain(name)].add(at)
    for site in sorted(BRANDS & services.keys()):
        found = names.get(plain(services[site]["name"]), set())
        if len(found) == 1:
            yield site, min(found)


def make_company(one: Fact, sites: list[str]) -> Fact | None:
    own = {*sites, *sites_by_web(one)}
    form = tidy_url(one.get("webform") or "", own)
    if one.get("webform") and not form:
        note(f"{one['name']}: {one['webform'][:120]!r} does not lie with it, or is not secure")
    record = {
        "name": tidy_text(one["name"]),
        "sites": sorted(sites),
        "email": tidy_mail(one.get("email")),
        "post": tidy_text(one["address"]),
        "form": form,
        "needs_id": one.get("needs-id-document", False) or False,
        "tested": one["quality"] == "tested",
        "year": SOURCES["datenanfragen"]["year"],
        "source": "datenanfragen",
    }
    return {key: value for key, value in record.items() if value}
