"""The rhythm as a series in a calendar file that gives nothing away. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from secrets import token_hex

from guardian.checkup.model import MINUTES, Every, Rhythm
from guardian.checkup.rhythm import next_sitting
from guardian.core.errors import Problem
from guardian.core.words import Words

SERIES_BYTES = 16
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def to_calendar(rhythm: Rhythm, words: Words, now: datetime) -> bytes:
    """A repeating entry (RFC 5545) from the next sitting on, at the person's own hour of the day.

    A calendar may be shared or shown on a wall, so the entry is called by a neutral name; the
    cue is left out. A rhythm that was kept gives the same entry again: a changed one replaces it.
    Raises ``Problem("rhythm-none")`` where there is no series.
    """
    from icalendar import Alarm, Calendar, Event

    today = now.date()
    first = next_sitting(rhythm, today - timedelta(days=1))
    if rhythm.every is None or first is None:
        raise Problem("rhythm-none")
    title = words.say("rhythm.neutral-title")
    entry = Event()
    entry.add("uid", rhythm.series or token_hex(SERIES_BYTES))
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("sequence", max(int(now.timestamp()) // 60 - 29_000_000, 0))
    # without a zone: at this hour wherever the person is
    entry.add("dtstart", datetime.combine(first, time(rhythm.hour)))
    entry.add("duration", timedelta(minutes=MINUTES[rhythm.every]))
    entry.add("rrule", repeat(rhythm.every, rhythm.weekday))
    entry.add("summary", title)
    entry.add("class", "PRIVATE")
    entry.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(0))
    entry.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Reminder//EN")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def repeat(every: Every, weekday: int) -> dict[str, object]:
    """The rule of the series, as :mod:`guardian.checkup.rhythm` reckons it."""
    day = DAYS[weekday]
    if every is Every.WEEKLY:
        return {"freq": "weekly", "byday": day}
    return {"freq": "monthly", "interval": 3 if every is Every.QUARTERLY else 1, "byday": f"1{day}"}
