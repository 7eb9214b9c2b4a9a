"""What is printed for a workshop: a page to take home, and the trainer's own run sheet.

Whole in itself: no script, nothing fetched, every word escaped, plain black on white. Layout stays
with what Qt's own text engine can draw too, so that the window prints the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape

from guardian.core.sheet import items, paragraph, whole
from guardian.core.words import Words
from guardian.lessons.model import Agenda, Kind, Pack
from guardian.lessons.rules.agenda import clock_times
from guardian.lessons.telling import (
    ask,
    list_care,
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
    up_to,
)

STEPS = 3
LINE = "_" * 24
STYLE = """
@page {{ size: A4; margin: 13mm 16mm; }}
body {{ font-family: Inter, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", Helvetica, Arial,
  sans-serif; font-size: {text}pt; line-height: 1.35; color: #000000; background: #ffffff;
  max-width: 178mm; margin: 0 auto; }}
p, li, td, th {{ font-size: {text}pt; }}
p {{ margin: 3px 0; }}
.title, .head, .lesser {{ font-weight: bold; page-break-after: avoid; }}
.title {{ font-size: {title}pt; line-height: 1.2; margin: 0 0 4px 0; }}
.head {{ font-size: {head}pt; margin: {above}px 0 2px 0; }}
.lesser {{ margin: 8px 0 1px 0; }}
.anew {{ page-break-before: always; }}
ol, ul {{ margin: 2px 0; }}
li {{ margin: {between}px 0; }}
table {{ border-collapse: collapse; margin: 4px 0; }}
th, td {{ text-align: left; vertical-align: top; padding: {inside}px 8px; border-width: 1px;
  border-style: solid; border-color: #000000; }}
.small {{ font-size: {small}pt; }}
"""
# letters in points, distances in pixels; nothing in large print is smaller than 18 points
NORMAL = {
    "text": 13, "title": 24, "head": 17, "small": 11, "above": 14, "between": 4, "inside": 14,
}  # fmt: skip
LARGE = {
    "text": 19, "title": 28, "head": 23, "small": 18, "above": 14, "between": 5, "inside": 24,
}  # fmt: skip
SHEET = {
    "text": 10.5, "title": 18, "head": 14, "small": 9.5, "above": 14, "between": 1, "inside": 3,
}  # fmt: skip


def make_handout(pack: Pack, words: Words, large: bool = False, day: date | None = None) -> str:
    """The page people take home from a lesson, with a part to tear off for their next steps."""
    say = words.say
    given = [paragraph(say("lesson.print.day", day=day), "small")] if day else []
    return page(
        name_lesson(words, pack),
        [
            *given,
            heading(say("lesson.print.remember")),
            items(list_handout(words, pack), "ol"),
            *(
                [heading(say("lesson.print.steps"), "head anew")]
                if large
                else [
                    paragraph(say("lesson.print.cut"), "small"),
                    "<hr>",
                    heading(say("lesson.print.steps")),
                ]
            ),
            steps_table(words),
            paragraph(f"{say('lesson.print.whom')} {LINE}"),
            paragraph(say("lesson.print.made"), "small"),
        ],
        words,
        LARGE if large else NORMAL,
    )


def steps_table(words: Words) -> str:
    """Room to write what one will do, and by when."""
    heads = "".join(
        f"<th{width}>{escape(words.say(code))}</th>"
        for code, width in (
            ("lesson.print.what", ' width="72%"'),
            ("lesson.print.when", ' width="28%"'),
        )
    )
    rows = "".join(f"<tr><td>{number}.<br></td><td><br></td></tr>" for number in up_to(STEPS))
    return f'<table width="100%" border="1" cellspacing="0"><tr>{heads}</tr>{rows}</table>'


def make_run_sheet(agenda: Agenda, start: datetime, words: Words, packs: Mapping[str, Pack]) -> str:
    """The trainer's paper: the times on top, then each lesson with its notes and demo steps."""
    say = words.say
    times = clock_times(agenda, start)
    taught = [packs[slot.pack] for slot in agenda.slots if slot.kind is Kind.PACK]
    needed = list(dict.fromkeys(need for pack in taught for need in list_needs(words, pack)))
    parts = [
        paragraph(say("lesson.sheet.length", count=agenda.minutes)),
        *([paragraph(say("lesson.sheet.long"))] if agenda.long else []),
        times_table(agenda, times, words),
        heading(say("lesson.sheet.care")),
        items(list_care(words), "ul"),
        heading(say("lesson.sheet.bring")),
        items(needed, "ul"),
    ]
    for slot, when in zip(agenda.slots, times, strict=False):
        if slot.kind is Kind.PACK:
            parts += tell_pack(packs[slot.pack], when, words)
    return page(say("lesson.sheet"), parts, words, SHEET)


def times_table(agenda: Agenda, times: Sequence[datetime], words: Words) -> str:
    rows = "".join(
        f"<tr><td>{clock(begin)} – {clock(end)}</td><td>{escape(name_slot(words, slot))}</td>"
        f"<td>{escape(tell_minutes(words, slot.minutes))}</td></tr>"
        for slot, begin, end in zip(agenda.slots, times, times[1:], strict=False)
    )
    return f'<table width="100%" border="1" cellspacing="0">{rows}</table>'


def tell_pack(pack: Pack, when: datetime, words: Words) -> Iterator[str]:
    """One lesson: its aim, its five phases with the notes, the demo, the questions."""
    yield heading(f"{clock(when)} {name_lesson(words, pack)}")
    yield paragraph(tell_aim(words, pack))
    for part in pack.parts:
        length = tell_minutes(words, part.minutes)
        yield small_heading(f"{name_phase(words, part)} · {length}")
        yield paragraph(tell_part(words, pack, part))
        yield items(list_notes(words, pack, part), "ul")
    yield small_heading(words.say("lesson.sheet.demo"))
    yield items([tell_showing(words, pack, one) for one in pack.showings], "ol")
    yield small_heading(words.say("lesson.sheet.quiz"))
    for question in pack.questions:
        options = list_options(words, pack, question)
        yield paragraph(f"{question.number}. {ask(words, pack, question)}")
        yield items(options, "ol", "a")
        right = words.say("lesson.sheet.right", option=options[question.right - 1])
        yield paragraph(f"{right} {tell_because(words, pack, question)}", "small")


def page(title: str, body: Sequence[str], words: Words, sizes: Mapping[str, float]) -> str:
    top, style = heading(title, "title", 1), STYLE.format(**sizes)
    return whole(title, top, body, language=words.language, style=style)


def clock(when: datetime) -> str:
    return f"{when:%H:%M}"


def heading(text: str, role: str = "head", depth: int = 2) -> str:
    """Not h1 to h3: Qt gives those sizes of its own, whatever the style says."""
    return f'<p class="{role}" role="heading" aria-level="{depth}">{escape(text)}</p>'


def small_heading(text: str) -> str:
    return heading(text, "lesser", 3)
