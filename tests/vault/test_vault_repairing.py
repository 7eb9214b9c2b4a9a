"""Mending what can be mended: nothing is deleted, no name is taken from anybody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from guardian.core.errors import Problem
from guardian.vault.model import Condition, Conflict, Finding, Remedy
from guardian.vault.service import Vault

LONG = "l" * 180
CONFLICTS = {
    "Dropbox": "{name} (Ann's conflicted copy 2026-11-21){ending}",
    "Google Drive": "{name} (1){ending}",
    "Google Drive, copied": "Copy of {name}{ending}",
    "OneDrive": "{name}-LAPTOP{ending}",
    "Syncthing": "{name}.sync-conflict-20261121-093000-ABCDEFG{ending}",
    "Nextcloud": "{name} (conflicted copy 2026-11-21 093000){ending}",
    "iCloud": "{name} 2{ending}",
    "Mega": "{name}_conflict_2026-11-21{ending}",
    "Box": "{name} (ann@example.org){ending}",
    "pCloud": "{name} [conflicted]{ending}",
    "Resilio": "{name}.Conflict{ending}",
    "Synology": "{name}_LAPTOP_Nov-21-0930-2026_Conflict{ending}",
    "Seafile": "{name} (SFConflict ann 2026-11-21-09-30-00){ending}",
}


@pytest.fixture
def filled(vault: Vault, document: Callable[..., Path]) -> Vault:
    vault.add([document("short.txt", b"short"), document(LONG, b"long")])
    vault.add([document("inner.txt", b"inner")], "folder/below")
    vault.add([document("other.txt", b"other")], "second")
    vault.make_folder(f"{LONG} folder")
    return vault


def place_of(vault: Vault, path: str) -> Path:
    return vault._tree.find(path).place


def content_of(vault: Vault, path: str) -> Path:
    return vault._tree.folder(path).place


def only(vault: Vault, code: str) -> Finding:
    (one,) = vault.check(full=True).findings
    assert one.what.code == f"vault.finding.{code}"
    return one


def assert_whole(vault: Vault) -> None:
    """Everything the vault was filled with is there, and the check has nothing to say."""
    checked = vault.check(full=True)
    assert checked.findings == ()
    read = {
        one.path: vault.read(one.path)
        for one in vault.list_all().entries
        if one.kind.value == "file"
    }
    assert read == {
        "short.txt": b"short",
        LONG: b"long",
        "folder/below/inner.txt": b"inner",
        "second/other.txt": b"other",
    }


def mend(vault: Vault, code: str) -> str:
    one = only(vault, code)
    assert one.remedy in (Remedy.REBUILD, Remedy.ADOPT)
    return vault.mend(one)


# folders


@pytest.mark.parametrize("path", ["folder", "folder/below"])
@pytest.mark.parametrize("harm", [b"", b"no id of ours", b"\xff" * 36, b"x" * 5000])
def test_a_folder_whose_id_is_damaged_gets_it_back(filled: Vault, path: str, harm: bytes) -> None:
    (place_of(filled, path) / "dir.c9r").write_bytes(harm)
    wrong = "folder-content" if harm == b"no id of ours" else "folder-entry"
    assert mend(filled, wrong) == path
    assert_whole(filled)


def test_a_folder_whose_id_is_gone_gets_it_back(filled: Vault) -> None:
    (place_of(filled, "folder") / "dir.c9r").unlink()
    assert mend(filled, "entry") == "folder"
    assert_whole(filled)


def test_a_folder_with_a_long_name_gets_its_id_back(filled: Vault) -> None:
    (place_of(filled, f"{LONG} folder") / "dir.c9r").unlink()
    assert mend(filled, "entry") == f"{LONG} folder"
    assert_whole(filled)


def test_a_folder_whose_entry_is_gone_is_found_under_its_name(filled: Vault) -> None:
    shutil.rmtree(place_of(filled, "folder"))
    assert mend(filled, "orphan") == "folder"
    assert_whole(filled)


def test_a_folder_found_again_never_takes_anothers_name(filled: Vault) -> None:
    shutil.rmtree(place_of(filled, "folder"))
    filled.make_folder("folder")
    assert mend(filled, "orphan-nameless") in ("folder (1)", "Found again")
    assert {"folder", "second"} <= {one.name for one in filled.list().entries}


def test_a_folder_that_no_list_knows_is_found_again(filled: Vault) -> None:
    shutil.rmtree(place_of(filled, "folder"))
    own = content_of(filled, ".guardian")
    for file in own.glob("*=.c9r"):
        file.unlink()
    assert mend(filled, "orphan-nameless") == "Found again"
    assert filled.read("Found again/below/inner.txt") == b"inner"


def test_content_under_another_name_on_disk_goes_back_to_its_place(filled: Vault) -> None:
    place = content_of(filled, "folder")
    place.rename(place.with_name("renamed by somebody"))
    assert mend(filled, "folder-content") == "folder"
    assert_whole(filled)


def test_content_of_two_folders_that_changed_places_goes_back(filled: Vault) -> None:
    one, two = content_of(filled, "folder"), content_of(filled, "second")
    aside = one.with_name("aside")
    one.rename(aside)
    two.rename(one)
    aside.rename(two)
    findings = filled.check().findings
    assert {finding.what.code for finding in findings} == {"vault.finding.content-swapped"}
    filled.mend(findings[0])
    assert_whole(filled)


def test_content_that_lost_its_spare_id_is_known_from_the_list(filled: Vault) -> None:
    shutil.rmtree(place_of(filled, "folder"))
    (content_of(filled, "second").parent.parent / "x").mkdir(exist_ok=True)
    for spare in (filled.folder / "d").rglob("dirid.c9r"):
        spare.unlink()
    assert mend(filled, "orphan") == "folder"
    assert_whole(filled)
    assert list((filled.folder / "d").rglob("dirid.c9r")) != []


def test_content_that_nothing_knows_is_told_and_left(filled: Vault) -> None:
    place = filled.folder / "d" / "AA" / ("B" * 30)
    place.mkdir(parents=True)
    shutil.copy(place_of(filled, "short.txt"), place)
    assert only(filled, "orphan-unknown").remedy is None


def test_an_empty_place_left_by_a_crash_is_nothing_to_tell(filled: Vault) -> None:
    filled._tree.make_content_place("0b1d6a9e-0000-4000-8000-000000000000")
    assert filled.check(full=True).findings == ()


def test_a_damaged_spare_id_is_written_anew(filled: Vault) -> None:
    (content_of(filled, "folder/below") / "dirid.c9r").write_bytes(b"?" * 132)
    assert mend(filled, "spare") == "folder/below"
    assert_whole(filled)


def test_a_folder_led_astray_gets_its_own_content_back(filled: Vault) -> None:
    second = (place_of(filled, "second") / "dir.c9r").read_bytes()
    (place_of(filled, "folder") / "dir.c9r").write_bytes(second)
    for finding in filled.check().findings:
        if finding.remedy is Remedy.REBUILD:
            filled.mend(finding)
    assert_whole(filled)


@pytest.mark.parametrize("harm", [b"", b"wrong.c9r", None])
def test_a_damaged_long_name_is_written_again(filled: Vault, harm: bytes | None) -> None:
    file = place_of(filled, LONG) / "name.c9s"
    if harm is None:
        file.unlink()
    else:
        file.write_bytes(harm)
    assert mend(filled, "long-name") == LONG
    assert_whole(filled)


# strays


def test_a_document_moved_on_disk_gets_its_name_where_it_is_now(filled: Vault) -> None:
    place = place_of(filled, "short.txt")
    place.rename(content_of(filled, "second") / place.name)
    assert mend(filled, "stray") == "second/short.txt"
    assert filled.read("second/short.txt") == b"short"
    assert filled.check(full=True).findings == ()


def test_a_stray_never_takes_anothers_name(filled: Vault, document: Callable[..., Path]) -> None:
    filled.add([document("short.txt", b"mine")], "second")
    place = place_of(filled, "short.txt")
    place.rename(content_of(filled, "second") / place.name)
    assert mend(filled, "stray") == "second/short (1).txt"
    assert filled.read("second/short.txt") == b"mine"
    assert filled.read("second/short (1).txt") == b"short"


@pytest.mark.parametrize("path", [LONG, "folder", f"{LONG} folder"])
def test_long_names_and_folders_stray_too(filled: Vault, path: str) -> None:
    place = place_of(filled, path)
    place.rename(content_of(filled, "second") / place.name)
    assert mend(filled, "stray") == f"second/{path}"
    assert filled.check(full=True).findings == ()


def test_a_finding_that_is_past_is_told_and_nothing_is_done(filled: Vault) -> None:
    place = place_of(filled, "short.txt")
    place.rename(content_of(filled, "second") / place.name)
    finding = only(filled, "stray")
    filled.mend(finding)
    for old in (finding, Finding(finding.condition, finding.what, "x", "d/AA/none.c9r")):
        with pytest.raises(Problem) as caught:
            filled.mend(old)
        assert caught.value.code == "vault-finding-past"
    assert filled.check(full=True).findings == ()


# copies made by sync programs


def make_conflict(vault: Vault, path: str, style: str, content: bytes = b"theirs") -> Path:
    """What a sync program leaves when ``path`` was changed in two places."""
    place = place_of(vault, path)
    with vault._changing() as tree:
        tree.write_small(tree.folder(""), "theirs", content)
    theirs = vault._tree.find("theirs")
    copy = place.with_name(CONFLICTS[style].format(name=place.stem, ending=place.suffix))
    if place.is_dir():
        shutil.copytree(place, copy)
        shutil.copy(theirs.file, copy / "contents.c9r")
    else:
        shutil.copy(theirs.file, copy)
    with vault._changing() as tree:
        tree.remove(theirs)
    return copy


@pytest.mark.parametrize("style", CONFLICTS)
@pytest.mark.parametrize("path", ["short.txt", LONG])
def test_a_conflict_copy_is_shown_beside_the_document_and_kept_on_wish(
    filled: Vault, style: str, path: str
) -> None:
    copy = make_conflict(filled, path, style)
    listing = filled.list()
    assert [one.name for one in listing.entries if one.name == path] == [path]
    (conflict,) = listing.conflicts
    assert (conflict.name, conflict.file, conflict.size) == (path, copy.name, 6)
    assert listing.not_read == ()
    kept = filled.keep_conflict(conflict)
    assert kept == ("short (1).txt" if path == "short.txt" else f"{LONG} (1)")
    assert filled.read(kept) == b"theirs"
    assert filled.read(path) == (b"short" if path == "short.txt" else b"long")
    assert filled.list().conflicts == ()
    assert filled.check(full=True).findings == ()


def test_two_copies_of_one_document_get_two_names(filled: Vault) -> None:
    make_conflict(filled, "short.txt", "Dropbox", b"one")
    make_conflict(filled, "short.txt", "iCloud", b"two")
    kept = [filled.keep_conflict(one) for one in filled.list().conflicts]
    assert sorted(kept) == ["short (1).txt", "short (2).txt"]
    assert {filled.read(one) for one in kept} == {b"one", b"two"}


def test_a_copy_whose_original_is_gone_gets_the_original_name(filled: Vault) -> None:
    make_conflict(filled, "short.txt", "Nextcloud")
    place_of(filled, "short.txt").unlink()
    (conflict,) = filled.list().conflicts
    assert filled.keep_conflict(conflict) == "short.txt"
    assert filled.read("short.txt") == b"theirs"


def test_a_check_tells_a_conflict_and_mending_keeps_it(filled: Vault) -> None:
    make_conflict(filled, "short.txt", "Syncthing")
    one = only(filled, "conflict")
    assert (one.condition, one.remedy) == (Condition.CHANGED, Remedy.ADOPT)
    assert filled.mend(one) == "short (1).txt"
    assert filled.check(full=True).findings == ()


def test_a_second_entry_for_the_very_same_folder_is_nothing_to_choose_from(filled: Vault) -> None:
    place = place_of(filled, "folder")
    shutil.copytree(place, place.with_name(place.name.replace(".c9r", " (conflict).c9r")))
    assert filled.list().conflicts == ()
    assert filled.check(full=True).findings == ()


def test_a_folder_made_in_two_places_is_shown_and_kept(filled: Vault) -> None:
    """Two computers made a folder of the same name: two ids, two contents."""
    place = place_of(filled, "second")
    copy = place.with_name(place.name.replace(".c9r", " (conflict).c9r"))
    place_of(filled, "folder").rename(copy)
    (conflict,) = filled.list().conflicts
    assert (conflict.name, conflict.size) == ("second", None)
    assert filled.keep_conflict(conflict) == "second (1)"
    assert filled.read("second (1)/below/inner.txt") == b"inner"
    assert filled.read("second/other.txt") == b"other"


def test_a_conflict_that_is_gone_is_told(filled: Vault) -> None:
    copy = make_conflict(filled, "short.txt", "Box")
    (conflict,) = filled.list().conflicts
    copy.unlink()
    for gone in (conflict, Conflict("", "x", "y", None, conflict.modified)):
        with pytest.raises(Problem) as caught:
            filled.keep_conflict(gone)
        assert caught.value.code == "vault-finding-past"


# what is intact of a damaged document


@pytest.fixture
def long_document(vault: Vault, document: Callable[..., Path]) -> Vault:
    vault.add([document("big.bin", bytes(range(256)) * 512 + b"end")])  # four chunks and three
    return vault


@pytest.mark.parametrize(
    ("size", "saved"),
    [
        (68 + 2 * 32_796, 65_536),
        (68 + 2 * 32_796 + 20, 65_536),
        (68 + 2 * 32_796 + 5000, 65_536),
        (68 + 32_796 + 1, 32_768),
    ],
)
def test_the_whole_chunks_of_a_cut_document_are_saved(
    long_document: Vault, tmp_path: Path, size: int, saved: int
) -> None:
    os.truncate(long_document._tree.find("big.bin").file, size)
    assert long_document.save_part("big.bin", tmp_path / "part") == saved
    assert (tmp_path / "part").read_bytes() == (bytes(range(256)) * 512)[:saved]


def test_what_comes_before_the_first_damage_is_saved(long_document: Vault, tmp_path: Path) -> None:
    file = long_document._tree.find("big.bin").file
    data = bytearray(file.read_bytes())
    data[68 + 3 * 32_796 + 100] ^= 1
    file.write_bytes(data)
    (one,) = long_document.check(full=True).findings
    assert one.remedy is Remedy.SAVE_PART
    assert long_document.save_part(one.path, tmp_path / "part") == 3 * 32_768
    assert (tmp_path / "part").read_bytes() == (bytes(range(256)) * 512)[: 3 * 32_768]


@pytest.mark.parametrize("place", [5, 40, 68 + 50])
def test_where_nothing_is_intact_nothing_is_saved(
    long_document: Vault, tmp_path: Path, place: int
) -> None:
    file = long_document._tree.find("big.bin").file
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    (one,) = long_document.check(full=True).findings
    assert one.remedy is None
    with pytest.raises(Problem) as caught:
        long_document.save_part("big.bin", tmp_path / "part")
    assert caught.value.code == "vault-nothing-intact"
    assert not (tmp_path / "part").exists()


def test_a_part_never_replaces_a_file_nor_lies_inside_the_vault(
    long_document: Vault, tmp_path: Path
) -> None:
    os.truncate(long_document._tree.find("big.bin").file, 68 + 32_796 + 1)
    (tmp_path / "part").write_bytes(b"mine")
    with pytest.raises(Problem) as caught:
        long_document.save_part("big.bin", tmp_path / "part")
    assert caught.value.code == "vault-target-exists"
    assert (tmp_path / "part").read_bytes() == b"mine"
    with pytest.raises(Problem) as caught:
        long_document.save_part("big.bin", long_document.folder / "part")
    assert caught.value.code == "vault-target-inside"


def test_folders_have_no_part_to_save(filled: Vault, tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        filled.save_part("folder", tmp_path / "part")
    assert caught.value.code == "file-is-folder"
