"""Finds the documents among the files and folders that a person chose."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors

MOST = 1000
PAGES = (".html", ".htm", ".xhtml", ".shtml")
ENDINGS = frozenset(
    (*PAGES, ".txt", ".text", ".md", ".markdown", ".pdf", ".docx", ".docm", ".odt")
).union((".eml", ".mht", ".mhtml"))


def find_documents(
    paths: Sequence[Path], check: Callable[[], None] = lambda: None
) -> tuple[Path, ...]:
    """The files among ``paths`` whatever they are called, and the documents in the folders.

    Each once, in the order of ``paths``, inside a folder by name. ``check`` may raise
    ``Cancelled``. Raises ``Problem`` for a folder that cannot be opened, and when there are more
    documents than anyone would want explained at once.
    """
    found: dict[Path, None] = {}
    for path in paths:
        check()
        with mendable_file_errors(path):
            is_folder = path.is_dir()
            if is_folder:
                os.scandir(path).close()
        if is_folder:
            found |= dict.fromkeys(walk(path, check))
        else:
            found[path] = None
    if len(found) > MOST:
        raise Problem("documents-too-many", count=len(found), most=MOST)
    return tuple(found)


def walk(folder: Path, check: Callable[[], None]) -> Iterator[Path]:
    """The documents in ``folder`` and below. Links to other folders are not followed.

    Hidden files and what a browser saved along with a page are left out.
    """
    for here, folders, names in os.walk(folder):
        check()
        pages = [Path(name).stem for name in names if name.lower().endswith(PAGES)]
        folders[:] = sorted(name for name in folders if is_own(name, pages))
        for name in sorted(names):
            path = Path(here, name)
            if name[0] != "." and path.suffix.lower() in ENDINGS and path.is_file():
                yield path


def is_own(name: str, pages: Sequence[str]) -> bool:
    """Whether a folder is one that a person made, and not the pictures of a saved page."""
    if name.startswith(".") or name.endswith("_files"):
        return False
    return not any(name.startswith(page) and name[len(page) :][:1] in "_-." for page in pages)
