"""The person's own records: one encrypted SQLite database, its driver known here alone.

Three ways to keep the key (:class:`~guardian.core.keys.KeyMode`). Whatever goes wrong with the
first two, Guardian goes on in memory and ``Store.why`` says so; a database that exists is never
overwritten or emptied because its key could not be had.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver

from guardian.core import keys
from guardian.core.errors import Problem, mendable_database_error, mendable_file_errors
from guardian.core.files import alone, is_there, sync_folder
from guardian.core.keychain import Keychain
from guardian.core.keys import KeyFile, KeyMode
from guardian.core.paths import Paths

Row = tuple[Any, ...]
Ask = Callable[[], str | None]
BUSY_SECONDS = 2.0
ALONE_SECONDS = 70.0  # longer than the keyring may take to answer


class Store:
    """An open database; several threads may use it, one statement or transaction at a time."""

    def __init__(
        self,
        connection: Any,
        mode: KeyMode,
        key: bytes | None = None,
        why: Problem | None = None,
    ) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._key = key
        self.mode = mode
        self.why = why

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows a query gives."""
        with self._lock, database_problems():
            return list(self._connection.execute(sql, values))

    def run(self, sql: str, *values: object) -> None:
        """One change, durable when this returns."""
        with self.transaction() as do:
            do(sql, *values)

    @contextmanager
    def transaction(self) -> Iterator[Callable[..., None]]:
        """Changes that happen together or not at all: ``with … as do: do(sql, *values)``."""
        with self._lock, database_problems():
            self._connection.execute("BEGIN IMMEDIATE")

            def do(sql: str, *values: object) -> None:
                self._connection.execute(sql, values)

            try:
                yield do
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(driver.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def migrate(self, pillar: str, steps: Sequence[str]) -> None:
        """Bring the tables of ``pillar`` up to date; ``steps[n]`` leads from version n to n+1.

        Raises ``Problem("store-newer")`` when a newer Guardian wrote them.
        """
        self.run("CREATE TABLE IF NOT EXISTS versions (pillar TEXT PRIMARY KEY, version INTEGER)")
        if self._version(pillar) == len(steps):
            return
        with self.transaction() as do:
            version = self._version(pillar)  # again: another process may have been here
            if version > len(steps):
                raise Problem("store-newer")
            for step in steps[version:]:
                for statement in filter(str.strip, step.split(";")):
                    do(statement)
            do("INSERT OR REPLACE INTO versions VALUES (?, ?)", pillar, len(steps))

    def _version(self, pillar: str) -> int:
        found = self.rows("SELECT version FROM versions WHERE pillar = ?", pillar)
        return int(found[0][0]) if found else 0

    def become(self, connection: Any, mode: KeyMode, key: bytes) -> None:
        """Go on with another connection, so that everybody who holds this store follows along."""
        with self._lock:
            self._connection.close()
            self._connection, self._key = connection, key
            self.mode, self.why = mode, None

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._key = None


@contextmanager
def database_problems(name: str = "records.db") -> Iterator[None]:
    try:
        yield
    except driver.Error as error:
        problem = mendable_database_error(error, name)
        if problem is None:
            raise
        raise problem from error


def open_in_memory(why: Problem | None = None) -> Store:
    """Records that are gone when Guardian closes."""
    return Store(connect(":memory:"), KeyMode.MEMORY, why=why)


def open_store(paths: Paths, keychain: Keychain | None, ask: Ask = lambda: None) -> Store:
    """Open the person's records, or make them on the first start.

    ``ask`` is called for the passphrase where one is set; None from it means «not now».
    Raises ``Problem("passphrase-wrong")`` so that a face can ask again. Every other refusal
    gives a store in memory whose ``why`` tells what was the matter.
    """
    try:
        entry = keys.read_key_file(paths.key_file)
        if entry is None:
            return create(paths, keychain)
        if entry.mode is KeyMode.PASSPHRASE:
            return open_with_passphrase(paths, entry, ask())
        if keychain is None:
            raise Problem("keyring-absent-now")
        key = keys.key_from_keyring(keychain, entry)
        return Store(connect(paths.store_file, key), KeyMode.KEYRING, key)
    except Problem as problem:
        if problem.code == "passphrase-wrong":
            raise
        return open_in_memory(problem)


def create(paths: Paths, keychain: Keychain | None) -> Store:
    """First start: with a keyring a database on disk, without one a store in memory."""
    if is_there(paths.store_file):
        raise Problem("key-missing")
    if keychain is None:
        raise Problem("keyring-absent")
    with alone(paths.records_lock, ALONE_SECONDS):
        if keys.read_key_file(paths.key_file) is not None:
            # another process was first
            return open_store(paths, keychain)
        key = secrets.token_bytes(keys.KEY_BYTES)
        entry = keys.keep_in_keyring(keychain, keys.new_id(), key)
        try:
            keys.write_key_file(paths.key_file, entry)
            return Store(connect(paths.store_file, key), KeyMode.KEYRING, key)
        except Problem:
            remove_records(paths)
            with suppress(Problem):
                keys.forget_in_keyring(keychain, entry)
            raise


def remove_records(paths: Paths) -> None:
    """Take away the database and the key file, as far as the system lets us."""
    for path in (*database_files(paths.store_file), paths.key_file):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def database_files(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm"))


def open_with_passphrase(paths: Paths, entry: KeyFile, passphrase: str | None) -> Store:
    if passphrase is None:
        raise Problem("passphrase-skipped")
    assert entry.wrapped is not None
    key = keys.unwrap_key(entry.wrapped, passphrase)
    return Store(connect(paths.store_file, key), KeyMode.PASSPHRASE, key)


def protect_with_passphrase(
    paths: Paths, store: Store, keychain: Keychain | None, passphrase: str
) -> None:
    """Keep the key of ``store`` under ``passphrase`` from now on.

    Works from all three modes; from memory, what was recorded so far is taken along.
    The old way in is only removed after the new one is written.
    """
    before = keys.read_key_file(paths.key_file) if store.mode is not KeyMode.MEMORY else None
    key = store._key or secrets.token_bytes(keys.KEY_BYTES)
    entry = keys.wrap_key(before.id if before else keys.new_id(), key, passphrase)
    rehome(paths, store, keychain, key, entry, before)


def protect_with_keyring(paths: Paths, store: Store, keychain: Keychain) -> None:
    """Keep the key in the system's keyring from now on; see :func:`protect_with_passphrase`."""
    before = keys.read_key_file(paths.key_file) if store.mode is not KeyMode.MEMORY else None
    key = store._key or secrets.token_bytes(keys.KEY_BYTES)
    entry = keys.keep_in_keyring(keychain, before.id if before else keys.new_id(), key)
    rehome(paths, store, keychain, key, entry, before)


def rehome(  # noqa: PLR0917 - the six things that move together
    paths: Paths,
    store: Store,
    keychain: Keychain | None,
    key: bytes,
    entry: KeyFile,
    before: KeyFile | None,
) -> None:
    """Write the new way in, go on through it, then close the old one.

    Raises ``Problem("key-left-in-keyring")`` when all is done but the keyring would not forget.
    """
    with alone(paths.records_lock, ALONE_SECONDS):
        if store.mode is KeyMode.MEMORY:
            if is_there(paths.store_file) or is_there(paths.key_file):
                raise Problem("records-in-the-way")
            try:
                # the key first: a crash in between leaves a key to records not yet there
                keys.write_key_file(paths.key_file, entry)
                save_copy(store, paths.store_file, key)
            except BaseException:
                remove_records(paths)
                raise
        else:
            keys.write_key_file(paths.key_file, entry)
    store.become(connect(paths.store_file, key), entry.mode, key)
    if entry.mode is not KeyMode.KEYRING and before and before.mode is KeyMode.KEYRING:
        try:
            if keychain is None:
                raise Problem("keyring-absent-now")
            keys.forget_in_keyring(keychain, before)
        except Problem as problem:
            raise Problem("key-left-in-keyring") from problem


def save_copy(store: Store, target: Path, key: bytes) -> None:
    """Write all of ``store`` into a new encrypted file, whole or not at all."""
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    connect(temporary, key).close()
    try:
        with store._lock, database_problems():
            store._connection.execute(
                f"ATTACH DATABASE ? AS copy KEY \"x'{key.hex()}'\"", (str(temporary),)
            )
            try:
                store._connection.execute("SELECT sqlcipher_export('copy')")
            finally:
                store._connection.execute("DETACH DATABASE copy")
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        for path in database_files(temporary):
            path.unlink(missing_ok=True)


def forget_everything(paths: Paths, store: Store, keychain: Keychain | None) -> None:
    """Delete the records and their key. The key goes first: without it the rest is noise.

    ``store`` is closed whatever happens; open the records anew afterwards.
    """
    with suppress(Problem):
        entry = keys.read_key_file(paths.key_file)
        if entry and entry.mode is KeyMode.KEYRING and keychain:
            keys.forget_in_keyring(keychain, entry)
    store.close()
    with alone(paths.records_lock, ALONE_SECONDS):
        for path in (*database_files(paths.store_file), paths.key_file):
            with mendable_file_errors(path):
                path.unlink(missing_ok=True)


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
