"""Tells a sentence that was only put differently from one that was turned round."""

from __future__ import annotations

from itertools import chain

from guardian.clauses import sentences
from guardian.clauses.content import read_catalogue
from guardian.clauses.rules.aligning import Pair, key, tokens
from guardian.clauses.rules.folding import fold

NEARLY_SAME = 0.75  # likeness from which two sentences may say the same
LONGER = 1.3  # a sentence that much longer than another has more in it
# words that turn a sentence round
NEGATIVE = frozenset(("not", "no", "never", "none", "without", "unless", "except", "cannot"))
DECISIVE = NEGATIVE.union(
    ("only", "may", "will", "must", "always", "don", "won", "opt", "out", "consent", "sell", "sold")
)
NEGATIVE_SIGNS = frozenset("不未无勿非")
DECISIVE_SIGNS = NEGATIVE_SIGNS.union("除仅可须应必")


def last_sentence(quote: str) -> str:
    """The sentence a clause stands in: a quote may begin with the line its list item hangs on."""
    pieces = sentences.split(quote)
    return pieces[-1].text if pieces else quote


def all_stand(quote: str, keys: frozenset[str]) -> bool:
    """Whether all sentences of a quote stand in the other version, word for word."""
    return all(key(one.text) in keys for one in sentences.walk(quote))


def merely_reworded(name: str, sentence: str, other: str, pair: Pair) -> bool:
    """Whether two sentences differ by nothing that could make or unmake a clause of this kind.

    ``other`` may be a longer one into which the sentence went, with more in it.
    """
    mine, theirs = decisive(sentence), decisive(other)
    if pair.likeness < NEARLY_SAME or mine - theirs:
        return False
    longer = len(other) > LONGER * len(sentence)
    if any(map(is_negative, theirs - mine)) if longer else theirs != mine:
        return False
    lower, lower_other = fold(sentence).lower(), fold(other).lower()
    return not any(cue in lower and cue not in lower_other for cue in cues_of(name))


def cues_of(name: str) -> frozenset[str]:
    """The words one of which stands in each clause of a kind, in all languages."""
    kinds = {kind.id: kind for kind in read_catalogue().kinds}
    if name not in kinds:
        return frozenset()
    found = chain.from_iterable(kinds[name].recognisers.values())
    return frozenset(cue for one in found for cue in one.cues)


def decisive(text: str) -> frozenset[str]:
    """The words of a sentence that turn it round, and its numbers."""
    return frozenset(
        word
        for word in tokens(text)
        if word in DECISIVE or word[0].isdigit() or not DECISIVE_SIGNS.isdisjoint(word)
    )


def is_negative(word: str) -> bool:
    return word in NEGATIVE or not NEGATIVE_SIGNS.isdisjoint(word)
