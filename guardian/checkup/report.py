"""One page about a checkup: to keep for oneself (the full cut), or to show to others.

The cut for others holds numbers and Guardian's own sentences alone: nothing the person typed or
told of their life, nothing a pillar saw, no name, no account, no path. Whole in itself: no script,
nothing fetched, every word escaped; laid out so that Qt's own text engine prints it alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from guardian.checkup.model import Area, Basis, Moment, Plan, Point, Sheet, Todo
from guardian.checkup.rules.planning import OWN_CONCERNS
from guardian.checkup.telling import tell_change
from guardian.core.sheet import heading, items, paragraph, table, top, whole
from guardian.core.words import Words

STYLE = """
@page { size: A4; margin: 14mm 16mm; }
body { font-family: Inter, "Noto Sans", Helvetica, Arial, sans-serif; font-size: 10pt;
  line-height: 1.4; color: #1f2a30; background: #ffffff; max-width: 178mm; margin: 0 auto; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 4px 0; }
h2 { font-size: 12pt; margin: 12px 0 2px 0; page-break-after: avoid; }
p { margin: 3px 0; }
ul, ol { margin: 2px 0; }
li { margin: 1px 0; }
table { border-collapse: collapse; margin: 6px 0; }
th, td { text-align: left; vertical-align: top; padding: 3px 9px;
  border-width: 1px; border-style: solid; border-color: #d5d0c5; }
.score { font-size: 14pt; margin: 4px 0; }
.small { font-size: 8.5pt; color: #4d5a61; }
"""
NEXT_MOST, DAYS_MOST = 6, 8


@dataclass(frozen=True)
class Report:
    """What a report is made of; ``share`` chooses the cut that others may see."""

    sheet: Sheet
    plan: Plan
    history: Sequence[Moment]
    now: datetime
    share: bool


def make_report(
    sheet: Sheet,
    plan: Plan,
    history: Sequence[Moment],
    words: Words,
    *,
    share: bool,
    now: datetime,
) -> str:
    """The whole page as HTML. ``now`` has a time zone; days are written as the person's own."""
    report = Report(sheet, plan, history, now, share)
    title = words.say("checkup.report.title")
    body = [
        *stand(report, words),
        *tell_areas(report, words),
        *tell_moves(report, words),
        *tell_next(report, words),
        *tell_aside(report, words),
        paragraph(words.say("checkup.report.foot"), "small"),
    ]
    return whole(title, top(title), body, language=words.language, style=STYLE)


def stand(report: Report, words: Words) -> Iterator[str]:
    """The score, of when it is, and what holds it."""
    score = report.sheet.score
    yield paragraph(words.say("checkup.report.day", day=report.now), "small")
    yield paragraph(words.say("score.value", value=score.value), "score")
    yield paragraph(words.say("checkup.report.formula"))
    if score.holds:
        yield paragraph(words.say("checkup.report.held", count=len(score.holds)))


def tell_areas(report: Report, words: Words) -> Iterator[str]:
    """A table: how many steps of each area are in order, and who knows it."""
    rows = []
    for area in Area:
        points = points_of(report.sheet, area)
        if points:
            rows.append((
                words.say(f"checkup.area.{area.value}"),
                words.say("checkup.report.of", done=sum(map(is_done, points)), total=len(points)),
                str(sum(point.basis is Basis.SEEN for point in points)),
                str(sum(point.basis is Basis.SAID for point in points)),
            ))  # fmt: skip
    if rows:
        heads = [words.say(f"checkup.report.{name}") for name in ("area", "done", "seen", "said")]
        yield heading(words.say("checkup.report.areas"))
        yield table(heads, rows)


def points_of(sheet: Sheet, area: Area) -> list[Point]:
    known = sheet.tasks
    return [point for point in sheet.score.points if known[point.task].area is area]


def is_done(point: Point) -> bool:
    return point.share >= 1


def tell_moves(report: Report, words: Words) -> Iterator[str]:
    """How the score went: the last days, and in the full cut why it moved at last."""
    if report.history:
        yield heading(words.say("checkup.report.history"))
        days = last_of_each_day(report.history)[-DAYS_MOST:]
        yield paragraph(
            " · ".join(
                words.say("checkup.report.moment", day=one.taken, value=one.value) for one in days
            )
        )
    change = report.sheet.change
    if change and change.lines and not report.share:
        told = [
            words.say("checkup.report.line", points=f"{points:+d}".replace("-", "−"), why=why)
            for points, why in tell_change(change, words)
        ]
        yield heading(words.say("checkup.report.moves"))
        yield items(told)


def last_of_each_day(history: Sequence[Moment]) -> list[Moment]:
    days = {one.taken.astimezone().date(): one for one in history}
    return list(days.values())


def tell_next(report: Report, words: Words) -> Iterator[str]:
    """What comes next, and how much more there is."""
    shown, more = choose_next(report.plan, share=report.share)
    if not shown and not more:
        return
    yield heading(words.say("checkup.report.next"))
    if shown:
        yield items([one_line(todo, words) for todo in shown], "ol")
    if more:
        yield paragraph(words.say("checkup.report.more", count=more), "small")


def choose_next(plan: Plan, *, share: bool) -> tuple[list[Todo], int]:
    """The next few steps, and how many more there are.

    Steps of pillars may name what is the person's, and some tasks tell of their life, such as of
    a leak or of children: others see only how many.
    """
    todos = [todo for todo in (plan.next, *plan.more, *plan.rest) if todo is not None]
    shown = [todo for todo in todos if not share or tells_nothing(todo)][:NEXT_MOST]
    return shown, len(todos) - len(shown)


def tells_nothing(todo: Todo) -> bool:
    """Whether everybody might be asked for it."""
    return todo.task is not None and OWN_CONCERNS.isdisjoint(todo.task.concerns)


def one_line(todo: Todo, words: Words) -> str:
    title = words.tell(todo.title)
    return words.say("checkup.report.todo", title=title, count=todo.minutes)


def tell_aside(report: Report, words: Words) -> Iterator[str]:
    """What was put aside, with its reasons; to others only how much of it."""
    aside = report.plan.put_aside
    if not aside:
        return
    yield heading(words.say("checkup.report.aside"))
    if report.share:
        yield paragraph(words.say("checkup.report.aside-count", count=len(aside)))
        return
    yield items([
        words.say("checkup.report.because", title=words.tell(one.todo.title), reason=one.reason)
        if one.reason
        else words.tell(one.todo.title)
        for one in aside
    ])  # fmt: skip
