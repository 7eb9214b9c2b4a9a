"""What is usual here, and what the person knows: ``baseline`` and ``known``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from guardian.cli.processes import answers, telling
from guardian.cli.processes.scanning import look
from guardian.cli.session import Session, json_option, pass_session
from guardian.core.errors import Problem
from guardian.core.files import write_atomically
from guardian.processes.model import Autostart, Finding, Scan

STANDARD_OUTPUT = "-"
LONGEST_NUMBER = 18


@click.group(invoke_without_command=True)
@click.pass_context
def baseline(context: click.Context) -> None:
    """What is usual on this computer; 'scan --since-baseline' shows what is new since.

    \b
    Example:
      guardian processes baseline
      guardian processes baseline renew
    """
    if context.invoked_subcommand is None:
        context.invoke(show_baseline)


@baseline.command("show")
@json_option()
@pass_session
def show_baseline(session: Session, as_json: bool = False) -> None:
    """Say when it was taken."""
    kept = session.recorded().processes.baseline()
    if as_json:
        taken = kept.taken if kept else None
        session.print_json({"taken": taken, "things": len(kept.identities) if kept else 0})
    elif kept is None:
        session.say("processes.cli.baseline-none")
    else:
        session.say("processes.cli.baseline", day=kept.taken, count=len(kept.identities))


@baseline.command("renew")
@pass_session
def renew_baseline(session: Session) -> None:
    """Look now, and take what is there as usual from now on."""
    service = session.recorded().processes
    found = look(session, deep=False, admin=False)
    service.take_baseline(found)
    session.say("processes.cli.baseline-renewed", count=len(found.programs))


@baseline.command("forget")
@pass_session
def forget_baseline(session: Session) -> None:
    """Forget it; the next look becomes the baseline."""
    session.recorded().processes.forget_baseline()
    session.say("processes.cli.baseline-forgotten")


@click.group(invoke_without_command=True)
@click.pass_context
def known(context: click.Context) -> None:
    """What you said "I know this" about, so that Guardian asks no more.

    \b
    Example:
      guardian processes known add 1234 --note "my own backup script"
      guardian processes known
      guardian processes known export known.yml
    """
    if context.invoked_subcommand is None:
        context.invoke(list_known)


@known.command("list")
@json_option()
@pass_session
def list_known(session: Session, as_json: bool = False) -> None:
    """List it. The first word of a line is what 'known forget' takes."""
    everything = session.recorded().processes.known()
    if as_json:
        session.print_json([answers.known_as_json(each) for each in everything])
        return
    if not everything:
        session.say("processes.cli.known-none")
    for each in everything:
        session.print(telling.known_line(session, each))


@known.command("add")
@click.argument("what", metavar="PID|PATH")
@click.option("--note", default="", help="A word to yourself.")
@pass_session
def add_known(session: Session, what: str, note: str) -> None:
    """Say "I know this" about a program, by its number or its file, or about what starts it.

    \b
    Example:
      guardian processes known add 1234
      guardian processes known add ~/bin/backup.sh
    """
    service = session.recorded().processes
    found = look(session, deep=False, admin=False)
    made = service.know(subject_of(found, what), note)
    session.say("processes.cli.known-added", path=made.script or made.image or "")


def subject_of(found: Scan, what: str) -> Finding | Autostart:
    """The card of a process number or of a file. Raises ``Problem``: there is no question."""
    number = what.isascii() and what.isdigit() and len(what) <= LONGEST_NUMBER
    pid = int(what) if number else None
    path = os.path.expanduser(what)  # noqa: PTH111 - Path's raises for somebody unknown
    for finding in found.findings:
        if pid in finding.program.pids or path in (finding.program.exe, finding.program.script):
            return finding
    for each in found.autostart:
        if each.hits and path in (each.entry.source, each.entry.target):
            return each
    raise Problem("known-no-question", name=what)


@known.command("forget")
@click.argument("identity", metavar="ID")
@pass_session
def forget_known(session: Session, identity: str) -> None:
    """Ask about it again."""
    service = session.recorded().processes
    if identity not in {each.identity for each in service.known()}:
        raise Problem("known-not-there", name=identity)
    service.forget(identity)
    session.say("processes.cli.known-forgotten")


@known.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@pass_session
def export_known(session: Session, file: Path) -> None:
    """Write it as Sigma filters (YAML) to FILE, or to standard output for "-"."""
    text = session.recorded().processes.export_known()
    if str(file) == STANDARD_OUTPUT:
        session.print(text.rstrip("\n"))
        return
    write_atomically(file, text.encode("utf-8"))
    session.say("processes.cli.known-exported", name=file.name)


@known.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@pass_session
def import_known(session: Session, file: Path) -> None:
    """Take over what 'known export' wrote, all of it or nothing."""
    made = session.recorded().processes.import_known(file)
    session.say("processes.cli.known-imported", count=len(made))


COMMANDS = (baseline, known)
