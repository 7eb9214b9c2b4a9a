"""``guardian vault`` in the terminal: what is said, where, and with which exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from guardian.cli.session import Session
from guardian.cli.vault import vault as group
from guardian.core.errors import Problem
from guardian.vault.service import VaultService

PASSPHRASE = "correct horse battery"
Run = Callable[..., Result]


@pytest.fixture
def run(service: VaultService) -> Run:
    """Runs ``guardian vault ...`` with the passphrase on standard input."""

    class OnlyVault(Session):
        features: Any = SimpleNamespace(vault=service)

    def invoke(*arguments: object, stdin: str | bytes = PASSPHRASE + "\n") -> Result:
        session = OnlyVault()

        @click.group()
        @click.pass_context
        def main(ctx: click.Context) -> None:
            ctx.obj = session

        main.add_command(group)
        words = ["vault", *map(str, arguments)]
        result = CliRunner().invoke(main, words, input=stdin)
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


def code_of(result: Result) -> str:
    assert isinstance(result.exception, Problem)
    return result.exception.code


def test_a_document_goes_all_the_way(
    run: Run, folder: Path, document: Callable[..., Path], tmp_path: Path
) -> None:
    data = bytes(range(256)) * 500
    source = document("my contract.pdf", data)
    added = run("add", folder, source, "--folder", "papers", "--password-stdin")
    assert added.exit_code == 0
    assert "read back and identical: papers/my contract.pdf" in added.output
    listed = run("list", folder, "papers", "--password-stdin")
    assert "128.0 kB" in listed.output and "my contract.pdf" in listed.output
    assert "folder" in run("list", folder, "--password-stdin").output
    out = tmp_path / "out.pdf"
    got = run("get", folder, "papers/my contract.pdf", "--out", out, "--password-stdin")
    assert got.exit_code == 0
    assert "not encrypted" in got.output
    assert out.read_bytes() == data


def test_json_is_all_there_is_on_standard_output(
    run: Run, folder: Path, document: Callable[..., Path], tmp_path: Path
) -> None:
    source = document("a.txt", b"12345")
    result = run("add", folder, source, tmp_path / "none", "--password-stdin", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 2
    assert answer["added"] == [{"file": str(source), "path": "a.txt", "size": 5}]
    assert [(one["name"], one["code"]) for one in answer["refused"]] == [
        (str(tmp_path / "none"), "file-missing")
    ]
    answer = json.loads(run("list", folder, "--password-stdin", "--json").stdout)
    (entry,) = answer["entries"]
    assert (entry["path"], entry["kind"], entry["size"]) == ("a.txt", "file", 5)
    assert answer["not_read"] == []
    (known,) = json.loads(run("known", "--json").stdout)["vaults"]
    assert (known["path"], known["state"]) == (str(folder), "found")


def test_a_file_that_was_not_added_is_told_and_the_exit_code_says_so(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    result = run("add", folder, tmp_path / "none.txt", "--password-stdin")
    assert result.exit_code == 2
    assert "1 file was not added" in result.output
    assert "“none.txt” is not there." in result.output


def test_an_empty_vault_says_so(run: Run, folder: Path) -> None:
    assert "Nothing is in here yet." in run("list", folder, "--password-stdin").output


def test_a_wrong_passphrase_is_one_problem(run: Run, folder: Path) -> None:
    result = run("list", folder, "--password-stdin", stdin="wrong horse battery\n")
    assert code_of(result) == "passphrase-wrong"
    assert "wrong horse" not in result.output


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nmore lines\n"])
def test_only_the_first_line_is_the_passphrase(run: Run, folder: Path, ending: str) -> None:
    assert run("list", folder, "--password-stdin", stdin=PASSPHRASE + ending).exit_code == 0


def test_bytes_that_are_no_text_are_no_passphrase(run: Run, folder: Path) -> None:
    result = run("list", folder, "--password-stdin", stdin=b"\xff\xfe\n")
    assert code_of(result) == "vault-passphrase-unreadable"


def test_without_a_terminal_nobody_waits_for_a_passphrase(run: Run, folder: Path) -> None:
    assert code_of(run("list", folder, stdin="")) == "vault-passphrase-unasked"


def test_on_a_terminal_the_passphrase_is_asked_for_and_hidden(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # by its full name: the package's own attribute "vault" is the command
    monkeypatch.setattr(sys.modules["guardian.cli.vault.shared"], "on_terminal", lambda: True)
    answers = f"{PASSPHRASE}\nanother one\n{PASSPHRASE}\n{PASSPHRASE}\n"
    made = run("create", tmp_path / "v", stdin=answers)
    assert made.exit_code == 0
    assert PASSPHRASE not in made.output
    assert "New passphrase (8 characters or more)" in made.stderr
    assert run("list", tmp_path / "v").exit_code == 0


def test_a_short_passphrase_makes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("create", tmp_path / "v", "--password-stdin", stdin="short\n")
    assert code_of(result) == "passphrase-short"
    assert not (tmp_path / "v").exists()


def test_get_replaces_a_file_only_by_force(
    run: Run, folder: Path, document: Callable[..., Path], tmp_path: Path
) -> None:
    run("add", folder, document("a.txt", b"new"), "--password-stdin")
    out = tmp_path / "a.txt"
    out.write_bytes(b"old")
    for target in (out, tmp_path):
        result = run("get", folder, "a.txt", "--out", target, "--password-stdin")
        assert code_of(result) == "vault-target-exists"
    assert out.read_bytes() == b"old"
    assert run("get", folder, "a.txt", "--out", out, "--force", "--password-stdin").exit_code == 0
    assert out.read_bytes() == b"new"


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_get_never_replaces_a_pipe_or_a_device(
    run: Run, folder: Path, document: Callable[..., Path], tmp_path: Path, force: tuple[str, ...]
) -> None:
    run("add", folder, document("a.txt", b"new"), "--password-stdin")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/null")
    for name in ("pipe", "link"):
        result = run("get", folder, "a.txt", "--out", tmp_path / name, *force, "--password-stdin")
        assert code_of(result) == "vault-target-not-file"
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "link").is_symlink()


def test_get_saves_nothing_among_the_encrypted_files(
    run: Run, folder: Path, document: Callable[..., Path], tmp_path: Path
) -> None:
    run("add", folder, document("a.txt", b"new"), "--password-stdin")
    (tmp_path / "way-in").symlink_to(folder / "d")
    for out in (folder, folder / "b.txt", folder / "d" / "b.txt", tmp_path / "way-in" / "b.txt"):
        result = run("get", folder, "a.txt", "--out", out, "--force", "--password-stdin")
        assert code_of(result) == "vault-target-inside"
    assert not list(folder.rglob("*.txt")) or [p.name for p in folder.rglob("*.txt")] == [
        "HOW TO OPEN THIS VAULT.txt"
    ]


@pytest.mark.parametrize("letter", ["a", "ä", "𝔞"])
def test_a_passphrase_too_long_is_refused_and_never_cut(
    run: Run, tmp_path: Path, letter: str
) -> None:
    longest = PASSPHRASE + letter * (1024 - len(PASSPHRASE))
    made = run("create", tmp_path / "v", "--password-stdin", stdin=longest + "\r\n")
    assert made.exit_code == 0
    for more in ("a", letter, letter * 5000):
        for command in (("create", tmp_path / "other"), ("list", tmp_path / "v")):
            result = run(*command, "--password-stdin", stdin=longest + more + "\n")
            assert code_of(result) == "vault-passphrase-long"
    assert not (tmp_path / "other").exists()
    assert run("list", tmp_path / "v", "--password-stdin", stdin=longest).exit_code == 0


def test_without_standard_input_nobody_is_asked(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = sys.modules["guardian.cli.vault.shared"].ask_passphrase
    monkeypatch.setattr(sys, "stdin", None)
    for from_stdin in (True, False):
        with pytest.raises(Problem) as caught:
            ask(Session(), from_stdin)
        assert caught.value.code == "vault-passphrase-unasked"


def test_a_vault_at_a_place_whose_name_is_no_text(run: Run, tmp_path: Path) -> None:
    place = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    made = run("create", place, "--password-stdin")
    assert made.exit_code == 0
    assert "Your vault is ready: " in made.output and "caf\\xe9" in made.output
    (entry,) = json.loads(run("known", "--json").stdout)["vaults"]
    assert (entry["path"], entry["state"]) == (f"{tmp_path}/caf\\xe9", "found")
    assert "where it was" in run("known").output
    assert run("list", place, "--password-stdin").exit_code == 0
    assert "not touched" in run("forget", place).output
    assert "knows no vault" in run("known").output


def test_a_name_cannot_forge_a_line_of_the_listing(
    run: Run, folder: Path, document: Callable[..., Path]
) -> None:
    added = run("add", folder, document("na\nme\t.txt"), "--password-stdin")
    assert "identical: na\\nme\\t.txt\n" in added.output
    listed = run("list", folder, "--password-stdin").output
    assert listed.count("\n") == 1 and "na\\nme\\t.txt" in listed


def test_the_home_of_nobody_is_a_name_like_any_other(run: Run, tmp_path: Path) -> None:
    result = run("list", "~no-such-person/v", "--password-stdin")
    assert code_of(result) == "vault-missing"


def test_get_writes_to_standard_output_and_nothing_else_there(
    run: Run, folder: Path, document: Callable[..., Path]
) -> None:
    data = bytes(range(256)) * 10
    run("add", folder, document("a.bin", data), "--password-stdin")
    result = run("get", folder, "a.bin", "--out", "-", "--password-stdin")
    assert result.stdout_bytes == data


def test_known_vaults_are_listed_and_forgotten(run: Run, folder: Path) -> None:
    assert "where it was · last opened 21 November 2026" in run("known").output
    folder.rename(folder.with_name("moved"))
    assert "not there" in run("known").output
    assert "not touched" in run("forget", folder).output
    assert "knows no vault" in run("known").output


def test_damage_is_told_in_a_listing(run: Run, folder: Path, document: Callable[..., Path]) -> None:
    run("add", folder, document("a.txt"), "--password-stdin")
    # the one of this size; the others are Guardian's own
    (entry,) = (path for path in folder.rglob("*.c9r") if path.stat().st_size == 68 + 28 + 8)
    entry.write_bytes(b"cut")
    result = run("list", folder, "--password-stdin")
    assert "could not be read" in result.output
    assert "“a.txt” was changed or cut short" in result.output
    answer = json.loads(run("list", folder, "--password-stdin", "--json").stdout)
    assert [one["code"] for one in answer["not_read"]] == ["vault-document-damaged"]


@pytest.mark.parametrize("command", ["create", "add", "list", "get", "known", "forget"])
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"guardian vault {command}" in result.output.split("Example:")[1]


def test_no_command_takes_a_passphrase_as_an_argument() -> None:
    for command in group.commands.values():
        for parameter in command.params:
            assert "pass" not in (parameter.name or "") or parameter.is_flag  # type: ignore[attr-defined]
