"""Records that cannot be used: told once, never mistaken for empty ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guardian.accounts.service import AccountsService
from guardian.cli import main
from guardian.cli.session import Session
from guardian.core import keychain
from guardian.core.errors import Problem
from guardian.core.paths import find_paths
from guardian.core.store import open_store, protect_with_passphrase

Run = Callable[..., Result]
RECORDS_ONLY = (
    ("accounts", "list"),
    ("accounts", "show", "example.org"),
    ("accounts", "set", "example.org", "close"),
    ("accounts", "undo", "example.org"),
    ("vault", "known"),
    ("vault", "forget", "v"),
    ("clauses", "list"),
)


@pytest.fixture
def run() -> Iterator[Run]:
    sessions: list[Session] = []

    def invoke(*words: str, stdin: str | None = None) -> Result:
        sessions.append(Session())
        return CliRunner().invoke(main, words, obj=sessions[-1], input=stdin)

    yield invoke
    for session in sessions:
        if "store" in session.__dict__:
            session.store.close()


@pytest.fixture
def key_lost(run: Run, memory_keychain: Any) -> None:
    assert run("vault", "known").exit_code == 0
    memory_keychain.items.clear()


@pytest.fixture
def newer(run: Run, memory_keychain: Any) -> bytes:
    """Records of a Guardian of next year; the bytes of the file."""
    assert run("vault", "known").exit_code == 0
    paths = find_paths()
    store = open_store(paths, memory_keychain)
    store.run("UPDATE versions SET version = 99 WHERE pillar = 'clauses'")
    store.close()
    return paths.store_file.read_bytes()


@pytest.mark.usefixtures("key_lost")
@pytest.mark.parametrize("words", RECORDS_ONLY)
def test_lost_records_are_not_empty_ones(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stderr.count("the key that opens them is not in the keyring") == 1
    assert result.stdout == ""


@pytest.mark.usefixtures("key_lost")
def test_machines_are_told_too(run: Run) -> None:
    result = run("vault", "known", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problem"] == "key-missing"


@pytest.mark.usefixtures("key_lost")
def test_what_needs_no_records_goes_on_and_says_why(run: Run, tmp_path: Path) -> None:
    terms = tmp_path / "terms.txt"
    terms.write_text("We may sell your personal data to anyone.")
    result = run("clauses", "explain", str(terms))
    assert result.exit_code == 0
    assert result.stderr.count("the key that opens them is not in the keyring") == 1


@pytest.mark.parametrize("words", RECORDS_ONLY[4::2])
def test_where_nothing_can_be_kept_an_empty_answer_is_true(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(keychain, "find_keychain", lambda *_: None)
    result = run(*words)
    assert result.exit_code == 0
    assert "offers no keyring" in result.stderr


def test_a_passphrase_nobody_can_type_leaves_the_records_shut(
    run: Run, memory_keychain: Any
) -> None:
    paths = find_paths()
    store = open_store(paths, memory_keychain)
    protect_with_passphrase(paths, store, memory_keychain, "correct horse battery")
    store.close()
    result = run("vault", "known")
    assert result.exit_code == 0
    assert "Your records stay locked" in result.stderr


def test_records_of_a_newer_guardian_are_left_alone(run: Run, newer: bytes, tmp_path: Path) -> None:
    terms = tmp_path / "terms.txt"
    terms.write_text("We may sell your personal data to anyone.")
    result = run("clauses", "explain", str(terms))
    assert result.exit_code == 0
    assert "written by a newer Guardian" in result.stderr
    listed = run("clauses", "list")
    assert (listed.exit_code, listed.stdout) == (2, "")
    assert find_paths().store_file.read_bytes() == newer


def test_the_checkup_tells_machines_how_records_are_kept(run: Run, memory_keychain: Any) -> None:
    report = json.loads(run("checkup", "--json").stdout)
    assert report["records"] == {"mode": "keyring", "why": None}
    memory_keychain.items.clear()
    result = run("checkup", "--json")
    assert json.loads(result.stdout)["records"] == {"mode": "memory", "why": "key-missing"}
    assert run("checkup").stderr.count("the key that opens them is not in the keyring") == 1


@pytest.mark.parametrize("words", [("checkup",), ("checkup", "--json")])
def test_an_area_that_cannot_look_hides_no_other(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def fail(*_: object) -> None:
        raise Problem("database-busy", name="places.sqlite")

    monkeypatch.setattr(AccountsService, "check", fail)
    result = run(*words)
    assert result.exit_code == 2
    assert "Another program is using “places.sqlite” right now." in result.stderr
    if "--json" in words:
        assert len(json.loads(result.stdout)["pillars"]) == 4
    else:
        assert "Programs" in result.stdout and "Agreements" in result.stdout
