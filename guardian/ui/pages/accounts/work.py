"""What the page asks of the service, as jobs: all of it runs off the window's thread."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guardian.accounts.model import Account, NotRead, Source, SourceKind, SourceState
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.ui.pages.accounts.book import Book, make_book

MOST_OBJECTS = 100_000  # searched in a few hundredths of a second


@dataclass(frozen=True)
class Seen:
    """What could be read, the places that refused, and what was handed in so far."""

    states: tuple[SourceState, ...]
    refused: tuple[NotRead, ...]
    brought: tuple[Source, ...]


@dataclass(frozen=True)
class Brought:
    """What was read of what was handed in, by name, and what could not be."""

    read: tuple[tuple[str, SourceKind], ...]
    problems: tuple[Problem, ...]


@contextmanager
def without_pauses() -> Iterator[None]:
    """What is made in here is not searched for garbage; of very much, nothing ever is.

    To search a million lasting objects stops every thread for half a second, the window's too.
    They hold no cycles, so they go as soon as nothing refers to them. Whatever else there is by
    then is kept from the search as well, so that is done only where it would be felt.
    """
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MOST_OBJECTS:
            gc.freeze()
        gc.enable()


def know(
    service: AccountsService, now: datetime, shown: Book | None, report: Report
) -> Book | None:
    """See :func:`make_book`; ``shown`` again where nothing is new."""
    if shown is not None and shown.as_noted and shown.found is service.known():
        return shown
    with without_pauses():
        return make_book(service, now, report)


def survey(service: AccountsService, report: Report) -> Seen:
    """Finds the places; reads nothing in them. Raises ``Problem``."""
    report(0, 1)
    states, refused = service.survey()
    known = service.known()
    return Seen(states, refused, known.brought if known else ())


def agree(service: AccountsService, consents: Mapping[str, bool], report: Report) -> None:
    """Remember what was ticked, and search if anything was. Raises ``Problem``, ``Cancelled``."""
    service.choose(consents)
    if any(consents.values()):
        find(service, report)


def find(service: AccountsService, report: Report) -> None:
    with without_pauses():
        service.find(report)


def bring(service: AccountsService, paths: Sequence[Path], report: Report) -> Brought:
    """Read each; what cannot be read is named, and the rest goes on. Raises ``Cancelled``."""
    read: list[tuple[str, SourceKind]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            with without_pauses():
                source = service.bring(path, report)
        except Problem as problem:
            problems.append(problem)
        else:
            read.append((path.name, source.kind))
    return Brought(tuple(read), tuple(problems))


def add(service: AccountsService, site: str, username: str, _report: Report) -> Account:
    return service.add(site, username)


def forget(service: AccountsService, key: str, _report: Report) -> None:
    service.forget(key)
