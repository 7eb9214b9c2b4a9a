"""Chromium and its kin: sites, names and dates from ``Login Data``; the passwords stay unread.

Columns came and went over the years, so only those that exist are asked for, by name. Meaning of
the columns: Chromium's own password store, as written by version 156.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guardian.accounts.model import (
    Entry,
    Evidence,
    EvidenceKind,
    NotRead,
    Place,
    Source,
    SourceKind,
)
from guardian.accounts.rules.addresses import locate
from guardian.accounts.sources import dates, files
from guardian.accounts.sources.chromium_profiles import find_profiles
from guardian.accounts.sources.reading import Reading, is_there, not_read
from guardian.core.errors import Problem

KIND = SourceKind.CHROMIUM
FILES = ("Login Data", "Login Data For Account")
AFFILIATIONS = "Affiliation Database"
COLUMNS = (
    "origin_url",
    "signon_realm",
    "username_value",
    "date_created",
    "date_password_modified",
    "date_last_used",
    "date_last_filled",
    "times_used",
    "blacklisted_by_user",
    "federation_url",
)
MOST_LETTERS = 320  # the longest mail address
DISMISSED_COLUMNS = ("origin_domain", "username_value", "dismissal_count", "update_time")


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """The profiles with saved logins."""
    return find_profiles(KIND, FILES, home, environment)


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """The logins of one profile, from both of its files, without passwords."""
    entries: list[Entry] = []
    problems: list[NotRead] = []
    done = False
    for name in FILES:
        check()
        if not is_there(source.path / name):
            continue
        try:
            found, odd = read_logins(source, source.path / name, now, check)
        except Problem as problem:
            problems.append(not_read(source, problem))
            continue
        done = True
        entries += found
        if odd:
            problems.append(not_read(source, Problem("browser-rows-odd", name=name, count=odd)))
    try:
        shared = read_affiliations(source.path / AFFILIATIONS, check)
    except Problem as problem:
        shared = ()
        problems.append(not_read(source, problem))
    return Reading(tuple(entries), tuple(problems), done, shared=shared)


def read_logins(
    source: Source, path: Path, now: datetime, check: Callable[[], None]
) -> tuple[list[Entry], int]:
    """Entries, and the number of rows that made no sense. Raises ``Problem``."""

    def select(database: sqlite3.Connection) -> tuple[list[Entry], int]:
        entries, odd = [], 0
        if not files.table_columns(database, "logins") & {"origin_url", "signon_realm"}:
            raise Problem("browser-file-unknown", name=path.name)
        for table, wanted, make in (
            ("logins", COLUMNS, make_entry),
            ("stats", DISMISSED_COLUMNS, make_dismissed),
        ):
            for row in read_rows(database, table, wanted):
                check()
                if entry := make(source, row, now):
                    entries.append(entry)
                else:
                    odd += 1
        return entries, odd

    return files.query(path, select, check)


def read_rows(
    database: sqlite3.Connection, table: str, wanted: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The rows of a table, with those of the columns ``wanted`` that it has."""
    there = files.table_columns(database, table)
    names = [column for column in wanted if column in there]
    if names:
        for values in database.execute(f"SELECT {', '.join(names)} FROM {table}"):
            yield dict(zip(names, values, strict=True))


def make_entry(source: Source, row: dict[str, Any], now: datetime) -> Entry | None:
    """One saved login as an entry; None when it names no address."""
    addresses = [row.get("origin_url"), row.get("signon_realm")]
    address = next((text for text in addresses if isinstance(text, str) and text), None)
    if address is None:
        return None
    provider = provider_of(row.get("federation_url"))
    kind = EvidenceKind.SIGN_IN_WITH if provider else EvidenceKind.SAVED_LOGIN
    if row.get("blacklisted_by_user") == 1:
        kind, provider = EvidenceKind.NEVER_SAVE, ""
    used = [dates.from_chromium(row.get(f"date_last_{word}"), now) for word in ("used", "filled")]
    evidence = Evidence(
        source_key=source.key,
        source_name=source.name,
        source_kind=KIND,
        kind=kind,
        created=dates.from_chromium(row.get("date_created"), now),
        changed=dates.from_chromium(row.get("date_password_modified"), now),
        last_used=max((time for time in used if time), default=None),
        times_used=dates.count(row.get("times_used")),
        provider=provider,
    )
    return Entry(address, name_of(row), evidence)


def make_dismissed(source: Source, row: dict[str, Any], now: datetime) -> Entry | None:
    """Somebody signed in, and closed or overlooked the question whether to save the password.

    The browser counts how often that happened, and notes when it last did.
    """
    address = row.get("origin_domain")
    if not isinstance(address, str) or not address:
        return None
    evidence = Evidence(
        source_key=source.key,
        source_name=source.name,
        source_kind=KIND,
        kind=EvidenceKind.DISMISSED_SAVE,
        last_used=dates.from_chromium(row.get("update_time"), now),
        times_used=dates.count(row.get("dismissal_count")),
    )
    return Entry(address, name_of(row), evidence)


def name_of(row: dict[str, Any]) -> str:
    """The name somebody is known by; empty for what is no name, such as a text pasted there."""
    name = row.get("username_value")
    return name if isinstance(name, str) and len(name) <= MOST_LETTERS else ""


def read_affiliations(path: Path, check: Callable[[], None]) -> tuple[tuple[str, ...], ...]:
    """Groups of sites that share one login, as the browser was told; empty without that file."""
    if not is_there(path):
        return ()

    def select(database: sqlite3.Connection) -> dict[int, set[str]]:
        if not files.table_columns(database, "eq_class_members") >= {"set_id", "facet_uri"}:
            raise Problem("browser-file-unknown", name=path.name)
        groups: dict[int, set[str]] = defaultdict(set)
        for row in read_rows(database, "eq_class_members", ("set_id", "facet_uri")):
            check()
            address, number = row.get("facet_uri"), row.get("set_id")
            if isinstance(address, str) and isinstance(number, int):
                place, site = locate(address) or (None, "")
                if place is Place.WEB:
                    groups[number].add(site)
        return groups

    groups = files.query(path, select, check).values()
    return tuple(sorted(tuple(sorted(sites)) for sites in groups if len(sites) > 1))


def provider_of(address: object) -> str:
    """The host of the service signed in with; empty where there is none."""
    if not isinstance(address, str) or not address:
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
