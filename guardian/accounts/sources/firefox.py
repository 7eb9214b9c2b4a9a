"""Firefox and its kin: sites and dates from ``logins.json``, or its heir ``logins.db``.

User names and passwords are encrypted there; the file with their key, ``key4.db``, is never
opened. Layout and fields: profiles written by Firefox ESR 153.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from guardian.accounts.model import Entry, Evidence, EvidenceKind, NotRead, Source, SourceKind
from guardian.accounts.sources import dates, files
from guardian.accounts.sources.firefox_profiles import find_profiles
from guardian.accounts.sources.reading import Reading, is_there, not_read
from guardian.core.errors import Problem

KIND = SourceKind.FIREFOX
LOGINS, NEWER = "logins.json", "logins.db"
# this device's logins, and those from other devices; the latter may be overridden by the former
NEWER_TABLES = {"loginsL": "is_deleted", "loginsM": "is_overridden"}


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """The profiles with saved logins."""
    return find_profiles(KIND, (LOGINS, NEWER), home, environment)


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """The logins of one profile, without names and passwords."""
    check()
    try:
        if is_there(source.path / LOGINS):
            entries, odd = read_logins(source, now, check)
        else:
            entries, odd = read_newer(source, now, check)
    except Problem as problem:
        return Reading((), (not_read(source, problem),), read=False)
    problems = []
    if odd:
        problems.append(not_read(source, Problem("browser-rows-odd", name=LOGINS, count=odd)))
    return Reading(tuple(entries), tuple(problems), read=True)


class Logins(msgspec.Struct):
    """The part of ``logins.json`` that is looked at; each row is decoded on its own."""

    logins: list[msgspec.Raw]


class Row(msgspec.Struct):
    """The fields of a login that are looked at. The others, encrypted, never become values."""

    hostname: Any = None
    deleted: Any = False
    timeCreated: Any = None  # noqa: N815 - Firefox's names
    timeLastUsed: Any = None  # noqa: N815
    timePasswordChanged: Any = None  # noqa: N815
    timesUsed: Any = None  # noqa: N815


def read_logins(
    source: Source, now: datetime, check: Callable[[], None]
) -> tuple[list[Entry], int]:
    """Entries, and the number of rows that made no sense. Raises ``Problem``."""
    rows = files.read_json(source.path / LOGINS, Logins).logins
    entries, odd = [], 0
    for raw in rows:
        check()
        try:
            row = msgspec.json.decode(raw, type=Row)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            odd += 1
            continue
        if row.deleted is True:  # kept by Firefox to tell its other devices
            continue
        if not isinstance(row.hostname, str) or not row.hostname:
            odd += 1
            continue
        times = (row.timeCreated, row.timePasswordChanged, row.timeLastUsed)
        entries.append(make_entry(source, now, row.hostname, times, row.timesUsed))
    return entries, odd


def read_newer(source: Source, now: datetime, check: Callable[[], None]) -> tuple[list[Entry], int]:
    """The same from ``logins.db``, which takes over from ``logins.json`` in newer Firefoxes."""
    wanted = ("origin", "timeCreated", "timePasswordChanged", "timeLastUsed", "timesUsed")

    def select(database: sqlite3.Connection) -> tuple[list[Entry], int]:
        entries, odd = [], 0
        found = {table: files.table_columns(database, table) for table in NEWER_TABLES}
        if not any(columns.issuperset(wanted) for columns in found.values()):
            raise Problem("browser-file-unknown", name=NEWER)
        for table, columns in found.items():
            if not columns.issuperset(wanted):
                continue
            dead = NEWER_TABLES[table]
            living = f" WHERE {dead} = 0" if dead in columns else ""
            for row in database.execute(f"SELECT {', '.join(wanted)} FROM {table}{living}"):
                check()
                if isinstance(row[0], str) and row[0]:
                    entries.append(make_entry(source, now, row[0], row[1:4], row[4]))
                else:
                    odd += 1
        return entries, odd

    return files.query(source.path / NEWER, select, check)


def make_entry(
    source: Source, now: datetime, address: str, times: tuple[object, ...], used: object
) -> Entry:
    created, changed, last_used = (dates.from_unix_ms(time, now) for time in times)
    evidence = Evidence(
        source_key=source.key,
        source_name=source.name,
        source_kind=KIND,
        kind=EvidenceKind.SAVED_LOGIN,
        created=created,
        changed=changed,
        last_used=last_used,
        times_used=dates.count(used),
    )
    return Entry(address, "", evidence)
