"""How a Mac is set up, asked through its own commands. Never run here: recorded answers only."""

from __future__ import annotations

import plistlib
import re
import stat
from typing import Any

from guardian.processes.model import (
    Backup,
    Person,
    Redirect,
    ScreenLock,
    Seen,
    Setup,
    System,
    Unknown,
    Updates,
)
from guardian.processes.sources.machine import Machine
from guardian.processes.sources.posture.browsers import read_add_ons, read_saved_logins
from guardian.processes.sources.posture.hosts import find_redirected

PREFERENCES = "/Library/Preferences"
FIREWALL = "/usr/libexec/ApplicationFirewall/socketfilterfw"
REMOTE = {
    "com.openssh.sshd": "SSH (Remote Login)",
    "com.apple.screensharing": "Screen Sharing",
    "com.apple.RemoteDesktop.PrivilegeProxy": "Remote Management",
}
PRIVATE_FOLDERS = ("Documents", "Desktop", "Downloads", "Pictures", ".ssh")


def read_setup(machine: Machine) -> Setup:
    return Setup(
        system=System.MACOS,
        desktop="macos",
        screen_lock=read_screen_lock(machine),
        auto_login=read_auto_login(machine),
        encrypted=contains(machine.run(("fdesetup", "status")), "FileVault is On"),
        firewall=read_firewall(machine),
        people=read_people(machine),
        guest=read_guest(machine),
        admin=contains(machine.run(("id", "-Gn")), "admin", word=True),
        open_places=read_open_places(machine),
        saved_logins=read_saved_logins(machine, System.MACOS),
        add_ons=read_add_ons(machine, System.MACOS),
        updates=read_updates(machine),
        redirects=read_redirects(machine),
        remote_access=read_remote_access(machine),
        shares=read_shares(machine),
        # the list of camera and microphone permissions needs access to the whole disk
        permissions=Unknown.DENIED,
        reports=Unknown.DENIED,
        secure_boot=contains(machine.run(("csrutil", "status")), "enabled"),
        backup=read_backup(machine),
    )


def contains(answer: Seen[str], text: str, *, word: bool = False) -> Seen[bool]:
    if isinstance(answer, Unknown):
        return answer
    return text in (answer.split() if word else answer)


def preferences(machine: Machine, name: str) -> Seen[dict[str, Any]]:
    """A property list of the whole system."""
    try:
        document = plistlib.loads(machine.at(f"{PREFERENCES}/{name}.plist").read_bytes())
    except PermissionError:
        return Unknown.DENIED
    except (OSError, ValueError, plistlib.InvalidFileException, OverflowError):
        return Unknown.ABSENT
    return document if isinstance(document, dict) else Unknown.ABSENT


def read_screen_lock(machine: Machine) -> Seen[ScreenLock]:
    """The answer is «screenLock delay is 300 seconds», «is immediate» or «screenLock is off»."""
    answer = machine.run(("sysadminctl", "-screenLock", "status"))
    if not isinstance(answer, str) or "screenLock" not in answer:
        return Unknown.ABSENT
    idle = machine.run(("defaults", "-currentHost", "read", "com.apple.screensaver", "idleTime"))
    wait = int(idle) if isinstance(idle, str) and idle.strip().isdigit() else 0
    enabled = "off" not in answer
    return ScreenLock(enabled, -(-wait // 60) if enabled else 0)


def read_auto_login(machine: Machine) -> Seen[str | None]:
    settings = preferences(machine, "com.apple.loginwindow")
    if isinstance(settings, Unknown):
        return settings
    name = settings.get("autoLoginUser")
    return str(name) if name else None


def read_firewall(machine: Machine) -> Seen[bool]:
    answer = machine.run((FIREWALL, "--getglobalstate"))
    if isinstance(answer, Unknown):
        return Unknown.DENIED
    return "enabled" in answer.lower()


def read_people(machine: Machine) -> Seen[tuple[Person, ...]]:
    listed = machine.run(("dscl", ".", "list", "/Users", "UniqueID"))
    admins = machine.run(("dscl", ".", "read", "/Groups/admin", "GroupMembership"))
    if isinstance(listed, Unknown):
        return listed
    names = set(admins.split()) if isinstance(admins, str) else set()
    found = []
    for line in listed.splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[1].isdigit() and int(parts[1]) > 500:
            found.append(Person(parts[0], parts[0] in names))
    return tuple(found) or Unknown.ABSENT


def read_guest(machine: Machine) -> Seen[bool]:
    settings = preferences(machine, "com.apple.loginwindow")
    return settings if isinstance(settings, Unknown) else bool(settings.get("GuestEnabled"))


def read_open_places(machine: Machine) -> Seen[tuple[str, ...]]:
    found = []
    for name in PRIVATE_FOLDERS:
        try:
            mode = (machine.home / name).stat().st_mode
        except OSError:
            continue
        if mode & stat.S_IROTH and mode & stat.S_IXOTH:
            found.append(f"~/{name}")
    return tuple(found)


def read_updates(machine: Machine) -> Updates:
    settings = preferences(machine, "com.apple.SoftwareUpdate")
    if isinstance(settings, Unknown):
        return Updates()
    waiting = settings.get("LastUpdatesAvailable")
    return Updates(
        automatic=bool(settings.get("AutomaticallyInstallMacOSUpdates")),
        waiting=waiting if isinstance(waiting, int) else Unknown.ABSENT,
    )


def read_redirects(machine: Machine) -> Seen[tuple[Redirect, ...]]:
    text = machine.text("/etc/hosts")
    hosts = find_redirected(text) if isinstance(text, str) else ()
    found = [Redirect("hosts", each) for each in hosts]
    proxy = machine.run(("scutil", "--proxy"))
    settings = dict(re.findall(r"(\w+) : (\S+)", proxy)) if isinstance(proxy, str) else {}
    for kind in ("HTTPS", "HTTP", "SOCKS"):
        if settings.get(f"{kind}Enable") == "1":
            found.append(Redirect("proxy", settings.get(f"{kind}Proxy", "")))
            break
    if settings.get("ProxyAutoConfigEnable") == "1":
        found.append(Redirect("script", settings.get("ProxyAutoConfigURLString", "")))
    return tuple(found)


def read_remote_access(machine: Machine) -> Seen[tuple[str, ...]]:
    """What the system was told to start although it is off by default."""
    listed = machine.run(("launchctl", "print-disabled", "system"))
    if isinstance(listed, Unknown):
        return listed
    states = dict(re.findall(r'"([\w.]+)" => (\w+)', listed))
    return tuple(
        name for label, name in REMOTE.items() if states.get(label) in ("enabled", "false")
    )


def read_shares(machine: Machine) -> Seen[tuple[str, ...]]:
    listed = machine.run(("sharing", "-l"))
    if isinstance(listed, Unknown):
        return listed
    return tuple(re.findall(r"^name:\s+(.+)$", listed, re.MULTILINE))


def read_backup(machine: Machine) -> Seen[Backup | None]:
    settings = preferences(machine, "com.apple.TimeMachine")
    if isinstance(settings, Unknown):
        return settings
    places = settings.get("Destinations")
    if not isinstance(places, list) or not places:
        return None
    states = [place.get("LastKnownEncryptionState") for place in places if isinstance(place, dict)]
    return Backup("Time Machine", states[:1] == ["Encrypted"])
