"""Saving documents outside the vault: whole or not at all, and never over another by accident."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.cryptomator.disk import move_new
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Node, Tree
from guardian.vault.documents.arranging import outermost
from guardian.vault.documents.naming import find, numbered
from guardian.vault.documents.walking import TOP, Step, Walked, walk
from guardian.vault.model import Kind, NotRead, Saved, shown

OPEN_FILES = "/proc/self/fd"


def save_all(tree: Filesystem, paths: Sequence[str], folder: Path, report: Report) -> Saved:
    """Documents and whole folders into ``folder``, each document whole or not at all.

    A name that is taken gets a number: nothing that is there is replaced or written into. What
    cannot be saved is told and stops nothing else; stopping leaves what was saved by then.
    """
    saving = Saving(tree, folder, report)
    nodes: list[Node] = []
    for path in outermost(paths):
        with saving.telling(path):
            nodes.append(find(tree, path))
    saving.save(walk(tree, nodes, report))
    return Saved(tuple(saving.saved), tuple(saving.refused))


class Saving:
    """Fills a folder outside. ``saved`` and ``refused`` say what came of each document."""

    def __init__(self, tree: Tree, folder: Path, report: Report) -> None:
        self.saved: list[Path] = []
        self.refused: list[NotRead] = []
        self._tree = tree
        self._folders = {TOP: folder}
        self._report = report
        self._done = self._total = 0

    @contextmanager
    def telling(self, path: str) -> Iterator[None]:
        try:
            with mendable_file_errors(Path(shown(path))):
                yield
        except Problem as problem:
            self._tree.check_there()
            self.refused.append(NotRead(path, problem))

    def save(self, walked: Walked) -> None:
        self.refused += walked.refused
        self._total = sum(step.node.size or 0 for step in walked.steps)
        for step in walked.steps:
            # below a folder that could not be made nothing is tried: that folder is told
            if step.parent in self._folders:
                with self.telling(step.node.path):
                    self._take(step, self._folders[step.parent])
        self._report(self._total, self._total)

    def _take(self, step: Step, folder: Path) -> None:
        node = step.node
        if node.kind is Kind.FOLDER:
            self._folders[step.number] = make_new_folder(folder, node.name)
            return
        before = self._done
        try:
            self.saved.append(save_new(lambda: self._pieces(node), folder, node))
        finally:
            self._done = before + (node.size or 0)

    def _pieces(self, node: Node) -> Iterator[bytes]:
        note = message("vault.progress.reading", name=shown(node.path))
        self._report(self._done, self._total, note)
        with self._tree.open_document(node) as reader:
            for piece in reader.pieces():
                self._done += len(piece)
                self._report(self._done, self._total, note)
                yield piece


def make_new_folder(folder: Path, name: str) -> Path:
    """A folder that was not there before, for the person alone: so it is no link either."""
    for candidate in numbered(name):
        try:
            (folder / candidate).mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder / candidate
    raise AssertionError("unreachable")


def save_new(open_pieces: Callable[[], Iterable[bytes]], folder: Path, node: Node) -> Path:
    """Save a document under the first name that is free; where it is now."""
    for candidate in numbered(node.name):
        target = folder / candidate
        if os.path.lexists(target):
            continue
        try:
            save(open_pieces(), target, overwrite=False, modified=node.modified)
        except Problem as problem:
            if problem.code == "vault-target-exists":  # somebody was faster
                continue
            raise
        return target
    raise AssertionError("unreachable")


def save(
    pieces: Iterable[bytes], target: Path, *, overwrite: bool, modified: float | None = None
) -> None:
    """Write ``pieces`` as ``target``, readable by the person alone.

    ``modified`` is the date the file gets, in seconds since 1970.

    Raises ``Problem("vault-target-exists")`` unless ``overwrite``, and for a device or a pipe
    ``Problem("vault-target-not-file")`` always; any exception leaves ``target`` as it was.
    Where the system can, the unfinished file has no name, so that not even a crash leaves part
    of a document lying about.
    """
    with mendable_file_errors(Path(shown(str(target)))):
        if not os.path.lexists(target.parent):
            raise Problem("file-missing", name=shown(target.parent.name))
        if target.is_dir():
            raise IsADirectoryError(target.name)
        if target.exists() and not target.is_file():
            raise Problem("vault-target-not-file", name=shown(target.name))
        if not overwrite and os.path.lexists(target):
            raise Problem("vault-target-exists", name=shown(target.name))
        try:
            with open_unnamed(target.parent) or open_named(target.parent) as file:
                write_out(file, pieces, target, overwrite, modified)
        except FileExistsError:
            raise Problem("vault-target-exists", name=shown(target.name)) from None
        sync_folder(target.parent)


def open_unnamed(folder: Path) -> BinaryIO | None:
    """A new file in ``folder`` that vanishes unless it is given a name; None where not possible."""
    if not hasattr(os, "O_TMPFILE") or not Path(OPEN_FILES).is_dir():
        return None
    try:
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b")
    except OSError:
        return None


def open_named(folder: Path) -> BinaryIO:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    path = new_path(folder)
    return open(path, "w+b", opener=lambda name, _: os.open(name, flags, 0o600))


def new_path(folder: Path) -> Path:
    return folder / f".guardian-{secrets.token_hex(4)}.tmp"


def write_out(
    file: BinaryIO,
    pieces: Iterable[bytes],
    target: Path,
    overwrite: bool,
    modified: float | None,
) -> None:
    """Fill ``file``, sync it, and give it the name ``target``. Raises ``FileExistsError``."""
    path = Path(file.name) if isinstance(file.name, str) else None
    try:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        if modified is not None:
            os.utime(file.fileno() if path is None else path, (modified, modified))
        if path is None and not overwrite and has_linked(file, target):
            return
        if path is None:
            path = new_path(target.parent)
            give_name(file, path)
        if overwrite:
            path.replace(target)
        else:
            move_new(path, target)
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def has_linked(file: BinaryIO, path: Path) -> bool:
    """Let an unnamed file appear as ``path``, in one step and never replacing; False where the
    system refuses. Raises ``FileExistsError``."""
    # a folder handle makes Python ask for a link to the file instead of to /proc's entry
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.link(f"{OPEN_FILES}/{file.fileno()}", path, src_dir_fd=folder, follow_symlinks=True)
    except FileExistsError:
        raise
    except OSError:
        return False
    finally:
        os.close(folder)
    return True


def give_name(file: BinaryIO, path: Path) -> None:
    """Let an unnamed file appear as ``path``, by a link or, where that is refused, by a copy."""
    if has_linked(file, path):
        return
    file.seek(0)
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
