"""The whole picture of one moment: processes, what starts by itself, and the machine around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guardian.core.words import Message, message
from guardian.processes.model.entry import StartEntry
from guardian.processes.model.process import Process
from guardian.processes.model.seen import Seen, System, Unknown


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface; ``bridged``: part of a bridge, bond or virtual machine."""

    name: str
    promiscuous: bool
    bridged: bool


@dataclass(frozen=True, slots=True)
class PowerFile:
    """A file that gives whoever starts it more rights than he has."""

    path: str
    uid: int
    setuid: bool
    setgid: bool
    capabilities: tuple[str, ...]
    owner: Seen[str | None]


class Limit(StrEnum):
    """What keeps a whole look from being complete, whatever the rules say."""

    OTHERS_HIDDEN = "others-hidden"
    INSIDE_CONTAINER = "inside-container"
    NO_PACKAGES = "no-packages"
    FILES_PARTLY = "files-partly"
    """The search for files that give special rights ran out of time."""

    def tell(self) -> Message:
        return LIMIT_WORDS[self]


LIMIT_WORDS = {
    Limit.OTHERS_HIDDEN: message("processes.limit.others-hidden"),
    Limit.INSIDE_CONTAINER: message("processes.limit.inside-container"),
    Limit.NO_PACKAGES: message("processes.limit.no-packages"),
    Limit.FILES_PARTLY: message("processes.limit.files-partly"),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything of one moment, on any system.

    ``present`` are the places asked about that exist, as they were asked for. ``power_files`` and
    hidden processes are looked for in a deep look only. ``sniffers`` are the user numbers behind
    packet sockets whose process could not be seen.
    """

    system: System
    taken: datetime
    processes: tuple[Process, ...]
    entries: Seen[tuple[StartEntry, ...]] = Unknown.ABSENT
    interfaces: Seen[tuple[Interface, ...]] = Unknown.ABSENT
    power_files: Seen[tuple[PowerFile, ...]] = Unknown.ABSENT
    sniffers: Seen[tuple[int, ...]] = Unknown.ABSENT
    present: tuple[str, ...] = ()
    as_admin: bool = False
    deep: bool = False
    limits: tuple[Limit, ...] = ()
    unread: tuple[str, ...] = ()
    """Places of entries that may not be read."""
