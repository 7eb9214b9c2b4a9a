"""``guardian demo``: a made-up family's Guardian, to look at and to show; nothing is kept."""

from __future__ import annotations

import click

from guardian.cli.session import Session, pass_session
from guardian.core import log
from guardian.core.errors import Problem
from guardian.demo.service import Demo, begin

EXIT_PROBLEM = 2


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--projector", is_flag=True, help="Show the window in large, for a whole room.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
@pass_session
def demo(
    session: Session, context: click.Context, projector: bool, command: tuple[str, ...]
) -> None:
    """Show Guardian with made-up data of a family that does not exist.

    Without COMMAND the window opens, or, where there is no display, the family's checkup is
    printed. With COMMAND, any of Guardian's commands runs on the made-up data. Every demo begins
    anew: it lies in a folder of its own, writes nowhere else, and is wiped at the end.

    \b
    Example:
      guardian demo
      guardian demo --projector
      guardian demo accounts list --json
    """
    main = context.find_root().command
    words = list(command)
    if not words:
        # whoever has a display got the window before this was asked
        session.err.print(session.words.say("demo.no-display"), style="dim")
        words = ["checkup"]

    def work(inside: Demo) -> int:
        log.stop_log()  # that one is the real person's
        shown = DemoSession(inside)
        shown.err.print(shown.words.say("demo.banner"), style="bold")
        return int(main(words, prog_name="guardian", obj=shown) or 0)

    def refused(problem: Problem) -> int:
        session.show_problem(problem)
        return EXIT_PROBLEM

    context.exit(begin(work, refused))


class DemoSession(Session):
    """One run over the made-up records."""

    def __init__(self, inside: Demo) -> None:
        super().__init__()
        self.store = inside.fill()
        self.features = inside.build(self.store)
