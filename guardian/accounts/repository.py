"""The memory of the accounts pillar: consents, cases, and what was seen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

import msgspec

from guardian.accounts import memory
from guardian.accounts.cases.states import follow, is_taken_back, take_back
from guardian.accounts.model import Case, Event, Look, Sender, Sighting
from guardian.core.errors import Problem
from guardian.core.store import Store

MIGRATIONS = (
    """
    CREATE TABLE accounts_consents (source TEXT PRIMARY KEY, at TEXT NOT NULL);
    CREATE TABLE accounts_decisions (
        id INTEGER PRIMARY KEY, site TEXT NOT NULL, decision TEXT NOT NULL, at TEXT NOT NULL
    );
    CREATE INDEX accounts_decisions_by_site ON accounts_decisions (site, id);
    CREATE TABLE accounts_look (id INTEGER PRIMARY KEY CHECK (id = 1), look BLOB NOT NULL);
    """,
    "CREATE TABLE accounts_stamps (what TEXT PRIMARY KEY, stamp TEXT NOT NULL)",
    """
    CREATE TABLE accounts_events (
        id INTEGER PRIMARY KEY, site TEXT NOT NULL, at TEXT NOT NULL, event BLOB NOT NULL
    );
    CREATE INDEX accounts_events_by_site ON accounts_events (site, id);
    INSERT INTO accounts_events (id, site, at, event)
        SELECT id, site, at, CAST(json_object(
            'at', at, 'state', CASE decision WHEN 'undecided' THEN 'found' ELSE decision END
        ) AS BLOB) FROM accounts_decisions;
    DROP TABLE accounts_decisions;
    CREATE TABLE accounts_brought (source TEXT PRIMARY KEY, look BLOB NOT NULL);
    CREATE TABLE accounts_sender (id INTEGER PRIMARY KEY CHECK (id = 1), sender BLOB NOT NULL)
    """,
)
Do = Callable[..., None]


class Stamps(NamedTuple):
    """Change whenever the last search or a case does, whichever process wrote it."""

    look: str
    cases: str


class AccountsRepository:
    """The person's records of this pillar, in the encrypted store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._decoded: tuple[str, Look | None] | None = None
        self._brought: tuple[str, tuple[Look, ...]] | None = None
        store.migrate("accounts", MIGRATIONS)

    def consents(self) -> frozenset[str]:
        """Keys of the sources that may be read."""
        return frozenset(row[0] for row in self._store.rows("SELECT source FROM accounts_consents"))

    def choose(self, wishes: Mapping[str, bool], at: datetime) -> None:
        """Give consents and take others back, all or none; forget what the latter gave."""
        gone = {key for key, yes in wishes.items() if not yes}
        with self._store.transaction() as do:
            for key, yes in wishes.items():
                if yes:
                    do("INSERT OR IGNORE INTO accounts_consents VALUES (?, ?)", key, at.isoformat())
                else:
                    do("DELETE FROM accounts_consents WHERE source = ?", key)
            look = self.last_look() if gone else None
            if look:
                do("UPDATE accounts_look SET look = ?", encode(memory.without(look, gone)))
                stamp(do, "look")

    def stamps(self) -> Stamps:
        """The one thing asked for each time: cheap to read."""
        rows: dict[str, str] = dict(self._store.rows("SELECT what, stamp FROM accounts_stamps"))
        return Stamps(rows.get("look", ""), rows.get("cases", ""))

    def events(self) -> dict[str, tuple[Event, ...]]:
        """What happened in every case, by site, oldest first."""
        events: dict[str, list[Event]] = {}
        for site, raw in self._store.rows("SELECT site, event FROM accounts_events ORDER BY id"):
            if event := decode_event(raw):
                events.setdefault(site, []).append(event)
        return {site: tuple(happened) for site, happened in events.items()}

    def cases(self, today: date) -> dict[str, Case]:
        """Every case by its site, as of ``today``."""
        return {site: follow(events, today) for site, events in self.events().items()}

    def note(self, events: Sequence[tuple[str, Event]]) -> None:
        """Add what happened, all or none: pairs of site and event."""
        with self._store.transaction() as do:
            for site, event in events:
                do(
                    "INSERT INTO accounts_events (site, at, event) VALUES (?, ?, ?)",
                    site,
                    event.at.isoformat(),
                    msgspec.json.encode(event),
                )
            stamp(do, "cases")

    def case_site(self, sites: Sequence[str]) -> str | None:
        """The first of ``sites`` that has a case; None where none has."""
        marks = ", ".join("?" * len(sites))
        sql = f"SELECT DISTINCT site FROM accounts_events WHERE site IN ({marks})"
        known = {row[0] for row in self._store.rows(sql, *sites)}
        return next((site for site in sites if site in known), None)

    def sites_with_case(self) -> frozenset[str]:
        """Every site under which a case is kept."""
        return frozenset(
            row[0] for row in self._store.rows("SELECT DISTINCT site FROM accounts_events")
        )

    def undo(self, *sites: str) -> None:
        """Take back the newest event of each case; nothing happens where there is none.

        One that a newer Guardian wrote stays: nobody has seen here what it says.
        """
        with self._store.transaction() as do:
            for site in sites:
                self._undo_one(do, site)
            stamp(do, "cases")

    def _undo_one(self, do: Do, site: str) -> None:
        sql = "SELECT id, event FROM accounts_events WHERE site = ? ORDER BY id DESC"
        for number, raw in self._store.rows(sql, site):
            event = decode_event(raw)
            if event is None or is_taken_back(event):
                continue
            rest = take_back(event)
            if rest:
                encoded = msgspec.json.encode(rest)
                do("UPDATE accounts_events SET event = ? WHERE id = ?", encoded, number)
            else:
                do("DELETE FROM accounts_events WHERE id = ?", number)
            return

    def brought(self) -> tuple[Look, ...]:
        """What the person handed in: one look for each file, and one for what was typed in."""
        current = self.stamps().look
        if self._brought is None or self._brought[0] != current:
            rows = self._store.rows("SELECT look FROM accounts_brought ORDER BY source")
            looks = (decode_look(row[0]) for row in rows)
            self._brought = current, tuple(look for look in looks if look)
        return self._brought[1]

    def bring(self, key: str, look: Look) -> None:
        """Keep ``look`` under ``key`` instead of what was there."""
        with self._store.transaction() as do:
            do("INSERT OR REPLACE INTO accounts_brought VALUES (?, ?)", key, encode(look))
            stamp(do, "look")

    def amend(self, key: str, change: Callable[[Look | None], Look | None]) -> None:
        """Keep under ``key`` what ``change`` makes of what is there; nothing, if it gives None.

        Raises ``Problem("store-newer")`` where a newer Guardian wrote what is there.
        """
        with self._store.transaction() as do:
            rows = self._store.rows("SELECT look FROM accounts_brought WHERE source = ?", key)
            before = decode_look(rows[0][0]) if rows else None
            if rows and before is None:
                raise Problem("store-newer")
            look = change(before)
            if look:
                do("INSERT OR REPLACE INTO accounts_brought VALUES (?, ?)", key, encode(look))
            else:
                do("DELETE FROM accounts_brought WHERE source = ?", key)
            stamp(do, "look")

    def forget_brought(self, key: str) -> None:
        with self._store.transaction() as do:
            do("DELETE FROM accounts_brought WHERE source = ?", key)
            stamp(do, "look")

    def sender(self) -> Sender | None:
        """Who letters are from; None before the first."""
        rows = self._store.rows("SELECT sender FROM accounts_sender")
        try:
            return msgspec.json.decode(rows[0][0], type=Sender) if rows else None
        except msgspec.DecodeError:
            return None

    def secret(self) -> str:
        """Drawn by lot once for these records: from it comes the mark of every letter."""
        drawn = secrets.token_hex(16)
        self._store.run("INSERT OR IGNORE INTO accounts_stamps VALUES ('letters', ?)", drawn)
        rows = self._store.rows("SELECT stamp FROM accounts_stamps WHERE what = 'letters'")
        return str(rows[0][0])

    def remember_sender(self, sender: Sender) -> None:
        encoded = msgspec.json.encode(sender)
        self._store.run("INSERT OR REPLACE INTO accounts_sender VALUES (1, ?)", encoded)

    def remember(self, look: Look, once: Collection[str]) -> Look:
        """Keep what ``look`` saw of the sources that may be read at this very moment.

        Returns ``look`` with what earlier searches knew of sources it did not get to see, and
        without those forbidden meanwhile; the sources ``once`` are in it and are not kept.
        """
        with self._store.transaction() as do:
            allowed = self.consents()
            whole = memory.complete(look, self.last_look(), allowed)
            whole = memory.only(whole, {*once, *allowed})
            kept = memory.only(whole, allowed)
            changed = ""
            if kept.read or kept.not_read:  # without any consent, what was known stays
                do("INSERT OR REPLACE INTO accounts_look VALUES (1, ?)", encode(kept))
                changed = stamp(do, "look")
        if changed:
            self._decoded = changed, kept
        return whole

    def add_sightings(self, sightings: Iterable[Sighting]) -> None:
        """Add to what the last search saw what is not in it yet."""
        with self._store.transaction() as do:
            look = self.last_look()
            if look is None:
                return
            known = set(map(memory.identity, look.sightings))
            more = tuple(one for one in sightings if memory.identity(one) not in known)
            if more:
                look = replace(look, sightings=(*look.sightings, *more))
                do("UPDATE accounts_look SET look = ?", encode(look))
                stamp(do, "look")

    def last_look(self) -> Look | None:
        """What the last search saw; None before the first, or where it cannot be understood."""
        stamp = self.stamps().look
        decoded = self._decoded
        if decoded is None or decoded[0] != stamp:  # asked for often, changed rarely
            decoded = self._decoded = stamp, self._read_look()
        return decoded[1]

    def _read_look(self) -> Look | None:
        rows = self._store.rows("SELECT look FROM accounts_look")
        return decode_look(rows[0][0]) if rows else None


def stamp(do: Do, what: str) -> str:
    """Say within a transaction that something changed. Drawn by lot, so it never comes back."""
    drawn = secrets.token_hex(8)
    do("INSERT OR REPLACE INTO accounts_stamps VALUES (?, ?)", what, drawn)
    return drawn


def encode(look: Look) -> bytes:
    return msgspec.json.encode(look, enc_hook=from_path)


def decode_event(raw: bytes) -> Event | None:
    """None where it cannot be understood, such as one a newer Guardian wrote."""
    try:
        return msgspec.json.decode(raw, type=Event)
    except msgspec.DecodeError:
        return None


def decode_look(raw: bytes) -> Look | None:
    """None where it cannot be understood, such as one a newer Guardian wrote."""
    try:
        return msgspec.json.decode(raw, type=Look, dec_hook=to_path)
    except msgspec.DecodeError:
        return None


def from_path(path: Path) -> str:
    """Paths are bytes and need not be text: they are kept percent-encoded."""
    return quote_from_bytes(os.fsencode(path))


def to_path(kind: type, value: Any) -> Any:
    """msgspec knows every type of the model but this one."""
    if not issubclass(kind, Path):
        raise NotImplementedError
    return Path(os.fsdecode(unquote_to_bytes(value)))
