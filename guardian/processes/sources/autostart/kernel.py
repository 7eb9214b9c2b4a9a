"""What is loaded into the core of the system, or handed to it to run.

Grammar: the manual pages modules-load.d(5), modprobe.d(5), binfmt.d(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.drafts import draft, draft_fact, draft_file
from guardian.processes.sources.autostart.places import Places

TOPS = ("/etc", "/run", "/usr/local/lib", "/usr/lib")
INSTALL = re.compile(r"^(install|remove)\s+(\S+)\s+(.+)")
REFUSAL = re.compile(r"^(?:/usr)?/bin/(?:true|false)$|^:$")
REGISTERED = "/proc/sys/fs/binfmt_misc"


def read(places: Places) -> Iterator[StartEntry]:
    yield from modules(places, "/etc/modules")
    for top in TOPS:
        for path in places.files(f"{top}/modules-load.d", ".conf"):
            yield from modules(places, path)
        for path in places.files(f"{top}/modprobe.d", ".conf"):
            yield from installs(places, path)
        for path in places.files(f"{top}/binfmt.d", ".conf"):
            yield from formats(places, path)
    if places.here:
        yield from registered(places)


def modules(places: Places, path: str) -> Iterator[StartEntry]:
    """Modules loaded at each start. A name with a path is none the system knows."""
    for number, line in places.lines(path):
        name = line.split()[0]
        if "/" in name:
            yield draft_file(places, Place.KERNEL, "module", path, name, line=number, command=line)
        elif not line.startswith(";"):
            yield draft_fact(Place.KERNEL, "module", path, (), name=name, command=line, line=number)


def installs(places: Places, path: str) -> Iterator[StartEntry]:
    """Commands that run instead of loading a module."""
    for number, line in places.lines(path):
        found = INSTALL.match(line[:20_000])
        if found and not REFUSAL.match(found[3].strip()):
            yield draft(
                places,
                Place.KERNEL,
                "modprobe",
                path,
                found[3],
                name=found[2],
                line=number,
                code=True,
                facts=("instead-of-a-module",),
            )


def formats(places: Places, path: str) -> Iterator[StartEntry]:
    """Programs that run files of a kind: fields between the sign the line begins with."""
    for number, line in places.lines(path):
        fields = line.split(line[0])
        if len(fields) < 7 or line[0].isalnum():
            continue
        yield interpreter(places, path, (fields[1], fields[6], fields[-1]), number)


def registered(places: Places) -> Iterator[StartEntry]:
    """The same as the kernel holds it now, whoever told it."""
    for name in places.names(REGISTERED):
        if name in ("register", "status"):
            continue
        path = f"{REGISTERED}/{name}"
        values = dict(line.partition(" ")[::2] for _, line in places.lines(path))
        if program := values.get("interpreter"):
            yield interpreter(places, path, (name, program, values.get("flags:", "")))


def interpreter(
    places: Places, path: str, names: tuple[str, str, str], line: int = 0
) -> StartEntry:
    """``names`` are those of the kind of file and its program, and the flags."""
    name, program, flags = names
    facts = ("with-the-rights-of-the-file",) if "C" in flags else ()
    return draft_file(
        places, Place.KERNEL, "binfmt", path, program, name=name, line=line, facts=facts
    )
