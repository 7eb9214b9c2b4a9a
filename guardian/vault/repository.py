"""The vaults this person made or opened: where they are, never what is in them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from guardian.core.store import Row, Store
from guardian.vault.model import VaultInfo, VaultState

MIGRATIONS: Sequence[str] = (
    """
    CREATE TABLE vaults (
        path TEXT PRIMARY KEY,
        added TEXT NOT NULL,
        last_opened TEXT,
        state TEXT,
        checked TEXT
    )
    """,
)


class VaultRepository:
    """Times are kept in UTC; paths are absolute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.migrate("vault", MIGRATIONS)

    def all(self) -> tuple[VaultInfo, ...]:
        """Every known vault, the one opened last first."""
        rows = self._store.rows(
            "SELECT path, added, last_opened, state, checked FROM vaults"
            " ORDER BY coalesce(last_opened, added) DESC, path"
        )
        return tuple(to_info(row) for row in rows)

    def remember(self, path: Path, now: datetime) -> None:
        """Record that the vault at ``path`` was made or opened at ``now``."""
        when = to_text(now)
        self._store.run(
            "INSERT INTO vaults VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
            " last_opened = excluded.last_opened, state = excluded.state,"
            " checked = excluded.checked",
            to_key(path),
            when,
            when,
            VaultState.FOUND.value,
            when,
        )

    def note_states(self, states: dict[Path, VaultState], now: datetime) -> None:
        """Record what was seen at the vaults' places."""
        with self._store.transaction() as do:
            for path, state in states.items():
                do(
                    "UPDATE vaults SET state = ?, checked = ? WHERE path = ?",
                    state.value,
                    to_text(now),
                    to_key(path),
                )

    def forget(self, path: Path) -> None:
        self._store.run("DELETE FROM vaults WHERE path = ?", to_key(path))


def to_key(path: Path) -> str | bytes:
    """``path`` as it is kept: as text, or as the system's bytes where these are no text."""
    text = str(path)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path)
    return text


def to_text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat()


def to_info(row: Row) -> VaultInfo:
    path, added, last_opened, state, checked = row
    return VaultInfo(
        path=Path(os.fsdecode(path)),
        added=datetime.fromisoformat(added),
        last_opened=datetime.fromisoformat(last_opened) if last_opened else None,
        state=VaultState(state) if state else None,
        checked=datetime.fromisoformat(checked) if checked else None,
    )
