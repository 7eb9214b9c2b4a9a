"""Turns a file into a document. Its content is read and parsed in a child process alone.

:func:`open_document` is the window's side: it looks at the size, starts the child and waits.
:func:`read_document` is the child's side: it chooses a reader by content and name.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from guardian.clauses.model import Document, SourceKind
from guardian.core.child import run_limited
from guardian.core.errors import Problem, mendable_file_errors

FILE_MOST = 25_000_000
TEXT_MOST = 10_000_000
SECONDS = 30.0
LOOKS_LIKE_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|h1|article)\b", re.IGNORECASE
)
HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml")
TEXT_NAMES = (".txt", ".text", ".md", ".markdown")
MILLION = 1_000_000


def open_document(
    path: Path, check: Callable[[], None] = lambda: None, *, seconds: float = SECONDS
) -> Document:
    """Read ``path`` with a child process. ``check`` may raise ``Cancelled``.

    Raises ``Problem`` for a file that is missing, a folder, refused, empty, too big (over 25 MB,
    or over ten million characters of text), not text, or too hard for the limits.
    """
    with mendable_file_errors(path):
        if path.is_dir():
            raise IsADirectoryError
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
            raise Problem("document-not-text", name=shown(path.name))
        if status.st_size > FILE_MOST:
            raise Problem("document-too-big", name=shown(path.name), most=TEXT_MOST // MILLION)
    # the child gets the name and not the content, so that nothing large is pushed through a pipe
    return run_limited(read_document, os.fsencode(path), Document, seconds=seconds, check=check)


def read_document(data: bytes) -> Document:
    """The document in the file whose name is ``data``. Raises ``Problem``."""
    from guardian.clauses.counting import count_words
    from guardian.clauses.sources.text import NotTextError

    path = Path(os.fsdecode(data))
    with mendable_file_errors(path):
        content = path.read_bytes()
    try:
        document = from_html(path, content) if is_html(path, content) else from_text(path, content)
    except NotTextError as error:
        raise Problem("document-not-text", name=shown(path.name)) from error
    if len(document.text) > TEXT_MOST:
        raise Problem("document-too-big", name=shown(path.name), most=TEXT_MOST // MILLION)
    words = count_words(document.text)
    if not words:
        raise Problem("document-empty", name=shown(path.name))
    return replace(document, words=words)


def shown(name: str) -> str:
    """A file name whose bytes are no sound text, as text all the same."""
    return name.encode("utf-8", "replace").decode()


def is_html(path: Path, content: bytes) -> bool:
    """By its name, or by its first tags where the name says nothing."""
    suffix = path.suffix.lower()
    if suffix in HTML_NAMES:
        return True
    start = content[:2048].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return suffix not in TEXT_NAMES and start[:1] == b"<" and bool(LOOKS_LIKE_HTML.search(start))


def from_text(path: Path, content: bytes) -> Document:
    """A text or Markdown file, word for word; its name is its title."""
    from guardian.clauses.sources import text

    decoded, encoding, lost = text.decode(content)
    return Document(shown(path.stem), decoded, 0, encoding=encoding, unreadable=lost)


def from_html(path: Path, content: bytes) -> Document:
    """A saved web page without its furniture."""
    from guardian.clauses.counting import count_words
    from guardian.clauses.sources import html

    try:
        page = html.read(content)
    except html.NoWordsError:
        return Document(shown(path.stem), "", 0, kind=SourceKind.HTML)
    return Document(
        title=page.title or shown(path.stem),
        text=page.text,
        words=0,
        dropped_words=count_words(page.dropped),
        dropped_text=page.dropped,
        kind=SourceKind.HTML,
        encoding=page.encoding,
        unreadable=page.unreadable,
    )
