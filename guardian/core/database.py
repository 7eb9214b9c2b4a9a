"""One encrypted SQLite database: how it is opened. Its driver is known here and in the store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver

from guardian.core.errors import Problem, mendable_database_error

__all__ = ["connect", "database_files", "database_problems", "driver", "mark"]

BUSY_SECONDS = 2.0


def connect(path: Path | str, key: bytes | None = None) -> Any:
    """A connection with every setting the records need; verified to be readable with ``key``.

    Raises ``Problem`` for a wrong key, damage, or a folder that refuses.
    """
    if isinstance(path, Path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                path.touch(mode=0o600)
        except OSError as error:
            raise Problem("no-permission", name=path.name) from error
        if not os.access(path, os.W_OK):
            raise Problem("no-permission", name=path.name)
    with database_problems():
        connection = driver.connect(
            str(path), timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
        )
        try:
            prepare(connection, key)
        except BaseException:
            connection.close()
            raise
        return connection


def prepare(connection: Any, key: bytes | None) -> None:
    """SQLCipher with a raw key (no key derivation to wait for), WAL, nothing left in temp files."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        # locking pages in memory costs a third of the speed and needs a limit many systems set low
        connection.execute("PRAGMA cipher_memory_security = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    with closing(connection.execute("SELECT count(*) FROM sqlite_master")) as cursor:
        cursor.fetchone()
    if key is not None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def database_files(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm"))


def mark(file: Path | None) -> tuple[int, int] | None:
    """What tells a file from another one under the same name; None where there is none."""
    try:
        status = file.stat() if file else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status else None


@contextmanager
def database_problems(name: str = "records.db") -> Iterator[None]:
    try:
        yield
    except driver.Error as error:
        problem = mendable_database_error(error, name)
        if problem is None:
            raise
        raise problem from error
