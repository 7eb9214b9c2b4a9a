"""The day an answer is due: counted as each law counts, with the rule and its place named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.model import Deadline, Language, Law
from guardian.accounts.rights import deadlines
from guardian.accounts.rights.calendar import to_ics
from guardian.accounts.rights.deadlines import add_months, explain, extend, find_deadline
from guardian.accounts.rights.laws import (
    EEA,
    PLACES,
    Step,
    countries,
    find_rule,
    law_for,
    load_laws,
    load_rules,
    rule_for,
)
from guardian.accounts.rights.workdays import find_workdays
from guardian.core.words import Words

RULES = load_rules()
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MOVING = st.sampled_from([rule for rule in RULES.values() if rule.clock and rule.clock.moves])
COUNTED = st.sampled_from([rule for rule in RULES.values() if rule.clock])
LIVING = st.sampled_from(["DE", "DE-BY", "IE", "FR", "GR", "GB", "GB-SCT", "NO", "HU", "XX", ""])


def due(rule: str, arrived: str, country: str) -> str:
    return find_deadline(RULES[rule], date.fromisoformat(arrived), country).day.isoformat()


@pytest.mark.parametrize(
    ("arrived", "country", "day"),
    [
        ("2026-01-31", "DE", "2026-03-02"),  # 28 February is a Saturday
        ("2026-11-25", "IE", "2026-12-28"),  # Christmas, St Stephen's day, a Sunday
        ("2026-07-14", "DE", "2026-08-14"),
        ("2026-03-03", "FR", "2026-04-03"),  # Good Friday is a working day in France
        ("2026-03-03", "DE", "2026-04-07"),  # and none in Germany, nor is Easter Monday
        ("2026-08-30", "DE", "2026-09-30"),
        ("2026-08-31", "DE", "2026-09-30"),  # September has no 31st
        ("2024-01-31", "DE", "2024-02-29"),  # a leap year
        ("2023-01-31", "DE", "2023-02-28"),
        ("2024-01-29", "DE", "2024-02-29"),
        ("2025-12-31", "DE", "2026-02-02"),  # 31 January is a Saturday
        ("2025-12-06", "DE", "2026-01-06"),  # Epiphany is a holiday in Bavaria alone
        ("2025-12-06", "DE-BY", "2026-01-07"),
        ("2026-11-24", "AT", "2026-12-24"),  # Christmas Eve is none by law
        ("2026-12-01", "NO", "2027-01-04"),  # New Year, Saturday, Sunday
    ],
)
def test_the_gdpr_gives_one_month(arrived: str, country: str, day: str) -> None:
    assert due("gdpr-12-3", arrived, country) == day


@pytest.mark.parametrize(
    ("arrived", "country", "day"),
    [
        ("2025-09-03", "GB", "2025-10-03"),  # the Commissioner's own examples
        ("2024-11-25", "GB", "2024-12-27"),
        ("2025-03-31", "GB", "2025-04-30"),
        ("2026-11-25", "GB", "2026-12-29"),  # Monday stands in for Boxing Day
        ("2026-07-31", "GB", "2026-09-01"),  # the August bank holiday of England
        ("2026-07-31", "GB-SCT", "2026-08-31"),  # which Scotland does not share
    ],
)
def test_the_uk_gives_one_calendar_month(arrived: str, country: str, day: str) -> None:
    assert due("uk-12-3", arrived, country) == day


def test_a_complaint_to_a_british_service_is_confirmed_within_thirty_days() -> None:
    assert due("dpa-164a", "2026-06-19", "GB") == "2026-07-20"  # 19 July is a Sunday
    assert due("dpa-164a", "2026-07-01", "GB") == "2026-07-31"


def test_california_gives_45_calendar_days_and_they_do_not_move() -> None:
    assert due("ccpa-130", "2026-03-01", "US-CA") == "2026-04-15"
    assert due("ccpa-130", "2026-11-10", "US-CA") == "2026-12-25"


def test_california_confirms_within_ten_business_days() -> None:
    assert due("ccr-7021-a", "2026-03-02", "US-CA") == "2026-03-16"
    # Thanksgiving and the day after it
    assert due("ccr-7021-a", "2026-11-20", "US-CA") == "2026-12-08"


@pytest.mark.parametrize(
    ("arrived", "day"),
    [
        ("2026-01-30", "2026-02-27"),  # the spring festival, and Saturdays worked for it
        ("2026-02-10", "2026-03-09"),
        ("2026-09-21", "2026-10-19"),
        ("2025-09-22", "2025-10-17"),
    ],
)
def test_china_counts_its_made_up_working_days(arrived: str, day: str) -> None:
    assert due("cn-191-6", arrived, "CN") == day


def test_without_a_law_thirty_days_are_our_own_suggestion() -> None:
    rule = rule_for(Law.GENERAL, Step.ERASURE, "BR")
    deadline = find_deadline(rule, date(2026, 1, 31), "BR")
    assert (deadline.day, deadline.law) == (date(2026, 3, 2), "general")
    assert "own suggestion" in deadline.article
    assert "our own suggestion" in Words().tell(explain(deadline)[0])
    assert not deadline.provisional, "calendar days ask no holidays"


def test_a_service_that_says_why_may_take_longer() -> None:
    first = find_deadline(RULES["gdpr-12-3"], date(2026, 1, 31), "DE")
    assert extend(first, "DE") == find_deadline(
        RULES["gdpr-12-3"], date(2026, 1, 31), "DE", extended=True
    )
    later = extend(first, "DE")
    assert later
    assert later.day == date(2026, 4, 30)
    california = find_deadline(RULES["ccpa-130"], date(2026, 3, 1), "US-CA")
    ninety = extend(california, "US-CA")
    assert ninety
    assert ninety.day == date(2026, 3, 1) + timedelta(days=90)
    assert extend(find_deadline(RULES["dpa-164a"], date(2026, 7, 1), "GB"), "GB") is None


@given(MOVING, DAYS, LIVING)
def test_a_day_that_moves_is_a_working_day_and_never_before_its_time(rule, arrived, country):
    deadline = find_deadline(rule, arrived, country)
    workdays = find_workdays(country)
    nominal = deadlines.count(rule.clock, arrived, workdays)
    assert nominal <= deadline.day <= nominal + timedelta(days=10)
    assert deadline.day.weekday() < 5
    assert workdays.holidays is None or deadline.day not in workdays.holidays
    between = (deadline.day - nominal).days
    assert not any(workdays.is_working(nominal + timedelta(days=n)) for n in range(between))


@given(COUNTED, DAYS, st.integers(0, 40), LIVING, st.booleans())
def test_a_later_letter_is_never_due_earlier(rule, arrived, days, country, extended):
    first = find_deadline(rule, arrived, country, extended)
    second = find_deadline(rule, arrived + timedelta(days), country, extended)
    assert arrived < first.day <= second.day
    assert first.counted_from == arrived


@given(DAYS, st.integers(0, 24))
def test_months_keep_the_number_of_the_day_where_they_can(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)))
def test_every_working_day_agrees_with_the_calendar_itself(day):
    china, own = find_workdays("CN", make_up_days=True), holidays.country_holidays("CN")
    assert china.is_working(day) == own.is_working_day(day)


def test_a_day_is_provisional_where_its_holidays_are_not_settled() -> None:
    rule = RULES["gdpr-12-3"]
    assert not find_deadline(rule, date(2026, 11, 25), "DE").provisional
    assert find_deadline(rule, date(2031, 3, 3), "DE").provisional
    assert find_deadline(rule, date(2026, 3, 3), "").provisional, "no country, no holidays known"
    assert find_deadline(rule, date(2026, 3, 3), "XX").provisional
    assert not find_deadline(RULES["cn-191-6"], date(2026, 9, 21), "CN").provisional
    assert find_deadline(RULES["cn-191-6"], date(2026, 12, 20), "CN").provisional
    assert not find_deadline(RULES["ccpa-130"], date(2031, 3, 3), "US-CA").provisional


def test_the_last_settled_year_of_china_is_the_one_the_calendar_was_told() -> None:
    decreed = holidays.country_holidays("CN").special_public_holidays
    assert load_laws().holidays_known_until["CN"] == max(decreed)


def test_a_weekend_alone_is_kept_where_the_country_is_unknown() -> None:
    assert due("gdpr-12-3", "2026-11-25", "") == "2026-12-25"
    assert due("gdpr-12-3", "2026-11-26", "") == "2026-12-28"


def test_an_unknown_part_of_a_country_has_the_holidays_of_the_whole() -> None:
    assert due("gdpr-12-3", "2026-11-25", "DE-ZZ") == due("gdpr-12-3", "2026-11-25", "DE")


def test_the_law_follows_from_where_a_person_lives() -> None:
    assert {law_for(country) for country in EEA} == {Law.GDPR}
    assert len(EEA) == 30
    assert law_for("DE-BY") == law_for("is") == Law.GDPR
    assert law_for("GB") == law_for("GB-SCT") == Law.UK_GDPR
    assert law_for("US-CA") == Law.CCPA
    others = ["US", "US-NY", "CH", "CH-ZH", "CN", "", "??"]
    assert {law_for(country) for country in others} == {Law.GENERAL}


def test_every_place_a_person_may_choose_has_a_name() -> None:
    words = Words()
    named = {code: words.tell(name) for code, name in countries()}
    assert all(not text.startswith("accounts.") for text in named.values())
    assert len(set(named.values())) == len(named)
    assert EEA | {"GB", "US-CA", "CH", ""} <= set(named)
    assert sum(code.startswith("DE-") for code in named) == 16
    for code in PLACES:
        assert find_workdays(code).holidays is not None, code


def test_every_rule_says_where_it_is_from() -> None:
    for rule in RULES.values():
        assert rule.source, rule.key
        assert rule.source_date, rule.key
        assert set(rule.article) == set(Language)
        assert (rule.verified == "own suggestion") == (
            rule.law is Law.GENERAL and rule.key[0] == "o"
        )
        assert find_rule(rule.article[Language.ENGLISH]) is rule
        if rule.clock and rule.clock.moves:
            assert rule.clock.counting, rule.key
    for choice in load_laws().clocks:
        assert RULES[choice.rule].clock


def test_every_letter_has_a_clock_that_can_be_explained() -> None:
    words = Words()
    for law in Law:
        for step in Step:
            if step is Step.TO_SERVICE and law is not Law.UK_GDPR:
                continue
            for country in ("DE", "GB", "US-CA", "CN", "BR", ""):
                deadline = find_deadline(rule_for(law, step, country), date(2026, 7, 1), country)
                told = [words.tell(one) for one in explain(deadline)]
                assert "1 July 2026" in told[0]
                assert words.day(deadline.day) in told[0]
                assert len(told) == 1 + deadline.provisional


def test_a_deadline_of_an_unknown_rule_is_not_explained() -> None:
    assert explain(Deadline(date(2026, 7, 1), date(2026, 6, 1), "gdpr", "Article 99")) == ()
    assert extend(Deadline(date(2026, 7, 1), date(2026, 6, 1), "gdpr", "Article 99"), "DE") is None
    with pytest.raises(ValueError, match="no clock"):
        find_deadline(RULES["gdpr-17-1"], date(2026, 7, 1), "DE")


def test_a_calendar_entry_gives_nothing_away() -> None:
    from icalendar import Calendar

    deadline = find_deadline(RULES["gdpr-12-3"], date(2026, 1, 31), "DE")
    raw = to_ics(deadline, "7K2Q-M9XT", Language.ENGLISH, NOW)
    (entry,) = Calendar.from_ical(raw).walk("VEVENT")
    assert entry.decoded("dtstart") == date(2026, 3, 2)
    assert b"DTSTART;VALUE=DATE:20260302" in raw
    assert entry["class"] == "PRIVATE"
    assert entry["summary"] == "Look at a letter"
    assert entry.decoded("dtstamp") == NOW
    assert [one.decoded("trigger") for one in entry.walk("VALARM")] == [
        timedelta(hours=9), timedelta(days=-3, hours=9),
    ]  # fmt: skip
    for told in (b"GDPR", b"7K2Q", b"erase", b"Article"):
        assert told not in raw


def test_the_same_letter_keeps_its_calendar_entry() -> None:
    def uid(reference: str, day: str) -> bytes:
        deadline = find_deadline(RULES["gdpr-12-3"], date.fromisoformat(day), "DE")
        raw = to_ics(deadline, reference, Language.GERMAN, NOW)
        return next(line for line in raw.splitlines() if line.startswith(b"UID"))

    assert uid("7K2Q-M9XT", "2026-01-31") == uid("7K2Q-M9XT", "2026-05-31")
    assert uid("7K2Q-M9XT", "2026-01-31") != uid("7K2Q-M9XU", "2026-01-31")
