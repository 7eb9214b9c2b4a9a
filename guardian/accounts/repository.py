"""The memory of the accounts pillar: consents, decisions, and what the last search saw."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

import msgspec

from guardian.accounts import memory
from guardian.accounts.model import Decision, Look
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
)
Do = Callable[..., None]


class Stamps(NamedTuple):
    """Change whenever the last search or a decision does, whichever process wrote it."""

    look: str
    decisions: str


class AccountsRepository:
    """The person's records of this pillar, in the encrypted store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._decoded: tuple[str, Look | None] | None = None
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
        return Stamps(rows.get("look", ""), rows.get("decisions", ""))

    def decisions(self) -> dict[str, Decision]:
        """The newest decision per site."""
        rows = self._store.rows("SELECT site, decision FROM accounts_decisions ORDER BY id")
        return {site: Decision(decision) for site, decision in rows}

    def decide(self, site: str, decision: Decision, at: datetime) -> None:
        with self._store.transaction() as do:
            do(
                "INSERT INTO accounts_decisions (site, decision, at) VALUES (?, ?, ?)",
                site,
                decision.value,
                at.isoformat(),
            )
            stamp(do, "decisions")

    def undo_decision(self, site: str) -> None:
        """Back to the decision before the newest one; nothing happens where there is none."""
        with self._store.transaction() as do:
            do(
                "DELETE FROM accounts_decisions WHERE id ="
                " (SELECT max(id) FROM accounts_decisions WHERE site = ?)",
                site,
            )
            stamp(do, "decisions")

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

    def last_look(self) -> Look | None:
        """What the last search saw; None before the first, or where it cannot be understood."""
        stamp = self.stamps().look
        decoded = self._decoded
        if decoded is None or decoded[0] != stamp:  # asked for often, changed rarely
            decoded = self._decoded = stamp, self._read_look()
        return decoded[1]

    def _read_look(self) -> Look | None:
        rows = self._store.rows("SELECT look FROM accounts_look")
        try:
            return msgspec.json.decode(rows[0][0], type=Look, dec_hook=to_path) if rows else None
        except msgspec.DecodeError:
            return None


def stamp(do: Do, what: str) -> str:
    """Say within a transaction that something changed. Drawn by lot, so it never comes back."""
    drawn = secrets.token_hex(8)
    do("INSERT OR REPLACE INTO accounts_stamps VALUES (?, ?)", what, drawn)
    return drawn


def encode(look: Look) -> bytes:
    return msgspec.json.encode(look, enc_hook=from_path)


def from_path(path: Path) -> str:
    """Paths are bytes and need not be text: they are kept percent-encoded."""
    return quote_from_bytes(os.fsencode(path))


def to_path(kind: type, value: Any) -> Any:
    """msgspec knows every type of the model but this one."""
    if not issubclass(kind, Path):
        raise NotImplementedError
    return Path(os.fsdecode(unquote_to_bytes(value)))
