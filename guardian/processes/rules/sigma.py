"""Answering Sigma detections over one record of fields, each of which may be unknown.

The answer is yes, no, or «could not look» (None): a field that was not seen never makes a rule
answer no, unless the other fields settle it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from guardian.processes.content import Detection, Selection, Value
from guardian.processes.model import Unknown

Answer = bool | None
FieldValue = str | int | bool | None | tuple[str, ...] | Unknown
Look = Callable[[str], FieldValue]
Matcher = Callable[[FieldValue], bool]

TEXT_MODIFIERS = ("startswith", "endswith", "contains", "re", "cased", "i")
NUMBER_MODIFIERS = ("gt", "gte", "lt", "lte")
MODIFIERS = (*TEXT_MODIFIERS, *NUMBER_MODIFIERS, "all", "exists")
LONGEST_TEXT = 32_768
"""Characters of a value that a regular expression is tried on, so that none takes long."""


class RuleError(ValueError):
    """A rule that cannot be answered, and why."""


@dataclass(frozen=True)
class Test:
    """One line of a selection: does the field fit?"""

    field: str
    matchers: tuple[Matcher, ...]
    need_all: bool

    def answer(self, look: Look, unknown: set[Unknown]) -> Answer:
        value = look(self.field)
        if isinstance(value, Unknown):
            unknown.add(value)
            return None
        fits = (match(value) for match in self.matchers)
        return all(fits) if self.need_all else any(fits)


Alternatives = tuple[tuple[Test, ...], ...]


@dataclass(frozen=True)
class Node:
    """A condition: ``and``, ``or``, ``not`` over nodes, or the name of a selection."""

    kind: str
    parts: tuple[Node, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Question:
    """A detection made ready to be asked many times."""

    selections: Mapping[str, Alternatives]
    condition: Node

    def ask(self, look: Look) -> tuple[Answer, frozenset[Unknown]]:
        """The answer, and where it is None what kept it from being known."""
        unknown: set[Unknown] = set()
        answer = self._answer(self.condition, look, unknown)
        return answer, frozenset(unknown) if answer is None else frozenset()

    def _answer(self, node: Node, look: Look, unknown: set[Unknown]) -> Answer:
        if node.kind == "name":
            return answer_selection(self.selections[node.name], look, unknown)
        if node.kind == "not":
            inner = self._answer(node.parts[0], look, unknown)
            return None if inner is None else not inner
        settled = node.kind == "or"
        return combine((self._answer(part, look, unknown) for part in node.parts), settled)


def combine(answers: Iterable[Answer], settled: bool) -> Answer:
    """Three-valued «and» (``settled`` False) or «or» (True): one settled answer decides."""
    result: Answer = not settled
    for answer in answers:
        if answer is settled:
            return settled
        if answer is None:
            result = None
    return result


def answer_selection(selection: Alternatives, look: Look, unknown: set[Unknown]) -> Answer:
    alternatives = (
        combine((test.answer(look, unknown) for test in tests), False) for tests in selection
    )
    return combine(alternatives, True)


def prepare_question(detection: Detection, fields: frozenset[str]) -> Question:
    """Check a detection and make it ready. Raises :class:`RuleError`."""
    selections = {
        name: prepare_selection(part, fields) for name, part in detection.selections.items()
    }
    return Question(selections, parse_condition(detection.condition, tuple(selections)))


def prepare_selection(selection: Selection, fields: frozenset[str]) -> Alternatives:
    if not selection or not all(selection):
        raise RuleError("a selection is empty")
    return tuple(
        tuple(prepare_test(key, values, fields) for key, values in part.items())
        for part in selection
    )


def prepare_test(key: str, values: list[Value], fields: frozenset[str]) -> Test:
    field, *modifiers = key.split("|")
    if field not in fields:
        raise RuleError(f"there is no field “{field}”")
    for modifier in modifiers:
        if modifier not in MODIFIERS:
            raise RuleError(f"the modifier “{modifier}” is not known")
    if not values:
        raise RuleError(f"“{key}” has no value")
    matchers = tuple(prepare_matcher(frozenset(modifiers), value) for value in values)
    return Test(field, matchers, "all" in modifiers)


def prepare_matcher(modifiers: frozenset[str], value: Value) -> Matcher:
    if "exists" in modifiers:
        if not isinstance(value, bool):
            raise RuleError("“exists” takes true or false")
        return lambda found: (found is not None and found != ()) is value
    compare = modifiers & frozenset(NUMBER_MODIFIERS)
    if compare:
        return prepare_comparison(min(compare), value)
    if isinstance(value, str):
        match = prepare_text(modifiers, value)
        return lambda found: any(match(text) for text in texts_of(found))
    if modifiers & frozenset(TEXT_MODIFIERS):
        raise RuleError("a text was expected")
    # True equals 1 in Python, and must not in a rule
    return lambda found: found == value and isinstance(found, bool) is isinstance(value, bool)


def prepare_comparison(modifier: str, value: Value) -> Matcher:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RuleError(f"“{modifier}” takes a number")
    limit = value

    def fits(found: FieldValue) -> bool:
        if isinstance(found, bool) or not isinstance(found, int):
            return False
        above, below = found > limit, found < limit
        return {"gt": above, "gte": not below, "lt": below, "lte": not above}[modifier]

    return fits


def prepare_text(modifiers: frozenset[str], value: str) -> Callable[[str], bool]:
    if "re" in modifiers:
        try:
            pattern = re.compile(value, re.IGNORECASE if "i" in modifiers else 0)
        except re.error as error:
            raise RuleError(f"“{value}” is not a regular expression: {error}") from error
        return lambda text: pattern.search(text[:LONGEST_TEXT]) is not None
    exact = "cased" in modifiers
    wanted = value if exact else value.casefold()
    wild = wildcard_pattern(modifiers, wanted)

    def fits(text: str) -> bool:
        shown = text if exact else text.casefold()
        if wild is not None:
            return fnmatchcase(shown, wild)
        if "startswith" in modifiers:
            return shown.startswith(wanted)
        if "endswith" in modifiers:
            return shown.endswith(wanted)
        return wanted in shown if "contains" in modifiers else shown == wanted

    return fits


def wildcard_pattern(modifiers: frozenset[str], value: str) -> str | None:
    """Sigma's * and ? as a pattern over the whole text; None where the value has neither."""
    if "*" not in value and "?" not in value:
        return None
    plain = value.replace("[", "[[]")
    before = "*" if modifiers & {"endswith", "contains"} else ""
    after = "*" if modifiers & {"startswith", "contains"} else ""
    return f"{before}{plain}{after}"


def texts_of(found: FieldValue) -> tuple[str, ...]:
    if isinstance(found, tuple):
        return found
    return (found,) if isinstance(found, str) else ()


WORD = re.compile(r"\s*(\(|\)|[\w*]+)")
QUANTIFIERS = {"1": "or", "any": "or", "all": "and"}


def parse_condition(text: str, names: tuple[str, ...]) -> Node:
    """A condition such as ``temp and not 1 of filter_*``. Raises :class:`RuleError`."""
    words, place = [], 0
    text = text.rstrip()
    while place < len(text):
        found = WORD.match(text, place)
        if not found:
            raise RuleError(f"the condition cannot be read at “{text[place : place + 20]}”")
        words.append(found[1])
        place = found.end()
    parser = ConditionParser(words, names)
    node = parser.either()
    if parser.words:
        raise RuleError(f"the condition has “{parser.words[0]}” too much")
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
        if self.depth > 50:
            raise RuleError("the condition is nested too deep")
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
                raise RuleError("the condition misses a closing bracket")
            return node
        if word.lower() in QUANTIFIERS and self.words[:1] == ["of"]:
            self._next()
            return self._several(QUANTIFIERS[word.lower()], self._next())
        if word not in self.names:
            raise RuleError(f"the condition names “{word}”, which is no selection")
        return Node("name", name=word)

    def _several(self, kind: str, pattern: str) -> Node:
        names = self.names
        if pattern != "them":
            names = tuple(name for name in names if fnmatchcase(name, pattern))
        if not names:
            raise RuleError(f"no selection is called “{pattern}”")
        return Node(kind, tuple(Node("name", name=name) for name in names))

    def _next(self) -> str:
        if not self.words:
            raise RuleError("the condition ends too early")
        return self.words.pop(0)
