"""``guardian vault known`` and ``backup`` in the terminal: what is said, with which exit code."""

from __future__ import annotations

import json
import os
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
from guardian.core.store import Store
from guardian.vault.backup import mirror
from guardian.vault.model import Condition
from guardian.vault.repository import VaultRepository
from guardian.vault.service import Vault, VaultService
from tests.vault.conftest import NOW

Run = Callable[..., Result]


@pytest.fixture
def run(service: VaultService) -> Run:
    """Runs ``guardian vault ...``; there is no passphrase to be read anywhere."""

    class OnlyVault(Session):
        features: Any = SimpleNamespace(vault=service)

    def invoke(*arguments: object) -> Result:
        session = OnlyVault()

        @click.group()
        @click.pass_context
        def main(ctx: click.Context) -> None:
            ctx.obj = session

        main.add_command(group)
        result = CliRunner().invoke(main, ["vault", *map(str, arguments)])
        if isinstance(result.exception, Problem):
            session.show_problem(result.exception)
        elif result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def filled(vault: Vault, document: Callable[..., Path]) -> Vault:
    vault.add([document("a.txt", b"a"), document("b.txt", b"b")])
    return vault


def test_a_backup_says_what_it_did_and_how_to_use_it(
    run: Run, filled: Vault, tmp_path: Path, document: Callable[..., Path]
) -> None:
    place = tmp_path / "copy"
    first = run("backup", filled.folder, place)
    assert first.exit_code == 0
    assert f"encrypted files were copied to {place} and read back." in first.output
    assert "opens with the same passphrase" in first.output
    assert "were there already" not in first.output
    filled.replace("a.txt", document("new.txt", b"new"))
    again = run("backup", filled.folder)
    assert again.exit_code == 0
    assert "were there already, as they are in the vault." in again.output
    assert str(place / mirror.OLDER) in again.output


def test_a_backup_of_a_damaged_vault_says_where_the_good_copies_are(
    run: Run, filled: Vault, tmp_path: Path, store: Store
) -> None:
    run("backup", filled.folder, tmp_path / "copy")
    file = filled._tree.find("a.txt").file
    os.truncate(file, 80)
    VaultRepository(store).note_check(filled.folder, NOW, Condition.DAMAGED, full=True)
    told = run("backup", filled.folder)
    assert told.exit_code == 0
    assert "The last check found damage in this vault" in told.output
    assert "1 earlier file was replaced" in told.output


def test_a_backup_in_json(run: Run, filled: Vault, tmp_path: Path) -> None:
    answer = json.loads(run("backup", filled.folder, tmp_path / "copy", "--json").stdout)
    assert (answer["vault"], answer["place"]) == (str(filled.folder), str(tmp_path / "copy"))
    assert answer["copied"] > 3
    assert (answer["unchanged"], answer["set_aside"], answer["aside"]) == (0, 0, None)
    assert answer["refused"] == []
    answer = json.loads(run("backup", filled.folder, "--full", "--json").stdout)
    assert answer["copied"] == 0


def test_a_file_that_could_not_be_read_is_told_and_the_exit_code_says_so(
    run: Run, filled: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = filled._tree.find("a.txt").file
    real = mirror.open_source

    def refuse(file: Path, path: str) -> Any:
        if file == bad:
            raise Problem("file-unreadable", name=path, reason="Input/output error")
        return real(file, path)

    monkeypatch.setattr(mirror, "open_source", refuse)
    told = run("backup", filled.folder, tmp_path / "copy")
    assert told.exit_code == 2
    assert "1 file of the vault could not be read, so the backup is not complete:" in told.output
    assert bad.name in told.output
    assert "opens with the same passphrase" not in told.output
    answer = json.loads(run("backup", filled.folder, tmp_path / "copy", "--json").stdout)
    assert [one["code"] for one in answer["refused"]] == ["file-unreadable"]


def test_without_a_place_and_without_a_last_one_the_place_is_asked_for(
    run: Run, filled: Vault
) -> None:
    told = run("backup", filled.folder)
    assert isinstance(told.exception, Problem)
    assert told.exception.code == "backup-place-unknown"
    assert told.exception.facts == {"name": "vault"}


def test_the_help_says_how_to_get_documents_back(run: Run) -> None:
    told = " ".join(run("backup", "--help").output.split())
    assert "open it with the same passphrase, or copy the whole folder back" in told


def test_the_list_of_vaults_tells_of_checks_and_backups(
    run: Run, filled: Vault, tmp_path: Path, store: Store
) -> None:
    assert "no backup" in run("known").output
    run("backup", filled.folder, tmp_path / "copy")
    VaultRepository(store).note_check(filled.folder, NOW, Condition.CHANGED, full=False)
    told = run("known").output
    assert "checked 21 November 2026 · changed elsewhere, but intact" in told
    assert "backup 21 November 2026" in told
    assert "Fine" in told
    VaultRepository(store).note_check(filled.folder, NOW, Condition.DAMAGED, full=False)
    told = run("known").output
    assert "Please act" in told
    assert "damaged" in told
