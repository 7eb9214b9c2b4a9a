"""Firefox and its kin: sites and dates from ``logins.json``, or its heir ``logins.db``.

User names and passwords are encrypted there; the file with their key, ``key4.db``, is never
opened. Layout and fields: profiles written by Firefox ESR 153.
"""

from __future__ import annotations

import configparser
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from guardian.accounts.model import Entry, Evidence, EvidenceKind, NotRead, Source, SourceKind
from guardian.accounts.sources import dates, files
from guardian.accounts.sources.reading import (
    Reading,
    existing,
    is_folder,
    is_there,
    make_key,
    not_read,
    subfolders,
)
from guardian.core.errors import Problem

KIND = SourceKind.FIREFOX
ROOTS = (
    ("Firefox", ".config/mozilla/firefox"),
    ("Firefox", ".mozilla/firefox"),
    ("Firefox from Snap", "snap/firefox/common/.config/mozilla/firefox"),
    ("Firefox from Snap", "snap/firefox/common/.mozilla/firefox"),
    ("Firefox from Flatpak", ".var/app/org.mozilla.firefox/config/mozilla/firefox"),
    ("Firefox from Flatpak", ".var/app/org.mozilla.firefox/.mozilla/firefox"),
    ("Firefox", "Library/Application Support/Firefox"),
    ("Firefox", "AppData/Roaming/Mozilla/Firefox"),
    ("LibreWolf", ".librewolf"),
    ("LibreWolf", ".config/librewolf/librewolf"),
    ("LibreWolf from Flatpak", ".var/app/io.gitlab.librewolf-community/.librewolf"),
    ("Waterfox", ".waterfox"),
    ("Waterfox from Flatpak", ".var/app/net.waterfox.waterfox/.waterfox"),
    ("Floorp", ".floorp"),
    ("Floorp from Flatpak", ".var/app/one.ablaze.floorp/.floorp"),
    ("Zen", ".zen"),
    ("Zen from Flatpak", ".var/app/app.zen_browser.zen/.zen"),
)
PROFILES = "profiles.ini"
LOGINS, NEWER = "logins.json", "logins.db"
MAX_INI = 1024 * 1024
# this device's logins, and those from other devices; the latter may be overridden by the former
NEWER_TABLES = {"loginsL": "is_deleted", "loginsM": "is_overridden"}


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """The profiles with saved logins, from ``profiles.ini`` and from the folders beside it."""
    roots: list[tuple[str, str | Path]] = list(ROOTS)
    if configured := environment.get("XDG_CONFIG_HOME"):
        roots.append(("Firefox", Path(configured) / "mozilla/firefox"))
    for browser, root in existing(home, roots):
        whole = Source(make_key(KIND, home, root), browser, "", KIND, root)
        try:
            folders = [*subfolders(root), *more(root / "Profiles")]
        except Problem as problem:
            yield not_read(whole, problem, listing=True)
            continue
        try:
            profiles = listed(root, outside=bool(environment))
        except Problem as problem:
            profiles = {}
            yield not_read(whole, problem, listing=True)
        for folder in folders:
            profiles.setdefault(folder, re.sub(r"^\w{8}\.", "", folder.name))
        for folder, name in profiles.items():
            if is_there(folder / LOGINS) or is_there(folder / NEWER):
                yield Source(make_key(KIND, home, folder), browser, name, KIND, folder)


def more(folder: Path) -> list[Path]:
    return subfolders(folder) if is_folder(folder) else []


def listed(root: Path, *, outside: bool) -> dict[Path, str]:
    """Folder -> name from ``profiles.ini``; empty where that is missing.

    Raises ``Problem("browser-list-unread")`` where it cannot be read or makes no sense. A profile
    kept elsewhere on the disk counts only with ``outside``: in a copy of somebody's home, such a
    path would lead to another person's files.
    """
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(files.read_file(root / PROFILES, MAX_INI).decode("utf-8"))
    except (Problem, configparser.Error, UnicodeDecodeError) as error:
        if isinstance(error, Problem) and error.code == "file-missing":
            return {}
        raise Problem("browser-list-unread", name=PROFILES) from error
    profiles = {}
    for section in parser.sections():
        place = parser.get(section, "Path", fallback="")
        if not section.startswith("Profile") or not place or "\0" in place:
            continue
        folder = (root / place).absolute()
        if outside or (folder.is_relative_to(root) and ".." not in Path(place).parts):
            profiles[folder] = parser.get(section, "Name", fallback="") or folder.name
    return profiles


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
    data = files.read_file(source.path / LOGINS)
    try:
        rows = msgspec.json.decode(data, type=Logins).logins
    except msgspec.ValidationError as error:
        raise Problem("browser-file-unknown", name=LOGINS) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem("browser-file-damaged", name=LOGINS) from error
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
