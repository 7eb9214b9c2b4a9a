"""Mailboxes the person hands in: mbox, Maildir, single mails, Apple Mail, Google's Takeout."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

from guardian.accounts.mail.harvest import Box, Form, holds_mailbox
from guardian.accounts.mail.heads import read_fields
from guardian.accounts.mail.mbox import cut, split_mbox
from guardian.accounts.mail.sharing import harvest
from guardian.accounts.model import NotRead, Source, SourceKind
from guardian.accounts.sources.files import open_plainly
from guardian.accounts.sources.mails import SINGLE, find_boxes, make_reading
from guardian.accounts.sources.reading import Reading, not_read
from guardian.core.child import run_limited
from guardian.core.errors import Problem, mendable_file_errors

KIND = SourceKind.MAILBOX
PEEK = 256 * 1024
PATIENCE = 300.0  # seconds by the clock, as the machine may be busy
SENDER, FEWEST = b"from", 2  # header lines that a single mail must have


def find(_home: Path, _environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """Nothing: a mailbox is never looked for, only handed in."""
    return iter(())


def recognise(path: Path, check: Callable[[], None]) -> Source | None:
    """The mailbox at ``path``; None where it is none.

    Raises ``Problem`` for a file that cannot be read, and ``Cancelled``.
    """
    if next(find_all(path, check), None) is None:
        return None
    return Source(f"{KIND.value}:{path.as_posix()}", path.name, "", KIND, path)


def find_all(path: Path, check: Callable[[], None]) -> Iterator[Box]:
    """The files with mails that ``path`` is or holds. Raises ``Problem``."""
    check()
    with mendable_file_errors(path):
        found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        yield from find_boxes(path, check)
    elif stat.S_ISREG(found.st_mode) and (form := form_of(path, check)):
        folder = path.stem if form is Form.MBOX else ""
        yield Box(form, os.fsencode(path), folder, found.st_size)


def form_of(path: Path, check: Callable[[], None]) -> Form | None:
    """How the mails in a file are written, by its name and its first bytes."""
    suffix = path.suffix.lower()
    with mendable_file_errors(path), open_plainly(path) as file:
        first = file.read(PEEK)
    if suffix == ".zip" or first.startswith(b"PK\x03\x04"):
        return Form.ZIP if is_takeout(path, check) else None
    if suffix in SINGLE:
        lines = first.partition(b"\n")[2] if first[:1].isdigit() else first
        fields = read_fields(cut(lines)[0]) or {}
        return SINGLE[suffix] if SENDER in fields and len(fields) >= FEWEST else None
    pieces = iter([first])
    mails = split_mbox(lambda _size: next(pieces, b""))
    return Form.MBOX if any(read_fields(head) for head, _ in islice(mails, 3)) else None


def is_takeout(path: Path, check: Callable[[], None]) -> bool:
    try:
        return run_limited(
            holds_mailbox, os.fsencode(path), bool, patience=PATIENCE, check=check
        )  # fmt: skip
    except Problem as problem:
        raise Problem("mail-file-hard", name=path.name) from problem


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """What the mails say about accounts."""
    try:
        boxes = list(find_all(source.path, check))
    except Problem as problem:
        return Reading((), (not_read(source, problem),), read=False)
    if not boxes:
        none = Problem("mail-none", name=source.path.name)
        return Reading((), (not_read(source, none),), read=False)
    return make_reading(source, harvest(boxes, (), int(now.timestamp()), check))
