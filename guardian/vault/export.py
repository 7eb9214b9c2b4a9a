"""Saving a document outside the vault: whole or not at all, and never over another by accident."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder
from guardian.vault.cryptomator.disk import move_new
from guardian.vault.model import shown

OPEN_FILES = "/proc/self/fd"


def save(pieces: Iterable[bytes], target: Path, *, overwrite: bool) -> None:
    """Write ``pieces`` as ``target``, readable by the person alone.

    Raises ``Problem("vault-target-exists")`` unless ``overwrite``, and for a device or a pipe
    ``Problem("vault-target-not-file")`` always; any exception leaves ``target`` as it was.
    Where the system can, the unfinished file has no name, so that not even a crash leaves part
    of a document lying about.
    """
    with mendable_file_errors(Path(shown(str(target)))):
        if target.is_dir():
            raise IsADirectoryError(target.name)
        if target.exists() and not target.is_file():
            raise Problem("vault-target-not-file", name=shown(target.name))
        if not overwrite and os.path.lexists(target):
            raise Problem("vault-target-exists", name=shown(target.name))
        try:
            with open_unnamed(target.parent) or open_named(target.parent) as file:
                write_out(file, pieces, target, overwrite)
        except FileExistsError:
            raise Problem("vault-target-exists", name=shown(target.name)) from None
        sync_folder(target.parent)


def open_unnamed(folder: Path) -> BinaryIO | None:
    """A new file in ``folder`` that vanishes unless it is given a name; None where not possible."""
    if not hasattr(os, "O_TMPFILE") or not Path(OPEN_FILES).is_dir():
        return None
    try:
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b")
    except OSError:
        return None


def open_named(folder: Path) -> BinaryIO:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    path = new_path(folder)
    return open(path, "w+b", opener=lambda name, _: os.open(name, flags, 0o600))


def new_path(folder: Path) -> Path:
    return folder / f".guardian-{secrets.token_hex(4)}.tmp"


def write_out(file: BinaryIO, pieces: Iterable[bytes], target: Path, overwrite: bool) -> None:
    """Fill ``file``, sync it, and give it the name ``target``. Raises ``FileExistsError``."""
    path = Path(file.name) if isinstance(file.name, str) else None
    try:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        if path is None:
            path = new_path(target.parent)
            give_name(file, path)
        if overwrite:
            path.replace(target)
        else:
            move_new(path, target)
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def give_name(file: BinaryIO, path: Path) -> None:
    """Let an unnamed file appear as ``path``, by a link or, where that is refused, by a copy."""
    # a folder handle makes Python ask for a link to the file instead of to /proc's entry
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.link(f"{OPEN_FILES}/{file.fileno()}", path, src_dir_fd=folder, follow_symlinks=True)
    except FileExistsError:
        raise
    except OSError:
        file.seek(0)
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
    finally:
        os.close(folder)
