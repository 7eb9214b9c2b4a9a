"""``guardian vault``: where vaults are, whether they are whole, and copies of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from guardian.cli.session import Session, json_option, one_line, pass_session
from guardian.cli.vault.check import check
from guardian.cli.vault.shared import (
    EXIT_PROBLEM,
    folder_argument,
    problem_facts,
    tell_problem,
)
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.vault.model import BackedUp, Condition, VaultInfo, VaultState
from guardian.vault.service import place_of


@click.command()
@json_option()
@pass_session
def known(session: Session, as_json: bool) -> None:
    """List the vaults you made or opened on this computer, and whether they are in place.

    \b
    Example:
      guardian vault known
    """
    service = session.recorded().vault
    session.run(service.check)
    vaults = service.known()
    if as_json:
        session.print_json({"vaults": vaults})
        return
    if not vaults:
        session.say("vault.cli.known-none")
    for info in vaults:
        session.print_level(level_of(info), " · ".join(describe(session.words, info)))


def level_of(info: VaultInfo) -> Level:
    if info.state is not VaultState.FOUND:
        return Level.ASK
    return Level.ACT if info.condition is Condition.DAMAGED else Level.FINE


def describe(words: Words, info: VaultInfo) -> Iterator[str]:
    """The parts of one line: where it is, how it is, and when it was last seen to."""
    yield one_line(str(info.path))
    yield words.say(f"vault.state.{(info.state or VaultState.MISSING).value}")
    if info.last_opened:
        yield words.say("vault.cli.last-opened", day=info.last_opened)
    if info.last_check:
        yield words.say("vault.cli.last-check", day=info.last_check)
    if info.condition:
        yield words.say(f"vault.condition.{info.condition.value}")
    if info.last_backup:
        yield words.say("vault.cli.last-backup", day=info.last_backup)
    else:
        yield words.say("vault.cli.no-backup")


@click.command()
@folder_argument
@pass_session
def forget(session: Session, folder: Path) -> None:
    """Take the vault in DIR off the list of known vaults; the vault itself stays as it is.

    \b
    Example:
      guardian vault forget ~/Vault
    """
    session.recorded().vault.forget(folder)
    session.say("vault.cli.forgotten", path=str(place_of(folder)))


@click.command()
@folder_argument
@click.argument("place", metavar="[PLACE]", required=False, type=click.Path(path_type=Path))
@click.option("--full", is_flag=True, help="Compare every byte of what PLACE holds already.")
@json_option()
@pass_session
def backup(
    session: Session, folder: Path, place: Path | None, *, full: bool, as_json: bool
) -> None:
    """Copy the encrypted files of the vault in DIR to PLACE: only what changed, read back.

    PLACE is a folder that is empty, not there yet, or an earlier backup of this vault, best on a
    stick or another disk. Without PLACE, the last one is used. No passphrase is needed. Nothing
    is deleted: what is replaced there is kept in the folder "older".

    The backup is a vault itself. To get documents back, open it with the same passphrase, or copy
    the whole folder back to where the vault was.

    Ends with exit code 2 when a file of the vault could not be read; the others are copied.

    \b
    Example:
      guardian vault backup ~/Vault /media/stick/Vault
      guardian vault backup ~/Vault
    """
    service = session.features.vault
    done = session.run(lambda report: service.back_up(folder, place, report, full=full))
    infos = {info.path: info for info in service.known()}
    seen = infos.get(place_of(folder))
    damaged = seen is not None and seen.condition is Condition.DAMAGED
    if as_json:
        refused = [problem_facts(session, str(r.source), r.problem) for r in done.refused]
        session.print_json({"vault": place_of(folder), **vars(done), "refused": refused})
    else:
        tell_backup(session, done, damaged)
    if done.refused:
        sys.exit(EXIT_PROBLEM)


def tell_backup(session: Session, done: BackedUp, damaged: bool) -> None:
    session.say("vault.cli.backed-up", count=done.copied, place=str(done.place))
    if done.unchanged:
        session.say("vault.cli.backup-unchanged", count=done.unchanged)
    if done.aside:
        session.say("vault.cli.backup-aside", count=done.set_aside, place=str(done.aside))
        if damaged:
            session.say("vault.cli.backup-damaged", place=str(done.aside))
    if done.refused:
        session.say("vault.cli.backup-refused", count=len(done.refused))
        for refusal in done.refused:
            tell_problem(session, refusal.problem)
    else:
        session.say("vault.cli.backup-note")


COMMANDS = (known, forget, check, backup)
