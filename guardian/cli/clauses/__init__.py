"""``guardian clauses``: what policies and terms really say, with the quotes that prove it."""

from __future__ import annotations

import click

from guardian.cli.clauses import comparing, explaining, labelling, library


@click.group()
def clauses() -> None:
    """Say in plain words what a privacy policy or terms document really does.

    \b
    Example:
      guardian clauses explain privacy-policy.html
      guardian clauses diff policy-2024.html policy-2026.html
      guardian clauses missing policy.pdf --law gdpr
    """


for command in (
    *explaining.COMMANDS,
    *comparing.COMMANDS,
    *labelling.COMMANDS,
    *library.COMMANDS,
):
    clauses.add_command(command)
