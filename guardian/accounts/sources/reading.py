"""What reading one profile gives, and the small things every family of browsers needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from guardian.accounts.model import Entry, NotRead, Source, SourceKind
from guardian.core.errors import Problem


@dataclass(frozen=True)
class Reading:
    """The entries of one profile; ``read`` is whether any of its files could be read."""

    entries: tuple[Entry, ...]
    problems: tuple[NotRead, ...]
    read: bool


def not_read(source: Source, problem: Problem) -> NotRead:
    """Name a problem with ``source``."""
    facts = {key: fact for key, fact in problem.facts.items() if isinstance(fact, str | int)}
    return NotRead(source, problem.code, facts)


def existing(home: Path, roots: Iterable[tuple[str, str | Path]]) -> Iterator[tuple[str, Path]]:
    """The (browser, folder) pairs that are there; a folder that refuses counts as there."""
    for browser, root in roots:
        folder = home / root
        try:
            if folder.is_dir():
                yield browser, folder
        except OSError:
            yield browser, folder


def subfolders(folder: Path) -> list[Path]:
    """The folders in ``folder``, by name. Raises ``Problem`` when it cannot be listed."""
    try:
        return sorted(child for child in folder.iterdir() if is_folder(child))
    except OSError as error:
        raise Problem("no-permission", name=folder.name) from error


def is_folder(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir()
    return False


def is_there(path: Path) -> bool:
    """Whether something of that name exists, be it unreadable or a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def make_key(kind: SourceKind, home: Path, folder: Path) -> str:
    """A name for a profile that stays the same between runs."""
    place = folder.relative_to(home) if folder.is_relative_to(home) else folder
    return f"{kind.value}:{place.as_posix()}"
