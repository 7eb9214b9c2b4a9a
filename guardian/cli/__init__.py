"""The text face: ``guardian <pillar> <verb>``, the same answers as the window gives."""

from __future__ import annotations

from typing import Any

import click

from guardian import __version__
from guardian.cli.accounts import accounts
from guardian.cli.checkup import checkup
from guardian.cli.clauses import clauses
from guardian.cli.processes import processes
from guardian.cli.session import Session
from guardian.cli.vault import vault
from guardian.core import log
from guardian.core.errors import Cancelled, Problem
from guardian.core.log import Event

EXIT_PROBLEM = 2
EXIT_CANCELLED = 130
EPILOG = (
    "Exit codes: 0 all went well, 1 something needs action, 2 a problem (told on standard error), "
    "130 stopped by you. Without a command, the window opens."
)


class GuardianGroup(click.Group):
    """Turns problems into one clear message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        session = ctx.ensure_object(Session)
        log.start_log(session.paths.log_file)
        try:
            return super().invoke(ctx)
        except Problem as problem:
            session.show_problem(problem)
            ctx.exit(EXIT_PROBLEM)
        except (Cancelled, KeyboardInterrupt):
            log.note(Event.JOB_CANCELLED)
            session.err.print(session.words.say("cli.cancelled"))
            ctx.exit(EXIT_CANCELLED)


@click.group(
    cls=GuardianGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="guardian")
def main() -> None:
    """A privacy checkup on your own computer, in plain words. Nothing is sent anywhere."""


for command in (checkup, accounts, vault, processes, clauses):
    main.add_command(command)


def say_no_display() -> None:
    """Explain, kindly and on standard error, why there is text instead of a window."""
    session = Session()
    session.err.print(session.words.say("cli.no-display"), style="dim")
