"""Exports of password programs and browsers, handed in by the person: sites, names, dates.

The passwords in them are never kept: the file is read in a process of its own, and only what is
named in ``logins.Login`` leaves it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from guardian.accounts.model import Entry, Evidence, EvidenceKind, NotRead, Source, SourceKind
from guardian.accounts.sources import dates
from guardian.accounts.sources.exports import parsing
from guardian.accounts.sources.exports.logins import Gathered, Login
from guardian.accounts.sources.reading import Reading
from guardian.core.child import run_limited
from guardian.core.errors import Problem, mendable_file_errors

KIND = SourceKind.EXPORT
SECONDS = 60.0

T = TypeVar("T")


def find(_home: Path, _environment: Mapping[str, str]) -> Iterator[Source | NotRead]:
    """Nothing: an export is never looked for, only handed in."""
    return iter(())


def recognise(path: Path, check: Callable[[], None]) -> Source | None:
    """The source that the export at ``path`` is; None where it is none.

    Raises ``Problem`` for a file that cannot be read or is under a password, and ``Cancelled``.
    """
    with mendable_file_errors(path):
        if path.is_dir():
            return None
    if not parsing.may_be_export(path):
        return None
    try:
        key, program = apart(parsing.identify, path, tuple[str, str], check)
    except Problem as problem:
        if problem.code == "import-unknown":
            return None
        raise
    place = f"{KIND.value}:{key}:{path.as_posix()}"
    return Source(place, program or path.name, "", KIND, path)


def read(source: Source, now: datetime, check: Callable[[], None]) -> Reading:
    """The logins of an export, without their passwords."""
    check()
    try:
        found = apart(parsing.gather, source.path, Gathered, check)
    except Problem as problem:
        return Reading((), (name_problem(source, problem),), read=False)
    entries: list[Entry] = []
    for login in found.logins:
        check()
        evidence = make_evidence(source, login, now)
        entries += (Entry(address, login.name, evidence) for address in login.addresses)
    problems = (name_problem(source, problem) for problem in count_losses(found, source.path.name))
    return Reading(tuple(entries), tuple(problems), read=True)


def apart(
    function: Callable[[bytes], T], path: Path, kind: type[T], check: Callable[[], None]
) -> T:
    """``function`` on the file in a process of its own. Raises ``Problem``, ``Cancelled``."""
    try:
        return run_limited(function, os.fsencode(path), kind, seconds=SECONDS, check=check)
    except Problem as problem:
        if problem.code == "document-too-hard":
            raise Problem("export-too-hard", name=path.name) from problem
        raise


def make_evidence(source: Source, login: Login, now: datetime) -> Evidence:
    created, changed, used = (
        dates.from_unix_ms(time, now) for time in (login.created, login.changed, login.used)
    )
    return Evidence(
        source_key=source.key,
        source_name=source.name,
        source_kind=KIND,
        kind=EvidenceKind.SAVED_LOGIN,
        created=created,
        changed=changed,
        last_used=used,
        username=login.name,
    )


def count_losses(found: Gathered, name: str) -> Iterator[Problem]:
    """What of an export did not become an entry, by reason."""
    if found.homeless:
        yield Problem("export-no-address", name=name, count=found.homeless)
    if found.away:
        yield Problem("export-put-away", name=name, count=found.away)
    if found.odd:
        yield Problem("export-rows-odd", name=name, count=found.odd)
    if found.cut:
        yield Problem("export-cut-short", name=name)


def name_problem(source: Source, problem: Problem) -> NotRead:
    facts = {key: fact for key, fact in problem.facts.items() if isinstance(fact, str | int)}
    return NotRead(source, problem.code, facts)
