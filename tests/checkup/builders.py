"""Small made-up lists, pillars and moments for the tests of the checkup."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from guardian.checkup.model import Answer, Area, Circumstances, Duty, State, Task
from guardian.checkup.rules.known import Known, Waiting
from guardian.core.feature import Level, Observation, Step, Summary
from guardian.core.jobs import Report
from guardian.core.words import message

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PLAIN = Task(
    id="plain",
    area=Area.HABITS,
    duty=Duty.CHECK,
    minutes=5,
    weight=1,
    serious=False,
    concerns=(),
    days=0,
    checks=(),
    ways=(),
)


def task(name: str, **facts: object) -> Task:
    return replace(PLAIN, id=name, **facts)  # type: ignore[arg-type] # the tests name real fields


def answer(key: str, state: State, days_ago: int = 0, reason: str = "") -> Answer:
    return Answer(key, state, NOW - timedelta(days=days_ago), reason)


def seen(check: str, done: int, total: int, days_ago: int = 0) -> Observation:
    text = message("made-up.seen", done=done, total=total)
    return Observation(check, done, total, NOW - timedelta(days=days_ago), text)


def step(key: str, minutes: int = 3, level: Level = Level.ASK) -> Step:
    title, why = message(f"made-up.{key}"), message(f"made-up.{key}.why")
    return Step(title, why, minutes, f"guardian {key}", key=key, level=level)


def known(*tasks: Task, said: tuple[Answer, ...] = (), **facts: object) -> Known:
    """What the rules judge by; ``waiting`` are pairs of a pillar and its step."""
    pairs = facts.pop("waiting", ())
    waiting = tuple(Waiting(pillar, one) for pillar, one in pairs)  # type: ignore[attr-defined]
    given = Known(
        tasks, Circumstances(), NOW, answers={one.key: one for one in said}, waiting=waiting
    )
    return replace(given, **facts)  # type: ignore[arg-type]


@dataclass
class FakePillar:
    """A pillar that shows what a test wants it to show."""

    key: str = "vault"
    steps: tuple[Step, ...] = ()
    sights: tuple[Observation, ...] = ()
    checks: int = field(default=0)

    def check(self, report: Report) -> None:
        report(1, 1)
        self.checks += 1

    def summary(self) -> Summary:
        return Summary(None, message("made-up.summary"))

    def next_steps(self) -> tuple[Step, ...]:
        return self.steps

    def observations(self) -> tuple[Observation, ...]:
        return self.sights


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **length: float) -> None:
        self.now += timedelta(**length)
