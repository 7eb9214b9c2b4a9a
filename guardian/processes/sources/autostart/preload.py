"""Code that is put into every program, or every program of a session: preloaded libraries.

Formats: the manual pages ld.so(8), environment.d(5), pam_env.conf(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.drafts import (
    SYSTEM_USER,
    draft_file,
    expand,
    variables_of,
)
from guardian.processes.sources.autostart.places import Person, Places

ENVIRONMENT = ("/etc/environment", "/etc/security/pam_env.conf", "/etc/default/locale")
FOLDERS = (
    "/etc/environment.d",
    "/run/environment.d",
    "/usr/local/lib/environment.d",
    "/usr/lib/environment.d",
    "/etc/systemd/system.conf.d",
    "/etc/systemd/user.conf.d",
)
OWN = (".pam_environment", ".config/plasma-workspace/env", ".config/environment.d", ".xsessionrc")
VALUE = re.compile(
    r"\b(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|PYTHONSTARTUP|PYTHONPATH|BASH_ENV|ENV|PERL5OPT|"
    r"RUBYOPT|NODE_OPTIONS|GIT_SSH_COMMAND|GTK_MODULES|GTK3_MODULES|QT_PLUGIN_PATH|JAVA_TOOL_OPTIONS)"
    r"(?:\s+(?:DEFAULT|OVERRIDE)\s*=|\s*=)\s*(.+)"
)
SYSTEM_FOLDERS = ("/usr/", "/lib", "/opt/", "/snap/", "/nix/", "/var/lib/flatpak/")


def read(places: Places) -> Iterator[StartEntry]:
    yield from everywhere(places)
    yield from search_folders(places)
    for path in ("/etc/systemd/system.conf", "/etc/systemd/user.conf", *ENVIRONMENT):
        yield from environment(places, path, None)
    for folder in FOLDERS:
        for path in places.files(folder, ".conf"):
            yield from environment(places, path, None)
    for person in places.people:
        yield from environment(places, f"{person.home}/.pam_environment", person)
        for path in places.files(f"{person.home}/.config/environment.d", ".conf"):
            yield from environment(places, path, person)


def everywhere(places: Places) -> Iterator[StartEntry]:
    """Libraries that the loader puts into every program of this system."""
    source = "/etc/ld.so.preload"
    for number, line in places.lines(source):
        for path in re.split(r"[\s:]+", line.split("#")[0].strip()):
            if path:
                full = path if path.startswith("/") else library(places, path)
                yield draft_file(
                    places,
                    Place.PRELOAD,
                    "every-program",
                    source,
                    full,
                    line=number,
                    command=line,
                    facts=("every-program",),
                )


def library(places: Places, name: str) -> str:
    """A library's full path from its bare name."""
    folders = ("/usr/local/lib", "/usr/lib", "/usr/lib64", "/lib")
    return next((f"{each}/{name}" for each in folders if places.has(each, name)), f"/lib/{name}")


def search_folders(places: Places) -> Iterator[StartEntry]:
    """Folders in which the loader looks for libraries, where they are not the system's own."""
    for source in ("/etc/ld.so.conf", *places.files("/etc/ld.so.conf.d", ".conf")):
        for number, line in places.lines(source):
            folder = line.split("#")[0].strip()
            usual = f"{folder}/".startswith(SYSTEM_FOLDERS) and "/." not in folder
            if folder.startswith("/") and not usual:
                yield draft_file(
                    places,
                    Place.PRELOAD,
                    "search-folder",
                    source,
                    folder,
                    line=number,
                    command=line,
                    facts=("library-folder",),
                )


def environment(places: Places, source: str, person: Person | None) -> Iterator[StartEntry]:
    """Variables of every session that make programs load or run a file of somebody's choice."""
    variables = variables_of(person or SYSTEM_USER)
    for number, line in places.lines(source):
        found = VALUE.search(line)
        if not found:
            continue
        value = expand(found[2].replace("@{HOME}", variables["HOME"]), variables).strip("\"' ")
        for path in re.findall(r"(?:^|[:\s=\"'])(/[^\s:\"';]+)", value):
            yield draft_file(
                places,
                Place.PRELOAD,
                "session-environment",
                source,
                path,
                line=number,
                person=person,
                command=line,
                facts=(f"sets-{found[1].lower().replace('_', '-')}",),
            )
