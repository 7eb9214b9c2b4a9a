"""The folder of a demonstration: made for it, wiped after it, and never mistaken for another."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from guardian.core import meeting
from guardian.core.errors import Problem
from guardian.core.meeting import show_way
from guardian.core.paths import Paths, find_paths

if sys.platform != "win32":  # there, only age tells
    import fcntl

PREFIX = "guardian-demo-"
MARKER = ".guardian-demo"
OLD_SECONDS = 86_400


class Place:
    """``folder`` is the demonstration's alone; ``home`` the made-up person's in it.

    Whoever holds the lock on the marker is alive. ``meeting`` is where real windows look for a
    demonstration: settled before the wall, behind which everything seems to lie in ``folder``.
    """

    def __init__(self, folder: Path, lock: int, meeting: Path | None = None) -> None:
        self.folder, self._lock, self.meeting = folder, lock, meeting or folder.parent
        self._way = show_way(folder, self.meeting)

    @property
    def home(self) -> Path:
        return self.folder / "home" / "ana"

    @property
    def paths(self) -> Paths:
        return find_paths({"GUARDIAN_HOME": str(self.folder / "guardian")})

    def empty(self) -> None:
        """Delete all in it but the marker, from inside the wall, which holds the folder itself."""
        for found in self.folder.iterdir():
            if found.name != MARKER:
                remove(found)

    def wipe(self) -> bool:
        """Delete the folder and all in it; whether it is gone. Doing it twice is fine."""
        gone = remove(self.folder)
        if self._way is not None:
            with suppress(OSError):
                self._way.unlink(missing_ok=True)
        with suppress(OSError):
            os.close(self._lock)
        self._lock = -1
        return gone


def make_place() -> Place:
    """A new folder for this person alone. Raises ``Problem("demo-no-place")``."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        # locked before it has its name: nobody can take it for a leftover in between
        unready = folder / f"{MARKER}.new"
        lock = os.open(unready, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        take_lock(lock)
        if sys.platform == "win32":  # an open file cannot be renamed there, nor deleted
            os.close(lock)
        unready.rename(folder / MARKER)
        place = Place(folder, lock, meeting.meeting_place())
        place.home.mkdir(parents=True, mode=0o700)
        (folder / "temporary").mkdir(mode=0o700)
    except OSError as error:
        raise Problem("demo-no-place", reason=error.strerror or "unknown") from error
    return place


def sweep() -> int:
    """Wipe what demonstrations that were killed left behind; how many were."""
    swept = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            swept += is_leftover(folder) and remove(folder)
    meeting.sweep_ways(meeting.meeting_place())
    return swept


def is_leftover(folder: Path) -> bool:
    """Whether ``folder`` is a demonstration's, this person's, and nobody uses it any more."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or not is_mine(found):
        return False
    marker = (folder / MARKER).lstat()
    if not stat.S_ISREG(marker.st_mode) or not is_mine(marker):
        return False
    if sys.platform == "win32":
        return time.time() - marker.st_mtime > OLD_SECONDS
    lock = os.open(folder / MARKER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return take_lock(lock)
    finally:
        os.close(lock)


def is_mine(found: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or found.st_uid == os.getuid()


def take_lock(handle: int) -> bool:
    """Hold an open file until it is closed. False where somebody alive does."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def remove(folder: Path) -> bool:
    """Delete ``folder`` with everything in it, also what was made read-only; whether it is gone."""

    def again(function: Callable[..., object], path: str, _error: object) -> None:
        with suppress(OSError):
            os.chmod(os.path.dirname(path), 0o700)  # noqa: PTH101, PTH120
            os.chmod(path, 0o700)  # noqa: PTH101
            function(path)

    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, onerror=again)
    else:
        with suppress(OSError):
            folder.unlink()
    return not os.path.lexists(folder)
