"""The list is read strictly: a slip in it is named with its place, never guessed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from guardian.checkup import content
from guardian.checkup.model import Area, Duty, Task, Way
from guardian.core import content as reading
from guardian.core.errors import Problem

GOOD = {
    "id": "router-password",
    "area": "network",
    "duty": "check",
    "minutes": 10,
    "weight": 2,
    "serious": False,
    "concerns": ["computer"],
    "days": 365,
    "checks": ["router"],
    "ways": [{"name": "any", "lines": 3}],
}


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A list of the test's own in the place of the one that is shipped."""
    monkeypatch.setattr(reading, "assets", lambda: tmp_path)
    (tmp_path / "checkup").mkdir()
    content.read_tasks.cache_clear()
    yield tmp_path / content.FILE
    content.read_tasks.cache_clear()


def read(file: Path, *records: object) -> tuple[Task, ...]:
    file.write_bytes(msgspec.json.encode(records))
    return content.read_tasks()


def test_a_record_becomes_a_task(shipped: Path) -> None:
    assert read(shipped, GOOD) == (
        Task(
            id="router-password",
            area=Area.NETWORK,
            duty=Duty.CHECK,
            minutes=10,
            weight=2,
            serious=False,
            concerns=("computer",),
            days=365,
            checks=("router",),
            ways=(Way("any", 3),),
        ),
    )


@pytest.mark.parametrize(
    ("slip", "named"),
    [
        ({"wieght": 2}, "wieght"),
        ({"weight": 4}, "weight"),
        ({"minutes": 0}, "minutes"),
        ({"days": -1}, "days"),
        ({"area": "garden"}, "area"),
        ({"concerns": ["cats"]}, "concerns"),
        ({"id": "Two Words"}, "id"),
        ({"ways": [{"name": "any", "lines": 0}]}, "lines"),
        ({"serious": "yes"}, "serious"),
    ],
)
def test_a_slip_is_named(shipped: Path, slip: dict[str, object], named: str) -> None:
    with pytest.raises(Problem) as caught:
        read(shipped, {**GOOD, **slip})
    assert caught.value.code == "content-bad"
    assert named in str(caught.value.facts["reason"])


def test_a_task_that_stands_there_twice_is_named(shipped: Path) -> None:
    with pytest.raises(Problem) as caught:
        read(shipped, GOOD, GOOD)
    assert "router-password" in str(caught.value.facts["reason"])


def test_a_missing_list_is_a_problem(shipped: Path) -> None:
    with pytest.raises(Problem) as caught:
        content.read_tasks()
    assert caught.value.code == "content-bad"
