"""People on one computer: who has a profile here, and where each profile's own files lie.

The list holds a nickname, a colour and a kind for each, and nothing else; it is not encrypted,
because a person has to find theirs before it is unlocked.
"""

from __future__ import annotations

import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from guardian.core import keys
from guardian.core.content import Record
from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import alone, is_there, sync_folder, write_atomically
from guardian.core.keychain import Keychain
from guardian.core.keys import KeyMode
from guardian.core.paths import Paths

if TYPE_CHECKING:
    from guardian.core.store import Store

MOST_CHARACTERS = 30
MOST_PROFILES = 32
MAX_BYTES = 64 * 1024
LOCK_SECONDS = 10.0
ID = re.compile("[0-9a-f]{16}")
LIMITS = 7
"""Sentences ``profile.limits.<n>`` about what profiles cannot keep from others."""
ADVICE = {"linux": 6, "windows": 6, "macos": 6}
"""How many steps the guide to system accounts has: ``profiles.advice.<system>.<1…>``."""
# some scripts and pictures need them, but they show nothing and tell no two names apart: joiners,
# fillers, a blank braille sign, selectors of a picture's look
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0]"
)


class Kind(StrEnum):
    PERSON = "person"
    CHILD = "child"
    """Lessons and steps alone."""
    HOUSEHOLD = "household"
    """Shared by two people, each with a passphrase of their own that opens it."""
    GUEST = "guest"
    """In memory; never in the list."""


class Colour(StrEnum):
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"
    ROSE = "rose"
    AMBER = "amber"
    SLATE = "slate"


@dataclass(frozen=True)
class Profile:
    """``id`` "" is the first profile, whose files lie where they always did."""

    id: str
    nickname: str
    colour: Colour
    kind: Kind


GUEST = Profile("guest", "", Colour.SLATE, Kind.GUEST)
FIRST = Profile("", "", Colour.GREEN, Kind.PERSON)


class Listed(Record, frozen=True):
    id: str
    nickname: str
    colour: Colour
    kind: Kind


class Listing(Record, frozen=True):
    """The file: format 1."""

    profiles: tuple[Listed, ...]
    format: int = 1


def read_profiles(paths: Paths) -> tuple[Profile, ...]:
    """Everybody who has a profile here. The first profile is always among them, and first.

    Raises ``Problem("profiles-damaged")`` for a list that makes no sense; it is never replaced.
    """
    raw = read_list(paths.profiles_file)
    if raw is None:
        return (FIRST,)
    try:
        if len(raw) > MAX_BYTES:
            raise ValueError("far too large")
        found = msgspec.json.decode(raw, type=Listing)
        profiles = tuple(Profile(p.id, p.nickname, p.colour, p.kind) for p in found.profiles)
        if found.format != 1 or not makes_sense(profiles):
            raise ValueError("not what Guardian writes")
    except (ValueError, RecursionError) as error:  # msgspec's own errors and bad UTF-8 are both
        raise Problem("profiles-damaged", name=paths.profiles_file.name) from error
    return profiles if FIRST.id in [p.id for p in profiles] else (FIRST, *profiles)


def read_list(file: Path) -> bytes | None:
    """The bytes of the list, or None where there is none."""
    if not is_there(file):
        return None
    if not file.is_file():  # a pipe would never end
        raise Problem("profiles-damaged", name=file.name)
    with mendable_file_errors(file), file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def makes_sense(profiles: Sequence[Profile]) -> bool:
    """Whether the ids are ours, each name is one and told from every other."""
    ids = [profile.id for profile in profiles]
    names = [told_apart(profile.nickname) for profile in profiles if profile.nickname]
    return (
        len(set(ids)) == len(ids) <= MOST_PROFILES
        and len(set(names)) == len(names)
        and FIRST.id not in ids[1:]
        and all(map(is_sound, profiles))
    )


def is_sound(profile: Profile) -> bool:
    if not profile.id:
        named = not profile.nickname or tidy(profile.nickname) == profile.nickname
        return named and profile.kind is Kind.PERSON
    with suppress(Problem):
        return (
            bool(ID.fullmatch(profile.id))
            and tidy(profile.nickname) == profile.nickname
            and profile.kind is not Kind.GUEST
        )
    return False


def tidy(nickname: str) -> str:
    """``nickname`` trimmed, with single spaces, and something in it that can be seen.

    Raises ``Problem("profile-name-empty")``, ``("profile-name-bad")``.
    """
    name = re.sub(" +", " ", unicodedata.normalize("NFC", nickname).strip())
    visible = UNSEEN.sub("", name)
    if not visible.strip():
        raise Problem("profile-name-empty")
    if len(name) > MOST_CHARACTERS or not visible.isprintable():
        raise Problem("profile-name-bad", most=MOST_CHARACTERS)
    return name


def told_apart(nickname: str) -> str:
    """The same for two names a person would take for one."""
    plain = re.sub(" +", " ", UNSEEN.sub("", nickname)).strip()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain).casefold())


def add_profile(
    paths: Paths, nickname: str, colour: Colour, kind: Kind, passphrases: Sequence[str]
) -> Profile:
    """Make a profile with its own folder, empty encrypted records and key file, or nothing.

    A household has exactly two passphrases that differ, each of which opens it; everybody else
    has one. Raises ``Problem``, among them ``profile-name-taken``, ``profile-needs-two`` and
    ``passphrase-short``.
    """
    if kind is Kind.GUEST:
        raise ValueError("a guest leaves nothing behind")
    check_passphrases(kind, passphrases)
    profile = Profile(secrets.token_hex(8), tidy(nickname), colour, kind)

    def add(profiles: list[Profile]) -> list[Profile]:
        if len(profiles) >= MOST_PROFILES:
            raise Problem("profile-too-many", most=MOST_PROFILES)
        refuse_taken(profile, profiles)
        clear_leftovers(paths)
        make_home(home_paths(paths, unfinished), passphrases)
        with mendable_file_errors(home):
            home.with_name(unfinished).rename(home)
            sync_folder(home.parent)
        return [*profiles, profile]

    home, unfinished = paths.profiles_folder / profile.id, f".{profile.id}.new"
    try:
        change_list(paths, add)
    except BaseException:
        for folder in (home, home.with_name(unfinished)):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return profile


def clear_leftovers(paths: Paths) -> None:
    """Delete what a process left behind that was ended while it made a profile.

    For whoever is alone with the list. Whole folders stay, also of profiles that are not on the
    list: a list may have been lost.
    """
    for folder in paths.profiles_folder.glob(".*.new"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in paths.data.glob(f".{paths.profiles_file.name}.*.tmp"):
        remove_file(file)


def check_passphrases(kind: Kind, passphrases: Sequence[str]) -> None:
    """Raises ``Problem("profile-needs-two")``, ``("passphrase-short")``."""
    if kind is Kind.HOUSEHOLD:
        different = {unicodedata.normalize("NFC", one) for one in passphrases}
        if len(passphrases) != 2 or len(different) != 2:
            raise Problem("profile-needs-two")
    elif len(passphrases) != 1:
        raise ValueError("one passphrase, please")
    if any(len(one) < keys.MIN_PASSPHRASE for one in passphrases):
        raise Problem("passphrase-short", least=keys.MIN_PASSPHRASE)


def make_home(own: Paths, passphrases: Sequence[str]) -> None:
    """The folders of a new profile, for this system account alone, and its records."""
    folders = (own.data.parent.parent.parent, own.data.parent.parent, own.data.parent, own.data)
    for folder in folders:
        with mendable_file_errors(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    from guardian.core import store  # a window starts without the database

    store.make_locked(own, passphrases)


def change_profile(paths: Paths, profile: Profile) -> None:
    """Give the profile with this id another nickname and colour; its kind stays.

    Raises ``Problem``, among them ``profile-unknown`` and ``profile-name-taken``.
    """
    nameless = not profile.id and not profile.nickname.strip()
    name = "" if nameless else tidy(profile.nickname)

    def change(profiles: list[Profile]) -> list[Profile]:
        if profile.id not in [one.id for one in profiles]:
            raise Problem("profile-unknown")
        refuse_taken(replace(profile, nickname=name), profiles)
        return [
            replace(one, nickname=name, colour=profile.colour) if one.id == profile.id else one
            for one in profiles
        ]

    change_list(paths, change)


def remove_profile(paths: Paths, profile: Profile, keychain: Keychain | None) -> None:
    """Delete the records of a profile, its settings and what it left; the first one is emptied.

    The key goes first: without it the rest is noise, wherever this may be interrupted. Raises
    ``Problem``; removing can then be tried again.
    """

    def remove(profiles: list[Profile]) -> list[Profile]:
        if profile.id not in [one.id for one in profiles]:
            raise Problem("profile-unknown")
        own = paths_of(paths, profile)
        forget_key(own, keychain)
        if profile.id:
            remove_folder(paths.profiles_folder / profile.id)
        else:
            empty(own)
        return [one for one in profiles if one.id != profile.id]

    change_list(paths, remove)


def forget_key(own: Paths, keychain: Keychain | None) -> None:
    with suppress(Problem):  # what cannot be read or reached is deleted all the same
        entry = keys.read_key_file(own.key_file)
        if entry and entry.mode is KeyMode.KEYRING and keychain:
            keys.forget_in_keyring(keychain, entry)
    remove_file(own.key_file)


def empty(own: Paths) -> None:
    """Delete what belongs to the first profile, among whose files those of the others lie."""
    from guardian.core.database import database_files

    for file in database_files(own.store_file):
        remove_file(file)
    for folder, pattern in (
        (own.data, f".{own.store_file.name}.*"),
        (own.data, f".{own.key_file.name}.*"),
        (own.config, f"{own.settings_file.name}*"),
        (own.config, f".{own.settings_file.name}.*"),
    ):
        with mendable_file_errors(folder):
            found = list(folder.glob(pattern))
        for file in found:
            remove_file(file)
    remove_folder(own.lent)


def remove_file(file: Path) -> None:
    with mendable_file_errors(file):
        file.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    with mendable_file_errors(folder), suppress(FileNotFoundError, NotADirectoryError):
        shutil.rmtree(folder)


def change_list(paths: Paths, change: Callable[[list[Profile]], list[Profile]]) -> None:
    """Replace the list by what ``change`` makes of it, no other process doing so meanwhile."""
    with alone(paths.profiles_lock, LOCK_SECONDS):
        changed = change(list(read_profiles(paths)))
        listed = tuple(Listed(p.id, p.nickname, p.colour, p.kind) for p in changed if p != FIRST)
        encoded = msgspec.json.format(msgspec.json.encode(Listing(listed)))
        write_atomically(paths.profiles_file, encoded)


def refuse_taken(profile: Profile, profiles: Sequence[Profile]) -> None:
    names = [told_apart(one.nickname) for one in profiles if one.id != profile.id]
    if profile.nickname and told_apart(profile.nickname) in names:
        raise Problem("profile-name-taken", name=profile.nickname)


def find_profile(paths: Paths, nickname: str) -> Profile:
    """The profile a person calls ``nickname``. Raises ``Problem("profile-unknown")``."""
    wanted = told_apart(nickname.strip())
    for profile in read_profiles(paths):
        if wanted and told_apart(profile.nickname) == wanted:
            return profile
    raise Problem("profile-unknown")


def paths_of(paths: Paths, profile: Profile) -> Paths:
    """Where the files of ``profile`` lie; ``paths`` are those of the first one.

    The log is common to all: it holds codes and counts only. A guest's folders are never made.
    """
    if not profile.id:
        return paths
    if profile.id != GUEST.id and not ID.fullmatch(profile.id):
        raise Problem("profile-unknown")
    return home_paths(paths, profile.id)


def home_paths(paths: Paths, identity: str) -> Paths:
    home = paths.profiles_folder / identity
    return Paths(home / "config", home / "data", paths.logs, identity)


def needs_passphrase(paths: Paths, profile: Profile) -> bool:
    """Whether the records of ``profile`` ask for a passphrase.

    Raises ``Problem("profile-gone")`` where they are not where they were, and
    ``("key-file-damaged")``.
    """
    if profile.kind is Kind.GUEST:
        return False
    own = paths_of(paths, profile)
    entry = keys.read_key_file(own.key_file)
    if profile.id and (entry is None or not is_there(own.store_file)):
        raise Problem("profile-gone")
    return entry is not None and entry.mode is KeyMode.PASSPHRASE


def change_own_passphrase(own: Paths, opened: Store, old: str, new: str) -> None:
    """Let ``new`` open the records instead of ``old``; in a household, the other stays as it is.

    Raises ``Problem``, among them ``passphrase-wrong`` and ``passphrase-short``.
    """
    from guardian.core import store

    store.change_passphrase(own, opened, old, new)
