"""How a Linux computer is set up: its settings files, and a few questions to its desktop."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Iterator

from guardian.processes.model import (
    Backup,
    Person,
    Seen,
    Setup,
    System,
    Unknown,
    Updates,
)
from guardian.processes.sources.machine import Machine, sections, yes
from guardian.processes.sources.posture.browsers import read_add_ons, read_saved_logins
from guardian.processes.sources.posture.desktop import ask_desktop, read_reports, read_screen_lock
from guardian.processes.sources.posture.network import (
    read_certificates,
    read_firewall,
    read_redirects,
    read_remote_access,
    read_shares,
)

ADMIN_GROUPS = ("sudo", "wheel", "admin")
FIRST_PERSON, LAST_PERSON = 1000, 60_000
NO_LOGIN = ("nologin", "false", "sync")
LOGIN_FILES = (
    ("/etc/gdm3", "*.conf", "daemon", "automaticlogin", "automaticloginenable"),
    ("/etc/gdm", "*.conf", "daemon", "automaticlogin", "automaticloginenable"),
    ("/etc/sddm.conf.d", "*.conf", "autologin", "user", ""),
    ("/usr/lib/sddm/sddm.conf.d", "*.conf", "autologin", "user", ""),
    ("/etc", "sddm.conf", "autologin", "user", ""),
    ("/etc/lightdm", "lightdm.conf", "seat:*", "autologin-user", ""),
    ("/etc/lightdm/lightdm.conf.d", "*.conf", "seat:*", "autologin-user", ""),
    ("/etc/greetd", "config.toml", "initial_session", "user", ""),
)
"""Folder, files, section, who is logged in, and what must be «true» for it (docs of each)."""

PRIVATE_FOLDERS = (
    "", "Documents", "Pictures", "Desktop", "Downloads", ".ssh", ".gnupg", ".mozilla",
    ".config/google-chrome", ".config/chromium", ".config/mozilla", ".thunderbird", ".local/share",
)  # fmt: skip
BACKUPS = (
    ("~/.local/share/Vorta/settings.db", "Vorta"),
    ("~/.var/app/org.gnome.World.PikaBackup/config", "Pika Backup"),
    ("~/.config/kuprc", "Kup"),
    ("~/.config/backintime/config", "Back In Time"),
    ("/etc/borgmatic/config.yaml", "borgmatic"),
    ("~/.config/borgmatic/config.yaml", "borgmatic"),
    ("~/.duplicity", "duplicity"),
)
ROOT = "root"

MOST_NAMES = 20
DAY = 86_400


def read_setup(machine: Machine) -> Setup:
    """Everything that can be read; what cannot stays unknown."""
    return Setup(
        system=System.LINUX,
        desktop="kde" if "KDE" in machine.environment.get("XDG_CURRENT_DESKTOP", "") else "",
        screen_lock=read_screen_lock(machine),
        auto_login=read_auto_login(machine),
        encrypted=read_encryption(machine),
        firewall=read_firewall(machine),
        people=read_people(machine),
        second_root=read_second_root(machine),
        guest=read_guest(machine),
        admin=read_admin(machine),
        open_places=read_open_places(machine),
        saved_logins=read_saved_logins(machine),
        add_ons=read_add_ons(machine),
        updates=read_updates(machine),
        redirects=read_redirects(machine),
        certificates=read_certificates(machine),
        remote_access=read_remote_access(machine),
        shares=read_shares(machine),
        permissions=read_permissions(machine),
        reports=read_reports(machine),
        secure_boot=read_secure_boot(machine),
        backup=read_backup(machine),
    )


def read_auto_login(machine: Machine) -> Seen[str | None]:
    """Who is logged in without a password; ABSENT where no known program shows the log-in."""
    managers = denied = False
    for folder, pattern, section, key, switch in LOGIN_FILES:
        for file in machine.files(folder, pattern):
            managers = True
            text = machine.text(file)
            if not isinstance(text, str):
                denied = denied or text is Unknown.DENIED
                continue
            settings = sections(text).get(section, {})
            if settings.get(key) and (not switch or yes(settings.get(switch))):
                return settings[key]
    for file in machine.files("/etc/systemd/system", "*getty@*.service.d/*.conf"):
        managers = True
        text = machine.text(file)
        if isinstance(text, str) and (found := re.search(r"--autologin[ =](\S+)", text)):
            return found[1]
    if denied:
        return Unknown.DENIED
    return None if managers else Unknown.ABSENT


def read_encryption(machine: Machine) -> Seen[bool]:
    """Whether the person's home lies on an encrypted disk, or is encrypted by itself."""
    text = machine.text("/proc/self/mountinfo")
    if not isinstance(text, str):
        return text
    best, found = -1, None
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if len(fields) < 5 or len(kind) < 2:
            continue
        point = fields[4]
        inside = str(machine.home) == point or str(machine.home).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, found = len(point), (fields[2], kind[0], kind[1])
    if found is None:
        return Unknown.ABSENT
    numbers, system, source = found
    if system in ("ecryptfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.encfs"):
        return True
    if numbers.startswith("0:"):  # btrfs and others have no device of their own
        numbers = device_numbers(source)
    return on_encrypted_device(machine, numbers) if numbers else Unknown.ABSENT


def device_numbers(source: str) -> str:
    import os

    try:
        device = os.stat(source).st_rdev  # noqa: PTH116 - a device, not a document
    except (OSError, ValueError):
        return ""
    return f"{os.major(device)}:{os.minor(device)}" if device else ""


def on_encrypted_device(machine: Machine, numbers: str) -> Seen[bool]:
    """Whether the device, or one it is made of, is opened by dm-crypt (/sys/block/*/dm/uuid)."""
    waiting = [machine.at(f"/sys/dev/block/{numbers}")]
    seen = False
    for _ in range(64):
        if not waiting:
            break
        folder = waiting.pop()
        try:
            seen = seen or folder.exists()
            uuid = (folder / "dm" / "uuid").read_text() if (folder / "dm").is_dir() else ""
            if uuid.startswith("CRYPT"):
                return True
            below = list((folder / "slaves").iterdir()) if (folder / "slaves").is_dir() else []
        except OSError:
            continue
        waiting += below
    return False if seen else Unknown.ABSENT


def members(machine: Machine) -> set[str]:
    """Who may become administrator."""
    text = machine.text("/etc/group")
    found: set[str] = set()
    for line in text.splitlines() if isinstance(text, str) else ():
        name, _, rest = line.partition(":")
        if name in ADMIN_GROUPS:
            found |= {each for each in rest.rpartition(":")[2].split(",") if each}
    return found


def entries(machine: Machine) -> Iterator[tuple[str, int, str]]:
    """Name, number and shell of everybody in /etc/passwd."""
    text = machine.text("/etc/passwd")
    for line in text.splitlines() if isinstance(text, str) else ():
        fields = line.split(":")
        if len(fields) >= 7 and fields[2].isdigit():
            yield fields[0], int(fields[2]), fields[6]


def read_people(machine: Machine) -> Seen[tuple[Person, ...]]:
    admins = members(machine)
    found = tuple(
        Person(name, name in admins)
        for name, uid, shell in entries(machine)
        if FIRST_PERSON <= uid < LAST_PERSON and not shell.endswith(NO_LOGIN)
    )
    return found or Unknown.ABSENT


def read_second_root(machine: Machine) -> Seen[str | None]:
    """Who is not called root but has the administrator's number; None for nobody."""
    known = [name for name, uid, _ in entries(machine) if uid == 0]
    if not known:
        return Unknown.ABSENT
    return next((name for name in known if name != ROOT), None)


def read_guest(machine: Machine) -> Seen[bool]:
    for folder in ("/etc/lightdm", "/etc/lightdm/lightdm.conf.d"):
        for file in machine.files(folder, "*.conf"):
            text = machine.text(file)
            if isinstance(text, str):
                seat = sections(text).get("seat:*", {})
                if yes(seat.get("allow-guest")):
                    return True
    return False


def read_admin(machine: Machine) -> Seen[bool]:
    if machine.uid == 0:
        return True
    names = [name for name, uid, _ in entries(machine) if uid == machine.uid]
    return names[0] in members(machine) if names else Unknown.ABSENT


def read_open_places(machine: Machine) -> Seen[tuple[str, ...]]:
    """Private folders that other people of this computer can list and read."""
    try:
        home = machine.home.stat().st_mode
    except OSError:
        return Unknown.DENIED
    found = []
    for name in PRIVATE_FOLDERS:
        try:
            mode = (machine.home / name).stat().st_mode
        except OSError:
            continue
        reachable = not name or home & stat.S_IXOTH
        if reachable and mode & stat.S_IROTH and mode & stat.S_IXOTH:
            found.append(f"~/{name}".rstrip("/"))
    return tuple(found)


def read_updates(machine: Machine) -> Updates:
    automatic: Seen[bool] = Unknown.ABSENT
    text = machine.text("/etc/apt/apt.conf.d/20auto-upgrades")
    if isinstance(text, str):
        found = re.search(r'Unattended-Upgrade\s+"(\d+)"', text)
        automatic = bool(found and found[1] != "0")
    elif machine.there("/etc/apt"):
        automatic = False
    dnf = machine.text("/etc/dnf/automatic.conf")
    if isinstance(dnf, str):
        timer = machine.there("/etc/systemd/system/timers.target.wants/dnf-automatic.timer")
        automatic = timer and yes(sections(dnf).get("commands", {}).get("apply_updates"))
    return Updates(automatic, count_waiting(machine), days_since_asked(machine))


def count_waiting(machine: Machine) -> Seen[int]:
    """What the last check wrote down (Ubuntu); asking the package manager takes two seconds."""
    text = machine.text("/var/lib/update-notifier/updates-available")
    found = re.search(r"\d+", text) if isinstance(text, str) else None
    return int(found[0]) if found else Unknown.ABSENT


def days_since_asked(machine: Machine) -> Seen[int]:
    places = (
        "/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/lists/partial",
        "/var/cache/dnf", "/var/cache/libdnf5", "/var/lib/pacman/sync",
    )  # fmt: skip
    times = []
    for place in places:
        try:
            times.append(machine.at(place).stat().st_mtime)
        except OSError:
            continue
    return max(0, int((time.time() - max(times)) // DAY)) if times else Unknown.ABSENT


def read_permissions(machine: Machine) -> Seen[tuple[str, ...]]:
    """Boxed programs (Flatpak) that were allowed the camera; ordinary ones need no permission."""
    listed = machine.run(("flatpak", "permissions", "devices"))
    if not isinstance(listed, str):
        return Unknown.ABSENT
    found = set()
    for line in listed.splitlines():
        fields = line.split("\t")
        if len(fields) >= 4 and fields[1] in ("camera", "microphone") and "yes" in fields[3]:
            found.add(fields[2])
    return tuple(sorted(found))[:MOST_NAMES]


def read_secure_boot(machine: Machine) -> Seen[bool]:
    """The last byte of the firmware's variable (UEFI specification, section 3.3)."""
    for file in machine.files("/sys/firmware/efi/efivars", "SecureBoot-*"):
        try:
            return file.read_bytes()[-1:] == b"\x01"
        except PermissionError:
            return Unknown.DENIED
        except OSError:
            continue
    return Unknown.ABSENT


def read_backup(machine: Machine) -> Seen[Backup | None]:
    """A backup program that has been set up; None where none of the known ones is."""
    last = ask_desktop(machine, "org.gnome.DejaDup", "last-backup")
    if last:
        return Backup("Déjà Dup", Unknown.DENIED)
    text = machine.text("/etc/timeshift/timeshift.json")
    if isinstance(text, str):
        try:
            settings = json.loads(text)
        except ValueError:
            settings = {}
        if isinstance(settings, dict) and settings.get("backup_device_uuid"):
            return Backup("Timeshift", Unknown.DENIED)
    for path, name in BACKUPS:
        if machine.there(path):
            return Backup(name, Unknown.DENIED)
    return None
