"""Where Firefox and its kin keep their profiles, and what the person calls them."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from guardian.accounts.model import NotRead, Source, SourceKind
from guardian.accounts.sources import files
from guardian.accounts.sources.reading import (
    existing,
    is_folder,
    is_there,
    make_key,
    not_read,
    shorten,
    subfolders,
)
from guardian.core.errors import Problem

ROOTS = (
    ("Firefox", ".config/mozilla/firefox"),
    ("Firefox", ".mozilla/firefox"),
    ("Firefox from Snap", "snap/firefox/common/.config/mozilla/firefox"),
    ("Firefox from Snap", "snap/firefox/common/.mozilla/firefox"),
    ("Firefox from Flatpak", ".var/app/org.mozilla.firefox/config/mozilla/firefox"),
    ("Firefox from Flatpak", ".var/app/org.mozilla.firefox/.mozilla/firefox"),
    ("Firefox", "Library/Application Support/Firefox"),
    ("Firefox", "AppData/Roaming/Mozilla/Firefox"),
    ("LibreWolf", ".librewolf"),
    ("LibreWolf", ".config/librewolf/librewolf"),
    ("LibreWolf from Flatpak", ".var/app/io.gitlab.librewolf-community/.librewolf"),
    ("LibreWolf", "Library/Application Support/librewolf"),
    ("LibreWolf", "AppData/Roaming/librewolf"),
    ("Waterfox", ".waterfox"),
    ("Waterfox from Flatpak", ".var/app/net.waterfox.waterfox/.waterfox"),
    ("Waterfox", "Library/Application Support/Waterfox"),
    ("Waterfox", "AppData/Roaming/Waterfox"),
    ("Floorp", ".floorp"),
    ("Floorp from Flatpak", ".var/app/one.ablaze.floorp/.floorp"),
    ("Floorp", "Library/Application Support/Floorp"),
    ("Floorp", "AppData/Roaming/Floorp"),
    ("Zen", ".zen"),
    ("Zen from Flatpak", ".var/app/app.zen_browser.zen/.zen"),
    ("Zen", "Library/Application Support/zen"),
    ("Zen", "AppData/Roaming/zen"),
)
PROFILES = "profiles.ini"
MAX_INI = 1024 * 1024


def find_profiles(
    kind: SourceKind, wanted: Sequence[str], home: Path, environment: Mapping[str, str]
) -> Iterator[Source | NotRead]:
    """The profiles that hold one of the files ``wanted``, and the lists of profiles that refuse.

    They come from ``profiles.ini`` and from the folders beside it; the one that a Firefox opens
    by itself comes first.
    """
    roots: list[tuple[str, str | Path]] = list(ROOTS)
    if configured := environment.get("XDG_CONFIG_HOME"):
        roots.append(("Firefox", Path(configured) / "mozilla/firefox"))
    yield from profiles_in(roots, kind, wanted, home, outside=bool(environment))


def profiles_in(
    roots: Sequence[tuple[str, str | Path]],
    kind: SourceKind,
    wanted: Sequence[str],
    home: Path,
    *,
    outside: bool,
) -> Iterator[Source | NotRead]:
    """As :func:`find_profiles`, for ``roots``; for ``outside`` see :func:`listed`."""
    for browser, root in existing(home, roots):
        whole = Source(make_key(kind, home, root), browser, "", kind, root)
        try:
            folders = [*subfolders(root), *more(root / "Profiles")]
        except Problem as problem:
            yield not_read(whole, problem, listing=True)
            continue
        try:
            profiles = listed(root, outside=outside)
        except Problem as problem:
            profiles = {}
            yield not_read(whole, problem, listing=True)
        for folder in folders:
            profiles.setdefault(folder, re.sub(r"^\w{8}\.", "", folder.name))
        for folder, name in profiles.items():
            if any(is_there(folder / file) for file in wanted):
                yield Source(make_key(kind, home, folder), browser, shorten(name), kind, folder)


def more(folder: Path) -> list[Path]:
    return subfolders(folder) if is_folder(folder) else []


def listed(root: Path, *, outside: bool) -> dict[Path, str]:
    """Folder -> name from ``profiles.ini``; empty where that is missing.

    Raises ``Problem("browser-list-unread")`` where it cannot be read or makes no sense. A profile
    kept elsewhere on the disk counts only with ``outside``: in a copy of somebody's home, such a
    path would lead to another person's files.
    """
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(files.read_file(root / PROFILES, MAX_INI).decode("utf-8"))
    except (Problem, configparser.Error, UnicodeDecodeError) as error:
        if isinstance(error, Problem) and error.code == "file-missing":
            return {}
        raise Problem("browser-list-unread", name=PROFILES) from error
    profiles = {}
    opened = set()
    for section in parser.sections():
        if section.startswith("Install"):
            opened.add((root / parser.get(section, "Default", fallback="")).absolute())
        place = parser.get(section, "Path", fallback="")
        if not section.startswith("Profile") or not place or "\0" in place:
            continue
        folder = (root / place).absolute()
        if outside or (folder.is_relative_to(root) and ".." not in Path(place).parts):
            profiles[folder] = parser.get(section, "Name", fallback="") or folder.name
    return dict(sorted(profiles.items(), key=lambda pair: pair[0] not in opened))
