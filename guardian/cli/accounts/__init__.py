"""``guardian accounts``: find accounts, decide about them, and see each to its end."""

from __future__ import annotations

import gc

import click

from guardian.cli.accounts import closing, finding, letters, listing

RARELY = (100_000, 50, 50)


@click.group()
def accounts() -> None:
    """Find the accounts this computer knows of, and close the ones you no longer need.

    \b
    Example:
      guardian accounts find
      guardian accounts plan
      guardian accounts letter example.org --address anna@example.net --save letter.eml
    """
    # A command makes up to a million objects that last until it ends: to look for garbage among
    # them again and again would take a third of its time.
    gc.set_threshold(*RARELY)


for command in (*finding.COMMANDS, *listing.COMMANDS, *closing.COMMANDS, *letters.COMMANDS):
    accounts.add_command(command)
