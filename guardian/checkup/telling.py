"""Puts titles, changes of the score and the rhythm into words, alike for every face and report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guardian.checkup.model import MINUTES, Change, ChangeLine, Rhythm
from guardian.checkup.rules.known import Waiting
from guardian.core.words import Message, Words, message

FORMULA = 3
"""Sentences ``score.formula.<n>`` of how the score is made."""


def tell_change(change: Change, words: Words) -> list[tuple[int, str]]:
    """Points and words of every line, in the order in which they add up."""
    return [(line.points, tell_line(line, words)) for line in change.lines]


def tell_line(line: ChangeLine, words: Words) -> str:
    """One line, with the title of the task it is about."""
    facts = dict(line.text.facts)
    if "task" in facts:
        facts["title"] = tell_task(str(facts["task"]), words)
    return words.say(line.text.code, **facts)


def title_of(key: str, waiting: Iterable[Waiting] = ()) -> Message:
    """The title of a task by its id, or of that step among the pillars' own in ``waiting``."""
    steps = (one.step.title for one in waiting if one.key == key)
    return next(steps, message(f"checkup.task.{key}"))


def tell_task(task: str, words: Words) -> str:
    """The title of a task by its id; an old score may know one that is no longer on the list."""
    title = title_of(task)
    return words.tell(title if title.code in words else message("checkup.change.unknown-task"))


def tell_rhythm(rhythm: Rhythm, upcoming: date | None, today: date, words: Words) -> list[str]:
    """A sentence each: how often, tied to what, and when next, which is the day ``upcoming``."""
    if rhythm.every is None:
        return [words.say("rhythm.none")]
    told = [
        words.say(
            f"rhythm.{rhythm.every.value}",
            count=MINUTES[rhythm.every],
            day=words.say(f"weekday.{rhythm.weekday}"),
            hour=f"{rhythm.hour}:00",
        )
    ]
    if rhythm.cue:
        told.append(words.say("rhythm.cue", cue=rhythm.cue))
    if rhythm.paused_until is not None and rhythm.paused_until > today:
        told.append(words.say("rhythm.paused", day=rhythm.paused_until))
    elif rhythm.quiet:
        told.append(words.say("rhythm.quiet"))
    elif upcoming is not None:
        told.append(words.say("rhythm.next", day=upcoming))
    return told
