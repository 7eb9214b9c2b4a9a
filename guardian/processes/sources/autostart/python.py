"""Code that runs whenever the person starts any Python program: .pth files and site modules.

Source: the documentation of Python's module ``site``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.drafts import draft_file
from guardian.processes.sources.autostart.places import Person, Places
from guardian.processes.sources.autostart.traits import find_traits

CODE = re.compile(r"^import[ \t]", re.MULTILINE)


def read(places: Places) -> Iterator[StartEntry]:
    for version in places.names("/usr/local/lib"):
        if version.startswith("python3"):
            yield from site(places, f"/usr/local/lib/{version}/dist-packages", None)
            yield from site(places, f"/usr/local/lib/{version}/site-packages", None)
    for person in places.people:
        for version in places.names(f"{person.home}/.local/lib"):
            if version.startswith("python3"):
                folder = f"{person.home}/.local/lib/{version}/site-packages"
                yield from site(places, folder, person)


def site(places: Places, folder: str, person: Person | None) -> Iterator[StartEntry]:
    for path in places.files(folder, ".pth"):
        text = places.read(path) or ""
        if CODE.search(text) and not is_installed(places, folder, path):
            line = text[: CODE.search(text).start()].count("\n") + 1  # type: ignore[union-attr]
            yield draft_file(
                places,
                Place.PRELOAD,
                "python",
                path,
                path,
                person=person,
                line=line,
                command=text[:500],
                facts=("in-every-python-program", *find_traits(text)),
            )
    for name in ("sitecustomize.py", "usercustomize.py", "sitecustomize", "usercustomize"):
        if places.has(folder, name):
            path = f"{folder}/{name}"
            if is_installed(places, folder, path):
                continue
            text = places.read(path) or ""
            yield draft_file(
                places,
                Place.PRELOAD,
                "python",
                path,
                path,
                person=person,
                command=text[:500],
                facts=("in-every-python-program", *find_traits(text)),
            )


def is_installed(places: Places, folder: str, path: str) -> bool:
    """Whether one of the packages in ``folder`` lists the file as its own."""
    name = path.rpartition("/")[2]
    for package in places.names(folder):
        if package.endswith(".dist-info"):
            record = places.read(f"{folder}/{package}/RECORD") or ""
            if record.startswith(f"{name},") or f"\n{name}," in record:
                return True
    return False
