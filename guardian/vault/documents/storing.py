"""Documents put into a vault: encrypted, synced, read back, and only then visible."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol, TypeVar

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report
from guardian.core.words import Message, message
from guardian.vault.cryptomator.content import DocumentReader, Room, Seal, encrypt_stream
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Folder
from guardian.vault.documents.incoming import Document, to_problem
from guardian.vault.documents.naming import join, numbered
from guardian.vault.model import Addition, Refusal, shown

# waiting for the disk is what small documents cost most, so as many as these wait together;
# they are open meanwhile, and a system may allow no more than 256 open files
BATCH_FILES = 512 if sys.platform == "linux" else 128
BATCH_BYTES = 64 * 2**20
# they share the disk's own commits, which come one after the other
SYNCERS = 8
# how much of a long document is written before the disk begins with it
EAGER_BYTES = 4 * 2**20


class Progress:
    """Counts bytes towards ``total`` and tells the listener, who may raise to stop.

    Each byte of a document counts twice: once written, once read back.
    """

    def __init__(self, report: Report, total: int) -> None:
        self._report = report
        self._total = total
        self._done = 0
        self._settled = 0
        self._note: Message | None = None

    def begin(self, code: str, name: str) -> None:
        self._note = message(code, name=shown(name))
        self._report(self._done, self._total, self._note)

    def more(self, size: int) -> None:
        # a file that grew while it was read must not push the count over the end
        self._done = min(self._done + size, self._total)
        self._report(self._done, self._total, self._note)

    def settle(self, size: int) -> None:
        """Documents of ``size`` bytes are through, whatever became of them."""
        self._settled += 2 * size
        self._done = self._settled


@dataclass(frozen=True)
class Placed:
    """A document, and the folder of the vault it is meant for."""

    document: Document
    folder: Folder


@dataclass(frozen=True)
class Written:
    """A document that lies encrypted in an open file without a name of its own.

    ``checksum`` is the CRC-32 of what was read.
    """

    document: Document
    folder: Folder
    temporary: Path
    file: FileIO
    seal: Seal
    checksum: int


class OfDocument(Protocol):
    @property
    def document(self) -> Document: ...


One = TypeVar("One", bound=OfDocument)
Made = TypeVar("Made")


def store(
    tree: Filesystem, wanted: Sequence[Placed], progress: Progress
) -> tuple[list[Addition], list[Refusal]]:
    """Copy documents into their folders, a batch at a time; what is there is whole.

    A name that is taken gets a number. What goes wrong with one document stops no other; a
    listener who raises stops all, and those that have their names by then stay.
    """
    storing = Storing(tree, progress)
    for documents in split_into_batches(wanted):
        storing.store(documents)
        progress.settle(sum(one.document.size for one in documents))
    return storing.added, storing.refused


def split_into_batches(wanted: Iterable[Placed]) -> Iterator[list[Placed]]:
    batch: list[Placed] = []
    size = 0
    for one in wanted:
        if batch and (len(batch) == BATCH_FILES or size + one.document.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.document.size
    if batch:
        yield batch


class Storing:
    """Puts documents into a vault; those of one batch become durable together.

    ``added`` and ``refused`` say what came of them.
    """

    def __init__(self, tree: Filesystem, progress: Progress) -> None:
        self.added: list[Addition] = []
        self.refused: list[Refusal] = []
        self._tree = tree
        self._progress = progress
        self._room = Room()

    def store(self, documents: Iterable[Placed]) -> None:
        with ExitStack() as rest:
            self._publish(self.write(documents, rest))

    def write(self, documents: Iterable[Placed], rest: ExitStack) -> list[Written]:
        """Everything but giving names: encrypted, synced and read back from the disk.

        ``rest`` removes what is then still without a name.
        """
        written = self._each(lambda one: self._write(one, rest), documents)
        errors = sync_all(written)

        def check(one: Written) -> Written:
            if (error := errors.get(one.temporary)) is not None:
                raise error
            drop_cached(one.file)
            fetch(one.file)
            return one

        return self._each(self._read_back, self._each(check, written))

    def _each(self, step: Callable[[One], Made], ones: Iterable[One]) -> list[Made]:
        """``step`` of each for which it went well; the others are refused."""
        made: list[Made] = []
        for one in ones:
            document = one.document
            try:
                made.append(step(one))
            except (Problem, OSError) as error:
                self._tree.check_there()
                self.refused.append(Refusal(document.source, to_problem(error, document.name)))
        return made

    def _write(self, one: Placed, rest: ExitStack) -> Written:
        """Encrypt into a file without a name. Raises ``Problem`` where the source changed."""
        document, checksum, passed = one.document, 0, 0
        self._progress.begin("vault.progress.adding", document.name)
        temporary = rest.enter_context(self._tree.temporary_file())
        target = rest.enter_context(FileIO(temporary, "x+b"))

        def seen(piece: memoryview) -> None:
            nonlocal checksum, passed
            checksum = zlib.crc32(piece, checksum)
            passed += len(piece)
            if passed % EAGER_BYTES == 0:
                drop_cached(target)
            self._progress.more(len(piece))

        with document.open() as source:
            before = os.fstat(source.handle)
            seal = encrypt_stream(source.content, target, self._tree.key, seen, self._room)
            after = os.fstat(source.handle)
        if (after.st_mtime_ns, seal.clear) != (before.st_mtime_ns, source.size):
            raise Problem("vault-source-changed", name=shown(document.name))
        # the document keeps its date; it is the only thing about it that is not encrypted
        os.utime(temporary, ns=(after.st_atime_ns, after.st_mtime_ns))
        return Written(document, one.folder, temporary, target, seal, checksum)

    def _read_back(self, one: Written) -> Written:
        """Compare what is on the disk with what was read; every chunk is verified on the way."""
        name = shown(one.document.name)
        self._progress.begin("vault.progress.checking", name)
        size = checksum = 0
        with DocumentReader(one.file, self._tree.key, name) as reader:
            for piece in reader.pieces():
                checksum = zlib.crc32(piece, checksum)
                size += len(piece)
                self._progress.more(len(piece))
        if (size, checksum) != (one.seal.clear, one.checksum):
            raise Problem("vault-copy-differs", name=name)
        return one

    def _publish(self, written: Iterable[Written]) -> None:
        """Give all their names, then wait once for each folder."""
        named: dict[Folder, list[tuple[str, Seal]]] = {}

        def publish(one: Written) -> Addition:
            name, encrypted = put(self._tree, one)
            named.setdefault(one.folder, []).append((encrypted, one.seal))
            return Addition(one.document.source, join(one.folder.path, name), one.seal.clear)

        try:
            self.added += self._each(publish, written)
        finally:
            for folder, entries in named.items():
                with mendable_file_errors(Path(shown(folder.path or self._tree.root.name))):
                    self._tree.settle(folder, entries)


def put(tree: Filesystem, one: Written) -> tuple[str, str]:
    """Give a document the first name that is free: that name, and its encrypted form."""
    for name in numbered(one.document.name):
        try:
            return name, tree.put(one.temporary, one.folder, name)
        except FileExistsError:
            continue
    raise AssertionError("unreachable")


def sync_all(written: Sequence[Written]) -> dict[Path, OSError]:
    """Wait until all lie on the disk; by their path, those with which that went wrong."""
    with ThreadPoolExecutor(SYNCERS) as pool:
        outcomes = list(pool.map(sync, written))
    return {one.temporary: error for one, error in zip(written, outcomes, strict=True) if error}


def sync(one: Written) -> OSError | None:
    try:
        os.fsync(one.file.fileno())
    except OSError as error:
        return error
    return None


def drop_cached(file: FileIO) -> None:
    """Ask the system to drop what it holds of a file in memory, once that is on the disk.

    What is not there yet it begins to write: so the disk is busy while we still encrypt, and
    what is read afterwards comes from the disk itself.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def fetch(file: FileIO) -> None:
    """Ask the system to read a file from the disk, many at once."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
