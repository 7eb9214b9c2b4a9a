"""The eyes of the accounts pillar: one file per family of browsers, programs or files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from guardian.accounts.model import NotRead, Source, SourceKind
from guardian.accounts.sources import (
    chromium,
    chromium_history,
    exports,
    files,
    firefox,
    firefox_history,
    mailbox,
    programs,
    thunderbird,
)
from guardian.accounts.sources.reading import Reading
from guardian.core.errors import Problem


class Family(Protocol):
    """A module that knows one family of browsers."""

    KIND: SourceKind

    @staticmethod
    def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
        """The profiles in ``home`` that hold logins. Reads lists of profiles, no login."""

    @staticmethod
    def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
        """The logins of one profile, without passwords. ``check`` may raise ``Cancelled``."""


class BroughtFamily(Family, Protocol):
    """A module that knows what the person hands in."""

    @staticmethod
    def recognise(path: Path, check: Callable[[], None]) -> Source | None:
        """The source at ``path``; None where it is nothing of this family.

        Raises ``Problem`` where it is, or may be, and cannot be read.
        """


SOURCES: tuple[Family, ...] = (  # type: ignore[assignment]
    firefox,
    firefox_history,
    chromium,
    chromium_history,
    thunderbird,
    programs,
)
BROUGHT: tuple[BroughtFamily, ...] = (exports, mailbox)  # type: ignore[assignment]


def find_sources(
    home: Path, environment: Mapping[str, str]
) -> tuple[tuple[Source, ...], tuple[NotRead, ...]]:
    """Every profile once (a folder reached by two names counts once), and what refused.

    Copies that an earlier search was killed over are cleared away first.
    """
    files.remove_leftovers()
    sources: dict[tuple[SourceKind, str], Source] = {}
    refused: list[NotRead] = []
    for family in SOURCES:
        for found in family.find(home, environment):
            if isinstance(found, NotRead):
                refused.append(found)
            else:
                sources.setdefault((found.kind, os.path.realpath(found.path)), found)
    return tuple(sources.values()), tuple(refused)


def recognise(path: Path, check: Callable[[], None]) -> Source:
    """What kind of file or folder the person hands in.

    Raises ``Problem``: «import-unknown» for what nobody here knows, or what is wrong with it.
    """
    for family in BROUGHT:
        if source := family.recognise(path, check):
            return source
    raise Problem("import-unknown", name=path.name)


def read_source(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """Read with the family that knows it."""
    family = next(family for family in (*SOURCES, *BROUGHT) if source.kind == family.KIND)
    return family.read(source, now, check)
