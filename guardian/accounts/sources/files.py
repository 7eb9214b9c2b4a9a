"""Careful reading of other programs' files: ordinary files only, of a sensible size, unchanged."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from guardian.core.errors import Problem, mendable_file_errors

T = TypeVar("T")

MAX_JSON = 64 * 1024 * 1024
MAX_DATABASE = 256 * 1024 * 1024
MAX_SECONDS = 30.0
TRIES = 3
PREFIX = "guardian-read-"
STALE_SECONDS = 600
COMPANIONS = ("-wal", "-journal")
SECRET_COLUMNS = frozenset({"password_value", "secFields", "encryptedPassword"})


def read_file(path: Path, limit: int = MAX_JSON) -> bytes:
    """All bytes of ``path``. Raises ``Problem`` for anything but an ordinary, sensible file."""
    check_file(path, limit)
    with mendable_file_errors(path):
        # without O_NONBLOCK, a pipe put in the file's place meanwhile would hang us
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | binary())
        with os.fdopen(handle, "rb") as file:
            data = file.read(limit + 1)
    if len(data) > limit:
        raise Problem("browser-file-huge", name=path.name, megabytes=len(data) // 10**6)
    return data


def binary() -> int:
    return getattr(os, "O_BINARY", 0)


def check_file(path: Path, limit: int) -> None:
    """Raises ``Problem`` unless ``path`` is an ordinary file of 1 to ``limit`` bytes."""
    with mendable_file_errors(path):
        try:
            found = path.stat()
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise Problem("browser-file-odd", name=path.name) from error
            raise
        if not stat.S_ISREG(found.st_mode):
            raise Problem("browser-file-odd", name=path.name)
    if found.st_size > limit:
        raise Problem("browser-file-huge", name=path.name, megabytes=found.st_size // 10**6)
    if not found.st_size:
        raise Problem("browser-file-empty", name=path.name)


def query(path: Path, work: Callable[[sqlite3.Connection], T], check: Callable[[], None]) -> T:
    """``work(connection)`` on a browser's database, read-only, whether or not the browser runs.

    Without unfinished changes beside it the file is read in place, with no lock and no trace.
    Otherwise, or when it changed meanwhile, it is copied with them into a private folder, in
    memory where the system has such a place. The copy is deleted at once after reading: it
    holds the (encrypted) passwords too. No column with a password in it can be selected.
    ``check`` may raise ``Cancelled``.
    """
    check_file(path, MAX_DATABASE)
    before = state(path)
    if not any(pending(path)):
        with mendable_file_errors(path):
            os.close(os.open(path, os.O_RDONLY | binary()))
        try:
            with connect(path, "mode=ro&immutable=1", check) as connection:
                answer = work(connection)
            if state(path) == before:
                return answer
        except Problem:
            if state(path) == before:
                raise
    with private_copy(path) as copied, connect(copied, "mode=rw", check) as connection:
        return work(connection)


def pending(path: Path) -> Iterator[Path]:
    """The files beside ``path`` that hold changes not yet in it."""
    for suffix in COMPANIONS:
        companion = path.with_name(path.name + suffix)
        with suppress(OSError):
            if companion.stat().st_size:
                yield companion


def state(path: Path) -> list[tuple[int, int]]:
    """Size and time of change of a database and its companions, to see whether they stood still."""
    states = []
    for file in (path, *(path.with_name(path.name + suffix) for suffix in COMPANIONS)):
        try:
            found = file.stat()
            states.append((found.st_size, found.st_mtime_ns))
        except OSError:
            states.append((0, 0))
    return states


@contextmanager
def private_copy(path: Path) -> Iterator[Path]:
    """A copy of a database with its companions, in a folder of our own, gone afterwards."""
    root = private_root()
    remove_leftovers(root)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))  # mode 0700
    try:
        for _ in range(TRIES):
            before = state(path)
            target = folder / path.name
            for old in folder.iterdir():
                old.unlink()
            with mendable_file_errors(path):
                shutil.copyfile(path, target)
                for companion in pending(path):
                    check_file(companion, MAX_DATABASE)
                    suffix = companion.name[len(path.name) :]
                    shutil.copyfile(companion, target.with_name(target.name + suffix))
            if state(path) == before:
                break
            time.sleep(0.1)
        else:
            raise Problem("browser-file-busy", name=path.name)
        yield target
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def private_root() -> str | None:
    """A folder that lives in memory, where there is one; else the system's temporary folder."""
    for place in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"):
        if place and os.access(place, os.W_OK) and shutil.disk_usage(place).free > MAX_DATABASE:
            return place
    return None


def remove_leftovers(root: str | None) -> None:
    """Delete what a reading that was killed left behind."""
    for folder in Path(root or tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            old = time.time() - found.st_mtime > STALE_SECONDS
            mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
            if old and mine and stat.S_ISDIR(found.st_mode):
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def connect(path: Path, mode: str, check: Callable[[], None]) -> Iterator[sqlite3.Connection]:
    """An SQLite connection that trusts nothing in the file, with limits on time and size."""
    end = time.monotonic() + MAX_SECONDS
    stopped: list[BaseException] = []

    def tick() -> int:
        try:
            check()
        except BaseException as wish:  # SQLite would swallow it
            stopped.append(wish)
        return int(bool(stopped) or time.monotonic() > end)

    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.set_authorizer(refuse_secrets)
            connection.set_progress_handler(tick, 10_000)
            # a file cut short would otherwise give fewer rows without a word
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Problem("browser-file-damaged", name=path.name)
            yield connection
    except sqlite3.Error as error:
        if stopped:
            raise stopped[0] from None
        raise Problem("browser-file-damaged", name=path.name) from error


def refuse_secrets(
    action: int, first: str | None, second: str | None, _db: str | None, _by: str | None
) -> int:
    """SQLite asks before each column is read: a password never is."""
    if action == sqlite3.SQLITE_READ and second in SECRET_COLUMNS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def table_columns(connection: sqlite3.Connection, table: str) -> set[str]:
    """The names of a real table's columns; empty when there is no such table."""
    real = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    if not connection.execute(real, (table,)).fetchone():
        return set()
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
