"""The score: what counts, how much, how long, and what holds it below 80."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.checkup.model import (
    Basis,
    Circumstances,
    Dependant,
    Device,
    Leak,
    LeftOut,
    Phone,
    State,
)
from guardian.checkup.rules.known import applies
from guardian.checkup.rules.scoring import freshness, score
from guardian.core.feature import Level
from tests.checkup.builders import NOW, answer, known, seen, step, task

HEAVY, LIGHT = task("heavy", weight=3), task("light", weight=1)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ((), 0),
        ((("light", State.DONE),), 25),
        ((("heavy", State.DONE),), 75),
        ((("heavy", State.DONE), ("light", State.PARTLY)), 87),  # 87.5: rounded down
        ((("heavy", State.PARTLY), ("light", State.OPEN)), 37),
        ((("heavy", State.DONE), ("light", State.DONE)), 100),
        ((("heavy", State.NOT_MINE), ("light", State.DONE)), 100),
        ((("heavy", State.DONE), ("light", State.NOT_MINE)), 100),
        ((("heavy", State.NOT_MINE), ("light", State.NOT_MINE)), 100),
    ],
)
def test_the_value_is_the_weighted_share_of_what_counts(
    said: tuple[tuple[str, State], ...], value: int
) -> None:
    found = score(known(HEAVY, LIGHT, said=tuple(answer(*one) for one in said)))
    assert found.value == value


def test_what_is_not_for_me_leaves_the_sum_and_is_listed_with_its_reason() -> None:
    said = (answer("heavy", State.NOT_MINE, reason="I have no car"),)
    found = score(known(HEAVY, LIGHT, said=said))
    assert [point.task for point in found.points] == ["light"]
    assert found.left_out == (LeftOut("heavy", chosen=True, reason="I have no car"),)


def test_what_does_not_concern_the_person_is_left_out_whatever_they_say() -> None:
    droid = task("droid", concerns=("android",))
    found = score(known(droid, LIGHT, said=(answer("droid", State.DONE),)))
    assert found.left_out == (LeftOut("droid", chosen=False),)


def test_an_empty_list_asks_for_nothing_and_nothing_is_open() -> None:
    assert score(known()).value == 100


@pytest.mark.parametrize(
    ("concerns", "circumstances", "expected"),
    [
        ((), Circumstances(), True),
        (("phone",), Circumstances(), True),
        (("tablet",), Circumstances(), False),
        (("phone",), Circumstances(devices=frozenset({Device.TABLET})), True),
        (("computer", "phone"), Circumstances(devices=frozenset({Device.PHONE})), False),
        (("android",), Circumstances(phone=Phone.ANDROID), True),
        (("iphone",), Circumstances(phone=Phone.ANDROID), False),
        (("android",), Circumstances(devices=frozenset(), phone=Phone.ANDROID), False),
        (("children",), Circumstances(dependants=frozenset({Dependant.CHILDREN})), True),
        (("elders",), Circumstances(dependants=frozenset({Dependant.CHILDREN})), False),
        (("shared", "public"), Circumstances(shared=True), False),
        (("shared", "public"), Circumstances(shared=True, public=True), True),
        (("leaked",), Circumstances(leaked=Leak.YES), True),
        (("leaked",), Circumstances(leaked=Leak.UNKNOWN), False),
    ],
)
def test_a_task_applies_where_all_it_concerns_holds(
    concerns: tuple[str, ...], circumstances: Circumstances, expected: bool
) -> None:
    assert applies(task("one", concerns=concerns), circumstances) is expected


def test_what_guardian_saw_beats_what_was_said() -> None:
    counted = task("counted", checks=("accounts.decided",))
    said = (answer("counted", State.DONE),)
    sights = (seen("accounts.decided", 9, 12, days_ago=3),)
    (point,) = score(known(counted, said=said, observations=sights)).points
    assert (point.basis, point.share, point.done, point.total) == (Basis.SEEN, 0.75, 9, 12)
    assert point.since == (NOW - timedelta(days=3)).date()


def test_several_checks_give_their_mean_the_total_of_counts_and_the_oldest_day() -> None:
    double = task("double", checks=("a", "b", "never-seen"))
    sights = (seen("a", 1, 1, days_ago=1), seen("b", 1, 4, days_ago=9), seen("other", 0, 1))
    (point,) = score(known(double, observations=sights)).points
    assert (point.share, point.done, point.total) == (0.625, 2, 5)
    assert point.since == (NOW - timedelta(days=9)).date()


@pytest.mark.parametrize(("done", "total", "share"), [(-2, 4, 0.0), (9, 4, 1.0)])
def test_a_count_that_cannot_be_is_bounded(done: int, total: int, share: float) -> None:
    (point,) = score(known(task("t", checks=("c",)), observations=(seen("c", done, total),))).points
    assert point.share == share


def test_a_count_of_nothing_shows_nothing() -> None:
    said = (answer("t", State.DONE),)
    sights = (seen("c", 0, 0),)
    (point,) = score(known(task("t", checks=("c",)), said=said, observations=sights)).points
    assert (point.basis, point.share) == (Basis.SAID, 1.0)


def test_nothing_known_counts_as_open() -> None:
    (point,) = score(known(LIGHT)).points
    assert (point.basis, point.share, point.since) == (Basis.NONE, 0.0, None)


@pytest.mark.parametrize(
    ("days", "ago", "fresh"),
    [
        (30, 0, 1.0), (30, 30, 1.0), (30, 45, 0.75), (30, 60, 0.5), (30, 5000, 0.5),
        (30, -400, 1.0),  # the clock was set back
        (0, 9999, 1.0),
    ],
)  # fmt: skip
def test_a_check_grows_old_slowly_and_never_to_nothing(days: int, ago: int, fresh: float) -> None:
    today = NOW.date()
    assert freshness(task("t", days=days), today - timedelta(days=ago), today) == fresh


@given(st.integers(1, 800), st.integers(-900, 3000))
def test_freshness_never_rises_with_age(days: int, ago: int) -> None:
    today, one = NOW.date(), task("t", days=days)
    younger = freshness(one, today - timedelta(days=ago), today)
    older = freshness(one, today - timedelta(days=ago + 1), today)
    assert 0.5 <= older <= younger <= 1.0


def test_what_is_open_does_not_grow_old() -> None:
    yearly = task("t", days=30)
    (point,) = score(known(yearly, said=(answer("t", State.OPEN, days_ago=300),))).points
    assert point.freshness == 1.0


def test_days_are_those_of_the_person() -> None:
    auckland = timezone(timedelta(hours=13))
    late = answer("t", State.DONE)  # ten in the morning in Greenwich, eleven at night there
    at = NOW.astimezone(auckland)
    (point,) = score(known(task("t"), said=(late,), now=at + timedelta(hours=3))).points
    assert point.since == NOW.date()
    honolulu = timezone(timedelta(hours=-11))
    (point,) = score(known(task("t"), said=(late,), now=NOW.astimezone(honolulu))).points
    assert point.since == NOW.date() - timedelta(days=1)


SERIOUS = task("disk", weight=1, serious=True, checks=("disk.encrypted",), page="processes")
BIG = task("big", weight=99)


@pytest.mark.parametrize(
    ("state", "holds", "value"),
    [
        (State.OPEN, ("disk",), 79),
        (State.PARTLY, ("disk",), 79),
        (State.DONE, (), 100),
        (State.NOT_MINE, (), 100),
    ],
)
def test_something_serious_holds_the_score_until_it_is_done_or_set_aside(
    state: State, holds: tuple[str, ...], value: int
) -> None:
    said = (answer("big", State.DONE), answer("disk", state))
    found = score(known(SERIOUS, BIG, said=said))
    assert (found.holds, found.value) == (holds, value)
    assert found.raw >= 99


def test_the_limit_lifts_nobody_up() -> None:
    assert score(known(SERIOUS, task("other"))).value == 0


def test_an_alarm_of_a_pillar_holds_the_score_and_one_that_asks_does_not() -> None:
    waiting = (
        ("processes", step("odd-program", level=Level.ACT)),
        ("vault", step("vault-backup", level=Level.ASK)),
    )
    found = score(known(BIG, said=(answer("big", State.DONE),), waiting=waiting))
    assert (found.holds, found.value) == (("odd-program",), 79)
    said = (answer("big", State.DONE), answer("odd-program", State.NOT_MINE, reason="my own"))
    assert score(known(BIG, said=said, waiting=waiting)).value == 100


def test_an_alarm_that_is_the_same_as_a_serious_task_holds_once() -> None:
    waiting = (("processes", step("disk.encrypted", level=Level.ACT)),)
    assert score(known(SERIOUS, waiting=waiting)).holds == ("disk",)
    aside = (answer("disk", State.NOT_MINE),)
    assert score(known(SERIOUS, said=aside, waiting=waiting)).holds == ()


def test_a_step_set_aside_takes_the_task_along_that_is_nothing_else() -> None:
    said = (answer("disk.encrypted", State.NOT_MINE, reason="it is a kiosk"),)
    sights = (seen("disk.encrypted", 0, 1),)
    found = score(known(SERIOUS, said=said, observations=sights))
    assert found.left_out == (LeftOut("disk", chosen=True, reason="it is a kiosk"),)
    both = task("both", checks=("disk.encrypted", "disk.locked"))
    sights = (seen("disk.encrypted", 0, 1), seen("disk.locked", 1, 1))
    (point,) = score(known(both, said=said, observations=sights)).points
    assert point.share == 1.0  # the other half still counts


def test_a_step_with_the_name_of_a_task_holds_once() -> None:
    waiting = (("vault", step("disk", level=Level.ACT)),)
    assert score(known(SERIOUS, waiting=waiting)).holds == ("disk",)
