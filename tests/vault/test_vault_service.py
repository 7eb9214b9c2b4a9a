"""What a person does with a vault, from making to locking it, and what Guardian remembers."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Words
from guardian.vault.documents import export, incoming, naming
from guardian.vault.model import Kind, VaultState
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def code_of(work: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Problem) as caught:
        work(*arguments, **named)
    return caught.value.code


def test_a_new_vault_holds_what_the_format_asks_for_and_a_note(vault: Vault) -> None:
    assert {path.name for path in vault.folder.iterdir()} == {
        "vault.cryptomator",
        "masterkey.cryptomator",
        "d",
        "HOW TO OPEN THIS VAULT.txt",
    }
    (note,) = vault.folder.glob("*.txt")
    assert "passphrase" in note.read_text("utf-8")
    assert [path.name for path in vault.folder.rglob("d/*/*/*")] == ["dirid.c9r"]
    assert vault.list().entries == ()


def test_a_document_goes_in_and_comes_out(
    vault: Vault, service: VaultService, document: Callable[..., Path], tmp_path: Path
) -> None:
    source = document("passport.pdf", b"%PDF-1.7")
    os.utime(source, (1_600_000_000, 1_600_000_000))
    (addition,) = vault.add([source]).added
    assert (addition.source, addition.path, addition.size) == (source, "passport.pdf", 8)
    assert source.read_bytes() == b"%PDF-1.7"
    vault.lock()
    with service.open(vault.folder, PASSPHRASE) as again:
        (entry,) = again.list().entries
        assert (entry.path, entry.kind, entry.size) == ("passport.pdf", Kind.FILE, 8)
        assert entry.modified == datetime.fromtimestamp(1_600_000_000, UTC)
        assert again.read("passport.pdf") == b"%PDF-1.7"
        again.read_to("passport.pdf", tmp_path / "out.pdf")
        assert (tmp_path / "out.pdf").read_bytes() == b"%PDF-1.7"


def test_folders_are_made_on_the_way_and_listed_first(
    vault: Vault, document: Callable[..., Path]
) -> None:
    vault.add([document("b.txt"), document("A.txt")])
    (addition,) = vault.add([document("c.txt")], "papers/2026/").added
    assert addition.path == "papers/2026/c.txt"
    assert [entry.name for entry in vault.list().entries] == ["papers", "A.txt", "b.txt"]
    assert [entry.path for entry in vault.list("papers/2026").entries] == ["papers/2026/c.txt"]
    assert code_of(vault.add, [document("d.txt")], "b.txt") == "vault-entry-not-folder"
    assert code_of(vault.add, [document("d.txt")], "../x") == "vault-name-impossible"


def test_a_name_that_is_taken_gets_a_number(vault: Vault, document: Callable[..., Path]) -> None:
    for content in (b"1", b"2", b"3"):
        vault.add([document("scan.pdf", content)])
    names = {"scan.pdf": b"1", "scan (1).pdf": b"2", "scan (2).pdf": b"3"}
    assert {e.name: vault.read(e.path) for e in vault.list().entries} == names


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("a.tar.gz", "a.tar (1).gz"),
        (".hidden", ".hidden (1)"),
        ("none", "none (1)"),
        ("x" * 251 + ".txt", "x" * 247 + " (1).txt"),
        ("漢" * 85, "漢" * 83 + " (1)"),
    ],
)
def test_numbers_fit_the_name(name: str, second: str) -> None:
    names = naming.numbered(name)
    assert [next(names), next(names)] == [name, second]


def test_what_is_no_document_is_refused_and_the_rest_is_added(
    vault: Vault, document: Callable[..., Path], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "link.txt").symlink_to(document("real.txt", b"real"))
    own = vault.folder / "vault.cryptomator"
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    odd.write_bytes(b"")
    paths = [tmp_path / "pipe", tmp_path / "broken", Path("/dev/zero"), own, odd]
    result = vault.add([*paths, tmp_path / "link.txt"])
    assert [refusal.problem.code for refusal in result.refused] == [
        "vault-not-document",
        "file-missing",
        "vault-not-document",
        "vault-own-file",
        "vault-name-impossible",
    ]
    assert [addition.path for addition in result.added] == ["link.txt"]
    assert vault.read("link.txt") == b"real"


def test_a_file_exchanged_for_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Problem, match="vault-not-document"), incoming.open_file(tmp_path / "pipe"):
        pass


def test_saving_never_replaces_unless_told(
    vault: Vault, document: Callable[..., Path], tmp_path: Path
) -> None:
    vault.add([document()])
    target = tmp_path / "out.txt"
    target.write_bytes(b"mine")
    assert code_of(vault.read_to, "letter.txt", target) == "vault-target-exists"
    assert target.read_bytes() == b"mine"
    vault.read_to("letter.txt", target, overwrite=True)
    assert target.read_bytes() == b"Dear all"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert code_of(vault.read_to, "letter.txt", tmp_path) == "file-is-folder"
    assert code_of(vault.read_to, "letter.txt", tmp_path / "no" / "x") == "file-missing"


@pytest.mark.parametrize("unnamed", [True, False])
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_damaged_document_is_never_saved_in_part(  # noqa: PLR0917
    vault: Vault,
    document: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    overwrite: bool,
    unnamed: bool,
) -> None:
    if not unnamed:
        monkeypatch.setattr(export, "open_unnamed", lambda _: None)
    vault.add([document("big.bin", bytes(3 * 2**20))])
    target = tmp_path / "out" / "big.bin"
    target.parent.mkdir()
    vault.read_to("big.bin", target)
    assert target.read_bytes() == bytes(3 * 2**20)
    os.truncate(vault._tree.find("big.bin").file, 2 * 2**20)
    if overwrite:
        target.write_bytes(b"old")
    else:
        target.unlink()
    code = code_of(vault.read_to, "big.bin", target, overwrite=overwrite)
    assert code == "vault-document-damaged"
    assert [p.read_bytes() for p in target.parent.iterdir()] == ([b"old"] if overwrite else [])
    out = BytesIO()
    assert code_of(vault.write_to, "big.bin", out) == "vault-document-damaged"
    assert out.getvalue() == b""


def test_saving_works_where_a_file_cannot_get_its_name_later(
    vault: Vault, document: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    vault.add([document()])
    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "out").mkdir()
    vault.read_to("letter.txt", tmp_path / "out" / "x")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["x"]
    assert (tmp_path / "out" / "x").read_bytes() == b"Dear all"


def test_a_locked_vault_does_nothing_more(vault: Vault, document: Callable[..., Path]) -> None:
    vault.add([document()])
    vault.lock()
    vault.lock()
    assert vault.locked
    for work in (vault.list, lambda: vault.read("x"), lambda: vault.add([document()])):
        assert code_of(work) == "vault-locked"
    assert not (vault.folder / ".guardian-tmp").exists()


def test_a_wrong_passphrase_opens_nothing_and_is_not_remembered(
    vault: Vault, service: VaultService
) -> None:
    service.forget(vault.folder)
    assert code_of(service.open, vault.folder, "wrong horse battery") == "passphrase-wrong"
    assert service.known() == ()


@pytest.mark.parametrize("passphrase", ["", "short", "e\u0301" * 7])
def test_a_short_passphrase_makes_no_vault(
    service: VaultService, tmp_path: Path, passphrase: str
) -> None:
    assert code_of(service.create, tmp_path / "v", passphrase) == "passphrase-short"
    assert not (tmp_path / "v").exists()


def test_a_vault_is_made_in_an_empty_place_only(
    service: VaultService, vault: Vault, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("x")
    for name, code in [
        ("full", "vault-place-not-empty"),
        ("file", "vault-place-is-file"),
        ("no/where", "vault-parent-missing"),
        ("vault", "vault-exists"),
    ]:
        assert code_of(service.create, tmp_path / name, PASSPHRASE) == code
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "lost+found").mkdir()
    service.create(tmp_path / "stick", PASSPHRASE).lock()


def test_guardian_knows_where_vaults_are_and_nothing_of_their_contents(
    vault: Vault, service: VaultService, store: Store, document: Callable[..., Path]
) -> None:
    vault.add([document("secret name.txt")])
    (info,) = service.known()
    assert (info.path, info.name, info.last_opened) == (vault.folder, "vault", NOW)
    assert "secret name" not in str(store.rows("SELECT * FROM vaults"))
    service.forget(vault.folder)
    assert service.known() == ()
    assert vault.read("secret name.txt") == b"Dear all"


def test_the_checkup_says_where_the_vaults_stand(service: VaultService, tmp_path: Path) -> None:
    words = Words()
    assert service.summary().level is None
    (step,) = service.next_steps()
    assert step.command == "guardian vault create DIR"
    for name in ("one", "two", "three"):
        service.create(tmp_path / name, PASSPHRASE).lock()
    service.check(report_nothing)
    assert service.summary().level is Level.FINE
    asked = [words.tell(step.title) for step in service.next_steps()]
    assert asked[:1] == ["Make recovery words for the vault “one”"]
    assert len(asked) == 6
    for name in ("one", "two", "three"):
        service.make_recovery(tmp_path / name, PASSPHRASE)
        service.back_up(tmp_path / name, tmp_path / f"copy of {name}")
    assert service.next_steps() == ()
    service.check(report_nothing)
    assert service.next_steps() == ()
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "two" / "vault.cryptomator").unlink()
    service.check(report_nothing)
    assert service.summary().level is Level.ASK
    states = {info.name: info.state for info in service.known()}
    assert states == {
        "one": VaultState.MISSING,
        "two": VaultState.NOT_A_VAULT,
        "three": VaultState.FOUND,
    }
    titles = {words.tell(step.title) for step in service.next_steps()}
    assert titles == {"Find the vault “one”", "Look at the vault “two”"}


def test_recovery_words_made_or_ended_elsewhere_are_seen_by_the_checkup(
    service: VaultService, vault: Vault
) -> None:
    vault.back_up(vault.folder.parent / "copy")
    assert service.next_steps() == ()  # nobody looked yet, so nothing is said
    service.check()
    (step,) = service.next_steps()
    assert step.title.code == "vault.step.recovery"
    service.make_recovery(vault.folder, PASSPHRASE)
    assert service.next_steps() == ()
    service.revoke_recovery(vault.folder)
    assert len(service.next_steps()) == 1


def test_a_backup_or_a_recovery_of_a_vault_nobody_listed_is_made_all_the_same(
    service: VaultService, vault: Vault, tmp_path: Path
) -> None:
    service.forget(vault.folder)
    assert service.back_up(vault.folder, tmp_path / "copy").copied > 0
    service.make_recovery(vault.folder, PASSPHRASE)
    assert service.known() == ()


def test_progress_is_told_and_ends_at_the_total(
    vault: Vault, document: Callable[..., Path]
) -> None:
    seen: list[tuple[int, int]] = []
    notes: set[str] = set()

    def report(done: int, total: int, note: Any = None) -> None:
        seen.append((done, total))
        notes.update([note.code] if note else [])

    vault.add([document("a.bin", bytes(2**20)), document("empty", b"")], "", report)
    assert seen == sorted(seen)
    assert seen[-1] == (2**21, 2**21)
    assert notes == {"vault.progress.adding", "vault.progress.checking"}
