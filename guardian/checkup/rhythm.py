"""When the next sitting is due: pure reckoning with days, in the person's own time zone."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from guardian.checkup.model import Every, Rhythm

WEEK = timedelta(days=7)
LONGEST_SNOOZE = timedelta(days=62)
MONTHS = {Every.MONTHLY: 1, Every.QUARTERLY: 3}


def last_sitting(rhythm: Rhythm, today: date) -> date | None:
    """The latest day of the series up to ``today``; None before the first, or without a series.

    Weekly: each such weekday. Monthly and quarterly: the first such weekday of the month, every
    month or every third, counted from when the rhythm was begun.
    """
    if rhythm.every is None:
        return None
    begun = rhythm.begun or today
    if rhythm.every is Every.WEEKLY:
        found = today - timedelta(days=(today.weekday() - rhythm.weekday) % 7)
    else:
        step = MONTHS[rhythm.every]
        month = months(today) - (months(today) - months(begun)) % step
        found = first_of(month, rhythm.weekday)
        if found > today:
            found = first_of(month - step, rhythm.weekday)
    return found if found >= begun else None


def next_sitting(rhythm: Rhythm, today: date) -> date | None:
    """The first day of the series after ``today``; None without a series."""
    if rhythm.every is None:
        return None
    begun = max(rhythm.begun or today, date.min + WEEK)
    if rhythm.every is Every.WEEKLY:
        after = max(today + timedelta(days=1), begun)
        return after + timedelta(days=(rhythm.weekday - after.weekday()) % 7)
    step = MONTHS[rhythm.every]
    month = max(months(today) - (months(today) - months(begun)) % step, months(begun))
    while (found := first_of(month, rhythm.weekday)) <= today or found < begun:
        month += step
    return found


def is_due(rhythm: Rhythm, now: datetime, last: date | None) -> bool:
    """Whether a reminder may be shown now. ``last``: the day of the last sitting, if any.

    Days that were missed do not add up: there is one reminder, and it waits for its hour.
    """
    today = now.date()
    day = last_sitting(rhythm, today)
    if day is None or rhythm.quiet or is_waiting(rhythm, today):
        return False
    if last is not None and day <= last <= today:
        return False
    return now.replace(tzinfo=None) >= datetime.combine(day, time(rhythm.hour))


def without_future(rhythm: Rhythm, today: date) -> Rhythm:
    """The same, where it was begun or put off on a day that is still to come: the clock was wrong
    then, and a reminder must not wait for it. The months of the series stay."""
    begun, snoozed = rhythm.begun, rhythm.snoozed_until
    if begun and begun > today + WEEK:
        begun = date(today.year - 1, begun.month, min(begun.day, 28))
    if snoozed and snoozed > today + LONGEST_SNOOZE:
        snoozed = None
    return replace(rhythm, begun=begun, snoozed_until=snoozed)


def is_waiting(rhythm: Rhythm, today: date) -> bool:
    """Whether a pause or a “later” still runs."""
    return any(until and today < until for until in (rhythm.paused_until, rhythm.snoozed_until))


def next_reminder(rhythm: Rhythm, now: datetime, last: date | None) -> date | None:
    """The day on which the person will next be reminded; None for never."""
    if rhythm.every is None or rhythm.quiet:
        return None
    today = now.date()
    day = last_sitting(rhythm, today)
    waits = day is not None and not (last is not None and day <= last <= today)
    wanted = today if waits else next_sitting(rhythm, today)
    ends = [until for until in (rhythm.paused_until, rhythm.snoozed_until) if until]
    return max([wanted, *ends]) if wanted else None


def months(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def first_of(month: int, weekday: int) -> date:
    """The first ``weekday`` (0 is Monday) of a month counted as :func:`months` does."""
    year, number = divmod(month, 12)
    begins, _length = monthrange(year, number + 1)
    return date(year, number + 1, 1 + (weekday - begins) % 7)
