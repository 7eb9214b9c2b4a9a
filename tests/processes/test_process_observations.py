"""What the pillar tells the checkup: programs, questions, the set-up; and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guardian.core.feature import Level, Observation
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words
from guardian.processes.model import (
    Answer,
    Autostart,
    Scan,
    ScreenLock,
    Setup,
    System,
    Unknown,
    Updates,
)
from guardian.processes.repository import ProcessRepository
from guardian.processes.rules.posture import CHECKS, judge_setup
from guardian.processes.service import ProcessesService
from tests.processes.builders import entry, judge, process
from tests.timing import quickest

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WORDS = Words()
ODD = process(pid=2, exe="/tmp/x", owner=None)
ODD_TOO = process(pid=3, exe="/var/tmp/y", owner=None)
POSES = process(pid=4, name="[kworker/0:1]", exe="/usr/bin/sleep", argv=("[kworker/0:1]", "60"))


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def service(store: Store) -> ProcessesService:
    return ProcessesService(store, Path.home(), lambda: NOW)


def keep(store: Store, scan: Scan) -> Scan:
    """As if a look at ``NOW`` had found it."""
    kept = replace(scan, taken=NOW)
    ProcessRepository(store).save(kept)
    return kept


def observed(service: ProcessesService) -> dict[str, Observation]:
    found = service.observations()
    assert len({one.check for one in found}) == len(found)
    for one in found:
        assert one.text.code in WORDS
        assert "{" not in WORDS.tell(one.text)
        assert 0 <= one.done <= one.total >= 1
    return {one.check: one for one in found}


def test_nothing_is_told_before_the_first_look(service: ProcessesService) -> None:
    assert service.observations() == ()


def test_a_look_that_raises_no_question_is_all_in_order(
    service: ProcessesService, store: Store
) -> None:
    keep(store, judge(process()))
    seen = observed(service)
    looked, questions = seen["programs-looked"], seen["programs-questions"]
    assert (looked.done, looked.total, looked.seen) == (1, 1, NOW)
    assert (questions.done, questions.total) == (1, 1)
    assert WORDS.tell(looked.text) == "Guardian looked at 1 running program."


def test_a_question_counts_as_answered_at_once_and_again_open_when_taken_back(
    service: ProcessesService, store: Store
) -> None:
    scan = keep(store, judge(process(), ODD, ODD_TOO))
    assert [one.level for one in scan.findings] == [Level.ASK, Level.ASK]

    def counted() -> tuple[int, int]:
        one = observed(service)["programs-questions"]
        return one.done, one.total

    assert counted() == (0, 2)
    known = service.know(scan.findings[0])
    assert counted() == (1, 2)
    (step,) = service.next_steps()
    assert WORDS.tell(step.title) == "Look at the program that raised a question"
    service.forget(known.identity)
    assert counted() == (0, 2)
    for finding in scan.findings:
        service.know(finding)
    assert counted() == (2, 2)
    assert service.next_steps() == ()
    assert service.summary().level is Level.FINE


def test_what_is_no_longer_there_is_no_question(service: ProcessesService, store: Store) -> None:
    keep(store, judge(process(), ODD))
    keep(store, judge(process()))
    assert observed(service)["programs-questions"].done == 1


SETUP = Setup(
    System.LINUX,
    screen_lock=ScreenLock(True, 5),
    encrypted=False,
    firewall=Unknown.DENIED,
    updates=Updates(automatic=True, waiting=99, days=1),
)


def test_every_check_of_the_setup_is_told_but_what_could_not_be_read(
    service: ProcessesService, store: Store
) -> None:
    posture = judge_setup(SETUP)
    keep(store, replace(judge(process()), posture=posture))
    seen = observed(service)
    assert (seen["screen-lock"].done, seen["disk-encryption"].done) == (1, 0)
    assert seen["system-updates"].done == 0
    assert WORDS.tell(seen["system-updates"].text) == "99 updates wait to be installed."
    assert not {"firewall", "encryption", "updates"} & seen.keys()
    read = sum(check.answer is not Answer.UNREAD for check in posture)
    assert len(seen) == 2 + read == 5
    assert {one.seen for one in seen.values()} == {NOW}


def test_a_computer_where_all_can_be_read_answers_every_check(
    service: ProcessesService, store: Store
) -> None:
    posture = tuple(replace(one, answer=Answer.FINE) for one in judge_setup(Setup(System.LINUX)))
    told = replace(judge(process()), posture=tuple(replace(one, variant="") for one in posture))
    keep(store, told)
    assert len(service.observations()) == 2 + len(CHECKS)


def test_what_looks_wrong_is_a_step_of_its_own_before_the_questions(
    service: ProcessesService, store: Store
) -> None:
    keep(store, judge(process(), ODD, POSES))
    first, second = service.next_steps()
    assert (first.level, second.level) == (Level.ACT, Level.ASK)
    assert second.key == "programs-questions"
    assert WORDS.tell(first.title).startswith("Look at “sleep” first")
    kind, _, mark = first.key.partition(":")
    assert (kind, len(mark)) == ("processes-act", 12)
    keep(store, judge(replace(POSES, pid=77)))
    assert [step.key for step in service.next_steps()] == [first.key], "the same thing again"


def test_questions_never_ask_for_more_than_one_sitting_and_keep_their_key(
    service: ProcessesService, store: Store
) -> None:
    many = [process(pid=one, exe=f"/tmp/x{one}x", owner=None) for one in range(2, 40)]
    keep(store, judge(*many))
    (step,) = service.next_steps()
    keep(store, judge(ODD))
    (again,) = service.next_steps()
    assert (step.minutes, again.minutes, step.key) == (20, 2, again.key)


def test_a_first_look_and_a_new_one_are_the_same_thing_to_do(store: Store) -> None:
    late = ProcessesService(store, Path.home(), lambda: NOW + timedelta(days=31))
    (first,) = late.next_steps()
    keep(store, judge(process()))
    (again,) = late.next_steps()
    assert first.key == again.key == "programs-looked"
    assert first.title != again.title


def test_thousands_of_records_are_told_in_a_moment(service: ProcessesService, store: Store) -> None:
    """Ten thousand take 6 ms; taking the scan apart each time would take half a second."""
    starts = tuple(Autostart(entry(name=f"program {one}"), Level.FINE, ()) for one in range(2_000))
    keep(store, replace(judge(process(), ODD), autostart=starts, posture=judge_setup(SETUP)))
    service.observations()
    assert quickest(service.observations) < 0.05
