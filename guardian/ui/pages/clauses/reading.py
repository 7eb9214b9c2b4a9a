"""What the page shows of one document: made ready off the window's thread."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from guardian.clauses.model import (
    Checklist,
    Explanation,
    Law,
    ReadDocument,
    SideBySide,
    VersionChange,
)
from guardian.clauses.service import ClausesService
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.words import Message, message
from guardian.ui.pages.clauses.batch import BatchRow
from guardian.ui.pages.clauses.links import NO_LINKS, ClausesLinks, hosts_in
from guardian.ui.pages.clauses.shown import ShownText, shown_text

STEPS = 1_000  # of progress for each of several documents


@dataclass(frozen=True)
class Reading:
    """``number`` is the document's id in the library, None where nothing is kept. ``before`` is
    an earlier reading with other words, ``site`` that of an account with this service."""

    explanation: Explanation
    shown: ShownText
    number: int | None = None
    before: ReadDocument | None = None
    site: str | None = None


def prepare(
    explanation: Explanation, service: ClausesService | None = None, links: ClausesLinks = NO_LINKS
) -> Reading:
    """Everything the sheet needs to know about a document that was just read."""
    document = explanation.document
    number = before = site = None
    if service is not None:
        with suppress(Problem):  # it is shown all the same
            before = service.changed_since(explanation)
            library = service.library()
            number = next(
                (one.id for one in library if one.fingerprint == explanation.fingerprint), None
            )
    if links.account_for is not None:
        with suppress(Problem):
            site = links.account_for(hosts_in(document.text), document.title)
    return Reading(explanation, shown_text(document.text), number, before, site)


def read_text(service: ClausesService, links: ClausesLinks, text: str, report: Report) -> Reading:
    """Explain pasted words; their first line becomes the title."""
    return prepare(service.explain_text(text, "", report), service, links)


def read_paths(
    service: ClausesService, links: ClausesLinks, paths: Sequence[Path], report: Report
) -> Reading | tuple[BatchRow, ...]:
    """Explain a document, or all of several and of folders. A single one that cannot be read
    raises its ``Problem``; among several it only gets a row that says so."""
    files = service.find_documents(paths, report)
    if not files:
        raise Problem("clauses-no-documents")
    if len(files) == 1:
        return prepare(service.explain(files[0], report), service, links)
    rows = []
    for number, file in enumerate(files):
        step = one_of_many(report, number, len(files))
        step(0, 1)
        try:
            rows.append(BatchRow(file.name, explanation=service.explain(file, step)))
        except Problem as problem:
            rows.append(BatchRow(file.name, problem=problem))
    return tuple(rows)


def one_of_many(report: Report, number: int, count: int) -> Report:
    """Progress of document ``number`` (from 0) as a part of the whole."""
    note = message("clauses.page.job.several", number=number + 1, count=count)

    def step(done: int, total: int, _note: Message | None = None, /) -> None:
        part = min(STEPS * done // total, STEPS) if total else 0
        report(number * STEPS + part, count * STEPS, note)

    return step


def prepare_row(
    service: ClausesService, links: ClausesLinks, row: BatchRow, report: Report
) -> Reading:
    """One of several documents read before, for the screen."""
    assert row.explanation is not None
    report(0, 0)
    return prepare(row.explanation, service, links)


def hold(service: ClausesService, explanation: Explanation, law: Law, report: Report) -> Checklist:
    """A document held against a list that the person chose."""
    return service.check_law(explanation, law, report)


def compare_files(
    service: ClausesService, new: Explanation, old: Path, report: Report
) -> VersionChange:
    """What changed since an older version in a file; that one is not remembered."""
    return service.diff(service.explain(old, report, keep=False), new)


def compare_versions(
    service: ClausesService, old: Explanation, new: Explanation, report: Report
) -> VersionChange:
    """What changed between two readings whose text is at hand."""
    report(0, 0)
    return service.diff(old, new)


def compare_with_read(
    service: ClausesService, old: ReadDocument, new: Explanation | ReadDocument, report: Report
) -> VersionChange:
    """What changed since an earlier reading that is only remembered."""
    report(0, 0)
    return service.diff_read(old, new)


def put_side_by_side(
    service: ClausesService, documents: Sequence[Explanation | ReadDocument], report: Report
) -> SideBySide:
    """Two to six documents, clause by clause."""
    report(0, 0)
    return service.compare(documents)
