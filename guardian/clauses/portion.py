"""How much of a text is explained: its passages as far as they are read, each in its language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from guardian.clauses import counting, sentences
from guardian.clauses.model import Document, Passage
from guardian.core.jobs import Report
from guardian.core.words import message

EVERY = 50
# No policy is longer. The rest of a text that is stays unread, so that it ends within seconds:
# characters, passages, characters in passages that do not repeat others.
READ_MOST, PASSAGES_MOST, NEW_MOST = 6_000_000, 90_000, 1_000_000


def split(text: str, report: Report) -> tuple[list[Passage], int]:
    """The passages of ``text`` as far as it is read, and where that is; with reports in between."""
    note = message("clauses.job.understanding")
    passages: list[Passage] = []
    seen: set[str] = set()
    new = 0
    head = text[:READ_MOST]
    for passage in sentences.walk(head):
        if len(passages) == PASSAGES_MOST or new > NEW_MOST:
            return passages, passage.start
        passages.append(passage)
        if passage.text not in seen:
            seen.add(passage.text)
            new += len(passage.text)
        if len(passages) % EVERY == 0:
            report(passage.end // 3, len(head), note)
    return passages, len(head)


def cut(document: Document, end: int) -> Document:
    """The document as far as it is read."""
    if end == len(document.text):
        return document
    text = document.text[:end]
    return replace(document, text=text, words=counting.count_words(text))


def tell_languages(
    passages: Sequence[Passage], language: str | None, report: Report
) -> list[str | None]:
    """The language of each passage of a document in ``language``; None for unknown ones."""
    note = message("clauses.job.understanding")
    known: dict[str, str | None] = {}
    for passage in passages:
        if passage.text not in known:
            known[passage.text] = counting.spoken(passage.text, language)
            if len(known) % EVERY == 0:
                report(1, 3, note)
    report(1, 3, note)
    return [known[passage.text] for passage in passages]
