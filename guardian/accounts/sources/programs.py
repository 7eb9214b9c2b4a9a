"""Installed programs that are of no use without an account, by their entries in the menu.

A program shows that there may be an account, not since when, nor whether it is used. Which
programs: Guardian's own list. Format of the entries: Desktop Entry Specification 1.5.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path, PurePosixPath

from guardian.accounts.model import (
    Entry,
    Evidence,
    EvidenceKind,
    NotRead,
    Place,
    Source,
    SourceKind,
)
from guardian.accounts.rules.addresses import locate
from guardian.accounts.sources import dates, files
from guardian.accounts.sources.reading import Reading, is_folder, not_read
from guardian.core.content import Record, read_content
from guardian.core.errors import Problem

KIND = SourceKind.PROGRAMS
KEY = "programs:"
NAME = "Installed programs"
# below a home folder
OWN = (".local/share", ".local/share/flatpak/exports/share")
# of the whole computer, unless $XDG_DATA_DIRS names other places
SHARED = [
    Path("/usr/local/share"),
    Path("/usr/share"),
    Path("/var/lib/flatpak/exports/share"),
    Path("/var/lib/snapd/desktop"),
]
MAX_ENTRY = 256 * 1024
MAX_ENTRIES = 20_000
WEB_APP = re.compile(r"--app=(https?://.+)", re.IGNORECASE)
HANDLER = "x-scheme-handler/"
# what starts another program rather than being one
STARTERS = frozenset({"env", "flatpak", "snap", "sh", "bash", "gtk-launch", "nice", "pkexec"})


class Program(Record, frozen=True):
    """One program of our list; ``site`` is where its account is. All names in lower case.

    ``ids`` are names of menu entries without «.desktop»; ``snaps`` names of snap packages, whose
    entries are called «snap_program»; ``execs`` commands, and ``schemes`` kinds of links, that
    nothing else has.
    """

    name: str
    site: str
    ids: tuple[str, ...]
    snaps: tuple[str, ...] = ()
    execs: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True)
class MenuEntry:
    """What a menu entry says; ``shown`` is false where it is hidden or taken away."""

    id: str
    command: tuple[str, ...]
    window: str
    schemes: tuple[str, ...]
    shown: bool


@dataclass(frozen=True)
class Known:
    """Our list, ready to be asked: sites by each kind of name."""

    ids: Mapping[str, str]
    snaps: Mapping[str, str]
    execs: Mapping[str, str]
    schemes: Mapping[str, str]


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """One source for all menu entries, where there are any; and the folders that refuse."""
    source = Source(KEY, NAME, "", KIND, home)
    there = False
    for folder in menu_folders(home, environment):
        try:
            there |= bool(menu_files(folder))
        except Problem as problem:
            yield not_read(source, problem, listing=True)
    if there:
        yield source


def menu_folders(home: Path, environment: Mapping[str, str]) -> list[Path]:
    """Where menu entries lie, the person's own first.

    Without ``environment`` it is another home, and only what lies inside counts.
    """
    shares = [home / place for place in OWN]
    if environment:
        own = environment.get("XDG_DATA_HOME", "")
        if own.startswith("/"):
            shares.insert(0, Path(own))
        named = environment.get("XDG_DATA_DIRS", "").split(":")
        shares += [Path(place) for place in named if place.startswith("/")] or SHARED
    return list(dict.fromkeys(share / "applications" for share in shares))


def menu_files(folder: Path) -> list[Path]:
    """The menu entries in ``folder``. Raises ``Problem("no-permission")``."""
    try:
        if not is_folder(folder):
            return []
        next(folder.iterdir(), None)  # the search below is silent where it is refused
        return sorted(folder.rglob("*.desktop"))[:MAX_ENTRIES]
    except OSError as error:
        raise Problem("no-permission", name=folder.name) from error


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """One entry for each site that an installed program needs an account of."""
    sites: dict[str, datetime | None] = {}
    mine = source.path / OWN[0] / "applications"
    odd = 0
    for name, path in menu_entries(source.path):
        check()
        try:
            entry = parse(name, files.read_file(path, MAX_ENTRY))
        except Problem as problem:
            odd += problem.code != "file-missing"  # a link left by a program long gone
            continue
        if address := find_account(entry):
            added = when_added(path, now) if mine in path.parents else None
            sites[address] = min(filter(None, (sites.get(address), added)), default=None)
    entries = (make_entry(source, address, added) for address, added in sites.items())
    problems = []
    if odd:
        problems.append(not_read(source, Problem("program-entries-odd", count=odd)))
    return Reading(tuple(entries), tuple(problems), read=True)


def menu_entries(home: Path) -> Iterator[tuple[str, Path]]:
    """Name and file of each menu entry; of several of one name, the one that counts.

    In another home than the running person's, a link that leads out of it is left alone.
    """
    own, seen = home == Path.home(), set()
    for folder in menu_folders(home, os.environ if own else {}):
        with suppress(Problem):  # named by find
            for path in menu_files(folder):
                name = "-".join(path.relative_to(folder).parts).removesuffix(".desktop").lower()
                if name not in seen and (own or path.resolve().is_relative_to(home.resolve())):
                    seen.add(name)
                    yield name, path


def parse(name: str, raw: bytes) -> MenuEntry:
    """A menu entry; what it does not say is empty."""
    fields: dict[str, str] = {}
    inside = False
    for line in map(str.strip, raw.decode("utf-8", "replace").splitlines()):
        if line.startswith("["):
            if inside:
                break
            inside = line == "[Desktop Entry]"
        elif inside and not line.startswith("#"):
            key, _, value = line.partition("=")
            fields.setdefault(key.strip(), value.strip())
    hidden = "true" in (fields.get("NoDisplay", "").lower(), fields.get("Hidden", "").lower())
    try:
        command = tuple(shlex.split(fields.get("Exec", "")))
    except ValueError:
        command = ()
    kinds = fields.get("MimeType", "").lower().split(";")
    return MenuEntry(
        id=name,
        command=command,
        window=fields.get("StartupWMClass", "").lower(),
        schemes=tuple(kind.removeprefix(HANDLER) for kind in kinds if kind.startswith(HANDLER)),
        shown=not hidden and fields.get("Type", "Application") == "Application",
    )


def find_account(entry: MenuEntry) -> str:
    """The address of the account a program needs; empty where it needs none that is known."""
    if not entry.shown:
        return ""
    for word in entry.command:
        if web_app := WEB_APP.fullmatch(word):
            return bare(web_app[1])
    known = load_programs()
    snap, _, rest = entry.id.partition("_")
    names = {entry.id, entry.window, *(word.lower() for word in entry.command if "." in word)}
    sites = [
        *(known.ids.get(name) for name in sorted(names)),
        known.snaps.get(snap) if rest else None,
        known.execs.get(find_program(entry.command)),
        known.execs.get(entry.window),
        *(known.schemes.get(scheme) for scheme in entry.schemes),
    ]
    site = next(filter(None, sites), None)
    return f"https://{site}" if site else ""


def bare(address: str) -> str:
    """``address`` of a web app without path; empty where it leads to no public site."""
    located = locate(address)
    if located is None or located[0] is not Place.WEB:
        return ""
    return f"https://{located[1]}"


def find_program(command: tuple[str, ...]) -> str:
    """The name of the program that a command starts, in lower case."""
    for word in command:
        name = PurePosixPath(word).name.lower()
        if name in STARTERS or "=" in name or word.startswith("-"):
            continue
        return name
    return ""


def when_added(path: Path, now: datetime) -> datetime | None:
    """When a menu entry of the person's own was made; those of packages carry other times."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (
        None if stat.S_ISLNK(found.st_mode) else dates.from_unix_ms(int(found.st_mtime * 1000), now)
    )


def make_entry(source: Source, address: str, added: datetime | None) -> Entry:
    evidence = Evidence(
        source_key=source.key,
        source_name=source.name,
        source_kind=KIND,
        kind=EvidenceKind.PROGRAM,
        created=added,
    )
    return Entry(address, "", evidence)


@cache
def load_programs() -> Known:
    """Our list. Raises ``Problem("content-bad")``."""
    programs = read_content("accounts/programs.json", list[Program])
    return Known(
        ids={name: one.site for one in programs for name in one.ids},
        snaps={name: one.site for one in programs for name in one.snaps},
        execs={name: one.site for one in programs for name in one.execs},
        schemes={name: one.site for one in programs for name in one.schemes},
    )
