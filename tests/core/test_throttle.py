"""Reports of long work are passed on at a pace a window can follow."""

from __future__ import annotations

import pytest

from guardian.core.errors import Cancelled
from guardian.core.jobs import Throttle

Told = list[tuple[int, int]]


def heard() -> tuple[Told, Throttle]:
    told: Told = []
    return told, Throttle(lambda done, total, _note=None, /: told.append((done, total)))


def test_a_fast_loop_is_told_at_its_beginning_and_its_end() -> None:
    told, report = heard()
    for done in range(1001):
        report(done, 1000)
    assert (told[0], told[-1]) == ((0, 1000), (1000, 1000))
    assert len(told) < 20


def test_an_end_that_is_reported_over_and_over_is_told_once() -> None:
    told, report = heard()
    for _ in range(1000):
        report(7, 7)
    assert told.count((7, 7)) < 20


def test_work_without_a_known_end_is_not_taken_for_ended() -> None:
    told, report = heard()
    for _ in range(1000):
        report(0, 0)
    assert len(told) < 20


def test_every_report_can_stop_the_work() -> None:
    def stop(done: int, _total: int, _note: object = None, /) -> None:
        if done == 500:
            raise Cancelled

    report = Throttle(lambda *_: None, stop)
    with pytest.raises(Cancelled):
        for done in range(1000):
            report(done, 1000)
    assert done == 500
