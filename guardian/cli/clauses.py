"""``guardian clauses``: explains policies and terms in text, and lists what was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from guardian.clauses.model import Clause, Explanation
from guardian.cli.session import Session, json_option, one_line, pass_session
from guardian.core.errors import Problem
from guardian.core.feature import Level

EXIT_PROBLEM = 2


@click.group()
def clauses() -> None:
    """Say in plain words what a privacy policy or terms document really does.

    \b
    Example:
      guardian clauses explain privacy-policy.html
      guardian clauses list
    """


@clauses.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option("Answer as JSON (a list for several files).")
@click.option("--with-text", is_flag=True, help="Put the extracted text into the JSON as well.")
@pass_session
def explain(session: Session, files: tuple[Path, ...], as_json: bool, with_text: bool) -> None:
    """Explain one or more documents (text, Markdown or saved web pages), with exact quotes.

    \b
    Example:
      guardian clauses explain privacy-policy.html
      guardian clauses explain --json terms.txt privacy.txt
    """
    service = session.features.clauses
    answers: list[dict[str, Any]] = []
    failed = False
    for file in files:
        try:
            explanation = session.run(service.explain, file)
        except Problem as problem:
            if len(files) == 1 and not as_json:
                raise
            session.show_problem(problem)
            answers.append(problem_answer(session, file, problem))
            failed = True
            continue
        if as_json:
            text = {"text": explanation.document.text} if with_text else {}
            answers.append(answer(session, explanation) | text)
        else:
            print_explanation(session, explanation)
    if as_json:
        session.print_json(answers if len(files) > 1 else answers[0])
    if failed:
        click.get_current_context().exit(EXIT_PROBLEM)


@clauses.command(name="list")
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
        session.print_json(
            [
                {
                    "id": one.id,
                    "title": one.title,
                    "sha256": one.fingerprint,
                    "read_at": one.read_at.isoformat(),
                    "words": one.words,
                    "levels": {level.value: count for level, count in one.counts.items()},
                }
                for one in read
            ]
        )
        return
    if not read:
        session.say("clauses.list.empty")
    for one in read:
        session.print(one_line(one.title), style="bold")
        session.say("clauses.list.read", day=one.read_at.astimezone())
        session.say(
            "clauses.counts",
            act=one.counts[Level.ACT],
            ask=one.counts[Level.ASK],
            fine=one.counts[Level.FINE],
        )


def print_explanation(session: Session, explanation: Explanation) -> None:
    """Title and counts first, then each kind of clause with its quote, then what was left out."""
    document = explanation.document
    session.print(one_line(document.title), style="bold")
    if explanation.recognised_language and not explanation.looks_like_policy:
        session.say("clauses.not-a-policy")
    if not explanation.recognised_language:
        session.say("clauses.language-unknown")
    groups = explanation.groups()
    levels = [group[0].level for group in groups]
    session.say(
        "clauses.counts",
        act=levels.count(Level.ACT),
        ask=levels.count(Level.ASK),
        fine=levels.count(Level.FINE),
    )
    for group in groups:
        session.print("")
        print_group(session, group)
    session.print("")
    understood = round(explanation.coverage * explanation.passages)
    session.say("clauses.coverage", understood=understood, count=explanation.passages)
    session.say("clauses.reading-time", count=explanation.reading_minutes, words=document.words)
    if document.dropped_words:
        session.say("clauses.dropped", count=document.dropped_words)
    if document.unreadable:
        session.say("clauses.unreadable", count=document.unreadable)
    session.say("clauses.not-legal-advice")
    session.print("")


def print_group(session: Session, group: tuple[Clause, ...]) -> None:
    """One kind of clause: its level and plain words, the surest quote, what can be done."""
    first = group[0]
    words = session.words
    session.print_level(first.level, words.say(f"clauses.kind.{first.id}"))
    for line in first.quote.splitlines():
        session.print(f"    > {line}", style="italic")
    if len(group) > 1:
        session.print("    " + words.say("clauses.more-places", count=len(group) - 1))
    session.print("    " + words.say(f"clauses.why.{first.id}"))
    for action in first.actions:
        session.print("    • " + words.say(f"clauses.action.{action}"))


def answer(session: Session, explanation: Explanation) -> dict[str, Any]:
    """One document in the machine's form."""
    document = explanation.document
    return {
        "title": document.title,
        "clauses": [clause_answer(session, clause) for clause in explanation.clauses],
        "passages": explanation.passages,
        "coverage": round(explanation.coverage, 4),
        "words": document.words,
        "dropped_words": document.dropped_words,
        "dropped_text": document.dropped_text,
        "reading_minutes": explanation.reading_minutes,
        "looks_like_policy": explanation.looks_like_policy,
        "language": explanation.language,
        "recognised_language": explanation.recognised_language,
        "encoding": document.encoding,
        "unreadable_characters": document.unreadable,
    }


def clause_answer(session: Session, clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "number": clause.number,
        "level": clause.level.value,
        "direction": clause.direction.value,
        "severity": clause.severity,
        "confidence": clause.confidence,
        "quote": clause.quote,
        "start": clause.start,
        "end": clause.end,
        "slots": dict(clause.slots),
        "plain": session.words.say(f"clauses.kind.{clause.id}"),
        "actions": [session.words.say(f"clauses.action.{action}") for action in clause.actions],
    }


def problem_answer(session: Session, file: Path, problem: Problem) -> dict[str, Any]:
    """What is said in place of a document that could not be read."""
    told = session.words.say(f"problem.{problem.code}", **problem.facts)
    return {"file": file.name, "problem": problem.code, "message": told}
