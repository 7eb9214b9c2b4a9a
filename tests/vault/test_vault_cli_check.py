"""``guardian vault check``: one line for each finding, and an exit code that says how it stands."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from guardian.cli.session import Session
from guardian.cli.vault import vault as group
from guardian.vault.service import VaultService

PASSPHRASE = "correct horse battery"
Run = Callable[..., Result]


@pytest.fixture
def check(service: VaultService) -> Run:
    class OnlyVault(Session):
        features: Any = SimpleNamespace(vault=service)

    def invoke(*arguments: object) -> Result:
        @click.group()
        @click.pass_context
        def main(ctx: click.Context) -> None:
            ctx.obj = OnlyVault()

        main.add_command(group)
        words = ["vault", "check", *map(str, arguments), "--password-stdin"]
        result = CliRunner().invoke(main, words, input=PASSPHRASE + "\n")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def folder(service: VaultService, tmp_path: Path, document: Callable[..., Path]) -> Path:
    with service.create(tmp_path / "v", PASSPHRASE) as vault:
        vault.add([document("a.txt", b"a" * 70_000), document("b.txt", b"b")], "papers")
    return tmp_path / "v"


def file_of(service: VaultService, folder: Path, path: str) -> Path:
    with service.open(folder, PASSPHRASE) as vault:
        return vault._tree.find(path).file


def test_a_vault_as_written_ends_with_zero(check: Run, folder: Path) -> None:
    quick, full = check(folder), check(folder, "--full")
    assert quick.exit_code == full.exit_code == 0
    assert "As Guardian wrote it. Looked at: 2 documents" in quick.output
    assert "--full decrypts every byte" in quick.output
    assert "--full" not in full.output
    assert len(full.output.splitlines()) == 1


def test_a_change_ends_with_one_and_can_be_accepted(
    check: Run, folder: Path, service: VaultService
) -> None:
    os.truncate(file_of(service, folder, "papers/a.txt"), 68 + 32_796)
    told = check(folder, "--full")
    assert told.exit_code == 1
    (line,) = [line for line in told.output.splitlines() if "papers/a.txt" in line]
    assert line.startswith("Worth a question") and "shorter" in line
    accepted = check(folder, "--accept")
    assert accepted.exit_code == 0
    assert "1 change is on Guardian’s list now." in accepted.output
    assert check(folder, "--full").exit_code == 0


def test_damage_ends_with_two_and_names_the_document(
    check: Run, folder: Path, service: VaultService
) -> None:
    os.truncate(file_of(service, folder, "papers/a.txt"), 10)
    told = check(folder)
    assert told.exit_code == 2
    assert "Please act" in told.output and "“papers/a.txt” does not decrypt" in told.output
    assert "Damaged. Looked at: 2 documents" in told.output
    assert check(folder, "--accept", "--mend").exit_code == 2


def test_what_can_be_mended_is(check: Run, folder: Path, service: VaultService) -> None:
    file_of(service, folder, "papers").write_bytes(b"")
    assert check(folder).exit_code == 2
    mended = check(folder, "--mend")
    assert mended.exit_code == 0
    assert "Mended: papers" in mended.output
    with service.open(folder, PASSPHRASE) as vault:
        assert vault.read("papers/b.txt") == b"b"


def test_an_older_vault_is_told_and_can_be_accepted(
    check: Run, folder: Path, service: VaultService, document: Callable[..., Path], tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "older")
    with service.open(folder, PASSPHRASE) as vault:
        vault.add([document("c.txt")])
    told = check(tmp_path / "older")
    assert told.exit_code == 1
    assert "older than the one this computer saw last" in told.output
    assert check(tmp_path / "older", "--accept").exit_code == 0
    assert check(tmp_path / "older").exit_code == 0


def test_machines_get_the_same_as_json(check: Run, folder: Path, service: VaultService) -> None:
    os.truncate(file_of(service, folder, "papers/a.txt"), 68 + 32_796 + 5)
    told = check(folder, "--full", "--json")
    assert told.exit_code == 2
    answer = json.loads(told.output)
    assert answer["condition"] == "damaged"
    assert (answer["documents"], answer["folders"], answer["full"]) == (2, 1, True)
    assert (answer["older"], answer["listed"], answer["mended"]) == (False, True, [])
    (one,) = answer["findings"]
    assert (one["code"], one["path"], one["remedy"]) == ("cut", "papers/a.txt", "save-part")
    assert (folder / one["place"]).is_file()


def test_a_vault_without_a_list_says_so(check: Run, folder: Path, service: VaultService) -> None:
    with service.open(folder, PASSPHRASE) as vault:
        shutil.rmtree(vault._tree.folder(".guardian").place)
        shutil.rmtree(vault._tree.find(".guardian").place)
    told = check(folder)
    assert "no list of Guardian’s in this vault yet" in told.output


def test_names_of_others_cannot_steer_the_terminal(
    check: Run, folder: Path, service: VaultService
) -> None:
    with service.open(folder, PASSPHRASE) as vault:
        tree = vault._tree
        tree.journal = type("Nothing", (), {"wrote": lambda *_: None})()
        tree.write_small(tree.folder(""), "\x1b[2Jnew\nline", b"new")
    told = check(folder)
    assert "\x1b" not in told.output
    assert "\\u001b[2Jnew\\nline" in told.output
