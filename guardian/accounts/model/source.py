"""Where accounts leave traces on this computer, and what could not be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from guardian.core.words import Message


class SourceKind(StrEnum):
    """A kind of place that is read in one way, each with a consent of its own."""

    FIREFOX = "firefox"
    FIREFOX_HISTORY = "firefox-history"
    CHROMIUM = "chromium"
    CHROMIUM_HISTORY = "chromium-history"
    THUNDERBIRD = "thunderbird"
    PROGRAMS = "programs"
    MAILBOX = "mailbox"
    EXPORT = "export"
    HAND = "hand"

    @property
    def is_history(self) -> bool:
        """Whether it shows where somebody went, which is kept for known sites alone."""
        return self in (SourceKind.FIREFOX_HISTORY, SourceKind.CHROMIUM_HISTORY)

    @property
    def is_brought(self) -> bool:
        """Whether the person brings it, rather than Guardian finding it in the home folder."""
        return self in (SourceKind.MAILBOX, SourceKind.EXPORT, SourceKind.HAND)


def in_letters(name: str) -> str:
    """``name`` as it can be kept, shown on one line and typed: a name of a file may be anything.

    What cannot be seen becomes ``\\uNNNN``, bytes that are no text ``\\xNN``.
    """
    if name.isprintable():
        return name
    return "".join(sign if sign.isprintable() else escape(ord(sign)) for sign in name)


def escape(code: int) -> str:
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


@dataclass(frozen=True)
class Source:
    """One place to read. ``key`` is stable between runs: consent is remembered under it.

    ``browser`` is the program's name, ``profile`` the person's name for the profile (may be
    empty). ``window_days`` is how many days back the program keeps what is read; None: no limit
    known.
    """

    key: str
    browser: str
    profile: str
    kind: SourceKind
    path: Path
    window_days: int | None = None

    def __post_init__(self) -> None:
        for part in ("key", "browser", "profile"):
            object.__setattr__(self, part, in_letters(getattr(self, part)))

    @property
    def name(self) -> str:
        """The same for everything read of one profile: it tells whose it is."""
        return f"{self.browser} ({self.profile})" if self.profile else self.browser


@dataclass(frozen=True)
class SourceState:
    """A source on this computer, and whether the person allows Guardian to read it."""

    source: Source
    allowed: bool


@dataclass(frozen=True)
class NotRead:
    """Something that could not be looked at, wholly or (``code`` says so) in part.

    ``listing`` is true for the place where a browser keeps its profiles, rather than a profile.
    """

    source: Source
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    listing: bool = False

    def __post_init__(self) -> None:
        facts = {
            name: in_letters(fact) if isinstance(fact, str) else fact
            for name, fact in self.facts.items()
        }
        object.__setattr__(self, "facts", facts)

    @property
    def what(self) -> Message:
        return Message(f"problem.{self.code}", self.facts)

    @property
    def todo(self) -> Message:
        return Message(f"problem.{self.code}.do", self.facts)


@dataclass(frozen=True)
class Kept:
    """A source that the last search could not see (in full), known from the one at ``read_at``."""

    source: Source
    read_at: datetime
