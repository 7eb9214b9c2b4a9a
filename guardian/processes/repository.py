"""The memory of this pillar: what the last look found, in the person's encrypted records."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from guardian.core.store import Store
from guardian.processes.model import Scan

MIGRATIONS = (
    "CREATE TABLE process_scans (id INTEGER PRIMARY KEY CHECK (id = 1), scan BLOB NOT NULL)",
)


class ScanRepository:
    """Keeps the last scan: its time, counts and findings, not the list of all programs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.migrate("processes", MIGRATIONS)

    def save(self, scan: Scan) -> None:
        kept = msgspec.json.encode(replace(scan, programs=()))
        self._store.run("INSERT OR REPLACE INTO process_scans VALUES (1, ?)", kept)

    def last(self) -> Scan | None:
        """The last scan without its ``programs``; None if there is none that can be read."""
        rows = self._store.rows("SELECT scan FROM process_scans WHERE id = 1")
        if not rows:
            return None
        try:
            return msgspec.json.decode(rows[0][0], type=Scan)
        except msgspec.DecodeError:  # its shape has changed since; a new look replaces it
            return None
