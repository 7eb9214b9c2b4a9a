"""One program: ``explain`` what is known of it, and ``end`` it."""

from __future__ import annotations

from dataclasses import replace

import click

from guardian.cli.processes import answers, telling
from guardian.cli.session import Session, json_option, on_terminal, one_line, pass_session
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.processes.model import Explanation, Process, Unknown, hide_in_words

EXIT_LEFT = 1
LONGEST_COMMAND = 500
pid_argument = click.argument("pid", type=click.IntRange(min=1), metavar="PID")


@click.command()
@pid_argument
@json_option("Answer as one JSON document.")
@pass_session
def explain(session: Session, pid: int, as_json: bool) -> None:
    """Tell everything about one process: what it is, who started it, what it can reach.

    \b
    Example:
      guardian processes explain 1234

    \b
    JSON: {"process", "program", "ancestors", "autostart", "not_seen"}
    """
    explained: Explanation = session.run(session.features.processes.explain, pid)
    if as_json:
        session.print_json(answers.explanation_as_json(explained))
    else:
        print_explanation(session, explained)


def print_explanation(session: Session, explained: Explanation) -> None:
    program, process, finding = explained.program, explained.process, explained.finding
    level = finding.level if finding else Level.FINE
    session.print_level(level, f"{one_line(program.name)} ({process.pid})")
    print_origin(session, explained)
    for reach in program.reach:
        reached = session.words.say(f"processes.page.reach.{reach.value}")
        session.say("processes.cli.reaches", what=reached)
    for entry in explained.entries:
        session.print(telling.entry_line(session, entry))
    if finding is None:
        session.say("processes.cli.no-rule-fits")
    else:
        if finding.known:
            session.say("processes.cli.is-known")
        if finding.watching:
            telling.print_safety(session)
        for hit in finding.hits:
            telling.print_hit(session, hit, program.name)
    for gap in explained.open_questions:
        code = "denied" if gap.reason is Unknown.DENIED else "untold"
        rule = session.words.tell(gap.title())
        session.say(f"processes.cli.open-{code}", rule=rule)


def print_origin(session: Session, explained: Explanation) -> None:
    """Where it comes from: its file, its software, its user, since when, and who started it."""
    program, process = explained.program, explained.process
    session.say("processes.cli.file", path=program.exe or unseen(session))
    if program.script:
        session.say("processes.cli.script", path=program.script)
    if not isinstance(process.argv, Unknown) and process.argv:
        session.say(
            "processes.cli.command", text=" ".join(hide_in_words(process.argv))[:LONGEST_COMMAND]
        )
    session.say("processes.cli.belongs", package=telling.package_of(session, program))
    user = process.user if isinstance(process.user, str) else unseen(session)
    session.say("processes.cli.user", name=user)
    if not isinstance(process.started, Unknown):
        since = telling.day_of(process.started)
        session.say("processes.cli.since-time", day=since, time=f"{since:%H:%M}")
    chain = " ← ".join(f"{named(each)} ({each.pid})" for each in explained.ancestors)
    if chain:
        session.say("processes.cli.started-by", chain=chain)


def named(process: Process) -> str:
    return one_line(process.name)


def unseen(session: Session) -> str:
    return session.words.say("processes.cli.package-unknown")


@click.command()
@pid_argument
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.pass_context
@pass_session
def end(session: Session, context: click.Context, pid: int, yes: bool) -> None:
    """Ask one of your own programs to end. Unsaved work in it is lost.

    \b
    Example:
      guardian processes end 1234

    Exit codes: 0 it ended, 1 it still runs, 2 a problem.
    """
    service = session.features.processes
    explained: Explanation = session.run(service.explain, pid)
    program = replace(explained.program, pids=(pid,))
    name = f"{program.name} ({pid})"
    if not service.endable(program):
        raise Problem("end-not-yours", name=name)
    if explained.finding and explained.finding.watching:
        telling.print_safety(session)
    session.say("processes.cli.end-what", name=name)
    if program.starts_by_itself:
        session.say("processes.cli.end-again")
    if not yes and not on_terminal():
        raise Problem("end-unconfirmed")
    if not yes and not click.confirm(session.words.say("processes.cli.end-sure"), err=True):
        session.say("processes.cli.end-not")
        return
    left = service.end(program).left
    session.say("processes.cli.end-left" if left else "processes.cli.end-done", name=name)
    context.exit(EXIT_LEFT if left else 0)


COMMANDS = (explain, end)
