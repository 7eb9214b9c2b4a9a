"""The evaluator: three-valued answers, Sigma's modifiers, conditions, and broken rules."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.processes.content import Detection
from guardian.processes.model import Unknown
from guardian.processes.rules.sigma import (
    Answer,
    RuleError,
    combine,
    parse_condition,
    prepare_question,
)

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


answers = st.lists(st.sampled_from([True, False, None]), max_size=6)


@given(answers)
def test_and_and_or_mirror_each_other(given_answers: list[Answer]) -> None:
    turned = [None if each is None else not each for each in given_answers]
    both, either = combine(given_answers, False), combine(turned, True)
    assert both is (None if either is None else not either)


@given(answers)
def test_learning_more_never_turns_a_settled_answer(given_answers: list[Answer]) -> None:
    for settled in (True, False):
        before = combine(given_answers, settled)
        for guess in (True, False):
            after = combine([guess if each is None else each for each in given_answers], settled)
            assert before is None or before is after


@given(st.text(max_size=60))
def test_no_condition_breaks_the_parser(text: str) -> None:
    with suppress(RuleError):
        parse_condition(text, NAMES)


@given(st.text(max_size=30), st.text(max_size=30))
def test_plain_text_fits_itself_and_its_parts(before: str, after: str) -> None:
    if any(sign in before + after for sign in "*?"):
        return
    whole = before + after
    assert ask("A|cased", [whole], whole)
    assert ask("A|startswith|cased", [before], whole)
    assert ask("A|endswith|cased", [after], whole)
    assert ask("A|contains|cased", [after], whole)
