"""The one door of this pillar: explain a document, and remember what it said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from guardian.clauses import counting, rules, sentences
from guardian.clauses.content import read_catalogue
from guardian.clauses.model import Clause, Document, Explanation, ReadDocument, SourceKind
from guardian.clauses.repository import Library
from guardian.clauses.sources import reader
from guardian.core.errors import Problem
from guardian.core.feature import Level, Step, Summary
from guardian.core.jobs import Report
from guardian.core.store import Store
from guardian.core.words import message

EXPLAIN_COMMAND = "guardian clauses explain FILE"
EVERY = 50
TITLE_MOST = 80


class ClausesService:
    """Explains policies and terms. Files are parsed in a child process; nothing is sent."""

    key = "clauses"

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._library = Library(store)
        self._clock = clock

    def explain(self, path: Path, report: Report) -> Explanation:
        """Read and explain one file, and remember what was found.

        Raises ``Problem`` for a file that cannot be read (see ``sources.reader``).
        """
        note = message("clauses.job.reading")
        document = reader.open_document(path, check=lambda: report(0, 0, note))
        return self._explained(document, report)

    def explain_text(self, text: str, title: str, report: Report) -> Explanation:
        """Explain pasted words. An empty ``title`` gives way to the first line."""
        text = text.encode("utf-8", "replace").decode()  # half characters cannot be kept
        words = counting.count_words(text)
        if not words:
            raise Problem("text-empty")
        if len(text) > reader.TEXT_MOST:
            raise Problem("text-too-long", most=reader.TEXT_MOST // reader.MILLION)
        first = text.strip().split("\n", 1)[0].strip(" #*")[:TITLE_MOST]
        document = Document(title or first, text, words, kind=SourceKind.PASTED)
        return self._explained(document, report)

    def library(self) -> tuple[ReadDocument, ...]:
        """The documents read so far, the latest first."""
        return self._library.all()

    def forget(self, number: int) -> None:
        """Take one document out of the library; ``number`` is its id there."""
        self._library.forget(number)

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

    def next_steps(self) -> tuple[Step, ...]:
        """Read a first document; afterwards nothing waits."""
        if self.library():
            return ()
        title, why = message("clauses.step.first"), message("clauses.step.first.why")
        return (Step(title, why, 5, EXPLAIN_COMMAND),)

    def _explained(self, document: Document, report: Report) -> Explanation:
        explanation = explain_document(document, report)
        fingerprint = hashlib.sha256(document.text.encode()).hexdigest()
        self._library.keep(explanation, fingerprint, self._clock())
        return explanation


def explain_document(document: Document, report: Report) -> Explanation:
    """Split, recognise and count. Pure but for the reports; ``report`` may raise ``Cancelled``."""
    catalogue = read_catalogue()
    language = counting.guess_language(document.text)
    note = message("clauses.job.understanding")
    total = len(document.text)
    passages = []
    for passage in sentences.walk(document.text):
        passages.append(passage)
        if len(passages) % EVERY == 0:
            report(passage.end // 2, total, note)
    clauses: list[Clause] = []
    understood = 0
    known = rules_for(language or "en")
    for number, found in enumerate(rules.recognise(known, document.text, passages)):
        clauses.extend(found)
        understood += bool(found)
        if number % EVERY == 0:
            report((total + passages[number].end) // 2, total, note)
    report(total, total, note)
    return Explanation(
        document=document,
        clauses=tuple(clauses),
        passages=len(passages),
        coverage=understood / len(passages) if passages else 0.0,
        reading_minutes=counting.reading_minutes(document.text, document.words),
        looks_like_policy=rules.looks_like_policy(
            document.text, document.words, language, catalogue
        ),
        language=language,
        recognised_language=language is not None and known.knows_any,
    )


@cache
def rules_for(language: str) -> rules.Rules:
    """The recognisers of one language, compiled once per run."""
    return rules.Rules(read_catalogue(), language)
