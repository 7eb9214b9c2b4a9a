"""Thunderbird's index of all mail: sender, subject and date of every mail in one database.

Schema and units as Thunderbird 153 writes them: times are in microseconds since 1970; subjects
stand there without «Re:», so an answer is known by its place in the conversation.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from guardian.accounts.mail import decoding
from guardian.accounts.mail.heads import Head, is_reply
from guardian.accounts.mail.ledger import Ledger
from guardian.core.errors import Problem

SUBJECTS, MAILS = "messagesText_content", "messages"
WANTED = {"docid", "c1subject", "c3author"}
LONGEST = 64 * 1024 * 1024
BODY = 2000  # characters
WAIT = 60  # seconds; of several readers of a copy, one takes in what lies beside it first
MICROSECONDS = 1_000_000
Part = tuple[int, int, int]  # begin and end of a part, and the whole they are a part of


def read_gloda(
    path: Path, ledger: Ledger, *, copied: bool = False, part: Part | None = None
) -> frozenset[str]:
    """Take note of every mail in the index; the places of the folders it holds in full.

    The file is read as it lies there, without a lock, and must stand still meanwhile; a copy of
    our own may be changed, so that what lies beside it is taken in. With ``part`` it is only a
    part of the mails, and so of the folders. Raises ``Problem``.
    """
    uri = f"{path.absolute().as_uri()}?mode={'rw' if copied else 'ro&immutable=1'}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA temp_store = MEMORY")
            used = set()
            for head, folder, number in select(database, path.name, part):

                def body(number: int = number) -> str:
                    return read_body(database, number)

                used.add(folder.number)
                ledger.add(head, body, folder.name)
            return frozenset(
                one.place for one in read_folders(database).values()
                if one.number in used and one.settled
            )  # fmt: skip
    except (sqlite3.Error, OverflowError) as error:
        raise Problem("mail-index-damaged", name=path.name) from error


class Folder(NamedTuple):
    """A mail folder as the index knows it; ``settled`` is whether all of it is in the index."""

    number: object = None
    name: str = ""
    place: str = ""
    settled: bool = False


def place_of(server: str, names: Sequence[str]) -> str:
    """One way to write where a mail folder is: a server's name and the folders down from it."""
    return "/".join((re.sub(r"-\d+$", "", server), *names)).lower()


def place_of_uri(uri: str) -> str:
    """The same for the address Thunderbird gives a folder; empty where it is none."""
    rest = uri.partition("://")[2]
    server, _, path = rest.partition("/")
    if not path:
        return ""
    return place_of(unquote(server.rpartition("@")[2]), [unquote(one) for one in path.split("/")])


def select(
    database: sqlite3.Connection, name: str, part: Part | None
) -> Iterator[tuple[Head, Folder, int]]:
    """Head, folder and number of every mail that is not deleted."""
    texts, mails = columns(database, SUBJECTS), columns(database, MAILS)
    if not texts >= WANTED or not mails >= {"id", "date"}:
        raise Problem("mail-index-unknown", name=name)
    folders = read_folders(database)
    began = read_beginnings(database, mails)

    def column(name: str, there: set[str], table: str) -> str:
        return f"{table}.{name}" if name in there else "NULL"

    replied = replied_mark(database)
    marked = replied and "jsonAttributes" in mails
    mark = f"instr(m.jsonAttributes, '{replied}')" if marked else "0"
    sql = (
        "SELECT t.docid, t.c1subject, t.c3author,"
        f" {column('c4recipients', texts, 't')}, m.date, {column('folderID', mails, 'm')},"
        f" {column('headerMessageID', mails, 'm')}, {mark},"
        f" {column('conversationID', mails, 'm')}"
        f" FROM {SUBJECTS} t JOIN {MAILS} m ON m.id = t.docid"
        f" WHERE t.docid >= ? AND t.docid < ? {'AND m.deleted = 0' if 'deleted' in mails else ''}"
        " ORDER BY t.docid"
    )
    rows = database.execute(sql, numbers_in(database, part))
    for number, subject, author, to, date, folder, identity, answered, thread in rows:
        called, sender = read_author(text(author))
        if not sender:
            continue
        answers = isinstance(date, int) and began.get(thread, date) < date
        line = decoding.tidy(text(subject)[: decoding.LONGEST])
        head = Head(
            sender=sender,
            name=called,
            to=read_recipients(text(to)[: decoding.LONGEST]),
            delivered_to="",
            subject=line,
            date=date // MICROSECONDS if isinstance(date, int) else None,
            replies=answers or bool(answered) or is_reply(line),
            identity=text(identity),
        )
        yield head, folders.get(folder, Folder()), number


def numbers_in(database: sqlite3.Connection, part: Part | None) -> tuple[int, int]:
    """The number of the first mail of a part, and one past that of the last."""
    sql = f"SELECT MIN(docid), MAX(docid) FROM {SUBJECTS}"
    low, high = database.execute(sql).fetchone()
    if low is None:
        return 0, 0
    if part is None:
        return low, high + 1
    start, end, size = part
    many = high + 1 - low
    return low + many * start // size, low + many * end // size


@lru_cache(maxsize=4096)
def read_author(author: str) -> tuple[str, str]:
    """Name and address of an author; no address where there is none, or several."""
    found = set(decoding.addresses_of(author))
    return (author.partition("<")[0].strip(' "'), found.pop()) if len(found) == 1 else ("", "")


@lru_cache(maxsize=4096)
def read_recipients(recipients: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(decoding.addresses_of(recipients)))


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def columns(database: sqlite3.Connection, table: str) -> set[str]:
    """The names of a real table's columns; empty when there is no such table."""
    real = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? AND sql NOT LIKE ?"
    if not database.execute(real, (table, "CREATE VIRTUAL%")).fetchone():
        return set()
    return {row[1] for row in database.execute(f"PRAGMA table_info({table})")}


def read_folders(database: sqlite3.Connection) -> dict[object, Folder]:
    there = columns(database, "folderLocations")
    if not there >= {"id", "name", "folderURI"}:
        return {}
    dirty = "dirtyStatus" if "dirtyStatus" in there else "0"
    rows = database.execute(f"SELECT id, name, folderURI, {dirty} FROM folderLocations")
    return {
        row[0]: Folder(row[0], text(row[1]), place_of_uri(text(row[2])), row[3] == 0)
        for row in rows
    }


def read_beginnings(database: sqlite3.Connection, there: set[str]) -> dict[object, int]:
    """Conversation -> the time of its first mail, for those of several mails."""
    if "conversationID" not in there:
        return {}
    sql = (
        f"SELECT conversationID, MIN(date) FROM {MAILS} WHERE typeof(date) = 'integer'"
        " GROUP BY conversationID HAVING COUNT(*) > 1"
    )
    return dict(database.execute(sql))


def replied_mark(database: sqlite3.Connection) -> str:
    """How the attributes of a mail say that the person answered it; empty where unknown."""
    if not columns(database, "attributeDefinitions") >= {"id", "name"}:
        return ""
    sql = "SELECT id FROM attributeDefinitions WHERE name = 'repliedTo'"
    row = database.execute(sql).fetchone()
    return f'"{row[0]}":true' if row and isinstance(row[0], int) else ""


def read_body(database: sqlite3.Connection, number: int) -> str:
    """The first words of a body, for the moment."""
    sql = f"SELECT substr(c0body, 1, {BODY}) FROM {SUBJECTS} WHERE docid = ?"
    try:
        row = database.execute(sql, (number,)).fetchone()
    except sqlite3.Error:
        return ""
    return text(row[0]) if row else ""
