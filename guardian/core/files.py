"""Writing files so that a crash or a full disk leaves the old content or the new one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors

LOCK_POLL = 0.05


def is_there(path: Path) -> bool:
    """Whether ``path`` exists. Raises ``Problem`` where the system does not let us look, which
    ``Path.exists`` answers with an error or with False, depending on Python's version."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise Problem("no-permission", name=path.name) from error
    return True


@contextmanager
def alone(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock file ``path``, so that only one process at a time is inside.

    Raises ``Problem("database-busy")`` after waiting ``seconds``; the system lets go of the
    lock when its holder dies. Where the system has no such locks, nothing is held.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with mendable_file_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > end:
                    raise Problem("database-busy", name=path.name) from None
                time.sleep(LOCK_POLL)
        yield
    finally:
        os.close(handle)


def write_atomically(path: Path, data: bytes, *, private: bool = True) -> None:
    """Replace ``path`` by ``data``: temporary file, fsync, rename, fsync of the folder.

    ``private`` keeps the file and a folder made for it readable by the person alone.
    Raises :class:`Problem` and leaves no temporary file behind when the system refuses.
    """
    with mendable_file_errors(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            raise Problem("file-not-ordinary", name=path.name)  # a device, a pipe
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
        temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
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
