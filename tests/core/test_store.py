"""The records: encrypted on disk, three ways to keep the key, and never lost or overwritten."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core import keys, store
from guardian.core.errors import Problem, mendable_database_error
from guardian.core.keys import KeyMode
from guardian.core.paths import find_paths
from guardian.core.store import (
    forget_everything,
    open_in_memory,
    open_store,
    protect_with_keyring,
    protect_with_passphrase,
)
from tests.memory_keychain import MemoryKeychain

CANARY = "canary-Zq81-private-words"
TABLE = ("CREATE TABLE notes (text TEXT)",)
PASSPHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)


def remember(opened: store.Store, text: str = CANARY) -> None:
    opened.migrate("test", TABLE)
    opened.run("INSERT INTO notes VALUES (?)", text)


def recall(opened: store.Store) -> list[str]:
    opened.migrate("test", TABLE)
    return [row[0] for row in opened.rows("SELECT text FROM notes")]


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_first_start_makes_an_encrypted_file_whose_key_is_only_in_the_keyring(
    memory_keychain: MemoryKeychain, guardian_home: Path
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    assert opened.mode is KeyMode.KEYRING
    remember(opened)
    (secret,) = memory_keychain.items.values()
    for moment in ("open", "closed"):
        if moment == "closed":
            opened.close()
        written = everything_under(guardian_home)
        assert CANARY.encode() not in written
        assert secret.encode() not in written
        assert bytes.fromhex(secret) not in written
        assert b"SQLite format 3" not in written
    again = open_store(find_paths(), memory_keychain)
    assert recall(again) == [CANARY]
    again.close()


def test_files_are_readable_by_the_person_alone(
    memory_keychain: MemoryKeychain, guardian_home: Path
) -> None:
    open_store(find_paths(), memory_keychain).close()
    for path in (find_paths().store_file, find_paths().key_file):
        assert path.stat().st_mode & 0o077 == 0
    assert find_paths().data.stat().st_mode & 0o077 == 0


def test_without_a_keyring_nothing_is_written_and_it_says_so(guardian_home: Path) -> None:
    opened = open_store(find_paths(), None)
    assert opened.mode is KeyMode.MEMORY
    assert opened.why is not None
    assert opened.why.code == "keyring-absent"
    remember(opened)
    assert recall(opened) == [CANARY]
    opened.close()
    assert not guardian_home.exists()


def test_a_passphrase_set_in_memory_keeps_what_was_recorded_so_far(guardian_home: Path) -> None:
    opened = open_store(find_paths(), None)
    remember(opened)
    protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    remember(opened, "and more")
    opened.close()
    assert CANARY.encode() not in everything_under(guardian_home)
    again = open_store(find_paths(), None, lambda: PASSPHRASE)
    assert again.mode is KeyMode.PASSPHRASE
    assert recall(again) == [CANARY, "and more"]
    again.close()


def test_a_wrong_passphrase_is_refused_and_changes_nothing() -> None:
    opened = open_store(find_paths(), None)
    protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    opened.close()
    before = find_paths().key_file.read_bytes()
    with pytest.raises(Problem, match="passphrase-wrong"):
        open_store(find_paths(), None, lambda: PASSPHRASE + "x")
    assert find_paths().key_file.read_bytes() == before


def test_skipping_the_passphrase_works_in_memory_and_leaves_the_records() -> None:
    opened = open_store(find_paths(), None)
    remember(opened)
    protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    opened.close()
    skipped = open_store(find_paths(), None)
    assert (skipped.mode, skipped.why and skipped.why.code) == (
        KeyMode.MEMORY,
        "passphrase-skipped",
    )
    skipped.close()
    again = open_store(find_paths(), None, lambda: PASSPHRASE)
    assert recall(again) == [CANARY]
    again.close()


def test_a_passphrase_can_be_changed_and_the_old_one_no_longer_opens() -> None:
    opened = open_store(find_paths(), None)
    remember(opened)
    protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    protect_with_passphrase(find_paths(), opened, None, "another good one")
    opened.close()
    with pytest.raises(Problem, match="passphrase-wrong"):
        open_store(find_paths(), None, lambda: PASSPHRASE)
    again = open_store(find_paths(), None, lambda: "another good one")
    assert recall(again) == [CANARY]
    again.close()


def test_moving_to_a_passphrase_takes_the_key_out_of_the_keyring_and_back(
    memory_keychain: MemoryKeychain,
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    remember(opened)
    protect_with_passphrase(find_paths(), opened, memory_keychain, PASSPHRASE)
    assert memory_keychain.items == {}
    protect_with_keyring(find_paths(), opened, memory_keychain)
    assert len(memory_keychain.items) == 1
    opened.close()
    again = open_store(find_paths(), memory_keychain)
    assert recall(again) == [CANARY]
    again.close()


def test_a_passphrase_typed_in_another_unicode_form_opens_too() -> None:
    opened = open_store(find_paths(), None)
    protect_with_passphrase(find_paths(), opened, None, "Zürich-café-1")
    opened.close()
    again = open_store(find_paths(), None, lambda: "Zu\u0308rich-cafe\u0301-1")
    assert again.mode is KeyMode.PASSPHRASE
    again.close()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("key gone from the keyring", "key-missing"),
        ("key file gone", "key-missing"),
        ("key file nonsense", "key-file-damaged"),
        ("database overwritten", "database-damaged"),
        ("database cut", "database-damaged"),
        ("keyring not there today", "keyring-absent-now"),
        ("key file from the future", "store-newer"),
    ],
)
def test_whatever_is_wrong_the_records_are_left_alone(
    harm: str, code: str, memory_keychain: MemoryKeychain
) -> None:
    paths = find_paths()
    opened = open_store(paths, memory_keychain)
    remember(opened)
    opened.close()
    if harm == "key gone from the keyring":
        memory_keychain.items.clear()
    elif harm == "key file gone":
        paths.key_file.unlink()
    elif harm == "key file nonsense":
        paths.key_file.write_bytes(b"{\x00")
    elif harm == "key file from the future":
        paths.key_file.write_bytes(b'{"id":"1","mode":"keyring","format":2}')
    elif harm == "database overwritten":
        paths.store_file.write_bytes(os.urandom(8192))
    elif harm == "database cut":
        paths.store_file.write_bytes(paths.store_file.read_bytes()[:5000])
    before = paths.store_file.read_bytes()
    keychain = None if harm == "keyring not there today" else memory_keychain
    again = open_store(paths, keychain)
    assert again.mode is KeyMode.MEMORY
    assert again.why is not None
    assert again.why.code == code
    again.close()
    assert paths.store_file.read_bytes() == before


def test_records_from_a_newer_guardian_are_refused_unchanged(
    memory_keychain: MemoryKeychain,
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    opened.migrate("test", (*TABLE, "ALTER TABLE notes ADD COLUMN more TEXT"))
    with pytest.raises(Problem, match="store-newer"):
        opened.migrate("test", TABLE)
    opened.close()


def test_migrations_run_once_in_order_and_from_every_old_version() -> None:
    steps = (
        "CREATE TABLE a (x); INSERT INTO a VALUES (1)",
        "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = 2",
        "CREATE TABLE b (z)",
    )
    for start in range(len(steps) + 1):
        opened = open_in_memory()
        opened.migrate("p", steps[:start])
        opened.migrate("p", steps)
        opened.migrate("p", steps)
        assert opened.rows("SELECT x, y FROM a") == [(1, 2)]
        opened.close()


def test_a_migration_that_fails_leaves_the_version_before_it() -> None:
    opened = open_in_memory()
    opened.migrate("p", ("CREATE TABLE a (x)",))
    with pytest.raises(store.driver.OperationalError):
        opened.migrate("p", ("CREATE TABLE a (x)", "INSERT INTO a VALUES (1); nonsense"))
    assert opened.rows("SELECT * FROM a") == []
    opened.close()


def test_a_transaction_happens_whole_or_not_at_all() -> None:
    opened = open_in_memory()
    opened.run("CREATE TABLE a (x)")
    with pytest.raises(RuntimeError), opened.transaction() as do:
        do("INSERT INTO a VALUES (1)")
        raise RuntimeError
    assert opened.rows("SELECT * FROM a") == []
    opened.close()


def test_several_threads_may_write_at_once(memory_keychain: MemoryKeychain) -> None:
    opened = open_store(find_paths(), memory_keychain)
    opened.run("CREATE TABLE a (x)")

    def write() -> None:
        for number in range(20):
            opened.run("INSERT INTO a VALUES (?)", number)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened.rows("SELECT count(*) FROM a") == [(80,)]
    opened.close()


def test_deleting_the_records_deletes_file_and_key(memory_keychain: MemoryKeychain) -> None:
    opened = open_store(find_paths(), memory_keychain)
    remember(opened)
    forget_everything(find_paths(), opened, memory_keychain)
    assert memory_keychain.items == {}
    assert [path.name for path in find_paths().data.iterdir()] == ["records.lock"]
    fresh = open_store(find_paths(), memory_keychain)
    assert recall(fresh) == []
    fresh.close()


def test_a_crash_in_the_middle_of_writing_loses_nothing_committed(guardian_home: Path) -> None:
    script = (
        "import os, sys\n"
        "from guardian.core import keys\n"
        "keys.SCRYPT_N = 2**10\n"
        "from guardian.core.paths import find_paths\n"
        "from guardian.core.store import *\n"
        "s = open_in_memory()\n"
        "s.run('CREATE TABLE notes (text TEXT)')\n"
        f"s.run('INSERT INTO notes VALUES (?)', '{CANARY}')\n"
        f"protect_with_passphrase(find_paths(), s, None, '{PASSPHRASE}')\n"
        "with s.transaction() as do:\n"
        "    do('DELETE FROM notes')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -9
    again = open_store(find_paths(), None, lambda: PASSPHRASE)
    assert [row[0] for row in again.rows("SELECT text FROM notes")] == [CANARY]
    again.close()


def test_a_home_that_cannot_be_written_to_means_memory(
    memory_keychain: MemoryKeychain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "a-file-not-a-folder"
    blocker.write_text("")
    monkeypatch.setenv("GUARDIAN_HOME", str(blocker))
    opened = open_store(find_paths(), memory_keychain)
    assert opened.mode is KeyMode.MEMORY
    assert memory_keychain.items == {}, "a key for records that do not exist was left behind"
    opened.close()


def test_a_full_disk_during_a_save_is_said_and_loses_nothing(
    memory_keychain: MemoryKeychain,
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    remember(opened)
    (pages,) = opened.rows("PRAGMA page_count")[0]
    opened.rows(f"PRAGMA max_page_count = {pages}")  # SQLite's own way of running out of room
    with pytest.raises(Problem) as caught:
        remember(opened, "x" * 200_000)
    assert caught.value.code == "disk-full"
    assert recall(opened) == [CANARY]
    opened.close()


def test_two_processes_starting_for_the_first_time_end_up_with_the_same_records(
    guardian_home: Path, tmp_path: Path
) -> None:
    """Both find nothing; one makes the records, the other opens what the first one made."""
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from guardian.core.paths import find_paths\n"
        "from guardian.core.store import open_store\n"
        "class FileKeychain:\n"
        "    place = Path(sys.argv[1])\n"
        "    def get(self, name):\n"
        "        file = self.place / name\n"
        "        return file.read_text() if file.exists() else None\n"
        "    def set(self, name, secret):\n"
        "        time.sleep(0.3)\n"
        "        (self.place / name).write_text(secret)\n"
        "    def delete(self, name):\n"
        "        (self.place / name).unlink(missing_ok=True)\n"
        "opened = open_store(find_paths(), FileKeychain())\n"
        "opened.run('CREATE TABLE IF NOT EXISTS seen (who)')\n"
        "opened.run('INSERT INTO seen VALUES (?)', sys.argv[2])\n"
        "print(opened.mode.value, opened.why)\n"
        "opened.close()\n"
    )
    place = tmp_path / "keys"
    place.mkdir()
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(place), who], stdout=subprocess.PIPE, text=True
        )
        for who in ("one", "other", "third")
    ]
    assert [run.communicate()[0] for run in runs] == ["keyring None\n"] * 3
    assert len(list(place.iterdir())) == 1
    entry = keys.read_key_file(find_paths().key_file)
    assert entry is not None
    chain = MemoryKeychain()
    chain.items = {file.name: file.read_text() for file in place.iterdir()}
    opened = open_store(find_paths(), chain)
    assert {row[0] for row in opened.rows("SELECT who FROM seen")} == {"one", "other", "third"}
    opened.close()


@pytest.mark.parametrize("step", ["write_key_file", "save_copy", "connect"])
def test_setting_a_passphrase_that_fails_half_way_can_be_tried_again(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_store(find_paths(), None)
    remember(opened)
    owner = keys if step == "write_key_file" else store
    before = getattr(owner, step)

    def refuse(*_: object) -> None:
        raise Problem("disk-full", name="records.db")

    monkeypatch.setattr(owner, step, refuse)
    with pytest.raises(Problem, match="disk-full"):
        protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    monkeypatch.setattr(owner, step, before)
    assert not find_paths().store_file.exists()
    assert not find_paths().key_file.exists()
    assert recall(opened) == [CANARY]
    protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    opened.close()
    again = open_store(find_paths(), None, lambda: PASSPHRASE)
    assert recall(again) == [CANARY]
    again.close()


def test_a_keyring_that_will_not_let_go_of_the_key_is_said(
    memory_keychain: MemoryKeychain,
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    remember(opened)
    with pytest.raises(Problem, match="key-left-in-keyring"):
        protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    assert opened.mode is KeyMode.PASSPHRASE, "the passphrase is set all the same"
    opened.close()
    again = open_store(find_paths(), None, lambda: PASSPHRASE)
    assert recall(again) == [CANARY]
    again.close()


def test_a_folder_that_may_not_be_looked_into_is_not_taken_for_an_empty_one(
    memory_keychain: MemoryKeychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    remember(opened)
    opened.close()
    look = Path.stat

    def forbidden(path: Path, **options: object) -> os.stat_result:
        if path.is_relative_to(find_paths().data):
            raise PermissionError(13, "Permission denied")
        return look(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "stat", forbidden)
    barred = open_store(find_paths(), memory_keychain)
    monkeypatch.undo()
    assert (barred.mode, barred.why and barred.why.code) == (KeyMode.MEMORY, "no-permission")
    barred.close()


def test_a_fault_of_our_own_is_not_told_as_damage() -> None:
    opened = open_in_memory()
    with pytest.raises(store.driver.OperationalError):
        opened.rows("SELECT * FROM not_there")
    opened.close()
    with pytest.raises(store.driver.ProgrammingError):
        opened.rows("SELECT 1")


def test_a_wrapped_key_of_the_wrong_length_is_damage_and_no_wrong_passphrase() -> None:
    opened = open_store(find_paths(), None)
    protect_with_passphrase(find_paths(), opened, None, PASSPHRASE)
    opened.close()
    path = find_paths().key_file
    text = path.read_text()
    start = text.index('"key":"') + 7
    path.write_text(text[:start] + "AAAA" + text[text.index('"', start) :])
    damaged = open_store(find_paths(), None, lambda: PASSPHRASE)
    assert damaged.why is not None
    assert damaged.why.code == "key-file-damaged"
    damaged.close()


def test_a_hostile_key_file_cannot_eat_the_memory() -> None:
    with pytest.raises(Problem, match="key-file-damaged"):
        keys.derive("x" * 8, b"s" * 16, 2**30, 8)
    with pytest.raises(Problem, match="key-file-damaged"):
        keys.derive("x" * 8, b"s" * 16, 2**14 + 1, 8)


@given(st.binary(max_size=300))
def test_any_key_file_is_read_or_refused_with_a_problem(content: bytes) -> None:
    path = find_paths().key_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    try:
        keys.read_key_file(path)
    except Problem as problem:
        assert problem.code in ("key-file-damaged", "store-newer")


def test_the_file_cannot_be_opened_as_an_ordinary_database(
    memory_keychain: MemoryKeychain,
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    remember(opened)
    opened.close()
    plain = sqlite3.connect(find_paths().store_file)
    with pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM sqlite_master").fetchall()
    plain.close()


def test_a_disk_that_no_longer_writes_is_not_called_damage() -> None:
    problem = mendable_database_error(OSError("disk I/O error"), "records.db")
    assert problem is not None and problem.code == "database-refused"
