"""The memory of this pillar: which documents were read and what stood in them, never their text."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from guardian.clauses.model import Clause, Explanation, ReadDocument
from guardian.core.feature import Level
from guardian.core.store import Row, Store

MIGRATIONS = (
    """
    CREATE TABLE clauses_documents (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        fingerprint TEXT NOT NULL UNIQUE,
        read_at TEXT NOT NULL,
        words INTEGER NOT NULL,
        clauses BLOB NOT NULL
    )
    """,
)
COLUMNS = "id, title, fingerprint, read_at, words, clauses"


class Library:
    """The documents read so far, kept in the person's own records."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.migrate("clauses", MIGRATIONS)

    def keep(self, explanation: Explanation, fingerprint: str, now: datetime) -> None:
        """Remember what was found; the same text read again takes the place of the first time."""
        document = explanation.document
        self._store.run(
            "INSERT INTO clauses_documents (title, fingerprint, read_at, words, clauses)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET"
            " title = excluded.title, read_at = excluded.read_at, clauses = excluded.clauses",
            document.title,
            fingerprint,
            now.astimezone(UTC).isoformat(timespec="seconds"),
            document.words,
            msgspec.msgpack.encode(explanation.clauses),
        )

    def all(self) -> tuple[ReadDocument, ...]:
        """Everything read, the latest first."""
        rows = self._store.rows(
            f"SELECT {COLUMNS} FROM clauses_documents ORDER BY read_at DESC, id DESC"
        )
        return tuple(to_document(row) for row in rows)

    def forget(self, number: int) -> None:
        self._store.run("DELETE FROM clauses_documents WHERE id = ?", number)


def to_document(row: Row) -> ReadDocument:
    """One row as a record. ``counts`` are kinds of clause, not sentences."""
    number, title, fingerprint, read_at, words, packed = row
    clauses = msgspec.msgpack.decode(packed, type=tuple[Clause, ...])
    kinds = {clause.id: clause.level for clause in clauses}
    return ReadDocument(
        id=number,
        title=title,
        fingerprint=fingerprint,
        read_at=datetime.fromisoformat(read_at),
        words=words,
        counts={level: list(kinds.values()).count(level) for level in Level},
        clauses=clauses,
    )
