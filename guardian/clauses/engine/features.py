"""Turns sentences into numbered runs of words and letters, many at once.

A feature is known by a 32-bit number alone, made of its signs with whole-number arithmetic, so that
every machine finds the same ones. Nothing here knows which of them matter: that is in the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from guardian.clauses.rules.folding import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]
    Places = NDArray[np.int64]
    Codes = NDArray[np.uint64]

READ_MOST = 8000  # characters of one sentence; a longer one is no sentence
BATCH_MOST = 400_000  # characters looked at together; bounds the memory to some 50 MB
BREAK = "\x00"  # stands between sentences; taken out of them first
TIMES = 0x9E3779B97F4A7C15  # odd, so that it can be divided by again modulo 2**64
STIR = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53)
BUCKET_BITS = 18  # features are looked up by the first bits of their codes
MARKS_OF_ITEMS = "-*•·●○■◆▪–—#(（0123456789"
NEAR, FAR = 3, 8  # how many ideas apart the second of a pair stands
LENGTHS = (20, 40, 80, 160, 320, 640)


@dataclass(frozen=True)
class Recipe:
    """Which runs are features.

    ``words``: lengths of runs of words. ``skips``: pairs of words with one word between them.
    ``letters``: lengths of runs of characters; ``within`` words they take no space except at their
    ends (False is for scripts that do not set words apart). ``marks``: how long the sentence is,
    how it begins and how it ends. ``ideas``: for each idea the words that stand for it, apart by
    spaces; runs of one to three ideas and pairs of near ones, whatever words stand between them.
    """

    words: tuple[int, ...] = ()
    letters: tuple[int, ...] = ()
    within: bool = True
    skips: bool = False
    marks: bool = False
    ideas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grams:
    """Every feature of ``count`` sentences, also repeated ones: ``codes[i]`` is in ``rows[i]``."""

    rows: Places
    codes: Numbers
    count: int


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """``texts`` in order, in runs of at most :data:`BATCH_MOST` characters (at least one text)."""
    start, size = 0, 0
    for place, text in enumerate(texts):
        size += min(len(text), READ_MOST)
        if size > BATCH_MOST and place > start:
            yield texts[start:place]
            start, size = place, min(len(text), READ_MOST)
    if start < len(texts):
        yield texts[start:]


def find_grams(texts: Sequence[str] | Signs, recipe: Recipe) -> Grams:
    """The features of each text. A text gets the same ones alone as among others.

    Only its first :data:`READ_MOST` characters are read; letters are compared in lower case.
    """
    import numpy as np

    signs = read_signs(texts)
    rows: list[Places] = []
    codes: list[Codes] = []
    if recipe.letters:
        for length, starts, found in signs.letters(recipe.letters, within=recipe.within):
            rows.append(signs.row[starts])
            codes.append(stir(found, length))
    if recipe.words:
        for length, starts, found in signs.words(recipe.words, skips=recipe.skips):
            rows.append(signs.row[starts])
            codes.append(stir(found, 100 + length))
    if recipe.ideas:
        for length, starts, found in signs.ideas(recipe.ideas, spaced=recipe.within):
            rows.append(signs.row[starts])
            codes.append(stir(found, 300 + length))
    if recipe.marks:
        marked = [(row, mark) for row, text in enumerate(signs.texts) for mark in find_marks(text)]
        rows.append(np.array([row for row, _ in marked], np.int64))
        codes.append(stir(np.array([mark for _, mark in marked], np.uint64), 200))
    if not rows:
        return Grams(np.zeros(0, np.int64), np.zeros(0, np.uint32), len(signs.texts))
    whole = (np.concatenate(codes) >> np.uint64(32)).astype(np.uint32)
    return Grams(np.concatenate(rows), whole, len(signs.texts))


def read_signs(texts: Sequence[str] | Signs) -> Signs:
    """``texts`` prepared; they are read once for all recipes where this is handed on."""
    return texts if isinstance(texts, Signs) else Signs([prepare(text) for text in texts])


def prepare(text: str) -> str:
    """``text`` as features see it: folded, lower-case, one space at either end."""
    plain = fold(text[:READ_MOST].replace(BREAK, " ")).lower().strip()
    return f" {plain} " if plain else " "


def find_marks(text: str) -> list[int]:
    """Numbers for the length and for the first and last sign of a prepared text."""
    plain = text.strip()
    marks = [sum(len(plain) > length for length in LENGTHS)]
    if plain:
        marks.append(1000 + max(MARKS_OF_ITEMS.find(plain[0]), -1) + 1)
        marks.append(2000 + ".:;,?!。：；，？！".find(plain[-1]) + 1)
    return marks


def stir(codes: Codes, kind: int) -> Codes:
    """Spread ``codes`` over all 64 bits; equal codes of different kinds come apart."""
    import numpy as np

    mixed = codes + np.uint64((kind * TIMES) & 0xFFFFFFFFFFFFFFFF)
    for times in STIR:
        mixed ^= mixed >> np.uint64(33)
        mixed *= np.uint64(times)
    mixed ^= mixed >> np.uint64(33)
    return mixed


class Signs:
    """Prepared texts as one row of code points, with a break after each."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np

        self.texts = texts
        joined = BREAK.join(texts) + BREAK
        self.codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        breaks = self.codes == 0
        self.row: Places = np.cumsum(breaks) - breaks
        self.breaks = breaks

    @cached_property
    def values(self) -> Codes:
        """One stirred number for each character."""
        import numpy as np

        return stir(self.codes.astype(np.uint64), 0)

    def letters(
        self, lengths: Sequence[int], *, within: bool
    ) -> Iterator[tuple[int, Places, Codes]]:
        """Length, first places and codes of all runs of characters of those lengths."""
        import numpy as np

        size = len(self.codes)
        broken = np.concatenate([[0], np.cumsum(self.breaks)])
        spaces = np.concatenate([[0], np.cumsum(self.codes == ord(" "))])
        running = np.zeros(size, np.uint64)
        for length in range(1, max(lengths) + 1):
            keep = size - length + 1
            if keep <= 0:
                return
            running = running[:keep] * np.uint64(TIMES) + self.values[length - 1 :]
            if length not in lengths:
                continue
            good = broken[length:] == broken[:keep]
            if within and length > 2:
                good &= spaces[length - 1 :][:keep] == spaces[1 : keep + 1]
            elif within or length == 1:
                good &= spaces[length:] == spaces[:keep]
            starts = np.flatnonzero(good)
            yield length, starts, running[starts]

    def words(self, lengths: Sequence[int], *, skips: bool) -> Iterator[tuple[int, Places, Codes]]:
        """Length (0: a pair around a left-out word), first places and codes of runs of words."""
        starts, codes = self._each_word
        return self._runs(starts, codes, lengths, skips=skips)

    def ideas(self, ideas: tuple[str, ...], *, spaced: bool) -> Iterator[tuple[int, Places, Codes]]:
        """The same for words that stand for an idea, the others left out.

        Also pairs of ideas that stand near (1 to 3 apart) or far (4 to 8), however far exactly.
        """
        import numpy as np

        known, means = compile_ideas(ideas, spaced)
        starts, codes = self._each_word if spaced else self._each_run(ideas)
        place = np.minimum(np.searchsorted(known, codes), len(known) - 1)
        hit = known[place] == codes
        starts, codes = starts[hit], means[place[hit]]
        yield from self._runs(starts, codes, (1, 2, 3), skips=True)
        rows = self.row[starts]
        for gap in range(1, min(FAR, len(codes) - 1) + 1):
            whole = rows[:-gap] == rows[gap:]
            pairs = (codes[:-gap] * np.uint64(TIMES) + codes[gap:])[whole]
            yield (50 if gap <= NEAR else 51), starts[:-gap][whole], pairs

    def _each_run(self, ideas: tuple[str, ...]) -> tuple[Places, Codes]:
        """Every run of as many characters as some word of ``ideas`` has, in order of place."""
        import numpy as np

        lengths = sorted({len(word) for idea in ideas for word in idea.split()})
        found = [
            (starts, stir(codes, 1 + length))
            for length, starts, codes in self.letters(lengths, within=False)
        ]
        starts = np.concatenate([starts for starts, _ in found])
        order = np.argsort(starts, kind="stable")
        return starts[order], np.concatenate([codes for _, codes in found])[order]

    def _runs(
        self, starts: Places, codes: Codes, lengths: Sequence[int], *, skips: bool
    ) -> Iterator[tuple[int, Places, Codes]]:
        import numpy as np

        rows = self.row[starts]
        running = codes
        for length in range(1, max(lengths) + 1):
            if length > 1:
                keep = len(codes) - length + 1
                if keep <= 0:
                    return
                running = running[:keep] * np.uint64(TIMES) + codes[length - 1 :]
            if length in lengths:
                whole = rows[: len(running)] == rows[length - 1 :]
                yield length, starts[: len(running)][whole], running[whole]
        if skips and len(codes) > 2:
            whole = rows[:-2] == rows[2:]
            yield 0, starts[:-2][whole], (codes[:-2] * np.uint64(TIMES) + codes[2:])[whole]

    @cached_property
    def _each_word(self) -> tuple[Places, Codes]:
        """Where each word begins, and its code: a sum over its characters by their place in it."""
        import numpy as np

        seen = np.flatnonzero(np.bincount(self.codes))
        table = np.zeros(int(seen[-1]) + 1, bool)
        table[seen] = [chr(code).isalnum() for code in seen]
        inside = table[self.codes]
        edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        powers = np.full(len(self.codes), TIMES, np.uint64)
        powers[0] = 1
        powers = np.cumprod(powers, dtype=np.uint64)
        sums = np.concatenate([[np.uint64(0)], np.cumsum(self.values * powers, dtype=np.uint64)])
        # dividing by the power at the first character makes the code the same at every place
        back = np.full(len(self.codes), pow(TIMES, -1, 2**64), np.uint64)
        back[0] = 1
        back = np.cumprod(back, dtype=np.uint64)
        return starts, stir((sums[ends] - sums[starts]) * back[starts], 1)


@cache
def compile_ideas(ideas: tuple[str, ...], spaced: bool) -> tuple[Codes, Codes]:
    """Sorted codes of words, and for each the code of the idea it stands for."""
    import numpy as np

    words = {word: place for place, idea in enumerate(ideas) for word in idea.split()}
    if spaced:
        _, codes = Signs([f" {word} " for word in words])._each_word
    else:
        codes = np.concatenate([Signs([word])._each_run((word,))[1] for word in words])
    order = np.argsort(codes)
    means = stir(np.array(list(words.values()), np.uint64), 2)
    return codes[order], means[order]


class Vocabulary:
    """The features that weights know, by their sorted numbers."""

    def __init__(self, codes: Numbers) -> None:
        import numpy as np

        self.codes = codes
        self._shift = np.uint32(32 - BUCKET_BITS)
        many = np.bincount(codes >> self._shift, minlength=1 << BUCKET_BITS)
        self._first = np.concatenate([[0], np.cumsum(many)]).astype(np.int32)
        self._most = int(many.max())
        self._padded = np.concatenate([codes, np.zeros(self._most, np.uint32)])

    def __len__(self) -> int:
        return len(self.codes)

    def count(self, grams: Grams) -> tuple[Places, Places, Places]:
        """Which known features stand in which sentence: rows, columns, how often.

        Sorted by row, then by column; each pair once.
        """
        import numpy as np

        bucket = grams.codes >> self._shift
        first = self._first[bucket]
        some = np.flatnonzero(self._first[bucket + np.uint32(1)] > first)
        codes, place = grams.codes[some], first[some]
        keys = []
        for step in range(self._most):
            same = self._padded[place + step] == codes
            same &= place + step < self._first[bucket[some] + np.uint32(1)]
            hit = np.flatnonzero(same)
            keys.append(grams.rows[some[hit]] * len(self) + place[hit] + step)
        if not keys:
            nothing = np.zeros(0, np.int64)
            return nothing, nothing, nothing
        pairs, counts = np.unique(np.concatenate(keys), return_counts=True)
        return pairs // len(self), pairs % len(self), counts.astype(np.int64)
