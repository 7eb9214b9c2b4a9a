"""What shows that a document says a thing, and the search for it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from guardian.clauses.counting import count_words
from guardian.clauses.model import Law, Passage, PassageKind
from guardian.clauses.rules.cues import Together
from guardian.clauses.rules.folding import fold
from guardian.clauses.rules.patterns import compile_pattern, expand
from guardian.core.content import Record, read_content

FALLBACK = "en"
TITLE_MOST = 60
TITLE_WORDS, TITLE_SIGNS = 3, 6
CLOSED = (".", "!", "?", ":", ";", ",", "。", "！", "？", "：", "；", "，", "、")
NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}|[ivx]{1,5}|[a-z])[.、)\\]{1,2} ?\D|\d{1,2}\.\d{1,2} "
    r"|[（(]?[一二三四五六七八九十]{1,3}[、.）)]|第[一二三四五六七八九十\d]{1,4}[条章节部分]"
    r"|(?:how|what|why|when|who) |[^，。：；、]{0,6}(?:如何|怎样)"
)
EVERY = 500
QUOTE_MOST = 2000


class Sign(Record, frozen=True):
    """One way of saying a thing, in patterns on folded lower-case text.

    It is there where one of ``cues`` (plain words, looked for first: cheap) and every pattern of
    ``all`` stand and ``none`` does not. All of that in one passage; with ``wide`` the first pattern
    in one passage and the others each in one of the next few. A heading says something only with
    ``headings``.
    """

    all: tuple[str, ...]
    cues: tuple[str, ...] = ()
    none: str = ""
    wide: bool = False
    headings: bool = False


class Thing(Record, frozen=True):
    """One thing a document can say, by language: ``found`` says it, ``unclear`` comes near.

    ``topics`` of the learned labels come near too. ``kinds`` are clauses that say it. ``fact`` is a
    kind of fact that says it, ``roles`` what such a fact must be about (empty: anything).
    """

    found: dict[str, tuple[Sign, ...]]
    unclear: dict[str, tuple[Sign, ...]]
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    fact: str = ""
    roles: tuple[str, ...] = ()


class Wanted(Record, frozen=True):
    """One item of a list: everything of ``shows`` must be said. See ``model.Item``.

    ``common`` of the European list comes from a published count of 150 policies (GoPPC-150); of
    the Chinese one it was counted with these very signs in 85 app policies (CAPP-130, training).
    """

    id: str
    article: str
    common: float | None
    shows: tuple[str, ...]


class LawList(Record, frozen=True):
    """What one law asks for. ``named`` shows that a document goes by that law, ``elsewhere`` that
    it says more about it in another document."""

    law: Law
    named: dict[str, tuple[Sign, ...]]
    elsewhere: dict[str, tuple[Sign, ...]]
    items: tuple[Wanted, ...]


class Checklists(Record, frozen=True):
    """All lists, the things they ask for, and the terms that signs share by language."""

    terms: dict[str, dict[str, str]]
    things: dict[str, Thing]
    lists: tuple[LawList, ...]

    def for_law(self, law: Law) -> LawList:
        return next(one for one in self.lists if one.law is law)


CONTENTS = re.compile(r"\bcontents\b|understand the following|了解以下|目录")

BySigns = Mapping[str, Sequence[Sign]]


@dataclass(frozen=True)
class Place:
    """Words of the document: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """One passage ready to be searched.

    ``lead`` is the line that a list item hangs on, ``section`` the words of the heading above.
    """

    words: str
    passage: Passage
    is_heading: bool
    section: str = ""
    lead: Line | None = None


class Lines:
    """The passages of a document ready to be searched. ``check`` may raise ``Cancelled``."""

    def __init__(
        self, passages: Sequence[Passage], language: str, check: Callable[[], None] = lambda: None
    ) -> None:
        self.check = check
        self._language = language if language in read_checklists().terms else FALLBACK
        self._lines = tuple(prepare(passages, check))
        self._together = Together([line.words for line in self._lines])

    def first(self, signs: BySigns, about: BySigns | None = None) -> Place | None:
        """Where the most decisive of ``signs`` stands, sentences before headings.

        Of several places one under a heading that shows ``about`` is taken, else the first.
        """
        sections = self._sections((about or {}).get(self._language, ()))
        for sign in signs.get(self._language, ()):
            self.check()
            search = self._wide if sign.wide else self._narrow
            place = search(sign, sections)
            if place is None and sign.headings:
                place = self._heading(sign)
            if place:
                return place
        return None

    def _sections(self, about: Sequence[Sign]) -> frozenset[str]:
        """The words of the headings that show one of ``about``."""
        headings = {line.words for line in self._lines if line.is_heading}
        return frozenset(
            words
            for words in headings
            if any(is_cued(sign, words) and self._shows(sign, words) for sign in about)
        )

    def _narrow(self, sign: Sign, sections: frozenset[str]) -> Place | None:
        """One passage that shows it, if need be with the line it hangs on."""
        found: Place | None = None
        for line in self._cued(sign):
            fitting = line.section in sections
            if line.is_heading or (found and not fitting):
                continue
            place: Place | None = None
            if self._shows(sign, line.words):
                place = Place(line.passage.start, line.passage.end)
            elif line.lead and self._shows(sign, said((line.lead, line))):
                place = Place(line.lead.passage.start, line.passage.end)
            if place and (fitting or not sections):
                return place
            found = found or place
        return found

    def _wide(self, sign: Sign, sections: frozenset[str]) -> Place | None:
        """The shortest run of neighbouring passages in which each pattern stands in one of them.

        It begins with the first pattern.
        """
        opening, *rest = (ready(pattern, self._language) for pattern in sign.all)
        openings = [
            number for number in self._holding(sign) if opening.search(self._lines[number].words)
        ]
        others = [self._lines_with(pattern) for pattern in rest] if openings else []
        best: Place | None = None
        for first in openings:
            nexts = [bisect_left(lines, first) for lines in others]
            if any(place == len(lines) for place, lines in zip(nexts, others, strict=True)):
                break
            last = max(
                (lines[place] for place, lines in zip(nexts, others, strict=True)), default=first
            )
            place = Place(self._lines[first].passage.start, self._lines[last].passage.end)
            if place.end - place.start > QUOTE_MOST or self._barred(sign, first, last):
                continue
            if self._lines[first].section in sections:
                return place
            if best is None or place.end - place.start < best.end - best.start:
                best = place
        return best

    def _lines_with(self, pattern: re.Pattern[str]) -> list[int]:
        return [number for number, line in enumerate(self._lines) if pattern.search(line.words)]

    def _barred(self, sign: Sign, first: int, last: int) -> bool:
        if not sign.none:
            return False
        words = said(self._lines[first : last + 1])
        return ready(sign.none, self._language).search(words) is not None

    def _heading(self, sign: Sign) -> Place | None:
        for line in self._cued(sign):
            if line.is_heading and self._shows(sign, line.words):
                return Place(line.passage.start, line.passage.end)
        return None

    def _holding(self, sign: Sign) -> Sequence[int]:
        """The numbers of the lines in which a cue of ``sign`` stands."""
        return self._together.holding(sign.cues) if sign.cues else range(len(self._lines))

    def _cued(self, sign: Sign) -> Iterator[Line]:
        return (self._lines[number] for number in self._holding(sign))

    def _shows(self, sign: Sign, words: str) -> bool:
        every = all(ready(pattern, self._language).search(words) for pattern in sign.all)
        return every and not (sign.none and ready(sign.none, self._language).search(words))


def prepare(passages: Sequence[Passage], check: Callable[[], None]) -> Iterator[Line]:
    """The passages folded, each with its heading, list items with the line that leads them."""
    lead: Line | None = None
    section = ""
    for number, passage in enumerate(passages):
        if number % EVERY == 0:
            check()
        words = fold(passage.text).lower().strip()
        hangs = passage.kind is PassageKind.ITEM
        if lead and not (hangs and passage.end - lead.passage.start <= QUOTE_MOST):
            lead = None
        is_heading = passage.kind is PassageKind.HEADING or (not lead and is_title(words))
        line = Line(words, passage, is_heading, section, lead)
        yield line
        if is_heading:
            section = words
        if words.endswith((":", "：")) and not CONTENTS.search(words):
            lead = line


def is_title(words: str) -> bool:
    """Whether a line only names what follows: a few words, or a numbered line left open."""
    if len(words) > TITLE_MOST:
        return False
    few = TITLE_WORDS if words.isascii() else TITLE_SIGNS
    left_open = words[-1:] not in CLOSED and NUMBERED.match(words) is not None
    return left_open or count_words(words) <= few


def said(lines: Sequence[Line]) -> str:
    return " ".join(line.words for line in lines)


def is_cued(sign: Sign, words: str) -> bool:
    return not sign.cues or any(cue in words for cue in sign.cues)


@cache
def read_checklists() -> Checklists:
    """The lists and what shows each item. Raises ``Problem("content-bad")``."""
    return read_content("clauses/checklists.json", Checklists)


@cache
def ready(pattern: str, language: str) -> re.Pattern[str]:
    """A pattern with its terms written out."""
    return compile_pattern(expand(pattern, read_checklists().terms[language]))
