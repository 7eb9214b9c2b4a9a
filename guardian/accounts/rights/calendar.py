"""The day an answer is due, as a calendar file that gives nothing away. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from guardian.accounts.model import Deadline, Language
from guardian.accounts.rights.templates import load_habits

MORNING = timedelta(hours=9)
BEFORE = timedelta(days=3)


def to_ics(deadline: Deadline, reference: str, language: Language, now: datetime) -> bytes:
    """One entry for the whole day, with a reminder on its morning and one three days before.

    A calendar may be shared, so it names neither service nor law. The same letter always gives
    the same entry (UID), so that a new day replaces the old one; ``now`` has a time zone.
    """
    from icalendar import Alarm, Calendar, Event

    title = load_habits(language).calendar_title
    entry = Event()
    entry.add("uid", sha256(f"guardian reminder {reference}".encode()).hexdigest()[:32])
    entry.add("dtstamp", now)
    entry.add("dtstart", deadline.day)
    entry.add("summary", title)
    entry.add("class", "PRIVATE")
    entry.add("transp", "TRANSPARENT")
    for trigger in (MORNING, MORNING - BEFORE):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", trigger)
        entry.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Guardian//Reminder//EN")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
