"""Turns a file into a document. Its content is read and parsed in a child process alone.

:func:`open_document` is the window's side: it looks at the size, starts the child and waits.
:func:`read_confined` is the child's side: it gives up all but reading, then reads.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from guardian.clauses.model import Document
from guardian.clauses.sources.titles import shown
from guardian.core.child import Spare, run_limited
from guardian.core.errors import Problem, mendable_file_errors

FILE_MOST = 25_000_000
TEXT_MOST = 10_000_000
SECONDS = 12.0
MILLION = 1_000_000
WANTED = (
    "readability",
    "guardian.clauses.sources.contents",
    "guardian.clauses.sources.html",
    "guardian.core.confinement",
)


def open_document(
    path: Path,
    check: Callable[[], None] = lambda: None,
    *,
    seconds: float = SECONDS,
    spare: Spare | None = None,
) -> Document:
    """Read ``path`` with a child process. ``check`` may raise ``Cancelled``.

    Raises ``Problem`` for a file that is missing, a folder, refused, empty, too big (over 25 MB,
    or over ten million characters of text), of a kind that is not read here, locked, damaged,
    without words, changing, or too hard for the limits.
    """
    with mendable_file_errors(path):
        look_at(path.stat(), path)
    # the child gets the name and not the content, so that nothing large is pushed through a pipe
    return run_limited(
        read_confined, os.fsencode(path), Document, seconds=seconds, check=check, spare=spare
    )


def look_at(status: os.stat_result, path: Path) -> None:
    """Raise what keeps a file from being read, as far as its status tells."""
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
        raise Problem("document-not-text", name=shown(path.name))
    if status.st_size > FILE_MOST:
        raise Problem("document-too-big", name=shown(path.name), most=TEXT_MOST // MILLION)


def load() -> None:
    """Load what web pages need, so that a child that waits has it at hand: half of its work."""
    for name in WANTED:
        import_module(name)


def read_confined(data: bytes) -> Document:
    """As :func:`read_document`, in a process that from now on can read and nothing else."""
    from guardian.core.confinement import only_read

    only_read()
    return read_document(data)


def read_document(data: bytes) -> Document:
    """The document in the file whose name is ``data``. Raises ``Problem``."""
    from guardian.clauses.counting import count_words
    from guardian.clauses.sources.contents import read_content

    path = Path(os.fsdecode(data))
    document = read_content(read_whole(path), path.name)
    if len(document.text) > TEXT_MOST:
        raise Problem("document-too-big", name=shown(path.name), most=TEXT_MOST // MILLION)
    words = count_words(document.text)
    if not words:
        raise Problem("document-empty", name=shown(path.name))
    return replace(document, words=words, dropped_words=count_words(document.dropped_text))


def read_whole(path: Path) -> bytes:
    """The file's bytes, all of the same moment. Raises ``Problem``."""
    with mendable_file_errors(path):
        # a pipe that took the file's place meanwhile must not be waited for
        file = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(file, "rb") as opened:
            before = os.fstat(file)
            look_at(before, path)
            content = opened.read(FILE_MOST + 1)
            after = os.fstat(file)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Problem("document-changing", name=shown(path.name))
    if len(content) != after.st_size:
        raise Problem("document-changing", name=shown(path.name))
    return content
