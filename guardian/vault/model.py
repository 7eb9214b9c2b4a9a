"""The nouns of the vault: documents and folders inside one, and the vaults a person knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from guardian.core.errors import Problem
from guardian.core.words import Message

# Guardian's own things inside a vault; other programs for the format show it as a folder
OWN = ".guardian"
# of a document's details, in characters and tags
MOST_NOTE, MOST_TAGS, MOST_TAG = 10_000, 20, 40
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# a year from the ends of Python's calendar, so that no time zone and no deadline leads beyond them
EARLIEST = (datetime(2, 1, 1, tzinfo=UTC) - EPOCH).total_seconds()
LATEST = (datetime(9999, 1, 1, tzinfo=UTC) - EPOCH).total_seconds()
# how many days deleted things stay in the vault's trash
KEPT_DAYS = 30


class Kind(StrEnum):
    """What an entry of a vault is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"


@dataclass(frozen=True)
class Details:
    """What the person wrote down about a document; kept encrypted inside the vault."""

    note: str = ""
    tags: tuple[str, ...] = ()
    valid_until: date | None = None


NO_DETAILS = Details()


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
    details: Details = NO_DETAILS


@dataclass(frozen=True)
class NotRead:
    """Something that is there and could not be read: what it is called, and why."""

    name: str
    problem: Problem


@dataclass(frozen=True)
class Conflict:
    """A copy that a sync program made of an entry, under a name that is not the format's.

    ``folder`` is where it lies inside the vault, ``name`` what the entry behind it is called,
    ``file`` its name on disk.
    """

    folder: str
    name: str
    file: str
    size: int | None
    modified: datetime


@dataclass(frozen=True)
class Listing:
    """What a folder of a vault holds: folders first, then by name; and what could not be read."""

    entries: tuple[Entry, ...]
    not_read: tuple[NotRead, ...]
    conflicts: tuple[Conflict, ...] = ()


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


@dataclass(frozen=True)
class Removed:
    """Which originals were deleted after they were added, and which were left, and why."""

    removed: tuple[Path, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class Moved:
    """What came of renaming, moving, deleting or bringing back: (old path, new path) of each.

    Handing the pairs back in the other direction undoes it.
    """

    moved: tuple[tuple[str, str], ...]
    refused: tuple[NotRead, ...]


@dataclass(frozen=True)
class Saved:
    """What came of saving several documents or folders outside the vault."""

    saved: tuple[Path, ...]
    refused: tuple[NotRead, ...]


@dataclass(frozen=True)
class Trashed:
    """Something in the vault's own trash: ``key`` names it, ``came_from`` is where it was."""

    key: str
    name: str
    kind: Kind
    size: int | None
    came_from: str
    deleted: datetime


class Condition(StrEnum):
    """What a check says of a vault or of one thing in it."""

    AS_WRITTEN = "as-written"
    CHANGED = "changed"
    DAMAGED = "damaged"


class Remedy(StrEnum):
    """What can be done about a finding."""

    ACCEPT = "accept"
    SAVE_PART = "save-part"
    REBUILD = "rebuild"
    ADOPT = "adopt"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as Guardian wrote it. ``path`` is inside the vault, as far as known.

    ``place`` is the encrypted file or folder, relative to the vault's folder on disk.
    """

    condition: Condition
    what: Message
    path: str
    place: str
    remedy: Remedy | None = None


@dataclass(frozen=True)
class CheckReport:
    """What a check saw. ``older``: the vault is older than the one this computer saw last.

    ``listed`` is False where no list of Guardian's was in the vault to compare with.
    ``read`` counts the encrypted bytes that were looked at.
    """

    full: bool
    when: datetime
    condition: Condition
    findings: tuple[Finding, ...]
    documents: int
    folders: int
    read: int
    listed: bool
    older: bool


@dataclass(frozen=True)
class BackedUp:
    """What a backup did: files copied (each read back), files that were as before, files kept in
    ``aside`` because the vault no longer has them or has them anew; bytes copied.

    ``refused`` are files of the vault that could not be read: the backup lacks them, or has them
    as they were before.
    """

    place: Path
    when: datetime
    copied: int
    unchanged: int
    set_aside: int
    bytes: int
    refused: tuple[Refusal, ...] = ()
    aside: Path | None = None


class VaultState(StrEnum):
    """What was seen at a vault's place, without opening it."""

    FOUND = "found"
    MISSING = "missing"
    NOT_A_VAULT = "not-a-vault"


@dataclass(frozen=True)
class VaultInfo:
    """A vault this person made or opened. Nothing of what is inside is ever recorded.

    ``state`` and ``checked`` are None until its place was looked at; times carry a time zone.
    ``expiries`` are the days until which documents in it are valid: days alone, no names.
    ``recovery`` says whether recovery words were made for it, None where nobody looked.
    """

    path: Path
    added: datetime
    last_opened: datetime | None = None
    state: VaultState | None = None
    checked: datetime | None = None
    condition: Condition | None = None
    last_check: datetime | None = None
    last_full_check: datetime | None = None
    last_backup: datetime | None = None
    backup_place: Path | None = None
    expiries: tuple[date, ...] = ()
    opens_here: bool = False
    recovery: bool | None = None

    @property
    def name(self) -> str:
        return shown(self.path.name) or str(self.path)


@dataclass(frozen=True)
class Sheet:
    """What a recovery sheet says. ``words`` and ``key`` open the vault; ``repr`` hides them.

    ``key`` is the vault's two keys as hexadecimal digits with a check at the end, for the day its
    own key files are gone. ``day`` is when the words were made.
    """

    vault: str
    day: date
    words: tuple[str, ...] = field(repr=False)
    key: str = field(repr=False)


def to_day_and_time(seconds: float) -> datetime:
    """When ``seconds`` since 1970 were, in UTC. Disks keep dates that no calendar here knows,
    and a vault may come from anybody: those become the first or the last day of one that does.
    """
    return EPOCH + timedelta(seconds=min(max(seconds, EARLIEST), LATEST))


def is_known(when: datetime) -> bool:
    """Whether ``when`` carries a time zone and lies where days can still be counted from it."""
    return when.tzinfo is not None and EARLIEST <= (when - EPOCH).total_seconds() <= LATEST


def shown(name: str) -> str:
    """``name`` fit to be printed, even where the system gave bytes that are no text."""
    return name.encode("utf-8", "replace").decode("utf-8")
