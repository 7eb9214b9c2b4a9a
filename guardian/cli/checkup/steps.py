"""``guardian steps``: the list of small steps, and what the person says of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import click

from guardian.checkup.model import Area, Plan, State, Task, Todo
from guardian.cli.checkup.answers import report_guide, report_plan, tell_way
from guardian.cli.session import Session, json_option, pass_session
from guardian.core.clock import local_now
from guardian.core.errors import Problem

WEEK = 7
EVERYWHERE = "any"
LONGEST = 3650


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Also what is done or put aside.")
@click.option("--area", type=click.Choice([area.value for area in Area]), help="Only this area.")
@json_option()
@click.pass_context
def steps(context: click.Context, everything: bool, area: str | None, as_json: bool) -> None:
    """Small steps worth doing, the most useful first.

    \b
    Example:
      guardian steps
      guardian steps show router-password
      guardian steps done router-password

    \b
    JSON: {"next", "more", "rest", "put_aside": [{"step", "until", "reason"}], "done"}, each step
      {"key", "title", "why", "minutes", "level", "page", "command", "area", "duty", "observed"}
    """
    if context.invoked_subcommand is not None:
        return
    session = context.ensure_object(Session)
    plan = session.unlocked().checkup.plan()
    if area:
        plan = only(plan, Area(area))
    if as_json:
        session.print_json(report_plan(plan, session.words))
        return
    waiting = [one for one in (plan.next, *plan.more, *plan.rest) if one is not None]
    print_steps(session, waiting)
    if not waiting:
        session.say("steps.none")
    if everything:
        print_aside(session, plan)


def only(plan: Plan, area: Area) -> Plan:
    """``plan`` without what belongs to other areas; nothing is then more urgent than the rest."""

    def fits(todo: Todo) -> bool:
        return todo.task is not None and todo.task.area is area

    waiting = [one for one in (plan.next, *plan.more, *plan.rest) if one is not None and fits(one)]
    return Plan(
        next=waiting[0] if waiting else None,
        rest=tuple(waiting[1:]),
        put_aside=tuple(one for one in plan.put_aside if fits(one.todo)),
        done=tuple(filter(fits, plan.done)),
    )


def print_steps(session: Session, todos: Iterable[Todo]) -> None:
    words = session.words
    for todo in todos:
        title = words.say("steps.line", title=words.tell(todo.title), count=todo.minutes)
        session.print_level(todo.level, title)
        session.print(f"{'':<18}{todo.key}", "cyan")


def print_aside(session: Session, plan: Plan) -> None:
    words = session.words
    if plan.put_aside:
        session.say("steps.aside")
    for put in plan.put_aside:
        title = words.tell(put.todo.title)
        if put.until:
            session.say("steps.aside.until", title=title, day=put.until, key=put.todo.key)
        else:
            session.say("steps.aside.reason", title=title, reason=put.reason, key=put.todo.key)
    if plan.done:
        session.say("steps.done")
    for todo in plan.done:
        session.say("steps.done.line", title=words.tell(todo.title), key=todo.key)


def find(session: Session, key: str) -> Todo:
    """The step of that key, wherever it stands, or the pillar's step that stands for it.

    Raises ``Problem("task-unknown")``.
    """
    checkup = session.unlocked().checkup
    plan, task = checkup.plan(), checkup.sheet().tasks.get(key)
    waiting = [one for one in (plan.next, *plan.more, *plan.rest) if one is not None]
    todos = [*waiting, *(put.todo for put in plan.put_aside), *plan.done]
    found = [one for one in todos if one.key == key]
    if task:
        of_page = [one for one in todos if one.page == task.page]
        found += [one for one in of_page if one.key.partition(":")[0] in task.checks]
    if not found:
        raise Problem("task-unknown", key=key)
    return found[0]


@steps.command()
@click.argument("key")
@json_option()
@pass_session
def show(session: Session, key: str, as_json: bool) -> None:
    """One step: why it is worth it, and how it is done.

    \b
    Example:
      guardian steps show router-password

    \b
    JSON: {"step", "ways": [{"name", "lines"}]}
    """
    todo = find(session, key)
    if as_json:
        session.print_json(report_guide(todo, session.words))
        return
    words = session.words
    session.print(words.say("steps.line", title=words.tell(todo.title), count=todo.minutes), "bold")
    session.tell(todo.why)
    if todo.task:
        area = words.say(f"checkup.area.{todo.task.area.value}")
        session.say("steps.duty", area=area, duty=words.say(f"checkup.duty.{todo.task.duty.value}"))
    if todo.observed:
        session.say("steps.observed", text=words.tell(todo.observed))
    if todo.task:
        print_ways(session, todo.task)
    if todo.command:
        session.print("")
        session.print(f"    {todo.command}", "cyan")


def print_ways(session: Session, task: Task) -> None:
    words = session.words
    for way in task.ways:
        session.print("")
        if way.name != EVERYWHERE or len(task.ways) > 1:
            session.print(words.say(f"checkup.way.{way.name}"), "bold")
        for number, line in enumerate(tell_way(task, way, words), 1):
            session.print(f"  {number}. {line}")


def mark(session: Session, key: str, state: State, as_json: bool, reason: str = "") -> None:
    """Keep what was said of a step, and tell how the score moved.

    JSON: ``{"key", "state", "before", "after"}``.
    """
    checkup = session.unlocked().checkup
    before = checkup.sheet().score.value
    checkup.answer(key, state, reason)
    checkup.record()
    after = checkup.sheet().score.value
    if as_json:
        session.print_json({"key": key, "state": state, "before": before, "after": after})
        return
    session.say(f"steps.marked.{state.value}", key=key)
    session.say("steps.score", before=before, after=after)


@steps.command()
@click.argument("key")
@json_option()
@pass_session
def done(session: Session, key: str, as_json: bool) -> None:
    """Say that a step is done.

    \b
    Example:
      guardian steps done router-password

    \b
    JSON: {"key", "state", "before", "after"}
    """
    mark(session, key, State.DONE, as_json)


@steps.command()
@click.argument("key")
@json_option()
@pass_session
def partly(session: Session, key: str, as_json: bool) -> None:
    """Say that a step is half done.

    \b
    Example:
      guardian steps partly router-password

    \b
    JSON: {"key", "state", "before", "after"}
    """
    mark(session, key, State.PARTLY, as_json)


@steps.command("open")
@click.argument("key")
@json_option()
@pass_session
def reopen(session: Session, key: str, as_json: bool) -> None:
    """Say that a step is not done.

    \b
    Example:
      guardian steps open router-password

    \b
    JSON: {"key", "state", "before", "after"}
    """
    mark(session, key, State.OPEN, as_json)


@steps.command()
@click.argument("key")
@click.option("--why", "reason", required=True, help="Your reason; it is listed with the step.")
@json_option()
@pass_session
def skip(session: Session, key: str, reason: str, as_json: bool) -> None:
    """Say that a step is not for you. It no longer counts.

    \b
    Example:
      guardian steps skip camera-cover --why "This computer has no camera"

    \b
    JSON: {"key", "state", "before", "after"}
    """
    mark(session, key, State.NOT_MINE, as_json, reason)


@steps.command()
@click.argument("key")
@click.option("--days", type=click.IntRange(1, LONGEST), default=WEEK, show_default=True)
@json_option()
@pass_session
def later(session: Session, key: str, days: int, as_json: bool) -> None:
    """Put a step aside for some days.

    \b
    Example:
      guardian steps later router-password --days 30

    \b
    JSON: {"key", "until"}
    """
    find(session, key)
    until = local_now().date() + timedelta(days=days)
    session.unlocked().checkup.postpone(key, until)
    if as_json:
        session.print_json({"key": key, "until": until})
        return
    session.say("steps.later", key=key, day=until)


@steps.command()
@click.argument("key")
@json_option()
@pass_session
def undo(session: Session, key: str, as_json: bool) -> None:
    """Take back what was said of a step.

    \b
    Example:
      guardian steps undo router-password

    \b
    JSON: {"key"}
    """
    checkup = session.unlocked().checkup
    checkup.take_back(key)
    checkup.record()
    if as_json:
        session.print_json({"key": key})
        return
    session.say("steps.undone", key=key)
