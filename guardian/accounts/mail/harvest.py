"""Reads mailboxes, in a child process, as mails are documents from others.

The child gets nothing but names of files, and gives nothing back but notes; see ``sharing`` for
the parent's side.
"""

from __future__ import annotations

import os
import stat
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import msgspec

from guardian.accounts.mail import bodies, gloda
from guardian.accounts.mail.heads import read_head
from guardian.accounts.mail.ledger import Ledger, Notes
from guardian.accounts.mail.mbox import BODY, HEAD, Mail, cut, split_mbox, split_range
from guardian.core.errors import Problem, mendable_file_errors

NAMED_ALONE = frozenset({"file-missing", "no-permission"})


class Form(StrEnum):
    """How mails are written in a file."""

    MBOX = "mbox"
    MAIL = "mail"
    APPLE = "apple"
    ZIP = "zip"
    GLODA = "gloda"


@dataclass(frozen=True)
class Box:
    """A file with mails, of ``size`` bytes; ``folder`` is the name of the mail folder it is.

    ``place`` is where Thunderbird's index knows that folder from, see ``gloda.place_of``.
    ``copied`` marks a copy of our own of a database, with unfinished changes beside it. Of a
    large file, only what lies from byte ``start`` to byte ``end`` may be meant (None: to the end);
    of a database it is as much of the whole.
    """

    form: Form
    path: bytes
    folder: str = ""
    size: int = 0
    place: str = ""
    copied: bool = False
    start: int = 0
    end: int | None = None

    @property
    def whole(self) -> bool:
        return self.start == 0 and self.end is None


@dataclass(frozen=True)
class Task:
    """What the child is asked to read. ``now`` is in Unix seconds."""

    boxes: tuple[Box, ...]
    now: int


@dataclass(frozen=True)
class Answer:
    """What the child has to say.

    ``indexed`` are the folders that need not be read after an index; ``odd`` the files that could
    not be read: their number in the task and the code of the problem.
    """

    notes: Notes = field(default_factory=Notes)
    indexed: tuple[str, ...] = ()
    odd: tuple[tuple[int, str], ...] = ()


def harvest_here(data: bytes) -> Answer:
    """The child's side: read the boxes that ``data`` names."""
    task = msgspec.msgpack.decode(data, type=Task)
    ledger = Ledger(task.now)
    odd: list[tuple[int, str]] = []
    indexed: set[str] = set()
    for number, box in enumerate(task.boxes):
        try:
            indexed |= read_box(box, ledger)
        except Problem as problem:
            odd.append((number, code_of(problem)))
    return Answer(ledger.notes(), tuple(sorted(indexed)), tuple(odd))


def code_of(problem: Problem) -> str:
    """A code that needs no more than the name of the file to be told."""
    known = problem.code.startswith("mail-") or problem.code in NAMED_ALONE
    return problem.code if known else Problem("mail-file-damaged").code


def read_box(box: Box, ledger: Ledger) -> frozenset[str]:
    """Take note of every mail in one file; the folders that need not be read after it.

    Raises ``Problem``.
    """
    path = Path(os.fsdecode(box.path))
    if box.form is Form.GLODA:
        part = None if box.whole else (box.start, box.end or box.size, box.size)
        return gloda.read_gloda(path, ledger, copied=box.copied, part=part)
    with mendable_file_errors(path), os.fdopen(open_plain(path), "rb", buffering=0) as file:
        if box.form is Form.ZIP:
            read_zip(path, ledger)
        elif box.form is Form.MBOX:
            end = box.end if box.end is not None else sys.maxsize
            read_mbox(split_range(file, box.start, end), ledger, box.folder, path.name)
        else:
            raw = file.read(HEAD + BODY)
            if box.form is Form.APPLE and raw[:1].isdigit():  # a line with the size comes first
                raw = raw.partition(b"\n")[2]
            if not add_mail(cut(raw.removeprefix(b"\n")), ledger, box.folder):
                raise Problem("mail-none", name=path.name)
    return frozenset()


def open_plain(path: Path) -> int:
    """A handle on an ordinary file. A pipe would be waited for without end."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise Problem("mail-file-odd", name=path.name)


def read_mbox(mails: Iterable[Mail], ledger: Ledger, folder: str, name: str) -> None:
    found = False
    for mail in mails:
        found = True
        add_mail(mail, ledger, folder)
    if not found:
        raise Problem("mail-none", name=name)


def add_mail(mail: Mail, ledger: Ledger, folder: str) -> bool:
    """Take note of one mail; whether it looks like one at all."""
    head, raw = mail
    found = read_head(head)
    if found is None:
        return b":" in head
    ledger.add(found[0], lambda: bodies.read_body(found[1], raw), folder)
    return True


def read_zip(path: Path, ledger: Ledger) -> None:
    """The mailboxes in an archive, such as Google's Takeout hands out."""
    with open_zip(path) as archive:
        boxes = mailboxes_in(archive)
        if not boxes:
            raise Problem("mail-none", name=path.name)
        for box in boxes:
            with archive.open(box) as file:
                read_mbox(split_mbox(file.read), ledger, "", path.name)


def mailboxes_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [one for one in archive.infolist() if one.filename.lower().endswith(".mbox")]


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive; whatever is wrong with it is ``Problem("mail-file-damaged")``."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (
        zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError,
    ) as error:  # fmt: skip
        raise Problem("mail-file-damaged", name=path.name) from error


def holds_mailbox(data: bytes) -> bool:
    """In the child: whether the archive whose name is ``data`` holds a mailbox."""
    try:
        with open_zip(Path(os.fsdecode(data))) as archive:
            return bool(mailboxes_in(archive))
    except Problem:
        return False
