"""The memory of the accounts pillar: consents, decisions, and what the last search saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

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
)


class AccountsRepository:
    """The person's records of this pillar, in the encrypted store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._decoded: tuple[bytes, Look] | None = None
        store.migrate("accounts", MIGRATIONS)

    def consents(self) -> frozenset[str]:
        """Keys of the sources that may be read."""
        return frozenset(row[0] for row in self._store.rows("SELECT source FROM accounts_consents"))

    def allow(self, key: str, at: datetime) -> None:
        self._store.run(
            "INSERT OR IGNORE INTO accounts_consents VALUES (?, ?)", key, at.isoformat()
        )

    def forbid(self, key: str) -> None:
        """Take consent back, and forget what was read from that source."""
        look = self.last_look()
        with self._store.transaction() as do:
            do("DELETE FROM accounts_consents WHERE source = ?", key)
            if look:
                do("UPDATE accounts_look SET look = ?", encode(without(look, key)))

    def decisions(self) -> dict[str, Decision]:
        """The newest decision per site."""
        rows = self._store.rows("SELECT site, decision FROM accounts_decisions ORDER BY id")
        return {site: Decision(decision) for site, decision in rows}

    def decide(self, site: str, decision: Decision, at: datetime) -> None:
        self._store.run(
            "INSERT INTO accounts_decisions (site, decision, at) VALUES (?, ?, ?)",
            site,
            decision.value,
            at.isoformat(),
        )

    def undo_decision(self, site: str) -> None:
        """Back to the decision before the newest one; nothing happens where there is none."""
        self._store.run(
            "DELETE FROM accounts_decisions WHERE id ="
            " (SELECT max(id) FROM accounts_decisions WHERE site = ?)",
            site,
        )

    def remember(self, look: Look) -> None:
        self._store.run("INSERT OR REPLACE INTO accounts_look VALUES (1, ?)", encode(look))

    def last_look(self) -> Look | None:
        """What the last search saw; None before the first, or where it cannot be understood."""
        rows = self._store.rows("SELECT look FROM accounts_look")
        if not rows:
            return None
        raw = rows[0][0]
        if self._decoded is None or self._decoded[0] != raw:  # asked for often, changed rarely
            try:
                self._decoded = raw, msgspec.json.decode(raw, type=Look, dec_hook=to_path)
            except msgspec.DecodeError:
                return None
        return self._decoded[1]


def without(look: Look, key: str) -> Look:
    """``look`` as if the source ``key`` had not been read.

    Hosts on the person's own network do not tell their source, so they go when any source goes.
    """
    return replace(
        look,
        sightings=tuple(one for one in look.sightings if one.evidence.source_key != key),
        own_network=(),
        read=tuple(source for source in look.read if source.key != key),
        not_read=tuple(one for one in look.not_read if one.source.key != key),
    )


def encode(look: Look) -> bytes:
    return msgspec.json.encode(look, enc_hook=str)


def to_path(kind: type, value: Any) -> Any:
    """msgspec knows every type of the model but this one."""
    if not issubclass(kind, Path):
        raise NotImplementedError
    return Path(value)
