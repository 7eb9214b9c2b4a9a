"""What the vault's commands share: the folder, the passphrase, and how problems are told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from guardian.cli.session import Session, on_terminal
from guardian.core.errors import Problem
from guardian.vault.service import LEAST_CHARACTERS, MOST_CHARACTERS, Vault

MOST_PASSPHRASE_BYTES = 4 * MOST_CHARACTERS  # UTF-8 takes four bytes at most for a character
EXIT_FOUND = 1
EXIT_PROBLEM = 2
HERE = "guardian.vault.here"
F = TypeVar("F", bound=Callable[..., Any])

folder_argument = click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=True)
)


def stdin_option(what: str) -> Callable[[F], F]:
    """``--password-stdin`` for a command that takes more than one passphrase, or a new one."""
    return click.option("--password-stdin", is_flag=True, help=f"Take {what}.")


def password_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--password-stdin`` and ``--here``, for commands that open a vault by :func:`unlock`."""
    here = click.option(
        "--here",
        is_flag=True,
        expose_value=False,
        callback=note_here,
        help="Open it with the key this computer keeps; see 'guardian vault here'.",
    )
    return stdin_option("the passphrase from the first line of standard input")(here(command))


def note_here(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    context.meta[HERE] = value


def unlock(session: Session, folder: Path, password_stdin: bool) -> Vault:
    """The vault in ``folder``, open. Raises ``Problem``."""
    opened: Vault
    if click.get_current_context().meta.get(HERE):
        if password_stdin:
            raise click.UsageError("--here needs no passphrase; leave out --password-stdin.")
        opened = session.run(session.recorded().vault.open_here, folder)
    else:
        passphrase = ask_passphrase(session, password_stdin)
        opened = session.run(session.features.vault.open, folder, passphrase)
    return opened


def ask_passphrase(session: Session, from_stdin: bool, *, new: bool = False) -> str:
    """The passphrase, from standard input or a hidden prompt; a new one is asked for twice."""
    say = session.words.say
    if not new:
        return ask_secret(say("vault.cli.passphrase"), from_stdin)
    question = say("vault.cli.passphrase-new", least=LEAST_CHARACTERS)
    return ask_secret(question, from_stdin, say("vault.cli.passphrase-again"))


def ask_secret(question: str, from_stdin: bool, again: str = "") -> str:
    """The next line of standard input, or a hidden answer on the terminal, asked for twice where
    ``again`` says so. Raises ``Problem`` where neither is possible."""
    if from_stdin:
        return read_passphrase()
    if not on_terminal():
        raise Problem("vault-passphrase-unasked")
    answer: str = click.prompt(
        question, hide_input=True, confirmation_prompt=again or False, err=True
    )
    return answer


def read_passphrase() -> str:
    """The next line of standard input; never a part of one that is too long."""
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


def tell_problem(session: Session, problem: Problem) -> None:
    """A problem with one of several things, indented, with what to do about it."""
    for code in (f"problem.{problem.code}", f"problem.{problem.code}.do"):
        session.print("  " + session.words.say(code, **problem.facts))


def problem_facts(session: Session, name: str, problem: Problem) -> dict[str, str]:
    what = session.words.say(f"problem.{problem.code}", **problem.facts)
    return {"name": name, "code": problem.code, "what": what}
