"""``diff`` and ``compare``: two versions of one document, several documents side by side."""

from __future__ import annotations

from pathlib import Path

import click

from guardian.clauses.model import Change, Shift
from guardian.clauses.telling import count_changes, count_sentences, name_change
from guardian.cli.clauses.answers import answer_diff, answer_side_by_side
from guardian.cli.clauses.reading import files_argument, language_option, read_one, words_in
from guardian.cli.session import Session, json_option, one_line, pass_session
from guardian.core.feature import Level
from guardian.core.words import Words

LEVELS = {Shift.WORSE: Level.ASK, Shift.OTHER: Level.FINE, Shift.BETTER: Level.FINE}


@click.command()
@click.argument("old", type=click.Path(readable=False, path_type=Path))
@click.argument("new", type=click.Path(readable=False, path_type=Path))
@language_option()
@json_option()
@pass_session
def diff(session: Session, old: Path, new: Path, language: str | None, as_json: bool) -> None:
    """What changed between two versions, by clause: better, worse or other.

    \b
    Example:
      guardian clauses diff policy-2024.html policy-2026.html
    """
    words = words_in(session, language)
    before, after = read_one(session, old, keep=False), read_one(session, new, keep=False)
    change = session.features.clauses.diff(before, after)
    if as_json:
        session.print_json(answer_diff(words, change))
        return
    session.print(count_changes(words, change), style="bold")
    for one in change.changes:
        print_change(session, words, one)
    session.print("")
    session.print(count_sentences(words, change))
    session.print(words.say("clauses.not-legal-advice"))


def print_change(session: Session, words: Words, change: Change) -> None:
    """Which way it goes, what it is about, and the words of both versions."""
    shift = words.say(f"clauses.diff.{change.shift.value}")
    session.print_level(LEVELS[change.shift], f"{shift}: {one_line(name_change(words, change))}")
    for sign, clause in (("-", change.old), ("+", change.new)):
        for line in clause.quote.splitlines() if clause else ():
            session.print(f"    {sign} {line}", style="italic")


@click.command()
@files_argument()
@language_option()
@json_option()
@pass_session
def compare(session: Session, files: tuple[Path, ...], language: str | None, as_json: bool) -> None:
    """Put two to six documents side by side, clause by clause.

    \b
    Example:
      guardian clauses compare one.html other.pdf third.txt
    """
    words = words_in(session, language)
    explained = [read_one(session, file, keep=False) for file in files]
    side = session.features.clauses.compare(explained)
    if as_json:
        session.print_json(answer_side_by_side(words, side))
        return
    for number, title in enumerate(side.titles, 1):
        session.print(f"{number}  {one_line(title)}", style="bold")
    for name, cells in side.rows.items():
        level = next(cell[0].level for cell in cells if cell)
        session.print("")
        session.print_level(level, words.say(f"clauses.kind.{name}"))
        for number, cell in enumerate(cells, 1):
            told = " ".join(cell[0].quote.split()) if cell else words.say("clauses.compare.none")
            session.print(f"    {number}  {told}", style="italic" if cell else "dim")
    session.print("")
    session.print(words.say("clauses.not-legal-advice"))


COMMANDS = (diff, compare)
