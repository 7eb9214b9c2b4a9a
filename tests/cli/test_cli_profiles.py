"""``guardian profile``, ``--profile`` and ``--guest``: whose records a command is about."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guardian.cli import FOR_CHILDREN, main
from guardian.cli import session as sessions
from guardian.cli.session import Session
from guardian.core import keys
from guardian.core.keys import KeyMode
from guardian.core.paths import find_paths
from guardian.core.profiles import FIRST, Colour, Kind, add_profile, find_profile, read_profiles
from guardian.core.store import open_store
from guardian.vault import outside

Run = Callable[..., Result]
WORDS, NEXT = "correct horse battery", "a new one entirely"
TERMS = "We may sell your personal data to anyone."


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)


@pytest.fixture
def run() -> Iterator[Run]:
    used: list[Session] = []

    def invoke(*words: str, typed: str = "") -> Result:
        used.append(Session())
        return CliRunner().invoke(main, words, obj=used[-1], input=typed)

    yield invoke
    for session in used:
        if "store" in session.__dict__:
            session.store.close()


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The answers a person types at the hidden prompts for the records' passphrase."""
    answers: list[str] = []
    monkeypatch.setattr(sessions, "on_terminal", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *_, **__: answers.pop(0))
    return answers


def add(run: Run, *words: str, passphrases: str = f"{WORDS}\n") -> dict[str, Any]:
    result = run("profile", "add", *words, "--password-stdin", "--json", typed=passphrases)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)["profile"]
    return found


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


# guardian profile


def test_one_person_alone_has_the_first_profile(run: Run) -> None:
    assert json.loads(run("profile", "list", "--json").stdout) == {
        "profiles": [
            {
                "nickname": "", "colour": "green", "kind": "person",
                "first": True, "asks": False, "problem": None,
            }
        ]
    }  # fmt: skip
    assert run("profile", "list").stdout.startswith(
        "First profile, no nickname yet (Green): one person."
    )


def test_a_person_a_child_and_a_household_are_added_and_listed(run: Run) -> None:
    assert add(run, "Ana")["colour"] == "blue", "the first colour nobody has"
    add(run, "Leo", "--child", "--colour", "amber")
    add(run, "Home", "--household", passphrases=f"{WORDS}\n{NEXT}\n")
    said = run("profile", "list").stdout.splitlines()
    assert said[1:] == [
        "Ana (Blue): one person. Asks for a passphrase.",
        "Leo (Amber): a child. Asks for a passphrase.",
        "Home (Violet): two people. Asks for a passphrase.",
    ]


def test_what_does_not_fit_is_one_sentence_and_makes_nothing(run: Run, guardian_home: Path) -> None:
    add(run, "Ana")
    before = find_paths().profiles_file.read_bytes()
    for words, typed, code in (
        (("add", "ANA"), WORDS, "profile-name-taken"),
        (("add", " "), WORDS, "profile-name-empty"),
        (("add", "a\x1b[2Jb"), WORDS, "profile-name-bad"),
        (("add", "Ben"), "short", "passphrase-short"),
        (("add", "Home", "--household"), f"{WORDS}\n{WORDS}", "profile-needs-two"),
        (("remove", "Nobody", "--yes"), "", "profile-unknown"),
        (("rename", "Nobody", "Ben"), "", "profile-unknown"),
    ):
        stdin = ("--password-stdin",) if words[0] == "add" else ()
        result = run("profile", *words, *stdin, "--json", typed=f"{typed}\n")
        assert (result.exit_code, json.loads(result.stdout)["problem"]) == (2, code)
    assert find_paths().profiles_file.read_bytes() == before
    assert run("profile", "add", "Ben", "--child", "--household").exit_code == 2


def test_a_passphrase_is_never_an_argument_and_not_asked_for_without_a_terminal(run: Run) -> None:
    result = run("profile", "add", "Ana", "--json")
    assert json.loads(result.stdout)["problem"] == "profile-passphrase-unasked"
    assert run("profile", "add", "Ana", WORDS).exit_code == 2
    assert read_profiles(find_paths()) == (FIRST,)


def test_names_and_colours_change_by_nickname_and_for_the_first_by_a_word(run: Run) -> None:
    add(run, "Ana")
    assert run("profile", "rename", "ana", "Anna", "--colour", "rose").exit_code == 0
    assert run("profile", "rename", "--first", "Ben").exit_code == 0
    assert [(p.nickname, p.colour.value) for p in read_profiles(find_paths())] == [
        ("Ben", "green"),
        ("Anna", "rose"),
    ]
    assert run("profile", "rename", "Anna").exit_code == 2


def test_a_passphrase_changes_with_the_old_one_alone(run: Run) -> None:
    add(run, "Home", "--household", passphrases=f"{WORDS}\nthe other person\n")
    change = ("profile", "passphrase", "Home", "--password-stdin")
    assert run(*change, typed=f"not this one\n{NEXT}\n").exit_code == 2
    result = run(*change, typed=f"{WORDS}\n{NEXT}\n")
    assert result.exit_code == 0, result.stderr
    for passphrase in (NEXT, "the other person"):
        session = Session("home")
        opened = open_store(session.paths, None, lambda passphrase=passphrase: passphrase)
        assert opened.mode is KeyMode.PASSPHRASE
        opened.close()


def test_the_first_profile_gets_a_passphrase_of_its_own(run: Run, memory_keychain: Any) -> None:
    result = run("profile", "passphrase", "--password-stdin", "--json", typed=f"{WORDS}\n")
    assert json.loads(result.stdout)["profile"]["asks"] is True
    assert memory_keychain.items == {}


def test_removing_wants_the_nickname_typed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    add(run, "Ana")
    assert json.loads(run("profile", "remove", "Ana", "--json").stdout)["problem"] == (
        "profile-remove-unasked"
    )
    monkeypatch.setattr(sys.modules["guardian.cli.profile"], "on_terminal", lambda: True)
    assert run("profile", "remove", "ana", typed="yes\n").exit_code == 130
    assert len(read_profiles(find_paths())) == 2
    assert run("profile", "remove", "ana", typed="Ana\n").exit_code == 0
    assert read_profiles(find_paths()) == (FIRST,)
    assert run("profile", "remove").exit_code == 2, "never the first one by leaving out a word"


def test_what_a_crash_left_of_a_lent_document_goes_with_its_profile(run: Run) -> None:
    add(run, "Ana")
    add(run, "Ben")
    loans = []
    for nickname in ("Ana", "Ben"):
        owner = find_profile(find_paths(), nickname).id
        loans.append(outside.lend([b"dear all"], "letter.txt", "letter.txt", 8, owner))
        os.close(loans[-1]._lock)  # as if its process were gone
    assert run("profile", "remove", "Ana", "--yes").exit_code == 0
    assert [loan.file.exists() for loan in loans] == [False, True]
    assert run("profile", "remove", "Ben", "--yes").exit_code == 0
    assert not loans[1].file.exists()


def test_the_first_profile_is_emptied(run: Run, memory_keychain: Any) -> None:
    assert run("vault", "known").exit_code == 0
    assert memory_keychain.items
    result = run("profile", "remove", "--first", "--yes", "--json")
    assert json.loads(result.stdout) == {"removed": "", "first": True}
    assert not find_paths().store_file.exists() and memory_keychain.items == {}


def test_a_lost_folder_is_told_in_the_list_and_when_it_is_used(run: Run) -> None:
    add(run, "Ana")
    add(run, "Ben")
    ana = find_profile(find_paths(), "Ana")
    shutil.rmtree(find_paths().profiles_folder / ana.id)
    rows = json.loads(run("profile", "list", "--json").stdout)["profiles"]
    assert [(row["asks"], row["problem"]) for row in rows] == [
        (False, None),
        (None, "profile-gone"),
        (True, None),
    ]
    result = run("--profile", "Ana", "vault", "known", "--json")
    assert (result.exit_code, json.loads(result.stdout)["problem"]) == (2, "profile-gone")
    assert (
        "Ana (Blue): one person. The records of this profile are not"
        in run("profile", "list").stdout
    )


def test_a_damaged_list_stops_profiles_and_not_the_first_person(run: Run) -> None:
    find_paths().data.mkdir(parents=True)
    find_paths().profiles_file.write_text("[")
    for words in (("profile", "list"), ("--profile", "Ana", "vault", "known")):
        assert json.loads(run(*words, "--json").stdout)["problem"] == "profiles-damaged"
    assert run("vault", "known").exit_code == 0
    assert find_paths().profiles_file.read_text() == "["


def test_the_advice_is_for_three_systems_and_says_what_profiles_cannot_do(run: Run) -> None:
    told = json.loads(run("profile", "advice", "--json").stdout)
    assert set(told["guides"]) == {"linux", "windows", "macos"}
    assert all(len(steps) == 6 for steps in told["guides"].values())
    assert "can copy or delete your Guardian files" in told["limits"][0]
    said = run("profile", "advice", "--system", "macos").stdout
    assert "6. Start Guardian in each account." in said and "Windows" not in said
    assert "copy or delete your files" in " ".join(run("profile", "--help").stdout.split())


# --profile


def test_a_command_is_about_the_profile_it_names(run: Run, typing: list[str]) -> None:
    add(run, "Ana")
    typing += [WORDS, WORDS]
    assert run("--profile", "ana", "accounts", "add", "example.org").exit_code == 0
    assert "example.org" in run("--profile", "Ana", "accounts", "list").stdout
    assert "example.org" not in run("accounts", "list").stdout
    assert typing == []


def test_the_environment_may_name_it_and_the_command_line_comes_first(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUARDIAN_PROFILE", "Nobody")
    assert json.loads(run("vault", "known", "--json").stdout)["problem"] == "profile-unknown"
    assert run("--profile", "", "vault", "known").exit_code == 0
    assert run("--guest", "vault", "known").exit_code == 0, "a guest is asked for"
    assert run("--guest", "--profile", "Ana", "vault", "known").exit_code == 2


def test_a_wrong_passphrase_may_be_typed_again(run: Run, typing: list[str]) -> None:
    add(run, "Ana")
    typing += ["not this one", WORDS]
    result = run("--profile", "Ana", "vault", "known")
    assert result.exit_code == 0 and "This passphrase does not open it." in result.stderr


def test_a_forgotten_passphrase_is_told_plainly(run: Run, typing: list[str]) -> None:
    add(run, "Ana")
    typing += ["not this one"] * 3
    result = run("--profile", "Ana", "score")
    assert result.exit_code == 2 and result.stdout == ""
    told = " ".join(result.stderr.split())
    assert "Nobody can replace a forgotten passphrase" in told and "recovery words" in told
    assert told.count("This passphrase does not open it.") == 3
    changing = run("profile", "passphrase", "Ana", "--password-stdin", typed="no\nnew one here\n")
    assert changing.exit_code == 2 and "forgotten passphrase" in changing.stderr


@pytest.mark.parametrize(
    "command",
    [
        "score",
        "steps",
        "history",
        "report",
        "rhythm",
        "steps done mail-links",
        "checkup --answer phone=android",
    ],
)
def test_locked_records_are_not_answered_for(run: Run, command: str) -> None:
    add(run, "Ana")
    result = run("--profile", "Ana", *command.split(), "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problem"] == "passphrase-skipped"


def test_nobody_has_to_unlock_for_help(run: Run) -> None:
    assert run("--profile", "Nobody", "--help").exit_code == 0


# children


@pytest.mark.parametrize("command", sorted(set(main.commands) - FOR_CHILDREN))
def test_a_childs_profile_is_for_lessons_and_steps(run: Run, command: str) -> None:
    add_profile(find_paths(), "Leo", Colour.AMBER, Kind.CHILD, [WORDS])
    result = run("--profile", "Leo", command, "--json")
    assert (result.exit_code, json.loads(result.stdout)["problem"]) == (2, "profile-child")


def test_a_child_sees_lessons_and_the_profiles_but_changes_no_other(run: Run) -> None:
    add_profile(find_paths(), "Leo", Colour.AMBER, Kind.CHILD, [WORDS])
    add(run, "Ana")
    assert {"steps", "lessons"} <= FOR_CHILDREN & set(main.commands)
    assert run("--profile", "Leo", "lessons", "list").exit_code == 0
    assert run("--profile", "Leo", "profile", "list").exit_code == 0
    for words in (("remove", "Ana", "--yes"), ("rename", "Ana", "X"), ("passphrase", "Ana")):
        result = run("--profile", "Leo", "profile", *words, "--json")
        assert json.loads(result.stdout)["problem"] == "profile-child"


# guests


def test_a_guest_leaves_nothing_behind(
    run: Run, guardian_home: Path, tmp_path: Path, memory_keychain: Any
) -> None:
    assert run("vault", "known").exit_code == 0, "somebody was here before"
    terms = tmp_path / "terms.txt"
    terms.write_text(TERMS)
    keys_before = dict(memory_keychain.items)
    before = everything(tmp_path)
    for words in (
        ("clauses", "explain", str(terms)), ("checkup",), ("accounts", "list"), ("profile", "list"),
        ("vault", "list", str(tmp_path / "none")), ("lessons", "list"),
    ):  # fmt: skip
        result = run("--guest", *words)
        assert result.exit_code in (0, 1, 2), result.stderr
        assert "our mistake" not in result.stderr
    assert everything(tmp_path) == before and memory_keychain.items == keys_before
    assert run("vault", "known").exit_code == 0
    assert everything(tmp_path) != before, "others do leave something, so this is a test"


def test_a_guest_makes_and_changes_no_profile(run: Run) -> None:
    add(run, "Ana")
    for words in (
        ("add", "X"), ("rename", "Ana", "X"), ("remove", "Ana", "--yes"), ("passphrase", "Ana"),
    ):  # fmt: skip
        result = run("--guest", "profile", *words, "--json")
        assert json.loads(result.stdout)["problem"] == "profile-guest"
    assert find_profile(find_paths(), "Ana")


# on a real terminal


def test_the_passphrase_is_typed_twice_unseen(guardian_home: Path) -> None:
    program = (
        "from guardian.core import keychain, keys; keychain.find_keychain = lambda *_: None;"
        "keys.SCRYPT_N = 2**10; from guardian.cli import main; main(prog_name='guardian')"
    )
    word, seen = WORDS.encode(), b""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", program, "profile", "add", "Ana"],
        stdin=slave, stdout=slave, stderr=slave,
    )  # fmt: skip
    os.close(slave)
    try:
        for question in (b"New passphrase for this profile: ", b"The same again: "):
            while not seen.endswith(question):
                seen += os.read(master, 4096)
            os.write(master, word + b"\n")
        while piece := os.read(master, 4096):
            seen += piece
    except OSError:  # the other end is closed
        pass
    os.close(master)
    assert child.wait(20) == 0, seen
    assert b"these records would be gone" in seen and word not in seen
    opened = open_store(Session("Ana").paths, None, lambda: WORDS)
    assert opened.mode is KeyMode.PASSPHRASE
    opened.close()


def test_nothing_real_is_opened_beside_a_projector(run: Run, tmp_path: Path) -> None:
    sign = tmp_path / "guardian-demo-x" / "projecting.lock"
    sign.parent.mkdir()
    sign.write_text(f"{os.getpid()}\npython\nhost\n", "utf-8")
    refused = run("score", "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["problem"] == "projecting"
    sign.write_text("0\n", "utf-8")  # whoever it was is gone
    assert run("score", "--json").exit_code == 0
