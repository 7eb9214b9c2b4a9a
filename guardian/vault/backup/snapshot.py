"""What lies in a vault's folder on the disk, seen from outside: no key needed, no link followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.cryptomator.config import CONFIG_FILE
from guardian.vault.cryptomator.root import README
from guardian.vault.cryptomator.tree import CONTENT
from guardian.vault.model import shown

KEY_FILES = "masterkey*.cryptomator"
# as much of a file as tells two writings apart: each begins with a nonce of its own
HEAD_BYTES = 128
PIECE_BYTES = 2**20
# a stick's file system keeps times to two seconds or, under its newer name, to ten milliseconds
COARSE_NS, FINE_NS = 2 * 10**9, 10**7


@dataclass(frozen=True)
class Snapshot:
    """The files and folders of a vault by their path below its folder, written with ``/``.

    ``strange`` are links and devices, which are nobody's documents; ``unread`` are folders that
    the system did not let us look into, and why.
    """

    files: Mapping[str, os.stat_result]
    folders: frozenset[str]
    strange: frozenset[str]
    unread: Mapping[str, Problem]


def take(root: Path, key_file: str, report: Report) -> Snapshot:
    """What of the folder ``root`` belongs to the vault. Other things beside it are left out.

    The ``.bkup`` copies that programs keep of the two metadata files are left out as well.
    """
    files: dict[str, os.stat_result] = {}
    folders: set[str] = set()
    strange: set[str] = set()
    unread: dict[str, Problem] = {}
    waiting = [""]
    while waiting:
        here = waiting.pop()
        report(0, 0, message("vault.progress.backup-looking"))
        try:
            with mendable_file_errors(Path(shown(here or root.name))):
                found = list(entries(root / here))
        except Problem as problem:
            unread[here] = problem
            continue
        for name, status in found:
            if not here and not belongs(name, key_file):
                continue
            path = f"{here}/{name}" if here else name
            if stat.S_ISDIR(status.st_mode):
                folders.add(path)
                waiting.append(path)
            elif stat.S_ISREG(status.st_mode):
                files[path] = status
            else:
                strange.add(path)
    return Snapshot(files, frozenset(folders), frozenset(strange), unread)


def entries(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as found:
        for entry in found:
            try:
                yield entry.name, entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone since the folder was read


def belongs(name: str, key_file: str) -> bool:
    """Whether something right in a vault's folder is a part of the vault."""
    return name in (CONTENT, CONFIG_FILE, key_file, README) or fnmatchcase(name, KEY_FILES)


def is_same(one: Path, other: Path, *, full: bool) -> bool:
    """Whether two files hold the same, judged by size, time and beginning; or by every byte.

    Where only the times differ, every byte decides: a stick may be an hour off in summer.
    ``other`` is the copy.
    Raises ``OSError``.
    """
    with one.open("rb", buffering=0) as left, other.open("rb", buffering=0) as right:
        first, second = os.fstat(left.fileno()), os.fstat(right.fileno())
        if first.st_size != second.st_size or left.read(HEAD_BYTES) != right.read(HEAD_BYTES):
            return False
        if not full and is_same_time(first.st_mtime_ns, second.st_mtime_ns):
            return True
        while piece := left.read(PIECE_BYTES):
            if piece != right.read(len(piece)):
                return False
        return True


def is_same_time(time: int, copied: int) -> bool:
    """Whether ``copied`` is what a disk made of ``time``; both in nanoseconds."""
    return time == copied or (copied % FINE_NS == 0 and abs(time - copied) <= COARSE_NS)
