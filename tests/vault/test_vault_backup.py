"""The copy of a vault elsewhere: what is copied, what is kept, and what is refused."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guardian.core.errors import Cancelled, Problem
from guardian.vault.backup import backing as backup
from guardian.vault.backup import mirror, snapshot
from guardian.vault.cryptomator import workspace
from guardian.vault.cryptomator.masterkey import wrap_masterkey
from guardian.vault.model import BackedUp, Kind
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
LONG = "n" * 200
Document = Callable[..., Path]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "stick" / "copy"


@pytest.fixture(autouse=True)
def stick(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """Half past nine, and a minute later every time it is asked."""
    now = datetime.fromisoformat("2026-11-21T09:30:00+00:00")

    def tick() -> datetime:
        nonlocal now
        now += timedelta(minutes=1)
        return now

    return tick


@pytest.fixture
def service(store: Any, clock: Callable[[], datetime]) -> VaultService:
    return VaultService(store, clock)


@pytest.fixture
def filled(vault: Vault, document: Document) -> Vault:
    """Documents with short and long names in folders with short and long names."""
    vault.add([document("a.txt", b"a"), document(LONG, b"long")])
    vault.add([document("b.txt", b"b" * 100_000)], "papers/" + "f" * 200)
    return vault


def documents(service: VaultService, folder: Path) -> dict[str, bytes]:
    """What a person finds in the vault at ``folder``; nothing in it is unreadable."""
    found: dict[str, bytes] = {}
    with service.open(folder, PASSPHRASE) as opened:
        waiting = [""]
        while waiting:
            listing = opened.list(waiting.pop())
            assert listing.not_read == ()
            for entry in listing.entries:
                if entry.kind is Kind.FOLDER:
                    waiting.append(entry.path)
                else:
                    found[entry.path] = opened.read(entry.path)
    return found


def encrypted(folder: Path) -> dict[str, str]:
    """Every encrypted file by its place in the vault: its checksum."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.relative_to(folder).parts[0] in ("d", "vault.cryptomator")
        or path.name.startswith("masterkey")
        if mirror.OLDER not in path.relative_to(folder).parts
    }


def aside(done: BackedUp) -> dict[str, bytes]:
    assert done.aside is not None
    return {
        path.relative_to(done.aside).as_posix(): path.read_bytes()
        for path in done.aside.rglob("*")
        if path.is_file()
    }


def code_of(work: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Problem) as caught:
        work(*arguments, **named)
    return caught.value.code


def test_a_backup_is_itself_a_vault_with_the_same_documents(
    filled: Vault, service: VaultService, place: Path
) -> None:
    done = service.back_up(filled.folder, place)
    assert (done.place, done.set_aside, done.refused) == (place, 0, ())
    assert encrypted(place) == encrypted(filled.folder)
    assert done.copied == len(encrypted(place)) + 1  # with the note on how to open it
    assert documents(service, place) == documents(service, filled.folder)


def test_dates_go_along(filled: Vault, service: VaultService, place: Path) -> None:
    service.back_up(filled.folder, place)
    for path in encrypted(place):
        ours, theirs = (filled.folder / path).stat(), (place / path).stat()
        assert ours.st_mtime_ns == theirs.st_mtime_ns


def test_only_what_changed_is_copied(
    filled: Vault, service: VaultService, place: Path, document: Document
) -> None:
    first = service.back_up(filled.folder, place)
    again = service.back_up(filled.folder)
    assert (again.copied, again.unchanged, again.bytes) == (0, first.copied, 0)
    assert not (place / mirror.OLDER).exists()
    before = encrypted(filled.folder)
    filled.add([document("new.txt", b"new")])
    third = service.back_up(filled.folder)
    after = encrypted(filled.folder)
    changed = {path for path in after if after[path] != before.get(path)}
    assert third.copied == len(changed)
    assert documents(service, place)["new.txt"] == b"new"


def test_a_file_of_the_same_size_and_time_but_written_anew_is_copied(
    vault: Vault, service: VaultService, place: Path, document: Document
) -> None:
    vault.add([document("a.txt", b"first")])
    (file,) = [
        path for path in (vault.folder / "d").glob("*/*/*.c9r") if path.stat().st_size == 101
    ]
    service.back_up(vault.folder, place)
    old, time = file.read_bytes(), file.stat().st_mtime_ns
    file.write_bytes(os.urandom(60) + old[60:])
    os.utime(file, ns=(time, time))
    done = service.back_up(vault.folder)
    assert aside(done)[file.relative_to(vault.folder).as_posix()] == old


def test_times_that_a_stick_rounds_do_not_copy_everything_again(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    for number, path in enumerate(encrypted(place)):
        time = (place / path).stat().st_mtime_ns
        rounded = time - time % (2 * 10**9) + 3600 * 10**9 * (number % 2)  # an hour off in summer
        os.utime(place / path, ns=(rounded, rounded))
    assert service.back_up(filled.folder).copied == 0


def test_what_the_vault_no_longer_has_is_kept_aside(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    node = filled._tree.find("papers")
    content = filled._tree.folder("papers").place
    gone = {
        path: (filled.folder / path).read_bytes()
        for path in encrypted(filled.folder)
        if (filled.folder / path).is_relative_to(node.place)
        or (filled.folder / path).is_relative_to(content)
    }
    shutil.rmtree(node.place)
    shutil.rmtree(content)
    done = service.back_up(filled.folder)
    assert done.aside is not None and done.aside.parent == place / mirror.OLDER
    assert aside(done) == gone
    assert done.set_aside == len(gone)
    assert set(documents(service, place)) == {"a.txt", LONG}
    note = (place / mirror.OLDER / mirror.OLDER_NOTE).read_text("utf-8")
    assert "delete whole folders in here" in note


def test_a_damaged_vault_does_not_cost_the_good_copy(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    file = filled._tree.find("papers/" + "f" * 200 + "/b.txt").file
    good = file.read_bytes()
    os.truncate(file, 40_000)
    done = service.back_up(filled.folder)
    kept = aside(done)
    assert kept[file.relative_to(filled.folder).as_posix()] == good
    shutil.copyfile(next(done.aside.rglob(file.name)), file)  # type: ignore[union-attr]
    assert documents(service, filled.folder)["papers/" + "f" * 200 + "/b.txt"] == b"b" * 100_000


def test_every_byte_is_compared_on_request(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    copy = place / filled._tree.find("papers/" + "f" * 200 + "/b.txt").file.relative_to(
        filled.folder
    )
    time = copy.stat().st_mtime_ns
    data = bytearray(copy.read_bytes())
    data[50_000] ^= 1
    copy.write_bytes(data)
    os.utime(copy, ns=(time, time))
    assert service.back_up(filled.folder).copied == 0
    assert service.back_up(filled.folder, full=True).copied == 1
    assert encrypted(place) == encrypted(filled.folder)


def test_a_new_passphrase_opens_the_next_backup_and_the_old_key_file_is_kept(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    file = filled.folder / "masterkey.cryptomator"
    old = file.read_bytes()
    file.write_bytes(wrap_masterkey(filled._tree.key, "another long passphrase"))
    done = service.back_up(filled.folder)
    assert aside(done) == {"masterkey.cryptomator": old}
    service.open(place, "another long passphrase").lock()
    assert code_of(service.open, place, PASSPHRASE) == "passphrase-wrong"


def test_what_is_no_part_of_the_vault_is_left_out(
    filled: Vault, service: VaultService, place: Path, tmp_path: Path
) -> None:
    (filled.folder / "my diary.txt").write_text("secret")
    (filled.folder / "masterkey.cryptomator.0A1B2C3D.bkup").write_bytes(b"{}")
    (filled.folder / "d" / "way out").symlink_to(tmp_path)
    (filled.folder / "d" / "AA").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(filled.folder / "d" / "pipe")
    service.back_up(filled.folder, place)
    assert encrypted(place) == {
        path: digest for path, digest in encrypted(filled.folder).items() if "bkup" not in path
    }
    assert not (place / "my diary.txt").exists()
    assert [path for path in place.rglob("*") if path.is_symlink()] == []


def test_links_planted_in_the_backup_are_not_written_through(
    filled: Vault, service: VaultService, place: Path, tmp_path: Path
) -> None:
    service.back_up(filled.folder, place)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.txt").write_text("mine")
    victim = next((place / "d").iterdir())
    victim.rename(tmp_path / "moved")
    victim.symlink_to(outside, target_is_directory=True)
    key = place / "masterkey.cryptomator"
    key.unlink()
    key.symlink_to(outside / "mine.txt")
    service.back_up(filled.folder)
    assert [path.name for path in outside.iterdir()] == ["mine.txt"]
    assert (outside / "mine.txt").read_text() == "mine"
    assert documents(service, place) == documents(service, filled.folder)


def test_a_whole_place_that_is_a_link_for_its_content_is_not_taken(
    filled: Vault, service: VaultService, place: Path, tmp_path: Path
) -> None:
    service.back_up(filled.folder, place)
    (place / "d").rename(tmp_path / "moved")
    (place / "d").symlink_to(tmp_path / "moved", target_is_directory=True)
    assert code_of(service.back_up, filled.folder) == "backup-place-taken"


def test_a_place_that_holds_other_things_is_refused(
    filled: Vault, service: VaultService, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    (tmp_path / "file").write_bytes(b"x")
    service.create(tmp_path / "other", PASSPHRASE).lock()
    before = encrypted(tmp_path / "other")
    for name, code in [
        ("photos", "backup-place-taken"),
        ("other", "backup-place-taken"),
        ("file", "backup-place-is-file"),
        ("no/where", "backup-parent-missing"),
        ("vault", "backup-place-overlaps"),
        ("vault/d/copy", "backup-place-overlaps"),
        (".", "backup-place-overlaps"),
    ]:
        assert code_of(service.back_up, filled.folder, tmp_path / name) == code, name
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]
    assert encrypted(tmp_path / "other") == before
    (tmp_path / "alias").symlink_to(filled.folder)
    code = code_of(service.back_up, filled.folder, tmp_path / "alias" / "x")
    assert code == "backup-place-overlaps"
    assert service.known()[0].last_backup is None


def test_a_copy_made_by_hand_is_taken_as_an_earlier_backup(
    filled: Vault, service: VaultService, place: Path, document: Document
) -> None:
    shutil.copytree(filled.folder, place)
    filled.add([document("new.txt", b"new")])
    assert service.back_up(filled.folder, place).refused == ()
    assert documents(service, place) == documents(service, filled.folder)


def test_an_empty_stick_with_the_systems_own_folders_will_do(
    filled: Vault, service: VaultService, place: Path
) -> None:
    (place / "System Volume Information").mkdir(parents=True)
    service.back_up(filled.folder, place)
    assert (place / "System Volume Information").is_dir()
    assert documents(service, place) == documents(service, filled.folder)


def test_the_last_place_is_used_without_a_name_and_remembered_with_its_time(
    filled: Vault, service: VaultService, place: Path
) -> None:
    assert code_of(service.back_up, filled.folder) == "backup-place-unknown"
    done = service.back_up(filled.folder, place)
    (info,) = service.known()
    assert (info.last_backup, info.backup_place) == (done.when, place)
    again = filled.back_up(place)
    assert service.known()[0].last_backup == again.when > done.when


def test_where_a_stick_was_no_folder_of_its_name_is_filled(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    shutil.rmtree(place)
    assert code_of(service.back_up, filled.folder) == "backup-place-missing"
    assert list(place.parent.iterdir()) == []


def test_too_little_room_is_told_before_anything_is_copied(
    filled: Vault, service: VaultService, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 2**20}))
    with pytest.raises(Problem) as caught:
        service.back_up(filled.folder, place)
    assert caught.value.code == "backup-space"
    assert caught.value.facts["needed"] > caught.value.facts["free"] > 1  # type: ignore[operator]
    assert [path.name for path in place.iterdir()] == [backup.MARK]


def test_two_backups_at_once_do_not_mix(filled: Vault, service: VaultService, place: Path) -> None:
    service.back_up(filled.folder, place)
    with (place / backup.MARK).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert code_of(service.back_up, filled.folder) == "backup-busy"
    assert service.back_up(filled.folder).copied == 0


def test_progress_counts_bytes_and_ends_at_the_total(
    filled: Vault, service: VaultService, place: Path
) -> None:
    seen: list[tuple[int, int]] = []

    def report(done: int, total: int, note: Any = None) -> None:
        if note is None or note.code == "vault.progress.backup-copying":
            seen.append((done, total))

    done = service.back_up(filled.folder, place, report)
    assert seen == sorted(seen)
    assert seen[-1] == (2 * done.bytes, 2 * done.bytes)


def test_a_stopped_backup_goes_on_where_it_was_and_never_looks_whole_before(
    filled: Vault, service: VaultService, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "BATCH_FILES", 2)
    stops, whole, copied = 0, 0, []
    for stop_at in range(1, 200):
        calls = 0

        def report(*_: object, stop_at: int = stop_at) -> None:
            nonlocal calls
            calls += 1
            if calls == stop_at:
                raise Cancelled

        try:
            service.back_up(filled.folder, place, report)
        except Cancelled:
            stops += 1
            assert not (place / workspace.PLACE).exists()
            if (place / "vault.cryptomator").exists():
                whole += 1
                assert documents(service, place) == documents(service, filled.folder)
            copied.append(len(encrypted(place)))
            if stop_at % 3 == 0:
                shutil.rmtree(place)
        else:
            break
    assert stops > 20
    assert len(set(copied)) > 5
    assert documents(service, place) == documents(service, filled.folder)


def test_a_file_that_vanishes_or_changes_meanwhile_is_tried_again(
    filled: Vault, service: VaultService, place: Path, document: Document
) -> None:
    gone = filled._tree.find("a.txt").file
    changed = filled._tree.find("papers/" + "f" * 200 + "/b.txt").file
    later = document("later.txt", b"later")
    happened = False

    def report(_done: int, total: int, note: Any = None) -> None:
        nonlocal happened
        if not happened and total and note and note.code == "vault.progress.backup-copying":
            happened = True
            gone.unlink()
            changed.write_bytes(changed.read_bytes()[:-28])
            filled.add([later])

    done = service.back_up(filled.folder, place, report)
    assert happened
    assert done.refused == ()
    assert encrypted(place) == encrypted(filled.folder)


def test_a_file_that_cannot_be_read_is_told_and_its_good_copy_stays(
    filled: Vault, service: VaultService, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.back_up(filled.folder, place)
    when = service.known()[0].last_backup
    bad = filled._tree.find("papers/" + "f" * 200 + "/b.txt").file
    good = bad.read_bytes()
    os.utime(bad)
    real = mirror.open_source

    def refuse(file: Path, path: str) -> Any:
        if file == bad:
            raise Problem("file-unreadable", name=path, reason=os.strerror(errno.EIO))
        return real(file, path)

    bad.write_bytes(good[:-1] + b"?")
    monkeypatch.setattr(mirror, "open_source", refuse)
    done = service.back_up(filled.folder)
    assert [one.source for one in done.refused] == [bad]
    assert (place / bad.relative_to(filled.folder)).read_bytes() == good
    assert service.known()[0].last_backup == when


def test_a_folder_that_cannot_be_looked_into_is_told_and_nothing_of_it_is_set_aside(
    filled: Vault, service: VaultService, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.back_up(filled.folder, place)
    before = encrypted(place)
    closed = filled._tree.folder("papers").place.parent
    real = snapshot.entries

    def refuse(folder: Path) -> Any:
        if folder == closed:
            raise OSError(errno.EIO, "Input/output error")
        return real(folder)

    monkeypatch.setattr(snapshot, "entries", refuse)
    done = service.back_up(filled.folder)
    assert [one.source for one in done.refused] == [closed]
    assert done.set_aside == 0
    assert encrypted(place) == before


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EROFS, "no-permission"),
        (errno.EACCES, "no-permission"),
        (errno.EIO, "backup-failed"),
        (errno.EFBIG, "backup-file-too-large"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "link", "replace", "mkdir", "utime"])
def test_what_the_disk_refuses_is_one_sentence_and_the_earlier_backup_still_opens(  # noqa: PLR0917
    filled: Vault,
    service: VaultService,
    place: Path,
    document: Document,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    error: int,
    code: str,
) -> None:
    service.back_up(filled.folder, place)
    old = documents(service, place)
    filled.add([document("new.txt", b"new")], "new folder")
    filled._tree.find("a.txt").file.write_bytes(filled._tree.find(LONG).file.read_bytes())
    ended = False

    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        try:
            service.back_up(filled.folder)
            ended = True
        except Problem as problem:
            assert problem.code == code
            assert problem.facts["name"] == "copy"
    assert ended == (call == "link")  # without second names, the old is moved aside instead
    assert not (place / workspace.PLACE).exists()
    now = documents_as_far_as_readable(service, place)
    assert {name: now[name] for name in old if name != "a.txt"} == {
        name: old[name] for name in old if name != "a.txt"
    }
    service.back_up(filled.folder)
    assert encrypted(place) == encrypted(filled.folder)


def documents_as_far_as_readable(service: VaultService, folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with service.open(folder, PASSPHRASE) as opened:
        waiting = [""]
        while waiting:
            for entry in opened.list(waiting.pop()).entries:
                if entry.kind is Kind.FOLDER:
                    waiting.append(entry.path)
                else:
                    try:
                        found[entry.path] = opened.read(entry.path)
                    except Problem as problem:
                        assert problem.code == "vault-document-damaged"
    return found


def test_a_stick_that_is_pulled_out_is_named_and_the_rest_follows_later(
    filled: Vault, service: VaultService, place: Path
) -> None:
    def pull(done: int, *_: object) -> None:
        if done and place.exists():
            place.parent.rename(place.parent.with_name("in a pocket"))

    with pytest.raises(Problem) as caught:
        service.back_up(filled.folder, place, pull)
    assert caught.value.code == "backup-place-gone"
    assert caught.value.facts == {"name": "copy"}
    place.parent.with_name("in a pocket").rename(place.parent)
    service.back_up(filled.folder, place)
    assert encrypted(place) == encrypted(filled.folder)


def test_a_vault_that_is_taken_out_meanwhile_is_missing_and_not_full_of_bad_files(
    filled: Vault, service: VaultService, place: Path
) -> None:
    def take_out(_done: int, total: int, _note: Any = None) -> None:
        if total and filled.folder.exists():
            filled.folder.rename(filled.folder.with_name("elsewhere"))

    assert code_of(service.back_up, filled.folder, place, take_out) == "vault-missing"
    assert not (place / "vault.cryptomator").exists()


def test_a_copy_that_reads_back_differently_never_takes_its_place(
    filled: Vault, service: VaultService, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rot(files: Any) -> None:
        file = next(iter(files))
        raw = file.read_bytes()
        file.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])

    monkeypatch.setattr(mirror, "sync_files", rot)
    assert code_of(service.back_up, filled.folder, place) == "backup-differs"
    assert encrypted(place) == {}
    assert not (place / workspace.PLACE).exists()


def test_what_is_no_vault_is_not_backed_up(service: VaultService, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name, code in [("photos", "vault-not-one"), ("nowhere", "vault-missing")]:
        assert code_of(service.back_up, tmp_path / name, tmp_path / "copy") == code
    assert not (tmp_path / "copy").exists()


def test_a_damaged_key_file_never_reaches_the_backup(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    (filled.folder / "masterkey.cryptomator").write_bytes(b"{}")
    assert code_of(service.back_up, filled.folder) == "vault-key-file-damaged"
    service.open(place, PASSPHRASE).lock()


def test_the_backup_needs_no_second_copy_of_everything_for_what_it_keeps(
    filled: Vault, service: VaultService, place: Path
) -> None:
    service.back_up(filled.folder, place)
    big = filled._tree.find("papers/" + "f" * 200 + "/b.txt").file
    inode = (place / big.relative_to(filled.folder)).stat().st_ino
    big.unlink()
    done = service.back_up(filled.folder)
    assert done.aside is not None
    assert (done.aside / big.relative_to(filled.folder)).stat().st_ino == inode


def test_another_program_for_the_format_reads_the_backup(
    filled: Vault, service: VaultService, place: Path, peer: Callable[..., Any]
) -> None:
    service.back_up(filled.folder, place)
    found = peer("read", place, PASSPHRASE)
    wanted = {
        name: hashlib.sha256(data).hexdigest() for name, data in documents(service, place).items()
    }
    theirs = {name: digest for name, digest in found["files"].items() if name[0] != "."}
    assert theirs == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="links to folders need rights there")
def test_a_place_reached_through_a_link_is_the_place_behind_it(
    filled: Vault, service: VaultService, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    service.back_up(filled.folder, tmp_path / "link")
    assert encrypted(tmp_path / "real") == encrypted(filled.folder)


@pytest.mark.parametrize("name", ["older", workspace.PLACE])
def test_nothing_is_written_behind_a_link_in_the_backup(
    filled: Vault, place: Path, tmp_path: Path, name: str
) -> None:
    filled.back_up(place)
    filled.discard(["a.txt"])
    outside = tmp_path / "outside"
    outside.mkdir()
    if (place / name).exists():
        shutil.rmtree(place / name)
    (place / name).symlink_to(outside)
    with pytest.raises(Problem) as caught:
        filled.back_up(place)
    assert caught.value.code == "vault-name-of-ours"
    assert caught.value.facts == {"name": name, "place": place.name}
    assert list(outside.iterdir()) == []
    (place / name).unlink()
    assert filled.back_up(place).copied > 0
