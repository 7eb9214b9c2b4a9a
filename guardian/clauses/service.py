"""The one door of this pillar: explain documents, hold them against each other, remember them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from guardian.clauses import counting, explaining, labelling, standing
from guardian.clauses.content import ClauseKind, read_catalogue
from guardian.clauses.model import (
    Checklist,
    Document,
    Explanation,
    Labels,
    Law,
    ReadDocument,
    SideBySide,
    SourceKind,
    VersionChange,
)
from guardian.clauses.report import make_report
from guardian.clauses.repository import Library
from guardian.clauses.rules import comparing
from guardian.clauses.sources import folders, reader
from guardian.core.child import Spare
from guardian.core.errors import Problem
from guardian.core.feature import Level, Observation, Step, Summary
from guardian.core.jobs import Report, report_nothing
from guardian.core.store import Store
from guardian.core.words import Words, message

__all__ = ["ClauseKind", "ClausesService", "make_report"]

TITLE_MOST = 80
COMPARED_LEAST, COMPARED_MOST = 2, 6


class ClausesService:
    """Explains policies and terms. Files are parsed in a child process; nothing is sent."""

    key = "clauses"

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._library = Library(store)
        self._clock = clock
        self._spare: Spare | None = None

    def warm_up(self) -> None:
        """Keep one reader started ahead from now on: the next document need not wait for it."""
        if self._spare is None:
            self._spare = Spare(reader.read_confined, seconds=reader.SECONDS, load=reader.load)
        self._spare.prepare()

    def load(self, report: Report = report_nothing) -> None:
        """Load what is learned and known, so that the first document is not slower than others.

        Takes a second or two; whoever has a window runs it as a job.
        """
        explaining.load(report)

    def cool_down(self) -> None:
        """Keep none any more."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def find_documents(
        self, paths: Sequence[Path], report: Report = report_nothing
    ) -> tuple[Path, ...]:
        """The files among ``paths`` and in the folders among them, in order."""
        note = message("clauses.job.reading")
        return folders.find_documents(paths, lambda: report(0, 0, note))

    def explain(self, path: Path, report: Report, *, keep: bool = True) -> Explanation:
        """Read and explain one file, and remember what was found.

        Raises ``Problem`` for a file that cannot be read (see ``sources.reader``).
        """
        note = message("clauses.job.reading")
        spare = self._spare
        document = reader.open_document(path, check=lambda: report(0, 0, note), spare=spare)
        explanation = self._explained(document, report, keep=keep)
        if spare is not None and spare is self._spare:
            spare.prepare()  # not before: its start would take time from this document
        return explanation

    def explain_text(
        self, text: str, title: str, report: Report, *, keep: bool = True
    ) -> Explanation:
        """Explain pasted words. An empty ``title`` gives way to the first line."""
        text = text.encode("utf-8", "replace").decode()  # half characters cannot be kept
        words = counting.count_words(text)
        if not words:
            raise Problem("text-empty")
        if len(text) > reader.TEXT_MOST:
            raise Problem("text-too-long", most=reader.TEXT_MOST // reader.MILLION)
        first = text.strip().split("\n", 1)[0].strip(" #*")[:TITLE_MOST]
        document = Document(title or first, text, words, kind=SourceKind.PASTED)
        return self._explained(document, report, keep=keep)

    def check_law(
        self, explanation: Explanation, law: Law, report: Report = report_nothing
    ) -> Checklist:
        """Hold a document against a law because the person asks for it."""
        return explaining.check_law(explanation, law, report)

    def diff(self, old: Explanation, new: Explanation) -> VersionChange:
        """What changed from one version to the other, by clause and direction."""
        change = comparing.compare_versions(old, new)
        self._library.note_compared(new.fingerprint)
        return change

    def diff_read(self, old: ReadDocument, new: Explanation | ReadDocument) -> VersionChange:
        """The same against what is remembered of an earlier version."""
        change = comparing.compare_with_read(old, new)
        self._library.note_compared(new.fingerprint)
        return change

    def compare(self, explanations: Sequence[Explanation | ReadDocument]) -> SideBySide:
        """Two to six documents side by side. Raises ``Problem("compare-number")``."""
        if not COMPARED_LEAST <= len(explanations) <= COMPARED_MOST:
            raise Problem("compare-number", least=COMPARED_LEAST, most=COMPARED_MOST)
        return comparing.put_side_by_side(explanations)

    def changed_since(self, explanation: Explanation) -> ReadDocument | None:
        """The last reading of the same document, if it had other words then."""
        return self._library.changed_since(explanation)

    def library(self) -> tuple[ReadDocument, ...]:
        """The documents read so far, the latest first."""
        return self._library.all()

    @property
    def unreadable_readings(self) -> int:
        """How many readings the last look into the library left out, since they are damaged."""
        return self._library.unreadable

    def forget(self, number: int) -> None:
        """Take one document out of the library; ``number`` is its id there."""
        self._library.forget(number)

    def restore(self, one: ReadDocument) -> None:
        """Put a forgotten document back."""
        self._library.restore(one)

    def note_source(self, number: int, note: str) -> None:
        """Keep the person's own note of where a document came from."""
        self._library.note_source(number, note)

    def write_report(
        self, what: Explanation | VersionChange | SideBySide, words: Words | None = None
    ) -> str:
        """One page of HTML that can be shown to others: no path, no name of the person."""
        return make_report(what, words or Words())

    def label(self, texts: Sequence[str]) -> tuple[Labels, ...]:
        """What is learned and ruled of single sentences, each in the language it is written in."""
        return labelling.label_texts(texts)

    def catalogue(self) -> tuple[ClauseKind, ...]:
        """All kinds of clause Guardian knows."""
        return read_catalogue().kinds

    def check(self, report: Report) -> None:
        """Nothing to look at without a document that the person chose."""
        report(1, 1)

    def summary(self) -> Summary:
        """How many documents were read and how many kinds of clause deserve attention."""
        read = self.library()
        if not read:
            return Summary(None, message("clauses.summary.none"))
        act = sum(one.counts[Level.ACT] for one in read)
        ask = sum(one.counts[Level.ASK] for one in read)
        if not act + ask:
            return Summary(Level.FINE, message("clauses.summary.fine", count=len(read)))
        # never more than a question: what a document says is no state of this computer
        if len(read) == 1:
            return Summary(Level.ASK, message("clauses.summary.one", count=act + ask))
        text = message("clauses.summary.several", documents=len(read), count=act + ask)
        return Summary(Level.ASK, text)

    def observations(self) -> tuple[Observation, ...]:
        """That a document was read, and how many are as they were read, not long ago."""
        return standing.observe(self._library.glance(), self._clock())

    def next_steps(self) -> tuple[Step, ...]:
        """Read a first document; later, see what changed, and read again what is old."""
        return tuple(standing.suggest(self._library.glance(), self._clock()))

    def _explained(self, document: Document, report: Report, *, keep: bool) -> Explanation:
        explanation = explaining.explain_document(document, report)
        if keep:
            self._library.keep(explanation, explanation.fingerprint, self._clock())
        return explanation
