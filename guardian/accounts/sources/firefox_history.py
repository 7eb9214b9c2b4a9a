"""Firefox and its kin: visits, sign-ins with other services, and the person's own addresses.

``places.sqlite`` holds the visits, often of many years; ``formhistory.sqlite`` what was typed
into forms: of that, mail addresses in fields made for one's own are all that is looked at.
Columns: profiles written by Firefox ESR 153.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from guardian.accounts.model import Entry, NotRead, Source, SourceKind
from guardian.accounts.sources import dates, files, visits
from guardian.accounts.sources.firefox_profiles import find_profiles
from guardian.accounts.sources.reading import Reading, is_there, not_read
from guardian.core.errors import Problem

KIND = SourceKind.FIREFOX_HISTORY
PLACES, FORMS = "places.sqlite", "formhistory.sqlite"
LAYOUT = visits.Layout(
    start=dates.UNIX,
    pages="moz_places",
    newest="last_visit_date",
    visits="moz_historyvisits",
    page="place_id",
    time="visit_date",
    how="visit_type",
    frames=(4, 8),
)
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z]{2,63}", re.ASCII)
# names of the fields in which people type who they are, and of those for somebody else
OWN_FIELD = re.compile(
    r"mail|login|logon|sign_?in|user|account|konto|identifier|session_key|benutzer|kennung"
    r"|correo|usuario|courriel|utilisateur|identifiant|邮箱|账号"
)
FOREIGN_FIELD = re.compile(
    r"friend|invit|recipient|receiver|(?<!p)refer|gift|share|colleague|attend|search|query"
    r"|parent|child|partner|emergency|forward|^(to|cc|bcc)\b|[^a-z](to|cc|bcc)\b|mail_?to\b"
)


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """The profiles with a history. Lists that refuse are named by the eye for saved logins."""
    for found in find_profiles(KIND, (PLACES,), home, environment):
        if isinstance(found, Source):
            yield found


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """The visits of one profile (sites and times, no page in particular), and own addresses."""
    entries: list[Entry] = []
    addresses: tuple[str, ...] = ()
    problems: list[NotRead] = []
    done = False
    check()
    try:
        entries = read_visits(source, now, check)
        done = True
    except Problem as problem:
        problems.append(not_read(source, problem))
    check()
    if is_there(source.path / FORMS):
        try:
            addresses = read_addresses(source.path / FORMS, check)
            done = True
        except Problem as problem:
            problems.append(not_read(source, problem))
    return Reading(tuple(entries), tuple(problems), done, addresses)


def read_visits(source: Source, now: datetime, check: Callable[[], None]) -> list[Entry]:
    """Raises ``Problem``."""
    history = visits.query_history(source.path / PLACES, LAYOUT, now, check)
    return list(visits.make_entries(source, history, LAYOUT, now, check))


def read_addresses(path: Path, check: Callable[[], None]) -> tuple[str, ...]:
    """The person's own mail addresses, the most used first. Raises ``Problem``."""

    def select(database: sqlite3.Connection) -> list[tuple[object, object, int]]:
        there = files.table_columns(database, "moz_formhistory")
        if not there >= {"fieldname", "value"}:
            raise Problem("browser-file-unknown", name=path.name)
        used = "CAST(timesUsed AS INTEGER)" if "timesUsed" in there else "1"
        # nothing but what looks like an address leaves the file
        return database.execute(
            f"SELECT fieldname, value, {used} FROM moz_formhistory"
            " WHERE value LIKE '%_@_%._%' AND length(value) < 255 ORDER BY rowid"
        ).fetchall()

    counted: dict[str, int] = {}
    for field, value, used in files.query(path, select, check):
        if isinstance(field, str) and isinstance(value, str) and is_own_field(field):
            address = value.strip().lower()
            if ADDRESS.fullmatch(address):
                counted[address] = counted.get(address, 0) + max(used or 1, 1)
    return tuple(sorted(counted, key=lambda address: -counted[address]))


def is_own_field(name: str) -> bool:
    """Whether people type their own address there, as far as the field's name tells."""
    lower = name.lower()
    return bool(OWN_FIELD.search(lower)) and not FOREIGN_FIELD.search(lower)
