"""The one-page report: all of it for oneself, and a cut in which others find nothing private."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html as parsing

from guardian.checkup.content import read_tasks
from guardian.checkup.model import Circumstances, Dependant, Leak, Rhythm, State
from guardian.checkup.report import make_report
from guardian.checkup.rules.planning import OWN_CONCERNS
from guardian.checkup.service import CheckupService
from guardian.core.feature import Level, Observation, Step, Summary
from guardian.core.jobs import Report
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words, message

NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


class PlantedWords(Words):
    """Sentences as pillars may say them: full of what is the person's own."""

    def say(self, code: str, **facts: object) -> str:
        if code.startswith("planted."):
            return " ".join(str(fact) for fact in facts.values())
        return super().say(code, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Pillar:
    """A pillar whose every word is a secret."""

    key: str
    secrets: tuple[str, ...]

    def check(self, report: Report) -> None: ...

    def summary(self) -> Summary:
        return Summary(Level.ASK, message("planted.summary", name=self.secrets[0]))

    def next_steps(self) -> tuple[Step, ...]:
        return tuple(
            Step(
                title=message("planted.title", name=name), why=message("planted.why", name=name),
                minutes=1, command=f"guardian {self.key} show {name}",
                key=f"{self.key}-{number}", level=Level.ACT,
            )
            for number, name in enumerate(self.secrets[1:5])
        )  # fmt: skip

    def observations(self) -> tuple[Observation, ...]:
        checks = [check for task in read_tasks() for check in task.checks]
        return tuple(
            Observation(check, 1, 2, NOW, message("planted.seen", name=name))
            for check, name in zip(checks, self.secrets[5:], strict=False)
        )


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_in_memory()
    yield store
    store.close()


def secrets(count: int) -> list[str]:
    kinds = ("ana.rivera{}@mail.example", "/home/ana/secret-{}", "“Ana” <b>{}</b>", "account-{}")
    return [kinds[number % 4].format(f"x{number:03}x") for number in range(count)]


def plant(store: Store, planted: list[str]) -> tuple[CheckupService, Words]:
    pillars = (Pillar("accounts", tuple(planted[:12])), Pillar("vault", tuple(planted[12:24])))
    service = CheckupService(store, pillars, lambda: NOW)
    tasks = [task for task in read_tasks() if not task.checks]
    for task, reason in zip(tasks, planted[24:48], strict=False):
        service.answer(task.id, State.NOT_MINE, reason)
    service.set_rhythm(Rhythm(cue=planted[48]))
    service.answer(service.plan().rest[0].key, State.NOT_MINE, planted[49])
    service.record()
    return service, PlantedWords()


def report(service: CheckupService, words: Words, *, share: bool) -> str:
    return make_report(
        service.sheet(), service.plan(), service.history(), words, share=share, now=NOW
    )


def test_others_find_none_of_fifty_secrets(store: Store) -> None:
    planted = secrets(50)
    service, words = plant(store, planted)
    full, shared = (report(service, words, share=share) for share in (False, True))
    for page in (shared, html.unescape(shared)):
        for number, secret in enumerate(planted):
            assert secret not in page
            assert f"x{number:03}x" not in page
    assert sum(secret in html.unescape(full) for secret in planted) > 20  # they were there to find


def test_the_cut_for_others_still_says_where_one_stands(store: Store) -> None:
    service, words = plant(store, secrets(50))
    shared = parsing.fromstring(report(service, words, share=True)).text_content()
    assert f"{service.sheet().score.value} of 100" in shared
    assert "steps were put aside" in shared
    assert "more steps" in shared


def test_what_was_typed_cannot_become_markup(store: Store) -> None:
    service, words = plant(store, ["<script>alert(1)</script>", *secrets(49)])
    service.answer("camera-cover", State.NOT_MINE, "<img src=x onerror=y>")
    page = report(service, words, share=False)
    assert "<img" not in page and "<script" not in page
    assert "&lt;img" in page


def test_only_the_last_of_each_day_is_told(store: Store) -> None:
    hours = [0, 1, 2, 30]
    service = CheckupService(store, (), lambda: NOW + timedelta(hours=hours[0]))
    for task in read_tasks()[:4]:
        service.answer(task.id, State.DONE)
        service.record()
        hours.append(hours.pop(0))
    assert len(service.history()) == 4
    page = report(service, Words(), share=False)
    told = [one for one in page.splitlines() if "21 November 2026:" in one]
    assert len(told) == 1 and told[0].count("21 November") == 1 and "23 November" in told[0]


def test_nothing_looked_at_yet_is_a_page_too(store: Store) -> None:
    service = CheckupService(store, (), lambda: NOW, tasks=())
    page = report(service, Words(), share=True)
    assert "of 100" in page and "<table>" not in page
    assert service.plan().next is None


def test_others_do_not_read_what_a_person_told_of_their_life() -> None:
    opened = open_in_memory()
    service = CheckupService(opened, (), lambda: NOW)
    for one in read_tasks():
        if OWN_CONCERNS.isdisjoint(one.concerns):
            service.answer(one.id, State.DONE)
    service.describe(
        Circumstances(
            dependants=frozenset(Dependant), shared=True, public=True, leaked=Leak.YES,
        )
    )  # fmt: skip
    words = Words()
    told = [words.say(f"checkup.task.{task}") for task in ("leak-password", "work-name")]
    full, shared = (html.unescape(report(service, words, share=one)) for one in (False, True))
    assert all(title in full for title in told)
    assert not any(title in shared for title in told)
    assert "And 5 more steps." in shared
    opened.close()
