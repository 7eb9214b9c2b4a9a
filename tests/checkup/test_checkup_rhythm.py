"""The rhythm: when a sitting is due, and that reminders never pile up or scold."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from guardian.checkup.calendar import to_calendar
from guardian.checkup.model import Every, Rhythm
from guardian.checkup.rhythm import is_due, last_sitting, next_reminder, next_sitting
from guardian.checkup.service import CheckupService
from guardian.checkup.telling import tell_rhythm
from guardian.core.errors import Problem
from guardian.core.store import open_in_memory
from guardian.core.words import Words

SUNDAY = Rhythm(Every.MONTHLY, "after Sunday coffee", weekday=6, hour=17, begun=date(2026, 1, 1))
BEGUN = date(2026, 11, 9)
RHYTHMS = st.builds(
    Rhythm,
    every=st.sampled_from(Every),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    begun=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
DAYS = st.dates(date(2020, 1, 1), date(2036, 12, 31))


def at(day: date, hour: int = 20) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "today", "last", "following"),
    [
        (Every.WEEKLY, date(2026, 11, 21), date(2026, 11, 15), date(2026, 11, 22)),
        (Every.WEEKLY, date(2026, 11, 22), date(2026, 11, 22), date(2026, 11, 29)),
        (Every.MONTHLY, date(2026, 11, 21), date(2026, 11, 1), date(2026, 12, 6)),
        (Every.MONTHLY, date(2026, 12, 5), date(2026, 11, 1), date(2026, 12, 6)),
        (Every.QUARTERLY, date(2026, 11, 21), date(2026, 10, 4), date(2027, 1, 3)),
        (Every.QUARTERLY, date(2026, 10, 3), date(2026, 7, 5), date(2026, 10, 4)),
    ],
)
def test_sittings_are_on_the_chosen_weekday(
    every: Every, today: date, last: date, following: date
) -> None:
    rhythm = replace(SUNDAY, every=every)
    assert last_sitting(rhythm, today) == last
    assert next_sitting(rhythm, today) == following


@given(RHYTHMS, DAYS)
def test_every_day_lies_between_two_sittings_of_one_series(rhythm: Rhythm, today: date) -> None:
    before, after = last_sitting(rhythm, today), next_sitting(rhythm, today)
    assert after is not None and after > today and after.weekday() == rhythm.weekday
    assert rhythm.begun is not None and after >= rhythm.begun
    assert last_sitting(rhythm, after) == after
    if before is not None:
        assert rhythm.begun <= before <= today
        assert next_sitting(rhythm, before) == after
        assert next_sitting(rhythm, before - timedelta(days=1)) == before


def test_a_reminder_comes_at_its_hour_and_not_before() -> None:
    assert not is_due(SUNDAY, at(date(2026, 11, 1), 16), None)
    assert is_due(SUNDAY, at(date(2026, 11, 1), 17), None)
    assert is_due(SUNDAY, at(date(2026, 11, 4), 9), None)


def test_who_sat_down_is_not_reminded_again() -> None:
    assert not is_due(SUNDAY, at(date(2026, 11, 9)), date(2026, 11, 3))
    assert is_due(SUNDAY, at(date(2026, 12, 6)), date(2026, 11, 3))


def test_months_away_still_give_one_reminder() -> None:
    assert next_reminder(SUNDAY, at(date(2026, 11, 9)), date(2026, 3, 1)) == date(2026, 11, 9)


def test_a_last_sitting_in_the_future_is_a_wrong_clock_and_hides_nothing() -> None:
    assert is_due(SUNDAY, at(date(2026, 11, 9)), date(2031, 1, 1))


@pytest.mark.parametrize(
    "still",
    [
        replace(SUNDAY, quiet=True),
        replace(SUNDAY, every=None),
        replace(SUNDAY, paused_until=date(2026, 12, 1)),
        replace(SUNDAY, snoozed_until=date(2026, 11, 10)),
        replace(SUNDAY, begun=date(2026, 11, 8)),
    ],
)
def test_quiet_paused_snoozed_and_just_begun_say_nothing(still: Rhythm) -> None:
    assert is_due(SUNDAY, at(date(2026, 11, 9)), None)
    assert not is_due(still, at(date(2026, 11, 9)), None)


def test_pauses_and_snoozes_end_by_themselves() -> None:
    paused = replace(SUNDAY, paused_until=date(2026, 12, 1))
    assert next_reminder(paused, at(date(2026, 11, 9)), None) == date(2026, 12, 1)
    assert is_due(paused, at(date(2026, 12, 1)), None)
    assert next_reminder(replace(SUNDAY, quiet=True), at(date(2026, 11, 9)), None) is None


@given(RHYTHMS, DAYS, st.one_of(st.none(), DAYS))
def test_a_reminder_is_due_on_the_day_that_was_told(
    rhythm: Rhythm, today: date, last: date | None
) -> None:
    told = next_reminder(rhythm, at(today, 23), last)
    assert told is not None and told >= today
    assert is_due(rhythm, at(told, 23), last)
    if told > today:
        assert not is_due(rhythm, at(told - timedelta(days=1), 23), last)


@given(RHYTHMS, DAYS)
def test_the_calendar_repeats_on_the_same_days(rhythm: Rhythm, today: date) -> None:
    made = Calendar.from_ical(to_calendar(rhythm, Words(), at(today)))
    (entry,) = made.walk("VEVENT")
    start = entry["dtstart"].dt
    assert start.date() == next_sitting(rhythm, today - timedelta(days=1))
    assert (start.hour, start.tzinfo) == (rhythm.hour, None)
    assert entry["rrule"]["freq"] == ["WEEKLY" if rhythm.every is Every.WEEKLY else "MONTHLY"]


def test_a_calendar_gives_nothing_away() -> None:
    made = to_calendar(SUNDAY, Words(), at(date(2026, 11, 9))).decode()
    assert "coffee" not in made and "privacy" not in made.lower()
    assert "INTERVAL=1" in made and "BYDAY=1SU" in made
    quarterly = to_calendar(replace(SUNDAY, every=Every.QUARTERLY), Words(), at(date(2026, 1, 1)))
    assert b"INTERVAL=3" in quarterly


def test_without_a_rhythm_there_is_no_calendar() -> None:
    with pytest.raises(Problem) as caught:
        to_calendar(Rhythm(), Words(), at(date(2026, 11, 9)))
    assert caught.value.code == "rhythm-none"


def test_a_series_replaces_itself_and_nobody_elses() -> None:
    def name(rhythm: Rhythm) -> str:
        (entry,) = Calendar.from_ical(to_calendar(rhythm, Words(), at(BEGUN))).walk("VEVENT")
        return str(entry["uid"])

    with closing(open_in_memory()) as here, closing(open_in_memory()) as there:
        mine, other = (CheckupService(store, (), lambda: at(BEGUN)) for store in (here, there))
        for service in (mine, other):
            service.set_rhythm(SUNDAY)
        before = name(mine.rhythm())
        mine.set_rhythm(replace(SUNDAY, hour=9))
        assert name(mine.rhythm()) == before != name(other.rhythm())


def test_a_rhythm_is_told_in_a_few_sentences() -> None:
    def told(rhythm: Rhythm, upcoming: date | None) -> list[str]:
        return tell_rhythm(rhythm, upcoming, date(2026, 11, 22), Words())

    assert told(SUNDAY, date(2026, 12, 6)) == [
        "About 20 minutes each month, on the first Sunday at 17:00.",
        "Tied to: after Sunday coffee.",
        "Next on 6 December 2026.",
    ]
    paused = replace(SUNDAY, cue="", paused_until=date(2027, 1, 3))
    assert told(paused, date(2027, 1, 3))[1:] == ["Paused until 3 January 2027."]
    over = replace(paused, paused_until=date(2026, 11, 22))
    assert told(over, date(2026, 12, 6))[1:] == ["Next on 6 December 2026."]
    assert told(replace(over, quiet=True), None)[1:] == ["Quiet: no reminders."]
    assert told(Rhythm(), None) == ["No reminders. You come when you like."]
