"""Careful reading of other programs' files: ordinary files only, of a sensible size, unchanged."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import alone
from guardian.core.paths import in_demo

T = TypeVar("T")

MAX_JSON = 64 * 1024 * 1024
MAX_PARTS = 4_000_000
MAX_DATABASE = 256 * 1024 * 1024
# five years of a busy person's history, twice over
MAX_HISTORY = 1024 * 1024 * 1024
MAX_SECONDS = 30.0
# what the system's place in memory should have left for others after our copy
SPARE = 16 * 1024 * 1024
CHUNK = 4 * 1024 * 1024
TRIES = 3
PREFIX = "guardian-read-"
IN_USE = "in-use"
# how long a copy without a lock is left alone: where the system has locks, until it gets one
STALE_SECONDS = 600 if os.name == "nt" else 10
COMPANIONS = ("-wal", "-journal")
# how a journal ends that goes on in another file: https://sqlite.org/fileformat2.html
GOES_ON = bytes.fromhex("d9d505f920a163d7")
SECRET_TABLES = frozenset({"password_notes"})
SECRET_COLUMNS = frozenset(
    {
        "password_value", "secFields", "encryptedPassword", "encrypted_value", "form_data",
        "possible_username_pairs",
    }
)  # fmt: skip


def read_file(path: Path, limit: int = MAX_JSON) -> bytes:
    """All bytes of ``path``. Raises ``Problem`` for anything but an ordinary, sensible file."""
    check_file(path, limit)
    with mendable_file_errors(path), open_plainly(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Problem("browser-file-huge", name=path.name, megabytes=len(data) // 10**6)
    return data


def read_json(path: Path, kind: type[T], limit: int = MAX_JSON) -> T:
    """``path`` decoded as ``kind``. Raises ``Problem`` as :func:`read_file` does, and for nonsense.

    What has more parts than any browser writes would fill the memory.
    """
    data = read_file(path, limit)
    if data.count(b",") > MAX_PARTS:
        raise Problem("browser-file-huge", name=path.name, megabytes=len(data) // 10**6)
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise Problem("browser-file-unknown", name=path.name) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem("browser-file-damaged", name=path.name) from error


def open_plainly(path: Path) -> BinaryIO:
    """Open for reading; a pipe or device put in the file's place meanwhile does not hang us."""
    wish = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, wish)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise Problem("browser-file-odd", name=path.name)


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


def query(
    path: Path,
    work: Callable[[sqlite3.Connection], T],
    check: Callable[[], None],
    *,
    limit: int = MAX_DATABASE,
    tables: Sequence[str] = (),
) -> T:
    """``work(connection)`` on a browser's database, read-only, whether or not the browser runs.

    Without unfinished changes beside it the file is read in place, with no lock and no trace.
    Otherwise, or when it changed meanwhile, it is copied with them into a private folder, in
    memory where the system has such a place. The copy is deleted at once after reading: it
    holds the (encrypted) passwords too. No column with a password in it can be selected.
    ``limit`` is the largest file that is read, in bytes. Where only ``tables`` are read, only
    they are looked through for damage. ``check`` may raise ``Cancelled``.
    """
    check_file(path, limit)
    before = state(path)
    if not any(pending(path)):
        with mendable_file_errors(path):
            open_plainly(path).close()
        try:
            with connect(path, "mode=ro&immutable=1", check, tables) as connection:
                answer = work(connection)
            if state(path) == before:
                return answer
        except Problem:
            if state(path) == before:
                raise
    with (
        private_copy(path, check, limit) as copied,
        connect(copied, "mode=rw", check, tables) as connection,
    ):
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
def private_copy(path: Path, check: Callable[[], None], limit: int) -> Iterator[Path]:
    """A copy of a database with its companions, in a folder of our own, gone afterwards."""
    root = private_root(path)
    try:
        with mendable_file_errors(path):
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))  # mode 0700
        try:
            with alone(folder / IN_USE, 0):
                yield copy_whole(path, folder / path.name, check, limit)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except Problem as problem:
        if problem.code == "disk-full":
            raise no_room(path) from problem
        raise


def copy_whole(path: Path, target: Path, check: Callable[[], None], limit: int) -> Path:
    """``target``, a copy of a database with its companions. Raises ``Problem``."""
    for _ in range(TRIES):
        before = state(path)
        with mendable_file_errors(path):
            target.unlink(missing_ok=True)
            copy(path, target, check)
            for suffix in COMPANIONS:
                companion = path.with_name(path.name + suffix)
                copied = target.with_name(target.name + suffix)
                copied.unlink(missing_ok=True)
                if companion in pending(path):
                    check_file(companion, limit)
                    copy(companion, copied, check)
                    refuse_going_on(copied, path.name)
        if state(path) == before:
            return target
        time.sleep(0.1)
    raise Problem("browser-file-busy", name=path.name)


def refuse_going_on(journal: Path, name: str) -> None:
    """Raises ``Problem`` for a journal that names another file: SQLite would delete that file."""
    with journal.open("rb") as file:
        file.seek(-min(len(GOES_ON), journal.stat().st_size), os.SEEK_END)
        if file.read() == GOES_ON:
            raise Problem("browser-file-busy", name=name)


def copy(source: Path, target: Path, check: Callable[[], None]) -> None:
    """Copy a file piece by piece, so that a large one can be stopped."""
    with open_plainly(source) as old, target.open("xb") as new:
        while piece := old.read(CHUNK):
            check()
            new.write(piece)


def private_root(path: Path) -> str | None:
    """A folder that lives in memory and has room for ``path``; None: the temporary folder.

    Raises ``Problem("browser-no-room")``: where the system has such a place, no copy goes to
    the disk, which may be less private than the folder the original lies in.
    """
    places = private_places()
    for place in places or [tempfile.gettempdir()]:
        if shutil.disk_usage(place).free > needed_room(path):
            return place if places else None
    raise no_room(path)


def needed_room(path: Path) -> int:
    return sum(size for size, _ in state(path)) + SPARE


def no_room(path: Path) -> Problem:
    return Problem("browser-no-room", name=path.name, megabytes=needed_room(path) // 10**6)


def private_places() -> list[str]:
    """Folders that live in memory; none in the demonstration, which has nothing private."""
    if in_demo():
        return []
    named = (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm")
    return [place for place in named if place and os.access(place, os.W_OK)]


def remove_leftovers() -> None:
    """Delete what readings that were killed left behind, wherever copies are put."""
    for place in {*private_places(), tempfile.gettempdir()}:
        for folder in Path(place).glob(f"{PREFIX}*"):
            with suppress(OSError, Problem):
                found = folder.lstat()
                old = time.time() - found.st_mtime > STALE_SECONDS
                mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
                if old and mine and stat.S_ISDIR(found.st_mode):
                    with alone(folder / IN_USE, 0):
                        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def connect(
    path: Path, mode: str, check: Callable[[], None], tables: Sequence[str] = ()
) -> Iterator[sqlite3.Connection]:
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
            connection.set_progress_handler(tick, 50_000)
            # a file cut short would otherwise give fewer rows without a word; of the last page,
            # a part would do for SQLite
            (page_size,) = connection.execute("PRAGMA page_size").fetchone()
            if path.stat().st_size % page_size:
                raise Problem("browser-file-damaged", name=path.name)
            there = [table for table in tables if table_columns(connection, table)]
            for part in there or ["1"]:
                if connection.execute(f"PRAGMA quick_check({part})").fetchone() != ("ok",):
                    raise Problem("browser-file-damaged", name=path.name)
            yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter: of SQLite's own complaint
        if stopped:
            raise stopped[0] from None
        if time.monotonic() > end:
            raise Problem("browser-file-slow", name=path.name) from error
        raise Problem("browser-file-damaged", name=path.name) from error


def refuse_secrets(
    action: int, first: str | None, second: str | None, _db: str | None, _by: str | None
) -> int:
    """SQLite asks before each column is read: a password never is, nor what may hold one."""
    if action == sqlite3.SQLITE_READ and (first in SECRET_TABLES or second in SECRET_COLUMNS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def table_columns(connection: sqlite3.Connection, table: str) -> set[str]:
    """The names of a real table's columns; empty when there is no such table."""
    real = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? AND sql NOT LIKE ?"
    if not connection.execute(real, (table, "CREATE VIRTUAL%")).fetchone():
        return set()
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
