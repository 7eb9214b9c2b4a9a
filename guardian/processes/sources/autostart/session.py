"""What a graphical session starts besides autostart entries: X scripts and window managers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.commands import targets_of
from guardian.processes.sources.autostart.drafts import (
    SYSTEM_USER,
    Finder,
    draft,
    expand,
    variables_of,
)
from guardian.processes.sources.autostart.places import Person, Places
from guardian.processes.sources.autostart.traits import find_traits

SCRIPTS = (
    *(
        f".{name}"
        for name in ("xprofile", "xinitrc", "xsession", "xsessionrc", "Xclients", "xserverrc")
    ),
    ".config/openbox/autostart",
    ".config/openbox/environment",
    ".config/bspwm/bspwmrc",
    ".config/herbstluftwm/autostart",
    ".config/river/init",
    ".config/labwc/autostart",
    ".config/lxsession/LXDE/autostart",
    ".config/qtile/autostart.sh",
    ".fluxbox/startup",
    ".icewm/startup",
    ".config/dwm/autostart.sh",
    ".dwm/autostart.sh",
)
FOLDERS = (".config/plasma-workspace/env", ".config/plasma-workspace/shutdown", ".config/xinitrc.d")
MANAGERS = (
    ".config/i3/config",
    ".i3/config",
    ".config/sway/config",
    ".config/hypr/hyprland.conf",
    ".config/niri/config.kdl",
    ".config/wayfire.ini",
    "/etc/i3/config",
    "/etc/sway/config",
)
MANAGER_FOLDERS = (
    ".config/sway/config.d",
    ".config/i3/config.d",
    ".config/hypr",
    "/etc/sway/config.d",
)
EXEC = re.compile(
    r"^\s*(?:exec(?:_always)?(?:-once)?|spawn-at-startup)\s*(?:=|\s)\s*(?:--no-startup-id\s+)?(.+)"
)


def read(places: Places) -> Iterator[StartEntry]:
    for path in ("/etc/X11/Xsession.options", *(each for each in MANAGERS if each[0] == "/")):
        yield from manager(places, path, None)
    for person in places.people:
        for name in SCRIPTS:
            yield from script(places, f"{person.home}/{name}", person)
        for folder in FOLDERS:
            for path in places.files(f"{person.home}/{folder}"):
                yield from script(places, path, person)
        paths = [f"{person.home}/{name}" for name in MANAGERS if name[0] != "/"]
        for folder in MANAGER_FOLDERS:
            paths.extend(places.files(f"{person.home}/{folder}", ".conf"))
        for path in dict.fromkeys(paths):
            yield from manager(places, path, person)


def script(places: Places, path: str, person: Person) -> Iterator[StartEntry]:
    """One entry for each program a script starts."""
    variables = variables_of(person)
    find = Finder(places, person)
    for number, line in places.lines(path):
        full = expand(line[:20_000].lstrip("@"), variables)
        traits = find_traits(full) if places.in_time(path) else ()
        targets = list(dict.fromkeys(targets_of(full, find)))
        aims: list[str | None] = [*targets] or ([None] if traits else [])
        for target in aims:
            yield StartEntry(
                Place.LOGIN,
                "session-script",
                path,
                path.rpartition("/")[2],
                command=line[:2000],
                line=number,
                target=target,
                user=person.name,
                facts=traits,
            )


def manager(places: Places, path: str, person: Person | None) -> Iterator[StartEntry]:
    """The lines with which a window manager starts programs."""
    for number, line in places.lines(path):
        if found := EXEC.match(line[:20_000]):
            command = found[1].strip()
            if command.startswith('"') and command.endswith('"') and command.count('"') == 2:
                command = command[1:-1]
            yield draft(
                places,
                Place.LOGIN,
                "window-manager",
                path,
                command,
                person=person or SYSTEM_USER,
                line=number,
                code=True,
            )
