"""Notes, tags and last days of validity: written per device, read together, inside the vault."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from guardian.core.errors import Problem
from guardian.core.store import open_in_memory
from guardian.vault.documents import details
from guardian.vault.documents.details import Described, DetailsFile, Notebook
from guardian.vault.model import NO_DETAILS, Details
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PASSPORT = Details("in the blue folder", ("id", "travel"), date(2031, 4, 30))


@pytest.fixture
def filled(vault: Vault, document: Callable[..., Path]) -> Vault:
    vault.add([document("passport.pdf", b"p"), document("letter.txt", b"l")])
    return vault


def device(vault: Vault, name: str, at: datetime = NOW) -> Notebook:
    """What another computer with this vault would use."""
    return Notebook(vault._tree, lambda: name, lambda: at)


def put_file(vault: Vault, name: str, data: bytes) -> None:
    vault._tree.write_small(vault._tree.own_folder(), name, data)


def files_of(vault: Vault) -> list[str]:
    return [node.name for node in vault._tree.contents(vault._tree.folder(".guardian")).nodes]


def test_what_was_written_down_is_there_after_locking(filled: Vault, service: VaultService) -> None:
    filled.describe("passport.pdf", PASSPORT)
    filled.lock()
    with service.open(filled.folder, PASSPHRASE) as again:
        assert again.details("passport.pdf") == PASSPORT
        assert {entry.name: entry.details for entry in again.list().entries} == {
            "letter.txt": NO_DETAILS,
            "passport.pdf": PASSPORT,
        }
        assert {entry.details for entry in again.list_all().entries} == {NO_DETAILS, PASSPORT}


def test_nothing_of_it_lies_in_the_clear(filled: Vault) -> None:
    filled.describe("passport.pdf", Details("CANARY-NOTE", ("CANARY-TAG",), date(2031, 4, 30)))
    for path in filled.folder.rglob("*"):
        assert "passport" not in path.name
        data = path.read_bytes() if path.is_file() else b""
        assert b"CANARY" not in data and b"2031" not in data


def test_tags_are_trimmed_and_doubles_left_out(filled: Vault) -> None:
    filled.describe("letter.txt", Details(tags=("  tax  2026 ", "", "Tax 2026", "home\n")))
    assert filled.details("letter.txt").tags == ("tax 2026", "home")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Details("n" * 10_001), "vault-note-long"),
        (Details(tags=("t" * 41,)), "vault-tag-long"),
        (Details(tags=tuple(f"tag {n}" for n in range(21))), "vault-tags-many"),
    ],
)
def test_too_much_is_refused_and_the_old_kept(filled: Vault, wanted: Details, code: str) -> None:
    filled.describe("letter.txt", PASSPORT)
    with pytest.raises(Problem) as caught:
        filled.describe("letter.txt", wanted)
    assert caught.value.code == code
    assert filled.details("letter.txt") == PASSPORT


def test_the_most_that_fits_is_kept(filled: Vault) -> None:
    most = Details("✈" * 10_000, tuple(f"{n:02}" + "t" * 38 for n in range(20)), date(9999, 12, 31))
    filled.describe("letter.txt", most)
    assert filled.details("letter.txt") == most


def test_text_that_is_no_unicode_is_kept_readable(filled: Vault) -> None:
    filled.describe("letter.txt", Details("bad \udcff end", ("\ud800x",)))
    assert filled.details("letter.txt") == Details("bad ? end", ("?x",))


@pytest.mark.parametrize("path", ["none.txt", "passport.pdf/x", ".guardian", ".guardian/trash"])
def test_what_is_not_there_cannot_be_described(filled: Vault, path: str) -> None:
    filled._tree.own_folder("trash")
    with pytest.raises(Problem) as caught:
        filled.describe(path, PASSPORT)
    assert caught.value.code in ("vault-entry-missing", "vault-entry-not-folder")


def test_an_empty_description_removes_the_old_one_on_every_device(filled: Vault) -> None:
    filled.describe("letter.txt", PASSPORT)
    other = device(filled, "0000beef", NOW + timedelta(seconds=1))
    other.write("letter.txt", NO_DETAILS)
    assert filled.details("letter.txt") == NO_DETAILS
    assert "letter.txt" not in filled._book.all()


def test_the_description_written_last_counts(filled: Vault) -> None:
    first, second = device(filled, "00000001"), device(filled, "ffffffff", NOW + timedelta(days=1))
    second.write("letter.txt", Details("later"))
    put_file(
        filled,
        "details-00000001.json",
        msgspec.json.encode(DetailsFile({"letter.txt": Described(1, "long ago")})),
    )
    assert first.all()["letter.txt"].note == "later"
    # its clock is a day behind, and still what it writes now is what the person said last
    first.write("letter.txt", Details("last"))
    assert second.all()["letter.txt"].note == "last"


def test_two_devices_never_write_the_same_file(filled: Vault) -> None:
    device(filled, "00000001").write("letter.txt", Details("one"))
    device(filled, "00000002").write("passport.pdf", Details("two"))
    assert {"details-00000001.json", "details-00000002.json"} <= set(files_of(filled))
    assert {path: one.note for path, one in filled._book.all().items()} == {
        "letter.txt": "one",
        "passport.pdf": "two",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b'{"described": 3}',
        b'{"described": {"a": {"note": "no time"}}}',
        b'{"described": {"a": {"written": 1, "until": "never"}}}',
        b'{"described": {"a": {"written": 1, "tags": [[]]}}}',
        b"[" * 100_000,
    ],
)
def test_one_devices_damaged_file_hides_nothing_of_the_others_and_is_told(
    filled: Vault, data: bytes
) -> None:
    filled.describe("letter.txt", PASSPORT)
    put_file(filled, "details-0bad0bad.json", data)
    assert filled.details("letter.txt") == PASSPORT
    (told,) = filled.list().not_read
    assert told.name == ".guardian/details-0bad0bad.json"
    assert told.problem.code == "vault-details-damaged"
    assert filled.list_all().not_read == (told,)


def test_a_flipped_bit_is_told_and_the_damaged_file_is_kept_aside(filled: Vault) -> None:
    filled.describe("letter.txt", PASSPORT)
    name = f"details-{filled._memory.device}.json"
    file = filled._tree.find(f".guardian/{name}").place
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))
    os.utime(file, ns=(1, 1))
    assert [one.problem.code for one in filled.list().not_read] == ["vault-details-damaged"]
    filled.describe("passport.pdf", Details("new"))
    assert filled.details("passport.pdf").note == "new"
    assert filled.list().not_read == ()
    (aside,) = [one for one in files_of(filled) if one.startswith(f"{name}.damaged-")]
    assert filled._tree.find(f".guardian/{aside}").file.read_bytes() == bytes(data)


def test_a_file_that_is_too_large_is_not_read(
    filled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.describe("letter.txt", PASSPORT)
    monkeypatch.setattr(details, "MOST_BYTES", 100)
    filled._book.forget()
    assert [one.problem.code for one in filled.list().not_read] == ["vault-details-damaged"]
    with pytest.raises(Problem) as caught:
        filled.describe("passport.pdf", Details("n" * 200))
    assert caught.value.code == "vault-details-full"


def test_fields_of_a_later_version_are_passed_over(filled: Vault) -> None:
    put_file(
        filled,
        "details-12345678.json",
        b'{"new": 1, "described": {"letter.txt": {"written": 1, "note": "hi", "colour": "red"}}}',
    )
    assert filled.details("letter.txt") == Details("hi")


def test_a_damaged_folder_of_guardians_own_is_told(filled: Vault) -> None:
    filled.describe("letter.txt", PASSPORT)
    (filled._tree.find(".guardian").place / "dir.c9r").write_bytes(b"")
    listing = filled.list()
    assert [entry.name for entry in listing.entries] == ["letter.txt", "passport.pdf"]
    assert [(one.name, one.problem.code) for one in listing.not_read] == [
        (".guardian", "vault-folder-damaged")
    ]


def test_a_removed_description_is_forgotten_after_a_year(filled: Vault) -> None:
    book = device(filled, "00000001")
    book.write("letter.txt", PASSPORT)
    book.write("letter.txt", NO_DETAILS)

    def kept(at: datetime) -> set[str]:
        device(filled, "00000001", at).write("passport.pdf", Details(at.isoformat()))
        node = filled._tree.find(".guardian/details-00000001.json")
        return set(details.read_file(filled._tree, node))

    assert kept(NOW + timedelta(days=364)) == {"letter.txt", "passport.pdf"}
    assert kept(NOW + timedelta(days=366)) == {"passport.pdf"}


# fast


def test_the_files_are_read_once_and_again_when_one_has_changed(
    filled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.describe("letter.txt", PASSPORT)
    filled._book.forget()
    reads: list[str] = []
    real = details.read_file

    def counted(tree: object, node: object) -> object:
        reads.append(node.name)  # type: ignore[attr-defined]
        return real(tree, node)  # type: ignore[arg-type]

    monkeypatch.setattr(details, "read_file", counted)
    for _ in range(3):
        filled.list()
        filled.details("letter.txt")
    assert len(reads) == 1
    device(filled, "0000beef").write("passport.pdf", Details("by another"))
    reads.clear()
    assert filled.details("passport.pdf").note == "by another"
    assert len(reads) == 2


def test_describing_the_same_again_writes_nothing(filled: Vault) -> None:
    filled.describe("letter.txt", PASSPORT)
    place = filled._tree.find(f".guardian/details-{filled._memory.device}.json").place
    before = place.stat().st_ino
    filled.describe("letter.txt", PASSPORT)
    assert place.stat().st_ino == before


# until when


def test_expiries_are_the_days_of_documents_that_exist(
    filled: Vault, document: Callable[..., Path], service: VaultService
) -> None:
    filled.describe("passport.pdf", PASSPORT)
    filled.describe("letter.txt", Details(valid_until=date(2027, 1, 1)))
    filled.add([document("visa.pdf", b"v")])
    filled.describe("visa.pdf", Details(valid_until=date(2031, 4, 30)))
    days = (date(2027, 1, 1), date(2031, 4, 30), date(2031, 4, 30))
    assert filled._book.expiries() == days
    assert service.known()[0].expiries == days
    filled._tree.find("letter.txt").place.unlink()  # deleted by another program
    filled.note_expiries()
    assert service.known()[0].expiries == days[1:]


def test_reminders_stay_when_the_disk_was_taken_out(filled: Vault, service: VaultService) -> None:
    filled.describe("passport.pdf", PASSPORT)
    filled.folder.rename(filled.folder.with_name("elsewhere"))
    with pytest.raises(Problem) as caught:
        filled.note_expiries()
    assert caught.value.code == "vault-missing"
    assert service.known()[0].expiries == (date(2031, 4, 30),)


def test_a_locked_vault_says_nothing(filled: Vault) -> None:
    filled.describe("passport.pdf", PASSPORT)
    filled.lock()
    for verb in (
        lambda: filled.details("passport.pdf"),
        lambda: filled.describe("passport.pdf", NO_DETAILS),
        filled.note_expiries,
    ):
        with pytest.raises(Problem) as caught:
            verb()
        assert caught.value.code == "vault-locked"


def test_this_computers_file_has_the_same_name_next_time(filled: Vault) -> None:
    filled.describe("passport.pdf", PASSPORT)
    again = VaultService(open_in_memory(), lambda: NOW + timedelta(days=1))
    with again.open(filled.folder, PASSPHRASE) as vault:
        vault.describe("letter.txt", Details("x"))
        assert len([name for name in files_of(vault) if name.startswith("details-")]) == 1
