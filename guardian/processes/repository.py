"""The memory of this pillar: the last look, what is usual here, and what the person knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from guardian.core.errors import Problem
from guardian.core.store import Store
from guardian.processes.model import Baseline, Known, Scan
from guardian.processes.recording import decode, encode
from guardian.processes.sources import OwnerCache

MIGRATIONS = (
    "CREATE TABLE process_scans (id INTEGER PRIMARY KEY CHECK (id = 1), scan BLOB NOT NULL)",
    """
    CREATE TABLE process_baselines (admin INTEGER PRIMARY KEY, baseline BLOB NOT NULL);
    CREATE TABLE process_known (identity TEXT PRIMARY KEY, known BLOB NOT NULL);
    CREATE TABLE process_owners (id INTEGER PRIMARY KEY CHECK (id = 1), owners BLOB NOT NULL)
    """,
)
T = TypeVar("T")


class ProcessRepository:
    """Everything is kept encrypted. What has another shape by now counts as not there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: tuple[bytes, Scan | None] | None = None
        store.migrate("processes", MIGRATIONS)

    def save(self, scan: Scan) -> None:
        """Keep ``scan``: its time, counts and findings, not the list of all programs."""
        kept = encode(replace(scan, programs=(), running=()))
        self._store.run("INSERT OR REPLACE INTO process_scans VALUES (1, ?)", kept)

    def last(self) -> Scan | None:
        """The last scan without its ``programs``; None if there is none that can be read.

        Asked for often: taken apart anew only when it is another.
        """
        rows = self._store.rows("SELECT scan FROM process_scans WHERE id = 1")
        if not rows:
            return None
        raw = rows[0][0]
        if self._last is None or self._last[0] != raw:
            self._last = raw, readable(raw, Scan)
        return self._last[1]

    def baseline(self, as_admin: bool) -> Baseline | None:
        """Who looks with admin rights sees more of the same programs, so there are two."""
        sql = "SELECT baseline FROM process_baselines WHERE admin = ?"
        return self._only(Baseline, sql, int(as_admin))

    def save_baseline(self, baseline: Baseline, as_admin: bool) -> None:
        sql = "INSERT OR REPLACE INTO process_baselines VALUES (?, ?)"
        self._store.run(sql, int(as_admin), encode(baseline))

    def forget_baselines(self) -> None:
        self._store.run("DELETE FROM process_baselines")

    def known(self) -> tuple[Known, ...]:
        """Everything the person said «I know this» about, the latest last."""
        rows = self._store.rows("SELECT known FROM process_known ORDER BY rowid")
        return tuple(known for (raw,) in rows if (known := readable(raw, Known)))

    def know(self, *everything: Known) -> None:
        """Keep all of them or none; one with the same identity is replaced."""
        with self._store.transaction() as do:
            for each in everything:
                kept = encode(each)
                do("INSERT OR REPLACE INTO process_known VALUES (?, ?)", each.identity, kept)

    def knows(self, identity: str) -> bool:
        """Whether the person said «I know this» about just that."""
        sql = "SELECT 1 FROM process_known WHERE identity = ?"
        return bool(self._store.rows(sql, identity))

    def forget(self, identity: str) -> None:
        self._store.run("DELETE FROM process_known WHERE identity = ?", identity)

    def owners(self) -> OwnerCache:
        """Which package brought which file, as far as earlier looks asked; may be out of date."""
        kept = self._only(OwnerCache, "SELECT owners FROM process_owners WHERE id = 1")
        return kept or OwnerCache()

    def save_owners(self, cache: OwnerCache) -> None:
        kept = encode(cache)
        self._store.run("INSERT OR REPLACE INTO process_owners VALUES (1, ?)", kept)

    def _only(self, kind: type[T], sql: str, *values: object) -> T | None:
        rows = self._store.rows(sql, *values)
        return readable(rows[0][0], kind) if rows else None


def readable(raw: bytes, kind: type[T]) -> T | None:
    """None for what an older or newer Guardian wrote in another shape."""
    try:
        return decode(raw, kind)
    except Problem:
        return None
