"""Ways in which a file may be broken, and the code by which each is named."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

Spoil = Callable[[Path], None]


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-700])


def scramble(file: Path) -> None:
    file.write_bytes(b"\xff\x00nonsense" * 500)


def grow(file: Path) -> None:
    os.truncate(file, 2 * 10**9)  # sparse: takes no space


def loop(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def lead_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("gone")


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def make_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def nest(file: Path) -> None:
    file.write_text('{"logins": ' + "[" * 200_000 + "]" * 200_000 + "}")


def other_shape(file: Path) -> None:
    file.write_text('{"logins": {"a": 1}}')


def misname(file: Path) -> None:
    """The list of tables holds what is no text, so what SQLite says of it is none either."""
    raw = file.read_bytes()
    for word in (b"CREATE TABLE ", b"CREATE INDEX ", b"CREATE UNIQUE "):
        raw = raw.replace(word, b"CREATE \xc4\xc4\xc4 ")
    file.write_bytes(raw)


def other_tables(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE sheep (name TEXT)")


def strange_columns(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE logins (password_value BLOB)")


def trap_view(file: Path) -> None:
    """A view that never ends, in place of the table."""
    file.unlink()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "CREATE VIEW logins AS WITH RECURSIVE n(origin_url) AS"
            " (SELECT 1 UNION ALL SELECT origin_url + 1 FROM n) SELECT origin_url FROM n"
        )


def virtual_table(file: Path) -> None:
    """A table that is worked out while it is read, and holds nothing itself."""
    file.unlink()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE VIRTUAL TABLE logins USING fts5(origin_url, username_value)")


COMMON = [
    (empty, "browser-file-empty"),
    (cut, "browser-file-damaged"),
    (scramble, "browser-file-damaged"),
    (grow, "browser-file-huge"),
    (loop, "browser-file-odd"),
    (lead_nowhere, "file-missing"),
    (make_folder, "browser-file-odd"),
    (make_pipe, "browser-file-odd"),
]
JSON_ONLY = [(nest, "browser-file-damaged"), (other_shape, "browser-file-unknown")]
SQL_ONLY = [
    (misname, "browser-file-damaged"),
    (other_tables, "browser-file-unknown"),
    (strange_columns, "browser-file-unknown"),
    (trap_view, "browser-file-unknown"),
    (virtual_table, "browser-file-unknown"),
]
