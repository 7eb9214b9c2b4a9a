"""Finds what a sentence speaks of, and whether it is denied: «share», «third party», «not share».

A notion is a set of words and short phrases that mean about the same here. Two notions together
(«delete» with «indefinitely») say more of a clause's direction than either alone, so pairs count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from guardian.clauses.engine.features import Grams, Signs, prepare, read_signs, stir
from guardian.core.content import Record, read_content

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint64]
    Places = NDArray[np.int64]

LONGEST = 5  # words in a phrase
DENIED_WITHIN = 6  # words after «not» that it still denies, up to the next break
NEAR = 8  # words between two notions whose order counts
NEAREST = 24  # notions looked ahead for such a neighbour
BREAKS = ".;:"
ALONE, TOGETHER, ORDERED = 300, 301, 302  # kinds of features, for ``stir``


class Notions(Record, frozen=True):
    """Words and phrases by notion, lower-case, words apart by one space («don t» for «don't»).

    What follows a phrase of the notion called ``denial`` is denied, unless that stands inside a
    phrase of the notion called ``idle`` («do not track», «not only»).
    """

    denial: str
    idle: str
    notions: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Phrases:
    """Phrases of one length: sorted codes and the notion of each; ``most`` notions share one."""

    codes: Codes
    notions: Places
    most: int


@dataclass(frozen=True)
class Hits:
    """Notions found, sorted by word: sentence, number of the word in all texts, notion."""

    rows: Places
    words: Places
    notions: Places


@cache
def read_notions() -> Notions:
    """The notions shipped. Raises ``Problem("content-bad")``."""
    return read_content("clauses/signs.json", Notions)


@cache
def read_phrases() -> dict[int, Phrases]:
    """The phrases of the notions shipped, by their number of words."""
    import numpy as np

    found: dict[int, list[tuple[int, int]]] = {}
    for number, phrases in enumerate(read_notions().notions.values()):
        for phrase in phrases:
            length = len(phrase.split())
            (_, _, codes), *_ = Signs([prepare(phrase)]).words((length,), skips=False)
            found.setdefault(length, []).append((int(codes[0]), number))
    table = {}
    for length, pairs in found.items():
        pairs.sort()
        codes = np.array([code for code, _ in pairs], np.uint64)
        most = int(np.unique(codes, return_counts=True)[1].max())
        table[length] = Phrases(codes, np.array([number for _, number in pairs], np.int64), most)
    return table


def find_signs(texts: Sequence[str] | Signs) -> Grams:
    """The notions of each text as features: alone, any two together, and near ones in order."""
    import numpy as np

    signs = read_signs(texts)
    hits = find_hits(signs)
    size = 2 * len(read_notions().notions)
    rows, codes = [hits.rows], [stir(hits.notions.astype(np.uint64), ALONE)]
    for kind, (row, first, second) in (
        *((TOGETHER, pair) for pair in pair_all(hits, size)),
        *((ORDERED, pair) for pair in pair_near(hits)),
    ):
        rows.append(row)
        codes.append(stir((first * size + second).astype(np.uint64), kind))
    whole = (np.concatenate(codes) >> np.uint64(32)).astype(np.uint32)
    return Grams(np.concatenate(rows), whole, len(signs.texts))


def find_hits(texts: Sequence[str] | Signs) -> Hits:
    """Every notion in ``texts``. Denied, notion ``n`` is ``n`` plus the number of notions."""
    import numpy as np

    known = read_notions()
    signs = read_signs(texts)
    phrases = read_phrases()
    words: list[Places] = []
    notions: list[Places] = []
    lengths: list[Places] = []
    every: Places = np.zeros(0, np.int64)
    for length, starts, codes in signs.words(range(1, LONGEST + 1), skips=False):
        every = starts if length == 1 else every
        if length in phrases:
            for places, numbers in look_up(codes, phrases[length]):
                words.append(np.searchsorted(every, starts[places]))
                notions.append(numbers)
                lengths.append(np.full(len(numbers), length))
    if not words:
        return Hits(*(np.zeros(0, np.int64) for _ in range(3)))
    word, notion = np.concatenate(words), np.concatenate(notions)
    names = list(known.notions)
    denial = notion == names.index(known.denial)
    idle = find_inside(word, np.concatenate(lengths), notion == names.index(known.idle))
    vain = denial & idle[word]
    word, notion, denial = word[~vain], notion[~vain], denial[~vain]
    ends = np.isin(signs.codes, [0, *(ord(sign) for sign in BREAKS)])
    breaks = np.cumsum(ends, dtype=np.int64)
    denied = find_denied(word, np.unique(word[denial]), breaks[every]) & ~denial
    notion = np.where(denied, notion + len(names), notion)
    order = np.lexsort((notion, word))
    word, notion = word[order], notion[order]
    return Hits(signs.row[every[word]], word, notion)


def find_inside(words: Places, lengths: Places, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which words stand inside a phrase among ``which``, by the number of the word."""
    import numpy as np

    size = int(words.max(initial=0)) + LONGEST + 2
    opened = np.bincount(words[which], minlength=size)
    closed = np.bincount(words[which] + lengths[which], minlength=size)
    return np.cumsum(opened - closed) > 0


def look_up(codes: Codes, phrases: Phrases) -> Iterator[tuple[Places, Places]]:
    """Places in ``codes`` that are a known phrase, with its notion; again for a second notion."""
    import numpy as np

    first = np.searchsorted(phrases.codes, codes)
    for step in range(phrases.most):
        places = np.flatnonzero(first + step < len(phrases.codes))
        places = places[phrases.codes[first[places] + step] == codes[places]]
        yield places, phrases.notions[first[places] + step]


def find_denied(words: Places, denials: Places, clauses: Places) -> NDArray[np.bool_]:
    """Which of ``words`` follow a denial closely in the same clause; ``clauses`` by word."""
    import numpy as np

    if not len(denials):
        return np.zeros(len(words), bool)
    before = np.searchsorted(denials, words) - 1
    last = denials[np.maximum(before, 0)]
    close = (before >= 0) & (words - last <= DENIED_WITHIN)
    denied: NDArray[np.bool_] = close & (clauses[last] == clauses[words])
    return denied


def pair_all(hits: Hits, size: int) -> Iterator[tuple[Places, Places, Places]]:
    """Sentence and both notions of any two different ones in one sentence, each pair once."""
    import numpy as np

    once = np.unique(hits.rows * size + hits.notions)
    rows, notions = once // size, once % size
    for step in range(1, len(once)):
        same = np.flatnonzero(rows[:-step] == rows[step:])
        if not len(same):
            return
        yield rows[same], notions[same], notions[same + step]


def pair_near(hits: Hits) -> Iterator[tuple[Places, Places, Places]]:
    """Sentence and both notions of two near ones, as they follow each other."""
    import numpy as np

    for step in range(1, min(NEAREST, len(hits.rows) - 1) + 1):
        gap = hits.words[step:] - hits.words[:-step]
        same = hits.rows[:-step] == hits.rows[step:]
        near = np.flatnonzero(same & (gap > 0) & (gap <= NEAR))
        yield hits.rows[near], hits.notions[near], hits.notions[near + step]
