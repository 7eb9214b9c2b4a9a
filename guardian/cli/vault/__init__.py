"""``guardian vault``: make, fill, arrange, check and copy a vault in the terminal."""

from __future__ import annotations

import click

from guardian.cli.vault import arranging, care, documents, keys


@click.group()
def vault() -> None:
    """Keep private documents encrypted in a folder that opens on any device.

    The passphrase is asked for, or read from standard input; never give it as an argument.

    \b
    Example:
      guardian vault create ~/Vault
      guardian vault add ~/Vault passport.pdf
      guardian vault list ~/Vault
    """


for command in (
    *keys.COMMANDS,
    *documents.COMMANDS,
    *arranging.COMMANDS,
    *care.COMMANDS,
):
    vault.add_command(command)
