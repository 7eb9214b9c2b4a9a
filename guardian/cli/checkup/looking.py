"""``guardian checkup``: the whole round in the terminal."""

from __future__ import annotations

from dataclasses import dataclass

import click

from guardian.checkup.model import Plan
from guardian.cli.checkup import questions
from guardian.cli.checkup.answers import StepReport, report_step
from guardian.cli.session import Session, json_option, on_terminal, pass_session
from guardian.core.errors import Problem
from guardian.core.feature import Feature, Level
from guardian.core.store import Store
from guardian.features import check_all

EXIT_ACT = 1
EXIT_PROBLEM = 2


@dataclass(frozen=True)
class NextReport:
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
    next_steps: list[NextReport]


@dataclass(frozen=True)
class RecordsReport:
    """How the records are kept (keyring, passphrase, memory); ``why`` they cannot be used."""

    mode: str
    why: str | None


@dataclass(frozen=True)
class CheckupReport:
    pillars: list[PillarReport]
    records: RecordsReport
    score: int
    next_step: StepReport | None
    more_steps: list[StepReport]


@click.command()
@click.option("--questions", "wants_questions", is_flag=True, help="Answer the seven questions.")
@click.option(
    "--answer", "given", multiple=True, metavar="NAME=VALUE", help="Answer one of them right here."
)
@json_option("Answer as one JSON document.")
@pass_session
def checkup(session: Session, wants_questions: bool, given: tuple[str, ...], as_json: bool) -> None:
    """Look at everything that needs no consent, and say what is worth doing next.

    \b
    Example:
      guardian checkup
      guardian checkup --questions
      guardian checkup --answer devices=computer,phone --answer phone=android --json

    Exit code 1 when something needs action, 2 when an area could not be looked at.

    \b
    JSON: {"pillars": [{"pillar", "level", "summary", "next_steps"}],
      "records": {"mode", "why"}, "score", "next_step", "more_steps"}
    """
    answer_questions(session, wants_questions, given)
    failed = None
    features = session.features
    try:
        session.run(check_all, features)
    except Problem as problem:
        failed = problem  # the other areas were looked at all the same
    plan = features.checkup.plan()
    report = build_report(session, plan)
    if as_json:
        session.print_json(report)
    else:
        print_report(session, report)
        if not features.checkup.circumstances().asked:
            session.say("checkup.cli.questions")
    if failed:
        session.show_problem(failed)
        raise click.exceptions.Exit(EXIT_PROBLEM)
    if any(pillar.level == Level.ACT.value for pillar in report.pillars):
        raise click.exceptions.Exit(EXIT_ACT)


def answer_questions(session: Session, wanted: bool, given: tuple[str, ...]) -> None:
    if not given and not wanted:
        return
    service = session.unlocked().checkup
    if given:
        service.describe(questions.set_answers(service.circumstances(), given))
    if wanted:
        if not on_terminal():
            raise Problem("questions-need-terminal")
        service.describe(questions.ask(session, service.circumstances()))


def build_report(session: Session, plan: Plan) -> CheckupReport:
    words = session.words
    return CheckupReport(
        pillars=[report_pillar(session, feature) for feature in session.features],
        records=report_records(session.store),
        score=session.features.checkup.sheet().score.value,
        next_step=report_step(plan.next, words) if plan.next else None,
        more_steps=[report_step(one, words) for one in plan.more],
    )


def report_records(store: Store) -> RecordsReport:
    return RecordsReport(store.mode.value, store.why.code if store.why else None)


def report_pillar(session: Session, feature: Feature) -> PillarReport:
    words, summary = session.words, feature.summary()
    steps = [
        NextReport(words.tell(step.title), words.tell(step.why), step.minutes, step.command)
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
    session.print(words.say("score.value", value=report.score), "bold")
    if report.next_step:
        print_next(session, report.next_step)
    else:
        session.say("steps.none")
    if report.more_steps:
        session.print("")
        session.say("checkup.cli.more")
    for more in report.more_steps:
        session.say("checkup.step", title=more.title, count=more.minutes)
        session.print(f"    {more.command or f'guardian steps show {more.key}'}", "cyan")


def print_next(session: Session, step: StepReport) -> None:
    session.say("checkup.next", title=step.title)
    session.print(f"    {step.why}")
    session.print(f"    {step.command or f'guardian steps show {step.key}'}", "bold cyan")
