"""Finds which sentence of a new text stands in place of which of an old one.

Same words first, wherever they stand; then those that share most of their words. Time grows with
the number of sentences, not with its square: a sentence is only held against those that share its
rarest words.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guardian.clauses.rules.folding import fold

HAN = r"\u3400-\u9fff"
TOKEN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
ALIKE = 0.5  # share of words in common from which one sentence stands in place of another
ALIKE_SHORT, SHORT = 0.75, 5
INSIDE = 0.8  # share of a sentence's words that stand in a longer one
RAREST = 8
MOST_SHARING = 40  # sentences that may share a word before it tells nothing
MOST_COMPARED = 4000  # of each side; a policy has a few hundred
KEY_BYTES = 6


@dataclass(frozen=True)
class Pair:
    """Numbers of two sentences that belong together; ``likeness`` 0 to 1."""

    old: int
    new: int
    likeness: float


@dataclass(frozen=True)
class Alignment:
    """``same`` pairs have the same words, ``alike`` most of them; ``gone`` and ``come`` have none.

    ``inside`` are old sentences without a partner that went into a longer new one; ``likeness`` is
    the share of their words in it. ``moved`` counts those among ``same`` that changed places.
    """

    same: tuple[Pair, ...]
    alike: tuple[Pair, ...]
    gone: tuple[int, ...]
    come: tuple[int, ...]
    inside: tuple[Pair, ...] = ()
    moved: int = 0


def tokens(text: str) -> list[str]:
    """The words of a sentence, in lower case; pairs of neighbours for Chinese characters."""
    found: list[str] = []
    for token in TOKEN.findall(fold(text).lower()):
        if len(token) > 1 and "\u3400" <= token[0] <= "\u9fff":
            found += [token[place : place + 2] for place in range(len(token) - 1)]
        else:
            found.append(token)
    return found


def key(text: str) -> str:
    """A short hash of a sentence's words: the same for the same words, whatever stands around."""
    plain = " ".join(TOKEN.findall(fold(text).lower()))
    return hashlib.sha256(plain.encode("utf-8", "replace")).digest()[:KEY_BYTES].hex()


def align(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """Pair the sentences of two texts. Each stands in one pair at most."""
    same = pair_same([key(text) for text in old], [key(text) for text in new])
    left = without((pair.old for pair in same), len(old))
    right = without((pair.new for pair in same), len(new))
    alike, inside, around = pair_alike(
        {number: tokens(old[number]) for number in left[:MOST_COMPARED]},
        {number: tokens(new[number]) for number in right[:MOST_COMPARED]},
        len(new) / max(len(old), 1),
    )
    gone = set(left) - {pair.old for pair in (*alike, *inside)}
    come = set(right) - {pair.new for pair in alike} - around
    return Alignment(
        same, alike, tuple(sorted(gone)), tuple(sorted(come)), inside, count_moved(same)
    )


def pair_same(old: Sequence[str], new: Sequence[str]) -> tuple[Pair, ...]:
    """Equal keys paired in their order, in the order of ``old``."""
    places: dict[str, list[int]] = defaultdict(list)
    for number in range(len(new) - 1, -1, -1):
        places[new[number]].append(number)
    return tuple(
        Pair(number, places[one].pop(), 1.0) for number, one in enumerate(old) if places.get(one)
    )


def count_moved(pairs: Sequence[Pair]) -> int:
    """How many pairs must be moved for all to stand in one order."""
    tails: list[int] = []  # of the longest run in order: its last place, for each length
    for pair in pairs:
        place = bisect_left(tails, pair.new)
        tails[place : place + 1] = [pair.new]
    return len(pairs) - len(tails)


def pair_alike(
    old: dict[int, list[str]], new: dict[int, list[str]], stretch: float
) -> tuple[tuple[Pair, ...], tuple[Pair, ...], set[int]]:
    """The best pairs among what has no equal; of the others those old ones that went into a longer
    sentence, and those new ones that came out of one."""
    bags = {number: Counter(words) for number, words in new.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, bag in bags.items():
        for word in bag:
            holders[word].append(number)
    found: list[tuple[float, float, int, int]] = []
    inside: dict[int, Pair] = {}
    around: set[int] = set()
    for number, words in old.items():
        bag = Counter(words)
        rare = sorted(bag, key=lambda word: (len(holders.get(word, ())), word))
        telling = [word for word in rare if 0 < len(holders.get(word, ())) <= MOST_SHARING]
        sharing = Counter(place for word in telling[:RAREST] for place in holders[word])
        for place, _ in sharing.most_common(RAREST):
            shared = (bag & bags[place]).total()
            ours, theirs = len(words), len(new[place])
            likeness = 2 * shared / (ours + theirs)
            if likeness >= (ALIKE_SHORT if min(ours, theirs) < SHORT else ALIKE):
                found.append((-likeness, abs(place - number * stretch), number, place))
            if min(ours, theirs) >= SHORT:
                if shared >= INSIDE * ours:
                    inside[number] = Pair(number, place, shared / ours)
                if shared >= INSIDE * theirs:
                    around.add(place)
    pairs = choose(found)
    paired = {pair.old for pair in pairs}
    alone = tuple(pair for number, pair in inside.items() if number not in paired)
    return pairs, alone, around - {pair.new for pair in pairs}


def choose(found: Iterable[tuple[float, float, int, int]]) -> tuple[Pair, ...]:
    """The likest pairs first, each sentence once; of equals the one that stands nearer."""
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs = []
    for unlikeness, _, old, new in sorted(found):
        if old not in taken_old and new not in taken_new:
            taken_old.add(old)
            taken_new.add(new)
            pairs.append(Pair(old, new, -unlikeness))
    return tuple(sorted(pairs, key=lambda pair: pair.old))


def without(taken: Iterable[int], count: int) -> list[int]:
    """The numbers below ``count`` that are not among ``taken``."""
    gone = set(taken)
    return [number for number in range(count) if number not in gone]
