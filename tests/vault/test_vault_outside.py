"""Documents lent to another program: in a private place, for a short time, and never lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guardian.core.errors import Problem
from guardian.core.paths import find_paths
from guardian.vault import outside
from guardian.vault.outside import Loan, harmless_name
from guardian.vault.service import Vault, VaultService

ROOT = Path(__file__).resolve().parents[2]
LETTER = b"Dear Ana, this is a SPECIMEN.\n" * 4000


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one place for copies; taken for one in memory."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setattr(outside, "places", lambda: iter([(folder, False)]))
    return folder


@pytest.fixture
def lent(vault: Vault, document: Callable[..., Path], place: Path) -> Iterator[Loan]:
    vault.add([document("letter.odt", LETTER)], "letters")
    yield vault.lend("letters/letter.odt")


def names(vault: Vault, folder: str = "letters") -> set[str]:
    return {entry.name for entry in vault.list(folder).entries}


# out


def test_the_copy_is_the_document_and_for_this_person_alone(lent: Loan, place: Path) -> None:
    assert lent.file.read_bytes() == LETTER
    assert lent.file.name == "letter.odt" and lent.file.is_relative_to(place)
    assert stat.S_IMODE(lent.file.stat().st_mode) == 0o600
    for folder in (lent.file.parent, lent.file.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(lent.file.parent.iterdir()) == [lent.file], "the program sees nothing else"


def test_memory_is_chosen_where_there_is_one_with_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    run = tmp_path / "run user"
    run.mkdir()
    mounts.write_text(
        f"1 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"2 1 0:5 / {str(run).replace(' ', chr(92) + '040')} rw,nosuid - tmpfs tmpfs rw\n"
    )
    monkeypatch.setattr(outside, "MOUNTS", mounts)
    monkeypatch.setattr(outside, "SHARED_MEMORY", tmp_path / "missing")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    assert outside.choose_place(1000) == (run, False)
    too_much = outside.choose_place(10**18)
    assert too_much == (find_paths().data / "lent", True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert outside.choose_place(1000)[1], "a runtime folder on a disk is no memory"


def test_a_copy_on_a_disk_says_so(
    vault: Vault, document: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "places", lambda: iter([(tmp_path / "disk", True)]))
    vault.add([document("letter.odt")])
    loan = vault.lend("letter.odt")
    assert loan.on_disk
    vault.lock()
    assert not list((tmp_path / "disk").iterdir())


def test_names_lose_what_could_mislead_and_keep_their_ending() -> None:
    assert harmless_name("Letter to Zoë 信.odt") == "Letter to Zoë 信.odt"
    assert harmless_name("..\\..//etc\n/pass\x00wd.pdf") == "etcpasswd.pdf"
    assert harmless_name("invoice\u202efdp.exe") == "invoicefdp.exe"
    assert harmless_name("-rf.txt") == "rf.txt" and harmless_name(".bashrc") == "bashrc"
    assert harmless_name("\u200b") == "document" and harmless_name("") == "document"
    assert len(harmless_name("x" * 250 + ".tar.gz")) < 100


@pytest.mark.parametrize("name", ["run.sh", "Letter.DESKTOP", "photo.jpg\u200b.exe", "a.ps1"])
def test_programs_are_never_lent(
    vault: Vault, document: Callable[..., Path], place: Path, name: str
) -> None:
    vault.add([document(name)])
    with pytest.raises(Problem, match="lend-program"):
        vault.lend(vault.list().entries[0].path)
    assert not list(place.iterdir())


def test_a_damaged_document_leaves_no_part_of_it_behind(
    vault: Vault, document: Callable[..., Path], place: Path
) -> None:
    vault.add([document("scan.tif", os.urandom(3_000_000))])
    (sealed,) = (p for p in vault.folder.rglob("*.c9r") if p.stat().st_size > 2_000_000)
    with sealed.open("r+b") as file:
        file.seek(2_500_000)
        file.write(b"\0")
    with pytest.raises(Problem, match="vault-document-damaged"):
        vault.lend("scan.tif")
    assert not list(place.iterdir())


def test_a_full_place_is_told_and_left_empty(place: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(Problem, match="disk-full") as caught:
        outside.lend(pieces(), "letter.odt", "letter.odt", 8)
    assert caught.value.facts == {"name": "letter.odt"}
    assert not list(place.iterdir())


# changed?


def test_a_copy_that_was_only_looked_at_is_unchanged(lent: Loan) -> None:
    os.utime(lent.file)
    assert not lent.changed() and not lent.altered()


def test_a_change_is_seen_even_with_the_old_size_and_date(lent: Loan) -> None:
    before = lent.file.stat()
    lent.file.write_bytes(LETTER.replace(b"Ana", b"Ben"))
    os.utime(lent.file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert lent.changed()


def test_a_program_that_saves_by_renaming_is_noticed(lent: Loan) -> None:
    fresh = lent.file.with_name("letter.odt.tmp123")
    fresh.write_bytes(b"new")
    lent.file.rename(lent.file.with_name("letter.odt~"))
    fresh.rename(lent.file)
    lent.file.with_name(".~lock.letter.odt#").touch()
    assert lent.changed() and lent.others() == ()


def test_what_was_saved_under_another_name_counts_too(lent: Loan) -> None:
    lent.file.with_name("letter.pdf").write_bytes(b"exported")
    assert not lent.changed() and lent.altered()
    assert [file.name for file in lent.others()] == ["letter.pdf"]


def test_links_that_a_program_left_are_not_followed(lent: Loan, tmp_path: Path) -> None:
    (tmp_path / "private").write_text("elsewhere")
    lent.file.with_name("other.txt").symlink_to(tmp_path / "private")
    assert lent.others() == ()
    lent.end()
    assert (tmp_path / "private").read_text() == "elsewhere"


# back


def test_the_change_takes_the_place_of_the_document(vault: Vault, lent: Loan, place: Path) -> None:
    lent.file.write_bytes(b"changed")
    lent.file.with_name("letter.pdf").write_bytes(b"exported")
    kept = vault.take_back(lent)
    assert set(kept) == {"letters/letter.odt", "letters/letter.pdf"}
    assert vault.read("letters/letter.odt") == b"changed"
    assert vault.read("letters/letter.pdf") == b"exported"
    assert [one.name for one in vault.trashed()] == ["letter.odt"]
    assert lent.ended and not list(place.iterdir())


def test_a_document_that_was_renamed_meanwhile_gets_the_change_beside_it(
    vault: Vault, lent: Loan
) -> None:
    vault.rename("letters/letter.odt", "to Ana.odt")
    lent.file.write_bytes(b"changed")
    assert vault.take_back(lent) == ("letters/letter (changed outside).odt",)
    assert vault.read("letters/to Ana.odt") == LETTER


def test_locking_removes_the_copy(vault: Vault, lent: Loan, place: Path) -> None:
    vault.lock()
    assert lent.ended and not list(place.iterdir()) and vault.recalled == ()


def test_locking_keeps_a_change_in_the_vault_before_the_keys_go(
    service: VaultService, vault: Vault, lent: Loan, place: Path
) -> None:
    lent.file.write_bytes(b"changed")
    vault.lock()
    assert vault.recalled == ("letters/letter (changed outside).odt",)
    assert not list(place.iterdir())
    with service.open(vault.folder, "correct horse battery") as again:
        assert names(again) == {"letter.odt", "letter (changed outside).odt"}
        assert again.read("letters/letter (changed outside).odt") == b"changed"
        assert again.read("letters/letter.odt") == LETTER


def test_a_second_change_does_not_replace_the_first(vault: Vault, lent: Loan) -> None:
    lent.file.write_bytes(b"one")
    assert vault.recall() == ("letters/letter (changed outside).odt",)
    again = vault.lend("letters/letter.odt")
    again.file.write_bytes(b"two")
    assert vault.recall() == ("letters/letter (changed outside) (1).odt",)


def test_a_change_stays_where_it_is_when_the_vault_is_gone(
    vault: Vault, lent: Loan, service: VaultService
) -> None:
    lent.file.write_bytes(b"changed")
    away = vault.folder.with_name("stick pulled out")
    vault.folder.rename(away)
    vault.lock()
    assert vault.locked and not lent.ended
    assert lent.file.read_bytes() == b"changed"
    away.rename(vault.folder)
    with service.open(vault.folder, "correct horse battery") as again:
        assert again.take_back(lent) == ("letters/letter.odt",)
    assert lent.ended


# what dead processes leave


def run(code: str, place: Path) -> None:
    """Lend in a process of its own that dies without a goodbye."""
    start = (
        "import os, sys; from pathlib import Path; from guardian.vault import outside\n"
        f"outside.places = lambda: iter([(Path({str(place)!r}), False)])\n"
        "loan = outside.lend([b'left ', b'behind'], 'letter.odt', 'letter.odt', 11)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", f"{start}{code}\nos.kill(os.getpid(), 9)"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True)
    assert done.returncode == -9, done.stderr


def test_what_a_dead_process_left_is_swept(place: Path) -> None:
    run("", place)
    assert list(place.iterdir())
    outside.sweep()
    assert not list(place.iterdir())


def test_a_copy_that_was_not_finished_is_swept(place: Path) -> None:
    run("(loan.file.parents[1] / 'record').unlink()", place)
    outside.sweep()
    assert not list(place.iterdir())


def test_opening_a_vault_sweeps(vault: Vault, place: Path, service: VaultService) -> None:
    run("", place)
    service.open(vault.folder, "correct horse battery").lock()
    assert not list(place.iterdir())


def test_a_change_that_a_dead_process_could_not_bring_in_is_offered(
    vault: Vault, place: Path, service: VaultService
) -> None:
    run("loan.file.write_bytes(b'worked on for hours')", place)
    outside.sweep()
    (loan,) = service.left_over()
    assert loan.path == "" and loan.file.read_bytes() == b"worked on for hours"
    assert service.left_over() == (), "it is held now"
    assert vault.take_back(loan) == ("letter (changed outside).odt",)
    assert not list(place.iterdir())


def test_what_is_lent_now_is_never_swept(lent: Loan) -> None:
    outside.sweep()
    assert outside.left_over() == () and lent.file.read_bytes() == LETTER


def test_other_peoples_folders_and_links_are_left_alone(place: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    (place / f"{outside.PREFIX}link").symlink_to(precious)
    (place / "something else").mkdir()
    outside.sweep()
    assert (precious / "file").exists() and len(list(place.iterdir())) == 2
