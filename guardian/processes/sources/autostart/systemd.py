"""Units of systemd, of the system and of each person: services, what triggers them, drop-ins.

Places and grammar: the manual pages systemd.unit(5), systemd.exec(5), systemd.generator(7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from guardian.processes.model import Place, Seen, StartEntry
from guardian.processes.sources.autostart.commands import base
from guardian.processes.sources.autostart.drafts import SYSTEM_USER, draft, draft_fact, draft_file
from guardian.processes.sources.autostart.places import Person, Places
from guardian.processes.sources.autostart.traits import PRELOADS
from guardian.processes.sources.scripts import INTERPRETER

SYSTEM = (
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/etc/systemd/system",
    "/run/systemd/system",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
)
USER = (
    "/etc/systemd/user",
    "/run/systemd/user",
    "/usr/local/share/systemd/user",
    "/usr/share/systemd/user",
    "/usr/local/lib/systemd/user",
    "/usr/lib/systemd/user",
)
OWN = (".config/systemd/user.control", ".config/systemd/user", ".local/share/systemd/user")
SCRIPT_FOLDERS = tuple(
    f"{top}/systemd/{kind}"
    for top in ("/etc", "/run", "/usr/local/lib", "/usr/lib")
    for kind in (
        "system-generators",
        "user-generators",
        "system-environment-generators",
        "user-environment-generators",
        "system-sleep",
        "system-shutdown",
    )
)
UNITS = (".service", ".socket", ".timer", ".path", ".mount", ".automount")
TRIGGERS = (".timer", ".socket", ".path")
LINKS = (".wants", ".requires", ".upholds")
COMMANDS = frozenset(
    f"Exec{when}"
    for when in (
        "Start",
        "StartPre",
        "StartPost",
        "Condition",
        "Reload",
        "Stop",
        "StopPre",
        "StopPost",
    )
)
KEYS = COMMANDS | {
    "Environment", "Unit", "User", "WorkingDirectory", "Exec", "Image", "Accept", "StandardInput",
}  # fmt: skip
LINE = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*(.*)$", re.MULTILINE)
TRUE = ("yes", "true", "on", "1")
SPECIFIER = re.compile(r"%(.)")


@dataclass(slots=True)
class Manager:
    """One service manager: its folders, the strongest first, and for whom it runs."""

    kind: str
    folders: tuple[str, ...]
    person: Person | None = None
    enabled: set[str] = field(default_factory=set)
    timed: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


def read(places: Places) -> Iterator[StartEntry]:
    """Every unit that starts a program, and the scripts systemd itself runs."""
    merged = places.link("/lib") is not None
    folders = tuple(each for each in SYSTEM if not (merged and each.startswith("/lib/")))
    yield from of_manager(places, Manager("systemd-system", folders))
    yield from of_manager(places, Manager("systemd-user", USER))
    for person in places.people:
        own = tuple(f"{person.home}/{each}" for each in OWN)
        runtime = f"/run/user/{person.uid}/systemd"
        own = (*own, f"{runtime}/user", f"{runtime}/user.control", f"{runtime}/transient")
        yield from of_manager(places, Manager("systemd-user", own, person))
        yield from containers(places, person)
    for folder in SCRIPT_FOLDERS:
        for path in places.files(folder):
            if places.link(path) != "/dev/null":
                kind = folder.rpartition("/")[2].rstrip("s")
                yield draft_file(places, Place.HOOK, f"systemd-{kind}", path, path)


def of_manager(places: Places, manager: Manager) -> Iterator[StartEntry]:
    note_links(places, manager)
    own: list[tuple[str, str]] = []
    for folder in manager.folders:
        for name in places.names(folder):
            if name.endswith(UNITS):
                own.append((f"{folder}/{name}", name))
            elif name.endswith(".d") and name[:-2].endswith(UNITS):
                unit = name[:-2]
                own.extend((path, unit) for path in places.files(f"{folder}/{name}", ".conf"))
    triggers = [(path, name) for path, name in own if name.endswith(TRIGGERS)]
    for path, name in triggers:
        note_trigger(places, manager, path, name)
    for path, name in own:
        places.check()
        main = path.endswith(f"/{name}")
        if main and name in manager.seen:
            continue
        if main:
            manager.seen.add(name)
        yield from of_unit(places, manager, path, name)


def note_links(places: Places, manager: Manager) -> None:
    """A unit is enabled when a link in the folder of another, or its alias, names it."""
    for folder in manager.folders:
        for name in places.names(folder):
            path = f"{folder}/{name}"
            if name.endswith(LINKS):
                manager.enabled.update(places.names(path))
            elif name.endswith(UNITS) and (aim := places.link(path)):
                manager.enabled.add(base(aim))


def note_trigger(places: Places, manager: Manager, path: str, name: str) -> None:
    """An enabled timer, socket or path starts the service of its name, or the one it names."""
    stem, _, kind = name.rpartition(".")
    values = dict(settings(places.read(path) or ""))
    each_call = kind == "socket" and values.get("Accept", "").strip().lower() in TRUE
    usual = f"{stem}@.service" if each_call else f"{stem}.service"
    unit = values.get("Service", values.get("Unit", usual)).strip()
    if name in manager.enabled:
        manager.enabled.add(unit)
    if kind == "timer":
        manager.timed.add(unit)


def settings(text: str) -> list[tuple[str, str]]:
    """The settings of a unit file that matter here, in their order; long lines put together."""
    if "\\\n" in text:
        text = re.sub(r"\\\n(?:[ \t]*[#;][^\n]*\n)*", " ", text)
    return [(key, value) for key, value in LINE.findall(text) if key in KEYS]


def of_unit(places: Places, manager: Manager, path: str, name: str) -> Iterator[StartEntry]:
    """An entry for each different program of a unit file or drop-in."""
    if places.link(path) == "/dev/null":
        return
    values = settings(places.read(path) or "")
    if not values:
        return
    person = manager.person
    fill = Specifiers(name, person)
    plain = dict(values)
    environment = [value for key, value in values if key == "Environment"]
    seen: set[object] = set()
    timed = name in manager.timed
    for key, value in values:
        if key not in COMMANDS or not value:
            continue
        for command in value.split(" ; "):
            entry = draft(
                places,
                Place.TIMER if timed else Place.SERVICE,
                manager.kind,
                path,
                fill(without_prefix(command.strip())),
                name=name,
                person=person,
                folder=fill(plain.get("WorkingDirectory", "").lstrip("-")),
                variables=assigned(environment),
                enabled=is_enabled(name, manager.enabled) or not path.endswith(f"/{name}"),
                user=person.name if person else fill(plain.get("User", "root")),
                hidden=name.startswith("."),
            )
            if plain.get("StandardInput", "").strip() == "socket" and is_shell(entry.target):
                entry = replace(entry, facts=(*entry.facts, "shell-to-network"))
            if (entry.target, entry.facts) not in seen:
                seen.add((entry.target, entry.facts))
                yield entry
    yield from preloads(path, name, environment, person)


def is_shell(target: Seen[str | None]) -> bool:
    """A program that takes its commands from its input, and therefore from whoever calls."""
    return isinstance(target, str) and INTERPRETER.fullmatch(base(target)) is not None


def without_prefix(command: str) -> str:
    """A command without the signs before it; after «@» the second word is only a name to show."""
    plain = command.lstrip("@-:+!|")
    if "@" in command[: len(command) - len(plain)]:
        program, _, rest = plain.partition(" ")
        return f"{program} {rest.lstrip().partition(' ')[2]}"
    return plain


def is_enabled(name: str, enabled: set[str]) -> bool:
    """Also a template is, when one of its instances is."""
    if name in enabled:
        return True
    stem, at, rest = name.partition("@.")
    return bool(at) and any(
        each.startswith(f"{stem}@") and each.endswith(rest) for each in enabled if "@" in each
    )


def preloads(
    path: str, name: str, environment: Iterable[str], person: Person | None
) -> Iterator[StartEntry]:
    """Code that a unit puts into its own program through the environment."""
    for value in environment:
        for library in PRELOADS.findall(value):
            for each in library.split(":"):
                if each.startswith("/"):
                    entry = draft_fact(
                        Place.PRELOAD, "unit-environment", path, ("preloads",), name=name
                    )
                    yield StartEntry(
                        entry.place,
                        entry.kind,
                        path,
                        name,
                        command=value,
                        target=each,
                        user=person.name if person else "root",
                        facts=entry.facts,
                    )


def assigned(environment: Iterable[str]) -> dict[str, str]:
    """The variables of Environment= lines."""
    found = {}
    for value in environment:
        for name, text in re.findall(r"\"?\b([A-Za-z_]\w*)=([^\s\"]*)", value):
            found[name] = text
    return found


class Specifiers:
    """Fills in what systemd writes as %h, %i and so on."""

    def __init__(self, name: str, person: Person | None) -> None:
        whose = person or SYSTEM_USER
        stem = name.rpartition(".")[0]
        prefix, _, instance = stem.partition("@")
        home, own = whose.home, person is not None
        self._values = {
            "%": "%",
            "h": home,
            "u": whose.name,
            "U": str(whose.uid),
            "n": name,
            "N": stem,
            "p": prefix,
            "P": prefix.replace("-", "/"),
            "i": instance,
            "I": instance.replace("-", "/"),
            "f": "/" + (instance or prefix).replace("-", "/"),
            "t": f"/run/user/{whose.uid}" if own else "/run",
            "S": f"{home}/.local/state" if own else "/var/lib",
            "C": f"{home}/.cache" if own else "/var/cache",
            "E": f"{home}/.config" if own else "/etc",
            "L": f"{home}/.local/state/log" if own else "/var/log",
            "T": "/tmp",
            "V": "/var/tmp",
            "s": "/bin/sh",
        }

    def __call__(self, text: str) -> str:
        if "%" not in text:
            return text
        return SPECIFIER.sub(lambda found: self._values.get(found[1], found[0]), text)


def containers(places: Places, person: Person) -> Iterator[StartEntry]:
    """Containers that podman starts as services (podman-systemd.unit(5))."""
    for path in places.files(f"{person.home}/.config/containers/systemd", ".container"):
        image = dict(settings(places.read(path) or "")).get("Image", "")
        yield draft(places, Place.SERVICE, "quadlet", path, f"podman run {image}", person=person)
