"""``selftest``: harmless examples, planted, looked for, and taken away again."""

from __future__ import annotations

import sys
from typing import Any

import click

from guardian.cli.session import Session, json_option, pass_session
from guardian.core.jobs import report_nothing
from guardian.processes.service import SelfTest

EXIT_MISSED = 1


@click.command()
@click.option(
    "--keep",
    type=click.Choice(["no", "yes"]),
    default="no",
    show_default=True,
    help="Keep the examples until Enter is pressed, to show them to others.",
)
@json_option("Answer as one JSON document.")
@click.pass_context
@pass_session
def selftest(session: Session, context: click.Context, keep: str, as_json: bool) -> None:
    """Plant harmless sleeping examples, look for them, and take them away again.

    Nothing of yours is touched. One example can be called by other computers for as long as it
    is there, and never answers.

    \b
    Example:
      guardian processes selftest
      guardian processes selftest --keep yes

    Exit codes: 0 each was found, 1 one was missed, 2 a problem.

    \b
    JSON: {"examples": [{"key", "title", "planted", "found"}], "planted", "found", "missed"}
    """
    if not as_json:
        session.say("processes.cli.selftest-before")
    service = session.features.processes
    result: SelfTest
    if keep == "yes":  # a progress bar would get in the way of the question
        result = service.selftest(report_nothing, lambda result: wait(session, result))
    else:
        result = session.run(service.selftest)
    if as_json:
        session.print_json(as_answer(session, result))
    elif keep == "no":
        print_result(session, result)
    if not as_json:
        session.say("processes.cli.selftest-gone")
    context.exit(EXIT_MISSED if result.missed else 0)


def wait(session: Session, result: SelfTest) -> None:
    """Until somebody presses Enter; without anybody there, no longer than it takes to look."""
    print_result(session, result)
    session.say("processes.cli.selftest-keep")
    if sys.stdin is not None:
        sys.stdin.readline()


def print_result(session: Session, result: SelfTest) -> None:
    for example in result.examples:
        state = "found" if example.found else "missed" if example.planted else "not-planted"
        answer = session.words.say(f"processes.cli.selftest.{state}")
        session.print(f"{answer}: {session.words.tell(example.title())}")
    session.say("processes.cli.selftest-sum", count=result.found, planted=result.planted)


def as_answer(session: Session, result: SelfTest) -> dict[str, Any]:
    return {
        "examples": [
            {
                "key": each.key,
                "title": session.words.tell(each.title()),
                "planted": each.planted,
                "found": each.found,
            }
            for each in result.examples
        ],
        "planted": result.planted,
        "found": result.found,
        "missed": result.missed,
    }


COMMANDS = (selftest,)
