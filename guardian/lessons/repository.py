"""The memory of the lessons: hands counted, and lessons gone through."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from guardian.core.store import Store
from guardian.lessons.model import Count

MIGRATIONS = (
    """
    CREATE TABLE lessons_counts (
        pack TEXT NOT NULL,
        question INTEGER NOT NULL,
        hands TEXT NOT NULL,
        PRIMARY KEY (pack, question)
    );
    CREATE TABLE lessons_finished (pack TEXT PRIMARY KEY, day TEXT NOT NULL)
    """,
)


class Register:
    """What happened in lessons, kept in the person's own records. No names, only numbers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.migrate("lessons", MIGRATIONS)

    def keep(self, counted: Count) -> None:
        self._store.run(
            "INSERT OR REPLACE INTO lessons_counts (pack, question, hands) VALUES (?, ?, ?)",
            counted.pack,
            counted.question,
            msgspec.json.encode(counted.hands).decode(),
        )

    def counts(self, pack: str) -> tuple[Count, ...]:
        """In the order of the questions; a damaged row is left out."""
        rows = self._store.rows(
            "SELECT question, hands FROM lessons_counts WHERE pack = ? ORDER BY question", pack
        )
        found = []
        for question, hands in rows:
            try:
                read = msgspec.json.decode(hands, type=tuple[int, ...])
            except (msgspec.MsgspecError, TypeError):
                continue
            found.append(Count(pack, question, read))
        return tuple(found)

    def forget_counts(self, pack: str) -> None:
        self._store.run("DELETE FROM lessons_counts WHERE pack = ?", pack)

    def finish(self, pack: str, now: datetime) -> None:
        """The first time stands."""
        self._store.run(
            "INSERT OR IGNORE INTO lessons_finished (pack, day) VALUES (?, ?)",
            pack,
            now.date().isoformat(),
        )

    def finished(self) -> tuple[str, ...]:
        """The packs gone through, the first one first."""
        rows = self._store.rows("SELECT pack FROM lessons_finished ORDER BY rowid")
        return tuple(str(pack) for (pack,) in rows)

    def last_finished(self) -> date | None:
        """The day of the latest; None before the first, or where the day makes no sense."""
        rows = self._store.rows("SELECT max(day) FROM lessons_finished")
        try:
            return date.fromisoformat(rows[0][0])
        except (TypeError, ValueError):
            return None
