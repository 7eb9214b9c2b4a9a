"""``guardian vault check``: whether a vault is as Guardian wrote it, and what can be mended."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from guardian.cli.session import Session, json_option, pass_session
from guardian.cli.vault.shared import (
    EXIT_FOUND,
    EXIT_PROBLEM,
    folder_argument,
    password_option,
    tell_problem,
    unlock,
)
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.vault.model import CheckReport, Condition, Finding, Remedy
from guardian.vault.service import Vault

LEVELS = {
    Condition.AS_WRITTEN: Level.FINE,
    Condition.CHANGED: Level.ASK,
    Condition.DAMAGED: Level.ACT,
}
EXITS = {Condition.AS_WRITTEN: 0, Condition.CHANGED: EXIT_FOUND, Condition.DAMAGED: EXIT_PROBLEM}


@click.command()
@folder_argument
@click.option("--full", is_flag=True, help="Decrypt every byte; takes as long as reading it all.")
@click.option("--mend", is_flag=True, help="Repair what can be repaired; nothing is deleted.")
@click.option("--accept", is_flag=True, help="Take what was changed elsewhere as it is now.")
@password_option
@json_option()
@pass_session
def check(
    session: Session,
    folder: Path,
    *,
    full: bool,
    mend: bool,
    accept: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Compare the vault in DIR with the list of what Guardian wrote into it.

    Ends with 0 where it is as written, 1 where something was changed elsewhere and is intact,
    2 where something is damaged. With --mend or --accept, that is about the vault afterwards.

    \b
    Example:
      guardian vault check ~/Vault --full
    """
    mended: list[str] = []
    refused: list[Problem] = []
    accepted = 0
    with unlock(session, folder, password_stdin) as opened:
        checked = look(session, opened, full=full)
        if mend:
            mended, refused = mend_all(opened, checked.findings)
            checked = look(session, opened, full=full)
        if accept and checked.condition is not Condition.AS_WRITTEN:
            accepted = sum(one.condition is Condition.CHANGED for one in checked.findings)
            session.run(opened.accept, checked.findings)
            checked = look(session, opened, full=full)
    if as_json:
        answer = to_json(session, checked)
        session.print_json({"vault": folder, "mended": mended, "accepted": accepted, **answer})
    else:
        for path in mended:
            session.say("vault.cli.check.mended", path=path)
        for problem in refused:
            tell_problem(session, problem)
        if accepted:
            session.say("vault.cli.check.accepted", count=accepted)
        tell(session, checked)
    sys.exit(EXITS[checked.condition])


def look(session: Session, opened: Vault, *, full: bool) -> CheckReport:
    checked: CheckReport = session.run(lambda report: opened.check(report, full=full))
    return checked


def mend_all(opened: Vault, findings: tuple[Finding, ...]) -> tuple[list[str], list[Problem]]:
    """The paths of what was mended, and why the rest was not."""
    mended: list[str] = []
    refused: list[Problem] = []
    for finding in findings:
        if finding.remedy in (Remedy.REBUILD, Remedy.ADOPT):
            try:
                mended.append(opened.mend(finding))
            except Problem as problem:
                refused.append(problem)
    return mended, refused


def tell(session: Session, checked: CheckReport) -> None:
    """One line for each finding, then what was looked at and what it comes to."""
    words = session.words
    if checked.older:
        session.print_level(Level.ASK, words.say("vault.cli.check.older"))
    for finding in checked.findings:
        session.print_level(LEVELS[finding.condition], words.tell(finding.what))
    if not checked.listed:
        session.say("vault.cli.check.unlisted")
    if not checked.full:
        session.say("vault.cli.check.quick")
    condition = words.say(f"vault.condition.{checked.condition.value}")
    session.say(
        "vault.cli.check.closing",
        condition=condition[:1].upper() + condition[1:],
        count=checked.documents,
        size=words.size(checked.read),
    )


def to_json(session: Session, checked: CheckReport) -> dict[str, object]:
    findings = [
        {
            "condition": one.condition,
            "code": one.what.code.removeprefix("vault.finding."),
            "what": session.words.tell(one.what),
            "path": one.path,
            "place": one.place,
            "remedy": one.remedy,
        }
        for one in checked.findings
    ]
    return {
        "condition": checked.condition,
        "full": checked.full,
        "older": checked.older,
        "listed": checked.listed,
        "documents": checked.documents,
        "folders": checked.folders,
        "read": checked.read,
        "findings": findings,
    }
