"""``guardian accounts`` with words, files and places that nobody should give it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guardian.cli import main
from guardian.cli.session import Session

SECRET = "s3cret-in-an-address"
ODD = (
    "", " ", "x" * 5000, "a\u202eb.com", "\x1b[2Jx.com", "ex\nample.com", "\udcff.com", "..", "com",
    "localhost", "http://[::1", f"https://anna:{SECRET}@nowhere.example/x?y={SECRET}",
    "javascript:alert(1)", "file:///etc/passwd", "=cmd|'/C calc'!A0",
)  # fmt: skip
Run = Callable[..., Result]


@pytest.fixture
def run() -> Iterator[Run]:
    """Runs one command after the other over the same records, from the front door."""
    first = Session()

    def once(*words: str) -> Result:
        session = Session()
        session.__dict__["store"] = first.store
        return CliRunner().invoke(main, ["accounts", *words], obj=session)

    assert once("add", "shop.example", "--name", "anna").exit_code == 0
    yield once
    first.store.close()


def code(result: Result) -> str:
    """The code of the problem that a command answered as JSON; it must have ended with 2."""
    assert result.exit_code == 2, result.output
    return str(json.loads(result.stdout)["problem"])


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "show": lambda odd: ["show", odd, "--json"],
    "route": lambda odd: ["route", odd, "--json"],
    "check": lambda odd: ["check", odd, "--json"],
    "letter": lambda odd: ["letter", odd, "--address", "anna@example.net", "--json"],
    "letter-to": lambda odd: ["letter", "shop.example", "--address", "a@b.example", "--to", odd],
    "letter-from": lambda odd: ["letter", "shop.example", "--address", odd],
    "letter-country": lambda odd: [
        "letter", "shop.example", "--address", "a@b.example", "--country", odd
    ],
    "letter-name": lambda odd: [
        "letter", "shop.example", "--address", "a@b.example", "--name", odd, "--username", odd
    ],
    "add": lambda odd: ["add", odd],
    "add-name": lambda odd: ["add", "lib.example", "--name", odd],
    "set": lambda odd: ["set", odd, "close"],
    "set-note": lambda odd: ["set", "shop.example", "close", "--note", odd, "--name", odd],
    "note": lambda odd: ["note", "shop.example", odd],
    "undo": lambda odd: ["undo", odd],
    "forget": lambda odd: ["forget", odd],
    "import": lambda odd: ["import", odd, "--json"],
    "revoke": lambda odd: ["sources", "--revoke", odd],
    "person": lambda odd: ["list", "--person", odd or "-"],
    "home": lambda odd: ["list", "--home", odd or "-"],
    "find-home": lambda odd: ["find", "--home", odd or "-", "--yes", "--json"],
}  # fmt: skip


ASK_FOR_A_SITE = ("show", "route", "check", "letter", "add", "set", "undo", "forget")


@pytest.mark.parametrize("command", COMMANDS)
def test_no_word_is_too_odd(
    run: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # «..» and the like are places too
    for odd in ODD:
        words = COMMANDS[command](odd)
        result = run(*words)
        told = result.output + result.stderr
        assert result.exit_code in (0, 2), (odd, result.exception)
        assert told.replace("\n", "").isprintable(), odd
        assert command not in ASK_FOR_A_SITE or SECRET not in told
        if "--json" in words and "Usage:" not in result.stderr:
            json.loads(result.stdout)
    assert run("list").exit_code == 0


@pytest.mark.parametrize(
    "name", ["https://www.shop.example/in", "SHOP.example", "www.shop.example."]
)
def test_an_account_is_known_by_every_address_of_its_site(run: Run, name: str) -> None:
    assert run("show", name).stdout.splitlines()[0].endswith("shop.example – anna (not decided)")
    assert run("set", name, "close").stdout == "shop.example: to close.\n"
    assert run("undo", name).stdout == "shop.example is back to: not decided.\n"


def test_undo_says_so_where_there_is_nothing_to_take_back(run: Run) -> None:
    result = run("undo", "shop.example")
    assert result.exit_code == 2
    assert "Nothing is noted about shop.example" in result.stderr


def test_a_letter_names_the_site_and_not_the_address_that_was_typed(run: Run) -> None:
    address = f"https://anna:{SECRET}@www.shop.example/account?key={SECRET}"
    letter = json.loads(run("letter", address, "--address", "a@b.example", "--json").stdout)
    assert letter["site"] == letter["to"]["name"] == "shop.example"
    assert "account with shop.example" in letter["text"]


def test_a_country_may_be_written_out_and_is_never_guessed(run: Run) -> None:
    def law(country: str) -> Any:
        words = ("letter", "shop.example", "--address", "a@b.example", "--country", country)
        result = run(*words, "--json")
        return json.loads(result.stdout).get("law") or code(result)

    assert [law(one) for one in ("de", "Germany", "UK", "us-ca", "KE")] == [
        "gdpr", "gdpr", "uk-gdpr", "ccpa", "general",
    ]  # fmt: skip
    assert {law(one) for one in ("Germania", "XX", "DE-ZZ", "EU", "\udcff")} == {"country-unknown"}


def test_without_a_country_the_letter_says_why_it_names_no_law(run: Run) -> None:
    told = run("letter", "shop.example", "--address", "a@b.example").stdout
    assert told.splitlines()[-1].startswith("Guardian does not know where you live")
    assert "where you live" not in run("letter", "shop.example", "--country", "DE").stdout


def test_a_letter_that_cannot_be_finished_changes_nothing(run: Run, tmp_path: Path) -> None:
    draft, due, taken = tmp_path / "a.eml", tmp_path / "a.ics", tmp_path / "taken"
    taken.write_text("mine")
    start = ("letter", "shop.example", "--address", "a@b.example", "--json", "--save", str(draft))
    assert code(run(*start, "--reminder", str(due))) == "letter-no-deadline"
    assert code(run(*start, "--sent", "0001-01-01")) == "letter-date-odd"
    assert code(run(*start, "--to", "a@b.example\nBcc: x@y.example")) == "letter-address-odd"
    assert code(run(*start, "--sent", "2026-01-31", "--reminder", str(taken))) == "file-exists"
    other = ("letter", "new.example", *start[2:])
    assert code(run(*other, "--sent", "2026-01-31")) == "account-unknown"
    assert not draft.exists() and not due.exists() and taken.read_text() == "mine"
    assert json.loads(run("show", "shop.example", "--json").stdout)["state"] == "found"


@pytest.mark.parametrize(
    ("place", "problem"),
    [("there.csv", "file-exists"), (".", "file-is-folder"), ("gone/x.csv", "file-missing")],
)
def test_a_table_is_only_written_where_a_new_file_can_be(
    run: Run, tmp_path: Path, place: str, problem: str
) -> None:
    (tmp_path / "there.csv").write_text("mine")
    assert code(run("list", "--json", "--csv", str(tmp_path / place))) == problem
    assert (tmp_path / "there.csv").read_text() == "mine" and not (tmp_path / "gone").exists()
    saved = run("list", "--json", "--csv", str(tmp_path / "new.csv"))
    assert json.loads(saved.stdout) == {"saved": str(tmp_path / "new.csv"), "accounts": 1}


def test_an_empty_place_never_means_here(run: Run) -> None:
    for words in (("import", ""), ("list", "--home", ""), ("list", "--csv", " ")):
        result = run(*words)
        assert result.exit_code == 2 and "The path is empty." in result.stderr


def test_an_export_whose_name_is_no_text_is_kept_and_can_be_forgotten(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"by\xff\x1btes.csv")
    path.write_text("name,url,username,password,note\nx,https://odd.example,anna,p,\n")
    assert "From Chrome, Edge or Brave: 1 account" in run("import", str(path)).stdout
    key = f"export:chrome:{tmp_path}/by\\xff\\u001btes.csv"
    assert key in run("list").stdout
    assert run("forget", key).exit_code == 0
    assert "odd.example" not in run("list").stdout


def test_what_an_import_could_not_read_is_told_at_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "logins.csv"
    path.write_text("name,url,username,password,note\nx,,anna,p,\ny,https://a.example,b,p,\nz,ht")
    told = run("import", str(path)).stdout
    assert "1 entry of “logins.csv” has no web address" in told
    assert "ends in the middle of an entry" in told


def test_only_what_was_added_by_hand_is_forgotten_by_its_name(run: Run, tmp_path: Path) -> None:
    run("add", "second.example")
    told = run("forget", "https://SHOP.example/x").stdout
    assert told == "What “shop.example” gave is forgotten.\n"
    assert [one["site"] for one in json.loads(run("list", "--json").stdout)["accounts"]] == [
        "second.example"
    ]
    path = tmp_path / "logins.csv"
    path.write_text("name,url,username,password,note\ny,https://a.example,b,p,\n")
    run("import", str(path))
    refused = run("forget", "a.example")
    assert refused.exit_code == 2 and "You did not add a.example yourself" in refused.stderr
    run("forget", "second.example")
    assert run("forget", "hand:").exit_code == 2


def test_a_consent_is_only_taken_back_for_a_source_that_is_known(run: Run) -> None:
    result = run("sources", "--revoke", "firefox:nothing")
    assert result.exit_code == 2 and "There is no source “firefox:nothing”" in result.stderr


def test_without_records_an_import_shows_what_it_found_and_claims_to_keep_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guardian.core import keychain

    monkeypatch.setattr(keychain, "find_keychain", lambda *_: None)
    path = tmp_path / "logins.csv"
    path.write_text("name,url,username,password,note\ny,https://a.example,b,p,\n")
    result = CliRunner().invoke(main, ["accounts", "import", str(path)], obj=Session())
    assert result.exit_code == 0
    assert "a.example – b" in result.stdout and "kept under" not in result.stdout


def test_days_are_those_of_the_place_where_the_person_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = "url,username,password,timeCreated,timeLastUsed,timePasswordChanged"
    used = 1_677_808_800_000  # 3 March 2023, 02:00 UTC
    path = tmp_path / "logins.csv"
    path.write_text(f"{header}\nhttps://a.example,b,p,{used},{used},{used}\n")
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        run("import", str(path))
        told = run("show", "a.example").stdout
        run("list", "--csv", str(tmp_path / "list.csv"))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert told.count("2 March 2023") == 2 and "3 March" not in told
    assert "2023-03-02" in (tmp_path / "list.csv").read_text()


def test_a_letter_that_speaks_of_an_earlier_one_asks_whether_there_was_one(run: Run) -> None:
    reminder = ("letter", "shop.example", "--address", "a@b.example", "--kind", "reminder")
    doubt = "Guardian has no note that you asked shop.example before"
    assert doubt in run(*reminder).stdout
    run("set", "shop.example", "asked")
    assert doubt not in run(*reminder).stdout


def test_a_plan_shows_the_next_few_and_says_how_many_follow(run: Run) -> None:
    for number in range(11):
        run("add", f"club{number}.example")
    assert "    2 more follow. See them with: guardian accounts plan --all" in run("plan").stdout
    assert run("plan", "--all").stdout.count("club") == 22  # each with its address
    assert len(json.loads(run("plan", "--json").stdout)["letter"]) == 12


def test_a_case_shows_what_was_looked_at_and_when(run: Run) -> None:
    run("check", "shop.example", "reset", "there")
    told = run("show", "shop.example").stdout
    assert "a mail to reset the password: still there" in told
    assert "A mail to reset the password still came." in told


def test_two_exports_of_one_name_are_both_kept(run: Run, tmp_path: Path) -> None:
    for person in ("anna", "ben"):
        path = tmp_path / person / "Passwords.csv"
        path.parent.mkdir()
        path.write_text(f"name,url,username,password,note\nx,https://{person}.example,x,p,\n")
        run("import", str(path))
    told = run("list").stdout
    assert "anna.example" in told and "ben.example" in told


def test_a_letter_goes_to_the_site_that_was_asked_for(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "logins.csv"
    rows = [
        f"x,https://www.amazon.{end},{name},p," for end, name in (("de", "anna"), ("fr", "ben"))
    ]
    path.write_text("\n".join(["name,url,username,password,note", *rows, ""]))
    run("import", str(path))
    told = run("show", "amazon.de").stdout
    assert "The same login also serves: amazon.fr" in told
    assert "saved login (anna)" in told and "saved login (ben)" in told
    write = ("--address", "a@b.example", "--country", "DE", "--json")
    letters = {
        site: json.loads(run("letter", f"https://www.{site}/x", *write).stdout)
        for site in ("amazon.de", "amazon.fr", "amazon.com")
    }
    assert letters["amazon.de"]["to"]["email"] == "eu-privacy@amazon.de"
    assert letters["amazon.fr"]["to"]["email"] == "eu-privacy@amazon.fr"
    assert "aws" not in letters["amazon.com"]["to"]["email"]
    assert letters["amazon.de"]["reference"] == letters["amazon.fr"]["reference"]


def test_a_home_that_lets_nobody_in_is_one_problem_and_not_one_for_each_browser(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and access(path, mode))
    for command in ("find", "sources", "list"):
        assert code(run(command, "--home", str(tmp_path), "--json")) == "no-permission"
