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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from guardian.core.errors import Problem
from guardian.vault.cryptomator.moving import settle
from guardian.vault.cryptomator.tree import CONTENT
from guardian.vault.model import shown

if sys.platform != "win32":  # there, only age tells
    import fcntl

PLACE = ".guardian-tmp"
LOCK = "lock"
OLD_SECONDS = 3600
# how long another Guardian may take to write its list, and how often to look
BUSY_SECONDS, POLL_SECONDS = 20.0, 0.01


def machine_tag() -> str:
    """Eight characters that tell this computer's leftovers from those a sync brought here."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


class Workspace:
    """The temporary folder of one open vault; made on the first write, locked while in use."""

    def __init__(self, root: Path) -> None:
        self._place = root / PLACE
        self._folder: Path | None = None
        self._lock: int | None = None
        self._closed = False

    def new_path(self) -> Path:
        """A fresh path for a file or folder. Raises ``OSError``, and ``Problem`` once closed."""
        if self._closed:  # a job that did not hear of it in time
            raise Problem("vault-locked")
        if self._folder is None:
            # until it is locked, a vault being opened elsewhere would take it for a leftover
            with alone(self._place.parent, CONTENT):
                make_place(self._place)
                folder = self._place / f"{machine_tag()}-{secrets.token_hex(8)}"
                folder.mkdir(mode=0o700)
                self._folder = folder
                self._lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
                take_lock(self._lock)
        return self._folder / secrets.token_hex(8)

    def close(self) -> None:
        """Remove everything that was not finished, and begin nothing more."""
        self._closed = True
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


def make_place(place: Path) -> None:
    """The folder ``place``. Raises ``Problem`` where something else has its name: through a link,
    what is unfinished would lie outside the vault. ``OSError``."""
    with suppress(FileExistsError):
        place.mkdir(mode=0o700)
    if place.is_symlink() or not place.is_dir():
        raise Problem("vault-name-of-ours", name=place.name, place=shown(place.parent.name))


def sweep(root: Path, now: float | None = None) -> None:
    """Remove what dead writers left: this computer's at once, others' after an hour untouched.

    Never fails: a vault on a medium that cannot be written is still worth opening.
    """
    place = root / PLACE
    if place.is_symlink() or not place.is_dir():
        return
    with suppress(OSError, Problem), alone(root, CONTENT):
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


@contextmanager
def alone(root: Path, part: str = "") -> Iterator[None]:
    """Keep other Guardians on this computer out of the vault in ``root`` meanwhile.

    Whoever writes lists or notes holds the whole: each reads what is there, and writes it anew
    with its own changes. ``part`` names a folder in it to be held instead, so that one may hold
    both. Raises ``Problem("vault-busy")`` where another takes long. Disks that know no locks, and
    vaults that lack the part, go without.
    """
    if sys.platform == "win32" or not (root / part).is_dir():  # folders cannot be opened there
        yield
        return
    handle = os.open(root / part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        end = time.monotonic() + BUSY_SECONDS
        while is_held(handle):
            if time.monotonic() > end:
                raise Problem("vault-busy", name=shown(root.name))
            time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(handle)


def is_held(handle: int) -> bool:
    """Whether another has the lock of this open folder; otherwise it is ours from now on."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def take_lock(handle: int) -> bool:
    """Lock the open file for as long as it stays open. False where another holds it."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
