"""Reads one export, of whatever kind; made to be run in a process of its own, within limits."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guardian.accounts.sources.exports import documents, tables
from guardian.accounts.sources.exports.logins import Gathered
from guardian.core.errors import Problem, mendable_file_errors

MAX_BYTES = 64 * 1024 * 1024
# how much tells what a file is
HEAD = 64 * 1024
ZIP = b"PK\x03\x04"
# the data of 1Password, Bitwarden, Proton Pass and Dashlane, and of Proton Pass under a password
MEMBERS = ("export.data", "data.json", "credentials.csv")
LOCKED_MEMBER = "data.pgp"
# KeePass, and Proton Pass under a password
LOCKED = (b"\x03\xd9\xa2\x9a", b"-----BEGIN PGP MESSAGE-----")
# all that Python's reader of archives is known to raise over a broken one
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip
OBJECT = re.compile(r'\s*\{\s*["}]')


def may_be_export(path: Path) -> bool:
    """Whether the beginning of a file looks like an export.

    Raises ``Problem`` for one that is under a password, empty, or no ordinary file.
    """
    head = begin(path)
    text = tables.decode(head, roughly=True)
    zipped = head.startswith(ZIP)
    return zipped or bool(OBJECT.match(text)) or tables.recognise(text) is not None


def identify(place: bytes) -> tuple[str, str]:
    """Key and program of the export at the path ``place``, by as little of it as tells.

    Raises ``Problem``: «import-unknown» where it is no export, or what is wrong with it.
    """
    path = Path(os.fsdecode(place))
    head = begin(path)
    if not head.startswith(ZIP) and (known := tables.recognise(tables.decode(head, roughly=True))):
        return known[0].key, known[0].program
    found = gather(place)
    return found.key, found.program


def gather(place: bytes) -> Gathered:
    """The logins of the export at the path ``place``. Raises ``Problem`` as :func:`identify`."""
    path = Path(os.fsdecode(place))
    csv.field_size_limit(MAX_BYTES)
    zipped = begin(path).startswith(ZIP)
    text = tables.decode(unpack(path) if zipped else read(path, MAX_BYTES))
    if OBJECT.match(text):
        found = documents.gather(text.encode("utf-8", "replace"), path.name)
    else:
        found = tables.gather(text)
    if found is None:
        raise Problem("import-unknown", name=path.name)
    return found


def begin(path: Path) -> bytes:
    """The beginning of an ordinary file. Raises ``Problem`` for one under a password too."""
    head = read(path, HEAD, whole=False)
    if head.startswith(LOCKED):
        raise Problem("export-locked", name=path.name)
    return head


def read(path: Path, limit: int, *, whole: bool = True) -> bytes:
    """An ordinary file of 1 to ``limit`` bytes; without ``whole``, its beginning."""
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if whole and size > limit:
            raise Problem("export-huge", name=path.name, megabytes=size // 10**6)
        with mendable_file_errors(path):
            return file.read(limit)


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """An ordinary file that is not empty, open for reading. Raises ``Problem``."""
    # without O_NONBLOCK, a pipe would hang us
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with mendable_file_errors(path):
        handle = os.open(path, flags)
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            os.close(handle)
            raise IsADirectoryError
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(found.st_mode):
            raise Problem("import-odd", name=path.name)
        if not found.st_size:
            raise Problem("import-empty", name=path.name)
        yield file


def unpack(path: Path) -> bytes:
    """The one file that counts in a zip archive. Raises ``Problem``."""
    with opened(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return unpack_member(archive, path.name)
        except BROKEN_ZIP as error:
            raise Problem("export-damaged", name=path.name) from error


def unpack_member(archive: zipfile.ZipFile, name: str) -> bytes:
    for info in archive.infolist():
        last = info.filename.rpartition("/")[2]
        if last == LOCKED_MEMBER:
            raise Problem("export-locked", name=name)
        if last not in MEMBERS:
            continue
        if info.flag_bits & 1:
            raise Problem("export-locked", name=name)
        with archive.open(info) as member:
            data = member.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Problem("export-huge", name=name, megabytes=info.file_size // 10**6)
        return data
    raise Problem("import-unknown", name=name)
