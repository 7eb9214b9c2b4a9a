"""The eyes of the accounts pillar: one file per family of browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from guardian.accounts.model import NotRead, Source, SourceKind
from guardian.accounts.sources import chromium, firefox
from guardian.accounts.sources.reading import Reading


class Family(Protocol):
    """A module that knows one family of browsers."""

    KIND: SourceKind

    @staticmethod
    def find(home: Path, environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
        """The profiles in ``home`` that hold logins. Reads lists of profiles, no login."""

    @staticmethod
    def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
        """The logins of one profile, without passwords. ``check`` may raise ``Cancelled``."""


SOURCES: tuple[Family, ...] = (firefox, chromium)  # type: ignore[assignment]


def find_sources(
    home: Path, environment: Mapping[str, str]
) -> tuple[tuple[Source, ...], tuple[NotRead, ...]]:
    """Every profile once (a folder reached by two names counts once), and what refused."""
    sources: dict[Path, Source] = {}
    refused: list[NotRead] = []
    for family in SOURCES:
        for found in family.find(home, environment):
            if isinstance(found, NotRead):
                refused.append(found)
            else:
                sources.setdefault(found.path.resolve(), found)
    return tuple(sources.values()), tuple(refused)


def read_source(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """Read with the family that knows it."""
    family = next(family for family in SOURCES if source.kind == family.KIND)
    return family.read(source, now, check)
