"""The nouns of the vault: documents and folders inside one, and the vaults a person knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from guardian.core.errors import Problem


class Kind(StrEnum):
    """What an entry of a vault is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"


@dataclass(frozen=True)
class Entry:
    """One thing in a vault. ``path`` is its place inside, ``size`` its bytes in the clear.

    ``size`` is None for folders and links, and for a document so damaged that it cannot be told.
    ``modified`` carries a time zone.
    """

    path: str
    name: str
    kind: Kind
    size: int | None
    modified: datetime


@dataclass(frozen=True)
class NotRead:
    """Something that is there and could not be read: what it is called, and why."""

    name: str
    problem: Problem


@dataclass(frozen=True)
class Listing:
    """What a folder of a vault holds: folders first, then by name; and what could not be read."""

    entries: tuple[Entry, ...]
    not_read: tuple[NotRead, ...]


@dataclass(frozen=True)
class Addition:
    """A document that is now in the vault, read back and found identical."""

    source: Path
    path: str
    size: int


@dataclass(frozen=True)
class Refusal:
    """A file that was not added, and why. It is where it was, unchanged."""

    source: Path
    problem: Problem


@dataclass(frozen=True)
class Added:
    """What came of adding files."""

    added: tuple[Addition, ...]
    refused: tuple[Refusal, ...]


class VaultState(StrEnum):
    """What was seen at a vault's place, without opening it."""

    FOUND = "found"
    MISSING = "missing"
    NOT_A_VAULT = "not-a-vault"


@dataclass(frozen=True)
class VaultInfo:
    """A vault this person made or opened. Nothing of what is inside is ever recorded.

    ``state`` and ``checked`` are None until its place was looked at; times carry a time zone.
    """

    path: Path
    added: datetime
    last_opened: datetime | None = None
    state: VaultState | None = None
    checked: datetime | None = None

    @property
    def name(self) -> str:
        return shown(self.path.name) or str(self.path)


def shown(name: str) -> str:
    """``name`` fit to be printed, even where the system gave bytes that are no text."""
    return name.encode("utf-8", "replace").decode("utf-8")
