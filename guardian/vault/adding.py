"""Bringing a document into an open vault: encrypted, synced, read back, and only then visible."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report
from guardian.core.words import Message, message
from guardian.vault.cryptomator.content import encrypt_stream
from guardian.vault.cryptomator.filesystem import Filesystem, Folder, Node, split
from guardian.vault.cryptomator.names import is_possible_name
from guardian.vault.model import Addition, Kind, shown

MAX_NAME_BYTES = 255


class Progress:
    """Counts bytes towards ``total`` and tells the listener, who may raise to stop."""

    def __init__(self, report: Report, done: int, total: int) -> None:
        self._report = report
        self._done = done
        self._total = total
        self._note: Message | None = None

    def begin(self, note: Message) -> None:
        self._note = note
        self._report(self._done, self._total, note)

    def more(self, count: int) -> None:
        # a file that grew while it was read must not push the count over the end
        self._done = min(self._done + count, self._total)
        self._report(self._done, self._total, self._note)


def check_source(file: Path, vault: Path) -> int:
    """The size of ``file`` in bytes. Raises ``Problem`` unless it is a document we can take.

    A link to a document is followed; folders, devices and pipes are refused.
    """
    name = shown(file.name)
    with mendable_file_errors(Path(name)):
        if not is_possible_name(file.name) or len(os.fsencode(file.name)) > MAX_NAME_BYTES:
            raise Problem("vault-name-impossible", name=name)
        status = file.stat()
        refuse_unless_document(status, name)
        if file.resolve().is_relative_to(vault.resolve()):
            raise Problem("vault-own-file", name=name)
    return status.st_size


def refuse_unless_document(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Problem("file-is-folder", name=name)
    if not stat.S_ISREG(status.st_mode):
        raise Problem("vault-not-document", name=name)


def make_folders(tree: Filesystem, path: str) -> Folder:
    """The folder at ``path`` with every folder on the way to it, made where missing."""
    here = tree.folder("")
    for name in split(path):
        if not is_possible_name(name) or len(name.encode("utf-8")) > MAX_NAME_BYTES:
            raise Problem("vault-name-impossible", name=shown(name))
        inside = f"{here.path}/{name}" if here.path else name
        with mendable_file_errors(Path(shown(name))):
            here = make_or_open(tree, here, name, inside)
    return here


def make_or_open(tree: Filesystem, parent: Folder, name: str, path: str) -> Folder:
    try:
        return tree.make_folder(parent, name)
    except FileExistsError:
        return tree.folder(path)


def add_document(tree: Filesystem, file: Path, folder: Folder, progress: Progress) -> Addition:
    """Copy ``file`` into ``folder``. Any exception leaves the vault as it was."""
    name = shown(file.name)
    with mendable_file_errors(Path(name)), tree.temporary_file() as temporary:
        progress.begin(message("vault.progress.adding", name=name))
        size, checksum = write_document(tree, file, temporary, progress)
        progress.begin(message("vault.progress.checking", name=name))
        if read_back(tree, temporary, name, progress) != (size, checksum):
            raise Problem("vault-copy-differs", name=name)
        final = publish(tree, temporary, folder, file.name)
    return Addition(file, f"{folder.path}/{final}" if folder.path else final, size)


def write_document(
    tree: Filesystem, file: Path, temporary: Path, progress: Progress
) -> tuple[int, int]:
    """Encrypt ``file`` into ``temporary``, synced; the bytes read and their CRC-32."""
    checksum = 0

    def seen(piece: bytes) -> None:
        nonlocal checksum
        checksum = zlib.crc32(piece, checksum)
        progress.more(len(piece))

    with open_source(file) as source, temporary.open("xb") as target:
        before = os.fstat(source.fileno())
        size = encrypt_stream(source, target, tree.key, seen)
        after = os.fstat(source.fileno())
        if (after.st_mtime_ns, size) != (before.st_mtime_ns, before.st_size):
            raise Problem("vault-source-changed", name=shown(file.name))
        target.flush()
        # the document keeps its date; it is the only thing about it that is not encrypted
        os.utime(temporary, ns=(after.st_atime_ns, after.st_mtime_ns))
        os.fsync(target.fileno())
        forget_cached(target)
    return size, checksum


def open_source(file: Path) -> BinaryIO:
    """``file`` opened for reading, looked at again: it may have been exchanged meanwhile."""
    # a pipe put in its place must not make us wait for a writer
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    source = os.fdopen(os.open(file, flags), "rb", buffering=0)
    try:
        refuse_unless_document(os.fstat(source.fileno()), shown(file.name))
    except BaseException:
        source.close()
        raise
    return source


def forget_cached(file: BinaryIO) -> None:
    """Ask the system to drop its copy in memory, so that reading back reads the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_back(tree: Filesystem, temporary: Path, name: str, progress: Progress) -> tuple[int, int]:
    """The size and CRC-32 of what was written; every chunk is verified on the way."""
    size = checksum = 0
    node = Node(name, name, Kind.FILE, temporary, temporary, None, 0.0)
    with tree.open_document(node) as reader:
        for piece in reader.pieces():
            checksum = zlib.crc32(piece, checksum)
            size += len(piece)
            progress.more(len(piece))
    return size, checksum


def publish(tree: Filesystem, temporary: Path, folder: Folder, name: str) -> str:
    """Give the finished document the first name that is free; that name."""
    for candidate in numbered(name):
        try:
            tree.publish(temporary, folder, candidate)
        except FileExistsError:
            continue
        return candidate
    raise AssertionError("unreachable")


def numbered(name: str) -> Iterator[str]:
    """``scan.pdf``, ``scan (1).pdf``, ``scan (2).pdf`` and so on, each within 255 bytes."""
    yield name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 16:
        stem, dot, ending = name, "", ""
    number = 0
    while True:
        number += 1
        tail = f" ({number}){dot}{ending}"
        kept = stem.encode("utf-8")[: MAX_NAME_BYTES - len(tail.encode("utf-8"))]
        yield kept.decode("utf-8", "ignore") + tail
