"""What starts by itself on a Mac: launchd's agents and daemons, cron, hooks and shell files.

Login items of the newer kind (Background Task Management) only the administrator can list.
Never run here: recorded folders only.
"""

from __future__ import annotations

import plistlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from guardian.processes.model import Place, StartEntry, Unknown
from guardian.processes.sources.machine import Machine
from guardian.processes.sources.macos import package_of
from guardian.processes.sources.scripts import INTERPRETER, script_among

AGENTS = (
    ("~/Library/LaunchAgents", "agent", "me"),
    ("/Library/LaunchAgents", "agent", ""),
    ("/Library/LaunchDaemons", "daemon", "root"),
)
STARTUP = ("/Library/StartupItems", "/Library/Security/SecurityAgentPlugins")
HOOKS = ("LoginHook", "LogoutHook")
BACKGROUND_ITEMS = "/private/var/db/com.apple.backgroundtaskmanagement"
LARGEST = 1_000_000
Exists = Callable[[str], bool]


def take_entries(
    machine: Machine, check: Callable[[], None], exists: Exists | None = None
) -> tuple[tuple[StartEntry, ...], tuple[str, ...]]:
    """All entries without their signers, and the places that may not be read."""
    unread = [BACKGROUND_ITEMS]
    found: list[StartEntry] = []
    for folder, kind, user in AGENTS:
        check()
        for file in machine.files(folder):
            found += launchd(file, kind, user, unread, exists or there)
    found += hooks(machine)
    found += cron(machine)
    for folder in STARTUP:
        for each in machine.files(folder):
            found.append(
                StartEntry(Place.BOOT, "startup-item", str(each), each.name, target=str(each))
            )
    return tuple(found), tuple(unread)


def there(path: str) -> bool:
    return Path(path).exists()


def read_list(file: Path) -> Any:
    """A property list; None for a broken one. Raises ``PermissionError``."""
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return None
        return plistlib.loads(file.read_bytes())
    except PermissionError:
        raise
    except (OSError, ValueError, plistlib.InvalidFileException, OverflowError, RecursionError):
        return None


def launchd(
    file: Path, kind: str, user: str, unread: list[str], exists: Exists
) -> Iterator[StartEntry]:
    try:
        job = read_list(file)
    except PermissionError:
        unread.append(str(file))
        return
    if not isinstance(job, dict):
        return
    words = [word for word in job.get("ProgramArguments") or [] if isinstance(word, str)]
    program = job.get("Program")
    if isinstance(program, str):
        words = [program, *words[1:]]
    if not words:
        return
    target = program_of(words)
    timed = bool(job.get("StartInterval") or job.get("StartCalendarInterval"))
    facts = ["inserts-code"] if inserted(job) else []
    if str(job.get("Label", "")).startswith("com.apple."):
        facts.append("apples-name")
    yield StartEntry(
        Place.TIMER if timed else Place.SERVICE,
        kind,
        str(file),
        str(job.get("Label") or file.stem),
        " ".join(words)[:2_000],
        target=target,
        target_exists=exists(target) if target else Unknown.ABSENT,
        target_owner=package_of(target) if target else Unknown.ABSENT,
        user=user,
        enabled=not job.get("Disabled"),
        hidden=file.name.startswith("."),
        facts=tuple(facts),
    )


def inserted(job: dict[str, Any]) -> bool:
    variables = job.get("EnvironmentVariables")
    return isinstance(variables, dict) and any(str(name).startswith("DYLD_") for name in variables)


def program_of(words: list[str]) -> str | None:
    """The program, or the script that an interpreter is given."""
    name = words[0].rpartition("/")[2]
    if INTERPRETER.fullmatch(name):
        script = script_among(tuple(words[1:]), name[:2].lower())
        if script and script.startswith("/"):
            return script
    return words[0] if words[0].startswith("/") else None


def hooks(machine: Machine) -> Iterator[StartEntry]:
    place = machine.at("/Library/Preferences/com.apple.loginwindow.plist")
    try:
        settings = read_list(place)
    except PermissionError:
        return
    for name in HOOKS:
        value = settings.get(name) if isinstance(settings, dict) else None
        if isinstance(value, str) and value:
            yield StartEntry(
                Place.AUTHENTICATION, "login-hook", str(place), name, value, target=value
            )


def cron(machine: Machine) -> Iterator[StartEntry]:
    """The person's own timetable, as the command that keeps it tells."""
    listed = machine.run(("crontab", "-l"))
    for number, line in enumerate(listed.splitlines() if isinstance(listed, str) else (), 1):
        fields = line.split(None, 1 if line.startswith("@") else 5)
        if line.lstrip().startswith("#") or len(fields) not in (2, 6) or "=" in fields[0]:
            continue
        words = fields[-1].split()
        yield StartEntry(
            Place.TIMER, "crontab", "crontab", words[0], fields[-1][:2_000], number,
            target=program_of(words), user="me",
            facts=("reboot",) if fields[0] == "@reboot" else (),
        )  # fmt: skip
