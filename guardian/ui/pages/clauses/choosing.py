"""Asks for files and folders, and names a document that is to become a file."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from guardian.clauses.model import Explanation

KINDS = "*.txt *.md *.html *.htm *.xhtml *.mht *.mhtml *.pdf *.docx *.odt *.eml"
NAME_MOST = 80


def kinds() -> str:
    """The kinds of files, as Qt's dialogs want them."""
    documents = QCoreApplication.translate("Choosing", "Documents and web pages")
    every = QCoreApplication.translate("Choosing", "All files")
    return f"{documents} ({KINDS});;{every} (*)"


def choose_files(parent: QWidget) -> list[Path]:
    """One or several files; none where the person changed her mind."""
    paths, _ = QFileDialog.getOpenFileNames(
        parent, QCoreApplication.translate("Choosing", "Open documents"), "", kinds()
    )
    return [Path(path) for path in paths]


def choose_folder(parent: QWidget) -> list[Path]:
    """A folder, or none."""
    path = QFileDialog.getExistingDirectory(
        parent, QCoreApplication.translate("Choosing", "Open a folder")
    )
    return [Path(path)] if path else []


def choose_older(parent: QWidget) -> Path | None:
    """The file of an older version."""
    path, _ = QFileDialog.getOpenFileName(
        parent, QCoreApplication.translate("Choosing", "Open the older version"), "", kinds()
    )
    return Path(path) if path else None


def as_file(explanation: Explanation) -> tuple[str, bytes]:
    """A document's text with a name, to be kept elsewhere."""
    name = re.sub(r"[^\w .()-]+", " ", explanation.document.title).strip(" .")[:NAME_MOST]
    return f"{name or 'document'}.txt", explanation.document.text.encode()
