"""Explanations put together by hand, for what is shown of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from guardian.clauses.content import read_catalogue
from guardian.clauses.counting import count_words
from guardian.clauses.model import (
    Applies,
    Checklist,
    Clause,
    Document,
    Explanation,
    Fact,
    Item,
    Law,
    Passage,
    PassageKind,
    Presence,
    Readability,
    Standing,
    Understood,
)
from guardian.clauses.sentences import walk
from guardian.core.words import Message, message

UNSURE_TOPICS = ("sharing/disclosure", "use")


def around(text: str, words: str, nth: int = 0) -> tuple[int, int]:
    """Start and end of the ``nth`` passage (from 0) that holds ``words``."""
    found = [one for one in walk(text) if words in one.text]
    return found[nth].start, found[nth].end


def a_clause(text: str, kind: str, words: str, nth: int = 0, **more: Any) -> Clause:
    """A clause of the catalogue in the ``nth`` passage of ``text`` that holds ``words``."""
    catalogue = read_catalogue()
    known = catalogue.kind(kind)
    start, end = around(text, words, nth)
    facts: dict[str, Any] = {
        "number": known.number,
        "level": known.level,
        "direction": known.direction,
        "severity": known.severity,
        "confidence": 0.9,
        "actions": known.actions,
        "pointers": known.pointers,
        "group": catalogue.groups[kind],
    } | more
    return Clause(id=kind, quote=text[start:end], start=start, end=end, **facts)


def an_item(text: str, name: str, words: str = "", *, unclear: bool = False, **more: Any) -> Item:
    """Found (or unclear) in the passage that holds ``words``; without words not found."""
    if not words:
        return Item(name, Presence.UNCLEAR if unclear else Presence.NOT_FOUND, **more)
    start, end = around(text, words)
    presence = Presence.UNCLEAR if unclear else Presence.FOUND
    return Item(name, presence, quote=text[start:end], start=start, end=end, **more)


def a_checklist(text: str, law: Law, items: Iterable[Item], named: str = "") -> Checklist:
    """``named``: words of the passage in which the document names the law itself."""
    if not named:
        return Checklist(law, Applies.ASKED, tuple(items), count_words(text))
    start, end = around(text, named)
    return Checklist(
        law, Applies.DOCUMENT, tuple(items), count_words(text), text[start:end], start, end
    )


def a_fact(text: str, name: str, words: str, of: str = "") -> Fact:
    start = text.index(words)
    return Fact(name, words, start, start + len(words), of)


def an_explanation(
    text: str,
    clauses: Sequence[Clause],
    *,
    title: str = "lantern-privacy",
    left: Sequence[str] = (),
    verdict: Message | None = None,
    document: Mapping[str, Any] | None = None,
    **more: Any,
) -> Explanation:
    """``text`` with ``clauses`` found in it; passages that hold one of ``left`` are unsure."""
    ordered = tuple(sorted(clauses, key=lambda clause: (clause.start, clause.end)))
    passages = tuple(
        Understood(one.start, one.end, one.kind, standing, UNSURE_TOPICS)
        for one in walk(text)
        for standing in [stand(one, ordered, left)]
    )
    words = count_words(text)
    facts: dict[str, Any] = {
        "readability": Readability(max(words // 230, 1), 18.0, 0.2, 13.0),
        "looks_like_policy": True,
        "language": "en",
        "recognised_language": True,
        "fingerprint": sha256(text.encode()).hexdigest(),
    } | more
    return Explanation(
        document=Document(title, text, words, **(document or {})),
        clauses=ordered,
        passages=passages,
        verdict=verdict or message("clauses.verdict.blocker", count=2, others=5, good=3),
        **facts,
    )


def stand(passage: Passage, clauses: Sequence[Clause], left: Sequence[str]) -> Standing:
    """How far one passage counts as understood."""
    if any(one.start < passage.end and passage.start < one.end for one in clauses):
        return Standing.CLAUSE
    if any(one in passage.text for one in left):
        return Standing.UNSURE
    return Standing.FILLER if passage.kind is PassageKind.HEADING else Standing.ORDINARY
