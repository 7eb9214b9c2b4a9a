"""What is to come into a vault: files and whole folders from outside, or from another vault."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.cryptomator.content import DocumentFile, Readable
from guardian.vault.cryptomator.tree import Node, Tree
from guardian.vault.documents.naming import prepare_name
from guardian.vault.documents.walking import TOP, walk
from guardian.vault.model import Kind, Refusal, shown

# where the person wanted things; folders that come along have numbers from 1
TARGET = 0


@dataclass(frozen=True)
class Opened:
    """A document that is being read: what to read, the open file behind it, the bytes to come."""

    content: Readable
    handle: int
    size: int


@dataclass(frozen=True)
class Document:
    """A document on its way. ``source`` is where it is, ``folder`` the number of its folder.

    ``size`` is its bytes in the clear; ``open`` raises ``OSError`` or ``Problem``.
    """

    source: Path
    folder: int
    name: str
    size: int
    open: Callable[[], AbstractContextManager[Opened]]


@dataclass(frozen=True)
class Branch:
    """A folder on its way, called ``name`` in the folder with the number ``parent``."""

    source: Path
    number: int
    parent: int
    name: str


@dataclass(frozen=True)
class Gathered:
    """All that was found: a folder comes after the one it lies in."""

    branches: tuple[Branch, ...]
    documents: tuple[Document, ...]
    refused: tuple[Refusal, ...]


class Gathering:
    """Collects what is to come, and tells what cannot."""

    def __init__(self) -> None:
        self.branches: list[Branch] = []
        self.documents: list[Document] = []
        self.refused: list[Refusal] = []
        self._numbers = count(TARGET + 1)

    def branch(self, source: Path, parent: int, name: str) -> int:
        number = next(self._numbers)
        self.branches.append(Branch(source, number, parent, name))
        return number

    def refuse(self, source: Path, problem: Problem) -> None:
        self.refused.append(Refusal(source, problem))

    @contextmanager
    def telling(self, source: Path) -> Iterator[None]:
        """What goes wrong with ``source`` is told at the end and stops nothing else."""
        try:
            yield
        except (Problem, OSError) as error:
            self.refuse(source, to_problem(error, source.name))

    def all(self) -> Gathered:
        return Gathered(tuple(self.branches), tuple(self.documents), tuple(self.refused))


def gather_files(files: Sequence[Path], folder: str, vault: Path, report: Report) -> Gathered:
    """``files``, and everything in those that are folders; ``folder`` is where they are to go.

    A link that was chosen itself is followed, one inside a folder is told and left; so are
    devices, pipes, names that a vault cannot hold, and the folder of the vault at ``vault``.
    """
    found = Gathering()
    inside = vault.resolve()
    for file in dict.fromkeys(files):
        with found.telling(file):
            # «.» and «..» say where something is and not what it is called
            called = file.name if file.name not in ("", "..") else file.resolve().name
            name = prepare_name(folder, called)
            status = file.stat()
            if file.resolve().is_relative_to(inside):
                raise Problem("vault-own-file", name=shown(file.name))
            if stat.S_ISDIR(status.st_mode):
                gather_folder(found, file, name, inside, report)
            else:
                found.documents.append(to_document(file, TARGET, name, status))
    return found.all()


def gather_folder(found: Gathering, top: Path, name: str, vault: Path, report: Report) -> None:
    """Everything in the folder ``top``, which is to be called ``name``."""
    own = vault.stat()
    waiting = [(top, found.branch(top, TARGET, name))]
    while waiting:
        place, number = waiting.pop()
        report(0, 0, message("vault.progress.gathering", count=len(found.documents)))
        with found.telling(place), os.scandir(place) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
            for entry in entries:
                file = place / entry.name
                with found.telling(file):
                    inner = prepare_name(name, entry.name)
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISLNK(status.st_mode):
                        raise Problem("vault-source-link", name=shown(entry.name))
                    if os.path.samestat(status, own):
                        raise Problem("vault-own-file", name=shown(entry.name))
                    if stat.S_ISDIR(status.st_mode):
                        waiting.append((file, found.branch(file, number, inner)))
                    else:
                        found.documents.append(to_document(file, number, inner, status))


def to_document(file: Path, folder: int, name: str, status: os.stat_result) -> Document:
    refuse_unless_document(status, shown(file.name))
    return Document(file, folder, name, status.st_size, partial(open_file, file))


def to_problem(error: Problem | OSError, name: str) -> Problem:
    """What a person is told of an error with the file ``name``."""
    try:
        with mendable_file_errors(Path(shown(name))):
            raise error
    except Problem as problem:
        return problem


def refuse_unless_document(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Problem("file-is-folder", name=name)
    if not stat.S_ISREG(status.st_mode):
        raise Problem("vault-not-document", name=name)


@contextmanager
def open_file(file: Path) -> Iterator[Opened]:
    """``file`` opened for reading, looked at again: it may have been exchanged meanwhile."""
    # a pipe put in its place must not make us wait for a writer
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(file, "rb", buffering=0, opener=lambda path, _: os.open(path, flags)) as source:
        status = os.fstat(source.fileno())
        refuse_unless_document(status, shown(file.name))
        yield Opened(source, source.fileno(), status.st_size)


def gather_tree(tree: Tree, report: Report) -> Gathered:
    """Everything in another vault but Guardian's own folder; links and damage are told."""
    found = Gathering()
    top = tree.look(tree.folder(""))
    walked = walk(tree, [one.node for one in top if one.node], report)
    numbers = {TOP: TARGET}
    for step in walked.steps:
        node, source, folder = step.node, tree.root / step.node.path, numbers[step.parent]
        if node.kind is Kind.FOLDER:
            numbers[step.number] = found.branch(source, folder, node.name)
        else:
            opening = partial(open_node, tree, node)
            found.documents.append(Document(source, folder, node.name, node.size or 0, opening))
    for one in walked.refused:
        found.refuse(tree.root / one.name, one.problem)
    return found.all()


@contextmanager
def open_node(tree: Tree, node: Node) -> Iterator[Opened]:
    reader = tree.open_document(node)
    with DocumentFile(reader) as source:
        yield Opened(source, reader.handle, reader.size)
