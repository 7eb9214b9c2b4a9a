"""Finds plain words in many sentences, and which recognisers a sentence may concern by them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

# letters looked at together: Chinese signs say more each
LENGTHS = {"zh": 2}
LENGTH = 4
BREAK = "\0"  # stands in no cue


class CueIndex:
    """For each sentence the recognisers of which a cue stands in it; exact, none is lost.

    Every cue is filed under its rarest stretch of letters, so that a sentence is compared with the
    few cues whose stretch it holds, and not with all of them.
    """

    def __init__(self, cues: Sequence[Iterable[str]], written: str, language: str) -> None:
        """``cues`` by number of recogniser; ``written`` is text to learn from what is rare."""
        self._length = LENGTHS.get(language, LENGTH)
        often = Counter(stretches(written, self._length))
        self._filed: dict[str, dict[str, list[int]]] = {}
        self._short: dict[str, list[int]] = {}
        for number, words in enumerate(cues):
            for cue in words:
                held = stretches(cue, self._length)
                filed = (
                    self._filed.setdefault(min(held, key=lambda one: often[one]), {})
                    if held
                    else self._short
                )
                filed.setdefault(cue, []).append(number)

    def find(self, words: str) -> list[int]:
        """The numbers of the recognisers that ``words`` may concern, in order."""
        found: set[int] = set()
        for stretch in self._filed.keys() & set(stretches(words, self._length)):
            for cue, numbers in self._filed[stretch].items():
                if cue in words:
                    found.update(numbers)
        for cue, numbers in self._short.items():
            if cue in words:
                found.update(numbers)
        return sorted(found)


class Together:
    """Some texts looked through as one: quicker than one after the other."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = BREAK.join(texts)
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def holding(self, words: Iterable[str]) -> list[int]:
        """The numbers of the texts in which one of ``words`` stands, in order."""
        found: set[int] = set()
        for word in words:
            place = self._whole.find(word)
            while place >= 0:
                number = bisect_right(self._starts, place) - 1
                found.add(number)
                place = self._whole.find(word, self._starts[number + 1])
        return sorted(found)


def stretches(words: str, length: int) -> list[str]:
    """Every run of ``length`` letters; none where ``words`` is shorter."""
    return [words[start : start + length] for start in range(len(words) - length + 1)]
