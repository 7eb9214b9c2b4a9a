"""Sentences by code: fallback, plurals, dates and spans."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.words import Words, message


@pytest.fixture
def words() -> Words:
    return Words()


def test_an_unknown_language_falls_back_to_english() -> None:
    assert Words("xx").say("level.ask") == "Worth a question"


def test_an_unknown_code_is_shown_as_itself(words: Words) -> None:
    assert words.say("no.such.code") == "no.such.code"


def test_one_and_many(words: Words) -> None:
    assert words.say("span.days", count=1) == "1 day"
    assert words.say("span.days", count=2000) == "2,000 days"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "0 days"),
        (timedelta(days=1, hours=23), "1 day"),
        (timedelta(days=60), "60 days"),
        (timedelta(days=61), "2 months"),
        (timedelta(days=425), "13 months"),
        (timedelta(days=729), "23 months"),
        (timedelta(days=731), "2 years"),
        (timedelta(days=3 * 365), "2 years"),
        (timedelta(days=-5), "0 days"),
    ],
)
def test_spans_are_rounded_down(words: Words, length: timedelta, said: str) -> None:
    assert words.span(length) == said


def test_dates_are_written_out(words: Words) -> None:
    assert words.show(date(2026, 3, 1)) == "1 March 2026"
    assert words.show(datetime(2026, 12, 31, 23, tzinfo=UTC)) == "31 December 2026"


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_960, "1.0 MB"),
        (3_200_000, "3.2 MB"),
        (10**12, "1.0 TB"),
    ],
)
def test_sizes(words: Words, size: int, said: str) -> None:
    assert words.size(size) == said


def test_a_fact_with_braces_stays_a_fact(words: Words) -> None:
    text = words.tell(message("problem.file-missing", name="{evil} {0}"))
    assert text == "“{evil} {0}” is not there."


@given(st.dates(min_value=date(1, 1, 1)), st.text())
def test_no_fact_breaks_a_sentence(day: date, name: str) -> None:
    words = Words()
    assert words.show(day)
    assert name in words.say("problem.file-missing", name=name)
