"""``guardian vault``: renaming, moving, deleting, and what is written down about documents."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from guardian.cli.session import Session, json_option, on_terminal, one_line, pass_session
from guardian.cli.vault.shared import (
    EXIT_PROBLEM,
    folder_argument,
    password_option,
    problem_facts,
    tell_problem,
    unlock,
)
from guardian.core.errors import Problem
from guardian.vault.model import KEPT_DAYS, MOST_NOTE, NO_DETAILS, Details, Moved, Trashed
from guardian.vault.service import Vault

names_argument = click.argument("names", metavar="NAME...", nargs=-1, required=True)
yes_option = click.option("--yes", is_flag=True, help="Do not ask before removing for good.")
NO_DAY = "none"
STDIN = "-"


@click.command()
@folder_argument
@click.argument("names", metavar="NAME... TARGET", nargs=-1, required=True)
@password_option
@json_option()
@pass_session
def mv(
    session: Session, folder: Path, names: tuple[str, ...], password_stdin: bool, as_json: bool
) -> None:
    """Rename NAME to TARGET, or move every NAME into the folder TARGET of the vault.

    Names are places inside the vault; / is its top. Nothing is ever replaced.
    Ends with exit code 2 when something could not be moved; the rest is.

    \b
    Example:
      guardian vault mv ~/Vault scan.pdf passport.pdf
      guardian vault mv ~/Vault passport.pdf visa.pdf papers
    """
    if len(names) < 2:
        raise click.UsageError("Say what to move, and where to: NAME... TARGET.")
    *sources, target = names
    with unlock(session, folder, password_stdin) as opened:
        if len(sources) > 1 or target.endswith("/") or is_folder(opened, target):
            result = session.run(opened.move, sources, target)
        else:
            result = opened.relocate(sources[0], target)
    if as_json:
        session.print_json({"vault": folder, **moved_facts(session, result)})
    else:
        for old, new in result.moved:
            session.say("vault.cli.moved", name=old, place=new)
        if not result.moved and not result.refused:
            session.say("vault.cli.moved-none")
    end(session, result, as_json)


@click.command()
@folder_argument
@names_argument
@click.option("--forever", is_flag=True, help="Remove at once and for good, not to the trash.")
@yes_option
@password_option
@json_option()
@pass_session
def rm(
    session: Session,
    folder: Path,
    *,
    names: tuple[str, ...],
    forever: bool,
    yes: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Move documents and folders to the vault's trash, where they stay for 30 days.

    Ends with exit code 2 when something could not be deleted; the rest is.

    \b
    Example:
      guardian vault rm ~/Vault old.pdf
    """
    if forever and not may_remove(session, yes, len(names)):
        return
    with unlock(session, folder, password_stdin) as opened:
        result = session.run(opened.discard, names)
        if forever:
            session.run(opened.destroy, [key for _, key in result.moved])
    if as_json:
        session.print_json({"vault": folder, "forever": forever, **moved_facts(session, result)})
    else:
        for old, _ in result.moved:
            if forever:
                session.say("vault.cli.removed", name=old)
            else:
                session.say("vault.cli.discarded", name=old, days=KEPT_DAYS)
    end(session, result, as_json)


@click.command()
@folder_argument
@click.argument("name", metavar="NAME")
@password_option
@json_option()
@pass_session
def mkdir(session: Session, folder: Path, name: str, password_stdin: bool, as_json: bool) -> None:
    """Make the folder NAME in the vault, with those on the way to it.

    \b
    Example:
      guardian vault mkdir ~/Vault taxes/2026
    """
    with unlock(session, folder, password_stdin) as opened:
        opened.make_folder(name)
    if as_json:
        session.print_json({"vault": folder, "folder": name})
    else:
        session.say("vault.cli.folder-made", name=name)


@click.command()
@folder_argument
@click.option("--restore", "keys", metavar="KEY", multiple=True, help="Bring this one back.")
@click.option("--empty", is_flag=True, help="Remove everything in the trash for good.")
@yes_option
@password_option
@json_option()
@pass_session
def trash(
    session: Session,
    folder: Path,
    *,
    keys: tuple[str, ...],
    empty: bool,
    yes: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """List the vault's trash, bring something back from it, or empty it.

    \b
    Example:
      guardian vault trash ~/Vault
      guardian vault trash ~/Vault --restore 20261121T093000Z-1a2b3c4d
    """
    if empty and keys:
        raise click.UsageError("Choose --restore or --empty.")
    if empty and not may_remove(session, yes):
        return
    with unlock(session, folder, password_stdin) as opened:
        if keys:
            result = session.run(opened.restore, keys)
            tell_restored(session, folder, result, as_json)
            return
        things = opened.trashed()
        if empty:
            session.run(opened.destroy, [thing.key for thing in things])
    if as_json:
        session.print_json({"vault": folder, "removed" if empty else "trash": things})
    elif empty:
        session.say("vault.cli.trash-emptied", count=len(things))
    else:
        tell_trash(session, things)


@click.command()
@folder_argument
@click.argument("name", metavar="NAME")
@click.option(
    "--note",
    "text",
    metavar="TEXT",
    is_flag=False,
    flag_value=STDIN,
    help="What to write down. Without TEXT, or with -, it is read from standard input, after the"
    " passphrase's line: other programs on this computer can see TEXT while this runs.",
)
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="These tags, for those there.")
@click.option(
    "--until", metavar="YYYY-MM-DD", help=f"The last day it is valid; '{NO_DAY}' for no such day."
)
@click.option("--clear", is_flag=True, help="Remove what was written down before.")
@password_option
@json_option()
@pass_session
def note(
    session: Session,
    folder: Path,
    *,
    name: str,
    text: str | None,
    tags: tuple[str, ...],
    until: str | None,
    clear: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Write down a note, tags and a last day of validity for NAME, or show them.

    It is kept encrypted inside the vault. What is not named here stays as it was.

    \b
    Example:
      guardian vault note ~/Vault passport.pdf --tag travel --until 2031-04-30
      guardian vault note ~/Vault passport.pdf --note < text.txt
      guardian vault note ~/Vault passport.pdf
    """
    day = parse_day(until)
    with unlock(session, folder, password_stdin) as opened:
        details = opened.details(name)
        changes = clear or text is not None or bool(tags) or until is not None
        if changes:
            wanted = NO_DETAILS if clear else details
            if text is not None:
                wanted = replace(wanted, note=read_note(session) if text == STDIN else text)
            if tags:
                wanted = replace(wanted, tags=tags)
            if until is not None:
                wanted = replace(wanted, valid_until=day)
            opened.describe(name, wanted)
            details = opened.details(name)
    if as_json:
        session.print_json({"vault": folder, "name": name, "details": details})
    else:
        tell_details(session, details)


def is_folder(opened: Vault, name: str) -> bool:
    """Whether ``name`` is a folder of the vault."""
    try:
        opened.list(name)
    except Problem as problem:
        if problem.code in ("vault-entry-missing", "vault-entry-not-folder"):
            return False
        raise
    return True


def may_remove(session: Session, yes: bool, count: int | None = None) -> bool:
    """Whether the person agrees to lose things for good. Raises ``Problem`` where nobody can be
    asked. ``count`` is None for all that is in the trash."""
    if yes:
        return True
    if not on_terminal():
        raise Problem("vault-forever-unasked")
    question = session.words.say("vault.cli.trash-empty-question")
    if count is not None:
        question = session.words.say("vault.cli.forever-question", count=count)
    return click.confirm(question, err=True)


def moved_facts(session: Session, result: Moved) -> dict[str, object]:
    refused = [problem_facts(session, one.name, one.problem) for one in result.refused]
    moved = [{"from": old, "to": new} for old, new in result.moved]
    return {"moved": moved, "refused": refused}


def end(session: Session, result: Moved, as_json: bool) -> None:
    """Tell what was refused, if anything, and leave with the exit code that says so."""
    if not result.refused:
        return
    if not as_json:
        session.say("vault.cli.left", count=len(result.refused))
        for one in result.refused:
            tell_problem(session, one.problem)
    sys.exit(EXIT_PROBLEM)


def tell_restored(session: Session, folder: Path, result: Moved, as_json: bool) -> None:
    if as_json:
        session.print_json({"vault": folder, **moved_facts(session, result)})
    else:
        for _, place in result.moved:
            session.say("vault.cli.restored", place=place)
    end(session, result, as_json)


def tell_trash(session: Session, things: Sequence[Trashed]) -> None:
    if not things:
        session.say("vault.cli.trash-none")
        return
    for thing in things:
        day = session.words.show(thing.deleted)
        session.print(f"{thing.key:<26}  {day:<18}  {one_line(thing.came_from)}")
    session.say("vault.cli.trash-note", days=KEPT_DAYS)


def tell_details(session: Session, details: Details) -> None:
    if details == NO_DETAILS:
        session.say("vault.cli.note-none")
        return
    if details.valid_until is not None:
        session.say("vault.cli.note-until", day=details.valid_until)
    if details.tags:
        session.say("vault.cli.note-tags", tags=", ".join(details.tags))
    if details.note:
        session.print(details.note)


def parse_day(text: str | None) -> date | None:
    """The day that ``--until`` names. Raises ``click.BadParameter``."""
    if text is None or text == NO_DAY:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        what = f"'{text}' is no day; write it like 2031-04-30."
        raise click.BadParameter(what, param_hint="--until") from None


def read_note(session: Session) -> str:
    """The rest of standard input. Raises ``Problem`` for more than a note can hold."""
    if sys.stdin is None:
        return ""
    if on_terminal():
        session.err.print(session.words.say("vault.cli.note-ask"), markup=False)
    data = sys.stdin.buffer.read(4 * MOST_NOTE + 1)  # UTF-8 takes four bytes at most
    if len(data) > 4 * MOST_NOTE:
        raise Problem("vault-note-long", most=MOST_NOTE)
    return data.decode("utf-8", "replace").rstrip("\r\n")


COMMANDS = (mv, rm, mkdir, trash, note)
