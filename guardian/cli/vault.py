"""``guardian vault``: make, fill, list and read a vault in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from guardian.cli.session import Session, json_option, on_terminal, one_line, pass_session
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.vault.model import Entry, Kind, VaultState
from guardian.vault.service import LEAST_CHARACTERS, MOST_CHARACTERS, Vault, place_of

MOST_PASSPHRASE_BYTES = 4 * MOST_CHARACTERS  # UTF-8 takes four bytes at most for a character
EXIT_PROBLEM = 2

folder_argument = click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=True)
)


def password_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--password-stdin",
        is_flag=True,
        help="Take the passphrase from the first line of standard input.",
    )(command)


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


@vault.command()
@folder_argument
@password_option
@pass_session
def create(session: Session, folder: Path, password_stdin: bool) -> None:
    """Make a new vault in DIR, which must be empty or not there yet.

    \b
    Example:
      guardian vault create ~/Vault
    """
    passphrase = ask_passphrase(session, password_stdin, new=True)
    service = session.features.vault
    session.run(service.create, folder, passphrase).lock()
    session.say("vault.cli.created", path=str(place_of(folder)))
    session.say("vault.cli.created-note")


@vault.command()
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


@vault.command("list")
@folder_argument
@click.argument("inside", metavar="[FOLDER]", default="")
@password_option
@json_option()
@pass_session
def list_(session: Session, folder: Path, inside: str, password_stdin: bool, as_json: bool) -> None:
    """List what is in the vault, or in one FOLDER of it.

    \b
    Example:
      guardian vault list ~/Vault papers
    """
    with unlock(session, folder, password_stdin) as opened:
        listing = opened.list(inside)
    if as_json:
        not_read = [problem_facts(session, n.name, n.problem) for n in listing.not_read]
        session.print_json(
            {"vault": folder, "folder": inside, "entries": listing.entries, "not_read": not_read}
        )
        return
    if not listing.entries and not listing.not_read:
        session.say("vault.cli.empty")
    for entry in listing.entries:
        session.print(describe(session.words, entry))
    if listing.not_read:
        session.say("vault.cli.not-read", count=len(listing.not_read))
        for one in listing.not_read:
            tell_problem(session, one.problem)


@vault.command()
@folder_argument
@click.argument("name", metavar="NAME")
@click.option(
    "--out", required=True, metavar="FILE", help="Where to save it; - for standard output."
)
@click.option("--force", is_flag=True, help="Replace FILE when it is there already.")
@password_option
@pass_session
def get(
    session: Session, folder: Path, name: str, *, out: str, force: bool, password_stdin: bool
) -> None:
    """Save the document NAME from the vault as FILE, no longer encrypted there.

    \b
    Example:
      guardian vault get ~/Vault papers/passport.pdf --out passport.pdf
    """
    with unlock(session, folder, password_stdin) as opened:
        if out == "-":
            stream = sys.stdout.buffer
            session.run(lambda report: opened.write_to(name, stream, report))
            stream.flush()
            return
        target = place_of(Path(out))
        if os.path.isdir(target):  # noqa: PTH112 - a closed folder is no error yet; saving tells
            target /= name.rstrip("/").rpartition("/")[2]
        session.run(lambda report: opened.read_to(name, target, report, overwrite=force))
    session.say("vault.cli.saved", path=str(target))
    session.say("vault.cli.saved-note")


@vault.command()
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
        state = info.state or VaultState.MISSING
        level = Level.FINE if state is VaultState.FOUND else Level.ASK
        parts = [one_line(str(info.path)), session.words.say(f"vault.state.{state.value}")]
        if info.last_opened:
            parts.append(session.words.say("vault.cli.last-opened", day=info.last_opened))
        session.print_level(level, " · ".join(parts))


@vault.command()
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


def unlock(session: Session, folder: Path, password_stdin: bool) -> Vault:
    """The vault in ``folder``, open. Raises ``Problem``."""
    passphrase = ask_passphrase(session, password_stdin)
    opened: Vault = session.run(session.features.vault.open, folder, passphrase)
    return opened


def ask_passphrase(session: Session, from_stdin: bool, *, new: bool = False) -> str:
    """The passphrase, from standard input or a hidden prompt; a new one is asked for twice."""
    if from_stdin:
        return read_passphrase()
    if not on_terminal():
        raise Problem("vault-passphrase-unasked")
    say = session.words.say
    question = say("vault.cli.passphrase")
    if new:
        question = say("vault.cli.passphrase-new", least=LEAST_CHARACTERS)
    again = say("vault.cli.passphrase-again") if new else False
    answer: str = click.prompt(question, hide_input=True, confirmation_prompt=again, err=True)
    return answer


def read_passphrase() -> str:
    """The first line of standard input; never a part of one that is too long."""
    if sys.stdin is None:
        raise Problem("vault-passphrase-unasked")
    # with room for the end of the line, and for one byte that shows it is too long
    line = sys.stdin.buffer.readline(MOST_PASSPHRASE_BYTES + 3)
    secret = line.removesuffix(b"\n").removesuffix(b"\r")
    if len(secret) > MOST_PASSPHRASE_BYTES:
        raise Problem("vault-passphrase-long", most=MOST_CHARACTERS)
    try:
        return secret.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("vault-passphrase-unreadable") from None


def describe(words: Words, entry: Entry) -> str:
    """One line of a listing: size or kind, day, name."""
    if entry.kind is Kind.FILE:
        what = "?" if entry.size is None else words.size(entry.size)
    else:
        what = words.say(f"vault.kind.{entry.kind.value}")
    return f"{what:>10}  {words.show(entry.modified):<18}  {one_line(entry.name)}"


def tell_problem(session: Session, problem: Problem) -> None:
    """A problem with one of several things, indented, with what to do about it."""
    for code in (f"problem.{problem.code}", f"problem.{problem.code}.do"):
        session.print("  " + session.words.say(code, **problem.facts))


def problem_facts(session: Session, name: str, problem: Problem) -> dict[str, str]:
    what = session.words.say(f"problem.{problem.code}", **problem.facts)
    return {"name": name, "code": problem.code, "what": what}
