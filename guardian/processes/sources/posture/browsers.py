"""How many log-ins browsers keep, and which add-ons read every page. No log-in is read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from guardian.processes.model import AddOn, SavedLogins, Seen, System, Unknown
from guardian.processes.sources.machine import Machine

CHROMIUM = {
    System.LINUX: (
        ("Chrome", "~/.config/google-chrome"),
        ("Chromium", "~/.config/chromium"),
        ("Chromium", "~/snap/chromium/common/chromium"),
        ("Chromium", "~/.var/app/org.chromium.Chromium/config/chromium"),
        ("Edge", "~/.config/microsoft-edge"),
        ("Brave", "~/.config/BraveSoftware/Brave-Browser"),
        ("Vivaldi", "~/.config/vivaldi"),
    ),
    System.WINDOWS: (
        ("Chrome", "~/AppData/Local/Google/Chrome/User Data"),
        ("Edge", "~/AppData/Local/Microsoft/Edge/User Data"),
        ("Brave", "~/AppData/Local/BraveSoftware/Brave-Browser/User Data"),
        ("Vivaldi", "~/AppData/Local/Vivaldi/User Data"),
    ),
    System.MACOS: (
        ("Chrome", "~/Library/Application Support/Google/Chrome"),
        ("Edge", "~/Library/Application Support/Microsoft Edge"),
        ("Brave", "~/Library/Application Support/BraveSoftware/Brave-Browser"),
        ("Chromium", "~/Library/Application Support/Chromium"),
    ),
}
FIREFOX = {
    System.LINUX: (
        "~/.mozilla/firefox",
        "~/.config/mozilla/firefox",
        "~/snap/firefox/common/.mozilla/firefox",
        "~/.var/app/org.mozilla.firefox/.mozilla/firefox",
    ),
    System.WINDOWS: ("~/AppData/Roaming/Mozilla/Firefox/Profiles",),
    System.MACOS: ("~/Library/Application Support/Firefox/Profiles",),
}
EVERYWHERE = ("<all_urls>", "*://*/*", "http://*/*", "https://*/*")
COMPONENTS = (5, 10)
"""Where an extension comes from (Chromium, ManifestLocation): parts of the browser itself."""
FORCED = (7, 9)
"""... and those an administrator's policy put there."""
LARGEST = 50_000_000  # bytes of a browser's settings
MOST = 40


def profiles(machine: Machine, system: System) -> Iterator[tuple[str, Path]]:
    """Every profile folder of every known browser."""
    for name, root in CHROMIUM.get(system, ()):
        for pattern in ("Default", "Profile *"):
            for folder in machine.files(root, pattern):
                yield name, folder
    for root in FIREFOX.get(system, ()):
        for folder in machine.files(root):
            if (folder / "prefs.js").exists() or (folder / "extensions.json").exists():
                yield "Firefox", folder


def read_saved_logins(
    machine: Machine, system: System = System.LINUX
) -> Seen[tuple[SavedLogins, ...]]:
    counts: dict[str, int] = {}
    denied = False
    for browser, folder in profiles(machine, system):
        count = count_firefox(folder) if browser == "Firefox" else count_chromium(folder)
        if isinstance(count, Unknown):
            denied = denied or count is Unknown.DENIED
        elif count:
            counts[browser] = counts.get(browser, 0) + count
    if denied and not counts:
        return Unknown.DENIED
    return tuple(SavedLogins(name, count) for name, count in sorted(counts.items()))


def count_chromium(folder: Path) -> Seen[int]:
    """How many rows the table has; the browser may be running, and no column is read."""
    file = folder / "Login Data"
    try:
        if not file.is_file():
            return 0
        address = f"file:{quote(str(file))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as database:
            sql = "SELECT count(*) FROM logins WHERE blacklisted_by_user = 0"
            return int(database.execute(sql).fetchone()[0])
    except PermissionError:
        return Unknown.DENIED
    except (OSError, sqlite3.Error, TypeError):
        return Unknown.ABSENT


class Login(msgspec.Struct):
    """A saved log-in of which nothing is taken: its fields are skipped while reading."""


class Logins(msgspec.Struct):
    logins: list[Login] = []


def count_firefox(folder: Path) -> Seen[int]:
    file = folder / "logins.json"
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return 0
        return len(msgspec.json.decode(file.read_bytes(), type=Logins).logins)
    except PermissionError:
        return Unknown.DENIED
    except (OSError, msgspec.MsgspecError, RecursionError):
        return 0


def read_document(file: Path) -> Any:
    """A JSON file; None for one that is missing, too large or broken."""
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return None
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def read_add_ons(machine: Machine, system: System = System.LINUX) -> Seen[tuple[AddOn, ...]]:
    """Add-ons that are switched on and read every page, or that somebody else set up."""
    found: dict[AddOn, None] = {}
    for browser, folder in profiles(machine, system):
        reader = firefox_add_ons if browser == "Firefox" else chromium_add_ons
        for add_on in reader(browser, folder):
            if add_on.everywhere or add_on.forced:
                found[add_on] = None
    return tuple(found)[:MOST]


def chromium_add_ons(browser: str, folder: Path) -> Iterator[AddOn]:
    for name in ("Secure Preferences", "Preferences"):
        document = read_document(folder / name)
        settings = look(look(document, "extensions"), "settings")
        for key, entry in settings.items() if isinstance(settings, dict) else ():
            manifest = look(entry, "manifest")
            location = look(entry, "location")
            if not isinstance(manifest, dict) or location in COMPONENTS:
                continue
            if look(entry, "state") == 0 or look(entry, "disable_reasons"):
                continue
            wanted = [*texts(manifest.get("permissions")), *texts(manifest.get("host_permissions"))]
            for script in items(manifest.get("content_scripts")):
                wanted += texts(look(script, "matches"))
            called = str(manifest.get("name") or key)
            shown = key if called.startswith("__MSG_") else called
            reads_all = any(one in EVERYWHERE for one in wanted)
            yield AddOn(browser, shown[:80], reads_all, location in FORCED)


def firefox_add_ons(browser: str, folder: Path) -> Iterator[AddOn]:
    for entry in items(look(read_document(folder / "extensions.json"), "addons")):
        if look(entry, "type") != "extension" or look(entry, "active") is not True:
            continue
        location = look(entry, "location")
        if location in ("app-builtin", "app-system-defaults", "app-system-addons"):
            continue
        origins = texts(look(look(entry, "userPermissions"), "origins"))
        name = look(look(entry, "defaultLocale"), "name") or look(entry, "id") or ""
        forced = look(entry, "foreignInstall") is True
        everywhere = any(one in EVERYWHERE for one in origins)
        yield AddOn(browser, str(name)[:80], everywhere, forced)


def look(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    return [one for one in items(value) if isinstance(one, str)]
