"""``guardian processes``: what runs on this computer, and what of it deserves a question."""

from __future__ import annotations

import click

from guardian.cli.processes import explaining, knowing, rules, scanning, trying


@click.group()
def processes() -> None:
    """What runs on this computer, and which of it deserves a question.

    \b
    Example:
      guardian processes scan
      guardian processes explain 1234
      guardian processes baseline renew
    """


for command in (
    *scanning.COMMANDS,
    *explaining.COMMANDS,
    *knowing.COMMANDS,
    *rules.COMMANDS,
    *trying.COMMANDS,
):
    processes.add_command(command)
