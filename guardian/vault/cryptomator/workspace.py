"""Where unfinished writes live: one folder per open vault, removed when its writer is gone.

It lies in the vault's own folder, so that finishing a write is a rename. Other programs for the
format pass over it. A writer that was killed leaves its folder behind; the next unlock sweeps it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

from guardian.vault.cryptomator.moving import settle

if sys.platform != "win32":  # there, only age tells
    import fcntl

PLACE = ".guardian-tmp"
LOCK = "lock"
OLD_SECONDS = 3600


def machine_tag() -> str:
    """Eight characters that tell this computer's leftovers from those a sync brought here."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


class Workspace:
    """The temporary folder of one open vault; made on the first write, locked while in use."""

    def __init__(self, root: Path) -> None:
        self._place = root / PLACE
        self._folder: Path | None = None
        self._lock: int | None = None

    def new_path(self) -> Path:
        """A fresh path for a file or folder. Raises ``OSError``."""
        if self._folder is None:
            self._place.mkdir(mode=0o700, exist_ok=True)
            folder = self._place / f"{machine_tag()}-{secrets.token_hex(8)}"
            folder.mkdir(mode=0o700)
            self._folder = folder
            self._lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            take_lock(self._lock)
        return self._folder / secrets.token_hex(8)

    def close(self) -> None:
        """Remove everything that was not finished."""
        if self._folder is not None:
            with suppress(OSError):  # a move that cannot be ended now, the next unlock ends
                settle(self._place.parent, self._folder)
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        with suppress(OSError):
            self._place.rmdir()


def sweep(root: Path, now: float | None = None) -> None:
    """Remove what dead writers left: this computer's at once, others' after an hour untouched.

    Never fails: a vault on a medium that cannot be written is still worth opening.
    """
    place = root / PLACE
    if place.is_symlink() or not place.is_dir():
        return
    with suppress(OSError):
        for folder in list(place.iterdir()):
            ours = folder.name.startswith(machine_tag()) and sys.platform != "win32"
            old = (time.time() if now is None else now) - last_touched(folder) > OLD_SECONDS
            if (ours or old) and not is_in_use(folder):
                settle(root, folder)
                shutil.rmtree(folder, ignore_errors=True)
        place.rmdir()


def last_touched(folder: Path) -> float:
    """The newest modification time in ``folder``, in seconds since 1970."""
    try:
        times = [entry.lstat().st_mtime for entry in (folder, *folder.iterdir())]
    except OSError:
        return time.time()
    return max(times)


def is_in_use(folder: Path) -> bool:
    """Whether a living writer on this computer holds the folder's lock."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        return not take_lock(handle)
    finally:
        os.close(handle)


def take_lock(handle: int) -> bool:
    """Lock the open file for as long as it stays open. False where another holds it."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
