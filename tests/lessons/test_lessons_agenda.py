"""Agendas: nobody sits too long, nothing gets lost, and what moves keeps its length."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.lessons.content import read_packs
from guardian.lessons.model import Agenda, Kind, Pack, Part, Phase, Slot
from guardian.lessons.rules.agenda import (
    BREAK,
    SITTING_MOST,
    clock_times,
    divide,
    extend,
    find_running,
    plan_agenda,
)


def a_pack(minutes: int, name: str = "one") -> Pack:
    return Pack(name, (Part(Phase.ACTIVITY, minutes, 2),), (), (), 1, 1)


def sittings(agenda: Agenda) -> list[list[Slot]]:
    """The packs between one break and the next."""
    found: list[list[Slot]] = [[]]
    for slot in agenda.slots:
        if slot.kind is Kind.BREAK:
            found.append([])
        else:
            found[-1].append(slot)
    return found


lengths = st.lists(st.integers(1, 90), min_size=1, max_size=7)
real = st.lists(st.sampled_from(read_packs()), min_size=1, max_size=8)


@given(lengths)
def test_nobody_sits_longer_than_fifty_minutes_but_for_one_long_pack(minutes: list[int]) -> None:
    agenda = plan_agenda([a_pack(one) for one in minutes])
    for sitting in sittings(agenda):
        assert sitting, "no break at the ends, and no two in a row"
        assert len(sitting) == 1 or sum(slot.minutes for slot in sitting) <= SITTING_MOST


@given(lengths)
def test_a_break_is_made_only_where_it_is_needed(minutes: list[int]) -> None:
    parts = sittings(plan_agenda([a_pack(one) for one in minutes]))
    for before, after in pairwise(parts):
        assert sum(slot.minutes for slot in before) + after[0].minutes > SITTING_MOST


@given(real)
def test_minutes_sum_and_the_order_is_kept(packs: list[Pack]) -> None:
    agenda = plan_agenda(packs)
    assert [slot.pack for slot in agenda.slots if slot.kind is Kind.PACK] == [p.id for p in packs]
    breaks = sum(slot.kind is Kind.BREAK for slot in agenda.slots)
    assert agenda.minutes == sum(pack.minutes for pack in packs) + BREAK * breaks
    assert agenda.minutes == agenda.slots[-1].end
    assert seamless(agenda)
    assert agenda.long == (agenda.minutes >= 240)


def seamless(agenda: Agenda) -> bool:
    ends = [0, *(slot.end for slot in agenda.slots)]
    return all(slot.start == end for slot, end in zip(agenda.slots, ends, strict=False))


@given(real, st.data(), st.integers(-200, 200))
def test_giving_more_minutes_moves_the_rest_and_keeps_its_length(
    packs: list[Pack], data: st.DataObject, minutes: int
) -> None:
    before = divide(plan_agenda(packs), {pack.id: pack for pack in packs})
    number = data.draw(st.integers(0, len(before.slots) - 1))
    after = extend(before, number, minutes)
    assert after.slots[number].minutes == max(before.slots[number].minutes + minutes, 1)
    moved = after.slots[number].minutes - before.slots[number].minutes
    assert after.slots[:number] == before.slots[:number]
    for old, new in zip(before.slots[number + 1 :], after.slots[number + 1 :], strict=True):
        assert (new.start, new.minutes) == (old.start + moved, old.minutes)
        assert (new.pack, new.phase) == (old.pack, old.phase)
    assert after.minutes == before.minutes + moved
    assert seamless(after)


@given(real)
def test_divided_by_phases_it_takes_just_as_long(packs: list[Pack]) -> None:
    by_id = {pack.id: pack for pack in packs}
    whole = plan_agenda(packs)
    divided = divide(whole, by_id)
    assert divided.minutes == whole.minutes
    assert {slot.start for slot in whole.slots} <= {slot.start for slot in divided.slots}
    phases = [slot.phase for slot in divided.slots if slot.kind is Kind.PACK]
    assert phases == [part.phase for pack in packs for part in pack.parts]
    assert divide(divided, by_id) == divided


def test_all_eight_are_a_long_day_and_one_is_not() -> None:
    assert plan_agenda(read_packs()).long
    assert not plan_agenda(read_packs()[:1]).long


def test_four_hours_to_the_minute_are_long() -> None:
    assert plan_agenda([a_pack(240)]).long
    assert not plan_agenda([a_pack(239)]).long


def test_what_runs_is_found_by_the_minute() -> None:
    agenda = plan_agenda([a_pack(45), a_pack(30)])
    moments = (-1, 0, 44.9, 45, 54.9, 55, 84.9, 85)
    assert [find_running(agenda, at) for at in moments] == [None, 0, 0, 1, 1, 2, 2, None]


def test_the_clock_says_when_each_begins_and_when_all_ends() -> None:
    start = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    times = clock_times(plan_agenda([a_pack(45), a_pack(30)]), start)
    assert [time - start for time in times] == [timedelta(minutes=m) for m in (0, 45, 55, 85)]


@pytest.mark.parametrize(
    ("minutes", "code"), [([], "agenda-empty"), ([60] * 11, "agenda-too-long")]
)
def test_what_is_no_agenda_is_said(minutes: list[int], code: str) -> None:
    with pytest.raises(Problem) as caught:
        plan_agenda([a_pack(one) for one in minutes])
    assert caught.value.code == code
