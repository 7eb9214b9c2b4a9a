"""``guardian checkup``: the whole round in the terminal."""

from __future__ import annotations

from dataclasses import dataclass

import click

from guardian.cli.session import Session, json_option, pass_session
from guardian.core.errors import Problem
from guardian.core.feature import Feature, Level
from guardian.core.store import Store
from guardian.features import check_all

EXIT_ACT = 1
EXIT_PROBLEM = 2


@dataclass(frozen=True)
class StepReport:
    title: str
    why: str
    minutes: int
    command: str


@dataclass(frozen=True)
class PillarReport:
    """One pillar in the machine-readable answer. ``level`` null: not looked yet."""

    pillar: str
    level: str | None
    summary: str
    next_steps: list[StepReport]


@dataclass(frozen=True)
class RecordsReport:
    """How the records are kept (keyring, passphrase, memory); ``why`` they cannot be used."""

    mode: str
    why: str | None


@dataclass(frozen=True)
class CheckupReport:
    pillars: list[PillarReport]
    records: RecordsReport
    next_step: StepReport | None


@click.command()
@json_option("Answer as one JSON document.")
@pass_session
def checkup(session: Session, as_json: bool) -> None:
    """Look at everything that needs no consent, and say what is worth doing next.

    \b
    Example:
      guardian checkup
      guardian checkup --json

    Exit code 1 when something needs action, 2 when an area could not be looked at.

    \b
    JSON: {"pillars": [{"pillar", "level", "summary", "next_steps"}],
      "records": {"mode", "why"}, "next_step"}
    """
    failed = None
    features = session.features
    try:
        session.run(check_all, features)
    except Problem as problem:
        failed = problem  # the other areas were looked at all the same
    report = build_report(session)
    if as_json:
        session.print_json(report)
    else:
        print_report(session, report)
    if failed:
        session.show_problem(failed)
        raise click.exceptions.Exit(EXIT_PROBLEM)
    if any(pillar.level == Level.ACT.value for pillar in report.pillars):
        raise click.exceptions.Exit(EXIT_ACT)


def build_report(session: Session) -> CheckupReport:
    pillars = [report_pillar(session, feature) for feature in session.features]
    order = {Level.ACT.value: 0, Level.ASK.value: 1, None: 2, Level.FINE.value: 3}
    waiting = [pillar for pillar in pillars if pillar.next_steps]
    first = min(waiting, key=lambda pillar: order[pillar.level], default=None)
    return CheckupReport(
        pillars=pillars,
        records=report_records(session.store),
        next_step=first.next_steps[0] if first else None,
    )


def report_records(store: Store) -> RecordsReport:
    return RecordsReport(store.mode.value, store.why.code if store.why else None)


def report_pillar(session: Session, feature: Feature) -> PillarReport:
    words, summary = session.words, feature.summary()
    steps = [
        StepReport(words.tell(step.title), words.tell(step.why), step.minutes, step.command)
        for step in feature.next_steps()
    ]
    level = summary.level.value if summary.level else None
    return PillarReport(feature.key, level, words.tell(summary.text), steps)


def print_report(session: Session, report: CheckupReport) -> None:
    words = session.words
    for pillar in report.pillars:
        session.print(words.say(f"page.{pillar.pillar}"), "bold")
        level = Level(pillar.level) if pillar.level else None
        if level:
            session.print_level(level, pillar.summary)
        else:
            session.print(pillar.summary)
        for step in pillar.next_steps:
            session.say("checkup.step", title=step.title, count=step.minutes)
            session.print(f"    {step.command}", "cyan")
        session.print("")
    if report.next_step:
        session.say("checkup.next", title=report.next_step.title)
        session.print(f"    {report.next_step.command}", "bold cyan")
    else:
        session.say("overview.nothing")
