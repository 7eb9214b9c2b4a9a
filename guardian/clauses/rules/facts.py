"""The concrete things that a whole document names: dates, contacts, periods, recipients."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from guardian.clauses.model import Fact, Passage
from guardian.clauses.rules import slots
from guardian.clauses.rules.cues import Together
from guardian.core.words import Message, message

# how many of each are worth showing
MOST = {
    "period": 12, "deadline": 8, "recipients": 8, "data": 8, "contact": 10,
    "date": 4, "country": 10, "law": 3, "amount": 8,
}  # fmt: skip
# these need words around them that tell what they are about
TOLD = frozenset(("period", "recipients", "data", "country", "law"))
GENERAL = re.compile(
    r"(?:(?:any|an?|the|such|these|those|other|our|certain|all) )*third[- ]part(?:y|ies)"
    r"|(?:其他|任何)?第三方",
    re.IGNORECASE,
)
LIST_MARKS = ",、，"
TOP = 1000  # characters at the top in which a date alone on its line dates the document
ALONE_MOST = 60
ROLE_REACH = 160
ADDRESS_REACH = 160
VALUES_MOST = 24  # looked at in one passage
EVERY = 200


def go_on() -> None:
    """Nobody wants to stop."""


def find_facts(
    text: str,
    passages: Sequence[Passage],
    language: str,
    check: Callable[[], None] = go_on,
) -> tuple[Fact, ...]:
    """What the document names, in document order, each thing once, no kind without end.

    ``check`` may raise ``Cancelled``.
    """
    new = tuple({one.text: one for one in reversed(passages)}.values())[::-1]
    lower = Together([one.text.lower() for one in new])
    found = {name: find_kind(name, text, new, language, check, lower=lower) for name in MOST}
    deadlines = {place for fact in found["deadline"] for place in range(fact.start, fact.end)}
    found["period"] = tuple(fact for fact in found["period"] if fact.start not in deadlines)
    every = (fact for facts in found.values() for fact in facts)
    return tuple(sorted(every, key=lambda fact: (fact.start, fact.name)))


def tell_fact(fact: Fact) -> Message:
    """The sentence that says one fact: “Last updated: 1 July 2026”."""
    if fact.of:
        return message(f"clauses.fact.{fact.name}.{fact.of}", value=fact.text)
    return message(f"clauses.fact.{fact.name}", value=fact.text)


def find_kind(
    name: str,
    text: str,
    passages: Sequence[Passage],
    language: str,
    check: Callable[[], None] = go_on,
    *,
    lower: Together | None = None,
) -> tuple[Fact, ...]:
    """The facts of one kind, as in :func:`find_facts`; ``lower`` are the passages in small letters.

    Of two that say the same, the one stays of which more is known.
    """
    kept: dict[str, Fact] = {}
    lower = lower or Together([one.text.lower() for one in passages])
    for fact in walk(name, text, passages, language, check, lower=lower):
        key = " ".join(fact.text.lower().split()) + (fact.of if name == "date" else "")
        if key not in kept and len(kept) >= MOST[name]:
            break
        if key not in kept or (fact.of and not kept[key].of):
            kept[key] = fact
    return tuple(kept.values())


def walk(
    name: str,
    text: str,
    passages: Sequence[Passage],
    language: str,
    check: Callable[[], None],
    *,
    lower: Together,
) -> Iterator[Fact]:
    reach = ADDRESS_REACH if name == "contact" else 0
    told = name in TOLD
    last = 0
    check()
    patterns = slots.cued(name, lower, language, told=told)
    for count, number in enumerate(sorted(patterns)):
        if count % EVERY == 0:
            check()
        passage = passages[number]
        values = slots.find(
            patterns[number], text, passage.start, passage.end, reach=reach, told=told
        )
        for value in sorted(islice(values, VALUES_MOST), key=lambda value: value.start):
            of = value.of or about(name, text, value, passage, language)
            if value.start < last or not says_something(name, value.value, of):
                continue
            last = value.end
            yield Fact(name, value.value, value.start, value.end, of)


def says_something(name: str, value: str, of: str) -> bool:
    """Whether a value is worth showing alone: “third parties” is not, nor one kind of data."""
    if name == "date":
        return bool(of)
    if name == "data":
        return any(mark in value for mark in LIST_MARKS)
    return name != "recipients" or GENERAL.fullmatch(value) is None


def about(name: str, text: str, value: slots.Value, passage: Passage, language: str) -> str:
    """What a value is about by the words before it, and by its place."""
    if name == "date":
        alone = value.start < TOP and passage.end - passage.start <= ALONE_MOST
        return "document" if alone else ""
    line = text.rfind("\n", 0, value.start) + 1
    before = text[max(line, value.start - ROLE_REACH) : value.start]
    return slots.role(name, before, language)
