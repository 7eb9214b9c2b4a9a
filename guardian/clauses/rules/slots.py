"""Pulls concrete things out of a clause: periods, recipients, kinds of data, contacts, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from guardian.clauses.rules.cues import Together
from guardian.clauses.rules.patterns import compile_pattern, expand
from guardian.core.content import Record, read_content
from guardian.core.errors import Problem
from guardian.core.words import Message, message

NAMES = (
    "period", "deadline", "recipients", "data", "contact", "date", "country", "law", "amount",
)  # fmt: skip
FALLBACK = "en"
BEFORE = 160  # characters in front of a value in which words can bar it
EDGE = "*_,;:、，；：\"“”'‘’「」|\\"
LOOSE_END = re.compile(
    r"[\s,(]++(?:and|or|as well as|such as|including|depending|located|used|if|who|e\.g|i\.e)\Z"
    r"|(?:以及|和|及|或|，?包括|，?例如)\Z",
    re.IGNORECASE,
)


class Pattern(Record, frozen=True):
    """One way a value is written. The value is the group ``it`` (or ``it2``), else all of it.

    ``cues`` are plain lower-case words of which one must stand there (looked for first: cheap).
    The value must begin with the pattern ``needs``, and ``bars`` must not end right before it.
    ``of`` says what it is about, ``context`` what must stand around it for that to be so.
    """

    pattern: str
    cues: tuple[str, ...] = ()
    needs: str = ""
    bars: str = ""
    of: str = ""
    context: str = ""


class Slots(Record, frozen=True):
    """The patterns of one language by slot. ``roles`` are what the words before a value make it."""

    terms: dict[str, str]
    slots: dict[str, tuple[Pattern, ...]]
    roles: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Compiled:
    """A pattern ready to run."""

    pattern: re.Pattern[str]
    cues: tuple[str, ...]
    needs: re.Pattern[str] | None
    bars: re.Pattern[str] | None
    of: str
    context: re.Pattern[str] | None


@dataclass(frozen=True)
class Value:
    """One value: ``text[start:end] == value``; ``of`` as in :class:`Pattern`."""

    value: str
    start: int
    end: int
    of: str = ""


def pull(names: Sequence[str], quote: str, language: str) -> dict[str, str]:
    """The slots called ``names`` that stand in ``quote``, each an exact part of it.

    Where a slot has several values, the one written in the most telling way is taken.
    """
    found: dict[str, str] = {}
    lower = quote.lower()
    for name in names:
        cued = (
            one
            for one in compiled(language).get(name, ())
            if not one.cues or any(cue in lower for cue in one.cues)
        )
        first = next(find(cued, quote, 0, len(quote)), None)
        if first:
            found[name] = first.value
    return found


def tell_slot(name: str, value: str) -> Message:
    """The sentence that says one slot: “Kept for: 30 days”."""
    return message(f"clauses.slot.{name}", value=value)


def cued(name: str, lower: Together, language: str, *, told: bool) -> dict[int, list[Compiled]]:
    """Which patterns of slot ``name`` may fit which of some texts in small letters, by number.

    With ``told`` only those that tell what the value is about.
    """
    found: dict[int, list[Compiled]] = {}
    for one in compiled(language).get(name, ()):
        if one.of or not told:
            for number in lower.holding(one.cues) if one.cues else range(len(lower)):
                found.setdefault(number, []).append(one)
    return found


def find(
    patterns: Iterable[Compiled],
    text: str,
    start: int,
    end: int,
    *,
    reach: int = 0,
    told: bool = False,
) -> Iterator[Value]:
    """The values of ``patterns`` that begin in ``text[start:end]``, the most telling first.

    One may run ``reach`` characters beyond ``end`` (an address of several lines). With ``told``
    only values of which the words around them tell what they are about.
    """
    passage = text[start:end]
    taken: list[tuple[int, int]] = []
    limit = min(end + reach, len(text))
    for one in patterns:
        fits = one.context is None or one.context.search(passage) is not None
        if told and not (one.of and fits):
            continue
        for match in one.pattern.finditer(text, start, limit):
            if match.start() >= end:
                break
            value = valued(one, text, match, fits)
            if (
                value
                and value.start < end
                and not any(value.start < last and first < value.end for first, last in taken)
            ):
                taken.append((value.start, value.end))
                yield value


def overlaps(value: Value, taken: Sequence[tuple[int, int]]) -> bool:
    return any(value.start < last and first < value.end for first, last in taken)


def valued(one: Compiled, text: str, match: re.Match[str], fits: bool) -> Value | None:
    """The value of a match without its loose ends; None if something bars it."""
    groups = match.groupdict()
    group: str | int = next((name for name, value in groups.items() if value is not None), 0)
    start, end = trim(text, *match.span(group))
    if end - start < 2:
        return None
    if one.bars and one.bars.search(text[max(0, start - BEFORE) : start]):
        return None
    if one.needs and not one.needs.match(text, start, end):
        return None
    return Value(text[start:end], start, end, one.of if fits else "")


def at_edge(character: str) -> bool:
    """Whether a value neither begins nor ends with ``character``."""
    return character.isspace() or character in EDGE


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The places without spaces, marks and a last “and” at the edges."""
    while start < end and at_edge(text[start]):
        start += 1
    while start < end:
        while start < end and at_edge(text[end - 1]):
            end -= 1
        loose = LOOSE_END.search(text, max(start, end - 16), end)
        if not loose:
            break
        end = loose.start()
    for opening, closing in ("()", "（）"):
        open_at, closed_at = text.find(opening, start, end), text.find(closing, start, end)
        if closed_at >= 0 and not 0 <= open_at < closed_at:
            end = closed_at  # the bracket was opened before the value
    return start, end


def role(name: str, before: str, language: str) -> str:
    """What the words ``before`` a value make of it, the nearest first; empty if nothing."""
    roles = read_slots()[known(language)].roles.get(name, {})
    ends = {
        of: max(
            (match.end() for match in compile_pattern(words, re.IGNORECASE).finditer(before)),
            default=-1,
        )
        for of, words in roles.items()
    }
    nearest = max(ends, key=lambda of: ends[of], default="")
    return nearest if nearest and ends[nearest] >= 0 else ""


def known(language: str) -> str:
    return language if language in read_slots() else FALLBACK


@cache
def read_slots() -> Mapping[str, Slots]:
    """The patterns by language. Raises ``Problem("content-bad")``."""
    found = read_content("clauses/slots.json", dict[str, Slots])
    if FALLBACK not in found:
        raise Problem("content-bad", file="slots.json", reason="a language is missing")
    return found


@cache
def compiled(language: str) -> Mapping[str, tuple[Compiled, ...]]:
    """The patterns of one language, ready to run; an unknown language has the English ones."""
    slots = read_slots()[known(language)]

    def ready(pattern: str) -> re.Pattern[str] | None:
        return compile_pattern(expand(pattern, slots.terms)) if pattern else None

    return {
        name: tuple(
            Compiled(
                compile_pattern(expand(one.pattern, slots.terms)),
                one.cues,
                ready(one.needs),
                ready(one.bars),
                one.of,
                ready(one.context),
            )
            for one in patterns
        )
        for name, patterns in slots.slots.items()
    }
