"""Folders made, things renamed and moved: the names change, the contents do not."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guardian.core.errors import Cancelled, Problem
from guardian.core.store import open_in_memory
from guardian.vault.cryptomator import filesystem, masterkey, moving, workspace
from guardian.vault.model import Details, Kind, Moved
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

LONG = "l" * 200
LONGER = "m" * 230
NAMES = ["short.txt", LONG, LONGER, "Ünïcode ✈.pdf", "trailing dot.", "con"]


def code_of(problem: pytest.ExceptionInfo[Problem]) -> str:
    return problem.value.code


def tree_of(vault: Vault) -> dict[str, bytes | None]:
    """Every path with its content, None for folders; nothing may be unreadable."""
    listing = vault.list_all()
    assert listing.not_read == ()
    return {
        entry.path: vault.read(entry.path) if entry.kind is Kind.FILE else None
        for entry in listing.entries
    }


@pytest.fixture
def filled(vault: Vault, document: Callable[..., Path]) -> Vault:
    """a.txt, papers/ with b.txt in it, empty/."""
    vault.make_folder("empty")
    vault.add([document("a.txt", b"a")])
    vault.add([document("b.txt", b"b")], "papers")
    return vault


# folders


def test_a_folder_is_made_with_those_on_the_way_to_it(vault: Vault) -> None:
    vault.make_folder("taxes/2026/receipts")
    assert vault.folders() == ("taxes", "taxes/2026", "taxes/2026/receipts")


def test_a_folder_that_is_there_is_not_made_again(filled: Vault) -> None:
    for name in ("papers", "a.txt"):
        with pytest.raises(Problem) as caught:
            filled.make_folder(name)
        assert code_of(caught) == "vault-name-taken"
    with pytest.raises(Problem) as caught:
        filled.make_folder("a.txt/inside")
    assert code_of(caught) == "vault-entry-not-folder"


@pytest.mark.parametrize(
    "path", ["", "/", ".", "..", "a/../b", "nul\0", "x" * 256, "bad\udcff", "x/" + "y" * 300]
)
def test_an_impossible_folder_name_makes_nothing(vault: Vault, path: str) -> None:
    with pytest.raises(Problem) as caught:
        vault.make_folder(path)
    assert code_of(caught) == "vault-name-impossible"
    assert vault.list_all().entries == ()


# renaming


@pytest.mark.parametrize("after", NAMES)
@pytest.mark.parametrize("before", NAMES)
def test_a_document_and_a_folder_take_any_name_and_keep_what_is_inside(
    filled: Vault, before: str, after: str, peer: Callable[..., Any]
) -> None:
    filled.rename("a.txt", before)
    filled.rename("papers", f"p{before}")
    wanted = () if before == after else ((before, after),)
    assert filled.rename(before, after) == Moved(wanted, ())
    filled.rename(f"p{before}", f"p{after}")
    assert tree_of(filled) == {
        after: b"a",
        "empty": None,
        f"p{after}": None,
        f"p{after}/b.txt": b"b",
    }
    assert set(seen_by_peer(peer, filled)["files"]) == {after, f"p{after}/b.txt"}
    if after not in (LONG, LONGER):
        assert not list(filled.folder.rglob("name.c9s"))


def seen_by_peer(peer: Callable[..., Any], vault: Vault) -> Any:
    """What another program reads, without Guardian's own folder."""
    seen = peer("read", vault.folder, PASSPHRASE)
    files = {k: v for k, v in seen["files"].items() if not k.startswith(".guardian")}
    folders = [f for f in seen["folders"] if not f.startswith(".guardian")]
    return {"files": files, "folders": folders}


def test_a_name_may_change_its_capitals_alone(filled: Vault) -> None:
    assert filled.rename("a.txt", "A.TXT") == Moved((("a.txt", "A.TXT"),), ())
    assert filled.read("A.TXT") == b"a"


def test_the_same_name_again_is_nothing(filled: Vault) -> None:
    before = sorted(filled.folder.rglob("*"))
    assert filled.rename("a.txt", "a.txt") == Moved((), ())
    assert sorted(filled.folder.rglob("*")) == before


def test_a_name_is_composed(filled: Vault) -> None:
    decomposed = unicodedata.normalize("NFD", "prüfung")
    filled.rename("a.txt", decomposed)
    assert [entry.name for entry in filled.list().entries] == ["empty", "papers", "prüfung"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("b/c", "vault-name-impossible"),
        ("", "vault-name-impossible"),
        ("..", "vault-name-impossible"),
        ("ü" * 128, "vault-name-impossible"),
        (".guardian", "vault-name-own"),
        ("papers", "vault-name-taken"),
    ],
)
def test_a_name_that_cannot_be_leaves_everything_as_it_was(
    filled: Vault, name: str, code: str
) -> None:
    before = tree_of(filled)
    with pytest.raises(Problem) as caught:
        filled.rename("a.txt", name)
    assert code_of(caught) == code
    assert tree_of(filled) == before


def test_what_is_not_there_cannot_be_renamed(filled: Vault) -> None:
    for path in ("none.txt", "none/a.txt", ".guardian"):
        with pytest.raises(Problem) as caught:
            filled.rename(path, "x")
        assert code_of(caught) == "vault-entry-missing"


# moving


def test_several_things_move_and_each_refusal_is_told_with_its_reason(
    filled: Vault, document: Callable[..., Path]
) -> None:
    filled.add([document("a.txt", b"other a")], "papers")
    filled.add([document("c.txt", b"c")])
    moved = filled.move(["a.txt", "c.txt", "papers", "none", "papers/b.txt"], "papers")
    assert moved.moved == (("c.txt", "papers/c.txt"),)
    assert [(one.name, one.problem.code) for one in moved.refused] == [
        ("a.txt", "vault-name-taken"),
        ("papers", "vault-into-itself"),
        ("none", "vault-entry-missing"),
    ]
    assert tree_of(filled) == {
        "a.txt": b"a",
        "empty": None,
        "papers": None,
        "papers/a.txt": b"other a",
        "papers/b.txt": b"b",
        "papers/c.txt": b"c",
    }


def test_a_folder_does_not_move_below_itself(filled: Vault) -> None:
    filled.make_folder("papers/deep/deeper")
    (refused,) = filled.move(["papers"], "papers/deep/deeper").refused
    assert refused.problem.code == "vault-into-itself"
    assert "papers/deep/deeper" in filled.folders()


def test_what_lies_there_already_is_neither_moved_nor_refused(filled: Vault) -> None:
    assert filled.move(["a.txt", "papers"], "") == Moved((), ())


def test_a_folder_that_is_not_there_takes_nothing(filled: Vault) -> None:
    for folder, code in {
        "none": "vault-entry-missing",
        "a.txt": "vault-entry-not-folder",
        ".guardian": "vault-entry-missing",
    }.items():
        with pytest.raises(Problem) as caught:
            filled.move(["papers"], folder)
        assert code_of(caught) == code


def test_moving_a_folder_moves_only_its_small_entry(filled: Vault) -> None:
    content = {path for path in filled.folder.rglob("*.c9r") if path.is_file()}
    document = next(p for p in content if p.stat().st_size == 68 + 29 and p.name != "dirid.c9r")
    before = {p: p.stat().st_ino for p in content if p.name == "dirid.c9r" or p == document}
    filled.move(["papers"], "empty")
    kept = {p: p.stat().st_ino for p in before if p.exists()}
    assert before.items() - kept.items() <= {(document, before[document])}
    assert filled.read("empty/papers/b.txt") == b"b"


def test_moving_can_be_undone(filled: Vault) -> None:
    before = tree_of(filled)
    moved = filled.move(["a.txt", "papers"], "empty")
    renamed = filled.rename("empty/papers", LONG)
    filled.undo(renamed)
    assert filled.undo(moved) == Moved((("empty/papers", "papers"), ("empty/a.txt", "a.txt")), ())
    assert tree_of(filled) == before


def test_what_cannot_be_undone_is_told(filled: Vault, document: Callable[..., Path]) -> None:
    moved = filled.move(["a.txt"], "empty")
    filled.add([document("a.txt", b"new a")])
    (refused,) = filled.undo(moved).refused
    assert refused.problem.code == "vault-name-taken"
    assert filled.read("empty/a.txt") == b"a" and filled.read("a.txt") == b"new a"


def test_a_link_of_another_program_moves_as_a_link(
    service: VaultService, peer: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "theirs").mkdir()
    peer("make", tmp_path / "theirs", PASSPHRASE, tmp_path / "source")
    with service.open(tmp_path / "theirs", PASSPHRASE) as vault:
        for name in (LONG, LONGER, "link"):
            vault.rename(vault.list().entries[0].path, name)
            (entry,) = vault.list().entries
            assert (entry.name, entry.kind) == (name, Kind.LINK)


# details go along


def test_details_go_along_with_renames_and_moves_also_below_a_folder(filled: Vault) -> None:
    about_a, about_b = Details("about a"), Details("", ("bee",))
    filled.describe("a.txt", about_a)
    filled.describe("papers/b.txt", about_b)
    filled.rename("papers", "Papers of 2026")
    filled.move(["a.txt", "Papers of 2026"], "empty")
    assert filled.details("empty/a.txt") == about_a
    assert filled.details("empty/Papers of 2026/b.txt") == about_b
    (entry,) = filled.list("empty/Papers of 2026").entries
    assert entry.details == about_b


def test_a_refused_move_leaves_the_details_of_both(
    filled: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.add([document("a.txt", b"other")], "empty")
    filled.describe("a.txt", Details("mine"))
    filled.describe("empty/a.txt", Details("theirs"))
    assert filled.move(["a.txt"], "empty").refused
    assert filled.details("a.txt").note == "mine"
    assert filled.details("empty/a.txt").note == "theirs"

    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(filesystem, "move_entry", refuse)
        with pytest.raises(Problem) as caught:
            filled.rename("a.txt", "z.txt")
    assert code_of(caught) == "file-unreadable"
    assert filled.details("a.txt").note == "mine"


def test_a_document_that_comes_to_a_described_path_has_no_details_of_the_old_one(
    filled: Vault,
) -> None:
    filled.describe("a.txt", Details("old"))
    filled.rename("a.txt", "elsewhere.txt")
    filled.move(["papers/b.txt"], "")
    filled.rename("b.txt", "a.txt")
    assert filled.details("a.txt") == Details()


@pytest.mark.parametrize("verb", ["move", "discard"])
def test_stopping_keeps_what_was_moved_with_its_details(
    filled: Vault, document: Callable[..., Path], verb: str
) -> None:
    names = [f"{n}.txt" for n in range(6)]
    filled.add([document(name, name.encode()) for name in names])
    for name in names:
        filled.describe(name, Details(f"about {name}"))

    def stop(done: int, total: int, _note: object = None, /) -> None:
        if (done, total) == (3, 6):
            raise Cancelled

    with pytest.raises(Cancelled):
        if verb == "move":
            filled.move(names, "empty", stop)
        else:
            filled.discard(names, stop)
    left = [entry.name for entry in filled.list().entries if entry.name in names]
    assert left == names[3:]
    if verb == "move":
        assert [entry.name for entry in filled.list("empty").entries] == names[:3]
        filled.move([f"empty/{name}" for name in names[:3]], "")
    else:
        assert {thing.name for thing in filled.trashed()} == set(names[:3])
        filled.restore([thing.key for thing in filled.trashed()])
        folders = filled._tree.contents(filled._tree.folder(".guardian/trash"))
        assert folders.nodes == ()
    assert [filled.details(name).note for name in names] == [f"about {name}" for name in names]


def test_two_things_do_not_move_onto_one_name(filled: Vault, document: Callable[..., Path]) -> None:
    filled.add([document("same.txt", b"1")], "one")
    filled.add([document("same.txt", b"2")], "two")
    filled.describe("one/same.txt", Details("first"))
    filled.describe("two/same.txt", Details("second"))
    moved = filled.move(["one/same.txt", "two/same.txt"], "empty")
    assert moved.moved == (("one/same.txt", "empty/same.txt"),)
    assert [one.problem.code for one in moved.refused] == ["vault-name-taken"]
    assert filled.details("empty/same.txt").note == "first"
    assert filled.details("two/same.txt").note == "second"


def test_what_was_moved_is_moved_even_where_its_old_details_could_not_be_cleared(
    filled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.describe("a.txt", Details("about a"))
    real, writes = filled._tree.write_small, 0

    def second_fails(*arguments: Any) -> None:
        nonlocal writes
        writes += 1
        if writes == 2:
            raise OSError(28, "No space left on device")
        real(*arguments)

    monkeypatch.setattr(filled._tree, "write_small", second_fails)
    assert filled.rename("a.txt", "z.txt").moved == (("a.txt", "z.txt"),)
    assert filled.details("z.txt").note == "about a"


# crashes


@contextmanager
def dying_before(step: int) -> Iterator[None]:
    """Ends the process without any goodbye before its ``step``-th change to the disk."""
    left = step

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(9)

    steps = {"open", "os.link", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.utime"}

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        reads = event == "open" and not int(arguments[2]) & (os.O_WRONLY | os.O_RDWR)
        if event in steps and not reads:
            count()

    sys.addaudithook(hook)
    yield


MOVES = {
    "document short to short": ("a.txt", "z.txt"),
    "document short to long": ("a.txt", LONG),
    "document long to short": (f"d{LONG}", "z.txt"),
    "document long to long": (f"d{LONG}", LONGER),
    "folder short to short": ("papers", "zz"),
    "folder short to long": ("papers", LONG),
    "folder long to short": (f"f{LONG}", "zz"),
    "folder long to long": (f"f{LONG}", LONGER),
}


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("which", MOVES)
def test_a_death_at_any_step_of_a_rename_leaves_the_old_name_or_the_new_one(
    service: VaultService, document: Callable[..., Path], tmp_path: Path, which: str, links: bool
) -> None:
    old, new = MOVES[which]
    start = tmp_path / "start"
    with service.create(start, PASSPHRASE) as vault:
        vault.add([document("a.txt", b"a"), document(f"d{LONG}", b"d")])
        vault.add([document("b.txt", b"b")], "papers")
        vault.add([document("c.txt", b"c")], f"f{LONG}")
        before = tree_of(vault)
    after = {
        new + path.removeprefix(old) if path == old or path.startswith(f"{old}/") else path: content
        for path, content in before.items()
    }
    for step in range(1, 200):
        here = tmp_path / str(step)
        shutil.copytree(start, here)
        child = os.fork()
        if child == 0:
            rename_and_die(here, old, new, step, links)
        done = os.waitpid(child, 0)[1] == 0
        with service.open(here, PASSPHRASE) as vault:
            found = tree_of(vault)
            assert found in (before, after), step
            assert not done or found == after
            ids = [path.read_text() for path in here.glob("d/*/*/*/dir.c9r")]
            assert len(ids) == len(set(ids))
        assert not (here / workspace.PLACE).exists()
        assert not list(here.rglob(f"*{moving.NOTE}"))
        shutil.rmtree(here)
        if done:
            assert step > 1
            return
    raise AssertionError("it never came to an end")


def rename_and_die(folder: Path, old: str, new: str, step: int, links: bool) -> None:
    """Rename in this process, which ends here at the latest."""
    try:
        vault = VaultService(open_in_memory(), lambda: NOW).open(folder, PASSPHRASE)
        tree = vault._tree
        node, parent = tree.find(old), tree.folder("")

        def no_links(*_: object, **__: object) -> None:
            raise OSError(95, "Operation not supported")

        if not links:
            os.link = no_links
        tree._workspace.new_path()
        with dying_before(step):
            tree.move(node, parent, new)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.parametrize("which", MOVES)
@pytest.mark.parametrize("call", ["rename", "replace", "mkdir", "fsync", "unlink"])
def test_a_disk_that_refuses_a_step_of_a_rename_leaves_one_name(
    vault: Vault,
    document: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    which: str,
    call: str,
) -> None:
    old, new = MOVES[which]
    vault.add([document("a.txt", b"a"), document(f"d{LONG}", b"d")])
    vault.add([document("b.txt", b"b")], "papers")
    vault.add([document("c.txt", b"c")], f"f{LONG}")
    before = tree_of(vault)
    real = getattr(os, call)
    for at in range(20):
        calls = 0

        def refuse(*arguments: Any, at: int = at, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at + 1:
                raise OSError(28, "No space left on device")
            return real(*arguments, **named)

        tree = vault._tree
        node, parent = tree.find(old), tree.folder("")
        with monkeypatch.context() as broken:
            broken.setattr(os, call, refuse)
            try:
                tree.move(node, parent, new)
            except OSError:
                failed = True
            else:
                failed = False
        found = tree_of(vault)
        assert sorted(map(str, found.values())) == sorted(map(str, before.values()))
        assert (found == before) is failed
        if not failed:
            tree.move(tree.find(new), tree.folder(""), old)
        if not failed and calls <= at:
            return


def test_a_folder_that_could_go_neither_on_nor_back_is_there_and_arrives_at_locking(
    vault: Vault, service: VaultService, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.make_folder(f"{LONG}/inside")
    real, renames = moving.rename_folder_new, 0

    def only_the_first(*arguments: Any) -> None:
        nonlocal renames
        renames += 1
        if renames > 1:
            raise OSError(5, "Input/output error")
        real(*arguments)

    with monkeypatch.context() as broken:
        broken.setattr(moving, "rename_folder_new", only_the_first)
        with pytest.raises(Problem):
            vault.rename(LONG, LONGER)
    (halfway, inside) = tree_of(vault)
    assert inside == f"{halfway}/inside"
    vault.lock()
    with service.open(vault.folder, PASSPHRASE) as again:
        assert tree_of(again) == {LONGER: None, f"{LONGER}/inside": None}


def test_a_note_from_a_stranger_removes_and_replaces_nothing(
    service: VaultService, vault: Vault, document: Callable[..., Path]
) -> None:
    vault.add([document("a.txt", b"a"), document("b.txt", b"b")])
    one, two = sorted(p for p in vault.folder.glob("d/*/*/*.c9r") if p.stat().st_size == 97)[:2]
    vault.lock()
    outside = vault.folder / "HOW TO OPEN THIS VAULT.txt"
    notes = [
        {"source": str(one), "target": str(two)},
        {
            "source": str(one.relative_to(vault.folder)),
            "target": str(two.relative_to(vault.folder)),
        },
        {
            "source": str(one.relative_to(vault.folder)),
            "target": str(one.relative_to(vault.folder)),
        },
        {"source": "masterkey.cryptomator", "target": "masterkey.cryptomator"},
        {"source": f"d/../{outside.name}", "target": f"d/../{outside.name}"},
        {"source": [], "target": 3},
    ]
    dead = vault.folder / workspace.PLACE / f"{workspace.machine_tag()}-dead"
    dead.mkdir(parents=True)
    for number, note in enumerate(notes):
        (dead / f"{number}{moving.NOTE}").write_bytes(msgspec.json.encode(note))
    (dead / f"x{moving.NOTE}").write_bytes(b"\xff{")
    (dead / f"y{moving.NOTE}").mkdir()
    with service.open(vault.folder, PASSPHRASE) as opened:
        assert tree_of(opened) == {"a.txt": b"a", "b.txt": b"b"}
    assert outside.exists() and not dead.exists()


# any order of things


NAME = st.sampled_from(["a", "b", "Ä", "x" * 160, "y" * 200, "c.txt"])


class AnyOrder(RuleBasedStateMachine):
    """Random arranging against a dict; at the end another program has to see the same."""

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, bytes | None] = {}
        self.notes: dict[str, str] = {}
        self.trash: dict[str, dict[str, tuple[bytes | None, str]]] = {}

    place: Path
    peer: Callable[..., Any]

    @initialize()
    def begin(self) -> None:
        masterkey.COST = 2**10
        self.folder = self.place / os.urandom(8).hex()
        self.folder.mkdir()
        self.vault = VaultService(open_in_memory(), lambda: NOW).create(
            self.folder / "v", PASSPHRASE
        )

    def teardown(self) -> None:
        if hasattr(self, "vault"):
            seen = seen_by_peer(self.peer, self.vault)
            wanted = {
                k: hashlib.sha256(v).hexdigest() for k, v in self.model.items() if v is not None
            }
            self.vault.lock()
            assert seen["files"] == wanted
            assert set(seen["folders"]) == {k for k, v in self.model.items() if v is None}

    def pick(self, data: st.DataObject, *, folder: bool = False) -> str:
        paths = [k for k, v in self.model.items() if v is None or not folder]
        return data.draw(st.sampled_from(sorted(paths) + [""] * folder))

    def carry(self, old: str, new: str) -> None:
        def there(path: str) -> str:
            inside = path == old or path.startswith(f"{old}/")
            return new + path.removeprefix(old) if inside else path

        self.model = {there(path): content for path, content in self.model.items()}
        self.notes = {there(path): note for path, note in self.notes.items()}

    @rule(data=st.data(), name=NAME)
    def make_folder(self, data: st.DataObject, name: str) -> None:
        above = self.pick(data, folder=True)
        path = f"{above}/{name}" if above else name
        try:
            self.vault.make_folder(path)
        except Problem as problem:
            assert problem.code == "vault-name-taken" and path in self.model
        else:
            assert path not in self.model
            self.model[path] = None

    @rule(data=st.data(), name=NAME, content=st.binary(max_size=50))
    def add(self, data: st.DataObject, name: str, content: bytes) -> None:
        source = self.folder / name
        source.write_bytes(content)
        (added,) = self.vault.add([source], self.pick(data, folder=True)).added
        assert added.path not in self.model
        self.model[added.path] = content

    @precondition(lambda self: self.model)
    @rule(data=st.data(), name=NAME)
    def rename(self, data: st.DataObject, name: str) -> None:
        old = self.pick(data)
        new = f"{old.rpartition('/')[0]}/{name}".lstrip("/")
        try:
            self.vault.rename(old, name)
        except Problem as problem:
            assert problem.code == "vault-name-taken" and new in self.model
        else:
            assert old == new or new not in self.model
            self.carry(old, new)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        old, above = self.pick(data), self.pick(data, folder=True)
        for moved, new in self.vault.move([old], above).moved:
            assert moved == old and new not in self.model
            self.carry(old, new)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def discard(self, data: st.DataObject) -> None:
        path = self.pick(data)
        ((_, key),) = self.vault.discard([path]).moved
        gone = [one for one in self.model if one == path or one.startswith(f"{path}/")]
        self.trash[key] = {
            one.removeprefix(path): (self.model.pop(one), self.notes.pop(one, "")) for one in gone
        }

    @precondition(lambda self: self.model)
    @rule(data=st.data(), text=st.sampled_from(["", "one", "two"]))
    def describe(self, data: st.DataObject, text: str) -> None:
        path = self.pick(data)
        self.vault.describe(path, Details(text))
        self.notes[path] = text

    @precondition(lambda self: self.trash)
    @rule(data=st.data())
    def destroy(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.trash)))
        self.vault.destroy([key])
        del self.trash[key]

    @precondition(lambda self: self.trash)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.trash)))
        result = self.vault.restore([key])
        for _, path in result.moved:
            parts = path.split("/")
            for depth in range(1, len(parts)):
                self.model.setdefault("/".join(parts[:depth]), None)
            assert path not in self.model
            for one, (content, note) in self.trash.pop(key).items():
                self.model[path + one], self.notes[path + one] = content, note
        for one in result.refused:  # its folder is a document by now
            assert one.problem.code == "vault-entry-not-folder"

    @invariant()
    def the_vault_is_as_the_model(self) -> None:
        if hasattr(self, "vault"):
            assert tree_of(self.vault) == self.model
            assert {one.key for one in self.vault.trashed()} == set(self.trash)
            notes = {e.path: e.details.note for e in self.vault.list_all().entries}
            assert {k: v for k, v in notes.items() if v} == {
                k: v for k, v in self.notes.items() if v
            }


def test_any_order_of_arranging_keeps_every_document(
    tmp_path: Path, peer: Callable[..., Any]
) -> None:
    machine = type("Here", (AnyOrder,), {"place": tmp_path, "peer": staticmethod(peer)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
