"""A search leaves no trace and tells no secret: what it opens, where it writes, what it keeps."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from accounts_home import CANARY, FIXTURE, NOW, VISITS, snapshot

from guardian.accounts.report import to_csv
from guardian.accounts.repository import AccountsRepository
from guardian.accounts.service import AccountsService
from guardian.core.errors import Cancelled
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Message, Words

ROOT = Path(__file__).parents[2]
EXPORT = FIXTURE.with_name("exports") / "bitwarden.json"
# all that is ever opened in somebody's home
READ = {
    "profiles.ini", "logins.json", "logins.db", "places.sqlite", "formhistory.sqlite",
    "Local State", "Login Data", "Login Data For Account", "Affiliation Database",
    "History", "DIPS", "Preferences", "prefs.js", "global-messages-db.sqlite",
}  # fmt: skip
# what lies beside it, and is nobody's business
PRIVATE = {
    "firefox": ("key4.db", "cert9.db", "cookies.sqlite", "logins-backup.json", "signedInUser.json"),
    "chromium": ("Cookies", "Web Data", "Safe Browsing Cookies", "Bookmarks"),
}
# notes what this Python and every one it starts opens, connects to and looks up
WATCHER = """
import json, os, sys
record = os.open(os.environ["RECORD"], os.O_WRONLY | os.O_APPEND)
def note(event, arguments):
    if event in ("open", "sqlite3.connect") or event.startswith("socket."):
        facts = [one if isinstance(one, (str, int)) else str(one) for one in arguments]
        os.write(record, (json.dumps([event, *facts]) + "\\n").encode())
sys.addaudithook(note)
"""


@dataclass(frozen=True)
class World:
    """A home full of secrets, and the folders that Guardian may write to."""

    home: Path
    guardian: Path
    scratch: tuple[Path, Path]

    def left(self) -> list[Path]:
        """What lies in the folders for temporary files."""
        return [path for folder in self.scratch for path in folder.rglob("*")]


@pytest.fixture
def world(tmp_path: Path, guardian_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The frozen homes in one, with the secret in every place that is not read, in the clear."""
    home = tmp_path / "anna"
    for frozen in (FIXTURE, VISITS):
        shutil.copytree(frozen, home, dirs_exist_ok=True)
    scratch = (tmp_path / "temporary", tmp_path / "memory")
    for name, folder in zip(("TMPDIR", "XDG_RUNTIME_DIR"), scratch, strict=True):
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(scratch[0]))
    spread_secret(home)
    # while this is open, Firefox's history is read from a copy
    with closing(sqlite3.connect(next(home.rglob("places.sqlite")))) as browser:
        browser.execute("PRAGMA journal_mode = WAL")
        browser.execute("UPDATE moz_places SET title = title || ?", (CANARY,))
        browser.commit()
        yield World(home, guardian_home, scratch)


def spread_secret(home: Path) -> None:
    for path in home.rglob("logins.json"):
        content = json.loads(path.read_text())
        secret = dict.fromkeys(("encryptedPassword", "encryptedUsername", "httpRealm"), CANARY)
        content["logins"] = [{**login, **secret} for login in content["logins"]]
        path.write_text(json.dumps(content))
        for name in PRIVATE["firefox"]:
            path.with_name(name).write_text(CANARY)
    for path in home.rglob("Login Data*"):
        columns = ("password_value", "form_data", "possible_username_pairs", "display_name")
        change(path, "logins", [f"{name} = :secret" for name in columns])
        for name in PRIVATE["chromium"]:
            path.with_name(name).write_text(CANARY)
    for path in home.rglob("History"):
        change(path, "urls", ["title = :secret", "url = url || '#' || :secret"])
    for path in home.rglob("places.sqlite"):
        change(path, "moz_places", ["title = :secret", "url = url || '#' || :secret"])
    for path in home.rglob("formhistory.sqlite"):
        change(path, "moz_formhistory", ["value = :secret"], "value NOT LIKE '%@%'")
    for path in home.rglob("Preferences"):
        path.write_text(json.dumps({**json.loads(path.read_text()), "secret": CANARY}))
    (home / "Documents").mkdir()
    (home / "Documents/passwords.txt").write_text(CANARY)


def change(path: Path, table: str, what: list[str], where: str = "TRUE") -> None:
    with closing(sqlite3.connect(path)) as database, database:
        rows = database.execute(
            f"UPDATE {table} SET {', '.join(what)} WHERE {where}", {"secret": CANARY}
        ).rowcount
    assert rows or table == "logins"  # a profile may have none


def make_service(world: World, store: Store) -> AccountsService:
    """With every source allowed."""
    service = AccountsService(store, world.home, lambda: NOW)
    service.choose({state.source.key: True for state in service.sources()})
    return service


# what it keeps and tells -----------------------------------------------------------------------


def test_the_secret_is_in_every_source_and_in_nothing_that_is_kept_or_told(
    world: World, store: Store
) -> None:
    before = snapshot(world.home)
    salted = {path.name for path, (content, _) in before.items() if CANARY.encode() in content}
    assert salted >= {"logins.json", "Login Data", "History", "places.sqlite", "Preferences"}
    found = make_service(world, store).find(report_nothing)
    assert len(found.accounts) > 12 and found.not_read == ()
    records = AccountsRepository(store)
    tables = [name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = [store.rows(f"SELECT * FROM {name}") for name in tables]
    assert any("oldshop" in str(rows) for rows in kept)
    for told in (found, records.last_look(), kept):
        assert CANARY not in repr(told)
    assert CANARY not in to_csv(found.accounts, Words())


def test_the_browsers_files_are_the_same_and_nothing_lies_about(world: World, store: Store) -> None:
    before = snapshot(world.home)
    assert make_service(world, store).find(report_nothing).accounts
    assert snapshot(world.home) == before
    assert world.left() == []


def test_a_search_that_is_stopped_leaves_nothing_about(world: World, store: Store) -> None:
    """Be it at the beginning, between two files, or while a copy is being read."""
    service = AccountsService(store, world.home, lambda: NOW)
    keys = {state.source.key for state in service.sources(world.home)}
    copied: list[bool] = []  # whether a copy lay about, each time the search asked
    service.find_elsewhere(world.home, keys, lambda *_: copied.append(bool(world.left())))
    assert True in copied
    for moment in {0, 5, len(copied) // 2, copied.index(True), len(copied) - 1}:
        asked = count()

        def report(_done: int, _total: int, _note: Message | None = None) -> None:
            if next(asked) == moment:  # noqa: B023 - used up within the round
                raise Cancelled

        with pytest.raises(Cancelled):
            service.find_elsewhere(world.home, keys, report)
        assert world.left() == []
    assert service.known() is None


# what it does, seen from outside ---------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What a run of the command line opened (path, and whether to write), answered and said."""

    opened: tuple[tuple[Path, bool], ...]
    sockets: tuple[list[object], ...]
    answer: str
    said: str

    def inside(self, folder: Path) -> set[str]:
        return {path.name for path, _ in self.opened if path.is_relative_to(folder)}


def watch(world: World, *words: str) -> Seen:
    """Run the command line, in a Python that notes what it does."""
    folder = world.guardian.parent / "watcher"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(WATCHER)
    record = folder / "record"
    record.write_text("")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "guardian", "accounts", *words],
        env={**os.environ, "PYTHONPATH": f"{folder}:{ROOT}", "RECORD": str(record)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in record.read_text().splitlines()]
    return Seen(
        tuple(opening for event in events if (opening := find_opening(event))),
        tuple(event for event in events if event[0].startswith("socket.")),
        done.stdout,
        done.stdout + done.stderr,
    )


def find_opening(event: list[str | int]) -> tuple[Path, bool] | None:
    """The file an event opens, and whether to write to it; None for one that opens none."""
    kind, place = event[0], event[1]
    if not isinstance(place, str):
        return None  # a file opened before, by its number
    if kind == "sqlite3.connect":
        if place == ":memory:":
            return None
        uri = urlsplit(place)
        return Path(unquote(uri.path)), bool(uri.scheme) and "mode=ro" not in uri.query
    if kind == "open":
        writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        return Path(place), bool(int(event[3]) & writing)
    return None


def test_nothing_but_what_is_read_is_opened_and_nothing_reached(world: World) -> None:
    """The key of Firefox's passwords, cookies and papers stay closed."""
    before = snapshot(world.home)
    seen = watch(world, "find", "--home", str(world.home), "--yes", "--json")
    assert len(json.loads(seen.answer)["accounts"]) > 12
    inside = seen.inside(world.home)
    assert {"logins.json", "Login Data", "History", "Preferences"} <= inside
    assert {name.removesuffix("-wal") for name in inside} <= READ
    assert_quiet(world, seen)
    assert snapshot(world.home) == before


def test_an_export_is_read_without_a_trace_by_every_process(world: World) -> None:
    seen = watch(world, "import", str(EXPORT), "--once", "--json")
    assert CANARY in EXPORT.read_text()
    assert json.loads(seen.answer)["accounts"]
    opened = [path for path, _ in seen.opened if path == EXPORT]
    assert len(opened) > 1, "the processes that read it were not watched"
    assert_quiet(world, seen)


def assert_quiet(world: World, seen: Seen) -> None:
    """No network, no file written but Guardian's own, no secret told or left."""
    assert CANARY not in seen.said
    own = (world.guardian, *world.scratch, Path("/dev/null"))
    written = {path for path, writing in seen.opened if writing}
    assert {path for path in written if not any(path.is_relative_to(one) for one in own)} == set()
    reached = [
        event
        for event in seen.sockets
        if event[0] != "socket.__new__" or int(str(event[2])) != socket.AF_UNIX
    ]
    assert reached == []
    assert world.left() == []
    kept = (path.read_bytes() for path in world.guardian.rglob("*") if path.is_file())
    assert not any(CANARY.encode() in content for content in kept)
