"""``guardian vault``: what opens a vault, asked for and told in the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from guardian.cli.session import Session
from guardian.cli.vault import keys, shared
from guardian.cli.vault import vault as group
from guardian.core.errors import Problem
from guardian.core.paths import find_paths
from guardian.core.store import open_store
from guardian.vault.service import VaultService
from tests.memory_keychain import MemoryKeychain
from tests.vault.conftest import NOW, PASSPHRASE

NEW = "kitchen voyage salmon"
Run = Callable[..., Result]


@pytest.fixture
def service(memory_keychain: MemoryKeychain) -> Iterator[VaultService]:
    store = open_store(find_paths(), memory_keychain)
    yield VaultService(store, lambda: NOW)
    store.close()


@pytest.fixture
def run(service: VaultService) -> Run:
    """Runs ``guardian vault ...`` with these lines on standard input."""

    class OnlyVault(Session):
        features: Any = SimpleNamespace(vault=service)

    def invoke(*arguments: object, lines: tuple[str, ...] = (PASSPHRASE,)) -> Result:
        session = OnlyVault()

        @click.group()
        @click.pass_context
        def main(ctx: click.Context) -> None:
            ctx.obj = session

        main.add_command(group)
        words = ["vault", *map(str, arguments)]
        result = CliRunner().invoke(main, words, input="".join(f"{line}\n" for line in lines))
        if isinstance(result.exception, Problem):
            session.show_problem(result.exception)
        elif result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    assert run("create", tmp_path / "v", "--password-stdin").exit_code == 0
    return tmp_path / "v"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a person sat there; the answers still come from the test."""
    monkeypatch.setattr(keys, "on_terminal", lambda: True)
    monkeypatch.setattr(shared, "on_terminal", lambda: True)


def code_of(result: Result) -> str:
    assert isinstance(result.exception, Problem), result.output
    return result.exception.code


def words_of(result: Result) -> tuple[str, ...]:
    """The twelve numbered words in a printed sheet."""
    lines = [line.split() for line in result.stdout.splitlines()]
    found = [line for line in lines if len(line) == 2 and line[0].isdigit()]
    assert [line[0] for line in found] == [str(place) for place in range(1, 13)]
    return tuple(line[1] for line in found)


def key_of(result: Result) -> str:
    """The five rows of digits at the end of a printed sheet."""
    rows = [line.split() for line in result.stdout.splitlines()]
    return "".join("".join(row) for row in rows if row and all(len(part) == 8 for part in row))


# making


def test_a_new_vault_is_told_with_the_strength_of_its_passphrase(run: Run, tmp_path: Path) -> None:
    result = run("create", tmp_path / "v", "--password-stdin")
    assert result.exit_code == 0
    assert "very hard to guess" in result.stdout
    assert f"guardian vault recovery {tmp_path / 'v'}" in result.stdout
    assert PASSPHRASE not in result.output


def test_a_weak_passphrase_makes_no_vault(run: Run, tmp_path: Path) -> None:
    result = run("create", tmp_path / "v", "--password-stdin", lines=("password1",))
    assert code_of(result) == "vault-passphrase-weak"
    assert not (tmp_path / "v").exists()


@pytest.mark.usefixtures("terminal")
def test_a_suggestion_is_used_once_the_person_has_typed_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: VaultService
) -> None:
    monkeypatch.setattr(keys, "suggest_passphrase", lambda: "six-words-in-a-row-here")
    result = run("create", tmp_path / "v", "--suggest", lines=("not it", "six-words-in-a-row-here"))
    assert result.exit_code == 0, result.output
    assert "six-words-in-a-row-here" in result.stdout
    service.open(tmp_path / "v", "six-words-in-a-row-here").lock()


@pytest.mark.usefixtures("terminal")
def test_a_suggestion_that_cannot_be_typed_back_makes_no_vault(run: Run, tmp_path: Path) -> None:
    result = run("create", tmp_path / "v", "--suggest", lines=("a", "b", "c"))
    assert code_of(result) == "vault-suggestion-differs"
    assert not (tmp_path / "v").exists()


def test_a_suggestion_nobody_can_see_is_refused(run: Run, tmp_path: Path) -> None:
    assert code_of(run("create", tmp_path / "v", "--suggest")) == "vault-suggestion-unseen"
    assert run("create", tmp_path / "v", "--suggest", "--password-stdin").exit_code == 2
    assert not (tmp_path / "v").exists()


# trying


def test_a_test_says_what_it_tried(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    run("add", folder, tmp_path / "letter.txt", "--folder", "mail", "--password-stdin")
    result = run("test", folder, "--password-stdin")
    assert result.exit_code == 0
    for said in ("format 8, SIV_GCM", "1 document ", "1 folder ", "no recovery words"):
        assert said in result.stdout


def test_a_test_answers_as_json(run: Run, folder: Path) -> None:
    answer = json.loads(run("test", folder, "--password-stdin", "--json").stdout)
    assert answer == {
        "vault": str(folder),
        "format": 8,
        "cipher": "SIV_GCM",
        "documents": 0,
        "folders": 0,
        "not_read": [],
        "recovery": False,
    }


def test_a_test_ends_with_1_for_what_cannot_be_read_and_with_2_for_a_shut_vault(
    run: Run, folder: Path, tmp_path: Path, service: VaultService
) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    run("add", folder, tmp_path / "letter.txt", "--password-stdin")
    with service.open(folder, PASSPHRASE) as vault:
        entry = vault._tree.find("letter.txt").place
    entry.rename(entry.with_name(("B" if entry.name[0] == "A" else "A") + entry.name[1:]))
    result = run("test", folder, "--password-stdin")
    assert result.exit_code == 1
    assert "1 thing could not be read" in result.stdout
    assert code_of(run("test", folder, "--password-stdin", lines=("x",))) == "passphrase-wrong"


# changing


def test_two_lines_change_the_passphrase(run: Run, folder: Path, service: VaultService) -> None:
    result = run("passphrase", folder, "--password-stdin", lines=(PASSPHRASE, NEW))
    assert result.exit_code == 0
    assert "still open with the old passphrase" in result.stdout
    assert PASSPHRASE not in result.output
    assert NEW not in result.output
    service.open(folder, NEW).lock()


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_the_new_passphrase_is_asked_for_twice(
    run: Run, folder: Path, service: VaultService
) -> None:
    assert run("passphrase", folder, lines=(PASSPHRASE, NEW, NEW)).exit_code == 0
    service.open(folder, NEW).lock()


def test_key_files_of_other_programs_are_mentioned(run: Run, folder: Path) -> None:
    (folder / "masterkey.cryptomator.0123ABCD.bkup").write_text("{}")
    result = run("passphrase", folder, "--password-stdin", lines=(PASSPHRASE, NEW))
    assert "1 older key file" in result.stdout


# recovery


def test_a_sheet_is_printed_and_its_words_set_a_new_passphrase(
    run: Run, folder: Path, service: VaultService
) -> None:
    words = " ".join(words_of(run("recovery", folder, "--password-stdin")))
    result = run("recovery", folder, "--reset", "--password-stdin", lines=(words, NEW))
    assert result.exit_code == 0
    assert words not in result.output
    service.open(folder, NEW).lock()


def test_the_printed_key_makes_lost_key_files_anew(
    run: Run, folder: Path, service: VaultService
) -> None:
    key = key_of(run("recovery", folder, "--password-stdin"))
    for name in ("vault", "masterkey", "masterkey.recovery"):
        (folder / f"{name}.cryptomator").unlink()
    result = run("recovery", folder, "--from-key", "--password-stdin", lines=(key, NEW))
    assert result.exit_code == 0, result.output
    service.open(folder, NEW).lock()


def test_the_sheet_tells_the_file_names_to_use_without_guardian(run: Run, folder: Path) -> None:
    printed = run("recovery", folder, "--password-stdin").stdout
    assert (folder / "masterkey.recovery.cryptomator").exists()
    assert "masterkey.recovery.cryptomator" in printed
    assert "masterkey.cryptomator" in printed


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("right", [True, False])
def test_on_a_terminal_three_words_are_asked_for(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, right: bool
) -> None:
    asked: list[str] = []
    sheets: list[tuple[str, ...]] = []
    real = keys.print_sheet
    monkeypatch.setattr(
        keys,
        "print_sheet",
        lambda session, sheet: (sheets.append(sheet.words), real(session, sheet)),
    )

    def answer(question: str, **_: object) -> str:
        if "Word" not in question:
            return PASSPHRASE
        asked.append(question)
        word = sheets[0][int(question.split()[1]) - 1]
        return f" {word.upper()} " if right else "wrong"

    monkeypatch.setattr(click, "prompt", answer)
    result = run("recovery", folder)
    assert result.exit_code == 0, result.output
    assert len(set(asked)) == (3 if right else 1)
    assert ("Your sheet is right" in result.stdout) is right
    assert ("you have not shown" in result.stdout) is not right


@pytest.mark.usefixtures("terminal")
def test_before_words_are_renewed_the_person_is_asked(run: Run, folder: Path) -> None:
    run("recovery", folder, "--password-stdin")
    before = (folder / "masterkey.recovery.cryptomator").read_bytes()
    assert run("recovery", folder, lines=("n",)).exit_code == 0
    assert (folder / "masterkey.recovery.cryptomator").read_bytes() == before


def test_words_are_revoked(run: Run, folder: Path) -> None:
    run("recovery", folder, "--password-stdin")
    assert run("recovery", folder, "--revoke").exit_code == 0
    assert not (folder / "masterkey.recovery.cryptomator").exists()


def test_a_typing_error_in_the_words_is_told_without_repeating_them(run: Run, folder: Path) -> None:
    run("recovery", folder, "--password-stdin")
    typed = " ".join(["sesquipedalian"] * 12)
    result = run("recovery", folder, "--reset", "--password-stdin", lines=(typed, NEW))
    assert code_of(result) == "recovery-word-unknown"
    assert "sesquipedalian" not in result.output


# this computer


def test_once_allowed_commands_open_the_vault_by_here(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    assert run("here", folder, "--password-stdin").exit_code == 0
    (tmp_path / "letter.txt").write_text("Dear all")
    assert run("add", folder, tmp_path / "letter.txt", "--here", lines=()).exit_code == 0
    result = run("list", folder, "--here", lines=())
    assert result.exit_code == 0
    assert "letter.txt" in result.stdout


def test_after_revoking_here_opens_nothing(run: Run, folder: Path) -> None:
    run("here", folder, "--password-stdin")
    assert run("here", folder, "--revoke").exit_code == 0
    assert code_of(run("list", folder, "--here", lines=())) == "vault-here-none"


def test_here_and_a_passphrase_together_make_no_sense(run: Run, folder: Path) -> None:
    result = run("list", folder, "--here", "--password-stdin")
    assert result.exit_code == 2
    assert "--here needs no passphrase" in result.stderr


@pytest.mark.parametrize("command", ["create", "test", "passphrase", "recovery", "here"])
def test_without_a_terminal_and_without_input_nothing_hangs(
    run: Run, folder: Path, command: str
) -> None:
    assert code_of(run(command, folder, lines=())) == "vault-passphrase-unasked"
