"""What the open files of a process are: sockets, devices, terminals, other programs' secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guardian.processes.model import Device
from guardian.processes.sources.devices import (
    DeviceNames,
    name_number,
    other_memory,
    watcher,
)
from guardian.processes.sources.mounts import Mounts
from guardian.processes.sources.rawprocess import Tree, device_number, inside, shown

MASTER = re.compile(r"/dev/(?:pts/)?ptmx")
PLAIN = re.compile(r"/dev/(?:null|zero|full|u?random|tty|pts/\d+|dri/.+|shm/.+)|/usr/.*|/proc/.*")
"""The bulk of all open files: neither devices that matter nor secrets."""


@dataclass(slots=True)
class Held:
    """``inodes`` are sockets by the number of the open file."""

    inodes: dict[int, int] = field(default_factory=dict)
    devices: set[Device] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    pty: bool = False

    def add(self, sight: Sight) -> None:
        self.pty |= sight.master
        if sight.device is not None:
            self.devices.add(sight.device)
        elif sight.path:
            self.files.append(sight.path)


@dataclass(frozen=True, slots=True)
class Holder:
    """The process whose files they are: its open /proc folder, its tree and what is mounted
    there, and its numbers here and in its container."""

    folder: int
    tree: Tree
    mounts: Mounts
    pids: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a path is."""

    device: Device | None = None
    master: bool = False
    path: str = ""
    """Set where it may be a file with secrets."""


NOTHING = Sight()


class HandleReader:
    """Sorts open files, and remembers what each path is."""

    def __init__(self, names: DeviceNames) -> None:
        self._names = names
        self._seen: dict[Tree, dict[str, Sight]] = {}

    def sort(self, links: dict[int, str], holder: Holder) -> Held:
        """``links`` say where each open file leads, by its number."""
        held = Held()
        seen = self._seen.setdefault(holder.tree, {})
        for number, link in links.items():
            first = link[:1]
            if first == "/":
                sight = seen.get(link)
                if sight is None:
                    sight = self._look(number, link, holder)
                    if not link.startswith("/proc/"):  # there it depends on who asks
                        seen[link] = sight
                if sight is not NOTHING:
                    held.add(sight)
            elif first == "s" and link.startswith("socket:["):
                if (inode := inode_of(link)) != 0:
                    held.inodes[number] = inode
            elif first == "a" and (device := watcher(link)):
                held.devices.add(device)
        return held

    def _look(self, number: int, link: str, holder: Holder) -> Sight:
        path = inside(link, holder.tree.root)
        if MASTER.fullmatch(path):
            return Sight(master=True)
        device = self._by_name(path) or other_memory(path, holder.pids)
        if device is None and not PLAIN.fullmatch(path):
            device = self._by_number(number, path, holder)
        if device is not None:
            return Sight(device)
        if path.startswith(("/dev/", "/usr/", "/proc/")):
            return NOTHING
        return Sight(path=shown(path))

    def _by_name(self, path: str) -> Device | None:
        kind = self._names.kind_at(path)
        return Device(kind, shown(path)) if kind else None

    def _by_number(self, number: int, path: str, holder: Holder) -> Device | None:
        """A device file that stands somewhere else than in /dev, or under another name there."""
        mount = holder.mounts.of(path)
        if mount is not None and (mount.distant or "nodev" in mount.options):
            return None
        device = device_number(holder.folder, f"fd/{number}")
        kind = self._names.kind_of(name_number(device)) if device else None
        return Device(kind, shown(path)) if kind else None


def inode_of(link: str) -> int:
    """The number in ``socket:[123]``; 0 for any other open file."""
    number = link[8:-1]
    return int(number) if link.startswith("socket:[") and number.isdecimal() else 0
