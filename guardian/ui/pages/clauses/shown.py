"""The text of a document as the window can show it, with its places kept exact.

Qt counts UTF-16 units and stumbles over a few characters and over endless lines. What is shown may
therefore differ from the source in white space and in places, never in words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from guardian.clauses.markup import BREAK

LONGEST_LINE = 20_000
MOST_FOUND = 2_000
# characters that Qt takes for the end of a paragraph or of a text, and halves of broken pairs
TROUBLE = dict.fromkeys((0, 0xFDD0, 0xFDD1, *range(0xD800, 0xE000)), "\ufffd") | {0x2029: "\n"}
# a line broken only because the file was written in 80 columns: the sentence goes on below
WRAPPED = re.compile(r"(?<=[^\n]{45})\n(?=[a-z])")
ENDLESS = re.compile(rf"^[^\n]{{{LONGEST_LINE},}}", re.MULTILINE)
# a paragraph right below another, where nothing sets them apart but the end of a line
CLOSE = re.compile(r"(?<!\n)\n(?!\n|[-*•] |\Z)")
WIDE = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class ShownText:
    """``text`` is for the screen. ``steps`` are places of ``source`` from which it has one more."""

    source: str
    text: str
    steps: tuple[int, ...]

    def unit(self, place: int) -> int:
        """Where a place (character offset) of the source stands on the screen."""
        return place + bisect_right(self.steps, place)

    def place(self, unit: int) -> int:
        """Which place of the source stands at ``unit`` of the screen."""
        return bisect_right(range(len(self.source) + 1), unit, key=self.unit) - 1

    def find(self, wanted: str) -> tuple[tuple[int, int], ...]:
        """Start and end in the source of the first 2,000 finds; any white space fits any other."""
        words = [re.escape(word) for word in wanted.split()]
        if not words:
            return ()
        found = re.compile(r"\s+".join(words), re.IGNORECASE).finditer(self.source)
        return tuple(one.span() for _, one in zip(range(MOST_FOUND), found, strict=False))


def shown_text(source: str) -> ShownText:
    """Prepare ``source``; linear in its length."""
    text = source.translate(TROUBLE).replace("\r\n", " \n").replace("\r", "\n")
    text = BREAK.sub(lambda sign: "\n".ljust(len(sign.group())), text)
    text = ENDLESS.sub(broken, WRAPPED.sub(" ", text))
    added = [] if "\n\n" in text.strip() else [one.end() for one in CLOSE.finditer(text)]
    added += [place for line in ENDLESS.finditer(text) for place in cuts(line)]
    added.sort()
    pieces = [text[start:end] for start, end in pairwise([0, *added, len(text)])]
    wide = (one.start() + 1 for one in WIDE.finditer(text))
    return ShownText(source, "\n".join(pieces), tuple(sorted([*added, *wide])))


def broken(line: re.Match[str]) -> str:
    """An endless line, with breaks in place of some of its spaces."""
    text, done = line.group(), 0
    parts = []
    while len(text) - done > LONGEST_LINE:
        space = text.rfind(" ", done + 1, done + LONGEST_LINE)
        if space < 0:
            break
        parts.append(text[done:space])
        done = space + 1
    return "\n".join([*parts, text[done:]])


def cuts(line: re.Match[str]) -> range:
    """Where a line without any space gets breaks of its own."""
    return range(line.start() + LONGEST_LINE, line.end(), LONGEST_LINE)
