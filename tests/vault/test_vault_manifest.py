"""The encrypted lists of what Guardian wrote: kept up with each change, merged, read with care."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.core.store import open_in_memory
from guardian.vault.care import manifest
from guardian.vault.care.manifest import (
    DocumentRecord,
    FolderRecord,
    GoneRecord,
    Lists,
    Manifest,
    decode,
    encode,
    list_nodes,
    read_lists,
)
from guardian.vault.cryptomator import workspace
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.model import Condition, Details
from guardian.vault.repository import SeenList
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ONE, TWO = hashlib.sha256(b"1").digest(), hashlib.sha256(b"2").digest()
MANY = settings(deadline=None)

times = st.integers(0, 2**53)
records = st.one_of(
    st.builds(DocumentRecord, times, times, st.just(ONE), st.just(TWO)),
    st.builds(FolderRecord, times, st.text("0123456789abcdef-", max_size=36)),
    st.builds(GoneRecord, times),
)
filled_records = st.dictionaries(st.text(max_size=36), st.dictionaries(st.text(), records))


@MANY
@given(st.builds(Manifest, st.just(1), times, filled_records))
def test_a_list_comes_back(written: Manifest) -> None:
    assert decode(encode(written)) == written


def test_equal_lists_give_equal_bytes() -> None:
    one, two = GoneRecord(1), FolderRecord(2, "x")
    forth = Manifest(1, 1, {"a": {"p": one, "q": two}, "b": {}})
    back = Manifest(1, 1, {"b": {}, "a": {"q": two, "p": one}})
    assert encode(forth) == encode(back)


@MANY
@given(st.binary(max_size=200))
def test_random_bytes_are_no_list(data: bytes) -> None:
    for form in (data, zlib.compress(data)):
        with pytest.raises(ValueError):
            decode(form)


def listed(**changes: object) -> bytes:
    fields = {"version": 1, "generation": 1, "records": {}} | changes
    return zlib.compress(msgspec.json.encode(fields))


@pytest.mark.parametrize(
    "data",
    [
        listed(version=2),
        listed(generation=-1),
        listed(generation="1"),
        listed(more=1),
        listed(records={"a": {"b": ["f", 1, 2, "AAAA", "AAAA"]}}),
        listed(records={"a": {"b": ["f", 1, 2]}}),
        listed(records={"a": {"b": ["q", 1]}}),
        listed(records={"a": {"b": ["x", 1, 2]}}),
        listed(records={"a": {"b": ["d", 1, "i" * 37]}}),
        listed()[:-1],
        listed() + b"more",
        zlib.compress(b"[" * 100_000),
        b"",
    ],
    ids=range(13),
)
def test_what_is_not_quite_a_list_is_refused(data: bytes) -> None:
    assert decode(listed()) == Manifest(1, 1, {})
    with pytest.raises(ValueError):
        decode(data)


def test_a_list_that_swells_is_refused_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(manifest, "MAX_BYTES", 10_000)
    with pytest.raises(ValueError):
        decode(zlib.compress(b" " * 20_000 + msgspec.json.encode(Manifest(1, 1, {}))))


def lists_of(**records_of: dict[str, dict[str, manifest.Record]]) -> Lists:
    manifests = {device: Manifest(1, 1, held) for device, held in records_of.items()}
    return Lists(manifests, {}, ())


def test_of_several_records_the_newest_counts() -> None:
    old, new, gone = FolderRecord(1, "old"), FolderRecord(3, "new"), GoneRecord(2)
    assert lists_of(a={"": {"e": old}}, b={"": {"e": new}}).merged() == {"": {"e": new}}
    assert lists_of(a={"": {"e": new}}, b={"": {"e": old}}).merged() == {"": {"e": new}}
    assert lists_of(a={"": {"e": old}}, b={"": {"e": gone}}).merged() == {"": {"e": gone}}
    assert lists_of(a={"": {"e": gone}}, b={"": {"f": new}}).merged() == {"": {"e": gone, "f": new}}


# on real vaults


@pytest.fixture
def on_device(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., VaultService]]:
    """The services of several computers; each call goes on as that computer."""
    stores = {}

    def go_on(name: str, now: datetime = NOW) -> VaultService:
        monkeypatch.setattr(platform, "node", lambda: name)
        store = stores.setdefault(name, open_in_memory())
        return VaultService(store, lambda: now)

    yield go_on
    for store in stores.values():
        store.close()


def names_of_lists(vault: Vault) -> list[str]:
    return [node.name for node in list_nodes(vault._tree)]


def generation(vault: Vault) -> int:
    (only,) = read_lists(vault._tree).manifests.values()
    return only.generation


def found(vault: Vault, *, full: bool = False) -> list[tuple[str, str]]:
    return [
        (one.what.code.removeprefix("vault.finding."), one.path)
        for one in vault.check(full=full).findings
    ]


def test_a_vault_that_is_only_read_gets_no_list(vault: Vault) -> None:
    vault.list()
    vault.check(full=True)
    assert names_of_lists(vault) == []


def test_a_verb_saves_once_however_much_it_changes(
    vault: Vault, document: Callable[..., Path]
) -> None:
    vault.add([document(f"{number}.txt") for number in range(30)], "a/b/c")
    assert generation(vault) == 1
    vault.add([document("more.txt")])
    assert generation(vault) == 2
    assert found(vault, full=True) == []


def test_the_list_is_not_on_the_list(vault: Vault, document: Callable[..., Path]) -> None:
    vault.add([document()])
    own = vault._tree.folder(".guardian")
    (only,) = read_lists(vault._tree).manifests.values()
    assert only.records.get(own.id, {}) == {}


def test_the_list_says_what_lies_on_the_disk(vault: Vault, document: Callable[..., Path]) -> None:
    vault.add([document("letter.txt", b"x" * 70_000)])
    node = vault._tree.find("letter.txt")
    record = read_lists(vault._tree).merged()[""][node.place.name]
    data = node.file.read_bytes()
    assert isinstance(record, DocumentRecord)
    assert record.size == len(data)
    assert record.header == hashlib.sha256(data[:68]).digest()
    assert record.whole == hashlib.sha256(data).digest()


def test_every_way_to_change_a_vault_keeps_the_list_up_to_date(
    vault: Vault, document: Callable[..., Path]
) -> None:
    long = "l" * 200
    vault.add([document("a.txt"), document("b.txt"), document(long)], "folder")
    vault.make_folder("other")
    for step in (
        lambda: vault.rename("folder/a.txt", "renamed.txt"),
        lambda: vault.move(["folder/b.txt", f"folder/{long}"], "other"),
        lambda: vault.rename("folder", "drawer"),
        lambda: vault.move(["drawer"], "other"),
        lambda: vault.discard(["other/b.txt"]),
        lambda: vault.restore([vault.trashed()[0].key]),
        lambda: vault.replace("other/b.txt", document("new.txt", b"new")),
        lambda: vault.discard(["other"]),
        lambda: vault.destroy([one.key for one in vault.trashed()]),
    ):
        step()
        assert found(vault, full=True) == []


def test_two_computers_write_two_lists_and_each_knows_both(
    vault: Vault, document: Callable[..., Path], on_device: Callable[..., VaultService]
) -> None:
    vault.lock()
    with on_device("desk").open(vault.folder, PASSPHRASE) as desk:
        desk.add([document("desk.txt"), document("both.txt")])
    with on_device("lap").open(vault.folder, PASSPHRASE) as lap:
        lap.add([document("lap.txt")])
        lap.rename("both.txt", "mine.txt")
        assert len(names_of_lists(lap)) == 2
        assert found(lap, full=True) == []
    with on_device("desk").open(vault.folder, PASSPHRASE) as desk:
        assert found(desk, full=True) == []


def test_what_one_computer_removed_another_does_not_miss(
    vault: Vault, document: Callable[..., Path], on_device: Callable[..., VaultService]
) -> None:
    """Even where the clock of the one that removed it is years behind."""
    vault.lock()
    with on_device("desk").open(vault.folder, PASSPHRASE) as desk:
        desk.add([document("letter.txt")])
    with on_device("lap", NOW - timedelta(days=2000)).open(vault.folder, PASSPHRASE) as lap:
        lap.discard(["letter.txt"])
        lap.destroy([one.key for one in lap.trashed()])
    with on_device("desk").open(vault.folder, PASSPHRASE) as desk:
        assert found(desk) == []


def test_two_guardians_on_one_computer_do_not_forget_each_others_documents(
    vault: Vault, service: VaultService, document: Callable[..., Path]
) -> None:
    vault.add([document("first.txt")])
    with service.open(vault.folder, PASSPHRASE) as other:
        other.add([document("second.txt")])
    vault.add([document("third.txt")])
    assert found(vault, full=True) == []
    assert not vault.check().older


def test_a_kill_before_the_list_was_saved_is_told_as_new_and_never_as_damage(
    vault: Vault,
    service: VaultService,
    document: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vault.add([document("old.txt")])
    with monkeypatch.context() as killed:
        killed.setattr(manifest.Ledger, "save", lambda _: None)
        vault.add([document("new.txt")])
        vault.make_folder("folder")
        vault.rename("old.txt", "renamed.txt")
        vault.lock()
    with service.open(vault.folder, PASSPHRASE) as opened:
        checked = opened.check(full=True)
        assert checked.condition is Condition.CHANGED
        assert {one.what.code for one in checked.findings} == {
            "vault.finding.new",
            "vault.finding.moved",
        }


@pytest.mark.parametrize("harm", [b"", b"nothing of ours", None])
def test_a_list_that_cannot_be_read_is_told_and_begun_anew(
    vault: Vault, service: VaultService, document: Callable[..., Path], harm: bytes | None
) -> None:
    vault.add([document("old.txt")])
    (node,) = list_nodes(vault._tree)
    if harm is None:  # it decrypts, and is no list
        own = vault._tree.folder(".guardian")
        vault._tree.journal = NoJournal()
        vault._tree.write_small(own, node.name, b"no list")
    else:
        node.file.write_bytes(harm)
    vault.lock()
    with service.open(vault.folder, PASSPHRASE) as opened:
        assert ("list", f".guardian/{node.name}") in found(opened)
        opened.add([document("new.txt")])
        checked = opened.check(full=True)
        assert not checked.older
        assert [one.path for one in checked.findings] == ["old.txt"]
        assert opened.read("old.txt") == b"Dear all"


class NoJournal:
    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_: None


def test_a_disk_that_refuses_the_list_loses_no_document_and_is_tried_again(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add([document("first.txt")])

    def refuse(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as full:
        full.setattr(Filesystem, "write_small", refuse)
        assert len(vault.add([document("second.txt")]).added) == 1
        with pytest.raises(Problem) as caught:
            vault._ledger.save()
        assert caught.value.code == "disk-full"
    vault.add([document("third.txt")])
    assert found(vault, full=True) == []


def test_locking_forgets_the_list(vault: Vault, document: Callable[..., Path]) -> None:
    vault.add([document()])
    vault.lock()
    assert not hasattr(vault, "_ledger")


# the age of a vault


def test_a_vault_put_back_from_an_older_copy_is_told(
    vault: Vault, service: VaultService, document: Callable[..., Path], tmp_path: Path
) -> None:
    vault.add([document("old.txt")])
    shutil.copytree(vault.folder, tmp_path / "copy")
    vault.add([document("new.txt")])
    assert not vault.check().older
    vault.lock()
    shutil.rmtree(vault.folder)
    (tmp_path / "copy").rename(vault.folder)
    with service.open(vault.folder, PASSPHRASE) as opened:
        for _ in range(2):  # looking does not make it younger
            checked = opened.check()
            assert checked.older
            assert checked.condition is Condition.CHANGED
            assert checked.findings == ()
        for number in range(3):  # neither does going on
            opened.add([document(f"{number}.txt")])
            assert opened.check().older
        opened.accept(checked.findings)
        assert not opened.check(full=True).older
        opened.add([document("then.txt")])
        assert not opened.check().older
    with service.open(vault.folder, PASSPHRASE) as opened:
        assert opened.check().condition is Condition.AS_WRITTEN


def test_a_vault_whose_lists_were_removed_is_told_as_older(
    vault: Vault, document: Callable[..., Path]
) -> None:
    vault.add([document("old.txt")])
    (node,) = list_nodes(vault._tree)
    node.file.unlink()
    checked = vault.check()
    assert (checked.older, checked.listed) == (True, False)
    vault.accept(checked.findings)
    assert not vault.check().older


def test_a_computer_that_never_saw_the_vault_calls_nothing_older(
    vault: Vault, document: Callable[..., Path], on_device: Callable[..., VaultService]
) -> None:
    vault.add([document()])
    vault.lock()
    with on_device("new").open(vault.folder, PASSPHRASE) as opened:
        assert not opened.check().older


def test_the_same_generation_with_another_content_is_older_too() -> None:
    lists = Lists({}, {"d": SeenList(3, ONE)}, ())
    assert lists.gone_back({"d": SeenList(3, ONE)}) == set()
    assert lists.gone_back({"d": SeenList(2, TWO)}) == set()
    assert lists.gone_back({"d": SeenList(3, TWO)}) == {"d"}
    assert lists.gone_back({"d": SeenList(4, ONE)}) == {"d"}
    assert lists.gone_back({"e": SeenList(1, ONE)}) == {"e"}


def test_what_is_long_gone_is_forgotten_unless_another_list_has_it(
    vault: Vault, document: Callable[..., Path], on_device: Callable[..., VaultService]
) -> None:
    vault.lock()

    def gone_records(opened: Vault) -> int:
        merged = read_lists(opened._tree).manifests[on_list(opened)].records
        return sum(isinstance(one, GoneRecord) for held in merged.values() for one in held.values())

    def on_list(opened: Vault) -> str:
        return opened._memory.device

    with on_device("desk").open(vault.folder, PASSPHRASE) as desk:
        desk.add([document("desk.txt")])
    with on_device("lap").open(vault.folder, PASSPHRASE) as lap:
        lap.add([document("lap.txt")])
        lap.rename("lap.txt", "lap 2.txt")
        lap.rename("desk.txt", "lap 3.txt")
        assert gone_records(lap) == 2
    with on_device("lap", NOW + timedelta(days=300)).open(vault.folder, PASSPHRASE) as lap:
        lap.make_folder("later")
        assert gone_records(lap) == 1
        assert found(lap) == []


def test_numbers_no_record_can_keep_make_a_list_unreadable_and_nothing_else_fails(
    vault: Vault, document: Callable[..., Path]
) -> None:
    vault.add([document()])
    tree = vault._tree
    for device, generation, time in (
        ("aaaaaaaa", 2**63, 1),
        ("bbbbbbbb", 1, 2**64 - 1),
        ("cccccccc", 2**62, 2**62),
    ):
        records = f'{{"":{{"a.c9r":["x",{time}]}}}}'
        text = f'{{"version":1,"generation":{generation},"records":{records}}}'
        name = manifest.file_name(device)
        tree.write_small(tree.own_folder(), name, zlib.compress(text.encode()))
    assert vault.add([document("other.txt")]).refused == ()
    found = [one.path for one in vault.check().findings if one.what.code == "vault.finding.list"]
    unreadable = (manifest.file_name(device) for device in ("aaaaaaaa", "bbbbbbbb"))
    assert sorted(found) == [f".guardian/{name}" for name in unreadable]
    assert vault.add([document("third.txt")]).refused == ()


def test_two_guardians_that_change_one_vault_at_once_lose_no_line_of_the_list_and_no_note(
    vault: Vault, service: VaultService, tmp_path: Path
) -> None:
    def work(number: int) -> None:
        with service.open(vault.folder, PASSPHRASE) as opened:
            for step in range(6):
                file = tmp_path / f"{number}-{step}.txt"
                file.write_bytes(b"text")
                (added,) = opened.add([file]).added
                opened.describe(added.path, Details(note=file.name))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, number) for number in range(4)]:
            done.result()
    notes = {entry.name: entry.details.note for entry in vault.list().entries}
    assert len(notes) == 24
    assert all(name == note for name, note in notes.items())
    report = vault.check(full=True)
    assert (report.findings, report.older) == ((), False)


def test_a_guardian_that_holds_the_list_too_long_is_told(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add([document()])
    monkeypatch.setattr(workspace, "BUSY_SECONDS", 0.05)
    with workspace.alone(vault.folder), pytest.raises(Problem, match="vault-busy"):
        vault.describe("letter.txt", Details(note="note"))
    vault.describe("letter.txt", Details(note="note"))
    assert vault.details("letter.txt").note == "note"
