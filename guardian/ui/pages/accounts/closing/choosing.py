"""The system's dialogs for files, as far as the walk needs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def documents_folder() -> Path:
    """Where this person keeps documents, or their home."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(place))
    return folder if folder.is_dir() else Path.home()


def choose_target(parent: QWidget, title: str, name: str) -> Path | None:
    """Where to save; the dialog itself asks before a file is replaced."""
    file, _ = QFileDialog.getSaveFileName(parent, title, str(documents_folder() / name))
    return Path(file) if file else None


def choose_proofs(parent: QWidget, title: str) -> Sequence[Path]:
    files, _ = QFileDialog.getOpenFileNames(parent, title, str(documents_folder()))
    return [Path(file) for file in files]
