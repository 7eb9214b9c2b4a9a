"""The person's preferences: one frozen dataclass, kept as readable JSON.

A new setting is one field of ``Settings``; the settings page and its words find it by name.
Nothing private belongs here: this file is not encrypted.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from stat import S_ISREG
from typing import Annotated, Any

import msgspec

from guardian.core.content import describe
from guardian.core.errors import Problem
from guardian.core.files import write_atomically

MAX_BYTES = 64 * 1024
HIDDEN = {"hidden": True}
GUARD = {"card": "guard"}  # drawn together, with what they cannot keep out
NONSENSE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
Pixels = Annotated[int, msgspec.Meta(ge=400, le=8000)]
Pane = Annotated[int, msgspec.Meta(ge=40, le=8000)]


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class TextSize(StrEnum):
    """How large the letters are, in per cent of the usual size."""

    NORMAL = "100"
    LARGE = "125"
    LARGER = "150"


class VaultLock(StrEnum):
    """After how many minutes without a key or mouse move an open vault locks itself."""

    SOON = "5"
    USUAL = "10"
    LATE = "30"


class ProfileLock(StrEnum):
    """After how many minutes without a key or mouse move a profile locks, or is covered."""

    SOON = "3"
    USUAL = "10"
    LATE = "30"
    NEVER = "never"


class StartPage(StrEnum):
    OVERVIEW = "overview"
    LAST = "last"


@dataclass(frozen=True)
class Settings:
    """Fields marked hidden are remembered but not drawn on the settings page."""

    theme: Theme = Theme.SYSTEM
    text_size: TextSize = TextSize.NORMAL
    start_page: StartPage = StartPage.OVERVIEW
    vault_lock: VaultLock = field(default=VaultLock.USUAL, metadata=GUARD)
    profile_lock: ProfileLock = field(default=ProfileLock.USUAL, metadata=GUARD)
    masked: bool = field(default=True, metadata=GUARD)
    cover_away: bool = field(default=False, metadata=GUARD)
    hide_from_capture: bool = field(default=True, metadata=GUARD)
    neutral_name: bool = field(default=False, metadata=GUARD)
    remind_at_login: bool = False
    welcomed: bool = field(default=False, metadata=HIDDEN)
    window_size: tuple[Pixels, Pixels] = field(default=(1120, 760), metadata=HIDDEN)
    page: str = field(default="", metadata=HIDDEN)
    # the day of the next reminder (YYYY-MM-DD), for who wants it at log-in; else empty
    remind_on: str = field(default="", metadata=HIDDEN)
    vault_panes: tuple[Pane, Pane, Pane] = field(default=(156, 346, 310), metadata=HIDDEN)


def load_settings(file: Path) -> tuple[Settings, Problem | None]:
    """The settings in ``file``, or the defaults.

    A file that cannot be understood is kept beside as ``settings.json.unreadable``, its good
    fields are used, and the problem is returned so that a face can show it.
    """
    try:
        if not S_ISREG(file.stat().st_mode):
            raise OSError("a pipe would never end")
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Settings(), None
    except OSError:
        return Settings(), Problem("settings-unreadable", file=file.name, reason="no permission")
    try:
        if len(raw) > MAX_BYTES:
            raise msgspec.DecodeError("the file is far too large")
        return msgspec.json.decode(raw, type=Settings), None
    except NONSENSE as error:
        reason = describe(error, raw) if isinstance(error, msgspec.DecodeError) else "not JSON"
        problem = Problem("settings-unreadable", file=file.name, reason=reason)
    with suppress(OSError):
        file.with_name(f"{file.name}.unreadable").write_bytes(raw)
    return salvage(raw), problem


def salvage(raw: bytes) -> Settings:
    """As many fields of a damaged settings file as make sense on their own."""
    try:
        found: Any = msgspec.json.decode(raw)
    except NONSENSE:
        return Settings()
    settings = Settings()
    if not isinstance(found, dict):
        return settings
    for entry in fields(Settings):
        if entry.name in found:
            try:
                one = msgspec.convert({entry.name: found[entry.name]}, Settings)
            except msgspec.ValidationError:
                continue
            settings = replace(settings, **{entry.name: getattr(one, entry.name)})
    return settings


def save_settings(file: Path, settings: Settings) -> None:
    """Write ``settings`` atomically. Raises ``Problem`` when the folder refuses."""
    write_atomically(file, msgspec.json.format(msgspec.json.encode(settings)))
