"""Tells a policy or terms document from other texts."""

from __future__ import annotations

import re

from guardian.clauses.content import Catalogue
from guardian.clauses.rules.folding import fold

QUOTED = re.compile(r'"[^"\n]{1,600}"')
# a policy speaks to its reader or lays down duties; news about policies does neither by itself
ADDRESS = re.compile(
    r"\b(?:we|our|ours|us|you|yours?|i|my|shall|hereby|herein)\b|我们|[您你]|本(?:人|政策|协议|平台|公司|网站)"
)
LEAST_ADDRESSED = 3  # times in a thousand words


def looks_like_policy(text: str, words: int, language: str | None, catalogue: Catalogue) -> bool:
    """Whether enough of a policy's own words stand in it. A language we have none for: yes."""
    known = catalogue.languages.get(language or "")
    if known is None:
        return True
    genre = known.genre
    lower = fold(text).lower()
    counts = [lower.count(word) for word in genre.words]
    kinds = sum(count > 0 for count in counts)
    enough = kinds >= genre.least_kinds and sum(counts) * 1000 >= genre.least_per_thousand * words
    return enough and is_addressed(lower, words)


def is_addressed(lower: str, words: int) -> bool:
    """Whether the text itself, not somebody quoted in it, speaks to its reader."""
    said = sum(1 for _ in ADDRESS.finditer(QUOTED.sub(" ", lower)))
    return said * 1000 >= LEAST_ADDRESSED * words
