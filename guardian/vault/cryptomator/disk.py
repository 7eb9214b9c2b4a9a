"""Careful steps on the disk: bounded reads, synced writes, and moves that never replace."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_bounded(path: Path, limit: int) -> bytes:
    """The whole of a small regular file. Raises ``ValueError`` above ``limit`` bytes, ``OSError``.

    Links and devices are refused: a vault may come from somebody else.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError("not a regular file")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError("too large")
    return data


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
