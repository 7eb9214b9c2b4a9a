"""Sigma conditions: «temp and not 1 of filter_*» as a tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

DEEPEST = 50
LONGEST = 4_000
"""Characters of a condition that are read at all."""

WORD = re.compile(r"\s*(\(|\)|[\w*-]+)")
QUANTIFIERS = {"1": "or", "any": "or", "all": "and"}


class RuleError(ValueError):
    """A rule that cannot be answered, and why. ``where`` is the key or value it is about."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.where = where


@dataclass(frozen=True)
class Node:
    """``and``, ``or``, ``not`` over nodes, or the ``name`` of a selection."""

    kind: str
    parts: tuple[Node, ...] = ()
    name: str = ""


def parse_condition(text: str, names: tuple[str, ...]) -> Node:
    """The tree of a condition over the selections ``names``. Raises :class:`RuleError`."""
    if len(text) > LONGEST:
        raise RuleError(f"the condition is longer than {LONGEST} characters", "condition")
    words, place = [], 0
    text = text.rstrip()
    while place < len(text):
        found = WORD.match(text, place)
        if not found:
            reason = f"the condition cannot be read at “{text[place : place + 20]}”"
            raise RuleError(reason, "condition")
        words.append(found[1])
        place = found.end()
    parser = ConditionParser(words, names)
    node = parser.either()
    if parser.words:
        raise RuleError(f"the condition has “{parser.words[0]}” too much", "condition")
    return node


class ConditionParser:
    """Reads a condition word by word: «or» binds loosest, then «and», then «not»."""

    def __init__(self, words: list[str], names: tuple[str, ...]) -> None:
        self.words = words
        self.names = names
        self.depth = 0

    def either(self) -> Node:
        return self._joined("or", self.both)

    def both(self) -> Node:
        return self._joined("and", self.single)

    def _joined(self, kind: str, inner: Callable[[], Node]) -> Node:
        parts = [inner()]
        while self.words and self.words[0].lower() == kind:
            self.words.pop(0)
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Node(kind, tuple(parts))

    def single(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleError("the condition is nested too deep", "condition")
        try:
            return self._single()
        finally:
            self.depth -= 1

    def _single(self) -> Node:
        word = self._next()
        if word.lower() == "not":
            return Node("not", (self.single(),))
        if word == "(":
            node = self.either()
            if self._next() != ")":
                raise RuleError("the condition misses a closing bracket", "condition")
            return node
        if word.lower() in QUANTIFIERS and self.words[:1] == ["of"]:
            self._next()
            return self._several(QUANTIFIERS[word.lower()], self._next())
        if word not in self.names:
            raise RuleError(f"the condition names “{word}”, which is no selection", "condition")
        return Node("name", name=word)

    def _several(self, kind: str, pattern: str) -> Node:
        names = self.names
        if pattern != "them":
            names = tuple(name for name in names if fnmatchcase(name, pattern))
        if not names:
            raise RuleError(f"no selection is called “{pattern}”", "condition")
        return Node(kind, tuple(Node("name", name=name) for name in names))

    def _next(self) -> str:
        if not self.words:
            raise RuleError("the condition ends too early", "condition")
        return self.words.pop(0)
