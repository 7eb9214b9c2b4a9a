"""The person's own records: one encrypted SQLite database, and every way to open it.

Three ways to keep the key (:class:`~guardian.core.keys.KeyMode`). Whatever goes wrong with the
first two, Guardian goes on in memory and ``Store.why`` says so; a database that exists is never
overwritten or emptied because its key could not be had.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from guardian.core import keys
from guardian.core.database import connect, database_files, database_problems, driver, mark
from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import alone, is_there, sync_folder
from guardian.core.keychain import Keychain
from guardian.core.keys import KeyFile, KeyMode
from guardian.core.paths import Paths

Row = tuple[Any, ...]
Ask = Callable[[], str | None]
ALONE_SECONDS = 70.0  # longer than the keyring may take to answer


class Store:
    """An open database; several threads may use it, one statement or transaction at a time.

    ``owner`` is the id of the profile whose records these are, "" for the first one.
    """

    def __init__(
        self,
        connection: Any,
        mode: KeyMode,
        key: bytes | None = None,
        why: Problem | None = None,
        *,
        file: Path | None = None,
        owner: str = "",
        way: bytes | None = None,
    ) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._key = key
        self._way = way  # the salt of the wrap that was opened; two people may share the records
        self._file, self._mark = file, mark(file)
        self.mode = mode
        self.why = why
        self.owner = owner

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
            self.check_there()
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

    def check_there(self) -> None:
        """Raises ``Problem("records-gone")`` where the file was taken away or exchanged: what is
        written into such a file would be lost without a word."""
        if self._file is not None and mark(self._file) != self._mark:
            raise Problem("records-gone")

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

    def become(self, connection: Any, entry: KeyFile, key: bytes, file: Path) -> None:
        """Go on with another connection, so that everybody who holds this store follows along."""
        with self._lock:
            self._connection.close()
            self._connection, self._key = connection, key
            self._file, self._mark = file, mark(file)
            self.mode, self.why = entry.mode, None

    def holds(self, key: bytes) -> bool:
        """Whether ``key`` is the one these records are encrypted with."""
        return self._key is not None and secrets.compare_digest(self._key, key)

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._key = None


def open_in_memory(why: Problem | None = None, owner: str = "") -> Store:
    """Records that are gone when Guardian closes."""
    return Store(connect(":memory:"), KeyMode.MEMORY, why=why, owner=owner)


def open_on_disk(
    paths: Paths, mode: KeyMode, key: bytes, *, way: bytes | None = None, new: bool = False
) -> Store:
    """The records in their file; only those of the first profile, or new ones, are made here.

    Raises ``Problem("profile-gone")`` where those of another profile are not there.
    """
    if paths.profile and not new and not is_there(paths.store_file):
        raise Problem("profile-gone")
    connection = connect(paths.store_file, key)
    return Store(connection, mode, key, file=paths.store_file, owner=paths.profile, way=way)


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
        return open_on_disk(paths, KeyMode.KEYRING, key)
    except Problem as problem:
        if problem.code == "passphrase-wrong":
            raise
        return open_in_memory(problem, paths.profile)


def create(paths: Paths, keychain: Keychain | None) -> Store:
    """First start: with a keyring a database on disk, without one a store in memory."""
    if is_there(paths.store_file):
        raise Problem("key-missing")
    if paths.profile:  # made with the profile, never here: an empty one would look like theirs
        raise Problem("profile-gone")
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
            return open_on_disk(paths, KeyMode.KEYRING, key, new=True)
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


def open_with_passphrase(paths: Paths, entry: KeyFile, passphrase: str | None) -> Store:
    if passphrase is None:
        raise Problem("passphrase-skipped")
    found = keys.open_key(entry, passphrase)
    return open_on_disk(paths, KeyMode.PASSPHRASE, found.key, way=found.way)


def make_locked(paths: Paths, passphrases: Sequence[str]) -> None:
    """New, empty records that each of ``passphrases`` opens. Raises ``Problem``; what was made
    until then is left to the caller."""
    key = secrets.token_bytes(keys.KEY_BYTES)
    entry = keys.wrap_key(keys.new_id(), key, *passphrases)
    keys.write_key_file(paths.key_file, entry)
    open_on_disk(paths, KeyMode.PASSPHRASE, key, new=True).close()


def protect_with_passphrase(
    paths: Paths, store: Store, keychain: Keychain | None, passphrase: str
) -> None:
    """Keep the key of ``store`` under ``passphrase`` from now on.

    Works from all three modes; from memory, what was recorded so far is taken along.
    The old way in is only removed after the new one is written. Where two people share the
    records, the passphrase of whoever opened them is replaced and the other one stays.
    """
    key = store._key or secrets.token_bytes(keys.KEY_BYTES)
    new = keys.wrap(key, passphrase)

    def build(before: KeyFile | None) -> KeyFile:
        if before is None:
            return keys.with_ways(keys.new_id(), (new,))
        return keys.exchange(before, store._way, new)

    rehome(paths, store, keychain, key, build)
    store._way = new.salt


def protect_with_keyring(paths: Paths, store: Store, keychain: Keychain) -> None:
    """Keep the key in the system's keyring from now on; see :func:`protect_with_passphrase`.

    Raises ``Problem("profile-keyring")`` for any profile but the first: the keyring opens for
    everybody who uses this system account.
    """
    if paths.profile:
        raise Problem("profile-keyring")
    key = store._key or secrets.token_bytes(keys.KEY_BYTES)

    def build(before: KeyFile | None) -> KeyFile:
        return keys.keep_in_keyring(keychain, before.id if before else keys.new_id(), key)

    rehome(paths, store, keychain, key, build)


def rehome(
    paths: Paths,
    store: Store,
    keychain: Keychain | None,
    key: bytes,
    build: Callable[[KeyFile | None], KeyFile],
) -> None:
    """Write the new way in, go on through it, then close the old one.

    ``build`` makes the new key file from the old one, if any. Raises
    ``Problem("key-left-in-keyring")`` when all is done but the keyring would not forget.
    """
    before: KeyFile | None = None
    with alone(paths.records_lock, ALONE_SECONDS):
        if store.mode is KeyMode.MEMORY:
            if is_there(paths.store_file) or is_there(paths.key_file):
                raise Problem("records-in-the-way")
            entry = build(None)
            try:
                # the key first: a crash in between leaves a key to records not yet there
                keys.write_key_file(paths.key_file, entry)
                save_copy(store, paths.store_file, key)
            except BaseException:
                remove_records(paths)
                raise
        else:
            store.check_there()
            before = keys.read_key_file(paths.key_file)
            entry = build(before)
            keys.write_key_file(paths.key_file, entry)
    store.become(connect(paths.store_file, key), entry, key, paths.store_file)
    if entry.mode is not KeyMode.KEYRING and before and before.mode is KeyMode.KEYRING:
        try:
            if keychain is None:
                raise Problem("keyring-absent-now")
            keys.forget_in_keyring(keychain, before)
        except Problem as problem:
            raise Problem("key-left-in-keyring") from problem


def change_passphrase(paths: Paths, store: Store, old: str, new: str) -> None:
    """Let ``new`` open the records instead of ``old``; the passphrase of somebody else stays.

    Raises ``Problem``, among them ``passphrase-wrong`` and ``passphrase-short``.
    """
    store.check_there()
    entry = keys.read_key_file(paths.key_file)
    if entry is None or entry.mode is not KeyMode.PASSPHRASE:
        raise Problem("passphrase-wrong")
    found = keys.open_key(entry, old)
    if not store.holds(found.key):
        raise Problem("key-file-damaged", name=paths.key_file.name)
    wrapped = keys.wrap(found.key, new)
    with alone(paths.records_lock, ALONE_SECONDS):
        latest = keys.read_key_file(paths.key_file)
        if latest is None or found.way not in [way.salt for way in latest.ways]:
            raise Problem("passphrase-moved")
        keys.write_key_file(paths.key_file, keys.exchange(latest, found.way, wrapped))
    if store._way == found.way:
        store._way = wrapped.salt


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
