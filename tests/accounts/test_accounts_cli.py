"""``guardian accounts``: the same answers in the terminal."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from accounts_home import CANARY, FIXTURE
from click.testing import CliRunner, Result

from guardian.cli.accounts import accounts
from guardian.cli.session import Session

KEYS = {
    "site", "sites", "place", "usernames", "confidence", "first_seen", "last_used",
    "unused_days_at_least", "class", "why", "window", "windows", "evidence", "people", "state",
    "risk", "difficulty", "queue", "route",
}  # fmt: skip


@pytest.fixture
def own_home(tmp_path: Path) -> Path:
    shutil.copytree(FIXTURE, tmp_path / "home", dirs_exist_ok=True)
    return tmp_path / "home"


def run(*words: str, say: str | None = None) -> Result:
    session = Session()
    try:
        return CliRunner().invoke(accounts, words, obj=session, input=say, catch_exceptions=True)
    finally:
        if "store" in session.__dict__:
            session.store.close()


def allow_all() -> None:
    keys = [source["key"] for source in answer("sources", "--json")["sources"]]
    run("sources", *(word for key in keys for word in ("--allow", key)))


def answer(*words: str) -> Any:
    result = run(*words)
    assert result.exit_code == 0, result
    return json.loads(result.stdout)


def test_without_consent_it_lists_what_it_could_read() -> None:
    result = run("find", "--home", str(FIXTURE))
    assert result.exit_code == 0
    assert "Nothing was read yet" in result.stdout
    assert "--yes" in result.stdout
    assert "spotify" not in result.stdout
    assert len(answer("find", "--home", str(FIXTURE), "--json")["could_read"]) == 6


def test_yes_reads_all_and_tells_each_account_with_its_proof() -> None:
    result = run("find", "--home", str(FIXTURE), "--yes")
    assert "Long unused here  dropbox.com – ben (not decided)" in result.stdout
    assert "Not used here for at least" in result.stdout
    assert "192.168.1.1, localhost, nas" in result.stdout
    assert "Read: Chromium (Person 1)" in result.stdout


def test_json_has_the_form_the_help_promises() -> None:
    found = answer("find", "--home", str(FIXTURE), "--yes", "--json")
    assert set(found) == {
        "looked_at", "read", "accounts", "contacts", "own_network", "brought", "not_read", "kept",
        "not_allowed",
    }  # fmt: skip
    by_site = {account["site"]: account for account in found["accounts"]}
    assert len(by_site) == 12
    assert all(set(account) == KEYS for account in by_site.values())
    assert by_site["spotify.com"]["class"] == "forgotten"
    assert by_site["spotify.com"]["evidence"][0] == {
        "source": "Firefox (default-esr)",
        "kind": "saved-login",
        "at": "2023-03-03T12:00:00Z",
    }
    assert by_site["spotify.com"]["route"]["kind"] == "delete-page"
    assert by_site["example.net"]["unused_days_at_least"] is None


def test_another_home_is_not_remembered(own_home: Path) -> None:
    run("find", "--home", str(FIXTURE), "--yes")
    assert answer("list", "--json") == {"accounts": None}


def test_a_yes_for_one_run_leaves_nothing_behind(own_home: Path) -> None:
    assert len(answer("find", "--yes", "--json")["accounts"]) == 12
    assert answer("list", "--json") == {"accounts": None}
    assert not any(source["allowed"] for source in answer("sources", "--json")["sources"])


def test_what_was_allowed_for_good_is_remembered(own_home: Path) -> None:
    allow_all()
    assert len(answer("find", "--json")["accounts"]) == 12
    assert len(answer("list", "--json")["accounts"]) == 12
    assert "From what was read on" in run("list").stdout


def test_a_source_is_allowed_and_revoked_by_its_key(own_home: Path) -> None:
    key = "chromium:.config/chromium/Profile 1"
    (line,) = [one for one in run("sources", "--allow", key).stdout.splitlines() if key in one]
    assert "not allowed" not in line
    assert [one["site"] for one in answer("find", "--json")["accounts"]] == ["dropbox.com"]
    assert "forgotten" in run("sources", "--revoke", key).stdout
    assert answer("list", "--json")["accounts"] == []
    assert run("sources", "--allow", "nothing").exception.code == "source-unknown"  # type: ignore[union-attr]


def test_consent_is_asked_for_each_source_on_a_terminal(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([False, False, False, False, True, False])
    asked: list[str] = []
    module = sys.modules["guardian.cli.accounts.finding"]
    monkeypatch.setattr(module, "is_watched", lambda _session: True)
    monkeypatch.setattr(
        module.click, "confirm", lambda text, **_: asked.append(text) or next(answers)
    )
    result = run("find")
    assert len(asked) == 6
    assert "never reads a password" in " ".join(result.stderr.split())
    assert "dropbox.com" in result.stdout
    assert "Not read, because you did not allow it: Firefox (work)" in result.stdout
    assert [one["allowed"] for one in answer("sources", "--json")["sources"]] == [
        False, False, False, False, True, False,
    ]  # fmt: skip


def test_all_evidence_of_one_account_is_shown(own_home: Path) -> None:
    allow_all()
    run("find")
    lines = run("show", "spotify.com").stdout.splitlines()
    assert lines[2:6] == [
        "What was seen:",
        "  - 3 March 2023: saved login, Firefox (default-esr)",
        "  - 2 February 2022: saved login, Chromium (Your Chromium)",
        "  - 15 June 2020: saved login, Firefox (default-esr)",
    ]
    assert "this device alone" in lines[6]
    assert lines[-1] == "Ways to close it: guardian accounts route spotify.com"
    assert "told never to save" in run("show", "example.net").stdout


def test_decisions_are_set_and_undone(own_home: Path) -> None:
    allow_all()
    run("find")
    assert run("set", "dropbox.com", "close").stdout == "dropbox.com: to close.\n"
    assert "dropbox.com – ben (to close)" in run("list").stdout
    assert run("undo", "dropbox.com").stdout == "dropbox.com is back to: not decided.\n"
    assert run("set", "nowhere.example", "keep").exception.code == "account-unknown"  # type: ignore[union-attr]
    assert run("set", "dropbox.com", "burn").exit_code == 2


def test_the_ways_out_are_told_in_order_and_nothing_is_opened() -> None:
    result = run("route", "spotify.com")
    assert "https://support.spotify.com/close-account" in result.stdout.splitlines()[1]
    assert "Guardian opened nothing." in result.stdout
    door = answer("route", "small.example", "--json")
    assert door["url"] == "https://small.example/.well-known/change-password"
    assert door["checked_year"] is None
    kinds = [way["kind"] for way in door["ways"]]
    assert kinds == ["settings-door", "letter", "reminder", "authority"]


def test_the_plan_of_another_home_needs_no_records() -> None:
    work = answer("plan", "--home", str(FIXTURE), "--yes", "--json")
    assert set(work) == {"quick", "letter", "empty"}
    planned = [account for queue in work.values() for account in queue]
    assert len(planned) == 12 and all(set(account) == KEYS for account in planned)
    told = run("plan", "--home", str(FIXTURE), "--yes", "--queue", "quick").stdout
    assert told.splitlines()[0].endswith(str(len(work["quick"])))
    assert "May hold:" in told and "letter" not in told.splitlines()[0]


def test_a_letter_names_the_law_and_starts_the_clock_when_it_is_sent(
    own_home: Path, tmp_path: Path
) -> None:
    allow_all()
    run("find")
    who = ("--address", "anna@example.net", "--country", "DE")
    draft = tmp_path / "letter.eml"
    first = run("letter", "dropbox.com", *who, "--save", str(draft))
    assert first.exit_code == 0, first
    assert "Article 17" in first.stdout and draft.read_bytes().count(b"X-Unsent: 1") == 1
    again = run("letter", "dropbox.com", "--save", str(draft))
    assert again.exception.code == "file-exists"  # type: ignore[union-attr]
    calendar = tmp_path / "answer.ics"
    sent = answer(
        "letter", "dropbox.com", "--sent", "2026-11-25", "--reminder", str(calendar), "--json"
    )
    assert sent["law"] == "gdpr"
    article = sent["due"]["article"]
    assert "12(3)" in article
    assert sent["due"] == {
        "day": "2026-12-28", "article": article, "counted_from": "2026-11-25", "provisional": False
    }  # fmt: skip
    assert b"dropbox" not in calendar.read_bytes()
    assert answer("show", "dropbox.com", "--json")["state"] == "asked"
    shown = run("show", "dropbox.com").stdout
    assert "has to answer by 28 December 2026. The law gives it one month from 25 November" in shown
    run("undo", "dropbox.com")
    assert answer("show", "dropbox.com", "--json")["state"] == "found"


def test_a_letter_without_an_address_of_ones_own_is_refused_kindly(own_home: Path) -> None:
    (own_home / ".config/chromium/Default/Login Data").unlink()
    assert run("letter", "spotify.com").exception.code == "letter-no-sender"  # type: ignore[union-attr]


def test_three_looks_end_a_case_and_one_that_fails_reopens_it(own_home: Path) -> None:
    allow_all()
    run("find")
    run("set", "dropbox.com", "confirmed")
    assert "sign-in: not looked yet" in run("check", "dropbox.com").stdout
    for look in ("sign-in", "reset", "profile"):
        run("check", "dropbox.com", look, "gone")
    assert answer("check", "dropbox.com", "--json")["state"] == "gone"
    run("check", "dropbox.com", "profile", "there")
    assert answer("check", "dropbox.com", "--json")["state"] == "close"
    assert run("check", "dropbox.com", "profile").exit_code == 2


def test_an_export_is_brought_listed_and_forgotten(own_home: Path, tmp_path: Path) -> None:
    export = tmp_path / "logins.csv"
    export.write_text(
        "name,url,username,password,note\nx,https://brought.example/login,anna," + CANARY + ",\n"
    )
    once = answer("import", str(export), "--once", "--json")
    assert [one["site"] for one in once["accounts"]] == ["brought.example"]
    assert answer("list", "--json") == {"accounts": None}
    told = run("import", str(export)).stdout
    assert "1 account or sender" in told and "still holds your passwords" in told
    found = answer("list", "--json")
    (key,) = found["brought"]
    assert found["accounts"][0]["evidence"][0]["kind"] == "saved-login"
    assert CANARY not in json.dumps(found)
    assert run("forget", "export:x").exception.code == "source-unknown"  # type: ignore[union-attr]
    run("forget", key)
    assert answer("list", "--json") == {"accounts": None}
    strange = tmp_path / "strange.bin"
    strange.write_bytes(b"\0\1\2" * 50)
    assert run("import", str(strange)).exception.code == "import-unknown"  # type: ignore[union-attr]


def test_an_account_is_added_by_hand_and_noted_on(own_home: Path) -> None:
    assert "lib.example – anna" in run("add", "www.lib.example", "--name", "anna").stdout
    run("note", "lib.example", "card 4711")
    assert "card 4711" in run("show", "lib.example").stdout
    assert answer("list", "--json")["accounts"][0]["confidence"] == "sure"
    assert run("add", "not a site").exception.code == "site-odd"  # type: ignore[union-attr]


def test_the_list_of_one_person_leaves_the_others_out(own_home: Path) -> None:
    allow_all()
    run("find")
    assert "Firefox (work): 1 account" in run("list").stdout
    only = answer("list", "--person", "Firefox (work)", "--json")["accounts"]
    assert [one["site"] for one in only] == ["github.com"]
    assert run("list", "--person", "nobody").exception.code == "person-unknown"  # type: ignore[union-attr]


def test_the_list_is_saved_as_a_table_with_a_warning(own_home: Path, tmp_path: Path) -> None:
    allow_all()
    run("find")
    table = tmp_path / "accounts.csv"
    assert "Anybody who opens the file can read them" in run("list", "--csv", str(table)).stdout
    assert "dropbox.com" in table.read_text() and CANARY not in table.read_text()
    assert run("list", "--csv", str(table)).exception.code == "file-exists"  # type: ignore[union-attr]


def test_a_proof_goes_into_a_vault_and_is_noted(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guardian.vault.service import VaultService

    allow_all()
    run("find")
    session = Session()
    VaultService(session.store, session.features.accounts._clock).create(
        tmp_path / "Vault", "correct horse battery"
    )
    session.store.close()
    proof = tmp_path / "reply.pdf"
    proof.write_bytes(b"%PDF-1.4 gone")
    told = run(
        "attach", "dropbox.com", str(proof), str(tmp_path / "Vault"), "--password-stdin",
        say="correct horse battery\n",
    )  # fmt: skip
    assert told.exit_code == 0, told
    assert "is in the vault" in told.stdout


def test_what_could_not_be_read_is_told(own_home: Path) -> None:
    (own_home / ".config/chromium/Default/Login Data").write_bytes(b"broken" * 99)
    found = answer("find", "--yes", "--json")
    assert [(one["source"], one["code"]) for one in found["not_read"]] == [
        ("chromium:.config/chromium/Default", "browser-file-damaged")
    ]
    told = run("find", "--yes").stdout
    assert "Not read: Chromium (Your Chromium). “Login Data” is damaged or cut short." in told
    assert "Read in part: Chromium (Your Chromium)" in told  # its other file
    assert "Read: Chromium (Person 1)" in told


def test_a_home_without_browsers_is_told(tmp_path: Path) -> None:
    assert "nothing in" in run("find", "--home", str(tmp_path)).stdout
    assert run("find", "--home", str(tmp_path / "gone")).exception.code == "file-missing"  # type: ignore[union-attr]


def test_hostile_names_reach_the_terminal_harmless(own_home: Path) -> None:
    file = own_home / ".config/chromium/Profile 1/Login Data"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE logins SET username_value = ?", ("\x1b[2J[red]ben\u202e",))
    told = run("find", "--yes").stdout
    assert "\\u001b[2J[red]ben\\u202e" in told
    assert "\x1b" not in told


def test_the_records_on_disk_hold_nothing_in_the_clear(own_home: Path, guardian_home: Path) -> None:
    allow_all()
    run("find")
    run("set", "dropbox.com", "close")
    written = b"".join(file.read_bytes() for file in guardian_home.rglob("*") if file.is_file())
    assert len(written) > 4096
    for secret in (CANARY, "dropbox", "anna@example.org", "spotify"):
        assert secret.encode() not in written


@pytest.mark.parametrize("command", sorted(accounts.commands))
def test_every_command_helps_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert f"guardian accounts {command}" in result.stdout
    assert result.stdout.replace("\n", "").isprintable()
