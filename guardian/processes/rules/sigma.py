"""Answering Sigma detections over one record of fields, each of which may be unknown.

The answer is yes, no, or «could not look» (None): a field that was not seen never makes a rule
answer no, unless the other fields settle it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guardian.processes.content import Detection, Selection, Value
from guardian.processes.model import Unknown
from guardian.processes.rules.condition import Node, RuleError, parse_condition
from guardian.processes.rules.matching import (
    MODIFIERS,
    FieldValue,
    Matcher,
    Partly,
    prepare_matcher,
)

__all__ = ["Answer", "FieldValue", "Partly", "Question", "RuleError", "prepare_question"]

Answer = bool | None
Look = Callable[[str], FieldValue]
Ask = Callable[[Look, list[Unknown]], Answer]

NO_REASON: frozenset[Unknown] = frozenset()
NOTHING: tuple[FieldValue, ...] = (None, (), False, "", 0)
"""What counts as nothing in Python too; what is unknown does not."""
DEAR_FIELDS = {"CommandLine": 4, "Ancestors": 4}
"""Fields that take long to find or are long to read are asked last."""
MOST_MET = 512
"""Different values of a field whose answer a test remembers."""


@dataclass(frozen=True)
class Part:
    """One piece of a detection made ready.

    ``needs`` are fields without which the answer can only be no; ``cost`` orders the pieces.
    ``joined`` are the pieces this one is made of, and ``settled`` the answer that decides it.
    """

    ask: Ask
    needs: frozenset[str]
    cost: int
    joined: tuple[Part, ...] = ()
    settled: bool = False

    def within(self, settled: bool) -> tuple[Part, ...]:
        """The pieces of a join of the same kind, which may as well stand in the one around it."""
        return self.joined if self.joined and self.settled is settled else (self,)


@dataclass(frozen=True)
class Question:
    """A detection made ready to be asked many times. ``fields`` are all it may look at."""

    part: Part
    fields: frozenset[str]

    @property
    def needs(self) -> frozenset[str]:
        """Fields of which each must hold something, or be unknown, for a yes."""
        return self.part.needs

    def ask(self, look: Look) -> tuple[Answer, frozenset[Unknown]]:
        """The answer, and where it is None what kept it from being known."""
        unknown: list[Unknown] = []
        answer = self.part.ask(look, unknown)
        return answer, frozenset(unknown) if answer is None else NO_REASON


def prepare_question(
    detection: Detection,
    fields: frozenset[str],
    refuse: Callable[[str], str] = "there is no field “{}”".format,
    own: bool = False,
) -> Question:
    """Check a detection and make it ready; ``refuse`` says why a name is none of ``fields``.

    ``own``: of a person's own rule. Raises :class:`RuleError`.
    """
    selections = {
        name: prepare_selection(name, selection, fields, refuse, own)
        for name, selection in detection.selections.items()
    }
    tree = parse_condition(detection.condition, tuple(selections))
    asked = (key for part in detection.selections.values() for each in part for key in each)
    return Question(build(tree, selections), frozenset(key.partition("|")[0] for key in asked))


def build(node: Node, selections: dict[str, Part]) -> Part:
    if node.kind == "name":
        return selections[node.name]
    parts = [build(part, selections) for part in node.parts]
    return negate(parts[0]) if node.kind == "not" else join(parts, settled=node.kind == "or")


def negate(part: Part) -> Part:
    def ask(look: Look, unknown: list[Unknown]) -> Answer:
        inner = part.ask(look, unknown)
        return None if inner is None else not inner

    return Part(ask, frozenset(), part.cost)


def join(parts: list[Part], settled: bool) -> Part:
    """Three-valued «and» (``settled`` False) or «or» (True): one settled answer decides."""
    if len(parts) == 1:
        return parts[0]
    inner = [piece for part in parts for piece in part.within(settled)]
    inner.sort(key=lambda part: part.cost)
    asks = tuple(part.ask for part in inner)

    def ask(look: Look, unknown: list[Unknown]) -> Answer:
        result: Answer = not settled
        for each in asks:
            answer = each(look, unknown)
            if answer is settled:
                return settled
            if answer is None:
                result = None
        return result

    every = [part.needs for part in parts]
    needs = frozenset.intersection(*every) if settled else frozenset.union(*every)
    return Part(ask, needs, sum(part.cost for part in parts), tuple(inner), settled)


def prepare_selection(
    name: str,
    selection: Selection,
    fields: frozenset[str],
    refuse: Callable[[str], str],
    own: bool,
) -> Part:
    """Alternatives of which each asks for all of its lines."""
    if not selection or not all(selection):
        raise RuleError("a selection is empty", name)
    return join(
        [
            join(
                [prepare_test(key, values, fields, refuse, own) for key, values in each.items()],
                False,
            )
            for each in selection
        ],
        True,
    )


def prepare_test(
    key: str, values: list[Value], fields: frozenset[str], refuse: Callable[[str], str], own: bool
) -> Part:
    """One line of a selection: does the field fit?"""
    field, *modifiers = key.split("|")
    if field not in fields:
        raise RuleError(refuse(field), key)
    for modifier in modifiers:
        if modifier not in MODIFIERS:
            raise RuleError(f"the modifier “{modifier}” is not known", key)
    if not values:
        raise RuleError(f"“{key}” has no value", key)
    matchers = [prepare_matcher(frozenset(modifiers), value, own) for value in values]
    matchers.sort(key=lambda matcher: matcher.cost)
    need_all = "all" in modifiers
    fits = combine_matchers(matchers, need_all)
    takes_nothing = any(fits(nothing) for nothing in NOTHING)
    needs: frozenset[str] = frozenset() if takes_nothing else frozenset({field})
    cost = sum(matcher.cost for matcher in matchers) + DEAR_FIELDS.get(field, 0)

    met: dict[FieldValue, bool] = {}  # many processes share most of their values
    most_met = 0 if field in DEAR_FIELDS else MOST_MET

    def ask(look: Look, unknown: list[Unknown]) -> Answer:
        value = look(field)
        kind = value.__class__
        if kind is Unknown:
            unknown.append(value)  # type: ignore[arg-type]
            return None
        answer = met.get(value)
        if answer is not None:
            return answer
        if kind is Partly:
            answer = fits_partly(value.texts, matchers, need_all)  # type: ignore[union-attr]
            if answer is None:
                unknown.append(value.why)  # type: ignore[union-attr]
            return answer
        answer = fits(value)
        if len(met) < most_met:
            met[value] = answer
        return answer

    return Part(ask, needs, cost)


def combine_matchers(matchers: list[Matcher], need_all: bool) -> Callable[[FieldValue], bool]:
    fits = tuple(matcher.fits for matcher in matchers)
    if len(fits) == 1:
        return fits[0]
    if need_all:
        return lambda found: all(each(found) for each in fits)
    return lambda found: any(each(found) for each in fits)


def fits_partly(texts: tuple[str, ...], matchers: list[Matcher], need_all: bool) -> Answer:
    """The answer where there may be more texts than these: only what more cannot change."""
    settled = not need_all
    answers = [settle(texts, matcher) for matcher in matchers]
    if settled in answers:
        return settled
    return None if None in answers else not settled


def settle(texts: tuple[str, ...], matcher: Matcher) -> Answer:
    """A text that fits will go on fitting; «there is nothing» is over as soon as there is one."""
    if matcher.fits(()):
        return False if texts else None
    return True if matcher.fits(texts) else None
