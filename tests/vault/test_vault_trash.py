"""The vault's own trash: what was deleted comes back, for 30 days, and then goes for good."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guardian.core.errors import Problem
from guardian.core.jobs import report_nothing
from guardian.core.store import Store, open_in_memory
from guardian.vault.cryptomator import workspace
from guardian.vault.documents import trash
from guardian.vault.model import Details, Kind, Moved
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LONG = "l" * 200


def tree_of(vault: Vault) -> dict[str, bytes | None]:
    """Every path with its content, None for folders; nothing may be unreadable."""
    listing = vault.list_all()
    assert listing.not_read == ()
    return {
        entry.path: vault.read(entry.path) if entry.kind is Kind.FILE else None
        for entry in listing.entries
    }


def at(vault: Vault, when: datetime) -> Vault:
    """The vault on another day."""
    vault._clock = lambda: when
    return vault


@pytest.fixture
def filled(vault: Vault, document: Callable[..., Path]) -> Vault:
    vault.add([document("a.txt", b"a"), document(LONG, b"long")])
    vault.add([document("b.txt", b"b")], "papers/deep")
    return vault


def content_places(vault: Vault) -> set[Path]:
    return set(vault.folder.glob("d/*/*"))


def test_a_deleted_document_is_in_the_trash_and_nowhere_else(filled: Vault) -> None:
    ((old, key),) = filled.discard(["a.txt"]).moved
    assert old == "a.txt"
    assert "a.txt" not in tree_of(filled)
    (thing,) = filled.trashed()
    assert (thing.key, thing.name, thing.kind, thing.size) == (key, "a.txt", Kind.FILE, 1)
    assert (thing.came_from, thing.deleted) == ("a.txt", NOW)


def test_everything_comes_back_to_where_it_was(filled: Vault) -> None:
    before = tree_of(filled)
    gone = filled.discard(["a.txt", LONG, "papers"])
    assert tree_of(filled) == {}
    keys = [key for _, key in gone.moved]
    assert len(set(keys)) == 3
    back = filled.restore(keys)
    assert back == Moved(tuple(zip(keys, ["a.txt", LONG, "papers"], strict=True)), ())
    assert tree_of(filled) == before
    assert filled.trashed() == ()


def test_the_trash_tells_the_newest_first(filled: Vault) -> None:
    filled.discard(["a.txt"])
    at(filled, NOW + timedelta(minutes=5)).discard(["papers"])
    assert [thing.name for thing in filled.trashed()] == ["papers", "a.txt"]


def test_a_folder_that_went_meanwhile_is_made_again(filled: Vault) -> None:
    ((_, first),) = filled.discard(["papers/deep/b.txt"]).moved
    filled.discard(["papers"])
    assert filled.restore([first]).moved == ((first, "papers/deep/b.txt"),)
    assert filled.read("papers/deep/b.txt") == b"b"


def test_a_name_that_is_taken_by_now_gets_a_number(
    filled: Vault, document: Callable[..., Path]
) -> None:
    ((_, key),) = filled.discard(["a.txt"]).moved
    filled.add([document("a.txt", b"new")])
    assert filled.restore([key]).moved == ((key, "a (1).txt"),)
    assert (filled.read("a.txt"), filled.read("a (1).txt")) == (b"new", b"a")


def test_a_folder_that_is_a_document_by_now_is_told_and_nothing_is_lost(
    filled: Vault, document: Callable[..., Path]
) -> None:
    ((_, key),) = filled.discard(["papers/deep/b.txt"]).moved
    filled.discard(["papers"])
    filled.add([document("papers", b"not a folder")])
    (refused,) = filled.restore([key]).refused
    assert (refused.name, refused.problem.code) == ("b.txt", "vault-entry-not-folder")
    assert key in [thing.key for thing in filled.trashed()]


def test_details_come_back_with_the_document(filled: Vault) -> None:
    about = Details("where it came from", ("tax",), date(2027, 1, 31))
    filled.describe("papers/deep/b.txt", about)
    assert filled._book.expiries() == (date(2027, 1, 31),)
    ((_, key),) = filled.discard(["papers"]).moved
    assert filled._book.expiries() == ()
    filled.restore([key])
    assert filled.details("papers/deep/b.txt") == about
    assert filled._book.expiries() == (date(2027, 1, 31),)


def test_no_reminder_is_left_for_what_is_in_the_trash(filled: Vault, service: VaultService) -> None:
    filled.describe("a.txt", Details(valid_until=date(2027, 1, 31)))
    assert service.known()[0].expiries == (date(2027, 1, 31),)
    ((_, key),) = filled.discard(["a.txt"]).moved
    assert service.known()[0].expiries == ()
    filled.restore([key])
    assert service.known()[0].expiries == (date(2027, 1, 31),)


def test_each_thing_that_cannot_be_deleted_is_told(filled: Vault) -> None:
    gone = filled.discard(["none", "a.txt", ".guardian", "papers/deep/b.txt", "papers"])
    assert [old for old, _ in gone.moved] == ["a.txt", "papers"]
    assert [(one.name, one.problem.code) for one in gone.refused] == [
        ("none", "vault-entry-missing"),
        (".guardian", "vault-entry-missing"),
    ]


def test_a_delete_that_the_disk_refuses_changes_nothing(
    filled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guardian.vault.cryptomator import filesystem

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = tree_of(filled)
    with monkeypatch.context() as broken:
        broken.setattr(filesystem, "move_entry", refuse)
        (refused,) = filled.discard(["a.txt"]).refused
    assert refused.problem.code == "disk-full"
    assert tree_of(filled) == before
    assert filled.trashed() == ()
    assert filled._tree.contents(filled._tree.folder(".guardian/trash")).nodes == ()


# for good


def test_what_is_destroyed_leaves_no_file_behind(filled: Vault, service: VaultService) -> None:
    own = filled._tree.own_folder("trash").place
    filled.describe("papers/deep/b.txt", Details("a note"))
    empty = content_places(filled) - {own}
    gone = filled.discard(["papers", "a.txt", LONG])
    filled.destroy([key for _, key in gone.moved])
    assert filled.trashed() == ()
    assert filled.restore([gone.moved[0][1]]).refused[0].problem.code == "vault-trash-missing"
    left = content_places(filled)
    assert left < empty | {own} and len(left) == 3  # the top, Guardian's own and the trash
    assert filled._book.all() == {}


def test_destroying_what_is_gone_already_is_no_problem(filled: Vault) -> None:
    filled.destroy(["20200101T000000Z-00000000"])


@pytest.mark.parametrize(("days", "cleared"), [(29, 0), (30, 0), (31, 2)])
def test_the_trash_is_cleared_after_thirty_days(filled: Vault, days: int, cleared: int) -> None:
    filled.discard(["a.txt", "papers"])
    at(filled, NOW + timedelta(days=20)).discard([LONG])
    assert at(filled, NOW + timedelta(days=days)).clear_old_trash() == cleared
    assert len(filled.trashed()) == 3 - cleared


def test_a_folder_that_is_also_elsewhere_keeps_what_is_in_it(filled: Vault) -> None:
    """A copy of a folder's entry, as sync programs make, leads to the same content."""
    tree = filled._tree
    ((_, key),) = filled.discard(["papers"]).moved
    node = tree.find(f".guardian/trash/{key}/papers")
    top = tree.folder("")
    twin = top.place / tree.names.encrypt("papers again", top.id)
    shutil.copytree(node.place, twin)
    filled.destroy([key])
    assert filled.trashed() == ()
    assert tree_of(filled) == {
        "a.txt": b"a",
        LONG: b"long",
        "papers again": None,
        "papers again/deep": None,
        "papers again/deep/b.txt": b"b",
    }


def test_a_folder_that_leads_into_itself_can_be_destroyed(filled: Vault) -> None:
    tree = filled._tree
    inside = tree.folder("papers/deep")
    loop = inside.place / tree.names.encrypt("loop", inside.id)
    shutil.copytree(tree.find("papers").place, loop)
    ((_, key),) = filled.discard(["papers"]).moved
    filled.destroy([key])
    assert filled.trashed() == ()
    assert tree_of(filled) == {"a.txt": b"a", LONG: b"long"}


def test_a_very_deep_folder_can_be_destroyed(vault: Vault) -> None:
    tree = vault._tree
    here = tree.folder("")
    for _ in range(300):
        here = tree.make_folder(here, "d")
    ((_, key),) = vault.discard(["d"]).moved
    vault.destroy([key])
    assert len(content_places(vault)) == 3


def test_what_cannot_be_read_in_a_destroyed_folder_goes_too(filled: Vault) -> None:
    tree = filled._tree
    folder = tree.folder("papers")
    (folder.place / f"{'A' * 40}.c9r").write_bytes(b"?")
    (folder.place / ".DS_Store").write_bytes(b"?")
    broken = folder.place / tree.names.encrypt("broken", folder.id)
    broken.mkdir()
    (broken / "dir.c9r").write_bytes(b"")
    ((_, key),) = filled.discard(["papers"]).moved
    filled.destroy([key])
    assert len(content_places(filled)) == 3
    assert tree_of(filled) == {"a.txt": b"a", LONG: b"long"}


# what others leave in it


def test_things_without_a_record_are_listed_restored_to_the_top_and_never_cleared(
    filled: Vault,
) -> None:
    tree = filled._tree
    tree.write_small(tree.own_folder("trash", "by hand"), "x.txt", b"x")
    (thing,) = filled.trashed()
    assert (thing.key, thing.name, thing.came_from) == ("by hand", "x.txt", "x.txt")
    assert at(filled, NOW + timedelta(days=4000)).clear_old_trash() == 0
    filled.restore(["by hand"])
    assert filled.read("x.txt") == b"x"
    assert filled.trashed() == ()


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"came_from": 3, "deleted": "x"}',
        b'{"came_from": "a.txt", "deleted": "2020-01-01T00:00:00"}',
        b'{"came_from": "", "deleted": "2020-01-01T00:00:00Z"}',
        b'{"came_from": "b.txt", "deleted": "0001-01-01T00:00:00+14:00"}',
        b'{"came_from": "b.txt", "deleted": "9999-12-31T23:59:59-14:00"}',
        b"[" * 100_000,
    ],
)
def test_a_record_that_makes_no_sense_loses_nothing(filled: Vault, record: bytes) -> None:
    ((_, key),) = filled.discard(["a.txt"]).moved
    tree = filled._tree
    tree.write_small(tree.folder(f".guardian/trash/{key}"), trash.record_name(key), record)
    (thing,) = filled.trashed()
    assert (thing.name, thing.came_from) == ("a.txt", "a.txt")
    assert at(filled, NOW + timedelta(days=4000)).clear_old_trash() == 0
    filled.restore([key])
    assert filled.read("a.txt") == b"a"


@pytest.mark.parametrize("came_from", ["../../etc/passwd", "/", ".guardian/x", "x/.."])
def test_a_record_from_a_stranger_leads_nowhere_it_should_not(
    filled: Vault, came_from: str
) -> None:
    ((_, key),) = filled.discard(["a.txt"]).moved
    tree = filled._tree
    record = msgspec.json.encode(trash.Record(came_from, NOW))
    tree.write_small(tree.folder(f".guardian/trash/{key}"), trash.record_name(key), record)
    before = tree_of(filled)
    assert filled.restore([key]).moved == ((key, "a.txt"),)
    assert tree_of(filled) == before | {"a.txt": b"a"}


def test_more_than_one_thing_under_one_key_comes_back_one_after_the_other(
    filled: Vault,
) -> None:
    ((_, key),) = filled.discard(["a.txt"]).moved
    tree = filled._tree
    tree.write_small(tree.folder(f".guardian/trash/{key}"), "A first.txt", b"theirs")
    assert [thing.name for thing in filled.trashed()] == ["a.txt"]
    filled.restore([key])
    assert filled.read("a.txt") == b"a"
    assert [thing.name for thing in filled.trashed()] == ["A first.txt"]
    filled.restore([key])
    assert filled.read("a (1).txt") == b"theirs"


def test_stray_things_in_the_trash_are_passed_over(filled: Vault) -> None:
    tree = filled._tree
    bin_ = tree.own_folder("trash")
    tree.write_small(bin_, "stray.txt", b"?")
    tree.own_folder("trash", "empty")
    folder = tree.own_folder("trash", "gone")
    shutil.rmtree(folder.place)
    (bin_.place / f"{'B' * 40}.c9r").write_bytes(b"?")
    assert filled.trashed() == ()
    ((_, key),) = filled.discard(["a.txt"]).moved
    assert [thing.key for thing in filled.trashed()] == [key]


def test_a_trash_that_is_a_document_is_told(filled: Vault) -> None:
    tree = filled._tree
    tree.write_small(tree.own_folder(), "trash", b"?")
    assert filled.trashed() == ()
    (refused,) = filled.discard(["a.txt"]).refused
    assert refused.problem.code == "vault-name-of-ours"
    assert filled.read("a.txt") == b"a"


def test_the_trash_is_not_in_any_listing(filled: Vault) -> None:
    filled.discard(["a.txt"])
    assert all(not entry.path.startswith(".guardian") for entry in filled.list_all().entries)
    assert ".guardian" not in [entry.name for entry in filled.list().entries]


# crashes


@pytest.mark.parametrize("verb", ["discard", "restore", "destroy"])
def test_a_death_at_any_step_leaves_each_thing_in_one_place(
    document: Callable[..., Path], tmp_path: Path, verb: str, service: VaultService
) -> None:
    start = tmp_path / "start"
    with service.create(start, PASSPHRASE) as vault:
        vault.add([document("a.txt", b"a")])
        vault.add([document("b.txt", b"b")], "papers")
        vault.describe("papers/b.txt", Details("note"))
        if verb != "discard":
            vault.discard(["papers"])
    for step in range(1, 400):
        here = tmp_path / str(step)
        shutil.copytree(start, here)
        child = os.fork()
        if child == 0:
            do_and_die(here, verb, step)
        done = os.waitpid(child, 0)[1] == 0
        with service.open(here, PASSPHRASE) as vault:
            found, waiting = tree_of(vault), vault.trashed()
            assert found.pop("a.txt") == b"a"
            if verb == "destroy" and not found:
                assert len(waiting) <= 1
            elif found:
                assert found == {"papers": None, "papers/b.txt": b"b"}
                assert vault.details("papers/b.txt").note == "note"
                assert waiting == ()
            else:
                assert [thing.came_from for thing in waiting] == ["papers"]
                vault.restore([waiting[0].key])
                assert vault.read("papers/b.txt") == b"b"
                assert vault.details("papers/b.txt").note == "note"
        assert not (here / workspace.PLACE).exists()
        shutil.rmtree(here)
        if done:
            return
    raise AssertionError("it never came to an end")


def do_and_die(folder: Path, verb: str, step: int) -> None:
    """Arrange in this process, which ends without any goodbye before its ``step``-th change."""
    left = step
    steps = {"open", "os.link", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.utime"}

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        reads = event == "open" and not int(arguments[2]) & (os.O_WRONLY | os.O_RDWR)
        if event in steps and not reads:
            left -= 1
            if left == 0:
                os._exit(9)

    try:
        vault = VaultService(open_in_memory(), lambda: NOW).open(folder, PASSPHRASE)
        keys = [thing.key for thing in vault.trashed()]
        sys.addaudithook(hook)
        if verb == "discard":
            trash.discard(vault._tree, vault._book, ["papers"], NOW, report_nothing)
        elif verb == "restore":
            trash.restore(vault._tree, vault._book, keys, report_nothing)
        else:
            trash.destroy(vault._tree, vault._book, keys, report_nothing)
        os._exit(0)
    finally:
        os._exit(1)


def test_the_records_know_no_names_of_what_was_deleted(filled: Vault, store: Store) -> None:
    filled.discard(["papers"])
    for table in ("vaults", "vault_expiries", "vault_lists"):
        assert "papers" not in str(store.rows(f"SELECT * FROM {table}"))


def test_a_locked_vault_shows_no_trash(filled: Vault) -> None:
    filled.lock()
    with pytest.raises(Problem) as caught:
        filled.trashed()
    assert caught.value.code == "vault-locked"
