"""Makes history files in the form of Firefox 153 and Chromium 156, with chosen visits."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

from guardian.accounts.model import Entry, EvidenceKind, Source
from guardian.accounts.sources import chromium_history, firefox_history
from guardian.accounts.sources.reading import Reading

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BACK = 0x0100_0000

CHROMIUM = """
    CREATE TABLE urls (id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR, title LONGVARCHAR,
        visit_count INTEGER DEFAULT 0 NOT NULL, typed_count INTEGER DEFAULT 0 NOT NULL,
        last_visit_time INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL);
    CREATE TABLE visits (id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL,
        visit_time INTEGER NOT NULL, from_visit INTEGER, transition INTEGER DEFAULT 0 NOT NULL);
    CREATE INDEX visits_url_index ON visits (url);
    CREATE INDEX visits_from_index ON visits (from_visit);
    CREATE INDEX visits_time_index ON visits (visit_time);
    CREATE INDEX urls_url_index ON urls (url);
"""
FIREFOX = """
    CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR,
        rev_host LONGVARCHAR, visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL,
        last_visit_date INTEGER);
    CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER,
        visit_date INTEGER, visit_type INTEGER);
    CREATE INDEX moz_places_lastvisitdateindex ON moz_places (last_visit_date);
    CREATE INDEX moz_historyvisits_placedateindex ON moz_historyvisits (place_id, visit_date);
    CREATE INDEX moz_historyvisits_fromindex ON moz_historyvisits (from_visit);
"""
FAMILIES = {
    chromium_history: ("History", CHROMIUM, 1601, "urls", "visits", "last_visit_time"),
    firefox_history: (
        "places.sqlite", FIREFOX, 1970, "moz_places", "moz_historyvisits", "last_visit_date",
    ),
}  # fmt: skip
INSERT = {
    "visits": "INSERT INTO visits (url, visit_time, from_visit, transition) VALUES (?, ?, ?, ?)",
    "moz_historyvisits": (
        "INSERT INTO moz_historyvisits (place_id, visit_date, from_visit, visit_type)"
        " VALUES (?, ?, ?, ?)"
    ),
}

GOOGLE = "https://accounts.google.com/o/oauth2/v2/auth?client_id=1&redirect_uri="


@dataclass(frozen=True)
class Step:
    """A visit; ``before`` is the number of the visit it comes from (from 1; 0: none)."""

    url: str
    at: datetime
    before: int = 0
    how: int = 0
    hidden: int = 0


def ask(service: str, path: str = "/cb") -> str:
    """Where Google asks whether to sign in to ``service``."""
    return GOOGLE + quote(f"https://{service}{path}", "")


def day(text: str, seconds: int = 0) -> datetime:
    return datetime.fromisoformat(f"{text}T12:00:00+00:00") + timedelta(seconds=seconds)


def count(time: datetime, year: int) -> int:
    return (time - datetime(year, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def write_history(family: ModuleType, profile: Path, steps: Sequence[Step]) -> Path:
    """The history of a profile; visits are numbered as they come."""
    name, schema, year, pages, visits, newest = FAMILIES[family]
    profile.mkdir(parents=True, exist_ok=True)
    file = profile / name
    known: dict[str, list[Step]] = {}
    for step in steps:
        known.setdefault(step.url, []).append(step)
    numbers = {url: number for number, url in enumerate(known, 1)}
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(schema)
        database.executemany(
            f"INSERT INTO {pages} (id, url, visit_count, {newest}, hidden) VALUES (?, ?, ?, ?, ?)",
            [
                (numbers[url], url, len(of), count(max(one.at for one in of), year), of[0].hidden)
                for url, of in known.items()
            ],
        )
        database.executemany(
            INSERT[visits],
            [(numbers[one.url], count(one.at, year), one.before, one.how) for one in steps],
        )
    return file


def read_profile(family: ModuleType, profile: Path) -> Reading:
    reading = family.read(Source("key", "Browser", "p", family.KIND, profile), NOW, lambda: None)
    assert isinstance(reading, Reading)
    return reading


def entries(reading: Reading, kind: EvidenceKind) -> dict[str, Entry]:
    return {one.address: one for one in reading.entries if one.evidence.kind is kind}
