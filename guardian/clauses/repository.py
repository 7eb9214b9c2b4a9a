"""The memory of this pillar: which documents were read and what stood in them, never their text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from guardian.clauses.content import by_name, read_catalogue
from guardian.clauses.model import SOURCE_MOST, Clause, Explanation, Glance, ReadDocument
from guardian.clauses.rules.aligning import KEY_BYTES
from guardian.clauses.rules.comparing import sentence_keys
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
    """
    ALTER TABLE clauses_documents ADD COLUMN language TEXT;
    ALTER TABLE clauses_documents ADD COLUMN source TEXT NOT NULL DEFAULT '';
    ALTER TABLE clauses_documents ADD COLUMN earlier INTEGER;
    ALTER TABLE clauses_documents ADD COLUMN sentences BLOB NOT NULL DEFAULT x''
    """,
    "ALTER TABLE clauses_documents ADD COLUMN compared INTEGER NOT NULL DEFAULT 0",
)
COLUMNS = (
    "id, title, fingerprint, read_at, words, clauses, language, source, earlier, sentences,"
    " compared"
)
NOT_A_NAME = re.compile(r"[\W\d_]+")
# two documents of this many sentences have some in common when one is a later state of the other
TELLING = 20
LEAST_SHARED = 0.1
DAMAGE = (msgspec.MsgspecError, ValueError, TypeError, AttributeError, OverflowError)
# title, fingerprint, words, source, language: a damaged row may hold anything
ROW_KINDS = tuple[str, str, int, str, str | None]


class Library:
    """The documents read so far, kept in the person's own records.

    ``unreadable`` counts the rows that the last reading had to leave out, since they are damaged.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.unreadable = 0
        self._known: dict[Row, ReadDocument | None] = {}  # unpacking hundreds anew takes a while
        self._glanced: tuple[list[Row], tuple[Glance, ...]] = [], ()
        store.migrate("clauses", MIGRATIONS)

    def keep(self, explanation: Explanation, fingerprint: str, now: datetime) -> None:
        """Remember what was found; the same text read again takes the place of the first time.

        The person's note stays. An earlier reading with other words is linked.
        """
        document = explanation.document
        keys = sentence_keys(explanation)
        earlier = self._find_earlier(document.title, fingerprint, keys)
        self._store.run(
            "INSERT INTO clauses_documents"
            " (title, fingerprint, read_at, words, clauses, language, earlier, sentences)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET"
            " title = excluded.title, read_at = excluded.read_at, words = excluded.words,"
            " clauses = excluded.clauses, language = excluded.language,"
            " earlier = excluded.earlier, sentences = excluded.sentences",
            document.title,
            fingerprint,
            written(now),
            document.words,
            msgspec.msgpack.encode(explanation.clauses),
            explanation.language,
            earlier.id if earlier else None,
            pack_keys(keys),
        )

    def all(self) -> tuple[ReadDocument, ...]:
        """Everything read, the latest first."""
        rows = self._store.rows(
            f"SELECT {COLUMNS} FROM clauses_documents ORDER BY read_at DESC, id DESC"
        )
        before = self._known
        self._known = {row: before[row] if row in before else to_document(row) for row in rows}
        read = list(self._known.values())
        found = [one for one in read if one is not None]
        self.unreadable = len(read) - len(found)
        known = {one.id for one in found}
        return tuple(one if one.earlier in known else replace(one, earlier=None) for one in found)

    def changed_since(self, explanation: Explanation) -> ReadDocument | None:
        """The last reading of the same document, if it had other words then."""
        keys = sentence_keys(explanation)
        return self._find_earlier(explanation.document.title, explanation.fingerprint, keys)

    def forget(self, number: int) -> None:
        self._store.run("DELETE FROM clauses_documents WHERE id = ?", number)

    def restore(self, one: ReadDocument) -> None:
        """Put back what was forgotten, unless it has been read again in the meantime.

        Under its old number where that is free, so that what is linked to it finds it.
        """
        taken = self._store.rows("SELECT 1 FROM clauses_documents WHERE id = ?", one.id)
        self._store.run(
            f"INSERT INTO clauses_documents ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (fingerprint) DO NOTHING",
            None if taken else one.id,
            one.title,
            one.fingerprint,
            written(one.read_at),
            one.words,
            msgspec.msgpack.encode(one.clauses),
            one.language,
            one.source,
            one.earlier,
            pack_keys(one.sentences),
            int(one.compared),
        )

    def glance(self) -> tuple[Glance, ...]:
        """Everything read, the latest first, as quickly as it can be told; damaged rows aside."""
        rows = self._store.rows(
            "SELECT id, title, read_at, earlier, compared FROM clauses_documents"
            " ORDER BY read_at DESC, id DESC"
        )
        if rows != self._glanced[0]:
            self._glanced = rows, tuple(one for one in map(to_glance, rows) if one is not None)
        return self._glanced[1]

    def note_compared(self, fingerprint: str) -> None:
        """What changed in that document since the reading before was looked at."""
        sql = "UPDATE clauses_documents SET compared = 1 WHERE fingerprint = ?"
        self._store.run(sql, fingerprint)

    def note_source(self, number: int, note: str) -> None:
        """Keep the person's own note of where a document came from; an empty one takes it away.

        Two documents with the same note are states of one document.
        """
        note = " ".join(note.split())[:SOURCE_MOST]
        self._store.run("UPDATE clauses_documents SET source = ? WHERE id = ?", note, number)
        read = {one.id: one for one in self.all()}
        one = read.get(number)
        if one is None or not note:
            return
        others = [other for other in read.values() if other.source == note and other.id != number]
        before = [other for other in others if other.read_at <= one.read_at]
        after = [other for other in others if other.read_at > one.read_at]
        if before and one.earlier is None:
            self._link(one, before[0])
        elif after and after[-1].earlier is None:
            self._link(after[-1], one)

    def _link(self, later: ReadDocument, earlier: ReadDocument) -> None:
        self._store.run(
            "UPDATE clauses_documents SET earlier = ? WHERE id = ?", earlier.id, later.id
        )

    def _find_earlier(
        self, title: str, fingerprint: str, keys: Sequence[str]
    ) -> ReadDocument | None:
        """The last reading of the same document with other words."""
        rows = self._store.rows(
            "SELECT id, title, source, sentences, fingerprint FROM clauses_documents"
            " ORDER BY read_at DESC, id DESC"
        )
        names, source = {bare(title)} - {""}, ""
        for row in rows:
            if row[-1] == fingerprint:
                names, source = names | {bare(row[1])}, row[2]
        for number, other_title, other_source, packed, other_fingerprint in rows:
            if other_fingerprint == fingerprint:
                continue
            if source and other_source:
                fits = source == other_source
            else:
                fits = bare(other_title) in names and may_be_one(keys, unpack_keys(packed))
            if fits and (found := self._one(number)):
                return found
        return None

    def _one(self, number: int) -> ReadDocument | None:
        sql = f"SELECT {COLUMNS} FROM clauses_documents WHERE id = ?"
        return next((to_document(row) for row in self._store.rows(sql, number)), None)


def may_be_one(keys: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two documents of one name can be states of one document: many are just called
    “Privacy Policy”, and then share no sentence."""
    few = min(len(keys), len(others))
    return few < TELLING or len(set(keys) & set(others)) >= LEAST_SHARED * few


def bare(title: object) -> str:
    """A title without what differs from one saved copy to the next: case, marks, numbers."""
    return NOT_A_NAME.sub(" ", str(title).casefold()).strip()


def written(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")


def pack_keys(keys: Sequence[str]) -> bytes:
    return bytes.fromhex("".join(keys))


def unpack_keys(packed: object) -> tuple[str, ...]:
    """The hashes; none where they are damaged, since everything else can do without."""
    if not isinstance(packed, bytes):
        return ()
    together = packed.hex()
    step = 2 * KEY_BYTES
    return tuple(together[start : start + step] for start in range(0, len(together), step))


def to_document(row: Row) -> ReadDocument | None:
    """One row as a record, None where it is damaged. ``counts`` are kinds of clause."""
    number, title, fingerprint, read_at, words, packed, language, source, *linked = row
    earlier, keys, compared = linked
    try:
        clauses = up_to_date(msgspec.msgpack.decode(packed, type=tuple[Clause, ...]))
        when = datetime.fromisoformat(read_at)
        written(when)  # the first and the last days of all time exist in some time zones only
        msgspec.convert((title, fingerprint, words, source, language), ROW_KINDS)
    except DAMAGE:
        return None
    kinds = {clause.id: clause.level for clause in clauses}
    return ReadDocument(
        id=number,
        title=title,
        fingerprint=fingerprint,
        read_at=when,
        words=words,
        counts={level: list(kinds.values()).count(level) for level in Level},
        clauses=clauses,
        language=language,
        source=source,
        earlier=earlier,
        sentences=unpack_keys(keys),
        compared=bool(compared),
    )


def to_glance(row: Row) -> Glance | None:
    """None for a row that is damaged."""
    number, title, read_at, earlier, compared = row
    try:
        when = datetime.fromisoformat(read_at)
        written(when)
    except DAMAGE:
        return None
    return Glance(number, str(title), when, earlier, bool(compared))


def up_to_date(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Clauses as an older Guardian kept them, with what today's catalogue says of their kinds.

    A kind that is no longer known is left out: nothing could be said of it.
    """
    catalogue = read_catalogue()
    kinds = by_name(catalogue)
    return tuple(
        replace(
            one,
            number=kinds[one.id].number,
            level=kinds[one.id].level,
            direction=kinds[one.id].direction,
            severity=kinds[one.id].severity,
            actions=kinds[one.id].actions,
            pointers=kinds[one.id].pointers,
            infringements=kinds[one.id].infringements,
            group=catalogue.groups[one.id],
        )
        for one in clauses
        if one.id in kinds
    )
