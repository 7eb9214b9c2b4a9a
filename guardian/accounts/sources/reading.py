"""What reading one profile gives, and the small things every family of browsers needs."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guardian.accounts.model import Entry, NotRead, Source, SourceKind
from guardian.core.errors import Problem

MOST_LETTERS = 60  # of a profile's name


@dataclass(frozen=True)
class Reading:
    """The entries of one source; ``read`` is whether any of its files could be read.

    ``addresses`` are the person's own mail addresses, ``shared`` groups of domains with one login.
    """

    entries: tuple[Entry, ...]
    problems: tuple[NotRead, ...]
    read: bool
    addresses: tuple[str, ...] = ()
    shared: tuple[tuple[str, ...], ...] = ()


def not_read(source: Source, problem: Problem, *, listing: bool = False) -> NotRead:
    """Name a problem with ``source``, or (``listing``) with the place that lists its profiles."""
    if problem.code == "no-permission":  # «choose another place» would be no help here
        problem = Problem("browser-no-permission", name=problem.facts["name"])
    facts = {key: fact for key, fact in problem.facts.items() if isinstance(fact, str | int)}
    return NotRead(source, problem.code, facts, listing)


def existing(home: Path, roots: Iterable[tuple[str, str | Path]]) -> Iterator[tuple[str, Path]]:
    """The (browser, folder) pairs that are there; a folder that refuses counts as there."""
    for browser, root in roots:
        folder = home / root
        try:
            there = stat.S_ISDIR(folder.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:  # not left to is_dir, which is silent in newer Pythons
            there = error.errno != errno.ELOOP
        if there:
            yield browser, folder


def subfolders(folder: Path) -> list[Path]:
    """The folders in ``folder``, by name. Raises ``Problem`` when it cannot be listed."""
    try:
        return sorted(child for child in folder.iterdir() if is_folder(child))
    except OSError as error:
        raise Problem("browser-no-permission", name=folder.name) from error


def is_folder(path: Path) -> bool:
    """Raises ``PermissionError`` where the folder around ``path`` does not let us look."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except PermissionError:
        path.lstat()  # refused too, unless ``path`` is a link that leads to a closed place
        return False
    except OSError:
        return False


def is_there(path: Path) -> bool:
    """Whether something of that name exists, be it unreadable or a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG
    return True


def shorten(name: str) -> str:
    """A profile's name as it can be shown in a list."""
    name = " ".join(name.split())
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"


def make_key(kind: SourceKind, home: Path, folder: Path) -> str:
    """A name for a profile that stays the same between runs."""
    place = folder.relative_to(home) if folder.is_relative_to(home) else folder
    return f"{kind.value}:{place.as_posix()}"
