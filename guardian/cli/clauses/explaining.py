"""``explain``, ``missing`` and ``catalogue``: one document after the other, and what is known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from guardian.clauses.model import (
    Checklist,
    Clause,
    Direction,
    Explanation,
    Law,
    Presence,
)
from guardian.clauses.telling import tell_common, tell_why
from guardian.cli.clauses.answers import answer_explanation, answer_missing, answer_problem
from guardian.cli.clauses.reading import (
    files_argument,
    language_option,
    list_files,
    read_each,
    read_one,
    words_in,
)
from guardian.cli.session import Session, json_option, one_line, pass_session
from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.feature import Level
from guardian.core.files import write_atomically
from guardian.core.words import Words

EXIT_PROBLEM = 2
SHORT_FROM = 4  # this many documents and more are told in a few lines each


@click.command()
@files_argument()
@language_option()
@json_option("Answer as JSON (a list for several files).")
@click.option("--with-text", is_flag=True, help="Put the extracted text into the JSON as well.")
@click.option(
    "--html", type=click.Path(readable=False, path_type=Path), metavar="OUT",
    help="Write a one-page report to the file OUT (one document).",
)  # fmt: skip
@click.option("--full", is_flag=True, help="Explain each of many documents in full.")
@pass_session
def explain(
    session: Session,
    files: tuple[Path, ...],
    *,
    language: str | None,
    as_json: bool,
    with_text: bool,
    html: Path | None,
    full: bool,
) -> None:
    """Explain documents, or all documents in a folder, with exact quotes.

    Reads text, Markdown, saved web pages, PDF, Word (docx) and e-mail, in English and Chinese.

    \b
    Example:
      guardian clauses explain privacy-policy.html
      guardian clauses explain --lang zh --json terms.pdf
      guardian clauses explain --html report.html privacy.txt
    """
    words = words_in(session, language)
    if html is not None:
        write_report(session, files, html, words)
        return
    answers: list[dict[str, Any]] = []
    failed = False
    alone = len(files) == 1 and not os.path.isdir(files[0])  # noqa: PTH112 - one that may not be looked at is no folder
    listed = list_files(session, files)
    if not listed:
        raise Problem("clauses-no-documents")
    short = not full and len(listed) >= SHORT_FROM
    for file, found in read_each(session, listed):
        if isinstance(found, Problem):
            if alone and not as_json:
                raise found
            session.show_problem(found)
            answers.append(answer_problem(words, file, found))
            failed = True
        elif as_json:
            text = {"text": found.document.text} if with_text else {}
            answers.append(answer_explanation(words, found) | text)
        elif short:
            print_short(session, words, found)
        else:
            print_explanation(session, words, found)
    if as_json:
        session.print_json(answers[0] if alone else answers)
    if failed:
        click.get_current_context().exit(EXIT_PROBLEM)


def write_report(session: Session, files: tuple[Path, ...], out: Path, words: Words) -> None:
    """The report of one document as a web page. Raises ``Problem``."""
    if len(files) != 1:
        raise click.UsageError("--html takes one document.")
    explanation = read_one(session, files[0])
    page = session.features.clauses.write_report(explanation, words)
    with mendable_file_errors(out):
        write_atomically(out, page.encode())
    session.say("clauses.report.written", name=out.name)


def print_explanation(session: Session, words: Words, explanation: Explanation) -> None:
    """The sheet first, as in the window, then all other points."""
    document = explanation.document
    session.print(one_line(document.title), style="bold")
    session.print(words.tell(explanation.verdict))
    print_doubts(session, explanation)
    for code, clauses in (
        ("clauses.sheet.worst", explanation.worst()),
        ("clauses.sheet.best", explanation.best()),
    ):
        if clauses:
            session.print("")
            session.print(words.say(code), style="bold")
        for clause in clauses:
            print_clause(session, words, clause)
    for checklist in explanation.checklists:
        print_checklist(session, words, checklist, gaps_only=True)
    print_actions(session, words, explanation)
    print_rest(session, words, explanation)
    print_counts(session, words, explanation)


def print_doubts(session: Session, explanation: Explanation) -> None:
    """What makes everything below less sure."""
    document = explanation.document
    if document.unreadable:
        session.say("clauses.unreadable", count=document.unreadable)
    if explanation.unread:
        session.say("clauses.unread", count=explanation.unread)
    if document.wordless_pages:
        session.say("clauses.wordless-pages", count=document.wordless_pages, all=document.pages)


def print_clause(session: Session, words: Words, clause: Clause) -> None:
    """Level and plain words, the quote, what was pulled out of it."""
    session.print_level(clause.level, words.say(f"clauses.kind.{clause.id}"))
    for line in clause.quote.splitlines():
        session.print(f"    > {line}", style="italic")
    for name, value in clause.slots.items():
        session.print("    " + words.say(f"clauses.slot.{name}", value=one_line(value)))


def print_actions(session: Session, words: Words, explanation: Explanation) -> None:
    actions = explanation.actions()
    if actions:
        session.print("")
        session.print(words.say("clauses.sheet.actions"), style="bold")
    for number, action in enumerate(actions, 1):
        session.print(f"    {number}. " + words.say(f"clauses.action.{action}"))


def print_rest(session: Session, words: Words, explanation: Explanation) -> None:
    """Every kind that is not among the worst and the best."""
    shown = {one.id for one in (*explanation.worst(), *explanation.best())}
    rest = [group for group in explanation.groups() if group[0].id not in shown]
    if rest:
        session.print("")
        session.print(words.say("clauses.sheet.rest"), style="bold")
    for group in rest:
        print_clause(session, words, group[0])
        if len(group) > 1:
            session.print("    " + words.say("clauses.more-places", count=len(group) - 1))


def print_counts(session: Session, words: Words, explanation: Explanation) -> None:
    """How much was understood, how long it is, what was left out."""
    document = explanation.document
    session.print("")
    session.print(
        words.say(
            "clauses.coverage",
            share=round(100 * explanation.coverage),
            count=len(explanation.passages),
            left=len(explanation.left()),
        )
    )
    session.print(
        words.say("clauses.reading-time", count=explanation.reading_minutes, words=document.words)
    )
    if document.dropped_words:
        session.print(words.say("clauses.dropped", count=document.dropped_words))
    session.print(words.say("clauses.not-legal-advice"))
    session.print("")


def print_short(session: Session, words: Words, explanation: Explanation) -> None:
    """One document of many: its title, the verdict, and its gravest point."""
    session.print(one_line(explanation.document.title), style="bold")
    session.print("    " + words.tell(explanation.verdict))
    for clause in explanation.worst(1):
        session.print("    " + words.say(f"clauses.kind.{clause.id}"))


@click.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--law", required=True, type=click.Choice([law.value for law in Law]),
    help="The list to hold the document against.",
)  # fmt: skip
@language_option()
@json_option()
@pass_session
def missing(session: Session, file: Path, law: str, language: str | None, as_json: bool) -> None:
    """What a law says should stand in a document, and whether it does.

    Guardian does not decide whether the law applies to you: you choose the list.

    \b
    Example:
      guardian clauses missing privacy-policy.html --law gdpr
    """
    words = words_in(session, language)
    explanation = read_one(session, file)
    checklist = session.features.clauses.check_law(explanation, Law(law))
    if as_json:
        session.print_json(
            {
                "title": explanation.document.title,
                "law": law,
                "missing": answer_missing(words, checklist),
            }
        )
        return
    session.print(one_line(explanation.document.title), style="bold")
    if not (explanation.looks_like_policy and explanation.recognised_language):
        session.print(words.tell(explanation.verdict))
    print_checklist(session, words, checklist)
    session.print(words.say("clauses.not-legal-advice"))


def print_checklist(
    session: Session, words: Words, checklist: Checklist, *, gaps_only: bool = False
) -> None:
    """Each thing that should be there, with its answer; ``gaps_only`` leaves out what was found."""
    law = checklist.law.value
    items = [
        item for item in checklist.items if not gaps_only or item.presence is not Presence.FOUND
    ]
    if not items:
        return
    session.print("")
    session.print(words.say(f"clauses.law.{law}"), style="bold")
    for item in items:
        level = Level.FINE if item.presence is Presence.FOUND else Level.ASK
        told = words.say(f"clauses.presence.{item.presence.value}", count=checklist.words)
        what = words.say(f"clauses.check.{law}.{item.id}")
        session.print_level(level, f"{what} {told}")
        for line in item.quote.splitlines():
            session.print(f"    > {line}", style="italic")
        if item.presence is Presence.NOT_FOUND:
            told = f"{tell_why(words, checklist.law, item)} {tell_common(words, item)}"
            session.print(f"    {told.rstrip()}")


@click.command()
@language_option()
@json_option()
@pass_session
def catalogue(session: Session, language: str | None, as_json: bool) -> None:
    """List every kind of clause that Guardian knows.

    \b
    Example:
      guardian clauses catalogue --lang zh
    """
    words = words_in(session, language)
    kinds = session.features.clauses.catalogue()
    if as_json:
        session.print_json(
            [
                {
                    "id": kind.id,
                    "number": kind.number,
                    "severity": kind.severity,
                    "level": kind.level.value,
                    "direction": kind.direction.value,
                    "plain": words.say(f"clauses.kind.{kind.id}"),
                    "why": words.say(f"clauses.why.{kind.id}"),
                    "actions": [words.say(f"clauses.action.{one}") for one in kind.actions],
                    "laws": [{"law": one.law, "article": one.article} for one in kind.pointers],
                    "infringements": list(kind.infringements),
                    "unfair": kind.unfair,
                    "languages": sorted(kind.recognisers),
                }
                for kind in kinds
            ]
        )
        return
    for kind in kinds:
        number = f"{kind.number:>2}" if kind.number else " +"
        mark = "+" if kind.direction is Direction.GOOD else str(kind.severity)
        session.print(f"{number}  {mark}  {kind.id:<32} " + words.say(f"clauses.kind.{kind.id}"))


COMMANDS = (explain, missing, catalogue)
