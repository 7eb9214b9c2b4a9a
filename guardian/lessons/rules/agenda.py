"""Agendas: when to break, how long it all takes, and what moves when something takes longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate

from guardian.core.errors import Problem
from guardian.lessons.model import Agenda, Kind, Pack, Slot

SITTING_MOST = 50
BREAK = 10
LONG = 4 * 60
AGENDA_MOST = 12 * 60
SHORTEST = 1


def plan_agenda(packs: Sequence[Pack]) -> Agenda:
    """``packs`` in their order; a break wherever people would otherwise sit over 50 minutes.

    A pack is never split, so one that is longer than that stands alone between two breaks.
    Raises ``Problem("agenda-empty")`` and, above twelve hours, ``Problem("agenda-too-long")``.
    """
    if not packs:
        raise Problem("agenda-empty")
    slots: list[Slot] = []
    sitting = 0
    for pack in packs:
        if slots and sitting + pack.minutes > SITTING_MOST:
            slots.append(Slot(Kind.BREAK, "", 0, BREAK))
            sitting = 0
        slots.append(Slot(Kind.PACK, pack.id, 0, pack.minutes))
        sitting += pack.minutes
    agenda = lay_out(slots)
    if agenda.minutes > AGENDA_MOST:
        raise Problem("agenda-too-long", hours=AGENDA_MOST // 60)
    return agenda


def lay_out(slots: Sequence[Slot]) -> Agenda:
    """``slots`` one right after the other, whatever their starts were."""
    starts = accumulate((slot.minutes for slot in slots), initial=0)
    placed = tuple(replace(slot, start=start) for slot, start in zip(slots, starts, strict=False))
    minutes = sum(slot.minutes for slot in slots)
    return Agenda(placed, minutes, long=minutes >= LONG)


def divide(agenda: Agenda, packs: Mapping[str, Pack]) -> Agenda:
    """The same agenda with a slot for each phase. ``packs`` are by their id.

    For agendas as they were planned: minutes added to a whole pack belong to none of its phases.
    """
    slots: list[Slot] = []
    for slot in agenda.slots:
        if slot.kind is Kind.BREAK or slot.phase is not None:
            slots.append(slot)
            continue
        slots += [
            Slot(Kind.PACK, slot.pack, 0, part.minutes, part.phase)
            for part in packs[slot.pack].parts
        ]
    return lay_out(slots)


def extend(agenda: Agenda, number: int, minutes: int) -> Agenda:
    """Give the slot at index ``number`` so many more minutes, and move all that follow.

    Fewer with a negative ``minutes``, but no slot gets shorter than one minute.
    """
    slots = list(agenda.slots)
    longer = max(slots[number].minutes + minutes, SHORTEST)
    slots[number] = replace(slots[number], minutes=longer)
    return lay_out(slots)


def find_running(agenda: Agenda, minutes: float) -> int | None:
    """The index of the slot that runs so long after the start; None before and afterwards."""
    for number, slot in enumerate(agenda.slots):
        if slot.start <= minutes < slot.end:
            return number
    return None


def clock_times(agenda: Agenda, start: datetime) -> tuple[datetime, ...]:
    """When each slot begins, and last when all ends: one more than there are slots."""
    begins = [slot.start for slot in agenda.slots]
    return tuple(start + timedelta(minutes=one) for one in (*begins, agenda.minutes))
