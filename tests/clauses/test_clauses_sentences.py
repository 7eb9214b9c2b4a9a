"""How a document is cut into passages."""

# ruff: noqa: E501 - one example a line reads better

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.model import PassageKind
from guardian.clauses.sentences import LONGEST, MARKS, split

PIECES = st.sampled_from(
    [
        "We sell. ",
        "e.g. ",
        "U.S. law",
        "1. ",
        "(a) ",
        "; ",
        ": ",
        "\n",
        "\r\n",
        "\n\n",
        "* ",
        "- ",
        "# ",
        "| a | b |",
        "一、",
        "（二）",
        "我们收集信息。",
        "<br>",
        "v4.2.1 ",
        "https://a.example/b.c ",
        "…",
        "?!",
        '"',
        "”",
        "\u200f",
        "\u2028",
        "\t",
        ".",
        " ",
        "word ",
        "Word ",
        "___",
        "\x1c",
        "|",
    ]
)


def texts(text: str) -> list[str]:
    return [passage.text for passage in split(text)]


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join)))
def test_passages_are_exact_ordered_and_leave_out_nothing_but_marks(text: str) -> None:
    covered = [False] * len(text)
    last = 0
    for passage in split(text):
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip()
        assert len(passage.text) <= LONGEST
        assert passage.start >= last
        last = passage.end
        covered[passage.start : passage.end] = [True] * len(passage.text)
    left = "".join(one for one, taken in zip(text, covered, strict=True) if not taken)
    left = left.replace("<br>", "").replace("<br/>", "").replace("<br />", "")
    left = left.replace("<BR>", "")
    assert all(one.isspace() or one in MARKS for one in left)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We sell. You buy.", ["We sell.", "You buy."]),
        ("We use cookies, e.g. Google's. You may refuse.", ["We use cookies, e.g. Google's.", "You may refuse."]),
        ("The laws of the U.S. Congress apply.", ["The laws of the U.S. Congress apply."]),
        ("Notes Inc. is ours. We run it.", ["Notes Inc. is ours.", "We run it."]),
        ("It is made by Notes Inc. We run it.", ["It is made by Notes Inc.", "We run it."]),
        ("Version 4.2.1 is out. Get it.", ["Version 4.2.1 is out.", "Get it."]),
        ("See https://a.example/b.html?x=1. Then go.", ["See https://a.example/b.html?x=1.", "Then go."]),
        ("1. Scope\n\n2. Rights", ["1. Scope", "2. Rights"]),
        ("- one\n- two", ["one", "two"]),
        ("We may: (a) read; (b) keep; or (c) share it.", ["We may:", "(a) read;", "(b) keep;", "or (c) share it."]),
        ("We read; we keep; we share.", ["We read; we keep; we share."]),
        ("一、总则\n（一）我们收集信息。我们不会出售。", ["一、总则", "（一）我们收集信息。", "我们不会出售。"]),
        ("“We never sell.” That is all.", ["“We never sell.”", "That is all."]),
        ("| Data | Why |\n| --- | --- |", ["Data | Why"]),
        ("Really?! Yes… Maybe.", ["Really?!", "Yes…", "Maybe."]),
    ],
)  # fmt: skip
def test_where_a_passage_ends(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_the_lines_of_an_old_text_file_are_joined() -> None:
    text = (
        "We may suspend or terminate your account at any time, for any reason,\n"
        "and without notice to you. You may close your account at any time in\n"
        "the settings. Nothing else ends it, as far as the two of us agree now.\n"
        "\n"
        "A new paragraph begins here, and it stays apart from what came before.\n"
    )
    found = texts(text)
    assert len(found) == 4
    assert found[0].endswith("and without notice to you.")


def test_a_heading_an_item_and_a_sentence_are_told_apart() -> None:
    kinds = [one.kind for one in split("# What we keep\n\nWe keep notes.\n\n* your name\n")]
    assert kinds == [PassageKind.HEADING, PassageKind.SENTENCE, PassageKind.ITEM]


@pytest.mark.parametrize(
    "unit",
    ["a", ".", '!"', " ", "a. ", "; ", "*", "| ", "(a) ", "e.g. ", "\n", "a\n", "<br>", "。"],
)
def test_time_grows_with_length_and_no_faster(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    began = time.process_time()
    assert len(split(text)) <= len(text)
    assert time.process_time() - began < 5
