"""The evaluator: three-valued answers, Sigma's modifiers, conditions, and broken rules."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.processes.content import Detection
from guardian.processes.model import Unknown
from guardian.processes.rules.condition import RuleError, parse_condition
from guardian.processes.rules.matching import (
    MODIFIERS,
    FieldValue,
    Partly,
    prepare_expression,
)
from guardian.processes.rules.sigma import Answer, Question, prepare_question

FIELDS = frozenset({"A", "B"})


def ask(key: str, values: list[Any], found: Any) -> Answer:
    question = prepare_question(Detection({"one": [{key: values}]}, "one"), FIELDS)
    return question.ask({"A": found}.__getitem__)[0]


@pytest.mark.parametrize(
    ("key", "values", "found", "answer"),
    [
        ("A", ["bash"], "bash", True),
        ("A", ["Bash"], "bASH", True),
        ("A|cased", ["Bash"], "bash", False),
        ("A", ["ba*"], "bash", True),
        ("A", ["ba?h"], "bash", True),
        ("A", ["ba"], "bash", False),
        ("A", ["[x]"], "[x]", True),
        ("A", ["[x]*"], "[x]y", True),
        ("A|startswith", ["/tmp/", "/var/"], "/var/x", True),
        ("A|startswith", ["/tmp/*/x"], "/tmp/a/xyz", True),
        ("A|endswith", ["sh"], "/bin/sh", True),
        ("A|contains", ["in/"], "/bin/sh", True),
        ("A|contains|all", ["a", "b"], "xaxb", True),
        ("A|contains|all", ["a", "b"], "xa", False),
        ("A|re", ["^a+$"], "aaa", True),
        ("A|re", ["^a+$"], "AAA", False),
        ("A|re|i", ["^a+$"], "AAA", True),
        ("A", [True], True, True),
        ("A", [1], True, False),
        ("A", [True], 1, False),
        ("A", [4], 4, True),
        ("A|gt", [4], 5, True),
        ("A|gte", [4], 4, True),
        ("A|lt", [4], 4, False),
        ("A|lte", [4], 4, True),
        ("A|lt", [4], "3", False),
        ("A", [None], None, True),
        ("A", [None], "x", False),
        ("A|exists", [True], "x", True),
        ("A|exists", [True], None, False),
        ("A|exists", [True], (), False),
        ("A|exists", [False], None, True),
        ("A", ["b"], ("a", "b"), True),
        ("A", ["c"], ("a", "b"), False),
        ("A", ["x"], Unknown.DENIED, None),
        ("A|exists", [True], Unknown.ABSENT, None),
        ("A", [None], (), True),
        ("A", [r"a\*"], "a*", True),
        ("A", [r"a\*"], "ab", False),
        ("A", [r"C:\Temp\*"], r"C:\Temp*", True),
        ("A", [r"C:\Temp\\*"], r"C:\Temp\x.exe", True),
        ("A|endswith", [r"\dwm.exe"], r"C:\x\dwm.exe", True),
        ("A|contains", ["b*d"], "abcde", True),
        # some of it was seen: only what more cannot change is settled
        ("A", ["a"], Partly(("a",), Unknown.DENIED), True),
        ("A", ["b"], Partly(("a",), Unknown.DENIED), None),
        ("A|contains|all", ["a", "b"], Partly(("ab",), Unknown.DENIED), True),
        ("A|contains|all", ["a", "b"], Partly(("a",), Unknown.DENIED), None),
        ("A|exists", [True], Partly(("a",), Unknown.DENIED), True),
        ("A|exists", [False], Partly(("a",), Unknown.DENIED), False),
        ("A|exists", [False], Partly((), Unknown.DENIED), None),
        ("A", [None, "b"], Partly(("a",), Unknown.DENIED), None),
    ],
)
def test_one_field(key: str, values: list[Any], found: Any, answer: Answer) -> None:
    assert ask(key, values, found) is answer


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("C", ["x"]),
        ("A|louder", ["x"]),
        ("A", []),
        ("A|re", ["("]),
        ("A|exists", ["yes"]),
        ("A|gt", ["4"]),
        ("A|startswith", [4]),
    ],
)
def test_a_test_that_makes_no_sense_is_refused(key: str, values: list[Any]) -> None:
    with pytest.raises(RuleError):
        ask(key, values, "x")


def test_an_empty_selection_is_refused() -> None:
    for empty in ([], [{}]):
        with pytest.raises(RuleError):
            prepare_question(Detection({"one": empty}, "one"), FIELDS)


NAMES = ("a", "b", "filter_x", "filter_y")


@pytest.mark.parametrize(
    ("text", "true_names", "answer"),
    [
        ("a and b", {"a"}, False),
        ("a or b", {"a"}, True),
        ("not a", set(), True),
        ("not not a", {"a"}, True),
        ("a and not 1 of filter_*", {"a"}, True),
        ("a and not 1 of filter_*", {"a", "filter_y"}, False),
        ("all of filter_*", {"filter_x"}, False),
        ("any of filter_*", {"filter_x"}, True),
        ("1 of them", {"b"}, True),
        ("a or b and filter_x", {"a"}, True),
        ("(a or b) and filter_x", {"a"}, False),
        ("A and b", None, None),
        ("a AND NOT b", {"a"}, True),
    ],
)
def test_condition(text: str, true_names: set[str] | None, answer: bool | None) -> None:
    if true_names is None:
        with pytest.raises(RuleError):
            parse_condition(text, NAMES)
        return
    selections: Any = {name: [{"A": [name]}] for name in NAMES}
    question = prepare_question(Detection(selections, text), FIELDS)
    assert question.ask(lambda _: tuple(true_names))[0] is answer


@pytest.mark.parametrize(
    "text",
    ["", "a and", "and a", "a b", "(a", "a)", "1 of", "1 of none_*", "a & b", "not " * 60 + "a"],
)
def test_a_broken_condition_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse_condition(text, NAMES)


def test_what_kept_a_rule_from_being_answered_is_told() -> None:
    detection = Detection({"a": [{"A": ["x"]}], "b": [{"B": ["y"]}]}, "a and b")
    question = prepare_question(detection, FIELDS)
    values = {"A": "x", "B": Unknown.DENIED}
    assert question.ask(values.__getitem__) == (None, frozenset({Unknown.DENIED}))
    assert question.ask({"A": "no", "B": Unknown.DENIED}.__getitem__) == (False, frozenset())


THREE = st.sampled_from([True, False, None])
TREES = st.recursive(
    st.sampled_from(["a", "b", "c"]),
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
    ),
    max_leaves=12,
)
THREE_FIELDS = frozenset("abc")


def over_three(condition: str) -> Question:
    """A condition over three fields, each of which is true, false or unknown."""
    selections: Any = {name: [{name: [True]}] for name in THREE_FIELDS}
    return prepare_question(Detection(selections, condition), THREE_FIELDS)


def answer(condition: str, given: dict[str, Answer]) -> Answer:
    seen = {name: Unknown.DENIED if each is None else each for name, each in given.items()}
    return over_three(condition).ask(seen.__getitem__)[0]


@given(TREES, st.fixed_dictionaries(dict.fromkeys("abc", THREE)))
def test_a_settled_answer_is_the_one_of_every_way_to_learn_the_rest(
    condition: str, given_answers: dict[str, Answer]
) -> None:
    settled = answer(condition, given_answers)
    for guess in product((True, False), repeat=3):
        known = {
            name: instead if given_answers[name] is None else given_answers[name]
            for name, instead in zip("abc", guess, strict=True)
        }
        truth = eval(condition, {}, known)
        assert settled is None or settled is truth
    if None not in given_answers.values():
        assert settled is truth


@given(TREES, st.fixed_dictionaries(dict.fromkeys("abc", THREE)))
def test_where_a_needed_field_holds_nothing_the_answer_is_no(
    condition: str, given_answers: dict[str, Answer]
) -> None:
    needed = [name for name in over_three(condition).needs if given_answers[name] is False]
    assert not needed or answer(condition, given_answers) is False


@given(st.permutations(["a", "b", "c"]), st.fixed_dictionaries(dict.fromkeys("abc", THREE)))
def test_the_order_of_a_condition_changes_nothing(
    order: list[str], given_answers: dict[str, Answer]
) -> None:
    for word in (" and ", " or "):
        mixed, usual = (
            answer(word.join(order), given_answers),
            answer(word.join("abc"), given_answers),
        )
        assert mixed is usual


KEYS = st.builds(
    lambda field, modifiers: "|".join([field, *modifiers]),
    st.sampled_from(["A", "B", "C"]),
    st.lists(st.sampled_from([*MODIFIERS, "louder"]), max_size=3),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.sampled_from(["(a+)+$", "*", "["]),
)
SEEN: st.SearchStrategy[FieldValue] = st.one_of(
    VALUES,
    st.sampled_from(Unknown),
    st.lists(st.text(max_size=8), max_size=3).map(tuple),
    st.builds(
        Partly, st.lists(st.text(max_size=8), max_size=3).map(tuple), st.sampled_from(Unknown)
    ),
)
SELECTIONS = st.lists(st.dictionaries(KEYS, st.lists(VALUES, max_size=3), max_size=3), max_size=3)


@given(SELECTIONS, SEEN, SEEN, st.booleans())
def test_any_rule_is_refused_or_answered(
    selection: Any, first: FieldValue, second: FieldValue, own: bool
) -> None:
    try:
        question = prepare_question(
            Detection({"one": selection}, "not one or one"), FIELDS, own=own
        )
    except RuleError:
        return
    result, unknown = question.ask({"A": first, "B": second}.__getitem__)
    assert (result is None) is bool(unknown)


def test_no_expression_of_a_person_takes_for_ever() -> None:
    fits = prepare_expression("(a|a?)+$", ignore_case=False, own=True)
    assert fits("aa")
    assert not prepare_expression("(a+)+b", ignore_case=True, own=True)("A" * 30_000)
    assert prepare_expression("^A$", ignore_case=True, own=True)("a")
    assert not prepare_expression("^A$", ignore_case=False, own=True)("a")


def test_an_expression_that_looks_ahead_is_refused_in_a_persons_rule_and_said_so() -> None:
    assert prepare_expression("a(?=b)", ignore_case=False, own=False)("ab")
    with pytest.raises(RuleError, match=r"cannot be used"):
        prepare_expression("a(?=b)", ignore_case=False, own=True)


def test_wildcards_never_take_for_ever() -> None:
    assert ask("A", ["*a*a*a*a*a*a*a*b"], "a" * 30_000) is False


@given(st.text(max_size=60))
def test_no_condition_breaks_the_parser(text: str) -> None:
    with suppress(RuleError):
        parse_condition(text, NAMES)


@given(st.text(max_size=30), st.text(max_size=30))
def test_plain_text_fits_itself_and_its_parts(before: str, after: str) -> None:
    if any(sign in before + after for sign in "*?\\"):
        return
    whole = before + after
    assert ask("A|cased", [whole], whole)
    assert ask("A|startswith|cased", [before], whole)
    assert ask("A|endswith|cased", [after], whole)
    assert ask("A|contains|cased", [after], whole)
