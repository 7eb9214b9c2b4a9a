"""Whole folders in and out: everything comes along, what cannot is told, nothing is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guardian.core.errors import Cancelled, Problem
from guardian.vault.documents import storing
from guardian.vault.model import Kind
from guardian.vault.service import Vault


def documents_in(vault: Vault) -> dict[str, bytes]:
    return {e.path: vault.read(e.path) for e in vault.list_all().entries if e.size is not None}


def folders_in(vault: Vault) -> list[str]:
    return [entry.path for entry in vault.list_all().entries if entry.kind is Kind.FOLDER]


def codes(refused: Any) -> dict[str, str]:
    return {Path(getattr(one, "source", "") or one.name).name: one.problem.code for one in refused}


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder with documents, a folder in it, and an empty one."""
    top = tmp_path / "papers"
    (top / "tax" / "2025").mkdir(parents=True)
    (top / "empty").mkdir()
    (top / "a.txt").write_bytes(b"a")
    (top / "tax" / "b.txt").write_bytes(b"b" * 40_000)
    (top / "tax" / "2025" / ("c" * 200)).write_bytes(b"c")
    os.utime(top / "a.txt", (1_000_000_000, 1_000_000_000))
    return top


INSIDE = {
    "papers/a.txt": b"a",
    "papers/tax/b.txt": b"b" * 40_000,
    f"papers/tax/2025/{'c' * 200}": b"c",
}


def test_a_folder_comes_with_everything_in_it(vault: Vault, papers: Path) -> None:
    done = vault.add([papers])
    assert done.refused == ()
    assert {one.path for one in done.added} == set(INSIDE)
    assert documents_in(vault) == INSIDE
    assert folders_in(vault) == ["papers", "papers/empty", "papers/tax", "papers/tax/2025"]
    assert vault.check(full=True).findings == ()


def test_a_folder_whose_name_is_taken_gets_a_number(vault: Vault, papers: Path) -> None:
    vault.add([papers], "here")
    vault.add([papers], "here")
    assert len(documents_in(vault)) == 6
    assert folders_in(vault)[:2] == ["here", "here/papers"]
    assert "here/papers (1)/tax/2025" in folders_in(vault)


def test_two_folders_of_one_name_stay_apart(vault: Vault, papers: Path, tmp_path: Path) -> None:
    (tmp_path / "other" / "papers").mkdir(parents=True)
    (tmp_path / "other" / "papers" / "z.txt").write_bytes(b"z")
    vault.add([papers, tmp_path / "other" / "papers"])
    assert documents_in(vault) == INSIDE | {"papers (1)/z.txt": b"z"}


def test_links_and_devices_in_a_folder_are_told_and_not_followed(
    vault: Vault, papers: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_bytes(b"not meant")
    (papers / "link.txt").symlink_to(tmp_path / "secret.txt")
    (papers / "up").symlink_to(tmp_path)
    (papers / "loop").symlink_to(papers)
    os.mkfifo(papers / "tax" / "pipe")
    done = vault.add([papers])
    assert codes(done.refused) == {
        "link.txt": "vault-source-link",
        "up": "vault-source-link",
        "loop": "vault-source-link",
        "pipe": "vault-not-document",
    }
    assert documents_in(vault) == INSIDE


def test_names_a_vault_cannot_hold_are_told(vault: Vault, papers: Path) -> None:
    os.close(os.open(os.fsencode(papers) + b"/\xff.txt", os.O_CREAT))
    (done,) = vault.add([papers]).refused
    assert done.problem.code == "vault-name-impossible"
    assert documents_in(vault) == INSIDE


def test_the_vaults_own_folder_is_never_added(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes(b"note")
    done = vault.add([tmp_path])
    assert codes(done.refused) == {vault.folder.name: "vault-own-file"}
    assert documents_in(vault) == {f"{tmp_path.name}/note.txt": b"note"}
    assert codes(vault.add([vault.folder, vault.folder / "d"]).refused) == {
        "vault": "vault-own-file",
        "d": "vault-own-file",
    }


def test_a_folder_that_may_not_be_read_is_told(
    vault: Vault, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def closed(place: Any) -> Any:
        if place == papers / "tax":
            raise PermissionError(13, "Permission denied")
        return real(place)

    with monkeypatch.context() as forbidding:
        forbidding.setattr(os, "scandir", closed)
        (refusal,) = vault.add([papers]).refused
    assert (refusal.source.name, refusal.problem.code) == ("tax", "no-permission")


def test_a_cancelled_folder_leaves_only_whole_documents(
    vault: Vault, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "BATCH_FILES", 2)
    for stop_at in range(1, 60):
        calls = 0

        def report(*_: object, stop_at: int = stop_at) -> None:
            nonlocal calls
            calls += 1
            if calls == stop_at:
                raise Cancelled

        try:
            vault.add([papers], f"run {stop_at}", report)
        except Cancelled:
            found = documents_in(vault)
            whole = {f"run {stop_at}/{path}": data for path, data in INSIDE.items()}
            assert {p: d for p, d in found.items() if p.startswith(f"run {stop_at}/")}.items() <= (
                whole.items()
            )
        else:
            break
    else:
        raise AssertionError("it never came to an end")
    assert vault.check(full=True).findings == ()


def test_many_small_documents_become_durable_together(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has its name before all that carries it is on the disk and read back."""
    steps: list[str] = []
    sync, link = os.fsync, os.link
    files = [document(f"{n}.txt", bytes([n]) * 100) for n in range(20)]

    def note_sync(handle: int) -> None:
        steps.append("sync")
        sync(handle)

    def note_link(*arguments: Any, **options: Any) -> None:
        steps.append("link")
        link(*arguments, **options)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "link", note_link)
    vault.add(files)
    first = steps.index("link")
    assert steps[:first].count("sync") >= 20
    assert steps[first : first + 20] == ["link"] * 20


def test_one_bad_document_of_a_batch_stops_no_other(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [document(f"{n}.txt", bytes([n]) * 100) for n in range(6)]
    real, broken = os.fsync, iter([False, True, False, False, False, False])

    def fsync(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode) and next(broken, False):
            raise OSError(5, "Input/output error")
        real(handle)

    monkeypatch.setattr(storing, "SYNCERS", 1)
    monkeypatch.setattr(os, "fsync", fsync)
    done = vault.add(files)
    assert codes(done.refused) == {"1.txt": "file-unreadable"}
    assert set(documents_in(vault)) == {f"{n}.txt" for n in (0, 2, 3, 4, 5)}


# new content for a document


def test_replaced_content_leaves_the_old_one_in_the_trash(
    vault: Vault, document: Callable[..., Path]
) -> None:
    for name in ("letter.txt", "l" * 200):
        vault.add([document(name, b"first")], "mail")
        vault.replace(f"mail/{name}", document("draft.txt", b"second"))
        assert vault.read(f"mail/{name}") == b"second"
        (old,) = vault.trashed()
        assert (old.name, old.came_from, old.size) == (name, f"mail/{name}", 5)
        ((_, back),) = vault.restore([old.key]).moved
        assert vault.read(back) == b"first"
    assert vault.check(full=True).findings == ()


def test_a_replacement_that_fails_changes_nothing(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vault.add([document("letter.txt", b"first")])
    vault.make_folder("folder")
    for path, file, code in (
        ("letter.txt", tmp_path / "nowhere", "file-missing"),
        ("letter.txt", tmp_path, "file-is-folder"),
        ("folder", document("x.txt"), "file-is-folder"),
        ("none.txt", document("x.txt"), "vault-entry-missing"),
    ):
        with pytest.raises(Problem) as caught:
            vault.replace(path, file)
        assert caught.value.code == code

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    new = document("new.txt", b"second")
    for call in ("fsync", "replace"):
        with monkeypatch.context() as broken, pytest.raises(Problem) as caught:
            broken.setattr(os, call, full)
            vault.replace("letter.txt", new)
        assert caught.value.code == "disk-full"
        assert vault.read("letter.txt") == b"first"


# taking out


def test_documents_and_folders_are_saved_with_their_dates(
    vault: Vault, papers: Path, document: Callable[..., Path], tmp_path: Path
) -> None:
    vault.add([papers, document("x.txt", b"x")])
    out = tmp_path / "out"
    out.mkdir()
    done = vault.save(["papers", "papers/tax", "x.txt"], out)
    assert done.refused == ()
    files = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert files == INSIDE | {"x.txt": b"x"}
    assert sorted(done.saved) == sorted(out / name for name in files)
    assert (out / "papers" / "empty").is_dir()
    assert (out / "papers" / "a.txt").stat().st_mtime == 1_000_000_000
    for path in (out / "papers", out / "papers" / "tax"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((out / "x.txt").stat().st_mode) == 0o600


def test_saving_writes_into_nothing_that_is_there(
    vault: Vault, papers: Path, document: Callable[..., Path], tmp_path: Path
) -> None:
    vault.add([papers, document("x.txt", b"x")])
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "papers").symlink_to(elsewhere)
    (out / "x.txt").symlink_to(elsewhere / "x.txt")
    vault.save(["papers", "x.txt"], out)
    assert list(elsewhere.iterdir()) == []
    assert (out / "papers (1)" / "a.txt").read_bytes() == b"a"
    assert (out / "x (1).txt").read_bytes() == b"x"


def test_a_damaged_document_is_told_and_the_rest_is_saved(
    vault: Vault, papers: Path, tmp_path: Path
) -> None:
    vault.add([papers])
    place = vault._tree.find("papers/tax/b.txt").place
    place.write_bytes(place.read_bytes()[:-1] + b"?")
    out = tmp_path / "out"
    out.mkdir()
    done = vault.save(["papers", "gone.txt"], out)
    assert {one.name: one.problem.code for one in done.refused} == {
        "papers/tax/b.txt": "vault-document-damaged",
        "gone.txt": "vault-entry-missing",
    }
    assert len(done.saved) == 2
    assert not (out / "papers" / "tax" / "b.txt").exists()
    assert [path for path in out.rglob("*") if path.name.endswith(".tmp")] == []


def test_two_ways_to_one_folder_are_walked_once(vault: Vault, papers: Path, tmp_path: Path) -> None:
    """Else a few entries made by somebody else could grow without end."""
    vault.add([papers])
    vault.make_folder("papers/empty/trap")
    (vault._tree.find("papers/empty/trap").place / "dir.c9r").write_text(
        vault._tree.folder("papers").id
    )
    out = tmp_path / "out"
    out.mkdir()
    done = vault.save(["papers"], out)
    assert codes(done.refused) == {"trap": "vault-folder-damaged"}
    assert len(done.saved) == 3


def test_a_stopped_export_leaves_only_whole_documents(
    vault: Vault, papers: Path, tmp_path: Path
) -> None:
    vault.add([papers])

    def stop(done: int, _total: int, _note: object = None, /) -> None:
        if done >= 1:
            raise Cancelled

    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Cancelled):
        vault.save(["papers"], out, stop)
    for path in out.rglob("*"):
        assert path.is_dir() or path.read_bytes() in INSIDE.values()


def test_a_folder_given_as_a_dot_goes_in_under_its_name(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tax" / "2026").mkdir(parents=True)
    (tmp_path / "tax" / "letter.txt").write_bytes(b"Dear all")
    monkeypatch.chdir(tmp_path / "tax" / "2026")
    assert [one.path for one in vault.add([Path("..")]).added] == ["tax/letter.txt"]
    assert vault.add([Path()]).refused == ()
    assert "2026" in {one.name for one in vault.list().entries}
