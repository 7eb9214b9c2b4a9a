"""The snapshot of a Mac: psutil's basics, and who signed the files. Never run here.

Another user's arguments, connections and environment are for the administrator only; which
programs read the keyboard or the camera no public call tells, so those fields stay unknown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.processes.model import Component, Process, Seen, Snapshot, Socket, Unknown
from guardian.processes.sources import connections, portable
from guardian.processes.sources.look import Look
from guardian.processes.sources.machine import Machine
from guardian.processes.sources.places import find_places

APPLE_FOLDERS = ("/System/", "/usr/libexec/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/")
"""Sealed: only Apple writes there."""

APPLE = "Apple"
INSERTED = ("DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH")
PACKAGES = re.compile(r"^/(?:opt/homebrew|usr/local|home/linuxbrew/\.linuxbrew)/Cellar/([^/]+)/")


def take_snapshot(look: Look, report: Report) -> Snapshot:
    """Everything this user is told. Raises ``Cancelled``."""
    machine = Machine(look.home, environment=os.environ, uid=os.getuid())
    snapshot = portable.take_snapshot(report)
    paths = sorted({each.exe for each in snapshot.processes if isinstance(each.exe, str)})
    signers = {}
    for number, path in enumerate(paths):
        report(number, len(paths), message("processes.working.signatures"))
        signers[path] = read_signer(path, machine)
    processes = tuple(
        complete(each, signers, own_details(each.pid), os.path.exists)
        for each in snapshot.processes
    )
    present = find_places(look.places, (look.home,))
    return replace(snapshot, processes=processes, present=present, deep=look.deep)


def own_details(pid: int) -> tuple[Seen[tuple[Socket, ...]], Seen[Mapping[str, str]]]:
    """Connections of a process and the variables that put code into it; DENIED for others'."""
    import psutil

    try:
        process = psutil.Process(pid)
        held: Any = [
            found for one in process.net_connections("inet") if (found := connections.describe(one))
        ]
        environment = process.environ()
    except psutil.AccessDenied:
        return Unknown.DENIED, Unknown.DENIED
    except (psutil.Error, OSError):
        return Unknown.ABSENT, Unknown.ABSENT
    return tuple(held), {name: environment[name] for name in INSERTED if name in environment}


def complete(
    process: Process,
    signers: Mapping[str, Seen[str | None]],
    details: tuple[Seen[tuple[Socket, ...]], Seen[Mapping[str, str]]],
    exists: Any,
) -> Process:
    """One process of psutil's with what other sources tell of it."""
    sockets, inserted = details
    exe = process.exe
    components: Seen[tuple[Component, ...]] = Unknown.DENIED
    if not isinstance(inserted, Unknown):
        components = tuple(
            Component(path, name, False, package_of(path))
            for name, value in inserted.items()
            for path in value.split(":")
            if path
        )
    signer: Seen[str | None] = Unknown.DENIED
    if isinstance(exe, str):
        signer = signers.get(exe, Unknown.DENIED)
    return replace(
        process,
        signer=signer,
        # a program's maker is here what its package is on Linux
        owner=(package_of(exe) or signer) if isinstance(exe, str) else Unknown.DENIED,
        exe_deleted=not exists(exe) if isinstance(exe, str) else Unknown.DENIED,
        sockets=sockets,
        components=components,
    )


def package_of(path: str) -> str | None:
    """The system itself, or a Homebrew package; None for all else."""
    if path.startswith(APPLE_FOLDERS):
        return "macOS"
    found = PACKAGES.match(path)
    return f"homebrew:{found[1]}" if found else None


def read_signer(path: str, machine: Machine) -> Seen[str | None]:
    """Who signed a program; None for nobody, or only the computer it was built on (ad hoc)."""
    if path.startswith(APPLE_FOLDERS):
        return APPLE
    answer = machine.ask(("codesign", "--display", "--verbose=2", path), "", errors=True)
    return parse_signer(answer) if isinstance(answer, str) else answer


def parse_signer(answer: str) -> str | None:
    """From codesign's lines «Authority=...» and «TeamIdentifier=...»."""
    authorities = re.findall(r"^Authority=(.+)$", answer, re.MULTILINE)
    if not authorities or "Signature=adhoc" in answer:
        return None
    first = authorities[0]
    if first in ("Software Signing", "Apple Mac OS Application Signing"):
        return APPLE
    return re.sub(r"^[^:]+: ", "", first)
