"""Finds clauses by their decisive words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from guardian.clauses.content import Catalogue, ClauseKind
from guardian.clauses.model import Basis, Clause, Passage, PassageKind
from guardian.clauses.rules.cues import CueIndex
from guardian.clauses.rules.folding import fold
from guardian.clauses.rules.naming import find_names, say_we
from guardian.clauses.rules.patterns import compile_pattern, expand
from guardian.clauses.rules.slots import pull

QUOTE_MOST = 2000
QUESTION = ("?", "？")
# what stands below such a line is a table of contents
CONTENTS = re.compile(
    r"\b(?:understand|covers|find|contents?|sections?|topics)\b[^:]{0,30}:\s*$|(?:了解|包括|包含|涵盖)(?:以下|如下)内容",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\(?[（(]?(?:\d{1,2}|[a-z]|[一二三四五六七八九十]{1,3})\\?[.．、)）]")
WIDE_SIGNS = str.maketrans("（）．", "().")
SAYING = re.compile(r"\b(?:we|you) \w+|我们|[您你]", re.IGNORECASE)


@dataclass(frozen=True)
class Compiled:
    """A recogniser with its patterns written out; each is compiled when it is first asked."""

    kind: ClauseKind
    all: tuple[str, ...]
    none: tuple[str, ...]
    confidence: float

    def hits(self, words: str) -> bool:
        return self.speaks_of(words) and not any(
            compile_pattern(pattern).search(words) for pattern in self.none
        )

    def speaks_of(self, words: str) -> bool:
        """Whether everything that must stand there does, exceptions not yet looked at."""
        return all(compile_pattern(pattern).search(words) for pattern in self.all)


class Recognisers:
    """All recognisers of one language, compiled once."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        known = catalogue.languages.get(language)
        terms = known.vocabulary if known else {}
        self.language = language
        self._groups = catalogue.groups
        ways = [
            (kind, one)
            for kind in catalogue.kinds
            for one in sorted(kind.recognisers.get(language, ()), key=lambda one: -one.confidence)
        ]
        self._recognisers = tuple(
            Compiled(
                kind,
                tuple(expand(pattern, terms) for pattern in one.all),
                tuple(expand(pattern, terms) for pattern in one.none),
                one.confidence,
            )
            for kind, one in ways
        )
        written = " ".join(pattern for _, one in ways for pattern in one.all)
        self._cues = CueIndex([one.cues for _, one in ways], written, language)

    @property
    def knows_any(self) -> bool:
        """Whether there is a recogniser in this language at all."""
        return bool(self._recognisers)

    def patterns(self) -> Iterator[str]:
        """Every pattern, each to be compiled before it is asked."""
        for one in self._recognisers:
            yield from (*one.all, *one.none)

    def find(
        self,
        text: str,
        passage: Passage,
        lead: Passage | None = None,
        names: tuple[str, ...] = (),
    ) -> list[Clause]:
        """The clauses in one passage of ``text``, each kind once, of twins the surer one.

        ``lead`` is the line a list item hangs on (“We will not:”). It is read with the item, so
        that its “not” counts; where it was needed, the quote begins with it. ``names`` are those
        by which the company speaks of itself. A question says nothing.
        """
        if passage.text.endswith(QUESTION) or is_mere_heading(passage):
            return []
        words = say_we(fold(passage.text).lower(), names)
        before = say_we(fold(lead.text).lower(), names) if lead else ""
        whole = f"{before} {words}" if lead else words
        hits: dict[str, tuple[Compiled, int]] = {}
        for number in self._cues.find(words):
            one = self._recognisers[number]
            if one.kind.id in hits:
                continue
            if lead and one.speaks_of(before):
                continue  # the lead says it all by itself and was quoted for it
            if one.hits(whole):
                needs_lead = lead is not None and not one.hits(words)
                hits[one.kind.id] = one, lead.start if lead and needs_lead else passage.start
        return [
            make_clause(
                one.kind, text, start, passage.end, self.language,
                confidence=one.confidence, group=self._groups[one.kind.id],
            )
            for one, start in hits.values()
            if not any(
                hits[twin][0].confidence > one.confidence
                for twin in one.kind.twins
                if twin in hits
            )
        ]  # fmt: skip


def is_sibling(one: Passage, other: Passage) -> bool:
    """Whether both are numbered alike, so that neither hangs on the other."""
    style = numbering(one.text)
    return bool(style) and style == numbering(other.text)


def numbering(text: str) -> str:
    """How an item is numbered, with a sign for its number: «0.» for «12.», «(a)» for «(c)»."""
    found = NUMBER.match(text)
    if found is None:
        return ""
    signs = re.sub(r"\d+", "0", found[0].translate(WIDE_SIGNS))
    return re.sub(r"[^\W\d]+", "a", signs)


def is_mere_heading(passage: Passage) -> bool:
    """A heading that names a subject (“Sale of data”), not one that says something of somebody."""
    return passage.kind is PassageKind.HEADING and not SAYING.search(passage.text)


def make_clause(
    kind: ClauseKind,
    text: str,
    start: int,
    end: int,
    language: str,
    *,
    confidence: float,
    group: str,
    basis: Basis = Basis.WORDS,
) -> Clause:
    """One find of ``kind`` at ``text[start:end]``, with what can be pulled out of it."""
    return Clause(
        id=kind.id,
        number=kind.number,
        level=kind.level,
        direction=kind.direction,
        severity=kind.severity,
        confidence=confidence,
        quote=text[start:end],
        start=start,
        end=end,
        slots=pull(kind.slots, text[start:end], language),
        actions=kind.actions,
        basis=basis,
        pointers=kind.pointers,
        infringements=kind.infringements,
        group=group,
    )


def recognise(
    known: Recognisers, text: str, passages: Iterable[Passage]
) -> Iterator[tuple[Clause, ...]]:
    """The clauses of each passage in turn; list items are read with the line they hang on."""
    names = find_names(text) if known.language == "en" else ()
    lead: Passage | None = None
    read: dict[tuple[str, PassageKind], tuple[Clause, ...]] = {}
    for passage in passages:
        hangs = passage.kind is PassageKind.ITEM or passage.text.startswith(("(", "（"))
        if lead and (
            not hangs or passage.end - lead.start > QUOTE_MOST or is_sibling(passage, lead)
        ):
            lead = None
        same = passage.text, passage.kind
        if lead or same not in read:
            found = tuple(known.find(text, passage, lead, names))
            if not lead:
                read[same] = found
        else:  # what stands there twice is read once
            found = tuple(replace(one, start=passage.start, end=passage.end) for one in read[same])
        yield found
        if passage.text.endswith((":", "：")) and not CONTENTS.search(passage.text):
            lead = passage
