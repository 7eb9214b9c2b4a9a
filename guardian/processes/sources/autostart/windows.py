"""What starts by itself on Windows: Run keys, Startup folders, services, tasks, and code put in.

The registry paths are those Microsoft documents; the list of places follows what Autoruns shows.
Never run here: recorded registries only.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from guardian.processes.model import Place, StartEntry, Unknown
from guardian.processes.sources.machine import Machine

MICROSOFT = r"SOFTWARE\Microsoft\Windows\CurrentVersion"
RUN_KEYS = (
    rf"{MICROSOFT}\Run",
    rf"{MICROSOFT}\RunOnce",
    rf"{MICROSOFT}\Policies\Explorer\Run",
    r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Run",
    r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\RunOnce",
)
APPROVED = rf"{MICROSOFT}\Explorer\StartupApproved\Run"
WINLOGON = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
ORDINARY_WINLOGON = {
    "Shell": r"explorer\.exe",
    "Userinit": r"(?:c:\\windows\\system32\\)?userinit\.exe,?",
}
APP_INIT = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Windows"
IMAGE_OPTIONS = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
OWN_CLASSES = r"HKCU\SOFTWARE\Classes\CLSID"
CLASSES = r"HKLM\SOFTWARE\Classes\CLSID"
CONSUMERS = (
    "@(Get-CimInstance -Namespace root/subscription -ClassName __EventConsumer -ErrorAction Stop"
    " | ForEach-Object { [pscustomobject]@{n=$_.Name;"
    ' c="$($_.CommandLineTemplate)$($_.ExecutablePath)$($_.ScriptText)"} })'
    " | ConvertTo-Json -Compress"
)
STARTS_BY_ITSELF = (0, 1, 2)
"""The values of «Start» for services and drivers that need nobody to start them."""

DRIVERS = (1, 2)
"""The values of «Type» for what runs inside the kernel."""

STARTUP = (
    "~/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup",
    "/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp",
)
TASKS = "/Windows/System32/Tasks"
MOST_TASKS = 2_000
INTERPRETERS = re.compile(
    r"(?:cmd|powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|python\w*|node)(?:\.exe)?",
    re.I,
)
FETCHES = re.compile(
    r"https?://|-enc|frombase64string|downloadstring|invoke-webrequest|\biwr\b|\bcurl\b|bitsadmin",
    re.I,
)
ENDING = re.compile(r"(.+?\.(?:exe|dll|sys|com|bat|cmd|scr))\b", re.I)
GIVEN = re.compile(
    r'"([^"]+\.\w{2,4})|(?:^|\s)([^\s",]+\.(?:ps1|vbs|js|bat|cmd|dll|hta|py|exe))', re.I
)
"""The script or library an interpreter is given."""

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
VARIABLE = re.compile(r"%([A-Za-z_()0-9]+)%")

Exists = Callable[[str], bool]


def take_entries(
    machine: Machine, check: Callable[[], None], exists: Exists = os.path.exists
) -> tuple[tuple[StartEntry, ...], tuple[str, ...]]:
    """All entries without their signers, and the places that may not be read."""
    unread: list[str] = []
    found: list[StartEntry] = []
    for read in (run_keys, winlogon, injected, borrowed_classes, services, event_consumers):
        check()
        found += read(machine, unread)
    found += startup_folders(machine)
    check()
    found += tasks(machine, unread)
    return tuple(with_target(entry, machine.environment, exists) for entry in found), tuple(unread)


def run_keys(machine: Machine, unread: list[str]) -> Iterator[StartEntry]:
    for root in ("HKCU", "HKLM"):
        off = disabled(machine, root)
        for key in RUN_KEYS:
            path = rf"{root}\{key}"
            for name, command in values(machine, path, unread):
                yield StartEntry(
                    Place.LOGIN, "run-key", path, name, command, enabled=name not in off,
                    user="" if root == "HKLM" else "me", hidden=not name.strip().isprintable(),
                    facts=traits(command),
                )  # fmt: skip


def disabled(machine: Machine, root: str) -> set[str]:
    """Entries switched off in the Task Manager: the first byte of their record is odd."""
    names = machine.registry.names(rf"{root}\{APPROVED}")
    if isinstance(names, Unknown):
        return set()
    states = {name: machine.registry.value(rf"{root}\{APPROVED}", name) for name in names}
    return {name for name, value in states.items() if isinstance(value, int) and value & 1}


def values(machine: Machine, path: str, unread: list[str]) -> Iterator[tuple[str, str]]:
    names = machine.registry.names(path)
    if names is Unknown.DENIED:
        unread.append(path)
    for name in names if not isinstance(names, Unknown) else ():
        value = machine.registry.value(path, name)
        if isinstance(value, str) and value.strip():
            yield name, value


def winlogon(machine: Machine, unread: list[str]) -> Iterator[StartEntry]:
    """Programs that take the place of the desktop or of the log-in, or stand beside them."""
    for name, ordinary in ORDINARY_WINLOGON.items():
        value = machine.registry.value(WINLOGON, name)
        if value is Unknown.DENIED:
            unread.append(WINLOGON)
        elif isinstance(value, str) and not re.fullmatch(ordinary, value.strip(), re.I):
            yield StartEntry(
                Place.AUTHENTICATION, "winlogon", WINLOGON, name, value, facts=traits(value)
            )


def injected(machine: Machine, unread: list[str]) -> Iterator[StartEntry]:
    """Code that is put into other programs, or started in their place."""
    libraries = machine.registry.value(APP_INIT, "AppInit_DLLs")
    switched = machine.registry.value(APP_INIT, "LoadAppInit_DLLs")
    if isinstance(libraries, str) and libraries.strip():
        yield StartEntry(
            Place.PRELOAD, "app-init", APP_INIT, "AppInit_DLLs", libraries, enabled=switched == 1,
            facts=("every-program",),
        )  # fmt: skip
    programs = machine.registry.keys(IMAGE_OPTIONS)
    if programs is Unknown.DENIED:
        unread.append(IMAGE_OPTIONS)
    for program in programs if not isinstance(programs, Unknown) else ():
        path = rf"{IMAGE_OPTIONS}\{program}"
        for name in ("Debugger", "VerifierDlls"):
            value = machine.registry.value(path, name)
            if isinstance(value, str) and value.strip():
                facts = ("takes-place", *traits(value))
                yield StartEntry(Place.PRELOAD, "image-option", path, program, value, facts=facts)


def borrowed_classes(machine: Machine, unread: list[str]) -> Iterator[StartEntry]:
    """Parts of Windows that this person's own settings replace by another library (COM).

    A class that the person's settings alone know belongs to an ordinary program of theirs.
    """
    names = machine.registry.keys(OWN_CLASSES)
    if names is Unknown.DENIED:
        unread.append(OWN_CLASSES)
    for name in names if not isinstance(names, Unknown) else ():
        path = rf"{OWN_CLASSES}\{name}\InprocServer32"
        library = machine.registry.value(path, "")
        usual = machine.registry.value(rf"{CLASSES}\{name}\InprocServer32", "")
        if isinstance(library, str) and isinstance(usual, str) and library.strip():
            yield StartEntry(
                Place.PRELOAD, "class", path, name, library, user="me", facts=("takes-place",)
            )


def event_consumers(machine: Machine, unread: list[str]) -> Iterator[StartEntry]:
    """Commands that Windows runs on an event of its own (WMI, class __EventConsumer).

    Mostly for the administrator only: then the place is told as not read.
    """
    answer = machine.run(("powershell", "-NoProfile", "-NonInteractive", "-Command", CONSUMERS))
    try:
        rows = json.loads(answer) if isinstance(answer, str) and answer.strip() else None
    except ValueError:
        rows = None
    if rows is None:
        unread.append("WMI __EventConsumer")
        return
    for row in rows if isinstance(rows, list) else [rows]:
        command = row.get("c") if isinstance(row, dict) else None
        if isinstance(command, str) and command.strip():
            name = str(row.get("n") or "")[:200]
            yield StartEntry(
                Place.HOOK, "event", "WMI __EventConsumer", name, command[:2_000],
                user="SYSTEM", facts=traits(command),
            )  # fmt: skip


def services(machine: Machine, unread: list[str]) -> Iterator[StartEntry]:
    names = machine.registry.keys(SERVICES)
    if isinstance(names, Unknown):
        if names is Unknown.DENIED:
            unread.append(SERVICES)
        return
    for name in names:
        path = rf"{SERVICES}\{name}"
        if machine.registry.value(path, "Start") not in STARTS_BY_ITSELF:
            continue
        command = machine.registry.value(path, "ImagePath")
        if not isinstance(command, str) or not command.strip():
            continue
        library = machine.registry.value(rf"{path}\Parameters", "ServiceDll")
        driver = machine.registry.value(path, "Type") in DRIVERS
        shown = machine.registry.value(path, "DisplayName")
        yield StartEntry(
            Place.KERNEL if driver else Place.SERVICE,
            "driver" if driver else "service",
            path,
            shown if isinstance(shown, str) and not shown.startswith("@") else name,
            library if isinstance(library, str) else command,
            user="SYSTEM",
            facts=traits(command),
        )


def startup_folders(machine: Machine) -> Iterator[StartEntry]:
    for folder in STARTUP:
        for file in machine.files(folder):
            if file.name.lower() == "desktop.ini":
                continue
            yield StartEntry(
                Place.LOGIN, "startup-folder", str(file), file.name, str(file),
                hidden=file.name.startswith("."), user="me" if folder.startswith("~") else "",
            )  # fmt: skip


def tasks(machine: Machine, unread: list[str]) -> Iterator[StartEntry]:
    """Scheduled tasks: one XML file each. Most can be read by the administrator only."""
    folder = machine.at(TASKS)
    try:
        files = sorted(each for each in folder.rglob("*") if each.is_file())[:MOST_TASKS]
    except OSError:
        unread.append(TASKS)
        return
    denied = False
    for file in files:
        text = task_text(file)
        if text is None:
            denied = True
        else:
            yield from parse_task(text, str(file), file.name)
    if denied or not files:
        unread.append(TASKS)


def task_text(file: Path) -> str | None:
    try:
        raw = file.read_bytes()[:1_000_000]
    except OSError:
        return None
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return raw.decode(encoding, "replace")


def parse_task(text: str, source: str, name: str) -> Iterator[StartEntry]:
    """The actions of one task. A document with entities of its own is no task of Windows'."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return
    try:
        root = ElementTree.fromstring(re.sub(r"^<\?xml[^>]*\?>", "", text.lstrip("\ufeff \r\n")))
    except ElementTree.ParseError:
        return
    hidden = (root.findtext(f".//{NAMESPACE}Hidden") or "").strip().lower() == "true"
    enabled = (root.findtext(f"{NAMESPACE}Settings/{NAMESPACE}Enabled") or "true").strip()
    for action in root.iter(f"{NAMESPACE}Exec"):
        program = (action.findtext(f"{NAMESPACE}Command") or "").strip()
        arguments = (action.findtext(f"{NAMESPACE}Arguments") or "").strip()
        if program:
            command = f'"{program.strip(chr(34))}" {arguments}'.strip()
            yield StartEntry(
                Place.TIMER, "task", source, name, command, hidden=hidden,
                enabled=enabled.lower() == "true", facts=traits(command),
            )  # fmt: skip


def traits(command: str) -> tuple[str, ...]:
    """What stands out in a command, by the names the Linux places use."""
    return ("fetches-and-runs",) if FETCHES.search(command) else ()


def with_target(entry: StartEntry, environment: Mapping[str, str], exists: Exists) -> StartEntry:
    target = find_target(entry.command, environment)
    there = exists(target) if target else Unknown.ABSENT
    return replace(entry, target=target, target_exists=there)


def find_target(command: str, environment: Mapping[str, str]) -> str | None:
    """The program a command starts, or the script or library an interpreter is given."""
    known = {name.upper(): value for name, value in environment.items()}
    full = VARIABLE.sub(lambda found: known.get(found[1].upper(), found[0]), command.strip())
    root = known.get("SYSTEMROOT", "C:\\Windows")
    full = re.sub(r"^\\SystemRoot\\", lambda _: root + "\\", full, flags=re.I)
    full = re.sub(r"^\\\?\?\\", "", full)
    if re.match(r"system32\\", full, re.I):
        full = f"{root}\\{full}"
    words = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', full)]
    if not words:
        return None
    program = words[0]
    # an unquoted path with spaces goes on until its ending
    if not full.startswith('"') and (found := ENDING.match(full)):
        program = found[1]
    name = program.rpartition("\\")[2]
    if INTERPRETERS.fullmatch(name):
        inner = GIVEN.search(full[full.find(name) + len(name) :].removeprefix('"').lstrip())
        if inner:
            return str(inner[1] or inner[2])
    return str(program)
