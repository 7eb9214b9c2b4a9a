"""The system's dialogs for files and folders, as far as the vault page needs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

VAULT_FILE = "vault.cryptomator"


def documents_folder() -> Path:
    """Where this person keeps documents, or their home."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(place))
    return folder if folder.is_dir() else Path.home()


def choose_documents(parent: QWidget, title: str) -> list[Path]:
    files, _ = QFileDialog.getOpenFileNames(parent, title, str(documents_folder()))
    return [Path(file) for file in files]


def choose_folder(parent: QWidget, title: str, start: Path) -> Path | None:
    folder = QFileDialog.getExistingDirectory(parent, title, str(start))
    return Path(folder) if folder else None


def choose_target(parent: QWidget, title: str, name: str) -> Path | None:
    """Where to save a copy; the dialog itself asks before a file is replaced."""
    file, _ = QFileDialog.getSaveFileName(parent, title, str(documents_folder() / name))
    return Path(file) if file else None


def vault_among(files: Sequence[Path]) -> Path | None:
    """The folder that was meant by what was dropped: itself, or the one around a vault's file."""
    if len(files) != 1:
        return None
    return files[0].parent if files[0].name == VAULT_FILE else files[0]
