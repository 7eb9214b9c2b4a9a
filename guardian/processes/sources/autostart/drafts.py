"""Making one entry: variables filled in, the program found, and what its command does named."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.commands import base, find_target, of_code, split_words
from guardian.processes.sources.autostart.places import Person, Places
from guardian.processes.sources.autostart.traits import INLINE, SHELL_LINE, find_traits

PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/usr/games")
OWN_PATH = ("bin", ".local/bin")
VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?[-=]([^{}]*))?\})")
LONGEST_SHOWN = 2_000
"""Characters of a command that an entry keeps."""

LISTED = frozenset(
    (Place.SERVICE, Place.TIMER, Place.LOGIN, Place.BOOT, Place.HOOK, Place.AUTHENTICATION)
)
"""Places whose entries are files in a folder of their own."""

SYSTEM_USER = Person("root", "/root", 0)
"""For whom things of the whole system run."""


def variables_of(person: Person) -> dict[str, str]:
    return {
        "HOME": person.home,
        "USER": person.name,
        "LOGNAME": person.name,
        "XDG_CONFIG_HOME": f"{person.home}/.config",
        "XDG_DATA_HOME": f"{person.home}/.local/share",
        "XDG_CACHE_HOME": f"{person.home}/.cache",
        "XDG_STATE_HOME": f"{person.home}/.local/state",
        "XDG_RUNTIME_DIR": f"/run/user/{person.uid}",
        "UID": str(person.uid),
        "TMPDIR": "/tmp",
    }


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Fill in the variables that are known, and ``~`` at the beginning of words."""
    if "$" in text:

        def value(found: re.Match[str]) -> str:
            known = variables.get(found[1] or found[2])
            return known if known is not None else found[3] if found[3] is not None else found[0]

        # twice, since a default may itself hold a variable
        text = VARIABLE.sub(value, VARIABLE.sub(value, text))
    if "~" in text and "HOME" in variables:
        text = re.sub(r"(^|[\s=:;\"'(])~(?=/|$|[\s:\"'])", rf"\g<1>{variables['HOME']}", text)
    return text


class Finder:
    """Finds a program by what a command calls it."""

    def __init__(self, places: Places, person: Person, folder: str = "") -> None:
        self._places = places
        self._folder = folder or person.home
        own = () if person.uid == 0 else tuple(f"{person.home}/{each}" for each in OWN_PATH)
        self._path = (*own, *PATH)

    def __call__(self, name: str) -> str | None:
        """The full path; None for a bare name that is nowhere, or one that cannot be known."""
        if not name or name.startswith("-") or "$" in name or "`" in name or len(name) > 4096:
            return None
        if name.startswith(("flatpak:", "snap:")):
            return self._of_store(*name.split(":", 1))
        if name.startswith("/"):
            return os.path.normpath(name).replace("//", "/", 1)
        if "/" in name:
            return os.path.normpath(f"{self._folder}/{name}")
        return next((f"{each}/{name}" for each in self._path if self._places.has(each, name)), None)

    def _of_store(self, kind: str, name: str) -> str:
        if kind == "snap":
            return f"/snap/bin/{name}"
        own = f"{self._folder}/.local/share/flatpak/app/{name}/current"
        return own if self._places.state(own) else f"/var/lib/flatpak/app/{name}/current"


def is_hidden(place: Place, source: str) -> bool:
    """Whether an entry's file hides, in a folder whose files do not usually begin with a dot."""
    return place in LISTED and base(source).startswith(".")


def draft(
    places: Places,
    place: Place,
    kind: str,
    source: str,
    command: str,
    *,
    name: str = "",
    person: Person | None = None,
    line: int = 0,
    code: bool = False,
    folder: str = "",
    variables: Mapping[str, str] | None = None,
    facts: tuple[str, ...] = (),
    hidden: bool = False,
    enabled: bool = True,
    user: str | None = None,
) -> StartEntry:
    """An entry that starts ``command``; ``code`` when a shell reads it.

    ``person``: whose it is, None for the whole system. What only all entries together tell
    (owners, existence) is added later.
    """
    whose = person or SYSTEM_USER
    full = expand(command, {**variables_of(whose), **(variables or {})})
    find = Finder(places, whose, folder)
    target = of_code(full, find) if code else find_target(split_words(full), find)
    traits: tuple[str, ...] = ()
    if places.in_time(source):
        traits = (*find_traits(full), *written_out(full, code))
    return StartEntry(
        place,
        kind,
        source,
        name or base(source),
        command=command[:LONGEST_SHOWN],
        line=line,
        target=target,
        user=user if user is not None else person.name if person else "root",
        enabled=enabled,
        hidden=hidden or is_hidden(place, source),
        facts=tuple(dict.fromkeys((*facts, *traits))),
    )


def written_out(command: str, code: bool) -> tuple[str, ...]:
    """Whether the program is no file at all, but stands in the command itself."""
    if INLINE.search(command[:LONGEST_SHOWN]):
        return ("inline-code",)
    return ("shell-line",) if not code and SHELL_LINE.search(command[:LONGEST_SHOWN]) else ()


def draft_file(
    places: Places,
    place: Place,
    kind: str,
    source: str,
    target: str,
    *,
    name: str = "",
    person: Person | None = None,
    line: int = 0,
    command: str = "",
    facts: tuple[str, ...] = (),
    enabled: bool = True,
) -> StartEntry:
    """An entry that itself names the file that is run or loaded, such as a hook's own script."""
    return StartEntry(
        place,
        kind,
        source,
        name or base(source),
        command=command[:LONGEST_SHOWN],
        line=line,
        target=target,
        user=person.name if person else "root",
        enabled=enabled,
        hidden=is_hidden(place, source),
        facts=facts,
    )


def draft_fact(
    place: Place,
    kind: str,
    source: str,
    facts: tuple[str, ...],
    *,
    name: str = "",
    command: str = "",
    line: int = 0,
    person: Person | None = None,
) -> StartEntry:
    """An entry that starts no program of its own."""
    return StartEntry(
        place,
        kind,
        source,
        name or base(source),
        command=command[:LONGEST_SHOWN],
        line=line,
        user=person.name if person else "",
        hidden=False,
        facts=facts,
    )
