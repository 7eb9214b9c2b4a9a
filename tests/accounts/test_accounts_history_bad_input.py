"""Hostile, broken, huge and busy histories: named, left alone, and the rest is read."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from accounts_home import NOW, snapshot
from histories import FAMILIES, Step, ask, day, entries, read_profile, write_history
from spoiling import COMMON, Spoil, misname, other_tables

from guardian.accounts.model import EvidenceKind, Source, SourceKind
from guardian.accounts.sources import (
    chromium_history,
    files,
    find_sources,
    firefox_history,
    read_source,
    visits,
)
from guardian.core.errors import Cancelled
from guardian.core.words import Words

VISIT, SIGN_IN = EvidenceKind.VISIT, EvidenceKind.SIGN_IN_WITH
BOTH = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__[-15:])

HOSTILE = [
    "javascript:alert(1)", "data:text/html,x", "file:///home/anna", "chrome://settings/",
    "about:config", "moz-extension://x/y", "https://", "https://[", "https:///x", "http://\x00/",
    "https://\udcffx/".encode("utf-8", "replace").decode(), "", "x" * 100_000,
    "https://" + "a" * 70_000 + "/", "https://e\u202evil.example/", "=cmd|'/c calc'!A1",
]  # fmt: skip


@BOTH
def test_hostile_addresses_spoil_nothing(family: ModuleType, tmp_path: Path) -> None:
    file = write_history(
        family,
        tmp_path,
        [Step(one, day("2026-10-01")) for one in [*HOSTILE, "https://good.example/"]],
    )
    _, _, _, pages, _, newest = FAMILIES[family]
    with closing(sqlite3.connect(file)) as database, database:
        for odd in (None, 7, b"https://\xff\xfe.example/", b"\x00" * 50):
            row = (odd, database.execute(f"SELECT {newest} FROM {pages}").fetchone()[0])
            database.execute(f"INSERT INTO {pages} (url, {newest}) VALUES (?, ?)", row)
    reading = read_profile(family, tmp_path)
    assert reading.read
    assert not reading.problems
    assert "https://good.example" in entries(reading, VISIT)
    assert all(one.address.startswith("https://") for one in reading.entries)


@BOTH
@pytest.mark.parametrize("gone", ["hidden", "visit_count", "from_visit", "whole table"])
def test_other_versions_of_the_tables_are_read_as_far_as_they_go(
    family: ModuleType, tmp_path: Path, gone: str
) -> None:
    start = day("2026-10-01")
    steps = [Step(ask("a.example"), start), Step("https://a.example/", start, 1)]
    file = write_history(family, tmp_path, steps)
    _, _, _, pages, visits, _ = FAMILIES[family]
    with closing(sqlite3.connect(file)) as database, database:
        indexes = database.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()
        for (name,) in indexes:
            database.execute(f"DROP INDEX {name}")
        if gone == "whole table":
            database.execute(f"DROP TABLE {visits}")
        else:
            table = visits if gone == "from_visit" else pages
            database.execute(f"ALTER TABLE {table} DROP COLUMN {gone}")
    reading = read_profile(family, tmp_path)
    assert not reading.problems
    assert entries(reading, VISIT)["https://a.example"].evidence.last_used == start
    assert bool(entries(reading, SIGN_IN)) == (gone in ("hidden", "visit_count"))


def test_a_long_name_before_the_host_is_not_taken_for_the_host(tmp_path: Path) -> None:
    steps = [
        Step(f"https://bank.example:{'a' * 400}@evil.example/", day("2026-10-01")),
        Step("https://anna:hunter2@good.example/", day("2026-10-01")),
    ]
    write_history(chromium_history, tmp_path, steps)
    reading = read_profile(chromium_history, tmp_path)
    assert [one.address for one in reading.entries] == ["https://good.example"]
    assert "hunter2" not in repr(reading)


@BOTH
def test_numbers_that_are_none_and_addresses_cut_short_spoil_nothing(
    family: ModuleType, tmp_path: Path
) -> None:
    start = day("2026-10-01")
    steps = [Step("https://a.example", start), Step(ask("a.example"), start, 1)]
    file = write_history(family, tmp_path, [*steps, Step("https://a.example/cb", start, 2)])
    _, _, _, pages, visits, newest = FAMILIES[family]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            f"INSERT INTO {pages} (url, {newest}) SELECT"
            f" CAST('https://b.example' || char(0) || '.a.example/' AS BLOB), {newest} FROM {pages}"
        )
        database.execute(
            f"INSERT INTO {pages} (url, {newest}) SELECT 'https://b.example', {newest} FROM {pages}"
        )
        database.execute(f"CREATE TABLE odd AS SELECT * FROM {visits}")
        database.execute(f"DROP TABLE {visits}")
        database.execute(f"ALTER TABLE odd RENAME TO {visits}")
        for odd in (None, "x", b"\xff", 1.5):
            database.execute(f"INSERT INTO {visits} SELECT * FROM {visits} LIMIT 3")
            database.execute(f"UPDATE {visits} SET id = ? WHERE rowid % 5 = 0", (odd,))
    reading = read_profile(family, tmp_path)
    assert not reading.problems
    assert entries(reading, VISIT)["https://a.example"].evidence.last_used == start


FILES = [
    ("History", chromium_history), ("DIPS", chromium_history),
    ("places.sqlite", firefox_history), ("formhistory.sqlite", firefox_history),
]  # fmt: skip


@pytest.mark.parametrize(
    "spoilt", [*COMMON, (misname, "browser-file-damaged"), (other_tables, "browser-file-unknown")]
)
@pytest.mark.parametrize(("name", "family"), FILES)
def test_a_spoilt_file_is_named_once_and_the_others_are_read(
    chromium_visits: Path,
    firefox_visits: Path,
    name: str,
    family: ModuleType,
    spoilt: tuple[Spoil, str],
) -> None:
    spoil, code = spoilt
    profile = chromium_visits if family is chromium_history else firefox_visits
    spoil(profile / name)
    reading = read_profile(family, profile)
    assert [one.code for one in reading.problems] == [code]
    assert reading.read
    assert code in ("file-missing",) or reading.problems[0].facts["name"] == name
    words = Words()
    for sentence in (reading.problems[0].what, reading.problems[0].todo):
        assert "{" not in words.tell(sentence)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "browser-file-empty"),
        (b"{", "browser-file-damaged"),
        (b"\xff\xfe", "browser-file-damaged"),
        (b'{"a":' + b"[" * 100_000, "browser-file-damaged"),
        (b"[]", "browser-file-unknown"),
        (b'{"profile": 7}', "browser-file-unknown"),
        (b'{"a": [' + b"0," * 4_000_001 + b"0]}", "browser-file-huge"),
        (b"{}", None),
    ],
)
def test_spoilt_settings_are_named_and_the_visits_stay(
    chromium_visits: Path, raw: bytes, code: str | None
) -> None:
    (chromium_visits / "Preferences").write_bytes(raw)
    reading = read_profile(chromium_history, chromium_visits)
    assert [one.code for one in reading.problems] == ([code] if code else [])
    assert entries(reading, VISIT)


def test_a_spoilt_list_of_shared_logins_is_named_and_the_logins_stay(visits_home: Path) -> None:
    for file in visits_home.rglob("Affiliation Database"):
        other_tables(file)
    source = next(
        one for one in find_sources(visits_home, {})[0] if one.kind is SourceKind.CHROMIUM
    )
    reading = read_source(source, NOW, lambda: None)
    assert [one.code for one in reading.problems] == ["browser-file-unknown"]
    assert len(reading.entries) == 3


@BOTH
def test_visits_not_yet_in_the_file_are_seen_and_no_copy_stays(
    family: ModuleType, tmp_path: Path, memory: Path
) -> None:
    """As while Firefox runs: the newest visits lie in a file beside, which must stay as it is."""
    file = write_history(family, tmp_path / "p", [Step("https://a.example/", day("2026-01-01"))])
    _, _, _, pages, _, newest = FAMILIES[family]
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"UPDATE {pages} SET {newest} = {newest} + 86400000000")
        before = snapshot(tmp_path / "p")
        assert file.with_name(file.name + "-wal") in before
        found = entries(read_profile(family, tmp_path / "p"), VISIT)
        assert snapshot(tmp_path / "p") == before
    assert found["https://a.example"].evidence.last_used == day("2026-01-02")
    assert list(memory.iterdir()) == []


def test_without_room_in_memory_no_copy_goes_to_the_disk(
    tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_history(chromium_history, tmp_path / "p", [])
    file.with_name("History-journal").write_bytes(b"x")
    monkeypatch.setattr(files, "SPARE", 2**62)
    reading = read_profile(chromium_history, tmp_path / "p")
    assert [one.code for one in reading.problems] == ["browser-no-room"]
    assert not reading.read
    assert "{" not in Words().tell(reading.problems[0].what)
    assert list(memory.iterdir()) == []


def test_a_place_in_memory_that_fills_up_meanwhile_is_named_as_such(
    tmp_path: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_history(chromium_history, tmp_path / "p", [])
    file.with_name("History-journal").write_bytes(b"x")

    def refuse(*_rest: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for owner, name in ((files, "copy"), (files.tempfile, "mkdtemp")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, refuse)
            reading = read_profile(chromium_history, tmp_path / "p")
        assert [one.code for one in reading.problems] == ["browser-no-room"]
    assert list(memory.iterdir()) == []


def test_a_history_that_takes_too_long_is_named_and_nothing_half_read(
    chromium_visits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Step(f"https://a{one}.example/", day("2026-10-01")) for one in range(20_000)]
    (chromium_visits / "History").unlink()
    write_history(chromium_history, chromium_visits, many)
    monkeypatch.setattr(files, "MAX_SECONDS", 0.0)
    reading = read_profile(chromium_history, chromium_visits)
    assert reading.problems[0].code == "browser-file-slow"
    assert not [one for one in reading.entries if one.address == "https://a1.example"]


@BOTH
def test_a_history_of_more_sites_than_a_person_knows_is_named(
    family: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "MAX_HOSTS", 10)
    steps = [Step(f"https://a{one}.example/", day("2026-10-01")) for one in range(11)]
    write_history(family, tmp_path / "many", steps)
    write_history(family, tmp_path / "enough", steps[:10])
    reading = read_profile(family, tmp_path / "many")
    assert [one.code for one in reading.problems] == ["browser-sites-many"]
    assert not reading.entries
    assert "{" not in Words().tell(reading.problems[0].what)
    assert len(read_profile(family, tmp_path / "enough").entries) == 10


@BOTH
def test_reading_a_long_history_can_be_stopped_at_any_time(
    family: ModuleType, tmp_path: Path
) -> None:
    steps = [Step(f"https://a{one}.example/", day("2026-10-01")) for one in range(8_000)]
    write_history(family, tmp_path, steps)
    source = Source("key", "Browser", "p", family.KIND, tmp_path)
    calls = 0

    def tick() -> None:
        nonlocal calls
        calls += 1

    family.read(source, NOW, tick)
    assert calls > 5
    for moment in range(0, calls, max(calls // 8, 1)):
        left = iter(range(moment))

        def stop(left: object = left) -> None:
            if next(left, None) is None:  # type: ignore[call-overload]
                raise Cancelled

        with pytest.raises(Cancelled):
            family.read(source, NOW, stop)
