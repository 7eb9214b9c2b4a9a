"""Broken, huge, locked and odd browser files: named, left alone, and the rest is read."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from accounts_home import by_site, snapshot
from spoiling import COMMON, JSON_ONLY, SQL_ONLY, Spoil

from guardian.accounts.model import Found
from guardian.accounts.service import AccountsService
from guardian.accounts.sources import files
from guardian.core.errors import Cancelled, Problem
from guardian.core.files import alone
from guardian.core.jobs import report_nothing
from guardian.core.words import Message, Words


def refused(found: Found) -> list[tuple[str, str]]:
    """Source and code of all that was not read; its sentences must exist."""
    words = Words()
    for one in found.not_read:
        for sentence in (one.what, one.todo):
            assert isinstance(sentence, Message)
            assert sentence.code in words
            assert "{" not in words.tell(sentence)
    return [(one.source.browser, one.code) for one in found.not_read]


@pytest.mark.parametrize(("spoil", "code"), COMMON + JSON_ONLY)
def test_a_spoilt_firefox_file_is_named_and_the_rest_is_read(
    allowed: AccountsService, firefox_profile: Path, spoil: Spoil, code: str
) -> None:
    spoil(firefox_profile / "logins.json")
    found = allowed.find(report_nothing)
    assert refused(found) == [("Firefox", code)]
    assert "dropbox.com" in by_site(found)
    assert "example.org" not in by_site(found)


@pytest.mark.parametrize(("spoil", "code"), COMMON + SQL_ONLY)
def test_a_spoilt_chromium_file_is_named_and_the_rest_is_read(
    allowed: AccountsService, chromium_profile: Path, spoil: Spoil, code: str
) -> None:
    spoil(chromium_profile / "Login Data")
    found = allowed.find(report_nothing)
    assert refused(found) == [("Chromium", code)]
    assert "example.org" in by_site(found)
    assert "linkedin.com" not in by_site(found)


def test_a_file_that_may_not_be_read_is_named(
    allowed: AccountsService, monkeypatch: pytest.MonkeyPatch, firefox_profile: Path
) -> None:
    """Root may read all, so the system's refusal is played."""
    really = os.open

    def refuse(path: str | Path, *rest: object, **more: object) -> int:
        if Path(path).name in ("logins.json", "Login Data"):
            raise PermissionError(13, "Permission denied")
        return really(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(files.os, "open", refuse)
    found = allowed.find(report_nothing)
    assert {code for _, code in refused(found)} == {"browser-no-permission"}
    assert not found.accounts


def test_a_root_folder_that_cannot_be_listed_is_named(
    service: AccountsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name == "chromium":
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    found = service.find(report_nothing)
    assert refused(found) == [("Chromium", "browser-no-permission")]
    assert len(found.not_allowed) == 3


def test_rows_that_make_no_sense_are_counted_and_the_others_read(
    allowed: AccountsService, firefox_profile: Path, chromium_profile: Path
) -> None:
    file = firefox_profile / "logins.json"
    content = json.loads(file.read_text())
    content["logins"] += [7, None, {"hostname": 5}, {}, {"hostname": "https://bad.example\x00["}]
    file.write_text(json.dumps(content))
    with closing(sqlite3.connect(chromium_profile / "Login Data")) as database, database:
        database.execute(
            "UPDATE logins SET origin_url = '', signon_realm = x'ff00'"
            " WHERE origin_url LIKE '%linkedin%' AND username_value LIKE 'off%'"
        )
    found = allowed.find(report_nothing)
    counts = {one.source.browser: one.facts["count"] for one in found.not_read}
    assert counts == {"Firefox": 4, "Chromium": 1}
    assert {code for _, code in refused(found)} == {"browser-rows-odd"}
    assert len(found.read) == 6
    assert len(found.accounts) == 12


def test_lists_of_profiles_that_make_no_sense_do_not_hide_profiles(
    allowed: AccountsService, home: Path
) -> None:
    for list_file in (*home.rglob("profiles.ini"), *home.rglob("Local State")):
        list_file.write_bytes(b"\xff\xfe[[[not a list")
    assert len(allowed.sources()) == 6
    found = allowed.find(report_nothing)
    assert len(found.accounts) == 12
    assert refused(found) == [("Firefox", "browser-list-unread")]


@pytest.mark.parametrize("family", [".mozilla/firefox", ".config/chromium"])
def test_a_folder_whose_place_is_closed_counts_as_refused_not_as_absent(
    service: AccountsService, home: Path, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    """Root may look anywhere, so the system's refusal is played."""
    really, really_list, closed = Path.stat, Path.iterdir, home / family

    def refuse(path: Path, **more: bool) -> os.stat_result:
        if path == closed or closed in path.parents:
            raise PermissionError(13, "Permission denied")
        return really(path, **more)

    def refuse_list(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return really_list(path)

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "iterdir", refuse_list)
    _, places = service.survey()
    assert [(one.code, one.listing) for one in places] == [("browser-no-permission", True)]


def test_a_list_that_lets_nobody_look_at_its_folders_is_refused(
    service: AccountsService, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder may give its names and nothing more."""
    closed = home / ".config/chromium"
    for name in ("stat", "lstat"):
        really = getattr(Path, name)

        def refuse(path: Path, really: Callable[..., object] = really, **more: bool) -> object:
            if closed in path.parents:
                raise PermissionError(13, "Permission denied")
            return really(path, **more)

        monkeypatch.setattr(Path, name, refuse)
    _, places = service.survey()
    assert [one.source.path for one in places] == [closed]


def test_a_home_without_browsers_gives_an_empty_answer(
    service: AccountsService, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    found = service.find_elsewhere(bare, {"x"}, report_nothing)
    assert (found.accounts, found.read, found.not_read) == ((), (), ())


WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode = " + sys.argv[2])
database.execute("PRAGMA wal_autocheckpoint = 0")
database.execute("PRAGMA locking_mode = EXCLUSIVE")
database.execute("BEGIN IMMEDIATE")
database.execute("UPDATE logins SET username_value = 'moved' WHERE username_value = 'anna'")
if sys.argv[2] == "WAL": database.execute("COMMIT")
else: database.execute("PRAGMA cache_spill = 1")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(("mode", "name"), [("WAL", "moved"), ("DELETE", "anna")])
def test_a_database_in_use_is_read_as_last_saved_and_no_copy_stays(
    allowed: AccountsService, home: Path, memory: Path, mode: str, name: str
) -> None:
    """What a running browser has saved counts, what it is in the middle of does not."""
    file = home / ".config/chromium/Default/Login Data"
    command = [sys.executable, "-c", WRITER, str(file), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        before = snapshot(home)
        found = allowed.find(report_nothing)
        assert snapshot(home) == before
        writer.kill()
    assert by_site(found)["github.com"].usernames == (name,)
    assert not found.not_read
    assert list(memory.iterdir()) == []


def test_a_database_that_never_stands_still_is_named_busy(
    allowed: AccountsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(range(1000))
    monkeypatch.setattr(files, "state", lambda _path: [(0, next(times))])
    monkeypatch.setattr(files.time, "sleep", lambda _seconds: None)
    found = allowed.find(report_nothing)
    assert {code for _, code in refused(found)} == {"browser-file-busy"}
    assert "example.org" in by_site(found)


def test_a_private_copy_left_by_a_killed_reading_is_removed_by_the_next_search(
    service: AccountsService, memory: Path
) -> None:
    """One that another search still reads stays, however old it is."""
    left, new, read = (memory / f"guardian-read-{name}" for name in ("left", "new", "read"))
    for folder in (left, new, read):
        folder.mkdir()
        (folder / "Login Data").write_text("x")
    with alone(read / files.IN_USE, 0):
        for folder in (left, read):
            os.utime(folder, (1, 1))
        service.sources()
    assert sorted(memory.iterdir()) == [new, read]


def test_a_reading_that_is_killed_leaves_a_copy_that_the_next_search_removes(
    allowed: AccountsService, home: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".config/chromium/Default/Login Data-wal").write_bytes(b"x")
    code = (
        "import os, sys, pathlib\n"
        "from guardian.accounts.sources import files\n"
        "with files.private_copy(pathlib.Path(sys.argv[1]), lambda: None, 10**9):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    file = home / ".config/chromium/Default/Login Data"
    subprocess.run([sys.executable, "-c", code, str(file)], check=False)
    assert [one.name for one in memory.glob("*/*")]
    monkeypatch.setattr(files, "STALE_SECONDS", -1)
    allowed.find(report_nothing)
    assert list(memory.iterdir()) == []


def test_a_journal_that_names_another_file_does_not_make_sqlite_delete_it(
    allowed: AccountsService, home: Path, tmp_path: Path, memory: Path
) -> None:
    """Of a change to several files at once, SQLite removes what joins them when it is undone."""
    file, victim = home / ".config/chromium/Default/Login Data", tmp_path / "precious"
    victim.write_text("x")
    command = [sys.executable, "-c", WRITER, str(file), "DELETE"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        writer.kill()
    name = os.fsencode(victim)
    number = (2**30 // 4096 + 1).to_bytes(4, "big")
    tail = number + name + len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big")
    with file.with_name("Login Data-journal").open("ab") as journal:
        journal.write(tail + bytes.fromhex("d9d505f920a163d7"))
    found = allowed.find(report_nothing)
    assert victim.exists()
    assert refused(found) == [("Chromium", "browser-file-busy")]
    assert list(memory.iterdir()) == []


def test_a_file_that_becomes_a_device_meanwhile_is_not_read_without_end() -> None:
    with pytest.raises(Problem) as caught:
        files.open_plainly(Path("/dev/zero"))
    assert caught.value.code == "browser-file-odd"


def test_a_list_that_names_impossible_folders_hides_no_profile(
    allowed: AccountsService, home: Path
) -> None:
    root = home / ".config/mozilla/firefox"
    (root / "loop").symlink_to("loop")
    with (root / "profiles.ini").open("a") as file:
        for number, place in enumerate(("loop", "long" * 2000)):
            file.write(f"\n[Profile{number + 7}]\nName=x\nPath={place}\n")
    found = allowed.find(report_nothing)
    assert len(found.accounts) == 12
    assert [one.path.name for one in found.not_allowed] == ["loop", "loop"]


def test_names_of_any_length_stay_short(home: Path, service: AccountsService) -> None:
    firefox, chromium = home / ".config/mozilla/firefox", home / ".config/chromium"
    (firefox / "profiles.ini").write_text(
        f"[Profile0]\nName=a\n b{'c' * 9999}\nPath=cocp8dt2.work\n"
    )
    names = {"Default": {"name": "d" * 9999}, "Profile 1": {"name": {"e": [1]}}, "x": 7}
    (chromium / "Local State").write_text(json.dumps({"profile": {"info_cache": names}}))
    with closing(sqlite3.connect(chromium / "Default/Login Data")) as database, database:
        database.execute("UPDATE logins SET username_value = ? || rowid", ("x" * 10**6,))
    found = service.find_this_once([one.source.key for one in service.sources()], report_nothing)
    profiles = {one.profile for one in found.read}
    assert {f"a b{'c' * 56}…", f"{'d' * 59}…", "Profile 1"} < profiles
    assert all(len(name) < 100 for one in found.accounts for name in one.usernames)


def test_a_search_can_be_stopped_and_then_remembers_nothing(allowed: AccountsService) -> None:
    calls = iter(range(1000))

    def stop(_done: int, _total: int, _note: Message | None = None, /) -> None:
        if next(calls) == 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        allowed.find(stop)
    assert allowed.known() is None


def test_a_long_query_can_be_stopped(tmp_path: Path) -> None:
    file = tmp_path / "slow"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE sheep (name TEXT)")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    calls = iter(range(1000))

    def stop() -> None:
        if next(calls) == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        files.query(file, lambda database: database.execute(endless).fetchall(), stop)


SECRETS = [
    "SELECT password_value FROM logins",
    "SELECT * FROM logins",
    "SELECT form_data FROM logins",
    "SELECT possible_username_pairs FROM logins",
    "SELECT value FROM password_notes",
    "SELECT count(*) FROM logins WHERE password_value LIKE 'a%'",
]


@pytest.mark.parametrize("sql", SECRETS)
def test_sqlite_itself_refuses_to_give_a_password(chromium_profile: Path, sql: str) -> None:
    with pytest.raises(Problem):
        files.query(
            chromium_profile / "Login Data",
            lambda database: database.execute(sql).fetchall(),
            lambda: None,
        )
