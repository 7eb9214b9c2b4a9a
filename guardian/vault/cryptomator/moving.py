"""Entries on the disk given another place or taken away, so that a crash loses none.

Where both names are short, and for folders where only one is, a move is one rename. The rest takes
two steps: the state between them opens here and in other programs too, and a note beside the
unfinished files tells the next unlock how to end it (:func:`settle`).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from guardian.core.files import sync_folder
from guardian.vault.cryptomator.disk import (
    is_file,
    link_or_copy,
    read_bounded,
    rename_folder_new,
    write_synced,
)
from guardian.vault.cryptomator.names import SHORTENED, shorten
from guardian.vault.cryptomator.tree import (
    FOLDER_ID,
    LINK_TARGET,
    LONG_CONTENT,
    LONG_NAME,
)

NOTE = ".moving"
MAX_NOTE_BYTES = 16 * 1024
PLACE = re.compile(r"d/[A-Z2-7]{2}/[A-Z2-7]{30}/[A-Za-z0-9_=-]{1,250}\.c9[rs]", re.ASCII)
COMPARED_BYTES = 2**20

NewPath = Callable[[], Path]


@dataclass(frozen=True)
class Move:
    """An entry's places on the disk before and after, and its full encrypted name after.

    ``waypoint`` is a place beside ``target`` under a short name, for what cannot go there at once.
    """

    source: Path
    target: Path
    name: str
    waypoint: Path


class Note(msgspec.Struct, frozen=True):
    """A :class:`Move` under way, its places relative to the vault's folder.

    ``waypoint`` and ``name`` are empty for a document.
    """

    source: str
    target: str
    waypoint: str = ""
    name: str = ""


def move_entry(root: Path, move: Move, new_path: NewPath, *, document: bool) -> None:
    """Carry out ``move``. ``new_path`` gives paths for unfinished things on the same disk.

    Raises ``FileExistsError`` where something lies at the target, ``OSError``; then nothing has
    changed.
    """
    if os.path.lexists(move.target):
        raise FileExistsError(move.target.name)
    was_long, gets_long = is_long(move.source), is_long(move.target)
    if document and (was_long or gets_long):
        carry_document(root, move, new_path)
    elif was_long and gets_long:
        carry_long_folder(root, move, new_path)
    elif gets_long:
        # inside an entry with a short name, readers pass over a long one
        put_long_name(move.source, move.name, new_path)
        try:
            rename_folder_new(move.source, move.target)
        except OSError:
            with suppress(OSError):
                (move.source / LONG_NAME).unlink()
            raise
    else:
        rename_folder_new(move.source, move.target)
        if was_long:
            with suppress(OSError):
                (move.target / LONG_NAME).unlink()
    # it has happened, even where the disk cannot promise that a power cut leaves it so
    with suppress(OSError):
        for folder in {move.target.parent, move.source.parent}:
            sync_folder(folder)


def carry_document(root: Path, move: Move, new_path: NewPath) -> None:
    """A document whose name is or gets long: it appears anew, then the old entry goes."""
    with noted(root, Note(str(move.source), str(move.target)), new_path):
        building = new_path()
        try:
            if is_long(move.target):
                building.mkdir()
                write_synced(building / LONG_NAME, move.name.encode("ascii"))
                link_or_copy(content_of(move.source), building / LONG_CONTENT)
                sync_folder(building)
            else:
                link_or_copy(content_of(move.source), building)
            rename_folder_new(building, move.target)
        except BaseException:
            discard(building)
            raise
        try:
            sync_folder(move.target.parent)
            take_away(move.source, new_path)
        except BaseException:
            take_away(move.target, new_path)
            raise


def carry_long_folder(root: Path, move: Move, new_path: NewPath) -> None:
    """A folder or a link from one long name to another, by way of a short one.

    A long name lies in a file inside the entry, so it cannot change together with the entry's own;
    and two entries for one folder would let another program delete what both lead to.
    """
    note = Note(str(move.source), str(move.target), str(move.waypoint), move.name)
    old_name = (move.source / LONG_NAME).read_text("ascii")
    with noted(root, note, new_path):
        rename_folder_new(move.source, move.waypoint)
        try:
            for folder in {move.waypoint.parent, move.source.parent}:
                sync_folder(folder)
            put_long_name(move.waypoint, move.name, new_path)
            rename_folder_new(move.waypoint, move.target)
        except BaseException:
            if (move.waypoint / LONG_NAME).read_text("ascii") != old_name:
                put_long_name(move.waypoint, old_name, new_path)
            rename_folder_new(move.waypoint, move.source)
            raise


def take_away(place: Path, new_path: NewPath) -> None:
    """Remove an entry, in one step as readers see it. Raises ``OSError``."""
    if place.is_dir() and not place.is_symlink():
        gone = new_path()
        place.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    else:
        place.unlink()


@contextmanager
def noted(root: Path, note: Note, new_path: NewPath) -> Iterator[None]:
    """Keep a note of a move on the disk until it came to its end.

    It stays where a move could not even be taken back; where it was, settling it does nothing.
    """
    path = new_path().with_suffix(NOTE)
    fields = msgspec.structs.asdict(note)
    inside = {
        key: os.path.relpath(value, root).replace(os.sep, "/") if key != "name" and value else value
        for key, value in fields.items()
    }
    write_synced(path, msgspec.json.encode(inside))
    for folder in (path.parent, path.parent.parent, root):
        sync_folder(folder)
    yield
    with suppress(OSError):
        path.unlink()


def settle(root: Path, work: Path) -> None:
    """End the moves that a writer left noted in its folder ``work``. Raises ``OSError``.

    A note may have come from anybody: nothing is removed but a second entry with the same
    content, and nothing is replaced.
    """
    for path in work.glob(f"*{NOTE}"):
        try:
            note = msgspec.json.decode(read_bounded(path, MAX_NOTE_BYTES), type=Note)
        except (msgspec.DecodeError, ValueError):
            continue
        places = [note.source, note.target, *filter(None, [note.waypoint])]
        if not all(PLACE.fullmatch(place) for place in places):
            continue
        source, target = root / note.source, root / note.target
        if note.waypoint:
            settle_folder(root / note.waypoint, target, note.name, work)
        elif same_content(content_of(source), content_of(target)):
            take_away(source, lambda: work / secrets.token_hex(8))


def settle_folder(waypoint: Path, target: Path, name: str, work: Path) -> None:
    """Bring a folder or link that lies half-way to where it was to go."""
    there = is_file(waypoint / FOLDER_ID) or is_file(waypoint / LINK_TARGET)
    if not there or not name.isascii() or shorten(name) != target.name:
        return
    if not os.path.lexists(target):
        put_long_name(waypoint, name, lambda: work / secrets.token_hex(8))
        rename_folder_new(waypoint, target)
        sync_folder(target.parent)


def same_content(one: Path, other: Path) -> bool:
    """Whether two paths are one regular file, or two with the same bytes."""
    if one == other or not (is_file(one) and is_file(other)):
        return False
    if one.samefile(other):
        return True
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(COMPARED_BYTES):
            if piece != second.read(COMPARED_BYTES):
                return False
    return True


def put_long_name(entry: Path, name: str, new_path: NewPath) -> None:
    temporary = new_path()
    write_synced(temporary, name.encode("ascii"))
    temporary.replace(entry / LONG_NAME)
    with suppress(OSError):  # it has happened, even where the disk cannot promise that it stays
        sync_folder(entry)


def discard(building: Path) -> None:
    if building.is_dir():
        shutil.rmtree(building, ignore_errors=True)
    else:
        building.unlink(missing_ok=True)


def is_long(place: Path) -> bool:
    return place.name.endswith(SHORTENED)


def content_of(place: Path) -> Path:
    """Where the content of a document's entry lies."""
    return place / LONG_CONTENT if is_long(place) else place
