"""Where the Guardians of one computer account find each other, whatever their folders are.

They miss each other where the system gives no runtime folder and their temporary ones differ.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

DEMOS = "guardian-demo-*"
PROJECTING = "projecting.lock"


def meeting_place(environment: Mapping[str, str] = os.environ) -> Path:
    """This person's runtime folder, which nobody else can look into; where there is none, the one
    for temporary files. Others may write to that too, so look at who owns a file.
    """
    named = environment.get("XDG_RUNTIME_DIR", "")
    return Path(named) if is_private(named) else Path(tempfile.gettempdir())


def is_private(folder: str) -> bool:
    """Whether ``folder`` is a whole path to a folder that this person alone may use."""
    if not hasattr(os, "getuid") or not os.path.isabs(folder):  # noqa: PTH117 - "" is no path
        return False
    try:
        found = os.stat(folder)  # noqa: PTH116
    except (OSError, ValueError):
        return False
    own = found.st_uid == os.getuid() and not found.st_mode & 0o077
    return stat.S_ISDIR(found.st_mode) and own and os.access(folder, os.W_OK | os.X_OK)


def show_way(folder: Path, place: Path) -> Path | None:
    """Let a demonstration's ``folder`` be found from ``place`` too; the link to take away again.

    None where it lies there already, or cannot be found from there.
    """
    way = place / folder.name
    if way == folder or folder.parent == place.resolve():
        return None
    try:
        way.symlink_to(folder, target_is_directory=True)
    except OSError:
        return None
    return way


def sweep_ways(place: Path) -> None:
    """Take away links that lead nowhere any more."""
    for way in place.glob(DEMOS):
        if way.is_symlink():
            with suppress(OSError):
                if not way.exists():
                    way.unlink()


def is_projecting(place: Path) -> bool:
    """Whether a demonstration of this person is on a projector now. Only looks."""
    return any(is_alive(sign) for sign in mine(place, f"{DEMOS}/{PROJECTING}"))


def mine(place: Path, pattern: str) -> Iterator[Path]:
    """Ordinary files of this person; what somebody else puts there says nothing."""
    for file in place.glob(pattern):
        with suppress(OSError):
            found = file.lstat()
            own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
            if own and stat.S_ISREG(found.st_mode):
                yield file


def is_alive(sign: Path) -> bool:
    """Whether whoever hung out this lock file still runs: its first line names the process."""
    import psutil  # there is seldom a sign to look at

    try:
        number = int(sign.read_text("utf-8").split("\n", 1)[0])
        since = psutil.Process(number).create_time()
        # a second of doubt: a process that began later got the number of one that is gone
        return bool(since <= sign.stat().st_mtime + 1)
    except (OSError, ValueError, psutil.NoSuchProcess):
        return False
    except psutil.AccessDenied:
        return True
