"""The text face: ``guardian <pillar> <verb>``, the same answers as the window gives."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from guardian import __version__
from guardian.cli.accounts import accounts
from guardian.cli.checkup import COMMANDS as CHECKUP
from guardian.cli.clauses import clauses
from guardian.cli.demo import demo
from guardian.cli.lessons import lessons
from guardian.cli.processes import processes
from guardian.cli.profile import profile
from guardian.cli.session import Session
from guardian.cli.vault import vault
from guardian.core import log
from guardian.core.errors import Cancelled, Problem
from guardian.core.log import Event

EXIT_PROBLEM = 2
EXIT_CRASH = 70  # EX_SOFTWARE of sysexits.h
EXIT_CANCELLED = 130
EXIT_NO_READER = 141  # what a shell shows for a program that a broken pipe ended
FOR_CHILDREN = frozenset({
    "checkup", "steps", "score", "history", "report", "rhythm", "lessons", "profile",
})  # fmt: skip
EPILOG = (
    "Exit codes: 0 all went well, 1 something needs action, 2 a problem (told on standard error), "
    "70 a mistake inside Guardian, 130 stopped by you. Without a command, the window opens."
)


class GuardianGroup(click.Group):
    """Turns problems into one clear message and an exit code."""

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        with ending_early():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with ending_early():
            session = ctx.ensure_object(Session)
        session.wants_json = "--json" in ctx.args  # until the command says so itself
        print_anything()
        try:
            choose_profile(ctx, session)
            return super().invoke(ctx)
        except Problem as problem:
            session.show_problem(problem)
            session.answer_problem(problem)
            if problem.code == "output-refused":
                forget_output()
            ctx.exit(EXIT_PROBLEM)
        except (Cancelled, KeyboardInterrupt, click.Abort):
            log.note(Event.JOB_CANCELLED)
            session.err.print(session.words.say("cli.cancelled"))
            ctx.exit(EXIT_CANCELLED)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            forget_output()
            ctx.exit(EXIT_NO_READER)
        except Exception as error:
            log.note_crash(error)
            show_crash(session, error)
            ctx.exit(EXIT_CRASH)


@contextmanager
def ending_early() -> Iterator[None]:
    """Ctrl+C before there are words to answer it with."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(EXIT_CANCELLED) from None


def choose_profile(ctx: click.Context, session: Session) -> None:
    """Note whose records this run is about. A guest leaves nothing behind, not even a line in the
    log; it has the last word, so that GUARDIAN_PROFILE need not be taken away for it."""
    session.guest = session.guest or bool(ctx.params.get("guest"))
    if session.guest:
        log.stop_log()
        return
    with suppress(Problem):  # whatever needs the same folders will tell
        log.start_log(session.root.log_file)
    session.nickname = ctx.params.get("nickname") or session.nickname


def show_crash(session: Session, error: BaseException) -> None:
    """One sentence and where it was; the error's own words can hold names, so they stay out."""
    session.err.print(session.words.say("cli.crash"))
    for frame in log.guardian_frames(error.__traceback__):
        session.err.print(f"  {frame}", markup=False)


def print_anything() -> None:
    """Let a terminal that lacks a character show its number instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def forget_output() -> None:
    """Nobody reads any more: what waits to be written must not be tried again at the end."""
    with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                os.dup2(nowhere.fileno(), stream.fileno())


@click.group(
    cls=GuardianGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="guardian")
@click.option(
    "--profile",
    "nickname",
    metavar="NICKNAME",
    envvar="GUARDIAN_PROFILE",
    help="Whose records to use, on a computer that several people share. Without it, those of the"
    " first profile; see 'guardian profile'. GUARDIAN_PROFILE says the same.",
)
@click.option("--guest", is_flag=True, help="Remember nothing and leave nothing behind.")
@click.pass_context
def main(ctx: click.Context, nickname: str | None, guest: bool) -> None:
    """A privacy checkup on your own computer, in plain words. Nothing is sent anywhere.

    \b
    Example:
      guardian checkup
      guardian accounts find
      guardian vault create ~/Vault
      guardian --profile Ana checkup
    """
    given = ctx.get_parameter_source("nickname") is ParameterSource.COMMANDLINE
    if guest and nickname and given:
        raise click.UsageError("A guest has no profile; leave out --guest or --profile.")
    session = ctx.ensure_object(Session)
    if session.is_child and ctx.invoked_subcommand not in FOR_CHILDREN:
        raise Problem("profile-child")


for command in (*CHECKUP, accounts, vault, processes, clauses, lessons, profile, demo):
    main.add_command(command)


def say_no_display() -> None:
    """Explain, kindly and on standard error, why there is text instead of a window."""
    session = Session()
    session.err.print(session.words.say("cli.no-display"), style="dim")
