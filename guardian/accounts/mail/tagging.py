"""Finds in a line of text which ideas its words speak of, whatever the language.

An idea («account», «verify») is known by fragments, listed per language in ``assets``: ``verif*``
is every word that begins so, ``*konto`` every word that ends so, and ``sign in`` two words in a
row. In scripts that put no space between words a fragment is found wherever it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

# kana and han characters: each stands as a word of its own
DENSE = "\u3005\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[^\W_{DENSE}]+|[{DENSE}]")
ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+")  # the same for plain text, three times as fast
MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
MOST_KNOWN = 50_000
MASK = "mask"
Hits = Mapping[str, Sequence[tuple[int, int]]]


def fold(text: str) -> str:
    """``text`` without case, accents, and characters that show nothing or turn the line round."""
    text = text.replace("ß", "ss")
    if not text.isascii():
        text = MARKS.sub("", unicodedata.normalize("NFKD", text))
    return text.lower()


def split(text: str) -> list[str]:
    """The words of folded text; each character of a dense script is one."""
    return (ASCII_TOKEN if text.isascii() else TOKEN).findall(text)


class Fragment(NamedTuple):
    """A way to speak of an idea in several words, each with how it may go on («x», «*x», «x*»)."""

    idea: str
    words: tuple[str, ...]
    second: str  # the second word where it must be just so: the quickest way to say no


class Known(NamedTuple):
    """What may begin with one word: ideas it speaks of alone, and fragments of several words.

    ``pairs`` are those whose second word must be just so, by that word.
    """

    ideas: tuple[str, ...]
    pairs: dict[str, tuple[Fragment, ...]]
    others: tuple[Fragment, ...]


class Lexicon:
    """The fragments of all languages, laid out so that one pass over a text finds them."""

    def __init__(self, languages: Iterable[Mapping[str, list[str]]]) -> None:
        self._starts: dict[str, dict[str, list[Fragment]]] = {
            how: defaultdict(list) for how in ("whole", "begins", "ends")
        }
        self._parts: dict[str, set[str]] = {how: set() for how in self._starts}
        self._known: dict[str, Known] = {}
        self._deaf: set[str] = set()  # words met before that are in no fragment
        self._silent: set[str] = set()  # words met before that nothing begins with
        for language in languages:
            for idea, fragments in language.items():
                for fragment in fragments:
                    self._add(idea, fragment)
        self._lengths = {
            how: sorted({len(part) for part in parts}) for how, parts in self._parts.items()
        }

    def _add(self, idea: str, text: str) -> None:
        words = tuple(re.findall(rf"[{DENSE}]|\*?[^\W_{DENSE}]+\*?", fold(text)))
        second = words[1] if len(words) > 1 and "*" not in words[1] else ""
        fragment = Fragment(idea, words, second)
        self._starts[how_of(words[0])][words[0].strip("*")].append(fragment)
        for word in words:
            self._parts[how_of(word)].add(word.strip("*"))

    def outline(self, words: Iterable[str]) -> tuple[str, ...]:
        """``words`` with an empty one for each that is in no fragment: it speaks of the same.

        Mails made from one pattern have one outline, whatever names and numbers they hold.
        """
        if len(self._deaf) >= MOST_KNOWN:
            self._deaf.clear()
        deaf = self._deaf
        every = tuple(words)
        deaf.update(one for one in set(every).difference(deaf) if not self._is_heard(one))
        return tuple(["" if word in deaf else word for word in every])

    def tag(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """Idea -> where in folded ``text`` it is spoken of, in words: first and one past last.

        What a fragment of the idea ``mask`` covers («account manager») speaks of nothing else.
        """
        return self.tag_words(split(text))

    def tag_words(self, words: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """The same for a text that is split already."""
        hits: dict[str, list[tuple[int, int]]] = {}
        # most words of a text say nothing: one step for all of them
        known = {
            word: found
            for word in set(words).difference(self._silent)
            if (found := self._known.get(word) or self._look_up(word))
        }
        if not known:
            return hits
        for place in [place for place, word in enumerate(words) if word in known]:
            ideas, pairs, others = known[words[place]]
            for idea in ideas:
                hits.setdefault(idea, []).append((place, place + 1))
            following = words[place + 1] if place + 1 < len(words) else ""
            for fragment in (*pairs[following], *others) if following in pairs else others:
                end = place + len(fragment.words)
                if matches(fragment.words, words[place:end]):
                    hits.setdefault(fragment.idea, []).append((place, end))
        return unmask(hits) if MASK in hits else hits

    def _look_up(self, word: str) -> Known | None:
        """What may begin with ``word``; kept, as the same words come again and again."""
        if word.isdigit():
            return None
        if len(self._known) + len(self._silent) >= MOST_KNOWN:
            self._known.clear()
            self._silent.clear()
        found = list(self._beginning(word))
        if not found:
            self._silent.add(word)
            return None
        several = [one for one in found if len(one.words) > 1]
        seconds = {one.second for one in several if one.second}
        known = self._known[word] = Known(
            tuple(dict.fromkeys(one.idea for one in found if len(one.words) == 1)),
            {second: tuple(one for one in several if one.second == second) for second in seconds},
            tuple(one for one in several if not one.second),
        )
        return known

    def _beginning(self, word: str) -> Iterator[Fragment]:
        for how, part in self._ways(word):
            yield from self._starts[how].get(part, ())

    def _is_heard(self, word: str) -> bool:
        return word in self._known or any(
            part in self._parts[how] for how, part in self._ways(word)
        )

    def _ways(self, word: str) -> Iterator[tuple[str, str]]:
        """How a word may stand in a fragment: whole, by its beginning, by its end."""
        yield "whole", word
        for how in ("begins", "ends"):
            for length in self._lengths[how]:
                if length > len(word):
                    break
                yield how, word[:length] if how == "begins" else word[-length:]


def how_of(word: str) -> str:
    return "begins" if word.endswith("*") else "ends" if word.startswith("*") else "whole"


def matches(fragment: tuple[str, ...], words: Sequence[str]) -> bool:
    """Whether ``words`` are as ``fragment`` wants them, but for the first, which is known to be."""
    if len(words) < len(fragment):
        return False
    for wanted, word in zip(fragment[1:], words[1:], strict=True):
        if wanted.endswith("*"):
            if not word.startswith(wanted[:-1]):
                return False
        elif wanted.startswith("*"):
            if not word.endswith(wanted[1:]):
                return False
        elif word != wanted:
            return False
    return True


def unmask(hits: dict[str, list[tuple[int, int]]]) -> dict[str, list[tuple[int, int]]]:
    """``hits`` without what lies inside a mask."""
    masks = hits.pop(MASK)
    seen = {}
    for idea, places in hits.items():
        bare = [
            (start, end)
            for start, end in places
            if not any(first <= start and end <= last for first, last in masks)
        ]
        if bare:
            seen[idea] = bare
    return seen


def near(hits: Hits, ideas: Iterable[str], most: int) -> bool:
    """Whether all ``ideas`` are spoken of, each no more than ``most`` words from the one before."""
    before: Sequence[tuple[int, int]] | None = None
    for idea in ideas:
        places = hits.get(idea)
        if not places:
            return False
        if before is not None:
            places = [one for one in places if any(gap(one, two) <= most for two in before)]
            if not places:
                return False
        before = places
    return True


def gap(one: tuple[int, int], two: tuple[int, int]) -> int:
    """How many words lie between two places; 0 where they touch or overlap."""
    return max(one[0] - two[1], two[0] - one[1], 0)
