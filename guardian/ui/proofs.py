"""Files on their way from a page that wants them kept to the page that can keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class Parcel:
    """``files`` for the ``folder`` of a vault; ``about`` comes back with the word of them."""

    files: tuple[Path, ...]
    folder: str
    about: str


class Proofs(QObject):
    """``waiting``: a parcel lies here. ``kept``: about what, the file's name, and where it is."""

    waiting = Signal()
    kept = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self._parcel: Parcel | None = None

    @property
    def parcel(self) -> Parcel | None:
        return self._parcel

    def offer(self, files: Sequence[Path], folder: str, about: str) -> None:
        """Lay a parcel here; one that still waits is given up for it."""
        self._parcel = Parcel(tuple(files), folder, about)
        self.waiting.emit()

    def take(self) -> Parcel | None:
        """The parcel that waits, which is here no more."""
        parcel, self._parcel = self._parcel, None
        return parcel
