"""Holds a document against a list of what it should say: found, unclear, or not found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guardian.clauses.counting import count_words
from guardian.clauses.model import (
    Applies,
    Basis,
    Checklist,
    Clause,
    Item,
    Labels,
    Law,
    Passage,
    Presence,
)
from guardian.clauses.rules.facts import find_kind
from guardian.clauses.rules.signs import QUOTE_MOST, Lines, Place, Thing, Wanted, read_checklists

# below so many words (Chinese: characters) a text is an excerpt, and nothing is called missing
EXCERPT = {"en": 100, "zh": 200}
SURE = 0.8  # a clause of this confidence says what its kind says
NEAR = 0.8  # a learned topic of this probability comes near


@dataclass(frozen=True)
class Held:
    """One document as it is held against a list."""

    text: str
    passages: Sequence[Passage]
    lines: Lines
    labels: Sequence[Labels]
    clauses: Sequence[Clause]
    language: str


@dataclass(frozen=True)
class Answer:
    """Whether one thing is said, and where."""

    presence: Presence
    place: Place | None = None


def check(  # noqa: PLR0917 - a document in its parts
    law: Law,
    text: str,
    passages: Sequence[Passage],
    labels: Sequence[Labels],
    clauses: Sequence[Clause],
    language: str,
    applies: Applies,
    *,
    whole: bool = True,
    cancel: Callable[[], None] = lambda: None,
    lines: Lines | None = None,
) -> Checklist:
    """The list of ``law`` held against a document. ``labels`` may be empty.

    An item is found only where words say it, and not found only where nothing comes near: a
    heading, a learned topic, a reference to another document make it unclear. In an excerpt
    (:data:`EXCERPT`, or ``whole`` False) nothing is called missing. ``cancel`` may raise
    ``Cancelled``. ``lines`` are the passages where they were made ready to be searched before.
    """
    wanted = read_checklists().for_law(law)
    lines = lines or Lines(passages, language, cancel)
    held = Held(text, passages, lines, labels, clauses, language)
    words = count_words(text)
    elsewhere = held.lines.first(wanted.elsewhere)
    excerpt = not whole or words < EXCERPT.get(language, EXCERPT["en"])
    items = tuple(answer(item, held, elsewhere, excerpt=excerpt) for item in wanted.items)
    named = held.lines.first(wanted.named) if applies is Applies.DOCUMENT else None
    start, end = (named.start, named.end) if named else (0, 0)
    return Checklist(law, applies, items, words, text[start:end], start, end)


def answer(item: Wanted, held: Held, elsewhere: Place | None, *, excerpt: bool) -> Item:
    """One item: found where all that it asks for is said, not found where nothing comes near."""
    things = read_checklists().things
    answers = [look_for(things[name], held) for name in item.shows]
    place = next((one.place for one in answers if one.place), None)
    if all(one.presence is Presence.FOUND for one in answers):
        presence = Presence.FOUND
    elif place or elsewhere or excerpt:
        presence, place = Presence.UNCLEAR, place or elsewhere
    else:
        presence = Presence.NOT_FOUND
    start, end = (place.start, place.end) if place else (0, 0)
    return Item(item.id, presence, item.article, item.common, held.text[start:end], start, end)


def look_for(thing: Thing, held: Held) -> Answer:
    """Whether ``thing`` is said: by words, by a fact, by a clause; else what comes nearest."""
    said = (
        held.lines.first(thing.found, thing.unclear)
        or by_fact(thing, held)
        or by_clause(thing, held)
    )
    if said:
        return Answer(Presence.FOUND, said)
    near = held.lines.first(thing.unclear, thing.unclear) or by_topic(thing, held)
    return Answer(Presence.UNCLEAR, near) if near else Answer(Presence.NOT_FOUND)


def by_fact(thing: Thing, held: Held) -> Place | None:
    """The passage of a fact that says it, of several one of which more is known."""
    if not thing.fact:
        return None
    facts = find_kind(thing.fact, held.text, held.passages, held.language, check=held.lines.check)
    fitting = [fact for fact in facts if not thing.roles or fact.of in thing.roles]
    fact = next((fact for fact in fitting if fact.of), fitting[0] if fitting else None)
    if fact is None:
        return None
    around = next(one for one in held.passages if one.start <= fact.start < one.end)
    return Place(around.start, max(around.end, fact.end))


def by_clause(thing: Thing, held: Held) -> Place | None:
    """A clause of the catalogue that says it, recognised by its words."""
    for clause in held.clauses:
        if clause.id in thing.kinds and clause.basis is Basis.WORDS and clause.confidence >= SURE:
            return Place(clause.start, clause.end)
    return None


def by_topic(thing: Thing, held: Held) -> Place | None:
    """The passage that the learned topics put nearest."""
    if not thing.topics or len(held.labels) != len(held.passages):
        return None
    best, nearest = NEAR, None
    for passage, labels in zip(held.passages, held.labels, strict=True):
        chance = max(labels.topics.get(topic, 0.0) for topic in thing.topics)
        if chance >= best and passage.end - passage.start <= QUOTE_MOST:
            best, nearest = chance, passage
    return Place(nearest.start, nearest.end) if nearest else None
