"""How a document is cut into passages."""

# ruff: noqa: E501 - one example a line reads better

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.model import PassageKind
from guardian.clauses.sentences import INVISIBLE, LONGEST, MARKS, split

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
    assert all(one.isspace() or one in MARKS + INVISIBLE for one in left)


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
        ("We may: (a) read; (b) keep; or (c) share it.", ["We may: (a) read; (b) keep; or (c) share it."]),
        ("See No. 5. We say no. You may not.", ["See No. 5.", "We say no.", "You may not."]),
        ("Under 15 C.F.R. 744 and 17 U.S.C. § 512 we act.", ["Under 15 C.F.R. 744 and 17 U.S.C. § 512 we act."]),
        ("A plan costs 3.50 a month. eBooks cost more.", ["A plan costs 3.50 a month.", "eBooks cost more."]),
        ("We stop here. ii. Other rules apply.", ["We stop here.", "ii. Other rules apply."]),
        ("We keep: • your name • your mail", ["We keep:", "your name", "your mail"]),
        ("16.\nYou may cancel.", ["16.\nYou may cancel."]),
        ("**4\\. Content**", ["**4\\. Content**"]),
        ("[6\\. Rights](#rights)", ["[6\\. Rights](#rights)"]),
        ("[](#end)**7.  IV. The end**", ["[](#end)**7.  IV. The end**"]),
        ("See [our *rules*](https://a.example/b?c=1. d). Then go.", ["See [our *rules*](https://a.example/b?c=1. d).", "Then go."]),
        ("| Data<br>\\- name<br>\\- mail | Why |", ["Data", "name", "mail", "Why"]),
        ("Brazil\tMust be 18.\nSpain\tMust be 14.", ["Brazil\tMust be 18.", "Spain\tMust be 14."]),
        ("您可以：1.查阅；2.删除！真的？“当然。”好。", ["您可以：1.查阅；", "2.删除！", "真的？", "“当然。”", "好。"]),
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


def test_the_lines_of_an_old_chinese_text_file_are_joined() -> None:
    line = "我们会收集您的个人信息并且不会在未经您同意的情况下出售给任何第三方也不会向其"
    text = "\n".join((line, line, line, line, "他人提供。您可以随时删除。"))
    assert [len(one) for one in texts(text)] == [4 * 39 + 6 - 1, 8]


def test_short_paragraphs_are_no_broken_lines() -> None:
    said = "We keep what you write for as long as you have an account."
    text = "\n".join(
        (
            said,
            said,
            "What we share",
            said,
            "- one of the firms that help us to run this service",
            said,
        )
    )
    assert kinds(text) == "SSHSIS"


def test_a_very_long_sentence_is_cut_at_the_points_of_its_list() -> None:
    duty = "keep a copy of what you sent to us as long as we run this service " * 6
    text = f"We may: (a) {duty}; (b) {duty}; or (c) {duty}."
    found = split(text)
    assert [one.text[:7] for one in found] == ["We may:", "(a) kee", "(b) kee", "or (c) "]
    assert [one.kind for one in found] == [PassageKind.SENTENCE] + [PassageKind.ITEM] * 3


def kinds(text: str) -> str:
    """H, I or S for each passage."""
    return "".join(one.kind.name[0] for one in split(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# What we keep\n\nWe keep notes.\n\n* your name\n", "HSI"),
        ("We will not:\n- sell it\n- lend it\n", "SII"),
        ("We will not:\nsell it;\nlend it; or\nGive it away.\nWe keep notes.", "SIIIS"),
        ("We will not:\nsell your data to others\nlend your data to others\n\nWhat we keep\n", "SIIH"),
        ("We collect:\nYour name\nYour address\n\nWhat we keep\n\nWe keep notes.", "SIIHS"),
        ("我们不会：\n出售您的信息；\n出租您的信息。\n我们保存日志。", "SIIS"),
        ("1. Scope\n2. We keep notes for thirty days after you close your account, or as the law demands.", "HI"),
        ("一、总则\n（一）我们收集您的信息。", "HI"),
        ("| Data | Why |\n| Name | To greet you |", "II"),
        ("Data | Why\nName\tTo greet you", "II"),
        ("What we keep\nWe keep notes.", "HS"),
        ("How long?\nFor ever.", "SS"),
    ],
)  # fmt: skip
def test_headings_items_and_sentences_are_told_apart(text: str, expected: str) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text", ["We will not:\nsell it;\nlend it.", "We will not:\n\n- sell it\n- lend it"]
)
def test_the_points_of_a_list_follow_the_line_they_hang_on(text: str) -> None:
    lead, *points = split(text)
    assert lead.text.endswith(":")
    assert {one.kind for one in points} == {PassageKind.ITEM}


@pytest.mark.parametrize(
    "unit",
    [
        *("a", ".", '!"', " ", "a. ", "; ", "*", "| ", "(a) ", "e.g. ", "\n", "a\n", "<br>", "。"),
        *("•  ", "a: (b) ", "1.\n", "a:\n", "U.S. ", "a | b<br>", "\u200f", "x;\n", "\\- "),
    ],
)
def test_time_grows_with_length_and_no_faster(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    began = time.process_time()
    assert len(split(text)) <= len(text)
    assert time.process_time() - began < 1
