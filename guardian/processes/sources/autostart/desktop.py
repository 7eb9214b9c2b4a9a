"""Desktop entries: what starts with a session, menu entries that stand in for another program,
and what the message bus starts.

Grammar: the Desktop Entry and the Desktop Application Autostart specifications of freedesktop.org.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.commands import base
from guardian.processes.sources.autostart.drafts import draft
from guardian.processes.sources.autostart.places import Person, Places

AUTOSTART = ("/etc/xdg/autostart", "/usr/share/gnome/autostart", "/usr/share/autostart")
OWN_AUTOSTART = (".config/autostart", ".kde/Autostart", ".config/autostart-scripts")
MENUS = ("/usr/local/share/applications", "/usr/share/applications")
BUS = (
    ("/usr/share/dbus-1/system-services", "dbus-system"),
    ("/usr/local/share/dbus-1/system-services", "dbus-system"),
    ("/etc/dbus-1/system-services", "dbus-system"),
    ("/usr/share/dbus-1/services", "dbus-session"),
    ("/usr/local/share/dbus-1/services", "dbus-session"),
)
KEY = re.compile(r"^[ \t]*([\w-]+)[ \t]*=[ \t]*(.*?)[ \t]*$", re.MULTILINE)
FIELD_CODE = re.compile(r"(?:^|(?<=\s))%[fFuUdDnNickvm](?=\s|$)")
MAIN = re.compile(r"^[ \t]*\[(?:Desktop Entry|D-BUS Service)\][ \t]*$", re.MULTILINE)
NEXT = re.compile(r"^[ \t]*\[", re.MULTILINE)


def parse_entry(text: str) -> dict[str, str]:
    """The keys of the main group; the first of several with one name counts."""
    start = MAIN.search(text)
    if not start:
        return {}
    end = NEXT.search(text, start.end())
    found: dict[str, str] = {}
    for key, value in KEY.findall(text[start.end() : end.start() if end else len(text)]):
        found.setdefault(key, value)
    return found


def command_of(keys: dict[str, str]) -> str:
    """Exec without the codes for files and names; ``\\\\s`` and its like undone."""
    command = FIELD_CODE.sub("", keys.get("Exec", ""))
    command = command.replace("\\s", " ").replace("\\\\", "\\").replace("%%", "%")
    return command.strip()


def read(places: Places) -> Iterator[StartEntry]:
    found = [path for folder in AUTOSTART for path in places.files(folder, ".desktop")]
    system = {base(path): path for path in reversed(found)}
    for path in system.values():
        yield from autostart(places, path, None, None)
    for person in places.people:
        for folder in OWN_AUTOSTART:
            for path in places.files(f"{person.home}/{folder}"):
                if path.endswith(".desktop"):
                    yield from autostart(places, path, person, system.get(base(path)))
                elif "autostart-scripts" in folder or folder.startswith(".kde"):
                    yield draft(places, Place.LOGIN, "kde-script", path, path, person=person)
        yield from menu(places, person)
        own_bus = f"{person.home}/.local/share/dbus-1/services"
        yield from bus(places, own_bus, "dbus-session", person)
    for folder, kind in BUS:
        yield from bus(places, folder, kind, None)


def autostart(
    places: Places, path: str, person: Person | None, overridden: str | None
) -> Iterator[StartEntry]:
    """An autostart entry that was not switched off by deleting it."""
    keys = parse_entry(places.read(path) or "")
    command = command_of(keys)
    if not command:
        return
    off = keys.get("Hidden", "").lower() == "true"
    off = off or keys.get("X-GNOME-Autostart-enabled", "").lower() == "false"
    off = off or missing(places, keys.get("TryExec", ""))
    hidden = keys.get("NoDisplay", "").lower() == "true"
    facts = () if overridden is None or off else stands_in(places, command, overridden)
    yield draft(
        places,
        Place.LOGIN,
        "autostart",
        path,
        command,
        name=keys.get("Name") or base(path),
        person=person,
        folder=keys.get("Path", ""),
        enabled=not off,
        hidden=hidden,
        facts=facts,
        user=person.name if person else "",
    )


def missing(places: Places, program: str) -> bool:
    return program.startswith("/") and places.exists(program) is False


def stands_in(places: Places, command: str, other: str) -> tuple[str, ...]:
    """Whether ``command`` starts another program than the entry it takes the place of."""
    original = command_of(parse_entry(places.read(other) or ""))
    mine = draft(places, Place.LOGIN, "", "", command).target
    theirs = draft(places, Place.LOGIN, "", "", original).target
    if not isinstance(mine, str) or not original:
        return ()
    if not isinstance(theirs, str):
        theirs = original.split()[0]
    hidden = any(part.startswith(".") for part in mine.split("/") if part != ".local")
    same_name = stem(mine) == stem(theirs) and not hidden
    if same_name or places.real(mine) == places.real(theirs):
        return ()
    return ("stands-in-for-another",)


def stem(path: str) -> str:
    return re.split(r"[-_.\d]", base(path).casefold(), maxsplit=1)[0]


def menu(places: Places, person: Person) -> Iterator[StartEntry]:
    """Menu entries of a person that take the place of one of the system."""
    folder = f"{person.home}/.local/share/applications"
    for path in places.files(folder, ".desktop"):
        name = base(path)
        other = next((f"{each}/{name}" for each in MENUS if places.has(each, name)), None)
        if other is None:
            continue
        keys = parse_entry(places.read(path) or "")
        command = command_of(keys)
        facts = stands_in(places, command, other) if command else ()
        if facts:
            title = keys.get("Name") or name
            yield draft(
                places, Place.LOGIN, "menu", path, command, name=title, person=person, facts=facts
            )


def bus(places: Places, folder: str, kind: str, person: Person | None) -> Iterator[StartEntry]:
    """Services that start when something asks the message bus for them."""
    for path in places.files(folder, ".service"):
        keys = parse_entry(places.read(path) or "")
        command = command_of(keys)
        if not command or command == "/bin/false":
            continue
        system = "/usr/share/dbus-1/services"
        overrides = person is not None and places.has(system, base(path))
        yield draft(
            places,
            Place.SERVICE,
            kind,
            path,
            command,
            name=keys.get("Name") or base(path),
            person=person,
            facts=("takes-the-place-of-a-service",) if overrides else (),
        )
