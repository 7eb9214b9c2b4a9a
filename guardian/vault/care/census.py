"""A walk over all that a vault's folder holds on disk, and what no entry in it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.cryptomator.ciphers import HEADER_BYTES, NONCE_BYTES, RESERVED
from guardian.vault.cryptomator.disk import read_bounded
from guardian.vault.cryptomator.tree import (
    CONTENT,
    FOLDER_ID_BACKUP,
    MAX_FOLDER_ID_BYTES,
    ROOT_ID,
    Folder,
    Found,
    Tree,
    is_entry,
)
from guardian.vault.model import Kind

UPPER, LOWER = re.compile("[A-Z2-7]{2}"), re.compile("[A-Z2-7]{30}")


@dataclass(frozen=True)
class Place:
    """A folder under ``d/`` that may be some folder's content.

    ``id`` is what its own spare copy of its id says, None where that cannot be read; ``spare``
    whether there is such a copy at all; ``holds`` whether any entry is in it.
    """

    path: Path
    id: str | None
    spare: bool
    holds: bool


@dataclass(frozen=True)
class Visit:
    """A folder that was reached from the root, and its entries in the order of their names."""

    folder: Folder
    found: tuple[Found, ...]


@dataclass
class Census:
    """What the walk met.

    ``visits`` by folder id; ``twice`` are entries that lead to a folder already reached by
    another; ``lost`` are folder entries that lead nowhere, each with the folder it names, or
    None where its id cannot be read; ``unread`` are folders the system did not let us list;
    ``places`` is every content place by its path on disk.
    """

    visits: dict[str, Visit] = field(default_factory=dict)
    twice: list[tuple[Folder, Found]] = field(default_factory=list)
    lost: list[tuple[Folder, Found, Folder | None]] = field(default_factory=list)
    unread: list[Folder] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)
    rootless: bool = False

    def orphans(self) -> list[Place]:
        """Content that no entry reached, with something in it."""
        reached = {visit.folder.place for visit in self.visits.values()}
        return [one for path, one in self.places.items() if path not in reached and one.holds]


def take_census(tree: Tree, report: Report) -> Census:
    """Walk from the root through every folder once. Raises ``Problem("vault-missing")``."""
    tree.check_there()
    census = Census()
    root = Folder("", ROOT_ID, tree.place_of(ROOT_ID))
    census.rootless = not root.place.is_dir()
    waiting = [] if census.rootless else [root]
    reached = {ROOT_ID}
    while waiting:
        here = waiting.pop()
        report(len(census.visits), 0, message("vault.progress.listing"))
        try:
            found = tuple(tree.look(here))
        except Problem:
            tree.check_there()
            census.unread.append(here)
            continue
        census.visits[here.id] = Visit(here, found)
        for one in found:
            if one.copy or one.node is None or one.node.kind is not Kind.FOLDER:
                continue
            below = enter(tree, one)
            if below is None or (below.id not in reached and not below.place.is_dir()):
                census.lost.append((here, one, below))
            elif below.id in reached:
                census.twice.append((here, one))
            else:
                reached.add(below.id)
                waiting.append(below)
    report(len(census.visits), 0, message("vault.progress.listing"))
    census.places = {place.path: place for place in find_places(tree)}
    return census


def enter(tree: Tree, found: Found) -> Folder | None:
    assert found.node is not None
    try:
        return tree.enter(found.node)
    except Problem:
        return None


def find_places(tree: Tree) -> Iterator[Place]:
    """Every folder under ``d/`` that lies or lay as content does. Raises ``Problem``.

    One that was given another name counts where the spare copy of its id tells what it is.
    """
    top = tree.root / CONTENT
    if not top.is_dir():
        return
    with mendable_file_errors(top):
        for upper in sorted(top.iterdir()):
            if upper.is_symlink() or not upper.is_dir():
                continue
            for path in sorted(upper.iterdir()):
                if path.is_symlink() or not path.is_dir():
                    continue
                named = UPPER.fullmatch(upper.name) and LOWER.fullmatch(path.name)
                inside: set[str] = set()
                with suppress(PermissionError):  # told where an entry leads here
                    inside = {one.name for one in path.iterdir()}
                spare = FOLDER_ID_BACKUP in inside and not is_blank(path / FOLDER_ID_BACKUP)
                known = read_spare(tree, path) if spare else None
                if named or known is not None:
                    yield Place(path, known, spare, any(map(is_entry, inside)))


def is_blank(file: Path) -> bool:
    """Whether a spare copy holds nothing: pycryptomator 1.15 writes a header for the root's and
    forgets to encrypt it, so that its reserved bytes lie there in the clear."""
    with suppress(OSError, ValueError):
        data = read_bounded(file, HEADER_BYTES)
        return len(data) == HEADER_BYTES and data[NONCE_BYTES:].startswith(RESERVED)
    return False


def read_spare(tree: Tree, place: Path) -> str | None:
    """The folder id that a content place keeps encrypted in itself; None where it is damaged."""
    try:
        with tree.open_sealed(place / FOLDER_ID_BACKUP, FOLDER_ID_BACKUP) as reader:
            if reader.size > MAX_FOLDER_ID_BYTES:
                return None
            text = b"".join(reader.pieces()).decode("ascii")
    except (Problem, UnicodeDecodeError):
        return None
    return text if text.isprintable() else None
