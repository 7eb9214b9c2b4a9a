"""A vault's folder that was tampered with or damaged: told by name, never followed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.vault.cryptomator import disk, root
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.names import NameCipher, is_possible_name, names_within
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"


def code_of(work: Any, *arguments: Any) -> str:
    with pytest.raises(Problem) as caught:
        work(*arguments)
    return caught.value.code


@pytest.fixture
def filled(vault: Vault, document: Callable[..., Path]) -> Vault:
    """One short and one long name in the root, and one document in a folder."""
    vault.add([document("short.txt", b"s" * 100), document("l" * 200, b"long")])
    vault.add([document("inner.txt", b"inner")], "folder")
    vault.add([document("other.txt", b"other")], "second")
    return vault


def place_of(vault: Vault, path: str) -> Path:
    return vault._tree.find(path).place


def names_in(vault: Vault, path: str = "") -> list[str]:
    return [entry.name for entry in vault.list(path).entries]


def test_an_empty_folder_id_does_not_lead_to_the_root(filled: Vault) -> None:
    (place_of(filled, "folder") / "dir.c9r").write_bytes(b"")
    assert code_of(filled.list, "folder") == "vault-folder-damaged"
    assert code_of(filled.read, "folder/inner.txt") == "vault-folder-damaged"


@pytest.mark.parametrize("text", [b"x" * 37, b"\xff" * 36, b"a\nb", b"x" * 100_000])
def test_folder_ids_that_make_no_sense_are_refused(filled: Vault, text: bytes) -> None:
    (place_of(filled, "folder") / "dir.c9r").write_bytes(text)
    assert code_of(filled.list, "folder") == "vault-folder-damaged"


def test_a_folder_that_leads_to_itself_ends(filled: Vault, document: Callable[..., Path]) -> None:
    filled.add([document("deep.txt")], "folder/below")
    outer = (place_of(filled, "folder") / "dir.c9r").read_bytes()
    (place_of(filled, "folder/below") / "dir.c9r").write_bytes(outer)
    assert code_of(filled.list, "folder/below") == "vault-folder-damaged"
    assert code_of(filled.list, "folder/below/below") == "vault-folder-damaged"


def test_a_folder_whose_content_is_gone_is_named(filled: Vault) -> None:
    folder = filled._tree.folder("folder")
    shutil.rmtree(folder.place)
    with pytest.raises(Problem) as caught:
        filled.list("folder")
    assert (caught.value.code, caught.value.facts) == ("vault-folder-damaged", {"name": "folder"})
    assert "folder" in names_in(filled)


def test_swapped_folder_ids_are_listed_and_found_by_the_check(filled: Vault) -> None:
    one, two = (place_of(filled, name) / "dir.c9r" for name in ("folder", "second"))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert names_in(filled, "folder") == ["other.txt"]  # the format itself cannot tell
    found = {(finding.what.code, finding.path) for finding in filled.check().findings}
    assert found == {("vault.finding.led", "folder"), ("vault.finding.led", "second")}


def test_a_document_moved_to_another_folder_is_told_not_shown(filled: Vault) -> None:
    place = place_of(filled, "short.txt")
    place.rename(filled._tree.folder("folder").place / place.name)
    listing = filled.list("folder")
    assert [entry.name for entry in listing.entries] == ["inner.txt"]
    assert [one.problem.code for one in listing.not_read] == ["vault-name-damaged"]


def test_a_second_spelling_of_a_name_is_told_not_shown(filled: Vault) -> None:
    # 16 + 2 * 3 + 1 bytes leave unused bits; change one
    place = place_of(filled, "short.txt")
    body = place.name.removesuffix(".c9r").rstrip("=")
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        other = place.with_name(place.name.replace(body, body[:-1] + letter))
        if not other.exists():
            shutil.copy(place, other)
    listing = filled.list()
    assert [entry.name for entry in listing.entries].count("short.txt") == 1
    assert {one.problem.code for one in listing.not_read} == {"vault-name-damaged"}


def test_a_long_name_must_match_its_place(filled: Vault) -> None:
    place = place_of(filled, "l" * 200)
    name = (place / "name.c9s").read_bytes()
    another = filled._tree.names.encrypt("m" * 200, "").encode()
    for wrong in (b"", name[:-5], b"x" * 20_000, b"\xff" * 300, name[:-4] + b"=.c9r", another):
        (place / "name.c9s").write_bytes(wrong)
        (one,) = filled.list().not_read
        assert one.problem.code == "vault-name-damaged"
        assert code_of(filled.read, "l" * 200) == "vault-name-damaged"
    (place / "name.c9s").unlink()
    assert len(filled.list().not_read) == 1


def test_an_entry_without_its_inside_is_told_by_name(filled: Vault) -> None:
    (place_of(filled, "l" * 200) / "contents.c9r").unlink()
    (one,) = filled.list().not_read
    assert one.problem.code == "vault-entry-broken"
    assert one.problem.facts == {"name": "l" * 200}


def test_a_cut_document_is_listed_and_told(filled: Vault) -> None:
    os.truncate(place_of(filled, "short.txt"), 70)
    listing = filled.list()
    assert [e.size for e in listing.entries if e.name == "short.txt"] == [None]
    (one,) = listing.not_read
    assert (one.problem.code, one.name) == ("vault-document-damaged", "short.txt")
    assert code_of(filled.read, "short.txt") == "vault-document-damaged"
    assert filled.read("folder/inner.txt") == b"inner"


def test_links_and_pipes_put_into_the_folder_are_not_followed(
    filled: Vault, tmp_path: Path
) -> None:
    place = place_of(filled, "short.txt")
    kept = tmp_path / "kept"
    place.rename(kept)
    place.symlink_to(kept)
    assert code_of(filled.read, "short.txt") == "vault-entry-broken"
    place.unlink()
    os.mkfifo(place)
    assert [one.problem.code for one in filled.list().not_read] == ["vault-entry-broken"]
    inner = place_of(filled, "folder") / "dir.c9r"
    inner.unlink()
    os.mkfifo(inner)
    assert code_of(filled.list, "folder") == "vault-entry-broken"


def test_files_that_are_not_the_vaults_are_left_alone(filled: Vault) -> None:
    content = filled._tree.folder("").place
    for name in (".DS_Store", "desktop.ini", "a.c9r", "notes.txt", ".x.tmp"):
        (content / name).write_bytes(b"?")
    assert filled.list().not_read == ()
    assert len(names_in(filled)) == 4


def test_a_sync_conflict_copy_is_told_and_not_shown_in_place_of_the_document(
    filled: Vault, document: Callable[..., Path]
) -> None:
    place = place_of(filled, "short.txt")
    copy = place.with_name(place.name.replace(".c9r", " (conflict).c9r"))
    shutil.copy(place_of(filled, "folder/inner.txt"), copy)
    listing = filled.list()
    assert listing.not_read == ()
    assert len(names_in(filled)) == 4
    (conflict,) = listing.conflicts
    assert (conflict.folder, conflict.name, conflict.file) == ("", "short.txt", copy.name)
    assert filled.read("short.txt") == b"s" * 100
    assert filled.list_all().conflicts == (conflict,)


def test_a_copy_of_a_stray_or_of_a_broken_name_is_no_conflict(filled: Vault) -> None:
    """Only a name that is authentic in this very folder makes a copy one of its documents."""
    place = place_of(filled, "short.txt")
    inner = filled._tree.folder("folder").place
    shutil.copy(place, inner / place.name.replace(".c9r", " (conflict).c9r"))
    shutil.copy(place, place.with_name("A" + place.name.replace(".c9r", " 2.c9r")))
    assert filled.list().conflicts == filled.list("folder").conflicts == ()
    assert len(filled.list().not_read) == len(filled.list("folder").not_read) == 1


@given(
    st.text(min_size=1, max_size=40).filter(is_possible_name),
    st.sampled_from(["", "Copy of ", "conflict-", "2026_11_21_"]),
    st.text(st.characters(codec="utf-8", exclude_characters="/"), max_size=40),
)
def test_whatever_is_added_to_a_name_it_is_found_in_it(name: str, before: str, after: str) -> None:
    cipher = NameCipher(MasterKey(b"\x55" * 32, b"\x77" * 32))
    encrypted = cipher.encrypt(name, "")
    file = before + encrypted.removesuffix(".c9r") + after + ".c9r"
    assert encrypted in set(names_within(file))


@pytest.mark.parametrize("letter", ["-", "A", "=", " ", "_A"])
def test_a_name_made_to_cost_time_costs_little(letter: str) -> None:
    assert len(list(names_within(letter * (250 // len(letter)) + ".c9r"))) < 1000


def test_a_faster_writer_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two programs find a name free at the same moment; what came first stays."""
    for name in ("mine", "theirs"):
        (tmp_path / name).write_text(name)
        (tmp_path / f"{name}.d").mkdir()
        (tmp_path / f"{name}.d" / "inside").write_text(name)
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
    with pytest.raises(FileExistsError):
        disk.move_new(tmp_path / "mine", tmp_path / "theirs")
    with pytest.raises(FileExistsError):
        disk.rename_folder_new(tmp_path / "mine.d", tmp_path / "theirs.d")
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert (tmp_path / "theirs.d" / "inside").read_text() == "theirs"


def test_paths_that_lead_nowhere(filled: Vault) -> None:
    assert code_of(filled.read, "nothing") == "vault-entry-missing"
    assert code_of(filled.read, "nothing/at/all") == "vault-entry-missing"
    assert code_of(filled.read, "short.txt/x") == "vault-entry-not-folder"
    assert code_of(filled.list, "short.txt") == "vault-entry-not-folder"
    assert code_of(filled.read, "folder") == "file-is-folder"
    assert code_of(filled.read, "") == "file-is-folder"
    assert code_of(filled.read, "../x") == "vault-entry-missing"
    assert code_of(filled.read, "\udc80") == "vault-entry-missing"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (shutil.rmtree, "vault-missing"),
        (lambda v: (v / "vault.cryptomator").unlink(), "vault-not-one"),
        (lambda v: (v / "masterkey.cryptomator").unlink(), "vault-file-missing"),
        (lambda v: shutil.rmtree(v / "d"), "vault-folder-damaged"),
        (lambda v: (v / "vault.cryptomator").write_bytes(b""), "vault-config-damaged"),
        (lambda v: (v / "masterkey.cryptomator").write_bytes(b""), "vault-key-file-damaged"),
        (lambda v: os.truncate(v / "vault.cryptomator", 10**9), "vault-config-damaged"),
        (lambda v: os.truncate(v / "masterkey.cryptomator", 10**9), "vault-config-damaged"),
    ],
)
def test_a_vault_that_lost_a_part_says_which(
    vault: Vault, service: VaultService, spoil: Callable[[Path], None], code: str
) -> None:
    vault.lock()
    spoil(vault.folder)
    assert code_of(service.open, vault.folder, PASSPHRASE) == code
    assert code_of(root.inspect, vault.folder) == code


def test_metadata_that_is_a_pipe_does_not_hang(vault: Vault, service: VaultService) -> None:
    vault.lock()
    (vault.folder / "vault.cryptomator").unlink()
    os.mkfifo(vault.folder / "vault.cryptomator")
    assert code_of(service.open, vault.folder, PASSPHRASE) == "vault-config-damaged"
