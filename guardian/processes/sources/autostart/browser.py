"""What browsers start or load by order of a file: native messaging hosts and forced add-ons.

Formats: the native messaging pages of Mozilla and Chromium, and their lists of policies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.drafts import draft_fact, draft_file
from guardian.processes.sources.autostart.places import Person, Places

HOSTS = (
    "/usr/lib/mozilla/native-messaging-hosts",
    "/usr/lib64/mozilla/native-messaging-hosts",
    "/usr/share/mozilla/native-messaging-hosts",
    "/etc/chromium/native-messaging-hosts",
    "/etc/opt/chrome/native-messaging-hosts",
    "/etc/opt/edge/native-messaging-hosts",
)
OWN_HOSTS = (
    ".mozilla/native-messaging-hosts",
    ".librewolf/native-messaging-hosts",
    *(
        f".config/{browser}/NativeMessagingHosts"
        for browser in (
            "chromium",
            "google-chrome",
            "google-chrome-beta",
            "google-chrome-unstable",
            "BraveSoftware/Brave-Browser",
            "microsoft-edge",
            "vivaldi",
            "opera",
        )
    ),
)
POLICIES = (
    "/etc/chromium/policies/managed",
    "/etc/chromium-browser/policies/managed",
    "/etc/opt/chrome/policies/managed",
    "/etc/opt/edge/policies/managed",
    "/etc/brave/policies/managed",
)
FIREFOX = (
    "/etc/firefox/policies/policies.json",
    "/usr/lib/firefox/distribution/policies.json",
    "/usr/lib/firefox-esr/distribution/policies.json",
    "/usr/share/firefox-esr/distribution/policies.json",
    "/opt/firefox/distribution/policies.json",
)
STEERS = frozenset(
    ("ProxySettings", "ProxyServer", "ProxyPacUrl", "RemoteDebuggingAllowed", "Certificates")
)


def read(places: Places) -> Iterator[StartEntry]:
    for folder in HOSTS:
        yield from hosts(places, folder, None)
    for person in places.people:
        for name in OWN_HOSTS:
            yield from hosts(places, f"{person.home}/{name}", person)
    for folder in POLICIES:
        for path in places.files(folder, ".json"):
            yield from chromium(path, read_map(places, path))
    for path in FIREFOX:
        policies = read_map(places, path).get("policies")
        if isinstance(policies, dict):
            yield from firefox(path, policies)


def read_map(places: Places, path: str) -> dict[str, Any]:
    """A file of JSON that holds a map; an empty one for anything else."""
    try:
        found = msgspec.json.decode((places.read(path) or "{}").encode())
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return {}
    return found if isinstance(found, dict) else {}


def hosts(places: Places, folder: str, person: Person | None) -> Iterator[StartEntry]:
    """Programs that an add-on may start and talk to."""
    for path in places.files(folder, ".json"):
        host = read_map(places, path)
        target, name = host.get("path"), host.get("name")
        if isinstance(target, str) and target.startswith("/"):
            yield draft_file(
                places,
                Place.BROWSER,
                "native-host",
                path,
                target,
                name=name if isinstance(name, str) else "",
                person=person,
            )


def forced(path: str, name: str) -> StartEntry:
    return draft_fact(Place.BROWSER, "forced-add-on", path, ("forced-add-on",), name=name)


def chromium(path: str, policy: dict[str, Any]) -> Iterator[StartEntry]:
    """Add-ons that a policy puts into Chromium and its kin, and settings that steer traffic."""
    listed = policy.get("ExtensionInstallForcelist")
    for each in listed if isinstance(listed, list) else ():
        yield forced(path, str(each).partition(";")[0])
    settings = policy.get("ExtensionSettings")
    for name, value in settings.items() if isinstance(settings, dict) else ():
        mode = value.get("installation_mode") if isinstance(value, dict) else None
        if mode in ("force_installed", "normal_installed"):
            yield forced(path, str(name))
    yield from steering(path, policy)


def firefox(path: str, policies: dict[str, Any]) -> Iterator[StartEntry]:
    extensions = policies.get("Extensions")
    install = extensions.get("Install") if isinstance(extensions, dict) else None
    for each in install if isinstance(install, list) else ():
        yield forced(path, str(each))
    settings = policies.get("ExtensionSettings")
    for name, value in settings.items() if isinstance(settings, dict) else ():
        mode = value.get("installation_mode") if isinstance(value, dict) else None
        if mode in ("force_installed", "normal_installed"):
            yield forced(path, str(name))
    yield from steering(path, {key: each for key, each in policies.items() if key != "Proxy"})


def steering(path: str, policy: dict[str, Any]) -> Iterator[StartEntry]:
    for key in sorted(STEERS & policy.keys()):
        if policy[key]:
            yield draft_fact(Place.BROWSER, "policy", path, ("steers-the-browser",), name=key)
