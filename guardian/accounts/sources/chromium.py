"""Chromium and its kin: sites, names and dates from ``Login Data``; the passwords stay unread.

Columns came and went over the years, so only those that exist are asked for, by name. Meaning of
the columns: Chromium's own password store, as written by version 156.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guardian.accounts.model import Entry, Evidence, EvidenceKind, NotRead, Source, SourceKind
from guardian.accounts.sources import dates, files
from guardian.accounts.sources.reading import (
    Reading,
    existing,
    is_there,
    make_key,
    not_read,
    subfolders,
)
from guardian.core.errors import Problem

KIND = SourceKind.CHROMIUM
CONFIG = (
    ("Chrome", "google-chrome"),
    ("Chrome beta", "google-chrome-beta"),
    ("Chrome unstable", "google-chrome-unstable"),
    ("Chromium", "chromium"),
    ("Edge", "microsoft-edge"),
    ("Edge beta", "microsoft-edge-beta"),
    ("Edge dev", "microsoft-edge-dev"),
    ("Brave", "BraveSoftware/Brave-Browser"),
    ("Brave beta", "BraveSoftware/Brave-Browser-Beta"),
    ("Brave nightly", "BraveSoftware/Brave-Browser-Nightly"),
    ("Vivaldi", "vivaldi"),
    ("Vivaldi snapshot", "vivaldi-snapshot"),
    ("Opera", "opera"),
    ("Opera beta", "opera-beta"),
    ("Yandex", "yandex-browser"),
)
BOXES = (
    ("Chromium from Snap", "snap/chromium/common/chromium"),
    ("Brave from Snap", "snap/brave/current/.config/BraveSoftware/Brave-Browser"),
    ("Opera from Snap", "snap/opera/current/.config/opera"),
    ("Chrome from Flatpak", ".var/app/com.google.Chrome/config/google-chrome"),
    ("Chromium from Flatpak", ".var/app/org.chromium.Chromium/config/chromium"),
    (
        "Chromium from Flatpak",
        ".var/app/io.github.ungoogled_software.ungoogled_chromium/config/chromium",
    ),
    ("Edge from Flatpak", ".var/app/com.microsoft.Edge/config/microsoft-edge"),
    ("Brave from Flatpak", ".var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser"),
    ("Vivaldi from Flatpak", ".var/app/com.vivaldi.Vivaldi/config/vivaldi"),
    ("Opera from Flatpak", ".var/app/com.opera.Opera/config/opera"),
)
MAC = "Library/Application Support"
WINDOWS = "AppData/Local"
OTHER_SYSTEMS = (
    ("Chrome", f"{MAC}/Google/Chrome"),
    ("Chromium", f"{MAC}/Chromium"),
    ("Edge", f"{MAC}/Microsoft Edge"),
    ("Brave", f"{MAC}/BraveSoftware/Brave-Browser"),
    ("Vivaldi", f"{MAC}/Vivaldi"),
    ("Opera", f"{MAC}/com.operasoftware.Opera"),
    ("Chrome", f"{WINDOWS}/Google/Chrome/User Data"),
    ("Chromium", f"{WINDOWS}/Chromium/User Data"),
    ("Edge", f"{WINDOWS}/Microsoft/Edge/User Data"),
    ("Brave", f"{WINDOWS}/BraveSoftware/Brave-Browser/User Data"),
    ("Vivaldi", f"{WINDOWS}/Vivaldi/User Data"),
    ("Opera", "AppData/Roaming/Opera Software/Opera Stable"),
)
FILES = ("Login Data", "Login Data For Account")
STATE = "Local State"
NO_PROFILES = {"System Profile", "Guest Profile"}
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


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """The profiles with saved logins; older Operas keep them in the root itself."""
    for browser, root in existing(home, roots(environment)):
        try:
            names = profile_names(root)
            folders = [root, *subfolders(root)]
        except Problem as problem:
            whole = Source(make_key(KIND, home, root), browser, "", KIND, root)
            yield not_read(whole, problem, listing=True)
            continue
        for folder in folders:
            there = any(is_there(folder / file) for file in FILES)
            if there and folder.name not in NO_PROFILES:
                name = "" if folder == root else names.get(folder.name, folder.name)
                yield Source(make_key(KIND, home, folder), browser, name, KIND, folder)


def roots(environment: Mapping[str, str]) -> Iterator[tuple[str, str | Path]]:
    """Where to look, relative to the home; the environment may name further places."""
    for browser, folder in CONFIG:
        yield browser, f".config/{folder}"
    yield from BOXES
    yield from OTHER_SYSTEMS
    for variable in ("XDG_CONFIG_HOME", "CHROME_CONFIG_HOME"):
        if configured := environment.get(variable):
            for browser, folder in CONFIG:
                yield browser, Path(configured) / folder
    if configured := environment.get("CHROME_USER_DATA_DIR"):
        yield "Chromium", Path(configured)


def profile_names(root: Path) -> dict[str, str]:
    """Folder -> the name the person gave it. Nothing else of ``Local State`` is kept."""
    try:
        state = json.loads(files.read_file(root / STATE))
        cache = state["profile"]["info_cache"]
        return {folder: str(info["name"]) for folder, info in cache.items() if info.get("name")}
    except (Problem, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


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
    return Reading(tuple(entries), tuple(problems), done)


def read_logins(
    source: Source, path: Path, now: datetime, check: Callable[[], None]
) -> tuple[list[Entry], int]:
    """Entries, and the number of rows that made no sense. Raises ``Problem``."""

    def select(database: sqlite3.Connection) -> tuple[list[Entry], int]:
        entries, odd = [], 0
        there = files.table_columns(database, "logins")
        wanted = [column for column in COLUMNS if column in there]
        if not {"origin_url", "signon_realm"} & set(wanted):
            raise Problem("browser-file-unknown", name=path.name)
        for values in database.execute(f"SELECT {', '.join(wanted)} FROM logins"):
            check()
            entry = make_entry(source, dict(zip(wanted, values, strict=True)), now)
            if entry:
                entries.append(entry)
            else:
                odd += 1
        return entries, odd

    return files.query(path, select, check)


def make_entry(source: Source, row: dict[str, Any], now: datetime) -> Entry | None:
    """One row as an entry; None when it names no address."""
    addresses = [row.get("origin_url"), row.get("signon_realm")]
    address = next((text for text in addresses if isinstance(text, str) and text), None)
    if address is None:
        return None
    username = row.get("username_value")
    provider = provider_of(row.get("federation_url"))
    kind = EvidenceKind.SIGN_IN_WITH if provider else EvidenceKind.SAVED_LOGIN
    if row.get("blacklisted_by_user") == 1:
        kind = EvidenceKind.NEVER_SAVE
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
    return Entry(address, username if isinstance(username, str) else "", evidence)


def provider_of(address: object) -> str:
    """The host of the service signed in with; empty where there is none."""
    if not isinstance(address, str) or not address:
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
