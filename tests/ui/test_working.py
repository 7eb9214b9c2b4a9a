"""What is said of work going on: how fast, and how long it still takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from guardian.core.words import Words
from guardian.ui.jobs import Job
from guardian.ui.kit.working import Pace, Working, tell_left


@dataclass
class Ticking:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


def run(pace: Pace, clock: Ticking, steps: Callable[[float], int], seconds: float) -> int:
    """Report four times a second; the steps done at the end."""
    start, done = clock.now, 0
    while clock.now < start + seconds:
        done = steps(clock.now - start)
        pace.note(done)
        clock.now += 0.25
    return done


def test_nothing_is_promised_before_there_is_something_to_measure(clock: Ticking) -> None:
    pace = Pace(clock)
    assert pace.left(0, 100) is None
    run(pace, clock, lambda passed: int(10 * passed), 1.5)
    assert pace.left(15, 100) is None


def test_steady_work_is_told_exactly(clock: Ticking) -> None:
    pace = Pace(clock)
    done = run(pace, clock, lambda passed: int(100 * passed), 10)
    assert pace.rate == pytest.approx(100, rel=0.02)
    left = pace.left(done, 6_000)
    assert left == pytest.approx((6_000 - done) / 100, rel=0.02)


def test_one_burst_does_not_make_the_time_jump(clock: Ticking) -> None:
    pace = Pace(clock)
    done = run(pace, clock, lambda passed: int(100 * passed), 10)
    before = pace.left(done, 60_000)
    pace.note(done + 500)  # twenty times as fast for a quarter of a second
    after = pace.left(done, 60_000)
    assert before is not None and after is not None and after > before / 3


def test_work_that_begins_anew_is_measured_anew(clock: Ticking) -> None:
    pace = Pace(clock)
    run(pace, clock, lambda passed: int(100 * passed), 10)
    pace.note(0)
    assert pace.left(0, 100) is None


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (5, "less than a minute left"),
        (60, "about 1 minute left"),
        (61, "about 2 minutes left"),
        (3_601, "about 2 hours left"),
    ],
)
def test_the_time_left_is_rounded_up(seconds: float, told: str) -> None:
    assert tell_left(Words(), seconds) == told


def test_the_speed_is_told_only_where_steps_are_bytes(qtbot: QtBot, clock: Ticking) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    working = Working(Words(), clock)
    working.setParent(owner)

    def said(bytes_per_step: float) -> str:
        working.follow(Job(owner), "Adding documents", bytes_per_step)
        for second in range(8):
            working.show_progress(second * 4_000_000, 400_000_000, None)
            clock.now += 1
        return "\n".join(label.text() for label in working.findChildren(QLabel))

    assert "2.0 MB a second · about 2 minutes left" in said(0.5)
    told = said(0.0)
    assert "about 2 minutes left" in told and "a second" not in told
