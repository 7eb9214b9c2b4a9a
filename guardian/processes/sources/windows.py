"""The snapshot of a Windows computer: psutil's basics, who signed the files, and what senses.

Windows notes per program when it last began and ended to use camera and microphone, in
``CapabilityAccessManager\\ConsentStore``; an end of 0 means: in use now. The place is documented by
several forensic projects, and is not covered by a promise of Microsoft's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PureWindowsPath

from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.processes.model import DeviceKind, Process, Seen, Snapshot, Socket, Unknown
from guardian.processes.sources import connections, portable
from guardian.processes.sources.look import Look
from guardian.processes.sources.machine import Machine, Registry
from guardian.processes.sources.places import is_there

CONSENT = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
SENSORS = {"webcam": DeviceKind.CAMERA, "microphone": DeviceKind.MICROPHONE}
SYSTEM_FOLDER = "c:\\windows\\"
VALID = 0
"""The status «Valid» of Get-AuthenticodeSignature."""

SCRIPT = (
    "$input | ForEach-Object { $s = Get-AuthenticodeSignature -LiteralPath $_; "
    "[pscustomobject]@{p=$_; s=[int]$s.Status; n=$s.SignerCertificate.Subject} } | "
    "ConvertTo-Json -Compress"
)
"""Paths come in on standard input, so that none can be taken for a command."""

Exists = Callable[[str], bool]


def take_snapshot(look: Look, report: Report) -> Snapshot:
    """Everything this user is told. Raises ``Cancelled``."""
    from guardian.processes.sources.winregistry import WindowsRegistry

    machine = Machine(look.home, environment=os.environ, registry=WindowsRegistry())
    snapshot = portable.take_snapshot(report)
    report(0, 0, message("processes.working.signatures"))
    paths = {each.exe for each in snapshot.processes if isinstance(each.exe, str)}
    signers = read_signers(sorted(paths), machine)
    sockets = connections.of_system()
    using = in_use(machine.registry)
    processes = tuple(
        complete(each, signers, sockets, using, os.path.exists) for each in snapshot.processes
    )
    present = tuple(place for place in look.places if is_here(place, str(look.home)))
    return replace(snapshot, processes=processes, present=present, deep=look.deep)


def is_here(place: str, home: str) -> bool:
    """Whether a product's place is one of Windows, and exists."""
    path = home + place[1:] if place.startswith("~\\") else place
    return path[1:3] == ":\\" and is_there(path)


def complete(
    process: Process,
    signers: Seen[Mapping[str, str | None]],
    sockets: Seen[Mapping[int, tuple[Socket, ...]]],
    using: Seen[Mapping[str, frozenset[DeviceKind]]],
    exists: Exists,
) -> Process:
    """One process of psutil's with what other sources tell of it."""
    exe = process.exe
    sensors: Seen[tuple[DeviceKind, ...]] = using if isinstance(using, Unknown) else ()
    if isinstance(exe, str) and not isinstance(using, Unknown):
        sensors = tuple(sorted(using.get(exe.lower(), frozenset()) | of_package(exe, using)))
    elif exe is Unknown.DENIED:
        sensors = Unknown.DENIED
    signer: Seen[str | None] = signers if isinstance(signers, Unknown) else Unknown.DENIED
    if isinstance(exe, str) and not isinstance(signers, Unknown):
        signer = signers.get(exe.lower(), Unknown.DENIED)
    return replace(
        process,
        signer=signer,
        owner=signer,  # a program's maker is here what its package is on Linux
        sensors=sensors,
        exe_deleted=not exists(exe) if isinstance(exe, str) else Unknown.DENIED,
        sockets=sockets if isinstance(sockets, Unknown) else sockets.get(process.pid, ()),
    )


def in_use(registry: Registry) -> Seen[dict[str, frozenset[DeviceKind]]]:
    """Program path in lower case, or ``package:name``, -> the sensors it uses now."""
    found: dict[str, set[DeviceKind]] = {}
    known = False
    for root in ("HKCU", "HKLM"):
        for name, kind in SENSORS.items():
            folder = rf"{root}\{CONSENT}\{name}"
            for inner, prefix in ((folder, "package:"), (rf"{folder}\NonPackaged", "")):
                keys = registry.keys(inner)
                if isinstance(keys, Unknown):
                    continue
                known = True
                for key in keys:
                    start = registry.value(rf"{inner}\{key}", "LastUsedTimeStart")
                    stop = registry.value(rf"{inner}\{key}", "LastUsedTimeStop")
                    if stop == 0 and isinstance(start, int) and start:
                        # a path is kept with # for its slashes
                        path = prefix + (key if prefix else key.replace("#", "\\"))
                        found.setdefault(path.lower(), set()).add(kind)
    if not known:
        return Unknown.ABSENT
    return {path: frozenset(kinds) for path, kinds in found.items()}


def of_package(exe: str, using: Mapping[str, frozenset[DeviceKind]]) -> frozenset[DeviceKind]:
    """What the store app uses that ``exe`` belongs to.

    Its folder is named «Name_version_system__publisher», its key «Name_publisher».
    """
    parts = [part.lower() for part in PureWindowsPath(exe).parts]
    if "windowsapps" not in parts[:-1]:
        return frozenset()
    folder = parts[parts.index("windowsapps") + 1]
    name, _, publisher = folder.partition("_")[0], "", folder.rpartition("_")[2]
    return using.get(f"package:{name}_{publisher}", frozenset())


def read_signers(paths: Sequence[str], machine: Machine) -> Seen[dict[str, str | None]]:
    """Path in lower case -> who signed the file, None for nobody or a broken signature.

    Windows' own folder is asked about too: its programs are signed through catalogues, which
    the command knows.
    """
    if not paths:
        return {}
    command = ("powershell", "-NoProfile", "-NonInteractive", "-Command", SCRIPT)
    answer = machine.ask(command, "\r\n".join(paths))
    return parse_signers(answer) if isinstance(answer, str) else answer


def parse_signers(answer: str) -> Seen[dict[str, str | None]]:
    try:
        rows = json.loads(answer)
    except ValueError:
        return Unknown.ABSENT
    found: dict[str, str | None] = {}
    for row in rows if isinstance(rows, list) else [rows]:
        if isinstance(row, dict) and isinstance(row.get("p"), str):
            valid = row.get("s") == VALID and isinstance(row.get("n"), str)
            found[row["p"].lower()] = common_name(row["n"]) if valid else None
    return found


def common_name(subject: str) -> str:
    """The owner in a certificate's subject, such as ``CN="Contoso, Inc.", O=Contoso``."""
    parts = dict(split_subject(subject))
    return parts.get("O") or parts.get("CN") or subject


def split_subject(subject: str) -> Iterable[tuple[str, str]]:
    """The parts of a subject; a value in quotes may hold commas."""
    part, quoted, parts = "", False, []
    for sign in subject + ",":
        if sign == '"':
            quoted = not quoted
        elif sign == "," and not quoted:
            parts.append(part.strip())
            part = ""
        else:
            part += sign
    for each in parts:
        name, equals, value = each.partition("=")
        if equals:
            yield name.strip(), value.strip()
