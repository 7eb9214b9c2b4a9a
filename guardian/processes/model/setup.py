"""How the computer is set up, as far as it can be read without admin rights."""

from __future__ import annotations

from dataclasses import dataclass

from guardian.processes.model.seen import Seen, System, Unknown


@dataclass(frozen=True, slots=True)
class ScreenLock:
    """``minutes`` until the idle screen locks; 0: never by itself."""

    enabled: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can log in here."""

    name: str
    admin: bool


@dataclass(frozen=True, slots=True)
class SavedLogins:
    """How many log-ins a browser keeps. Nothing else of them is read."""

    browser: str
    count: int


@dataclass(frozen=True, slots=True)
class AddOn:
    """A browser's add-on. ``everywhere``: reads all pages; ``forced``: set up by somebody else."""

    browser: str
    name: str
    everywhere: bool
    forced: bool


@dataclass(frozen=True, slots=True)
class Updates:
    """``waiting`` updates, and the days since the computer last asked for new ones."""

    automatic: Seen[bool] = Unknown.ABSENT
    waiting: Seen[int] = Unknown.ABSENT
    days: Seen[int] = Unknown.ABSENT


@dataclass(frozen=True, slots=True)
class Redirect:
    """What steers traffic elsewhere. ``kind``: hosts, proxy or script (a proxy's settings file)."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Backup:
    program: str
    encrypted: Seen[bool]


@dataclass(frozen=True, slots=True)
class Setup:
    """What the checks are made of. ``desktop`` is kde, windows or macos, "" for all others.

    ``auto_login`` is who is logged in without a password. ``open_places`` can be read by other
    people of this computer. ``remote_access``, ``shares`` and ``reports`` (location, diagnostics,
    advertising) name what is switched on. ``permissions`` are programs that may use the camera
    or the microphone; ABSENT: this system asks no permission for it.
    """

    system: System
    desktop: str = ""
    screen_lock: Seen[ScreenLock] = Unknown.ABSENT
    auto_login: Seen[str | None] = Unknown.ABSENT
    encrypted: Seen[bool] = Unknown.ABSENT
    firewall: Seen[bool] = Unknown.ABSENT
    people: Seen[tuple[Person, ...]] = Unknown.ABSENT
    second_root: Seen[str | None] = Unknown.ABSENT
    """Somebody else under the number of the administrator, who is therefore in every list."""
    guest: Seen[bool] = Unknown.ABSENT
    admin: Seen[bool] = Unknown.ABSENT
    open_places: Seen[tuple[str, ...]] = Unknown.ABSENT
    saved_logins: Seen[tuple[SavedLogins, ...]] = Unknown.ABSENT
    add_ons: Seen[tuple[AddOn, ...]] = Unknown.ABSENT
    updates: Updates = Updates()
    redirects: Seen[tuple[Redirect, ...]] = Unknown.ABSENT
    certificates: Seen[tuple[str, ...]] = Unknown.ABSENT
    remote_access: Seen[tuple[str, ...]] = Unknown.ABSENT
    shares: Seen[tuple[str, ...]] = Unknown.ABSENT
    permissions: Seen[tuple[str, ...]] = Unknown.ABSENT
    reports: Seen[tuple[str, ...]] = Unknown.ABSENT
    secure_boot: Seen[bool] = Unknown.ABSENT
    backup: Seen[Backup | None] = Unknown.ABSENT
