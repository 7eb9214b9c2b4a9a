"""A second copy of a vault's encrypted files elsewhere: where it may lie, and how it is made."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder
from guardian.core.jobs import Report
from guardian.vault.backup.mirror import OLDER, Copier, Plan, prepare
from guardian.vault.cryptomator import root
from guardian.vault.cryptomator.config import CONFIG_FILE, parse_config
from guardian.vault.cryptomator.disk import is_file, read_bounded
from guardian.vault.cryptomator.tree import CONTENT
from guardian.vault.cryptomator.workspace import Workspace, sweep
from guardian.vault.model import BackedUp, Refusal, shown

# says whose backup a folder is, and is locked while one is made
MARK = ".guardian-backup"
MAX_MARK_BYTES = 200
# what a small file takes on the disk, and what is kept free beside the copies
BLOCK_BYTES, SPARE_BYTES, SPARE_SHARE = 4096, 2**20, 100


def back_up(
    vault: Path, place: Path, now: datetime, report: Report, *, full: bool = False
) -> BackedUp:
    """Make ``place`` (empty, not there yet, or an earlier backup) hold what ``vault`` holds.

    The backup is itself a vault and opens with the same passphrase. Nothing in it is deleted:
    what the vault no longer holds, or holds anew, goes to ``older/<time>``. Stopping, a crash or
    a full disk leaves each file old or new. ``full`` compares every byte of what is there.
    Raises ``Problem``; single files that cannot be read are told in ``refused``.
    """
    key_file, mark = identify(vault)
    refuse_overlap(vault, place)
    with claimed(place, vault, mark), working(place) as workspace:
        aside = new_aside(place, now)
        copier = Copier(vault, place, aside, workspace, report)
        plan, refused = prepare(vault, place, key_file, report, full=full)
        check_space(place, plan)
        total = copier.run(plan)
        if copier.refused:
            root.inspect(vault)  # a disk that was taken out is no vault full of unreadable files
            # another program was at work in the vault: what it did is there by now
            copier.refused.clear()
            again, refused = prepare(vault, place, key_file, report, full=False)
            total = copier.run(again)
        report(total, total)
    told = {**refused, **copier.refused}
    return BackedUp(
        place=place,
        when=now,
        copied=copier.copied,
        unchanged=plan.unchanged,
        set_aside=copier.set_aside,
        bytes=copier.bytes,
        refused=tuple(Refusal(vault / path, problem) for path, problem in sorted(told.items())),
        aside=aside if copier.set_aside else None,
    )


def identify(folder: Path) -> tuple[str, str]:
    """The name of a vault's key file, and what tells this vault from others. Raises ``Problem``."""
    root.inspect(folder)
    data = root.read_metadata(folder, CONFIG_FILE)
    config = parse_config(data)
    return config.key_file, config.id or hashlib.sha256(data).hexdigest()


def refuse_overlap(vault: Path, place: Path) -> None:
    """A backup inside the vault, or the other way round, would copy itself."""
    inside, outside = Path(os.path.realpath(vault)), Path(os.path.realpath(place))
    if inside.is_relative_to(outside) or outside.is_relative_to(inside):
        raise Problem("backup-place-overlaps", name=shown(place.name))


@contextmanager
def claimed(place: Path, vault: Path, mark: str) -> Iterator[None]:
    """Make ``place`` ours, or find that it is, and keep others out. Raises ``Problem``."""
    with mendable_file_errors(Path(shown(place.name))):
        if not place.parent.is_dir():
            raise Problem("backup-parent-missing", name=shown(place.parent.name))
        if not os.path.lexists(place):
            place.mkdir(mode=0o700)
        if not place.is_dir():
            raise Problem("backup-place-is-file", name=shown(place.name))
        if not is_free(place) and not is_backup_of(place, vault, mark):
            raise Problem("backup-place-taken", name=shown(place.name))
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(place / MARK, flags, 0o600)
    try:
        refuse_busy(handle, place)
        with writing(place):
            if os.fstat(handle).st_size == 0:
                os.write(handle, mark.encode("utf-8"))
                os.fsync(handle)
                sync_folder(place)
                sync_folder(place.parent)
        yield
    finally:
        os.close(handle)


def refuse_busy(handle: int, place: Path) -> None:
    """Lock the open file for as long as it is open. Disks that know no locks go without."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Problem("backup-busy", name=shown(place.name)) from None
    except OSError:
        return


def is_free(place: Path) -> bool:
    """Whether nothing is in ``place`` but what systems put there, or the start of a backup."""
    held = {entry.name for entry in place.iterdir() if not root.is_furniture(entry.name)}
    return not held or (held == {MARK} and (place / MARK).lstat().st_size == 0)


def is_backup_of(place: Path, vault: Path, mark: str) -> bool:
    """Whether ``place`` is an earlier backup of ``vault``, also one somebody copied by hand."""
    if os.path.lexists(place / CONTENT) and (place / CONTENT).is_symlink():
        return False
    try:
        return read_bounded(place / MARK, MAX_MARK_BYTES).decode("utf-8") == mark
    except FileNotFoundError:
        pass
    except (ValueError, OSError):
        return False
    try:
        key_file, other = identify(place)
        same_key = root.read_metadata(place, key_file) == root.read_metadata(vault, key_file)
    except Problem:
        return False
    return other == mark or same_key


def new_aside(place: Path, now: datetime) -> Path:
    """Where this backup puts what it replaces; made when something is. Raises ``Problem`` where
    that would lie outside ``place``, behind a link."""
    if os.path.lexists(place / OLDER) and ((place / OLDER).is_symlink() or is_file(place / OLDER)):
        raise Problem("vault-name-of-ours", name=OLDER, place=shown(place.name))
    name = now.astimezone().strftime("%Y-%m-%d %H.%M.%S")
    aside, number = place / OLDER / name, 1
    while os.path.lexists(aside):
        number += 1
        aside = place / OLDER / f"{name} ({number})"
    return aside


@contextmanager
def working(place: Path) -> Iterator[Workspace]:
    """Where unfinished copies lie; what an interrupted backup left there is removed first."""
    sweep(place)
    workspace = Workspace(place)
    try:
        with writing(place):
            yield workspace
    finally:
        workspace.close()


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn what the system refuses at ``place`` into one clear problem."""
    name = shown(place.name)
    try:
        yield
    except OSError as error:
        if not os.path.lexists(place / MARK):
            raise Problem("backup-place-gone", name=name) from error
        if error.errno == errno.EFBIG:
            raise Problem("backup-file-too-large", name=name) from error
        refused = isinstance(error, PermissionError)
        if refused or error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            with mendable_file_errors(Path(name)):
                raise
        raise Problem("backup-failed", name=name, reason=error.strerror or "unknown") from error


def check_space(place: Path, plan: Plan) -> None:
    """Raise ``Problem("backup-space")`` where the copies do not fit beside what is there."""
    files = sum(len(unit.files) for unit in plan.units) + len(plan.folders)
    needed = plan.bytes + files * BLOCK_BYTES
    needed += max(SPARE_BYTES, needed // SPARE_SHARE)
    with writing(place):
        free = shutil.disk_usage(place).free
    if plan.units and needed > free:
        raise Problem("backup-space", needed=needed / 1e6, free=free / 1e6)
