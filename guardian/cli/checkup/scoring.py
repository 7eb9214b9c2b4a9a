"""``guardian score`` and ``guardian history``: the number, why it moved, and how it went."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from guardian.checkup.model import Change, Point, Sheet
from guardian.checkup.telling import FORMULA, tell_change, tell_task
from guardian.cli.checkup.answers import report_change, report_moment
from guardian.cli.session import Session, json_option, pass_session
from guardian.core.errors import Problem


@click.command()
@click.option("--explain", is_flag=True, help="Every point of it, and why it moved.")
@json_option()
@pass_session
def score(session: Session, explain: bool, as_json: bool) -> None:
    """The score: 0 to 100, of what Guardian asks. Never a grade for you.

    \b
    Example:
      guardian score --explain

    \b
    JSON: {"score", "raw", "holds": [key], "points": [{"task", "weight", "share", "freshness",
      "basis", "done", "total", "since"}], "left_out": [{"task", "chosen", "reason"}],
      "change": {"before", "after", "lines": [{"points", "why"}]} or null, "since"}
    """
    sheet = session.unlocked().checkup.sheet()
    if as_json:
        session.print_json(report_sheet(session, sheet))
        return
    session.print(session.words.say("score.value", value=sheet.score.value), "bold")
    if explain:
        print_sheet(session, sheet)
        return
    if sheet.score.raw > sheet.score.value + 1:  # it would be higher, so it is said why it is not
        print_holds(session, sheet)
    session.say("score.more")


def report_sheet(session: Session, sheet: Sheet) -> dict[str, Any]:
    found = sheet.score
    return {
        "score": found.value,
        "raw": round(found.raw, 3),
        "holds": list(found.holds),
        "points": [asdict(point) for point in found.points],
        "left_out": [asdict(one) for one in found.left_out],
        "change": report_change(sheet.change, session.words) if sheet.change else None,
        "since": sheet.since.isoformat() if sheet.since else None,
    }


def print_sheet(session: Session, sheet: Sheet) -> None:
    words = session.words
    for number in range(1, FORMULA + 1):
        session.say(f"score.formula.{number}")
    print_holds(session, sheet)
    session.print("")
    for point in sheet.score.points:
        basis = words.say(f"score.basis.{point.basis.value}")
        session.say(
            "score.point", earned=f"{point.earned:.1f}", weight=point.weight,
            title=tell_task(point.task, words), basis=basis,
        )  # fmt: skip
        print_age(session, point)
    for left in sheet.score.left_out:
        if left.chosen:
            session.say("score.left-out", title=tell_task(left.task, words), reason=left.reason)
    if sheet.change and sheet.since:
        session.print("")
        session.say("score.since", day=sheet.since)
        print_change(session, sheet.change)


def print_holds(session: Session, sheet: Sheet) -> None:
    """What keeps the score below 80, by its titles."""
    if not sheet.score.holds:
        return
    session.say("score.held", count=len(sheet.score.holds))
    for key in sheet.score.holds:
        session.print(f"  {session.words.tell(sheet.held[key])}")


def print_age(session: Session, point: Point) -> None:
    if point.freshness < 1 and point.since:
        session.say("score.old", day=point.since)


def print_change(session: Session, change: Change) -> None:
    session.say("score.change", before=change.before, after=change.after)
    for points, why in tell_change(change, session.words):
        session.print(f"  {points:+d}  {why}")
    if not change.lines:
        session.say("score.unchanged")


@click.group(invoke_without_command=True)
@json_option()
@click.pass_context
def history(context: click.Context, as_json: bool) -> None:
    """How the score went. Each line is a snapshot; none is ever changed.

    \b
    Example:
      guardian history
      guardian history compare 3 8
      guardian history forget 3

    \b
    JSON: [{"number", "taken", "score"}]
    """
    if context.invoked_subcommand is not None:
        return
    session = context.ensure_object(Session)
    moments = session.unlocked().checkup.history()
    if as_json:
        session.print_json([report_moment(one) for one in moments])
        return
    if not moments:
        session.say("history.none")
    for one in moments:
        session.say("history.line", number=one.id, day=one.taken, value=one.value)


@history.command()
@click.argument("old", type=int)
@click.argument("new", type=int)
@json_option()
@pass_session
def compare(session: Session, old: int, new: int, as_json: bool) -> None:
    """What changed from the earlier of two snapshots to the later, point by point.

    \b
    Example:
      guardian history compare 3 8

    \b
    JSON: {"before", "after", "lines": [{"points", "why"}]}
    """
    change = session.unlocked().checkup.compare(old, new)
    if as_json:
        session.print_json(report_change(change, session.words))
    else:
        print_change(session, change)


@history.command()
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Delete all of them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option()
@pass_session
def forget(
    session: Session, numbers: tuple[int, ...], everything: bool, yes: bool, as_json: bool
) -> None:
    """Delete snapshots for good: one, some, or all.

    \b
    Example:
      guardian history forget 3
      guardian history forget --all --yes

    \b
    JSON: {"forgotten": how many}
    """
    if everything == bool(numbers):
        raise click.UsageError(session.words.say("history.which"))
    checkup = session.unlocked().checkup
    known = {one.id for one in checkup.history()}
    for number in numbers:
        if number not in known:
            raise Problem("snapshot-unknown", number=number)
    if not yes:
        click.confirm(session.words.say("history.sure"), abort=True, err=True)
    gone = checkup.forget(None if everything else numbers)
    if as_json:
        session.print_json({"forgotten": gone})
        return
    session.say("history.gone", count=gone)
