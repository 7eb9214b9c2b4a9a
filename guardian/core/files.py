"""Writing files so that a crash or a full disk leaves the old content or the new one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from guardian.core.errors import mendable_file_errors


def write_atomically(path: Path, data: bytes, *, private: bool = True) -> None:
    """Replace ``path`` by ``data``: temporary file, fsync, rename, fsync of the folder.

    ``private`` keeps the file and a folder made for it readable by the person alone.
    Raises :class:`Problem` and leaves no temporary file behind when the system refuses.
    """
    with mendable_file_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(temporary, flags, 0o600 if private else 0o666), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut, where the system knows such a thing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
