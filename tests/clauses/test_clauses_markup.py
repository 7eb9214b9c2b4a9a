"""Signs of Markdown are left out of what is shown."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.markup import unmark
from guardian.clauses.report import make_report
from guardian.core.words import Words
from tests.clauses.builders import a_clause, an_explanation


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("**Sale.** We sell *nothing*.", "Sale. We sell nothing."),
        ("## Your rights", "Your rights"),
        ("- [Ask us](https://lantern.example/ask) first", "Ask us first"),
        ('See our [terms](https://lantern.example "Terms").', "See our terms."),
        ("| Correction | Ask us to mend it. |", "Correction · Ask us to mend it."),
        ("| What | Why |\n|---|:--:|\n| Name | Bills |", "What · Why · Name · Bills"),
        ("1\\. About \\[this\\]", "1. About [this]"),
        ("> We may *change* this<br>at any time", "We may change this at any time"),
        ("We share: * names * mail", "We share: · names · mail"),
        ("2 * 3, snake_case_name and 5 | 6", "2 · 3, snake_case_name and 5 · 6"),
    ],
)
def test_what_is_marked_reads_like_any_text(marked: str, shown: str) -> None:
    assert unmark(marked) == shown


@given(st.text("ab .,:;()\n\t"))
def test_a_text_without_signs_stays_as_it_is(text: str) -> None:
    assert unmark(text) == text


@pytest.mark.parametrize("sign", ["*", "_", "|", "#", "[", "](", "\\", " |", "**a", "> ", "- "])
def test_a_flood_of_signs_costs_no_more_than_its_length(sign: str) -> None:
    began = process_time()
    unmark(sign * (200_000 // len(sign)))
    assert process_time() - began < 1.0


def test_a_report_quotes_without_signs_and_the_clause_keeps_them() -> None:
    text = "| **Sale** | We may [sell](https://lantern.example) your data. |"
    clause = a_clause(text, "data-sale", "your data")
    assert "**" in clause.quote or "](" in clause.quote
    page = make_report(an_explanation(text, [clause]), Words())
    shown = page[page.index("<body>") :]
    assert "We may sell your data." in shown
    assert not [sign for sign in ("**", "](", " | ") if sign in shown]
