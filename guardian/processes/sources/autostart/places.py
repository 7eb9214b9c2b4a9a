"""Reading the places things start from: within bounds, and honest about what is closed.

Pipes and devices are never opened, big files are read in part, and whatever this user may not
read is remembered in ``unread``. All paths are those of the system looked at, which may lie below
another root. Plain functions of ``os``: thousands of paths are asked for, and a ``Path`` costs
more than the question itself.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LARGEST = 1 << 20
"""Bytes of one file that are read."""

MOST_NAMES = 10_000
"""Names of one folder that are looked at."""

LONGEST_LOOK = 2.0
"""Seconds of work (not of waiting) after which lines are no longer looked at closely. A whole
system takes 0.05; only files made to take long come near."""

MOST_LINKS = 40
"""Links followed for one path; Linux itself stops there."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a home folder. ``name`` is the log-in name."""

    name: str
    home: str
    uid: int


class Places:
    """The files of one system as one look sees them; ``check`` may raise ``Cancelled``."""

    def __init__(
        self,
        people: tuple[Person, ...],
        check: Callable[[], None] = lambda: None,
        root: str = "/",
    ) -> None:
        self.people = people
        self.check = check
        self.unread: dict[str, None] = {}
        self._root = root.rstrip("/")
        self.here = not self._root
        self._end = time.thread_time() + LONGEST_LOOK
        self._listed: dict[str, tuple[str, ...]] = {}
        self._sets: dict[str, frozenset[str]] = {}

    def in_time(self, path: str) -> bool:
        """Whether the look may still take its time; if not, ``path`` counts as unread."""
        if time.thread_time() < self._end:
            return True
        self.unread[path] = None
        return False

    def at(self, path: str) -> str:
        """Where ``path`` really lies, with the links on its way."""
        return self._root + self.real(path) if self._root else path

    def real(self, path: str) -> str:
        """``path`` without links. A link to an absolute path stays below the root."""
        if not self._root:
            return os.path.realpath(path)
        done, rest, links = "/", path, 0
        while rest := rest.lstrip("/"):
            name, _, rest = rest.partition("/")
            done = os.path.normpath(f"{done.rstrip('/')}/{name}")
            try:
                aim = os.readlink(self._root + done)  # noqa: PTH115
            except OSError:
                continue
            links += 1
            if links > MOST_LINKS:
                return path
            done, rest = (
                ("/" if aim.startswith("/") else (done.rpartition("/")[0] or "/")),
                f"{aim}/{rest}",
            )
        return done

    def state(self, path: str) -> os.stat_result | None:
        """The record of a file or folder; None where there is none, or it may not be asked."""
        try:
            return os.stat(self.at(path))  # noqa: PTH116
        except (OSError, ValueError):
            return None

    def exists(self, path: str) -> bool | None:
        """None: may not be asked."""
        try:
            os.stat(self.at(path))  # noqa: PTH116
        except PermissionError:
            return None
        except (OSError, ValueError):
            return False
        return True

    def link(self, path: str) -> str | None:
        """What a link points to, as written; None for anything else."""
        try:
            return os.readlink(self._root + path)  # noqa: PTH115
        except (OSError, ValueError):
            return None

    def names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder, sorted; none where it does not exist."""
        if folder not in self._listed:
            self._listed[folder] = self._list(folder)
        return self._listed[folder]

    def has(self, folder: str, name: str) -> bool:
        """Whether a folder holds a name; cheap to ask often."""
        if folder not in self._sets:
            self._sets[folder] = frozenset(self.names(folder))
        return name in self._sets[folder]

    def _list(self, folder: str) -> tuple[str, ...]:
        self.check()
        try:
            names = os.listdir(self.at(folder))  # noqa: PTH208
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except (OSError, ValueError):
            self.unread[folder] = None
            return ()
        if len(names) > MOST_NAMES:
            self.unread[folder] = None
        return tuple(sorted(names)[:MOST_NAMES])

    def files(self, folder: str, *endings: str) -> Iterator[str]:
        """The paths in a folder whose name ends so; all of them without endings."""
        for name in self.names(folder):
            if not endings or name.endswith(endings):
                yield f"{folder}/{name}"

    def read(self, path: str) -> str | None:
        """The text of an ordinary file; None for anything else, and what may not be read."""
        self.check()
        try:
            # without O_NONBLOCK a pipe in the way would stop the whole look
            handle = os.open(self.at(path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError:
            self.unread[path] = None
            return None
        except (OSError, ValueError):
            return None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            raw = os.read(handle, LARGEST + 1)
        except OSError:
            self.unread[path] = None
            return None
        finally:
            os.close(handle)
        if len(raw) > LARGEST:
            self.unread[path] = None
        return raw[:LARGEST].decode("utf-8", "replace").replace("\0", "")

    def lines(self, path: str) -> Iterator[tuple[int, str]]:
        """The lines of a file with their numbers, without those that are empty or a remark."""
        text = self.read(path)
        for number, line in enumerate((text or "").split("\n"), 1):
            plain = line.strip()
            if plain and not plain.startswith("#"):
                yield number, plain
