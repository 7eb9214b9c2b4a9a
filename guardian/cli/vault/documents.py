"""``guardian vault``: what is done with the documents in a vault."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from guardian.cli.session import Session, json_option, one_line, output, pass_session
from guardian.cli.vault.shared import (
    EXIT_PROBLEM,
    folder_argument,
    password_option,
    problem_facts,
    tell_problem,
    unlock,
)
from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.vault.model import Entry, Kind, Listing
from guardian.vault.service import Vault, place_of


@click.command()
@folder_argument
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--folder", "inside", default="", metavar="NAME", help="Put them in this folder of the vault."
)
@password_option
@json_option()
@pass_session
def add(
    session: Session,
    folder: Path,
    *,
    files: tuple[Path, ...],
    inside: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Put encrypted copies of FILEs into the vault; the originals stay where they are.

    A folder goes in with everything in it; links in it are left out and told.
    Ends with exit code 2 when a file could not be added; the others are in the vault.

    \b
    Example:
      guardian vault add ~/Vault passport.pdf contract.pdf --folder papers
    """
    with unlock(session, folder, password_stdin) as opened:
        result = session.run(opened.add, files, inside)
    if as_json:
        added = [{"file": a.source, "path": a.path, "size": a.size} for a in result.added]
        refused = [problem_facts(session, str(r.source), r.problem) for r in result.refused]
        session.print_json({"vault": folder, "added": added, "refused": refused})
    else:
        for addition in result.added:
            session.say("vault.cli.added", name=addition.path)
        if result.added:
            session.say("vault.cli.originals", count=len(result.added))
        if result.refused:
            session.say("vault.cli.refused", count=len(result.refused))
            for refusal in result.refused:
                tell_problem(session, refusal.problem)
    if result.refused:
        sys.exit(EXIT_PROBLEM)


@click.command("list")
@folder_argument
@click.argument("inside", metavar="[FOLDER]", default="")
@click.option("--all", "everything", is_flag=True, help="With all that is in the folders.")
@password_option
@json_option()
@pass_session
def list_(
    session: Session,
    folder: Path,
    *,
    inside: str,
    everything: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """List what is in the vault, or in one FOLDER of it.

    \b
    Example:
      guardian vault list ~/Vault papers
      guardian vault list ~/Vault --all
    """
    with unlock(session, folder, password_stdin) as opened:
        listing = opened.list(inside)
        if everything:
            listing = only_below(session.run(opened.list_all), inside)
    tell_listing(session, listing, {"vault": folder, "folder": inside}, as_json, paths=everything)


@click.command()
@folder_argument
@click.argument("words", metavar="WORD...", nargs=-1, required=True)
@password_option
@json_option()
@pass_session
def find(
    session: Session, folder: Path, words: tuple[str, ...], password_stdin: bool, as_json: bool
) -> None:
    """Find documents and folders by name, tags and note; each WORD has to be in one of them.

    \b
    Example:
      guardian vault find ~/Vault passport 2031
    """
    with unlock(session, folder, password_stdin) as opened:
        listing = session.run(opened.search, words)
    if not as_json and not listing.entries:
        session.say("vault.cli.found-none")
    tell_listing(session, listing, {"vault": folder, "words": words}, as_json, paths=True)


def only_below(listing: Listing, folder: str) -> Listing:
    """The part of a listing of everything that lies in ``folder``."""
    inside = "/".join(part for part in folder.split("/") if part)
    if not inside:
        return listing
    entries = [entry for entry in listing.entries if entry.path.startswith(f"{inside}/")]
    not_read = [one for one in listing.not_read if one.name.startswith(f"{inside}/")]
    return Listing(tuple(entries), tuple(not_read))


def tell_listing(
    session: Session, listing: Listing, asked: dict[str, object], as_json: bool, *, paths: bool
) -> None:
    """Print what was found; ``paths`` for things of more than one folder."""
    if as_json:
        not_read = [problem_facts(session, n.name, n.problem) for n in listing.not_read]
        session.print_json({**asked, "entries": listing.entries, "not_read": not_read})
        return
    if not listing.entries and not listing.not_read and "folder" in asked:
        session.say("vault.cli.empty")
    for entry in listing.entries:
        session.print(describe(session.words, entry, entry.path if paths else entry.name))
    if listing.not_read:
        session.say("vault.cli.not-read", count=len(listing.not_read))
        for one in listing.not_read:
            tell_problem(session, one.problem)


@click.command()
@folder_argument
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option(
    "--out", required=True, metavar="FILE", help="Where to save it; - for standard output."
)
@click.option("--force", is_flag=True, help="Replace FILE when it is there already.")
@password_option
@pass_session
def get(
    session: Session,
    folder: Path,
    names: tuple[str, ...],
    *,
    out: str,
    force: bool,
    password_stdin: bool,
) -> None:
    """Save the document NAME from the vault as FILE, no longer encrypted there.

    Several NAMEs, and whole folders, are saved in a folder that is there already; a name that is
    taken there gets a number. Ends with exit code 2 when something could not be saved.

    \b
    Example:
      guardian vault get ~/Vault papers/passport.pdf --out passport.pdf
      guardian vault get ~/Vault papers letters --out ~/Desktop
    """
    with unlock(session, folder, password_stdin) as opened:
        if len(names) > 1 or (out != "-" and is_folder(opened, names[0])):
            save_several(session, opened, names, place_of(Path(out)))
            return
        if out == "-":
            stream = sys.stdout.buffer
            with output():
                session.run(lambda report: opened.write_to(names[0], stream, report))
                stream.flush()
            return
        target = place_of(Path(out))
        if os.path.isdir(target):  # noqa: PTH112 - a closed folder is no error yet; saving tells
            target /= names[0].rstrip("/").rpartition("/")[2]
        session.run(lambda report: opened.read_to(names[0], target, report, overwrite=force))
    session.say("vault.cli.saved", path=str(target))
    session.say("vault.cli.saved-note")


def is_folder(opened: Vault, name: str) -> bool:
    try:
        opened.list(name)
    except Problem:
        return False
    return True


def save_several(session: Session, opened: Vault, names: tuple[str, ...], target: Path) -> None:
    if not target.is_dir():
        raise Problem("vault-out-not-folder", name=target.name)
    result = session.run(opened.save, names, target)
    if result.saved:
        session.say("vault.cli.saved-many", count=len(result.saved), path=str(target))
        session.say("vault.cli.saved-many-note")
    if result.refused:
        session.say("vault.cli.not-saved", count=len(result.refused))
        for refusal in result.refused:
            tell_problem(session, refusal.problem)
        sys.exit(EXIT_PROBLEM)


def describe(words: Words, entry: Entry, name: str) -> str:
    """One line of a listing: size or kind, day, name, and until when it is valid."""
    if entry.kind is Kind.FILE:
        what = "?" if entry.size is None else words.size(entry.size)
    else:
        what = words.say(f"vault.kind.{entry.kind.value}")
    line = f"{what:>10}  {words.show(entry.modified):<18}  {one_line(name)}"
    if entry.details.valid_until is None:
        return line
    return f"{line}  · {words.say('vault.cli.note-until', day=entry.details.valid_until)}"


COMMANDS = (add, list_, find, get)
