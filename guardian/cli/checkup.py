"""``guardian checkup``: the whole round in the terminal."""

from __future__ import annotations

from dataclasses import dataclass

import click

from guardian.cli.session import Session, pass_session
from guardian.core.feature import Feature, Level
from guardian.core.keys import KeyMode
from guardian.features import check_all

EXIT_ACT = 1


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
class CheckupReport:
    pillars: list[PillarReport]
    records: str
    next_step: StepReport | None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON document.")
@pass_session
def checkup(session: Session, as_json: bool) -> None:
    """Look at everything that needs no consent, and say what is worth doing next.

    \b
    Example:
      guardian checkup
      guardian checkup --json

    Exit code 1 when something needs action.
    """
    session.run(check_all, session.features)
    report = build_report(session)
    if as_json:
        session.print_json(report)
    else:
        print_report(session, report)
    if any(pillar.level == Level.ACT.value for pillar in report.pillars):
        raise click.exceptions.Exit(EXIT_ACT)


def build_report(session: Session) -> CheckupReport:
    pillars = [report_pillar(session, feature) for feature in session.features]
    order = {Level.ACT.value: 0, Level.ASK.value: 1, None: 2, Level.FINE.value: 3}
    waiting = [pillar for pillar in pillars if pillar.next_steps]
    first = min(waiting, key=lambda pillar: order[pillar.level], default=None)
    return CheckupReport(
        pillars=pillars,
        records=session.store.mode.value,
        next_step=first.next_steps[0] if first else None,
    )


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
    if session.store.mode is KeyMode.MEMORY and session.store.why:
        session.print("")
        session.show_problem(session.store.why)
