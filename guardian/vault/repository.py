"""What Guardian remembers of vaults: where they are, when they were seen to; never their inside."""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from guardian.core.keys import KeyMode
from guardian.core.store import Row, Store
from guardian.vault.model import Condition, VaultInfo, VaultState

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
    """
    ALTER TABLE vaults ADD COLUMN condition TEXT;
    ALTER TABLE vaults ADD COLUMN full_condition TEXT;
    ALTER TABLE vaults ADD COLUMN last_check TEXT;
    ALTER TABLE vaults ADD COLUMN last_full_check TEXT;
    ALTER TABLE vaults ADD COLUMN last_backup TEXT;
    ALTER TABLE vaults ADD COLUMN backup_place TEXT;
    ALTER TABLE vaults ADD COLUMN recovery INTEGER;
    CREATE TABLE vault_expiries (path TEXT, day TEXT, number INTEGER,
        PRIMARY KEY (path, number));
    CREATE TABLE vault_lists (vault TEXT, device TEXT, generation INTEGER, digest BLOB,
        PRIMARY KEY (vault, device));
    CREATE TABLE vault_device (id TEXT PRIMARY KEY);
    CREATE TABLE vault_keys (path TEXT PRIMARY KEY, item TEXT, wrapped BLOB)
    """,
)
COLUMNS = (
    "path, added, last_opened, state, checked, condition, last_check, last_full_check,"
    " last_backup, backup_place, recovery"
)


@dataclass(frozen=True)
class SeenList:
    """The list of one device inside a vault, as this computer saw it last."""

    generation: int
    digest: bytes


@dataclass(frozen=True)
class WrappedKey:
    """A vault's keys wrapped under a device key that the keyring keeps as ``item``."""

    item: str
    wrapped: bytes


class VaultRepository:
    """Times are kept in UTC; paths are absolute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.migrate("vault", MIGRATIONS)

    @property
    def owner(self) -> str:
        """The id of the profile whose records these are, "" for the first one."""
        return self._store.owner

    def all(self) -> tuple[VaultInfo, ...]:
        """Every known vault, the one opened last first."""
        rows = self._store.rows(
            f"SELECT {COLUMNS} FROM vaults ORDER BY coalesce(last_opened, added) DESC, path"
        )
        keys = {row[0] for row in self._store.rows("SELECT path FROM vault_keys")}
        days: dict[object, list[date]] = defaultdict(list)
        for path, day in self._store.rows("SELECT path, day FROM vault_expiries ORDER BY day"):
            days[path].append(date.fromisoformat(day))
        return tuple(to_info(row, days.get(row[0], ()), keys) for row in rows)

    def remember(self, path: Path, now: datetime) -> None:
        """Record that the vault at ``path`` was made or opened at ``now``."""
        when = to_text(now)
        self._store.run(
            "INSERT INTO vaults (path, added, last_opened, state, checked) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET last_opened = excluded.last_opened,"
            " state = excluded.state, checked = excluded.checked",
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
        with self._store.transaction() as do:
            for table in ("vaults", "vault_expiries", "vault_keys"):
                do(f"DELETE FROM {table} WHERE path = ?", to_key(path))

    def device(self) -> str:
        """Eight characters that name this computer's records inside vaults; they say nothing."""
        if self._store.mode is KeyMode.MEMORY:
            # without records it must be the same again next time
            who = f"{platform.node()} {getattr(os, 'getuid', int)()}"
            return hashlib.sha256(who.encode()).hexdigest()[:8]
        with self._store.transaction() as do:
            do(
                "INSERT INTO vault_device SELECT ? WHERE NOT EXISTS (SELECT 1 FROM vault_device)",
                secrets.token_hex(4),
            )
        return str(self._store.rows("SELECT id FROM vault_device")[0][0])

    def note_check(self, path: Path, when: datetime, condition: Condition, *, full: bool) -> None:
        """Record what a check said. A quick one does not take back damage a full one found: it
        would not have seen it."""
        if full:
            self._store.run(
                "UPDATE vaults SET condition = ?1, full_condition = ?1, last_check = ?2,"
                " last_full_check = ?2 WHERE path = ?3",
                condition.value,
                to_text(when),
                to_key(path),
            )
            return
        self._store.run(
            "UPDATE vaults SET last_check = ?, condition ="
            " CASE WHEN full_condition = ? THEN full_condition ELSE ? END WHERE path = ?",
            to_text(when),
            Condition.DAMAGED.value,
            condition.value,
            to_key(path),
        )

    def note_recovery(self, path: Path, there: bool) -> None:
        """Record whether recovery words were made for the vault."""
        self._store.run("UPDATE vaults SET recovery = ? WHERE path = ?", int(there), to_key(path))

    def note_backup(self, path: Path, when: datetime, place: Path) -> None:
        self._store.run(
            "UPDATE vaults SET last_backup = ?, backup_place = ? WHERE path = ?",
            to_text(when),
            to_key(place),
            to_key(path),
        )

    def note_expiries(self, path: Path, days: Sequence[date]) -> None:
        """Record until when documents are valid: the days alone, so that a reminder is possible
        while the vault is locked."""
        with self._store.transaction() as do:
            do("DELETE FROM vault_expiries WHERE path = ?", to_key(path))
            for number, day in enumerate(sorted(days)):
                do(
                    "INSERT INTO vault_expiries VALUES (?, ?, ?)",
                    to_key(path),
                    day.isoformat(),
                    number,
                )

    def lists_seen(self, vault: str) -> dict[str, SeenList]:
        """By device: the newest list this computer saw in the vault whose keys have this mark."""
        rows = self._store.rows(
            "SELECT device, generation, digest FROM vault_lists WHERE vault = ?", vault
        )
        return {
            str(device): SeenList(int(number), bytes(digest)) for device, number, digest in rows
        }

    def note_lists(self, vault: str, lists: Mapping[str, SeenList]) -> None:
        with self._store.transaction() as do:
            for device, seen in lists.items():
                do(
                    "INSERT OR REPLACE INTO vault_lists VALUES (?, ?, ?, ?)",
                    vault,
                    device,
                    seen.generation,
                    seen.digest,
                )

    @property
    def lasting(self) -> bool:
        """Whether what is recorded is still there after Guardian closes."""
        return self._store.mode is not KeyMode.MEMORY

    def wrapped_key(self, path: Path) -> WrappedKey | None:
        rows = self._store.rows("SELECT item, wrapped FROM vault_keys WHERE path = ?", to_key(path))
        return WrappedKey(str(rows[0][0]), bytes(rows[0][1])) if rows else None

    def keep_wrapped_key(self, path: Path, key: WrappedKey) -> None:
        self._store.run(
            "INSERT OR REPLACE INTO vault_keys VALUES (?, ?, ?)",
            to_key(path),
            key.item,
            key.wrapped,
        )

    def drop_wrapped_key(self, path: Path) -> None:
        self._store.run("DELETE FROM vault_keys WHERE path = ?", to_key(path))


class VaultMemory:
    """What is remembered of one vault: the part of the repository that an open vault may use.

    ``mark`` names the vault by its keys, wherever its folder lies.
    """

    def __init__(self, repository: VaultRepository, path: Path, mark: str) -> None:
        self._repository = repository
        self._path = path
        self._mark = mark

    @property
    def owner(self) -> str:
        return self._repository.owner

    @property
    def device(self) -> str:
        return self._repository.device()

    def lists_seen(self) -> dict[str, SeenList]:
        return self._repository.lists_seen(self._mark)

    def note_lists(self, lists: Mapping[str, SeenList]) -> None:
        self._repository.note_lists(self._mark, lists)

    def note_check(self, when: datetime, condition: Condition, *, full: bool) -> None:
        self._repository.note_check(self._path, when, condition, full=full)

    def note_backup(self, when: datetime, place: Path) -> None:
        self._repository.note_backup(self._path, when, place)

    def note_expiries(self, days: Sequence[date]) -> None:
        self._repository.note_expiries(self._path, days)


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


def to_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def to_info(row: Row, days: Sequence[date], keys: set[object]) -> VaultInfo:
    path, added, last_opened, state, checked, *cared = row
    condition, check, full_check, backup, place, recovery = cared
    return VaultInfo(
        path=Path(os.fsdecode(path)),
        added=datetime.fromisoformat(added),
        last_opened=to_time(last_opened),
        state=VaultState(state) if state else None,
        checked=to_time(checked),
        condition=Condition(condition) if condition else None,
        last_check=to_time(check),
        last_full_check=to_time(full_check),
        last_backup=to_time(backup),
        backup_place=Path(os.fsdecode(place)) if place else None,
        expiries=tuple(days),
        opens_here=path in keys,
        recovery=None if recovery is None else bool(recovery),
    )
