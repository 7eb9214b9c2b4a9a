"""Making one folder hold what a vault's folder holds: planned first, then copied and read back."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder
from guardian.core.jobs import Report
from guardian.core.paths import assets
from guardian.core.words import message
from guardian.vault.backup import snapshot
from guardian.vault.backup.snapshot import Snapshot
from guardian.vault.cryptomator.config import CONFIG_FILE
from guardian.vault.cryptomator.disk import forget_cached, is_file, sync_files, write_synced
from guardian.vault.cryptomator.tree import CONTENT, FOLDER_ID, FOLDER_ID_BACKUP
from guardian.vault.cryptomator.workspace import Workspace
from guardian.vault.model import shown

OLDER = "older"
OLDER_NOTE = "ABOUT THESE FILES.txt"
OLDER_NOTE_SOURCE = "vault/about-older.txt"
PIECE_BYTES = 2**20
# files that are synced, read back and put in place together
BATCH_FILES, BATCH_BYTES = 256, 32 * 2**20
# entries lie in d/AA/BBB..., below three folders
ENTRY_DEPTH, ENTRY_RANK = 3, 2


@dataclass(frozen=True)
class Unit:
    """What appears in a backup in one step: a file, or a new small folder with its files.

    Units of a lower ``rank`` come first: folders before their entries, these before documents,
    and last what makes all of it a vault. So a check of a backup that was interrupted does not
    find folders without an entry, and a first backup does not look like a vault before it is one.
    """

    rank: int
    path: str
    files: tuple[str, ...]
    bytes: int


@dataclass(frozen=True)
class Plan:
    """What a backup has to do: folders to make, units to copy, paths to set aside, in order."""

    folders: tuple[str, ...]
    units: tuple[Unit, ...]
    aside: tuple[str, ...]
    unchanged: int

    @property
    def bytes(self) -> int:
        return sum(unit.bytes for unit in self.units)


def prepare(
    vault: Path, place: Path, key_file: str, report: Report, *, full: bool
) -> tuple[Plan, dict[str, Problem]]:
    """What is to be done, and what of the vault could not be looked at."""
    ours = snapshot.take(vault, key_file, report)
    if CONTENT not in ours.folders:
        raise Problem("vault-folder-damaged", name=shown(vault.name))
    theirs = snapshot.take(place, key_file, report)
    for problem in theirs.unread.values():
        raise problem
    changed: list[str] = []
    for done, path in enumerate(ours.files):
        report(done, len(ours.files), message("vault.progress.backup-looking"))
        if path not in theirs.files or not is_unchanged(vault / path, place / path, full=full):
            changed.append(path)
    units = to_units(changed, ours, theirs)
    plan = Plan(
        folders=to_folders(units, ours, theirs),
        units=units,
        aside=to_aside(ours, theirs),
        unchanged=len(ours.files) - len(changed),
    )
    return plan, dict(ours.unread)


def is_unchanged(file: Path, copy: Path, *, full: bool) -> bool:
    try:
        return snapshot.is_same(file, copy, full=full)
    except OSError:
        return False  # copying it tells which of the two cannot be read


def to_folders(units: Sequence[Unit], ours: Snapshot, theirs: Snapshot) -> tuple[str, ...]:
    """The folders that are to be made by themselves and not together with the files in them."""
    made = {unit.path for unit in units}
    missing = [path for path in ours.folders if path not in theirs.folders]
    return tuple(sorted(path for path in missing if not is_within(path, made)))


def unit_of(path: str, theirs: Snapshot) -> str:
    """The path that has to appear for the file at ``path`` to be there.

    Folders lie in d/AA/BBB..., their entries right in them. A folder must never be seen without
    the file that says which one it is, nor an entry that is a folder half filled.
    """
    parts = path.split("/")
    depth = ENTRY_DEPTH if parts[-1] == FOLDER_ID_BACKUP else ENTRY_DEPTH + 1
    around = "/".join(parts[:depth])
    return around if len(parts) > depth and around not in theirs.folders else path


def to_units(changed: Sequence[str], ours: Snapshot, theirs: Snapshot) -> tuple[Unit, ...]:
    grouped: dict[str, list[str]] = {}
    for path in changed:
        grouped.setdefault(unit_of(path, theirs), []).append(path)
    inner = [path for path in changed if rank_of(path, "") == ENTRY_RANK]
    newest = max(inner, key=lambda path: ours.files[path].st_mtime_ns, default="")
    units = (
        Unit(
            max(rank_of(file, newest) for file in files),
            path,
            tuple(sorted(files)),
            sum(ours.files[file].st_size for file in files),
        )
        for path, files in grouped.items()
    )
    return tuple(sorted(units, key=lambda unit: (unit.rank, unit.path)))


def rank_of(path: str, newest: str) -> int:
    if path == CONFIG_FILE:
        return 5
    folder, _, name = path.rpartition("/")
    if not folder:
        return 4
    # Guardian's list of what is in the vault is what was written last. It comes after all it
    # lists, so that a check of a backup that was interrupted misses nothing.
    if path == newest:
        return 3
    return {FOLDER_ID_BACKUP: 0, FOLDER_ID: 1}.get(name, ENTRY_RANK)


def to_aside(ours: Snapshot, theirs: Snapshot) -> tuple[str, ...]:
    """What the vault does not hold: documents first, then the entries of folders, then folders.

    Nothing is judged where the vault could not be looked into.
    """
    here = {*ours.files, *ours.folders}
    there = {*theirs.files, *theirs.folders, *theirs.strange}
    gone = {path for path in there - here if not is_within(path, ours.unread)}

    def rank(path: str) -> int:
        if path.count("/") < ENTRY_DEPTH:
            return 2
        return 1 if f"{path}/{FOLDER_ID}" in theirs.files else 0

    tops = [path for path in gone if path.rpartition("/")[0] not in gone or is_entry(path)]
    return tuple(sorted(tops, key=lambda path: (rank(path), -path.count("/"), path)))


def is_entry(path: str) -> bool:
    return path.count("/") == ENTRY_DEPTH and not path.endswith(f"/{FOLDER_ID_BACKUP}")


def is_within(path: str, folders: Container[str]) -> bool:
    """Whether ``path`` is one of ``folders`` or lies in one."""
    parts = path.split("/")
    return any("/".join(parts[:count]) in folders for count in range(len(parts) + 1))


class Copier:
    """Carries out plans: copies what changed, puts it in place, sets aside what it replaces."""

    def __init__(
        self, vault: Path, place: Path, aside: Path, workspace: Workspace, report: Report
    ) -> None:
        self._vault = vault
        self._place = place
        self._aside = aside
        self._workspace = workspace
        self._report = report
        self._done = self._total = 0
        self.copied = self.set_aside = self.bytes = 0
        self.refused: dict[str, Problem] = {}

    def run(self, plan: Plan) -> int:
        """Do all of ``plan``; the bytes reported in the end: each is written once and read once."""
        self._done, self._total = 0, 2 * plan.bytes
        self._more(0)
        self._make_folders(plan.folders)
        for units in batches(plan.units):
            self._publish(units)
        for path in plan.aside:
            self._report(self._done, self._total)
            self._put_aside(path)
        sync_folders((self._aside / path).parent for path in plan.aside)
        sync_folders((self._place / path).parent for path in plan.aside)
        return self._total

    def _more(self, count: int) -> None:
        self._done = min(self._done + count, self._total)
        self._report(self._done, self._total, message("vault.progress.backup-copying"))

    def _make_folders(self, paths: Sequence[str]) -> None:
        for path in paths:
            if os.path.lexists(self._place / path):
                self._put_aside(path)
            (self._place / path).mkdir()
        sync_folders((self._place / path).parent for path in paths)

    def _publish(self, units: Sequence[Unit]) -> None:
        """Copy ``units``, get all of them onto the disk, read them back, and let them appear."""
        ready: dict[Path, Unit] = {}
        digests: dict[Path, bytes] = {}
        for unit in units:
            staged = self._workspace.new_path()
            try:
                digests |= self._copy(unit, staged)
                ready[staged] = unit
            except Problem as problem:
                self.refused[unit.path] = problem
                remove(staged)
        sync_files(digests)
        for file, digest in digests.items():
            if self._read_back(file) != digest:
                raise Problem("backup-differs", name=shown(self._place.name))
        sync_folders(file.parent for file in digests if file not in ready)
        sync_folders(
            (self._aside / unit.path).parent
            for staged, unit in ready.items()
            if self._keep_old(unit.path, staged)
        )
        for staged, unit in ready.items():
            staged.replace(self._place / unit.path)
            self.copied += len(unit.files)
            self.bytes += unit.bytes
        sync_folders((self._place / unit.path).parent for unit in ready.values())

    def _copy(self, unit: Unit, staged: Path) -> dict[Path, bytes]:
        """Write the files of ``unit`` as ``staged``; the SHA-256 of each. Raises ``Problem``."""
        if unit.files == (unit.path,):
            return {staged: self._copy_file(unit.path, staged)}
        digests: dict[Path, bytes] = {}
        for path in unit.files:
            target = staged / path.removeprefix(f"{unit.path}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            digests[target] = self._copy_file(path, target)
        return digests

    def _copy_file(self, path: str, target: Path) -> bytes:
        digest, size = hashlib.sha256(), 0
        with open_source(self._vault / path, path) as source:
            before = os.fstat(source.fileno())
            with target.open("xb") as copy:
                while piece := read_piece(source, path):
                    copy.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    self._more(len(piece))
                copy.flush()
                os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
            after = os.fstat(source.fileno())
        if (size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise Problem("vault-source-changed", name=shown(path))
        return digest.digest()

    def _read_back(self, file: Path) -> bytes:
        digest = hashlib.sha256()
        with file.open("rb", buffering=0) as copy:
            forget_cached(copy)
            while piece := copy.read(PIECE_BYTES):
                digest.update(piece)
                self._more(len(piece))
        return digest.digest()

    def _keep_old(self, path: str, staged: Path) -> bool:
        """Move aside what ``staged`` is about to replace; whether there was something.

        A second name is given where the disk knows such, so that the place is never empty.
        """
        old, aside = self._place / path, self._aside / path
        if not os.path.lexists(old):
            return False
        if not (is_file(old) and is_file(staged)):
            self._put_aside(path)
            return True
        self._make_aside(aside.parent)
        try:
            os.link(old, aside, follow_symlinks=False)
        except (OSError, NotImplementedError):
            old.rename(aside)
        self.set_aside += 1
        return True

    def _put_aside(self, path: str) -> None:
        old, aside = self._place / path, self._aside / path
        is_folder = old.is_dir() and not old.is_symlink()
        count = sum(len(files) for _, _, files in os.walk(old)) if is_folder else 1
        self._make_aside(aside.parent)
        if is_folder and aside.is_dir():  # what was in it went there before
            shutil.copytree(old, aside, dirs_exist_ok=True, symlinks=True)
            old.rename(self._workspace.new_path())
        else:
            old.rename(aside)
        self.set_aside += count

    def _make_aside(self, folder: Path) -> None:
        note = self._place / OLDER / OLDER_NOTE
        folder.mkdir(parents=True, exist_ok=True)
        if not note.exists():
            staged = self._workspace.new_path()
            write_synced(staged, (assets() / OLDER_NOTE_SOURCE).read_bytes())
            staged.replace(note)


def batches(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """``units`` in order, in lots that are put in place together; no lot mixes ranks."""
    lot: list[Unit] = []
    size = 0
    for unit in units:
        full = len(lot) >= BATCH_FILES or size + unit.bytes > BATCH_BYTES
        if lot and (full or unit.rank != lot[-1].rank):
            yield lot
            lot, size = [], 0
        lot.append(unit)
        size += unit.bytes
    if lot:
        yield lot


def open_source(file: Path, path: str) -> BinaryIO:
    """A file of the vault, never through a link. Raises ``Problem``."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with mendable_file_errors(Path(shown(path))):
        return os.fdopen(os.open(file, flags), "rb", buffering=0)


def read_piece(source: BinaryIO, path: str) -> bytes:
    with mendable_file_errors(Path(shown(path))):
        return source.read(PIECE_BYTES)


def remove(staged: Path) -> None:
    """Take away a copy that was begun, a file or a folder."""
    if staged.is_dir():
        shutil.rmtree(staged)
    else:
        staged.unlink(missing_ok=True)


def sync_folders(folders: Iterable[Path]) -> None:
    """Make renames in ``folders`` survive a power cut; one that moved on meanwhile has."""
    for folder in set(folders):
        if folder.is_dir():
            sync_folder(folder)
