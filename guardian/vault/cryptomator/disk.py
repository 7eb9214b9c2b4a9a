"""Careful steps on the disk: bounded reads, synced writes, and moves that never replace."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

SYNC_THREADS = 8


def read_bounded(path: Path, limit: int) -> bytes:
    """The whole of a small regular file. Raises ``ValueError`` above ``limit`` bytes, ``OSError``.

    Links and devices are refused: a vault may come from somebody else.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError("not a regular file")
    with os.fdopen(open_regular(path), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError("too large")
    return data


def open_regular(path: Path) -> int:
    """A handle for reading a regular file. Raises ``OSError``, also for a link, pipe or device:
    a vault may come from somebody else, and opening a pipe would wait for its writer for ever.
    """
    wanted = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
    handle = os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in wanted))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a plain file", path.name)
    return handle


def is_file(path: Path) -> bool:
    """Whether ``path`` is a regular file itself, not through a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def write_synced(path: Path, data: bytes) -> None:
    """A new file, on the disk when this returns."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_files(paths: Iterable[Path]) -> None:
    """Get files onto the disk, eight at a time: the system then writes its journal once for many.

    Raises ``OSError``.
    """
    with ThreadPoolExecutor(SYNC_THREADS) as pool:
        for _ in pool.map(sync_file, paths):
            pass


def sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def forget_cached(file: BinaryIO) -> None:
    """Ask the system to drop its copy in memory, so that reading back reads the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def link_or_copy(source: Path, target: Path) -> None:
    """A second name for a file, or a synced copy where the disk knows no links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)
        with target.open("rb+") as file:
            os.fsync(file.fileno())


def move_new(source: Path, target: Path) -> None:
    """Rename without ever replacing. Raises ``FileExistsError``.

    A hard link refuses an existing name, which a rename does not; where the disk knows no links,
    looking first has to do.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        if os.path.lexists(target):
            raise FileExistsError(target.name) from None
        source.rename(target)
    else:
        source.unlink()


def rename_folder_new(source: Path, target: Path) -> None:
    """Rename a folder that holds something, never replacing. Raises ``FileExistsError``."""
    if os.path.lexists(target):
        raise FileExistsError(target.name)
    try:
        source.rename(target)
    except OSError as error:
        # another writer was faster: a folder with something in it is never replaced
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise FileExistsError(target.name) from error
        raise
