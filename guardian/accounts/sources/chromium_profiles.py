"""Where Chromium and its kin keep their profiles, and what the person calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from guardian.accounts.model import NotRead, Source, SourceKind
from guardian.accounts.sources import files
from guardian.accounts.sources.reading import (
    existing,
    is_there,
    make_key,
    not_read,
    shorten,
    subfolders,
)
from guardian.core.errors import Problem

CONFIG = (
    ("Chrome", "google-chrome"),
    ("Chrome beta", "google-chrome-beta"),
    ("Chrome unstable", "google-chrome-unstable"),
    ("Chromium", "chromium"),
    ("Edge", "microsoft-edge"),
    ("Edge beta", "microsoft-edge-beta"),
    ("Edge dev", "microsoft-edge-dev"),
    ("Brave", "BraveSoftware/Brave-Browser"),
    ("Brave beta", "BraveSoftware/Brave-Browser-Beta"),
    ("Brave nightly", "BraveSoftware/Brave-Browser-Nightly"),
    ("Vivaldi", "vivaldi"),
    ("Vivaldi snapshot", "vivaldi-snapshot"),
    ("Opera", "opera"),
    ("Opera beta", "opera-beta"),
    ("Opera developer", "opera-developer"),
    ("Yandex", "yandex-browser"),
)
BOXES = (
    ("Chromium from Snap", "snap/chromium/common/chromium"),
    ("Brave from Snap", "snap/brave/current/.config/BraveSoftware/Brave-Browser"),
    ("Vivaldi from Snap", "snap/vivaldi/current/.config/vivaldi"),
    ("Opera from Snap", "snap/opera/current/.config/opera"),
    ("Chrome from Flatpak", ".var/app/com.google.Chrome/config/google-chrome"),
    ("Chromium from Flatpak", ".var/app/org.chromium.Chromium/config/chromium"),
    (
        "Chromium from Flatpak",
        ".var/app/io.github.ungoogled_software.ungoogled_chromium/config/chromium",
    ),
    ("Chrome unstable from Flatpak", ".var/app/com.google.ChromeDev/config/google-chrome-unstable"),
    ("Edge from Flatpak", ".var/app/com.microsoft.Edge/config/microsoft-edge"),
    ("Brave from Flatpak", ".var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser"),
    ("Vivaldi from Flatpak", ".var/app/com.vivaldi.Vivaldi/config/vivaldi"),
    ("Opera from Flatpak", ".var/app/com.opera.Opera/config/opera"),
)
MAC = "Library/Application Support"
WINDOWS = "AppData/Local"
OTHER_SYSTEMS = (
    ("Chrome", f"{MAC}/Google/Chrome"),
    ("Chrome beta", f"{MAC}/Google/Chrome Beta"),
    ("Chrome canary", f"{MAC}/Google/Chrome Canary"),
    ("Chromium", f"{MAC}/Chromium"),
    ("Edge", f"{MAC}/Microsoft Edge"),
    ("Edge beta", f"{MAC}/Microsoft Edge Beta"),
    ("Brave", f"{MAC}/BraveSoftware/Brave-Browser"),
    ("Brave beta", f"{MAC}/BraveSoftware/Brave-Browser-Beta"),
    ("Vivaldi", f"{MAC}/Vivaldi"),
    ("Opera", f"{MAC}/com.operasoftware.Opera"),
    ("Opera GX", f"{MAC}/com.operasoftware.OperaGX"),
    ("Yandex", f"{MAC}/Yandex/YandexBrowser"),
    ("Chrome", f"{WINDOWS}/Google/Chrome/User Data"),
    ("Chrome beta", f"{WINDOWS}/Google/Chrome Beta/User Data"),
    ("Chrome canary", f"{WINDOWS}/Google/Chrome SxS/User Data"),
    ("Chromium", f"{WINDOWS}/Chromium/User Data"),
    ("Edge", f"{WINDOWS}/Microsoft/Edge/User Data"),
    ("Edge beta", f"{WINDOWS}/Microsoft/Edge Beta/User Data"),
    ("Brave", f"{WINDOWS}/BraveSoftware/Brave-Browser/User Data"),
    ("Brave beta", f"{WINDOWS}/BraveSoftware/Brave-Browser-Beta/User Data"),
    ("Vivaldi", f"{WINDOWS}/Vivaldi/User Data"),
    ("Opera", "AppData/Roaming/Opera Software/Opera Stable"),
    ("Opera GX", "AppData/Roaming/Opera Software/Opera GX Stable"),
    ("Yandex", f"{WINDOWS}/Yandex/YandexBrowser/User Data"),
)
STATE = "Local State"
MAX_STATE = 16 * 1024 * 1024
NO_PROFILES = {"System Profile", "Guest Profile"}


def find_profiles(
    kind: SourceKind, wanted: Sequence[str], home: Path, environment: Mapping[str, str]
) -> Iterator[Source | NotRead]:
    """The profiles that hold one of the files ``wanted``; older Operas keep them in the root.

    The lists of profiles that refuse are named too.
    """
    for browser, root in existing(home, roots(environment)):
        try:
            names = profile_names(root)
            folders = [root, *subfolders(root)]
        except Problem as problem:
            whole = Source(make_key(kind, home, root), browser, "", kind, root)
            yield not_read(whole, problem, listing=True)
            continue
        for folder in folders:
            there = any(is_there(folder / file) for file in wanted)
            if there and folder.name not in NO_PROFILES:
                name = "" if folder == root else names.get(folder.name, folder.name)
                yield Source(make_key(kind, home, folder), browser, shorten(name), kind, folder)


def roots(environment: Mapping[str, str]) -> Iterator[tuple[str, str | Path]]:
    """Where to look, relative to the home; the environment may name further places."""
    for browser, folder in CONFIG:
        yield browser, f".config/{folder}"
    yield from BOXES
    yield from OTHER_SYSTEMS
    for variable in ("XDG_CONFIG_HOME", "CHROME_CONFIG_HOME"):
        if configured := environment.get(variable):
            for browser, folder in CONFIG:
                yield browser, Path(configured) / folder
    if configured := environment.get("CHROME_USER_DATA_DIR"):
        yield "Chromium", Path(configured)


class Cache(msgspec.Struct):
    """What is noted of each profile, by its folder."""

    info_cache: dict[str, Any] = {}


class State(msgspec.Struct):
    """The part of ``Local State`` that is looked at. All else in it never becomes a value."""

    profile: Cache = msgspec.field(default_factory=Cache)


def profile_names(root: Path) -> dict[str, str]:
    """Folder -> the name the person gave it; empty where the list makes no sense."""
    try:
        cache = files.read_json(root / STATE, State, MAX_STATE).profile.info_cache
    except Problem:
        return {}
    named = {folder: info.get("name") for folder, info in cache.items() if isinstance(info, dict)}
    return {folder: name for folder, name in named.items() if isinstance(name, str) and name}
