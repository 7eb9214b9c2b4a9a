"""Files named on the command line as explanations; what cannot be read is told and skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from guardian.clauses.model import Explanation
from guardian.clauses.service import ClausesService
from guardian.cli.session import Session
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.words import Words

F = TypeVar("F", bound=Callable[..., Any])


def language_option() -> Callable[[F], F]:
    return click.option(
        "--lang",
        "language",
        type=click.Choice(("en", "zh")),
        help="Language of the explanations (English unless said).",
    )


def files_argument(least: bool = True) -> Callable[[F], F]:
    return click.argument(
        "files",
        nargs=-1,
        required=least,
        type=click.Path(readable=False, path_type=Path),
        metavar="FILE...",
    )


def words_in(session: Session, language: str | None) -> Words:
    """The words explanations are given in."""
    return session.words if language in (None, session.words.language) else Words(language)


def list_files(session: Session, files: tuple[Path, ...]) -> list[tuple[Path, Problem | None]]:
    """Every file, and those of every folder; with the problem that keeps a folder shut."""
    service = session.features.clauses
    found: list[tuple[Path, Problem | None]] = []
    for file in files:
        try:
            found += [(one, None) for one in session.run(find, service, (file,))]
        except Problem as problem:
            found.append((file, problem))
    return found


def read_each(
    session: Session, found: list[tuple[Path, Problem | None]]
) -> Iterator[tuple[Path, Explanation | Problem]]:
    """Each file explained, or with the problem that kept it from being read."""
    service = session.features.clauses
    if len(found) > 1:
        service.warm_up()
    for file, trouble in found:
        try:
            yield file, trouble or session.run(service.explain, file)
        except Problem as problem:
            yield file, problem
    service.cool_down()


def find(service: ClausesService, files: tuple[Path, ...], report: Report) -> tuple[Path, ...]:
    return service.find_documents(files, report)


def read_one(session: Session, file: Path, *, keep: bool = True) -> Explanation:
    """One file. Raises its ``Problem``."""
    service = session.features.clauses

    def explain(report: Report) -> Explanation:
        return service.explain(file, report, keep=keep)

    return session.run(explain)
