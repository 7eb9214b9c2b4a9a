"""``guardian rhythm``: how often to be reminded, and the series for a calendar."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import click

from guardian.checkup.calendar import to_calendar
from guardian.checkup.model import CUE_MOST, Every
from guardian.checkup.rhythm import next_reminder
from guardian.checkup.telling import tell_rhythm
from guardian.cli.session import Session, json_option, pass_session, write_file
from guardian.core.clock import local_now

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEVER = "never"


@click.command()
@click.option("--every", type=click.Choice([*(one.value for one in Every), NEVER]))
@click.option("--on", "weekday", type=click.Choice(WEEKDAYS), help="The day of the week.")
@click.option("--at", "hour", type=click.IntRange(0, 23), help="The hour of the day.")
@click.option("--cue", help="What you tie it to, such as “after Sunday coffee”.")
@click.option("--quiet/--not-quiet", default=None, help="No reminders at all.")
@click.option("--pause-until", type=click.DateTime(["%Y-%m-%d"]), help="No reminders before then.")
@click.option("--ics", type=click.Path(path_type=Path), help="Write the series for a calendar.")
@json_option()
@pass_session
def rhythm(
    session: Session,
    *,
    every: str | None,
    weekday: str | None,
    hour: int | None,
    cue: str | None,
    quiet: bool | None,
    pause_until: datetime | None,
    ics: Path | None,
    as_json: bool,
) -> None:
    """How often you want to sit down for a few minutes. Missed ones do not add up.

    \b
    Example:
      guardian rhythm --every monthly --on sunday --cue "after Sunday coffee"
      guardian rhythm --ics rhythm.ics
      guardian rhythm --every never

    \b
    JSON: {"every", "cue", "weekday", "hour", "quiet", "paused_until", "snoozed_until", "begun",
      "next"}
    """
    checkup = session.unlocked().checkup
    now = local_now()
    before = wanted = checkup.rhythm()
    if every is not None:
        chosen = None if every == NEVER else Every(every)
        wanted = replace(wanted, every=chosen, begun=now.date(), snoozed_until=None)
    if weekday is not None:
        wanted = replace(wanted, weekday=WEEKDAYS.index(weekday))
    if hour is not None:
        wanted = replace(wanted, hour=hour)
    if cue is not None:
        wanted = replace(wanted, cue=" ".join(cue.split())[:CUE_MOST])
    if quiet is not None:
        wanted = replace(wanted, quiet=quiet)
    if pause_until is not None:
        wanted = replace(wanted, paused_until=pause_until.date())
    if wanted != before:
        checkup.set_rhythm(wanted)
    if ics is not None:
        write_file(ics, to_calendar(wanted, session.words, now))
        session.err.print(session.words.say("rhythm.written", name=ics.name))
    upcoming = next_reminder(wanted, now, checkup.last_sitting())
    if as_json:
        session.print_json({**asdict(wanted), "next": upcoming})
    else:
        for line in tell_rhythm(wanted, upcoming, now.date(), session.words):
            session.print(line)
        if wanted.every is None:
            session.say("rhythm.choose")
