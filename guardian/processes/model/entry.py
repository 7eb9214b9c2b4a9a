"""What starts by itself, or lets somebody in, and which program stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guardian.processes.model.seen import Seen, Unknown


class Place(StrEnum):
    """The kind of place an entry stands in. One sentence per kind explains it to the person."""

    SERVICE = "service"
    """A unit of the service manager: systemd, a Windows service, a LaunchDaemon or LaunchAgent."""
    TIMER = "timer"
    """Runs by timetable: systemd timer, cron, at, anacron, scheduled task."""
    LOGIN = "login"
    """Starts with the person's session: XDG autostart, Run keys, Startup folder, login items."""
    BOOT = "boot"
    """Starts with the computer outside the service manager: rc.local, init scripts."""
    SHELL = "shell"
    """A line in a start file of a command window."""
    PRELOAD = "preload"
    """Code put into other programs: ld.so.preload, AppInit_DLLs, environment.d."""
    HOOK = "hook"
    """Runs on an event: udev, NetworkManager dispatcher, package manager hooks, WMI consumer."""
    AUTHENTICATION = "authentication"
    """Sees or decides log-ins: PAM, sudoers, Winlogon, authorization plug-ins."""
    KEY = "key"
    """Lets somebody log in from outside: authorized_keys."""
    BROWSER = "browser"
    """A helper or add-on a browser starts: native messaging hosts, forced extensions."""
    KERNEL = "kernel"
    """Loaded into the core of the system: modules, binfmt, kernel and system extensions."""


@dataclass(frozen=True, slots=True)
class StartEntry:
    """One thing that starts by itself.

    ``source`` is the file or registry key it stands in, ``line`` where in it (0 for the whole).
    ``target`` is the program it starts as a full path, or the script when an interpreter runs one;
    None when it starts none (a key, an alias). ``owner`` is the package of ``source``,
    ``target_owner`` that of ``target``. ``hidden``: kept out of the lists that people look at.
    ``user`` is for whom it runs; "" for everybody. ``facts`` are names of what stands out and
    only the place itself can tell, such as ``reboot`` or ``logs-commands``.
    """

    place: Place
    kind: str
    source: str
    name: str
    command: str = ""
    line: int = 0
    target: Seen[str | None] = None
    target_exists: Seen[bool] = Unknown.ABSENT
    target_owner: Seen[str | None] = Unknown.ABSENT
    target_signer: Seen[str | None] = Unknown.ABSENT
    owner: Seen[str | None] = Unknown.ABSENT
    user: Seen[str] = ""
    enabled: Seen[bool] = True
    hidden: bool = False
    changed: Seen[float] = Unknown.ABSENT
    facts: tuple[str, ...] = ()
