"""``guardian lessons``: packs for workshops, their questions, handouts and agendas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from guardian.cli.session import Session, json_option, pass_session, write_file
from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.words import Words
from guardian.lessons.model import Agenda, Pack, Question
from guardian.lessons.service import LessonsService, clock_times
from guardian.lessons.telling import (
    ask,
    list_handout,
    list_needs,
    list_notes,
    list_options,
    name_lesson,
    name_phase,
    name_slot,
    tell_aim,
    tell_because,
    tell_minutes,
    tell_part,
    tell_showing,
)

F = TypeVar("F", bound=Callable[..., Any])
START = "09:30"


@click.group()
def lessons() -> None:
    """Short lessons for workshops, families and yourself, with handouts to print.

    \b
    Example:
      guardian lessons list
      guardian lessons handout cancel --html handout.html
      guardian lessons agenda cancel phone --start 14:00
    """


def html_option(required: bool, about: str) -> Callable[[F], F]:
    return click.option(
        "--html", type=click.Path(readable=False, path_type=Path), metavar="OUT",
        required=required, help=about,
    )  # fmt: skip


@lessons.command(name="list")
@json_option()
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the lessons, how long each takes, and which you have gone through.

    \b
    Example:
      guardian lessons list
    """
    service = session.features.lessons
    finished = service.finished()
    if as_json:
        session.print_json([
            {
                "id": pack.id,
                "title": name_lesson(session.words, pack),
                "aim": tell_aim(session.words, pack),
                "minutes": pack.minutes,
                "finished": pack.id in finished,
            }
            for pack in service.packs()
        ])  # fmt: skip
        return
    for pack in service.packs():
        told = tell_minutes(session.words, pack.minutes)
        done = f" ({session.words.say('lesson.cli.finished')})" if pack.id in finished else ""
        title = name_lesson(session.words, pack)
        session.print(f"{pack.id:<10}{title} · {told}{done}", style="bold")
        session.print(" " * 10 + tell_aim(session.words, pack))


@lessons.command()
@click.argument("pack")
@json_option()
@pass_session
def show(session: Session, pack: str, as_json: bool) -> None:
    """Show a whole lesson: its phases with the notes, what to bring, the steps of the demo.

    \b
    Example:
      guardian lessons show cancel
    """
    found = session.features.lessons.pack(pack)
    words = session.words
    if as_json:
        session.print_json(answer_pack(found, words))
        return
    session.print(name_lesson(words, found), style="bold")
    session.say("lesson.cli.aim", aim=tell_aim(words, found))
    print_list(session, "lesson.cli.bring", list_needs(words, found))
    for part in found.parts:
        session.print("")
        length = tell_minutes(words, part.minutes)
        session.print(f"{name_phase(words, part)} · {length}", style="bold")
        session.print(tell_part(words, found, part))
        for note in list_notes(words, found, part):
            session.print(f"  - {note}")
    steps = [tell_showing(words, found, one) for one in found.showings]
    print_list(session, "lesson.sheet.demo", steps)


@lessons.command()
@click.argument("pack")
@json_option()
@pass_session
def quiz(session: Session, pack: str, as_json: bool) -> None:
    """Show the five questions of a lesson, each with the right answer and why.

    \b
    Example:
      guardian lessons quiz cancel
    """
    service = session.features.lessons
    found = service.pack(pack)
    counted = {one.question: list(one.hands) for one in service.counts(pack)}
    answers = [answer_question(session.words, found, one) for one in found.questions]
    if as_json:
        session.print_json([{**one, "hands": counted.get(one["number"])} for one in answers])
        return
    for one in answers:
        session.print(f"{one['number']}. {one['question']}", style="bold")
        for letter, option in zip("abcd", one["options"], strict=False):
            session.print(f"   {letter}) {option}")
        right = one["options"][one["right"] - 1]
        session.print("   " + session.words.say("lesson.sheet.right", option=right))
        session.print(f"   {one['because']}")
        hands = counted.get(one["number"])
        if hands:
            each = zip("abcd", hands, strict=False)
            told = ", ".join(f"{letter} {count}" for letter, count in each)
            session.print("   " + session.words.say("lesson.cli.counted", hands=told))
        session.print("")


@lessons.command()
@click.argument("pack")
@html_option(True, "Write the handout to the file OUT.")
@click.option("--large", is_flag=True, help="Large print: no letter smaller than 18 point.")
@json_option()
@pass_session
def handout(session: Session, pack: str, html: Path, large: bool, as_json: bool) -> None:
    """Write the handout of a lesson, to be printed: one page, with three next steps to tear off.

    \b
    Example:
      guardian lessons handout cancel --html cancel.html
      guardian lessons handout cancel --html cancel-large.html --large
    """
    page = session.features.lessons.handout(pack, session.words, large=large)
    write_page(html, page)
    if as_json:
        session.print_json({"lesson": pack, "file": html.name, "large": large})
        return
    session.say("lesson.cli.written", name=html.name)


@lessons.command()
@click.argument("packs", nargs=-1, required=True, metavar="PACK...")
@click.option("--start", default=START, show_default=True, help="When it begins, such as 14:00.")
@html_option(False, "Also write a run sheet for the trainer to the file OUT.")
@json_option()
@pass_session
def agenda(
    session: Session, packs: tuple[str, ...], start: str, html: Path | None, as_json: bool
) -> None:
    """Plan a workshop from lessons: the times, with a break before people sit too long.

    \b
    Example:
      guardian lessons agenda cancel pause phone --start 14:00 --html run-sheet.html
    """
    service = session.features.lessons
    planned = service.plan(packs)
    begin = time_of(start)
    if html is not None:
        write_page(html, service.run_sheet(planned, begin, session.words))
    if as_json:
        session.print_json(answer_agenda(service, planned, begin))
        return
    times = clock_times(planned, begin)
    for slot, when in zip(planned.slots, times, strict=False):
        length = tell_minutes(session.words, slot.minutes)
        session.print(f"{when:%H:%M}  {name_slot(session.words, slot)} · {length}")
    session.print(f"{times[-1]:%H:%M}  " + session.words.say("lesson.cli.end"))
    if planned.long:
        session.say("lesson.sheet.long")
    if html is not None:
        session.say("lesson.cli.written", name=html.name)


def time_of(text: str) -> datetime:
    """Today at this time of day. Raises ``Problem("start-bad")``."""
    try:
        clock = datetime.strptime(text.strip(), "%H:%M")  # noqa: DTZ007 - a time of day
    except ValueError:
        raise Problem("start-bad", text=text) from None
    return (
        datetime.now()
        .astimezone()
        .replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    )


def write_page(out: Path, page: str) -> None:
    with mendable_file_errors(out):
        write_file(out, page.encode())


def print_list(session: Session, title: str, lines: list[str]) -> None:
    session.print("")
    session.print(session.words.say(title), style="bold")
    for number, line in enumerate(lines, 1):
        session.print(f"  {number}. {line}")


def answer_pack(pack: Pack, words: Words) -> dict[str, Any]:
    return {
        "id": pack.id,
        "title": name_lesson(words, pack),
        "aim": tell_aim(words, pack),
        "minutes": pack.minutes,
        "needs": list_needs(words, pack),
        "phases": [
            {
                "phase": part.phase.value,
                "minutes": part.minutes,
                "what": tell_part(words, pack, part),
                "notes": list_notes(words, pack, part),
            }
            for part in pack.parts
        ],
        "demo": [
            {"page": one.page, "step": tell_showing(words, pack, one)} for one in pack.showings
        ],
        "questions": [answer_question(words, pack, one) for one in pack.questions],
        "handout": list_handout(words, pack),
    }


def answer_question(words: Words, pack: Pack, question: Question) -> dict[str, Any]:
    """``right`` is the number of the right option, from 1."""
    return {
        "number": question.number,
        "question": ask(words, pack, question),
        "options": list_options(words, pack, question),
        "right": question.right,
        "because": tell_because(words, pack, question),
    }


def answer_agenda(service: LessonsService, planned: Agenda, begin: datetime) -> dict[str, Any]:
    """Times as on the clock; each lesson with its phases."""
    divided = service.divide(planned)
    return {
        "start": f"{begin:%H:%M}",
        "minutes": planned.minutes,
        "long": planned.long,
        "slots": [
            {
                "time": f"{when:%H:%M}",
                "kind": slot.kind.value,
                "lesson": slot.pack or None,
                "phase": slot.phase.value if slot.phase else None,
                "minutes": slot.minutes,
            }
            for slot, when in zip(divided.slots, clock_times(divided, begin), strict=False)
        ],
    }
