"""A check says what it saw: as written, changed elsewhere and intact, or damaged."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guardian.core.errors import Cancelled, Problem
from guardian.core.words import Message, Words
from guardian.vault.care import checking, inspection
from guardian.vault.cryptomator.config import THRESHOLD, Config
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.model import CheckReport, Condition, Finding, Remedy
from guardian.vault.service import Vault, VaultService
from tests.vault.test_vault_old_cipher import make_old

PASSPHRASE = "correct horse battery"
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures/vault"
FOREIGN = "frozen passphrase"


class OtherProgram:
    """Changes a vault without telling Guardian's list."""

    def __init__(self, vault: Vault) -> None:
        self.tree = Filesystem(vault.folder, vault._tree.key, Config("SIV_GCM", THRESHOLD))

    def write(self, path: str, content: bytes) -> None:
        folder, _, name = path.rpartition("/")
        self.tree.write_small(self.tree.folder(folder), name, content)

    def make_folder(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.tree.make_folder(self.tree.folder(folder), name)

    def move(self, path: str, new: str) -> None:
        folder, _, name = new.rpartition("/")
        self.tree.move(self.tree.find(path), self.tree.folder(folder), name)


@pytest.fixture
def filled(vault: Vault, document: Callable[..., Path]) -> Vault:
    vault.add([document("a.txt", b"a" * 50_000), document("b.txt", b"b")])
    vault.add([document("c.txt", b"c")], "folder/inner")
    return vault


@pytest.fixture
def other(filled: Vault) -> OtherProgram:
    return OtherProgram(filled)


def found(checked: CheckReport) -> list[tuple[str, str]]:
    return [(one.what.code.removeprefix("vault.finding."), one.path) for one in checked.findings]


def check(vault: Vault, *, full: bool = False) -> list[tuple[str, str]]:
    return found(vault.check(full=full))


# edits by people who also use another program


def test_what_another_program_did_is_changed_and_never_damaged(
    filled: Vault, other: OtherProgram
) -> None:
    other.write("a.txt", b"edited")
    other.write("new.txt", b"new")
    other.move("b.txt", "folder/moved.txt")
    other.move("folder/inner", "outer")
    for full in (False, True):
        checked = filled.check(full=full)
        assert checked.condition is Condition.CHANGED
        assert sorted(found(checked)) == [
            ("moved", "folder/moved.txt"),
            ("moved", "outer"),
            ("new", "new.txt"),
            ("rewritten", "a.txt"),
        ]
        assert {one.remedy for one in checked.findings} == {Remedy.ACCEPT}


def test_a_document_moved_and_cut_at_once_is_not_told_as_moved(
    filled: Vault, other: OtherProgram
) -> None:
    other.move("a.txt", "folder/a.txt")
    os.truncate(filled._tree.find("folder/a.txt").file, 68 + 32_796)
    assert check(filled) == [("gone", "a.txt"), ("new", "folder/a.txt")]


def test_a_document_that_took_the_place_of_another_is_told_as_that(
    filled: Vault, other: OtherProgram
) -> None:
    filled._tree.find("a.txt").file.write_bytes(filled._tree.find("b.txt").file.read_bytes())
    (one,) = filled.check().findings
    assert one.what.facts == {"name": "a.txt", "old": "b.txt"}


def test_accepted_changes_are_what_the_next_check_compares_with(
    filled: Vault, other: OtherProgram
) -> None:
    other.write("a.txt", b"edited")
    other.write("new.txt", b"new")
    other.move("b.txt", "folder/moved.txt")
    other.make_folder("made")
    filled._tree.find("folder/inner/c.txt").file.unlink()
    filled.accept(filled.check().findings)
    checked = filled.check(full=True)
    assert (checked.condition, checked.findings) == (Condition.AS_WRITTEN, ())
    filled._tree.find("a.txt").file.unlink()
    assert check(filled) == [("gone", "a.txt")]


def test_one_change_can_be_accepted_and_another_not(filled: Vault, other: OtherProgram) -> None:
    other.write("a.txt", b"edited")
    other.write("b.txt", b"edited")
    filled.accept([one for one in filled.check().findings if one.path == "b.txt"])
    assert check(filled) == [("rewritten", "a.txt")]


def test_damage_cannot_be_accepted(filled: Vault) -> None:
    os.truncate(filled._tree.find("a.txt").file, 100)
    file = filled._tree.find("a.txt").file
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    before = check(filled, full=True)
    filled.accept(filled.check(full=True).findings)
    assert check(filled, full=True) == before


def test_a_change_that_went_away_before_it_was_accepted_is_no_error(
    filled: Vault, other: OtherProgram
) -> None:
    other.make_folder("made")
    other.write("made/new.txt", b"new")
    findings = filled.check().findings
    shutil.rmtree(other.tree.find("made").place)
    filled.accept(findings)
    assert filled.check().condition is Condition.DAMAGED  # its content is still there


def test_a_disk_that_refuses_what_was_accepted_says_so(
    filled: Vault, other: OtherProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.write("a.txt", b"edited")
    findings = filled.check().findings

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Filesystem, "write_small", refuse)
    with pytest.raises(Problem) as caught:
        filled.accept(findings)
    assert caught.value.code == "no-permission"


# what is on no list


def test_a_new_folder_is_told_once_with_what_is_in_it(filled: Vault, other: OtherProgram) -> None:
    for folder in ("new", "new/below"):
        other.make_folder(folder)
        for number in range(3):
            other.write(f"{folder}/{number}.txt", b"new")
    (one,) = filled.check().findings
    assert one.what == Message("vault.finding.new-inside", {"name": "new", "count": 6})
    filled.accept([one])
    assert check(filled, full=True) == []


def test_many_new_documents_in_a_known_folder_are_told_in_one_sentence(
    filled: Vault, other: OtherProgram
) -> None:
    for number in range(4):
        other.write(f"folder/{number}.txt", b"new")
    (one,) = filled.check().findings
    assert (one.path, one.what.facts["count"]) == ("folder", 4)
    filled.accept([one])
    assert check(filled, full=True) == []


def test_an_empty_new_folder_is_told(filled: Vault, other: OtherProgram) -> None:
    other.make_folder("empty")
    assert check(filled) == [("new", "empty")]


def test_a_new_vault_is_as_written_and_needs_no_list(vault: Vault) -> None:
    checked = vault.check()
    assert (checked.condition, checked.listed, checked.findings) == (Condition.AS_WRITTEN, True, ())


@pytest.fixture
def foreign(service: VaultService, tmp_path: Path) -> Vault:
    shutil.copytree(FIXTURES / "pycryptomator-1.15", tmp_path / "foreign")
    return service.open(tmp_path / "foreign", FOREIGN)


def test_a_vault_of_another_program_is_checked_without_a_list(foreign: Vault) -> None:
    for full in (False, True):
        checked = foreign.check(full=full)
        assert (checked.condition, checked.listed) == (Condition.AS_WRITTEN, False)
        assert (checked.findings, checked.older) == ((), False)
        assert checked.documents > 0
    foreign.lock()


def test_one_document_added_to_a_foreign_vault_makes_no_alarm_of_the_rest(
    foreign: Vault, document: Callable[..., Path]
) -> None:
    count = foreign.check().documents
    foreign.add([document()], "mine")
    findings = foreign.check().findings
    assert {one.what.code for one in findings} <= {"vault.finding.new-inside", "vault.finding.new"}
    assert len(findings) < count
    foreign.accept(findings)
    assert foreign.check(full=True).findings == ()
    foreign.lock()


def test_a_vault_that_can_only_be_read_is_checked_and_its_damage_found(
    service: VaultService, tmp_path: Path
) -> None:
    make_old(tmp_path / "old", {"a.txt": b"a" * 70_000, "folder/b.txt": b"b"})
    with service.open(tmp_path / "old", PASSPHRASE) as old:
        assert old.check(full=True).findings == ()
        file = old._tree.find("a.txt").file
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.write_bytes(data)
        (one,) = old.check(full=True).findings
        assert (one.path, one.remedy) == ("a.txt", Remedy.SAVE_PART)
        assert old.save_part("a.txt", tmp_path / "part") == 65_536
        with pytest.raises(Problem) as caught:
            old.accept([one])
        assert caught.value.code == "vault-read-only"


# how a check behaves


def test_a_quick_check_reads_the_first_bytes_and_a_full_one_every_byte(filled: Vault) -> None:
    quick, full = filled.check(), filled.check(full=True)
    assert (quick.full, full.full) == (False, True)
    assert quick.read < 1000
    assert full.read > 50_000
    assert (full.documents, full.folders) == (3, 2)


def test_a_check_changes_nothing_on_the_disk(filled: Vault) -> None:
    def state() -> dict[str, tuple[int, bytes]]:
        files = (path for path in filled.folder.rglob("*") if path.is_file())
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    os.truncate(filled._tree.find("a.txt").file, 68)
    before = state()
    filled.check()
    filled.check(full=True)
    assert state() == before


def test_a_check_is_remembered(filled: Vault, service: VaultService) -> None:
    filled.check(full=True)
    (info,) = service.known()
    assert info.condition is Condition.AS_WRITTEN
    assert info.last_check == info.last_full_check is not None
    os.truncate(filled._tree.find("a.txt").file, 68)
    filled.check()
    assert service.known()[0].condition is Condition.CHANGED


@pytest.mark.parametrize("full", [False, True])
def test_progress_never_runs_backwards_and_ends_at_the_end(filled: Vault, full: bool) -> None:
    seen: list[tuple[int, int]] = []
    filled.check(lambda done, total, note=None, /: seen.append((done, total)), full=full)
    counted = [(done, total) for done, total in seen if total]
    assert counted == sorted(counted)
    assert counted[-1][0] == counted[-1][1]


@pytest.mark.parametrize("full", [False, True])
def test_a_check_is_stopped_at_once_and_leaves_no_thread(
    vault: Vault, document: Callable[..., Path], full: bool
) -> None:
    vault.add([document(f"{number}.bin", bytes(3_000_000)) for number in range(4)])
    threads = threading.active_count()

    def stop(done: int, total: int, _: object = None, /) -> None:
        if total:
            raise Cancelled

    with pytest.raises(Cancelled):
        vault.check(stop, full=full)
    assert threading.active_count() == threads


def test_the_readers_end_in_the_middle_of_a_document(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(inspection, "BATCH", 1)
    vault.add([document("big.bin", bytes(30_000_000))])
    read = 0

    def stop(done: int, total: int, _: object = None, /) -> None:
        nonlocal read
        read = done
        if total and done:
            raise Cancelled

    with pytest.raises(Cancelled):
        vault.check(stop, full=True)
    assert read < 30_000_000


def test_a_document_that_cannot_be_read_is_named_and_the_rest_is_checked(
    filled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = filled._tree.find("b.txt").file
    opened = os.open

    def refuse(path: object, *more: int, **named: int) -> int:
        if path == bad:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return opened(path, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    for full in (False, True):
        (one,) = filled.check(full=full).findings
        assert (one.what.code, one.path) == ("vault.finding.unread", "b.txt")
        assert one.condition is Condition.DAMAGED


def test_a_folder_that_cannot_be_listed_is_named(
    filled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = filled._tree.folder("folder").place
    listed = Path.iterdir

    def refuse(path: Path) -> Iterator[Path]:
        if path == bad:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    told = filled.check()
    assert found(told) == [("unread", "folder")]
    assert told.documents == 2


def test_a_disk_taken_out_meanwhile_is_told_as_that(filled: Vault) -> None:
    def take_out(done: int, total: int, _: object = None, /) -> None:
        if total and filled.folder.exists():
            filled.folder.rename(filled.folder.with_name("elsewhere"))

    with pytest.raises(Problem) as caught:
        filled.check(take_out)
    assert caught.value.code == "vault-missing"
    filled.folder.with_name("elsewhere").rename(filled.folder)


def test_the_files_that_open_the_vault_are_checked_before_it_is_locked(filled: Vault) -> None:
    (filled.folder / "masterkey.cryptomator").unlink()
    (one,) = filled.check().findings
    assert one.what.code == "vault.finding.metadata"
    assert one.place == "masterkey.cryptomator"


def test_what_lies_in_the_trash_and_in_details_is_checked_too(
    filled: Vault, document: Callable[..., Path]
) -> None:
    filled.discard(["a.txt"])
    (trashed,) = filled.trashed()
    assert check(filled, full=True) == []
    big = [one for one in (filled.folder / "d").rglob("*.c9r") if one.stat().st_size > 50_000]
    os.truncate(big[0], 200)
    assert [code for code, _ in check(filled, full=True)] == ["content"]
    assert filled.check().documents == 2  # only the person's own are counted
    assert trashed.name == "a.txt"


def test_every_finding_has_words_that_name_what_it_is_about(
    filled: Vault, other: OtherProgram
) -> None:
    words = Words()
    other.write("new.txt", b"new")
    os.truncate(filled._tree.find("a.txt").file, 100)
    for one in filled.check(full=True).findings:
        said = words.tell(one.what)
        assert one.path in said
        assert "{" not in said


def test_findings_come_with_the_worst_first(filled: Vault, other: OtherProgram) -> None:
    other.write("0 new.txt", b"new")
    os.truncate(filled._tree.find("b.txt").file, 10)

    def severity(one: Finding) -> bool:
        return one.condition is Condition.DAMAGED

    assert [severity(one) for one in filled.check().findings] == [True, False]


def test_what_another_guardian_does_meanwhile_is_no_damage(
    filled: Vault, service: VaultService
) -> None:
    for full, path in ((False, "b.txt"), (True, "folder")):
        with service.open(filled.folder, PASSPHRASE) as second:
            waiting = [path]

            def report(*_: object, waiting: list[str] = waiting, second: Vault = second) -> None:
                while waiting:
                    second.discard([waiting.pop()])

            checked = filled.check(report, full=full)
        assert (checked.condition, checked.findings) == (Condition.AS_WRITTEN, ())


def test_a_vault_that_another_guardian_keeps_changing_is_said_to_be_busy(
    filled: Vault, service: VaultService, other: OtherProgram
) -> None:
    other.write("new.txt", b"new")
    with service.open(filled.folder, PASSPHRASE) as second:

        def report(*_: object) -> None:
            second.make_folder(f"made {len(second.list().entries)}")

        with pytest.raises(Problem, match="vault-busy"):
            filled.check(report)
    assert check(filled) == [("new", "new.txt")]
