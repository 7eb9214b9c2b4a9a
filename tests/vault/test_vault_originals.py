"""Deleting originals: only the very file that was compared, only while it equals its copy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from guardian.core.errors import Cancelled
from guardian.vault.documents import originals
from guardian.vault.model import Addition, Removed
from guardian.vault.service import Vault


def told(done: Removed) -> list[str]:
    return [one.problem.code for one in done.refused]


def test_originals_that_equal_their_copies_are_deleted_and_folders_stay(
    vault: Vault, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, size in (("a.txt", 0), ("b.txt", 10), ("c.bin", 3 * 2**20)):
        (folder / name).write_bytes(os.urandom(size))
    done = vault.remove_originals(vault.add([folder]).added)
    assert sorted(path.name for path in done.removed) == ["a.txt", "b.txt", "c.bin"]
    assert done.refused == ()
    assert list(folder.iterdir()) == []
    assert len(vault.list("papers").entries) == 3


@pytest.mark.parametrize("content", [b"", b"Dear al?", b"Dear al", b"Dear all!", b"x" * 70_000])
def test_an_original_that_was_changed_stays(
    vault: Vault, document: Callable[..., Path], content: bytes
) -> None:
    source = document("letter.txt", b"Dear all")
    added = vault.add([source]).added
    source.write_bytes(content)
    assert told(vault.remove_originals(added)) == ["vault-original-changed"]
    assert source.read_bytes() == content


def test_an_original_whose_copy_is_damaged_or_gone_stays(
    vault: Vault, document: Callable[..., Path]
) -> None:
    sources = [document("a.txt", b"a" * 100), document("b.txt", b"b")]
    added = vault.add(sources).added
    place = vault._tree.find("a.txt").place
    place.write_bytes(place.read_bytes()[:-1] + b"?")
    vault.discard(["b.txt"])
    assert told(vault.remove_originals(added)) == ["vault-document-damaged", "vault-entry-missing"]
    assert all(source.exists() for source in sources)


def test_links_pipes_and_folders_in_the_place_of_an_original_stay(
    vault: Vault, document: Callable[..., Path], tmp_path: Path
) -> None:
    real = document("real.txt", b"same")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    sources = [document(name, b"same") for name in ("pipe", "folder", "gone")]
    added = vault.add([link, *sources]).added
    for source in sources:
        source.unlink()
    os.mkfifo(sources[0])
    sources[1].mkdir()
    assert told(vault.remove_originals(added)) == [
        "vault-original-link",
        "vault-not-document",
        "file-is-folder",
        "file-missing",
    ]
    assert link.is_symlink() and real.read_bytes() == b"same"


def test_a_file_exchanged_while_it_is_compared_stays(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = document("letter.txt", b"Dear all")
    added = vault.add([source]).added
    real = originals.open_original

    def exchange(file: Path) -> object:
        opened = real(file)
        (file.parent / "other").write_bytes(b"another")
        (file.parent / "other").replace(file)
        return opened

    monkeypatch.setattr(originals, "open_original", exchange)
    assert told(vault.remove_originals(added)) == ["vault-original-changed"]
    assert source.read_bytes() == b"another"


def test_the_vaults_own_files_are_never_deleted(vault: Vault) -> None:
    own = vault.folder / "masterkey.cryptomator"
    assert told(vault.remove_originals([Addition(own, "letter.txt", 1)])) == ["vault-own-file"]
    assert own.exists()


def test_stopping_leaves_the_rest(vault: Vault, document: Callable[..., Path]) -> None:
    sources = [document(f"{n}.txt", b"x" * 10) for n in range(3)]
    added = vault.add(sources).added

    def stop(done: int, *_: object) -> None:
        if done == 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        vault.remove_originals(added, stop)
    assert [source.exists() for source in sources] == [False, True, True]
