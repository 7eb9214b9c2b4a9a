"""``list``, ``note`` and ``forget``: the documents read so far."""

from __future__ import annotations

import click

from guardian.clauses.model import ReadDocument
from guardian.cli.clauses.answers import answer_read
from guardian.cli.session import Session, json_option, one_line, pass_session
from guardian.core.errors import Problem
from guardian.core.feature import Level


@click.command(name="list")
@json_option()
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """List the documents read so far, without their text.

    \b
    Example:
      guardian clauses list
    """
    read = session.recorded().clauses.library()
    if as_json:
        session.print_json([answer_read(one) for one in read])
        return
    if not read:
        session.say("clauses.list.empty")
    for one in read:
        session.print(f"{one.id:>4}  {one_line(one.title)}", style="bold")
        session.print(
            "      " + session.words.say("clauses.list.read", day=one.read_at.astimezone())
        )
        if one.source:
            session.print("      " + one_line(one.source))
        session.print(
            "      "
            + session.words.say(
                "clauses.counts",
                act=one.counts[Level.ACT],
                ask=one.counts[Level.ASK],
                fine=one.counts[Level.FINE],
            )
        )


@click.command()
@click.argument("number", type=int)
@click.argument("note")
@pass_session
def note(session: Session, number: int, note: str) -> None:
    """Write down where a document in the list came from. An empty NOTE takes it away.

    \b
    Example:
      guardian clauses note 3 "from the shop’s web site, in May"
    """
    one = find(session, number)
    session.features.clauses.note_source(one.id, note)
    session.say("clauses.noted", name=one.title)


@click.command()
@click.argument("number", type=int)
@pass_session
def forget(session: Session, number: int) -> None:
    """Take a document out of the list. Your own file stays as it is.

    \b
    Example:
      guardian clauses forget 3
    """
    one = find(session, number)
    session.features.clauses.forget(one.id)
    session.say("clauses.forgotten", name=one.title)


def find(session: Session, number: int) -> ReadDocument:
    """The document with this number in the list. Raises ``Problem("document-unknown")``."""
    for one in session.recorded().clauses.library():
        if one.id == number:
            return one
    raise Problem("document-unknown", number=number)


COMMANDS = (list_, note, forget)
