"""The mind: which clauses stand in which passages. Pure; everything it knows is content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from guardian.clauses.content import Catalogue, ClauseKind
from guardian.clauses.model import Clause, Passage, PassageKind

# quotation marks and spaces to their plain forms; what is invisible goes
FOLD = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ`´", "'"),
        **dict.fromkeys("“”„«»＂", '"'),
        **dict.fromkeys("‐‑‒–—", "-"),
        **dict.fromkeys(
            "\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\ufeff\u2066\u2067\u2068\u2069", None
        ),
        **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e", None),
    }
)
LINK = re.compile(r"\]\([^)\s]{0,500}\)")
EMPHASIS = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}|[\[\]]")
SPACE = re.compile(r"\s+")
TERM = re.compile(r"<([a-z]+)>")
QUOTE_MOST = 2000


@dataclass(frozen=True)
class Compiled:
    """A recogniser with its patterns ready to run."""

    kind: ClauseKind
    cues: tuple[str, ...]
    all: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...]
    confidence: float

    def hits(self, words: str) -> bool:
        return self.speaks_of(words) and not any(pattern.search(words) for pattern in self.none)

    def speaks_of(self, words: str) -> bool:
        """Whether everything that must stand there does, exceptions not yet looked at."""
        return all(pattern.search(words) for pattern in self.all)


class Rules:
    """All recognisers of one language, compiled once."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        terms = catalogue.vocabulary.get(language, {})
        self._recognisers = tuple(
            Compiled(
                kind,
                one.cues,
                tuple(compile_pattern(expand(pattern, terms)) for pattern in one.all),
                tuple(compile_pattern(expand(pattern, terms)) for pattern in one.none),
                one.confidence,
            )
            for kind in catalogue.kinds
            for one in sorted(kind.recognisers.get(language, ()), key=lambda one: -one.confidence)
        )
        self._slots = {
            kind.id: {
                name: compile_pattern(expand(pattern, terms))
                for name, pattern in kind.slots.get(language, {}).items()
            }
            for kind in catalogue.kinds
        }

    @property
    def knows_any(self) -> bool:
        """Whether there is a recogniser in this language at all."""
        return bool(self._recognisers)

    def find(self, text: str, passage: Passage, lead: Passage | None = None) -> Iterator[Clause]:
        """The clauses in one passage of ``text``, each kind once.

        ``lead`` is the line a list item hangs on (“We will not:”). It is read with the item, so
        that its “not” counts; where it was needed, the quote begins with it.
        """
        words = fold(passage.text).lower()
        before = fold(lead.text).lower() if lead else ""
        whole = f"{before} {words}" if lead else words
        found: set[str] = set()
        for one in self._recognisers:
            if one.kind.id in found or not any(cue in words for cue in one.cues):
                continue
            if lead and one.speaks_of(before):
                continue  # the lead says it all by itself and was quoted for it
            if one.hits(whole):
                found.add(one.kind.id)
                needs_lead = lead is not None and not one.hits(words)
                start = lead.start if lead and needs_lead else passage.start
                yield self._clause(one, text, start, passage.end)

    def _clause(self, one: Compiled, text: str, start: int, end: int) -> Clause:
        quote = text[start:end]
        slots = {}
        for name, pattern in self._slots[one.kind.id].items():
            match = pattern.search(quote)
            if match:
                slots[name] = match[0]
        kind = one.kind
        return Clause(
            id=kind.id,
            number=kind.number,
            level=kind.level,
            direction=kind.direction,
            severity=kind.severity,
            confidence=one.confidence,
            quote=quote,
            start=start,
            end=end,
            slots=slots,
            actions=kind.actions,
        )


def recognise(rules: Rules, text: str, passages: Iterable[Passage]) -> Iterator[tuple[Clause, ...]]:
    """The clauses of each passage in turn; list items are read with the line they hang on."""
    lead: Passage | None = None
    for passage in passages:
        hangs = passage.kind is PassageKind.ITEM or passage.text.startswith(("(", "（"))
        if not hangs or (lead and passage.end - lead.start > QUOTE_MOST):
            lead = None
        yield tuple(rules.find(text, passage, lead))
        if passage.text.endswith((":", "：")):
            lead = passage


def fold(text: str) -> str:
    """``text`` as the patterns want it: plain quotes and spaces, no Markdown, nothing invisible."""
    plain = text.translate(FOLD)
    if "](" in plain:
        plain = LINK.sub("", plain)
    if "*" in plain or "_" in plain or "[" in plain:
        plain = EMPHASIS.sub("", plain)
    return SPACE.sub(" ", plain)


def expand(pattern: str, terms: dict[str, str]) -> str:
    """A pattern with its ``<terms>`` written out; terms may stand on earlier ones."""

    def write_out(match: re.Match[str]) -> str:
        return f"(?:{expand(terms[match[1]], terms)})"

    return TERM.sub(write_out, pattern)


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def looks_like_policy(text: str, words: int, language: str | None, catalogue: Catalogue) -> bool:
    """Whether enough of a policy's own words stand in it. A language we have none for: yes."""
    genre = catalogue.genres.get(language or "")
    if genre is None:
        return True
    lower = fold(text).lower()
    counts = [lower.count(word) for word in genre.words]
    kinds = sum(count > 0 for count in counts)
    return kinds >= genre.least_kinds and sum(counts) * 1000 >= genre.least_per_thousand * words
