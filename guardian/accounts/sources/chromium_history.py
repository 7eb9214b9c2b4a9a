"""Chromium and its kin: visits, sign-ins with other services, and uses of passkeys.

``History`` holds the visits of a few months; ``Preferences`` notes when somebody last used a
site, longer than that, and which sites were told who somebody is by another service; ``DIPS``
notes uses of passkeys. Columns and fields: profiles written by Chromium 156.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from guardian.accounts.model import Entry, Evidence, EvidenceKind, NotRead, Source, SourceKind
from guardian.accounts.sources import dates, files, visits
from guardian.accounts.sources.chromium_profiles import find_profiles
from guardian.accounts.sources.reading import Reading, is_there, not_read
from guardian.core.errors import Problem

KIND = SourceKind.CHROMIUM_HISTORY
HISTORY, PASSKEYS, SETTINGS = "History", "DIPS", "Preferences"
LAYOUT = visits.Layout(
    start=dates.CHROMIUM,
    pages="urls",
    newest="last_visit_time",
    visits="visits",
    page="url",
    time="visit_time",
    how="transition",
    back=0x0100_0000,
    frames=(3, 4),
)
# kExpireDaysThreshold in Chromium; Brave keeps five years
WINDOW_DAYS, BRAVE_WINDOW_DAYS = 90, 5 * 365
# a tab left open is used without being visited anew; less than that is the same visit
STAYED = timedelta(days=1)


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """The profiles with a history. Lists that refuse are named by the eye for saved logins."""
    for found in find_profiles(KIND, (HISTORY,), home, environment):
        if isinstance(found, Source):
            brave = found.browser.startswith("Brave")
            yield replace(found, window_days=BRAVE_WINDOW_DAYS if brave else WINDOW_DAYS)


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """The visits of one profile: sites and times, and no page in particular."""
    entries: list[Entry] = []
    problems: list[NotRead] = []
    done = False
    for name, look in ((HISTORY, read_visits), (PASSKEYS, read_passkeys)):
        check()
        if not is_there(source.path / name):
            continue
        try:
            entries += look(source, now, check)
        except Problem as problem:
            problems.append(not_read(source, problem))
        else:
            done = True
    check()
    if is_there(source.path / SETTINGS):
        try:
            entries = list(add_settings(source, entries, now, check))
        except Problem as problem:
            problems.append(not_read(source, problem))
        else:
            done = True
    return Reading(tuple(entries), tuple(problems), done)


def read_visits(source: Source, now: datetime, check: Callable[[], None]) -> list[Entry]:
    """Raises ``Problem``."""
    history = visits.query_history(source.path / HISTORY, LAYOUT, now, check)
    return list(visits.make_entries(source, history, LAYOUT, now, check))


def read_passkeys(source: Source, now: datetime, check: Callable[[], None]) -> list[Entry]:
    """When a passkey was used on which site: the only trace of one that is not encrypted."""
    wanted = ("site", "first_web_authn_assertion_time", "last_web_authn_assertion_time")

    def select(database: sqlite3.Connection) -> list[tuple[object, ...]]:
        there = files.table_columns(database, "bounces")
        if "site" not in there:
            raise Problem("browser-file-unknown", name=PASSKEYS)
        if not there >= set(wanted):
            return []  # older Chromiums noted nothing of that
        known = f"{wanted[2]} > 0"
        return database.execute(f"SELECT {', '.join(wanted)} FROM bounces WHERE {known}").fetchall()

    entries = []
    for site, first, last in files.query(source.path / PASSKEYS, select, check):
        time = dates.from_chromium(last, now)
        if isinstance(site, str) and site and time:
            evidence = Evidence(
                source_key=source.key,
                source_name=source.name,
                source_kind=KIND,
                kind=EvidenceKind.PASSKEY,
                created=dates.from_chromium(first, now),
                last_used=time,
            )
            entries.append(Entry(f"https://{site}", "", evidence))
    return entries


class Exceptions(msgspec.Struct):
    """What is noted per site; only these two lists are looked at."""

    site_engagement: dict[str, Any] = {}
    fedcm_share: dict[str, Any] = {}


class ContentSettings(msgspec.Struct):
    exceptions: Exceptions = msgspec.field(default_factory=Exceptions)


class Profile(msgspec.Struct):
    content_settings: ContentSettings = msgspec.field(default_factory=ContentSettings)


class Settings(msgspec.Struct):
    """The part of ``Preferences`` that is looked at. All else in it never becomes a value."""

    profile: Profile = msgspec.field(default_factory=Profile)


def add_settings(
    source: Source, entries: list[Entry], now: datetime, check: Callable[[], None]
) -> Iterator[Entry]:
    """``entries`` with what ``Preferences`` knows beyond them. Raises ``Problem``."""
    noted = files.read_json(source.path / SETTINGS, Settings).profile.content_settings.exceptions
    used = read_engagement(noted.site_engagement, now, check)
    for entry in entries:
        check()
        if entry.evidence.kind is not EvidenceKind.VISIT:
            yield entry
            continue
        visited, stayed = entry.evidence.last_used, used.pop(urlsplit(entry.address).hostname, None)
        if visited and stayed and stayed - visited > STAYED:
            yield replace(entry, evidence=replace(entry.evidence, last_used=stayed))
        else:
            yield entry
    for host, time in used.items():
        check()
        yield Entry(f"https://{host}", "", make_evidence(source, EvidenceKind.VISIT, time))
    yield from read_shared(source, noted.fedcm_share, now, check)


def make_evidence(
    source: Source, kind: EvidenceKind, time: datetime | None, provider: str = ""
) -> Evidence:
    return Evidence(source.key, source.name, KIND, kind, last_used=time, provider=provider)


def read_engagement(
    noted: Mapping[str, Any], now: datetime, check: Callable[[], None]
) -> dict[str | None, datetime]:
    """Host -> when somebody last did something on its pages.

    The keys are like «https://www.example.org:443,*».
    """
    used: dict[str | None, datetime] = {}
    for pattern, what in noted.items():
        check()
        host = host_of(pattern.partition(",")[0])
        setting = what.get("setting") if isinstance(what, dict) else None
        value = setting.get("lastEngagementTime") if isinstance(setting, dict) else None
        time = dates.from_chromium_json(value, now)
        if host and time:
            used[host] = max(time, used.get(host, time))
    return used


def read_shared(
    source: Source, noted: Mapping[str, Any], now: datetime, check: Callable[[], None]
) -> Iterator[Entry]:
    """Sites that were told who somebody is through the browser's own «sign in with» (FedCM)."""
    for pattern, what in noted.items():
        setting = what.get("setting") if isinstance(what, dict) else None
        objects = setting.get("chosen-objects") if isinstance(setting, dict) else None
        for one in objects if isinstance(objects, list) else []:
            check()
            if not isinstance(one, dict):
                continue
            host = host_of(one.get("rp-embedder") or pattern.partition(",")[0])
            provider = host_of(one.get("idp-origin"))
            names = one.get("account-ids")
            if not host or not provider or not isinstance(names, list) or not names:
                continue
            times = [name.get("timestamp") for name in names if isinstance(name, dict)]
            known = [time for time in (dates.from_chromium_json(at, now) for at in times) if time]
            newest = max(known, default=None)
            evidence = make_evidence(source, EvidenceKind.SIGN_IN_WITH, newest, provider)
            yield Entry(f"https://{host}", "", evidence)


def host_of(address: object) -> str:
    """The host of a web address; empty for anything else."""
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
