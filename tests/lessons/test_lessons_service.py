"""The service of the lessons: what is counted and finished is kept, and nonsense is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words
from guardian.lessons.model import Count, Kind
from guardian.lessons.service import HANDS_MOST, LessonsService, shares


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def service(store: Store) -> LessonsService:
    return LessonsService(store, lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))


def test_hands_are_kept_and_counted_anew_the_new_count_stands(
    service: LessonsService, store: Store
) -> None:
    service.count(Count("cancel", 2, (1, 0, 4)))
    service.count(Count("cancel", 1, (3, 9, 2)))
    service.count(Count("cancel", 2, (0, 7, 5)))
    again = LessonsService(store, datetime.now)
    assert again.counts("cancel") == (Count("cancel", 1, (3, 9, 2)), Count("cancel", 2, (0, 7, 5)))
    assert again.counts("pause") == ()


def test_the_next_group_begins_anew(service: LessonsService) -> None:
    service.count(Count("cancel", 1, (3, 9, 2)))
    service.count(Count("pause", 1, (1, 1, 1)))
    service.forget_counts("cancel")
    assert service.counts("cancel") == ()
    assert len(service.counts("pause")) == 1


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        (Count("nothing", 1, (1, 2, 3)), "lesson-unknown"),
        (Count("cancel", 6, (1, 2, 3)), "lesson-question-unknown"),
        (Count("cancel", 0, (1, 2, 3)), "lesson-question-unknown"),
        (Count("cancel", 1, ()), "count-options"),
        (Count("cancel", 1, (1, 2)), "count-options"),
        (Count("cancel", 1, (1, 2, 3, 4)), "count-options"),
        (Count("cancel", 1, (1, -1, 3)), "count-negative"),
        (Count("cancel", 1, (1, HANDS_MOST + 1, 3)), "count-too-many"),
    ],
)
def test_a_count_that_cannot_be_right_is_refused_and_nothing_is_lost(
    service: LessonsService, counted: Count, code: str
) -> None:
    service.count(Count("cancel", 1, (3, 9, 2)))
    with pytest.raises(Problem) as caught:
        service.count(counted)
    assert caught.value.code == code
    assert service.counts("cancel") == (Count("cancel", 1, (3, 9, 2)),)


def test_damaged_and_outdated_counts_are_left_out(service: LessonsService, store: Store) -> None:
    service.count(Count("cancel", 1, (3, 9, 2)))
    for question, hands in ((2, "no list"), (3, "[1]"), (4, None), (9, "[1,2,3]"), (5, b"\xff")):
        store.run(
            "INSERT INTO lessons_counts (pack, question, hands) VALUES ('cancel', ?, ?)",
            question,
            hands if hands is not None else 12,
        )
    assert service.counts("cancel") == (Count("cancel", 1, (3, 9, 2)),)


def test_finished_lessons_are_remembered_once_in_their_order(
    service: LessonsService, store: Store
) -> None:
    assert service.finished() == ()
    for pack in ("rights", "cancel", "rights"):
        service.finish(pack)
    assert LessonsService(store, datetime.now).finished() == ("rights", "cancel")
    with pytest.raises(Problem):
        service.finish("nothing")


def test_an_unknown_lesson_is_answered_with_those_there_are(service: LessonsService) -> None:
    with pytest.raises(Problem) as caught:
        service.plan(["cancel", "nothing"])
    assert caught.value.code == "lesson-unknown"
    assert "evidence" in str(caught.value.facts["known"])


def test_two_lessons_are_planned_with_a_break_between(service: LessonsService) -> None:
    agenda = service.plan(["cancel", "phone"])
    assert [slot.kind for slot in agenda.slots] == [Kind.PACK, Kind.BREAK, Kind.PACK]
    assert agenda.minutes == 45 + 10 + 55
    assert len(service.divide(agenda).slots) == 11


@given(st.lists(st.integers(0, HANDS_MOST), min_size=1, max_size=4))
def test_shares_of_hands_sum_to_a_hundred(hands: list[int]) -> None:
    told = shares(hands)
    assert sum(told) == (100 if any(hands) else 0)
    for share, count in zip(told, hands, strict=True):
        assert abs(share - 100 * count / (sum(hands) or 1)) < 1


def test_shares_are_as_one_would_say_them() -> None:
    assert shares((1, 1, 1)) == (34, 33, 33)
    assert shares((0, 5)) == (0, 100)
    assert shares(()) == ()


def test_the_checkup_sees_that_a_lesson_was_gone_through(service: LessonsService) -> None:
    assert service.observations() == ()
    service.finish("cancel")
    (seen,) = service.observations()
    assert (seen.check, seen.done, seen.total) == ("lesson-finished", 1, 1)
    assert "1 lesson" in Words().tell(seen.text)
    assert service.next_steps() == ()
