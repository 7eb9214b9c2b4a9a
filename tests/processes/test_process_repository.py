"""What is remembered of programs: kept encrypted, moved on from every old version, never a trap."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guardian.core.errors import Problem
from guardian.core.paths import find_paths
from guardian.core.store import Store, open_in_memory, open_store
from guardian.processes.judging import usual_of
from guardian.processes.model import Known
from guardian.processes.repository import MIGRATIONS, ProcessRepository
from guardian.processes.sources import OwnerCache
from tests.memory_keychain import MemoryKeychain
from tests.processes.builders import judge, process

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KNOWN = Known("id", ("runs-from-temp",), "/tmp/x", None, None, None, NOW, "mine")
TABLES = {
    "process_scans": "(id, scan) VALUES (1, ?)",
    "process_baselines": "VALUES (0, ?)",
    "process_known": "VALUES ('id', ?)",
    "process_owners": "VALUES (1, ?)",
}


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_records_of_every_old_version_are_taken_along(store: Store, version: int) -> None:
    store.migrate("processes", MIGRATIONS[:version])
    if version:
        store.run("INSERT INTO process_scans VALUES (1, ?)", b"{}")
    records = ProcessRepository(store)
    scan = judge(process(pid=2, exe="/tmp/x", owner=None))
    records.save(scan)
    assert records.last() == replace(scan, programs=(), running=())
    assert records.known() == ()
    assert records.baseline(as_admin=False) is None


def test_everything_comes_back_as_it_was_kept(store: Store) -> None:
    records = ProcessRepository(store)
    usual = usual_of(judge(process()))
    records.save_baseline(usual, as_admin=False)
    records.know(KNOWN, replace(KNOWN, identity="other"))
    records.know(replace(KNOWN, note="again"))
    cache = OwnerCache("stamp", {"/bin/sh": "dash", "/tmp/x": None})
    records.save_owners(cache)
    assert records.baseline(as_admin=False) == usual
    assert records.baseline(as_admin=True) is None
    assert {each.identity: each.note for each in records.known()} == {
        "id": "again",
        "other": "mine",
    }
    assert records.owners() == cache
    records.forget("id")
    records.forget_baselines()
    assert [each.identity for each in records.known()] == ["other"]
    assert records.baseline(as_admin=False) is None


def test_half_a_sign_in_a_note_is_kept_as_a_mark(store: Store) -> None:
    records = ProcessRepository(store)
    records.know(replace(KNOWN, note="mine \udcff\ud800", image="/tmp/ü"))
    (known,) = records.known()
    assert (known.note, known.image, known.when) == ("mine ??", "/tmp/ü", KNOWN.when)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"unknown": []}', b'{"taken": 1}', b"\xff"])
@pytest.mark.parametrize("table", TABLES)
def test_damaged_records_count_as_not_there(store: Store, table: str, raw: bytes) -> None:
    records = ProcessRepository(store)
    store.run(f"INSERT INTO {table} {TABLES[table]}", raw)
    assert records.last() is None
    assert records.baseline(as_admin=False) is None
    assert records.known() == ()
    assert records.owners() == OwnerCache()


def test_what_is_known_is_kept_whole_or_not_at_all(store: Store) -> None:
    records = ProcessRepository(store)
    with pytest.raises(AttributeError):
        records.know(KNOWN, None)  # type: ignore[arg-type]
    assert records.known() == ()


def test_a_full_disk_leaves_the_look_before(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    records = ProcessRepository(store)
    before = judge(process(pid=2, exe="/tmp/x", owner=None))
    records.save(before)
    store.rows("PRAGMA max_page_count = 1")
    with pytest.raises(Problem) as caught:
        records.save(replace(before, unread=("x" * 500_000,)))
    assert caught.value.code == "disk-full"
    last = records.last()
    assert last is not None
    assert last.findings == before.findings


def test_two_guardians_at_once_share_what_is_remembered(
    memory_keychain: MemoryKeychain,
) -> None:
    with (
        closing(open_store(find_paths(), memory_keychain)) as one,
        closing(open_store(find_paths(), memory_keychain)) as two,
    ):
        here, there = ProcessRepository(one), ProcessRepository(two)
        scan = judge(process(pid=2, exe="/tmp/x", owner=None))

        def keep(records: ProcessRepository, name: str) -> None:
            for number in range(10):
                records.save(scan)
                records.know(replace(KNOWN, identity=f"{name}{number}"))

        with ThreadPoolExecutor(2) as both:
            work = [both.submit(keep, here, "a"), both.submit(keep, there, "b")]
        assert [each.result() for each in work] == [None, None]
        assert len(here.known()) == 20
        assert here.known() == there.known()
        assert here.last() == there.last()
