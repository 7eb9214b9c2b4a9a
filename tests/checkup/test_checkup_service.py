"""The one door of the checkup, over pillars that show what a test wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path

import pytest

from guardian.checkup.model import (
    Basis,
    Circumstances,
    Every,
    Phone,
    Plan,
    Rhythm,
    State,
    Task,
)
from guardian.checkup.rhythm import next_reminder
from guardian.checkup.service import CheckupService
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report, report_nothing
from guardian.core.store import Store, open_in_memory
from guardian.features import build, check_all
from tests.checkup.builders import NOW, Clock, FakePillar, seen, step, task

TASKS = (
    task("updates", days=30, weight=2, child=True),
    task("disk", serious=True, weight=3, checks=("disk",), page="processes"),
    task("decide", checks=("decided",), weight=2),
    task("droid", concerns=("android",), weight=2),
)
Make = Callable[..., CheckupService]


@pytest.fixture
def store() -> Store:
    return open_in_memory()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pillar() -> FakePillar:
    return FakePillar("processes")


@pytest.fixture
def make(store: Store, clock: Clock, pillar: FakePillar) -> Make:
    def build_service(*, child: bool = False, tasks: tuple[Task, ...] = TASKS) -> CheckupService:
        return CheckupService(store, [pillar], clock, child=child, tasks=tasks)

    return build_service


@pytest.fixture
def service(make: Make) -> CheckupService:
    return make()


def problem_of(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value.code


def test_the_answers_to_the_seven_questions_are_kept(service: CheckupService) -> None:
    assert not service.circumstances().asked
    service.describe(Circumstances(phone=Phone.ANDROID, minutes=5))
    assert service.circumstances() == Circumstances(phone=Phone.ANDROID, minutes=5, asked=True)
    assert {"droid"} < {point.task for point in service.sheet().score.points}


def test_a_first_sheet_has_nothing_to_compare_with(service: CheckupService) -> None:
    sheet = service.sheet()
    assert (sheet.score.value, sheet.change, sheet.since) == (0, None, None)
    assert set(sheet.tasks) == {one.id for one in TASKS}
    assert sheet.held["disk"].code == "checkup.task.disk"


def test_the_sheet_tells_what_moved_since_the_snapshot_before(
    service: CheckupService, clock: Clock, pillar: FakePillar
) -> None:
    service.record()
    begun = clock.now
    clock.go(days=10)
    service.answer("updates", State.DONE)
    pillar.sights = (seen("decided", 3, 4), seen("disk", 1, 1))
    for _ in range(2):  # before the new snapshot and after it
        sheet = service.sheet()
        assert sheet.since == begun
        assert sheet.change
        assert (sheet.change.before, sheet.change.after) == (0, sheet.score.value) == (0, 92)
        assert sum(line.points for line in sheet.change.lines) == 92
        service.record()


def test_a_snapshot_is_taken_only_when_something_moved(
    service: CheckupService, clock: Clock
) -> None:
    assert service.record()
    assert service.record() is None
    service.answer("updates", State.DONE)
    assert service.record()
    clock.go(days=20)
    service.answer("updates", State.DONE)  # said again, and no point moved
    assert service.record() is None
    clock.go(days=45)  # it grew old
    moment = service.record()
    assert moment
    assert [one.id for one in service.history()] == [1, 2, 3]
    assert service.snapshot(moment.id).score == service.sheet().score
    assert service.compare(2, 3).lines[0].text.code == "checkup.change.aged.one"


def test_two_snapshots_are_compared_in_the_order_they_were_taken(service: CheckupService) -> None:
    service.record()
    service.answer("updates", State.DONE)
    service.record()
    assert service.compare(2, 1) == service.compare(1, 2)
    assert service.compare(2, 1).lines[0].text.code == "checkup.change.did.one"


def test_snapshots_can_be_deleted(service: CheckupService) -> None:
    service.record()
    service.answer("updates", State.DONE)
    service.record()
    assert service.forget([1]) == 1
    assert problem_of(lambda: service.snapshot(1)) == "snapshot-unknown"
    assert problem_of(lambda: service.compare(1, 2)) == "snapshot-unknown"
    assert service.forget() == 1
    assert service.history() == ()
    assert service.sheet().change is None


def test_unknown_keys_are_named_so(service: CheckupService) -> None:
    for act in (
        lambda: service.answer("nowhere", State.DONE),
        lambda: service.postpone("nowhere", date(2027, 1, 1)),
        lambda: service.take_back("nowhere"),
    ):
        assert problem_of(act) == "task-unknown"
    assert service.answers() == ()


def test_a_step_of_a_pillar_ends_by_itself_and_can_be_set_aside(
    service: CheckupService, pillar: FakePillar
) -> None:
    pillar.steps = (step("odd", level=Level.ACT),)
    plan = service.plan()
    assert plan.next and plan.next.key == "odd"
    assert service.sheet().held["odd"].code == "made-up.odd"
    assert problem_of(lambda: service.answer("odd", State.DONE)) == "step-ends-itself"
    service.answer("odd", State.NOT_MINE, "it is mine")
    assert "odd" not in service.sheet().score.holds
    assert [(one.todo.key, one.reason) for one in service.plan().put_aside] == [
        ("odd", "it is mine")
    ]
    pillar.steps = ()
    service.take_back("odd")  # it is gone, yet what was said of it can be taken back
    assert service.answers() == ()


def test_a_step_without_a_key_hangs_on_its_title(
    service: CheckupService, pillar: FakePillar
) -> None:
    pillar.steps = (replace(step("read"), key=""),)
    service.postpone("made-up.read", NOW.date() + timedelta(days=1))
    assert [one.todo.key for one in service.plan().put_aside] == ["made-up.read"]


@pytest.mark.parametrize("said", ["words", "recovery:c0ffee"])
@pytest.mark.parametrize("taken", ["words", "recovery:c0ffee"])
def test_what_was_said_can_be_taken_back_under_either_name(
    make: Make, pillar: FakePillar, said: str, taken: str
) -> None:
    pillar.steps = (step("recovery:c0ffee"),)
    service = make(tasks=(task("words", checks=("recovery",), page="processes"),))
    service.answer(said, State.NOT_MINE)
    assert [one.todo.key for one in service.plan().put_aside] == ["recovery:c0ffee"]
    assert service.sheet().score.points == ()
    service.take_back(taken)
    assert (service.answers(), service.plan().put_aside) == ((), ())
    assert len(service.sheet().score.points) == 1


def test_later_rests_until_its_day(service: CheckupService, clock: Clock) -> None:
    before = front(service.plan())
    service.postpone("updates", NOW.date() + timedelta(days=7))
    assert front(service.plan()) == [key for key in before if key != "updates"]
    clock.go(days=7)
    assert front(service.plan()) == before
    clock.go(days=-7)
    service.take_back("updates")
    assert front(service.plan()) == before


def test_a_clock_set_back_makes_nothing_older_and_nothing_negative(
    service: CheckupService, clock: Clock
) -> None:
    service.answer("updates", State.DONE)
    service.record()
    clock.go(days=-4000)
    sheet = service.sheet()
    point = next(one for one in sheet.score.points if one.task == "updates")
    assert (point.share, point.freshness) == (1.0, 1.0)
    service.answer("decide", State.PARTLY)
    service.record()
    assert [one.id for one in service.history()] == [1, 2]
    assert service.sheet().since == NOW
    assert [one.key for one in service.answers()] == ["updates", "decide"]


def test_a_day_is_a_day_where_the_person_is(service: CheckupService, clock: Clock) -> None:
    clock.now = NOW.astimezone(timezone(timedelta(hours=13))) + timedelta(hours=2)  # past midnight
    service.answer("updates", State.DONE)
    (point,) = (one for one in service.sheet().score.points if one.basis is Basis.SAID)
    assert point.since == date(2026, 11, 23)
    moment = service.record()
    assert moment and moment.taken == NOW + timedelta(hours=2)


def test_a_damaged_snapshot_keeps_nothing_from_working(
    service: CheckupService, store: Store
) -> None:
    service.record()
    store.run("UPDATE checkup_bodies SET body = x'00'")
    assert service.sheet().change is None
    assert service.record()
    assert problem_of(lambda: service.compare(1, 2)) == "snapshot-damaged"
    assert service.sheet().change is None  # the one before cannot be read


def test_a_child_sees_what_makes_sense_for_a_child(make: Make, pillar: FakePillar) -> None:
    pillar.steps = (step("odd", level=Level.ACT),)
    service = make(child=True)
    sheet = service.sheet()
    assert list(sheet.tasks) == ["updates"]
    assert (sheet.score.holds, sheet.score.left_out) == ((), ())
    assert front(service.plan()) == ["updates"]
    assert problem_of(lambda: service.answer("odd", State.NOT_MINE)) == "task-unknown"
    assert problem_of(lambda: service.answer("disk", State.DONE)) == "task-unknown"


def test_the_rhythm_is_kept(service: CheckupService) -> None:
    rhythm = Rhythm(Every.WEEKLY, "after the bins", weekday=2, hour=18, begun=NOW.date())
    service.set_rhythm(rhythm)
    assert replace(service.rhythm(), series="") == rhythm
    service.set_rhythm(replace(rhythm, cue="x" * 5000))
    assert len(service.rhythm().cue) < 200


def test_a_sitting_is_a_look_or_an_answer(service: CheckupService, clock: Clock) -> None:
    service.plan()
    assert service.last_sitting() is None
    service.record()
    assert service.last_sitting() == clock().date()
    clock.now += timedelta(days=40)
    service.record()  # nothing may have moved, and yet somebody looked
    assert service.last_sitting() == clock().date()


def test_reasons_are_kept_for_not_for_me_alone_and_not_without_end(
    service: CheckupService,
) -> None:
    service.answer("updates", State.DONE, "because")
    service.answer("decide", State.NOT_MINE, "y" * 5000)
    assert [len(one.reason) for one in service.answers()] == [0, 300]


def test_an_answer_that_was_given_before_a_task_left_the_list_harms_nothing(make: Make) -> None:
    make().answer("updates", State.DONE)
    make().record()
    without = make(tasks=TASKS[1:])
    assert [line.text.code for line in without.sheet().change.lines] == [  # type: ignore[union-attr]
        "checkup.change.went.one"
    ]
    without.take_back("updates")
    assert without.answers() == ()


def test_the_list_that_is_shipped_makes_a_plan_for_everybody(store: Store, clock: Clock) -> None:
    service = CheckupService(store, [], clock)
    kinds = {todo.task.area for todo in every(service.plan())[:5] if todo.task}
    assert len(kinds) > 1
    assert service.sheet().score.value == 0


def test_looking_at_everything_keeps_the_score(
    store: Store, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = build(store, tmp_path, clock)
    assert [one.key for one in features] == ["accounts", "vault", "processes", "clauses"]

    def refuse(_report: Report) -> None:
        raise Problem("database-busy", name="records.db")

    for one in features:
        monkeypatch.setattr(one, "check", lambda report: report(1, 1))
    monkeypatch.setattr(features.vault, "check", refuse)
    assert problem_of(lambda: check_all(features, report_nothing)) == "database-busy"
    assert len(features.checkup.history()) == 1


def test_a_child_profile_has_a_checkup_of_its_own(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    built = build(store, tmp_path, clock, child=True)
    assert list(built) == []  # no pillar is looked at, or told of
    child = built.checkup.sheet()
    assert child.tasks
    assert all(one.child for one in child.tasks.values())


def every(plan: Plan) -> list:  # type: ignore[type-arg]
    return [*([plan.next] if plan.next else []), *plan.more, *plan.rest]


def front(plan: Plan) -> list[str]:
    return [one.key for one in every(plan)]


@pytest.mark.parametrize("every", Every)
def test_a_rhythm_chosen_while_the_clock_was_years_ahead_does_not_wait_for_then(
    service: CheckupService, clock: Clock, every: Every
) -> None:
    then, today = NOW.date() + timedelta(days=4000), NOW.date()
    chosen = Rhythm(every, begun=then, snoozed_until=then + timedelta(days=7))
    service.set_rhythm(chosen)
    coming = next_reminder(service.rhythm(), clock(), today)
    assert coming and today < coming <= today + timedelta(days=98)
    paused = Rhythm(every, begun=today, paused_until=then, snoozed_until=today + timedelta(days=7))
    service.set_rhythm(paused)
    assert replace(service.rhythm(), series="") == paused, "whoever pauses for years means it"
