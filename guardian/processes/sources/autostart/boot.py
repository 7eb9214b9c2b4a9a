"""What starts with the computer outside systemd: rc.local, init scripts, inittab."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.commands import targets_of
from guardian.processes.sources.autostart.drafts import SYSTEM_USER, Finder, draft, draft_file
from guardian.processes.sources.autostart.places import Places
from guardian.processes.sources.autostart.traits import find_traits

RC_LOCAL = ("/etc/rc.local", "/etc/rc.d/rc.local", "/etc/init.d/boot.local", "/etc/rc.d/rc.start")
INIT = ("/etc/init.d", "/etc/local.d", "/etc/rc.boot")
STOCK = frozenset(("README", "skeleton", "functions", ".placeholder", ".depend.start"))
INITTAB = re.compile(r"^[^:#]*:[^:]*:(?:respawn|wait|once|boot|bootwait|sysinit|ondemand):(.+)")


def read(places: Places) -> Iterator[StartEntry]:
    for path in RC_LOCAL:
        yield from rc_local(places, path)
    for folder in INIT:
        for path in places.files(folder):
            name = path.rpartition("/")[2]
            if name not in STOCK and not name.startswith(".depend"):
                yield draft_file(places, Place.BOOT, "init", path, path)
    for number, line in places.lines("/etc/inittab"):
        if found := INITTAB.match(line):
            yield draft(
                places, Place.BOOT, "inittab", "/etc/inittab", found[1].lstrip("+"), line=number
            )


def rc_local(places: Places, path: str) -> Iterator[StartEntry]:
    """Each program the script starts is an entry, so that none hides behind another."""
    text = places.read(path)
    if not text:
        return
    state = places.state(path)
    runs = state is not None and bool(state.st_mode & 0o111)
    find = Finder(places, SYSTEM_USER, "/")
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        traits = find_traits(line) if places.in_time(path) else ()
        targets = list(dict.fromkeys(targets_of(line, find)))
        aims: list[str | None] = [*targets] or ([None] if traits else [])
        for target in aims:
            yield StartEntry(
                Place.BOOT,
                "rc.local",
                path,
                path.rpartition("/")[2],
                command=line.strip()[:2000],
                line=number,
                target=target,
                user="root",
                enabled=runs,
                facts=traits,
            )
