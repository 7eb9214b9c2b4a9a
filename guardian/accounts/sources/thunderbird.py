"""Thunderbird and its kin: what the mails in a profile say about accounts.

The index of all mail (``global-messages-db.sqlite``) is read first, and then the folders that are
not in it. Of the settings, only the person's own addresses are read. Layout: profiles written by
Thunderbird 153.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from guardian.accounts.mail.decoding import BARE
from guardian.accounts.mail.harvest import Box, Form
from guardian.accounts.mail.sharing import harvest
from guardian.accounts.model import NotRead, Source, SourceKind
from guardian.accounts.sources import files
from guardian.accounts.sources.firefox_profiles import profiles_in
from guardian.accounts.sources.mails import find_boxes, make_reading
from guardian.accounts.sources.reading import Reading, is_there, not_read
from guardian.core.errors import Problem, mendable_file_errors

KIND = SourceKind.THUNDERBIRD
ROOTS = (
    ("Thunderbird", ".thunderbird"),
    ("Thunderbird", ".config/thunderbird"),
    ("Thunderbird from Snap", "snap/thunderbird/common/.thunderbird"),
    ("Thunderbird from Flatpak", ".var/app/org.mozilla.Thunderbird/.thunderbird"),
    ("Thunderbird from Flatpak", ".var/app/org.mozilla.thunderbird/.thunderbird"),
    ("Thunderbird from Flatpak", ".var/app/net.thunderbird.Thunderbird/.thunderbird"),
    ("Thunderbird", "Library/Thunderbird"),
    ("Thunderbird", "AppData/Roaming/Thunderbird"),
    ("Icedove", ".icedove"),
    ("Betterbird from Flatpak", ".var/app/eu.betterbird.Betterbird/.thunderbird"),
    ("Betterbird", ".betterbird"),
    ("Betterbird", "Library/Betterbird"),
    ("Betterbird", "AppData/Roaming/Betterbird"),
)
INDEX = "global-messages-db.sqlite"
FOLDERS = ("Mail", "ImapMail")
SETTINGS = "prefs.js"
MAX_SETTINGS = 8 * 1024 * 1024
MAX_INDEX = 16 * 1024 * 1024 * 1024
MAX_COPY = 2 * 1024 * 1024 * 1024
IDENTITY = re.compile(
    rb'^user_pref\("mail\.identity\.[\w-]{1,40}\.useremail",\s*"([^"\\\r\n]{1,300})"\);',
    re.MULTILINE,
)


def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """The profiles with mails, from ``profiles.ini`` and from the folders beside it."""
    wanted = (INDEX, *FOLDERS)
    return profiles_in(ROOTS, KIND, wanted, home, outside=bool(environment))


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """What the mails of one profile say, and the person's own addresses."""
    check()
    own = read_identities(source.path)
    index = source.path / INDEX
    problems: list[NotRead] = []
    boxes: list[Box] = []
    with ExitStack() as copies:
        before = files.state(index)
        try:
            boxes += find_index(index, check, copies)
        except Problem as problem:
            problems.append(not_read(source, problem))
        in_place = any(not box.copied for box in boxes)
        boxes += find_folders(source.path, check)
        whole = harvest(boxes, own, int(now.timestamp()), check)
        if in_place and files.state(index) != before:
            problems.append(not_read(source, Problem("mail-index-busy", name=INDEX)))
    return make_reading(source, whole, problems)


def find_index(index: Path, check: Callable[[], None], copies: ExitStack) -> Iterator[Box]:
    """The index as it lies there or, while the program writes to it, a private copy.

    Nothing where there is none, or an empty one. Raises ``Problem``.
    """
    if not is_there(index):
        return
    with mendable_file_errors(index):
        found = index.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Problem("mail-file-odd", name=INDEX)
    if not found.st_size:
        return
    copied = any(files.pending(index))
    if found.st_size > (MAX_COPY if copied else MAX_INDEX):
        raise Problem("mail-index-huge", name=INDEX, megabytes=found.st_size // 10**6)
    path = index
    if copied:
        try:
            path = copies.enter_context(files.private_copy(index, check, MAX_COPY))
        except Problem as problem:
            raise Problem("mail-index-busy", name=INDEX) from problem
    yield Box(Form.GLODA, os.fsencode(path), size=found.st_size, copied=copied)


def find_folders(profile: Path, check: Callable[[], None]) -> Iterator[Box]:
    """The mail folders kept in the profile itself."""
    for name in FOLDERS:
        if is_there(profile / name):
            try:
                yield from find_boxes(profile / name, check)
            except Problem:
                continue


def read_identities(profile: Path) -> tuple[str, ...]:
    """The person's own addresses; nothing else of the settings becomes a value."""
    try:
        raw = files.read_file(profile / SETTINGS, MAX_SETTINGS)
    except Problem:
        return ()
    found = (one.decode("utf-8", "replace").lower() for one in IDENTITY.findall(raw))
    return tuple(dict.fromkeys(one for one in found if BARE.fullmatch(one)))
