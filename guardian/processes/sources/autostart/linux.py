"""Everything that starts by itself on a Linux system, and whom each program belongs to."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from guardian.processes.model import Place, Seen, StartEntry, Unknown
from guardian.processes.sources.autostart import (
    authentication,
    boot,
    browser,
    cron,
    desktop,
    hooks,
    kernel,
    keys,
    preload,
    python,
    session,
    shell,
    systemd,
)
from guardian.processes.sources.autostart.commands import TEMPORARY, base, targets_of
from guardian.processes.sources.autostart.places import Person, Places
from guardian.processes.sources.autostart.traits import find_traits

PARTS: tuple[Callable[[Places], Iterator[StartEntry]], ...] = (
    preload.read,
    authentication.read,
    systemd.read,
    desktop.read,
    cron.read,
    boot.read,
    session.read,
    shell.read,
    python.read,
    keys.read,
    hooks.read,
    kernel.read,
    browser.read,
)
LARGEST_SCRIPT = 200_000
"""Bytes of a script whose lines are looked at."""
MOST_LINES = 5_000
MOST_PEOPLE = 50
MOST_OF_ONE = 1_000
"""Entries of one file that are kept: some hundred thousand would fill the memory."""
OWN_FLATPAK = re.compile(r"/\.local/share/flatpak/app/([^/]+)/")
UNITS = ("/usr/lib/systemd/system", "/usr/lib/systemd/user", "/lib/systemd/system")

SYSTEM_NAME = re.compile(
    r"\[?(?:systemd[-_.]|dbus(?:[-_.](?:daemon|broker|launch)|$)|networkmanager|kworker|ksoftirqd|"
    r"kthread|polkit|udevd?[-_.]|udevd?$|udisks|gvfsd?[-_.]|xdg-(?:desktop|document|permission)|"
    r"at-spi|gnome-(?:session|keyring|settings|shell)|plasma(?:shell|-)|kwin_|pipewire|wireplumber|"
    r"pulseaudio|gpg-agent|ssh-agent|sshd$|org\.(?:gnome|kde|freedesktop)\.|cron(?:d|$)|rsyslog|snapd|accounts-daemon|"
    r"update-(?:manager|notifier)|packagekit|colord|upower|rtkit|avahi|cups|thermald|irqbalance|"
    r"modemmanager|wpa_supplicant|dconf|evolution-|tracker-|bluez|bluetoothd?$|Xorg$)",
    re.IGNORECASE,
)
"""Names of parts that come with a desktop system; nobody has reason to call his own program so."""

DRESSED_UP = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|jpe?g|png|gif|txt|mp[34]|avi|zip)\.\w{1,12}$|\s$",
    re.IGNORECASE,
)
ODD_FOLDERS = re.compile(
    r"/(?:\.?Trash(?:-\d+)?|\.trash)/|^/run/user/|^/dev/|^/proc/|^/var/(?:log|mail|spool|crash)/"
    r"|^/usr/share/(?:man|doc|fonts|icons|locale)/|/\.(?:cache|thumbnails)/|/Public/"
)
DOWNLOADS = re.compile(r'^XDG_DOWNLOAD_DIR="\$HOME/([^"]+)"', re.MULTILINE)


class FindsOwners(Protocol):
    """Tells the package of each path; None for a path of no package, or for a system without."""

    def find(
        self, paths: set[str], check: Callable[[], None], /
    ) -> dict[str, str | None] | None: ...


def take_entries(
    home: str, owners: FindsOwners, check: Callable[[], None], root: str = "/"
) -> tuple[tuple[StartEntry, ...], tuple[str, ...]]:
    """All entries, and the places that may not be read. ``check`` may raise ``Cancelled``."""
    places = Places(people_of(home, root), check, root)
    drafts = list(bounded(places, (entry for part in PARTS for entry in part(places))))
    return tuple(Finish(places, owners).all(drafts)), tuple(places.unread)


def bounded(places: Places, entries: Iterable[StartEntry]) -> Iterator[StartEntry]:
    """The first entries of each file; a file with more of them counts as not read whole."""
    counts = Counter[str]()
    for entry in entries:
        counts[entry.source] += 1
        if counts[entry.source] <= MOST_OF_ONE:
            yield entry
        else:
            places.unread[entry.source] = None


def people_of(home: str, root: str = "/") -> tuple[Person, ...]:
    """The person who looks; with admin rights everybody else who has a home folder, too."""
    found = {person.home: person for person in accounts(root)}
    me = found.pop(home, None)
    if me is None:
        try:
            uid = Path(home).stat().st_uid
        except OSError:
            uid = os.getuid()
        me = Person(base(home), home, uid)
    others = list(found.values())[:MOST_PEOPLE] if os.geteuid() == 0 else []
    return (me, *others)


def accounts(root: str) -> Iterator[Person]:
    """The people of /etc/passwd: root and those with numbers from 1000."""
    try:
        with (Path(root) / "etc/passwd").open(encoding="utf-8", errors="replace") as file:
            lines = file.read(1 << 20).split("\n")
    except OSError:
        return
    for line in lines:
        parts = line.split(":")
        if len(parts) == 7 and parts[2].isdigit() and parts[5].startswith("/"):
            uid = int(parts[2])
            if uid == 0 or 1000 <= uid < 65_534:
                yield Person(parts[0], os.path.normpath(parts[5]), uid)


class Finish:
    """Adds to entries what is asked for all of them at once."""

    def __init__(self, places: Places, owners: FindsOwners) -> None:
        self._places = places
        self._owners = owners
        self._real: dict[str, str] = {}
        self._scripts: dict[str, tuple[str, ...]] = {}
        self._units = {name.rpartition(".")[0] for folder in UNITS for name in places.names(folder)}
        self._downloads = tuple(downloads_of(places, person) for person in places.people)
        self._homes = tuple(person.home + "/" for person in places.people)

    def all(self, drafts: list[StartEntry]) -> Iterator[StartEntry]:
        paths = {entry.source for entry in drafts}
        paths |= {entry.target for entry in drafts if isinstance(entry.target, str)}
        # by what links lead to, so that two ways to one file have one owner
        real = {self._follow(path) for path in paths if path.startswith("/")}
        owned = self._owners.find(real, self._places.check)
        for entry in drafts:
            yield self._finish(entry, owned)

    def _follow(self, path: str) -> str:
        if path not in self._real:
            self._real[path] = self._places.real(path)
        return self._real[path]

    def _finish(self, entry: StartEntry, owned: dict[str, str | None] | None) -> StartEntry:
        state = self._places.state(entry.source)
        changed: Seen[float] = state.st_mtime if state else Unknown.ABSENT
        target = entry.target
        if not isinstance(target, str):
            return replace(
                entry,
                owner=self._owner(entry.source, owned),
                target_owner=None,
                target_exists=False,
                changed=changed,
            )
        exists = self._places.exists(target)
        owner = self._owner(target, owned)
        facts = tuple(dict.fromkeys((*entry.facts, *self._facts(entry, target, owner))))
        return replace(
            entry,
            owner=self._owner(entry.source, owned),
            target_owner=owner,
            target_exists=Unknown.DENIED if exists is None else exists,
            changed=changed,
            facts=facts,
        )

    def _owner(self, path: str, owned: dict[str, str | None] | None) -> Seen[str | None]:
        if owned is None:
            return Unknown.ABSENT
        flatpak = OWN_FLATPAK.search(path)
        return f"flatpak:{flatpak[1]}" if flatpak else owned.get(self._follow(path))

    def _facts(self, entry: StartEntry, target: str, owner: Seen[str | None]) -> Iterator[str]:
        """What stands out about the program itself."""
        real = self._follow(target)
        name = target.rpartition("/")[2]
        if name.startswith(".") and not owner:
            yield "hidden-name"
        if DRESSED_UP.search(name):
            yield "dressed-up"
        if any(ODD_FOLDERS.search(path) for path in {target, real}):
            yield "odd-folder"
        if target.startswith(tuple(each for each in self._downloads if each)):
            yield "odd-folder"
        if not owner and self._is_open(real):
            yield "open-to-others"
        if not owner and self._poses(entry, target):
            yield "poses-as-system"
        if self._of_somebody_else(entry, real):
            yield "other-home"
        if owner is None:
            yield from self._inside(real)

    def _inside(self, path: str) -> Iterator[str]:
        """What a script that no package brought does in turn."""
        if path not in self._scripts:
            state = self._places.state(path)
            small = state is not None and state.st_size <= LARGEST_SCRIPT
            text = self._places.read(path) if small else None
            told = (
                tuple(script_facts(text))
                if text and text.startswith("#!") and self._places.in_time(path)
                else ()
            )
            self._scripts[path] = told
        yield from self._scripts[path]

    def _is_open(self, path: str) -> bool:
        """Whether anybody may change the file, or put another in its place."""
        state = self._places.state(path)
        folder = self._places.state(path.rpartition("/")[0] or "/")
        if state is not None and state.st_mode & 0o002:
            return True
        return folder is not None and bool(folder.st_mode & 0o002) and not folder.st_mode & 0o1000

    def _poses(self, entry: StartEntry, target: str) -> bool:
        """Whether the entry or its program bears the name of a part of the system."""
        if entry.place not in (Place.SERVICE, Place.TIMER, Place.LOGIN, Place.SHELL):
            return False
        program = target.rpartition("/")[2]
        source = base(entry.source)
        if SYSTEM_NAME.match(program) or (
            entry.place is not Place.SHELL
            and not entry.kind.startswith("dbus")
            and SYSTEM_NAME.match(source)
        ):
            return True
        unit = entry.name.rpartition(".")[0]
        own = entry.source.startswith(self._homes)
        return own and unit in self._units and program.partition(".")[0] not in unit

    def _of_somebody_else(self, entry: StartEntry, target: str) -> bool:
        """Whether a person's entry starts a file from another person's home."""
        if not isinstance(entry.user, str) or entry.user in ("", "root"):
            return False
        owner = re.match(r"/home/([^/]+)/", target)
        if not owner or entry.source.startswith("/usr/"):
            return False
        mine = next((each.home for each in self._places.people if each.name == entry.user), None)
        return mine is not None and not target.startswith(f"{mine}/")


def script_facts(text: str) -> Iterator[str]:
    """Looked at line by line, so that two lines far apart are not taken for one."""
    shell = re.match(r"#!.*\b\w*sh\b", text) is not None
    for line in text.split("\n")[:MOST_LINES]:
        if line.lstrip().startswith("#"):
            continue
        yield from (each for each in find_traits(line) if each != "preloads")
        if shell and "/" in line:
            targets = targets_of(line[:2000], lambda name: name if name[:1] == "/" else None)
            if any(target.startswith(TEMPORARY) for target in targets):
                yield "runs-temporary-file"


def downloads_of(places: Places, person: Person) -> str:
    """The folder for downloads, as the desktop has it in the person's language."""
    text = places.read(f"{person.home}/.config/user-dirs.dirs") or ""
    found = DOWNLOADS.search(text)
    return f"{person.home}/{found[1] if found else 'Downloads'}/"
