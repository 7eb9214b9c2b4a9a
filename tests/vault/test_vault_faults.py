"""Full disks, files that change, cancelled jobs: the old state or the new one."""

from __future__ import annotations

import dataclasses
import errno
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from guardian.core.errors import Cancelled, Problem
from guardian.vault.cryptomator import filesystem, root, tree, workspace
from guardian.vault.cryptomator.content import DocumentReader, encrypt_stream
from guardian.vault.documents import storing
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"


def files_under(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def documents_in(vault: Vault) -> dict[str, bytes]:
    return {e.path: vault.read(e.path) for e in vault.list_all().entries if e.size is not None}


def temporary_in(folder: Path) -> list[Path]:
    """Unfinished files; the lock of an open vault's workspace is none."""
    # Not every name with "tmp" in it: the encrypted names hold these letters now and then.
    unfinished = [path for path in (folder / workspace.PLACE).rglob("*") if path.is_file()]
    return [path for path in unfinished if path.name != workspace.LOCK] + [*folder.rglob("*.tmp")]


@pytest.mark.parametrize("room", [0, 68, 5000, 100_000])
@pytest.mark.parametrize("name", ["big.bin", "b" * 200])
def test_a_disk_that_fills_keeps_the_old_and_no_rest(
    vault: Vault,
    document: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    name: str,
) -> None:
    vault.add([document("old.txt", b"old")])
    before = files_under(vault.folder / "d")

    class FullDisk:
        def __init__(self, target: Any) -> None:
            self.target, self.left = target, room

        def write(self, data: memoryview, /) -> int:
            self.target.write(data[: self.left])
            self.left -= len(data)
            if self.left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return len(data)

    with monkeypatch.context() as full:
        full.setattr(
            storing, "encrypt_stream", lambda s, t, *rest: encrypt_stream(s, FullDisk(t), *rest)
        )
        result = vault.add([document(name, bytes(300_000))])
    assert [one.problem.code for one in result.refused] == ["disk-full"]
    assert files_under(vault.folder / "d") == before
    assert temporary_in(vault.folder) == []
    assert vault.add([document(name, bytes(300_000))]).refused == ()


@pytest.mark.parametrize("name", ["short.txt", "l" * 200])
@pytest.mark.parametrize("call", ["fsync", "link", "rename", "utime", "replace", "mkdir"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
def test_any_refusal_of_the_disk_keeps_the_old_and_no_rest(  # noqa: PLR0917
    vault: Vault,
    document: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    error: int,
    name: str,
) -> None:
    vault.add([document("old.txt", b"old")])
    source = document(name, b"new")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        result = vault.add([source])
    kept = {"old.txt": b"old"}
    if result.refused:
        assert result.refused[0].problem.code in ("disk-full", "file-unreadable", "no-permission")
        assert documents_in(vault) == kept
    else:
        assert documents_in(vault) == kept | {name: b"new"}
    assert temporary_in(vault.folder) == []
    assert vault.list().not_read == ()
    assert source.read_bytes() == b"new"


def test_too_little_room_is_told_before_anything_is_written(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_under(vault.folder)
    usage = type("Usage", (), {"free": 2**20})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(Problem) as caught:
        vault.add([document()], "new folder")
    assert caught.value.code == "vault-space"
    assert files_under(vault.folder) == before
    assert caught.value.facts["needed"] == pytest.approx(1.05, abs=0.01)


def test_a_small_document_needs_little_room(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 2 * 2**20}))
    assert vault.add([document()]).refused == ()


@pytest.mark.parametrize("left", ["nothing", "an empty mount point"])
def test_a_vault_whose_disk_was_taken_out_is_missing_and_not_damaged(
    vault: Vault, document: Callable[..., Path], left: str
) -> None:
    vault.add([document()])
    vault.folder.rename(vault.folder.with_name("elsewhere"))
    if left != "nothing":
        vault.folder.mkdir()
    for verb in (
        vault.list,
        lambda: vault.list("papers"),
        lambda: vault.read("letter.txt"),
        lambda: vault.add([document("more.txt")]),
    ):
        with pytest.raises(Problem) as caught:
            verb()
        assert caught.value.code == "vault-missing"


def test_a_disk_taken_out_while_adding_is_no_fault_of_the_document(
    vault: Vault, document: Callable[..., Path]
) -> None:
    def take_out(done: int, _total: int, _note: object = None, /) -> None:
        if done and vault.folder.exists():
            vault.folder.rename(vault.folder.with_name("elsewhere"))

    with pytest.raises(Problem) as caught:
        vault.add([document("a.txt"), document("b.txt")], "", take_out)
    assert caught.value.code == "vault-missing"


def test_a_cancelled_add_keeps_only_whole_documents(
    vault: Vault, document: Callable[..., Path]
) -> None:
    sources = [document(f"{n}.bin", os.urandom(3 * 2**20)) for n in range(2)]
    for stop_at in range(1, 30):
        calls = 0

        def report(*_: object, stop_at: int = stop_at) -> None:
            nonlocal calls
            calls += 1
            if calls == stop_at:
                raise Cancelled

        try:
            result = vault.add(sources, f"run {stop_at}", report)
        except Cancelled:
            assert temporary_in(vault.folder) == []
            for entry in vault.list(f"run {stop_at}").entries:
                assert vault.read(entry.path) in [source.read_bytes() for source in sources]
        else:
            assert len(result.added) == 2
            break
    else:
        raise AssertionError("it never came to an end")


def test_a_file_that_changes_while_it_is_read_is_refused(
    vault: Vault, document: Callable[..., Path]
) -> None:
    source = document("growing.log", bytes(2**20))

    def report(done: int, *_: object) -> None:
        if done == 2**20:
            with source.open("ab") as file:
                file.write(b"more")

    (refusal,) = vault.add([source], "", report).refused
    assert refusal.problem.code == "vault-source-changed"
    assert vault.list().entries == ()


def test_a_copy_that_reads_back_differently_never_appears(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = document("a.txt", b"a" * 100)

    def rot(file: Any) -> None:
        os.pwrite(file.fileno(), b"?", 90)

    monkeypatch.setattr(storing, "drop_cached", rot)
    (refusal,) = vault.add([source]).refused
    assert refusal.problem.code == "vault-document-damaged"
    monkeypatch.setattr(storing, "drop_cached", lambda _: None)
    monkeypatch.setattr(DocumentReader, "pieces", lambda _: iter([b"b" * 100]))
    (refusal,) = vault.add([source]).refused
    assert refusal.problem.code == "vault-copy-differs"
    assert vault.list().entries == ()
    assert temporary_in(vault.folder) == []


@pytest.mark.parametrize("step", range(8))
def test_a_vault_that_could_not_be_made_leaves_nothing(
    service: VaultService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    real, left = os.fsync, step

    def fsync(handle: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fsync)
        with pytest.raises(Problem) as caught:
            service.create(tmp_path / "vault", PASSPHRASE)
        assert caught.value.code == "disk-full"
    assert not (tmp_path / "vault").exists()
    service.create(tmp_path / "vault", PASSPHRASE).lock()


def test_a_failed_creation_keeps_the_folder_that_was_there(
    service: VaultService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "desktop.ini").write_text("x")

    def refuse(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(root, "write_config", refuse)
        with pytest.raises(Problem):
            service.create(tmp_path / "stick", PASSPHRASE)
    assert [path.name for path in (tmp_path / "stick").iterdir()] == ["desktop.ini"]


def test_two_open_handles_do_not_sweep_each_other(
    vault: Vault, service: VaultService, document: Callable[..., Path]
) -> None:
    source = document("a.bin", bytes(3 * 2**20))

    def open_again(done: int, *_: object) -> None:
        if done == 2**20:
            service.open(vault.folder, PASSPHRASE).lock()

    assert vault.add([source], "", open_again).refused == ()
    assert len(vault.read("a.bin")) == 3 * 2**20


def test_leftovers_of_another_computer_are_swept_after_an_hour(tmp_path: Path) -> None:
    theirs = tmp_path / workspace.PLACE / "00000000-abc"
    theirs.mkdir(parents=True)
    (theirs / "part").write_bytes(b"?")
    now = (theirs / "part").stat().st_mtime
    workspace.sweep(tmp_path, now + 3500)
    assert (theirs / "part").exists()
    workspace.sweep(tmp_path, now + 3700)
    assert not (tmp_path / workspace.PLACE).exists()


def test_a_medium_that_cannot_be_written_still_opens(
    vault: Vault,
    service: VaultService,
    document: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vault.add([document()])
    vault.lock()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    for call in ("mkdir", "unlink", "rmdir", "rename", "link"):
        monkeypatch.setattr(os, call, refuse)
    with service.open(vault.folder, PASSPHRASE) as opened:
        assert opened.read("letter.txt") == b"Dear all"
        (refusal,) = opened.add([document()]).refused
        assert refusal.problem.code == "no-permission"


def test_a_place_that_cannot_be_written_is_told(
    service: VaultService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    (tmp_path / "there").mkdir()
    monkeypatch.setattr(root.os, "access", lambda *_: False)
    monkeypatch.setattr(os, "mkdir", refuse)
    for name in ("there", "new"):
        with pytest.raises(Problem) as caught:
            service.create(tmp_path / name, PASSPHRASE)
        assert caught.value.code == "no-permission"


def test_a_vault_in_a_folder_that_may_not_be_entered_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "closed" / "vault"

    def forbidden(path: Path) -> os.stat_result:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "lstat", forbidden)
    with pytest.raises(Problem, match="no-permission"):
        root.inspect(folder)
    monkeypatch.undo()
    with pytest.raises(Problem, match="vault-missing"):
        root.inspect(folder)
    folder.mkdir(parents=True)
    with pytest.raises(Problem, match="vault-not-one"):
        root.inspect(folder)


def test_a_folder_whose_names_the_disk_does_not_promise_is_told_and_holds_whole_documents(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    vault.make_folder("papers")
    with monkeypatch.context() as full:
        full.setattr(filesystem, "sync_folder", refuse)
        with pytest.raises(Problem) as caught:
            vault.add([document("a.txt", b"a"), document("b.txt", b"b")], "papers")
    assert (caught.value.code, caught.value.facts) == ("disk-full", {"name": "papers"})
    assert temporary_in(vault.folder) == []
    assert {e.name: vault.read(e.path) for e in vault.list("papers").entries} == {
        "a.txt": b"a",
        "b.txt": b"b",
    }
    assert vault.check().findings == ()


def test_a_move_that_could_not_even_be_taken_back_is_ended_by_the_next_unlock(
    vault: Vault, service: VaultService, document: Callable[..., Path], tmp_path: Path
) -> None:
    long, longer = "l" * 200, "m" * 200
    vault.add([document("a.txt", b"a")], long)
    real, calls = os.rename, 0

    def refuse_later(*arguments: Any, **named: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise OSError(errno.EACCES, "Permission denied")
        real(*arguments, **named)

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(os, "rename", refuse_later)
        with pytest.raises(Problem, match="no-permission"):
            vault.rename(long, longer)
        vault.lock()
    with service.open(vault.folder, PASSPHRASE) as again:
        (entry,) = again.list().entries
        assert entry.name in (long, longer)
        assert again.read(f"{entry.name}/a.txt") == b"a"
    assert not (vault.folder / workspace.PLACE).exists()


@pytest.mark.parametrize("seconds", [10**12, -(10**12), 2**62])
def test_a_document_with_a_date_no_calendar_knows_is_listed_like_any_other(
    vault: Vault,
    document: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
) -> None:
    vault.add([document()])
    real = tree.Tree._node_called

    def strange(self: tree.Tree, *where: Any) -> tree.Node:
        return dataclasses.replace(real(self, *where), modified=float(seconds))

    monkeypatch.setattr(tree.Tree, "_node_called", strange)
    (entry,) = vault.list().entries
    assert entry.modified.astimezone().year in (1, 2, 9999)
    assert [one.name for one in vault.search(["letter"]).entries] == ["letter.txt"]
    assert vault.discard(["letter.txt"]).refused == ()
    assert len(vault.trashed()) == 1


def test_a_pipe_in_the_place_of_a_folder_id_does_not_make_a_check_wait_for_ever(
    vault: Vault, document: Callable[..., Path]
) -> None:
    vault.add([document()], "papers")
    for spare in (vault.folder / "d").rglob("dirid.c9r"):
        spare.unlink()
        os.mkfifo(spare)
    with ThreadPoolExecutor(1) as pool:
        checking = pool.submit(vault.check, full=True)
        done, _ = wait([checking], 10)
        if not done:  # a writer that comes and goes lets it end
            for spare in (vault.folder / "d").rglob("dirid.c9r"):
                os.close(os.open(spare, os.O_RDWR))
    assert done
    assert vault.read("papers/letter.txt") == b"Dear all"


def test_unfinished_documents_never_lie_behind_a_link_out_of_the_vault(
    vault: Vault, document: Callable[..., Path], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (vault.folder / workspace.PLACE).symlink_to(outside)
    (refusal,) = vault.add([document()]).refused
    assert refusal.problem.code == "vault-name-of-ours"
    with pytest.raises(Problem, match="vault-name-of-ours"):
        vault.make_folder("papers")
    assert list(outside.iterdir()) == []
    (vault.folder / workspace.PLACE).unlink()
    assert vault.add([document()]).refused == ()


def test_a_file_with_the_name_of_guardians_workspace_is_named_and_left_alone(
    vault: Vault, document: Callable[..., Path], tmp_path: Path
) -> None:
    (vault.folder / workspace.PLACE).write_bytes(b"somebody's")
    (tmp_path / "papers").mkdir()
    (refusal,) = vault.add([tmp_path / "papers"]).refused
    assert refusal.problem.code == "vault-name-of-ours"
    with pytest.raises(Problem, match="vault-name-of-ours"):
        vault.make_folder("papers")
    assert (vault.folder / workspace.PLACE).read_bytes() == b"somebody's"


def test_a_disk_that_stops_reading_is_told_with_the_name_of_the_document(
    vault: Vault, document: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add([document()])

    def refuse(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with vault.open_document("letter.txt") as opened:
        close = opened._reader._file.close
        monkeypatch.setattr(opened._reader, "_file", SimpleNamespace(seek=refuse, close=close))
        with pytest.raises(Problem) as caught:
            opened.read()
    assert (caught.value.code, caught.value.facts["name"]) == ("file-unreadable", "letter.txt")


def test_saving_into_a_folder_that_is_not_there_names_the_folder(
    vault: Vault, document: Callable[..., Path], tmp_path: Path
) -> None:
    vault.add([document()])
    with pytest.raises(Problem) as caught:
        vault.read_to("letter.txt", tmp_path / "no folder" / "letter.txt")
    assert (caught.value.code, caught.value.facts) == ("file-missing", {"name": "no folder"})


def test_nothing_is_begun_in_a_vault_that_was_locked_under_a_running_job(
    vault: Vault, document: Callable[..., Path]
) -> None:
    files = [document("a.txt", b"a"), document("b.txt", b"b")]

    def report(*_: object) -> None:
        vault.lock()

    refused = vault.add(files, report=report).refused
    assert [one.problem.code for one in refused] == ["vault-locked", "vault-locked"]
    assert temporary_in(vault.folder) == []
    assert not (vault.folder / workspace.PLACE).exists()


def test_a_vault_being_opened_leaves_the_work_that_another_just_begins(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, here = workspace.take_lock, threading.get_ident()
    opened_elsewhere = threading.Thread(target=workspace.sweep, args=(vault.folder,))

    def slow_lock(handle: int) -> bool:
        if threading.get_ident() == here:
            opened_elsewhere.start()
            opened_elsewhere.join(0.3)
        return lock(handle)

    monkeypatch.setattr(workspace, "take_lock", slow_lock)
    begun = vault._tree._workspace.new_path()
    opened_elsewhere.join()
    assert begun.parent.is_dir()
