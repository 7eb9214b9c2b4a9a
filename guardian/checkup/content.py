"""The list of small steps as shipped in ``assets/checkup``."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from msgspec import Meta

from guardian.checkup.model import Area, Duty, Task, Way
from guardian.core.content import Record, read_content
from guardian.core.errors import Problem

FILE = "checkup/tasks.json"
Name = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]*$")]
Concern = Literal[
    "android", "iphone", "phone", "tablet", "computer",
    "children", "elders", "shared", "public", "leaked",
]  # fmt: skip


class WayRecord(Record, frozen=True):
    """See :class:`~guardian.checkup.model.Way`."""

    name: Name
    lines: Annotated[int, Meta(ge=1)]


class TaskRecord(Record, frozen=True):
    """See :class:`~guardian.checkup.model.Task`."""

    id: Name
    area: Area
    duty: Duty
    minutes: Annotated[int, Meta(ge=1)]
    weight: Annotated[int, Meta(ge=1, le=3)]
    serious: bool
    concerns: tuple[Concern, ...]
    days: Annotated[int, Meta(ge=0)]
    checks: tuple[str, ...]
    ways: tuple[WayRecord, ...]
    child: bool = False
    page: str = ""


@cache
def read_tasks() -> tuple[Task, ...]:
    """All small steps, in the order of the list. Raises ``Problem("content-bad")``."""
    records = read_content(FILE, tuple[TaskRecord, ...])
    known: set[str] = set()
    for record in records:
        if record.id in known:
            raise Problem("content-bad", file=FILE, reason=f"{record.id} stands there twice")
        known.add(record.id)
    return tuple(to_task(record) for record in records)


def to_task(record: TaskRecord) -> Task:
    return Task(
        id=record.id,
        area=record.area,
        duty=record.duty,
        minutes=record.minutes,
        weight=record.weight,
        serious=record.serious,
        concerns=record.concerns,
        days=record.days,
        checks=record.checks,
        ways=tuple(Way(way.name, way.lines) for way in record.ways),
        child=record.child,
        page=record.page,
    )
