"""Jobs: results on the window's thread, cancelling, and silence once nobody listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.words import Words, message
from guardian.ui.jobs import Jobs
from guardian.ui.kit.working import Working


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def count(total: int, report: Report) -> int:
    for number in range(total):
        report(number, total)
        time.sleep(0.005)
    return total


def for_ever(report: Report) -> None:
    while True:
        report(0, 0)
        time.sleep(0.005)


def test_a_result_arrives_on_the_windows_thread(qtbot: QtBot, jobs: Jobs, owner: QWidget) -> None:
    heard: list[tuple[object, int]] = []
    job = jobs.start(
        owner, count, 5, done=lambda result: heard.append((result, threading.get_ident()))
    )
    qtbot.waitSignal(job.finished).wait()
    assert heard == [(5, threading.get_ident())]
    assert not jobs.running


def test_a_problem_arrives_as_such(qtbot: QtBot, jobs: Jobs, owner: QWidget) -> None:
    def refuse(_report: Report) -> None:
        raise Problem("file-missing", name="x")

    heard: list[str] = []
    job = jobs.start(owner, refuse, failed=lambda problem: heard.append(problem.code))
    qtbot.waitSignal(job.finished).wait()
    assert heard == ["file-missing"]


def test_parts_of_an_answer_arrive_in_order_before_the_whole(
    qtbot: QtBot, jobs: Jobs, owner: QWidget
) -> None:
    def piece_by_piece(_report: Report, *, show: Callable[[object], object]) -> str:
        show("one")
        show("two")
        return "all"

    heard: list[object] = []
    job = jobs.start(owner, piece_by_piece, part=heard.append, done=heard.append)
    qtbot.waitSignal(job.finished).wait()
    assert heard == ["one", "two", "all"]


def test_stopping_ends_the_work_where_it_shows_a_part(
    qtbot: QtBot, jobs: Jobs, owner: QWidget
) -> None:
    def on_and_on(_report: Report, *, show: Callable[[object], object]) -> None:
        while True:
            show("more")
            time.sleep(0.005)

    job = jobs.start(owner, on_and_on, part=lambda _part: None)
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
    assert not jobs.running


def test_stop_ends_the_work_at_its_next_report(qtbot: QtBot, jobs: Jobs, owner: QWidget) -> None:
    job = jobs.start(owner, for_ever)
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
    assert not jobs.running


def test_the_stop_button_stops_the_job_it_follows(qtbot: QtBot, jobs: Jobs, owner: QWidget) -> None:
    working = Working(Words())
    qtbot.addWidget(working)
    job = jobs.start(owner, for_ever)
    working.follow(job, "Looking")
    working.show_progress(3, 10, message("level.ask"))
    assert working.isVisible()
    with qtbot.waitSignal(job.finished):
        working.cancel()
    assert not working.isVisible()


def test_progress_of_any_size_fits_the_bar(qtbot: QtBot, jobs: Jobs, owner: QWidget) -> None:
    def copy_much(report: Report) -> None:
        report(3 * 2**40, 4 * 2**40)
        time.sleep(0.1)

    working = Working(Words())
    qtbot.addWidget(working)
    job = jobs.start(owner, copy_much)
    working.follow(job, "Copying")
    with qtbot.waitSignal(job.progressed):
        pass
    assert working._bar.value() / working._bar.maximum() == 0.75
    qtbot.waitUntil(lambda: not jobs.running)


def test_nothing_is_heard_after_the_owner_is_gone(qtbot: QtBot, jobs: Jobs) -> None:
    owner = QWidget()
    heard: list[object] = []
    jobs.start(owner, count, 200, done=heard.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not jobs.running)
    assert heard == []


def test_closing_ends_everything(owner: QWidget) -> None:
    jobs = Jobs()
    for _ in range(5):
        jobs.start(owner, for_ever)
    start = time.monotonic()
    jobs.close()
    assert time.monotonic() - start < 2


def test_after_the_end_only_those_who_tidy_up_hear_and_nothing_starts(
    qtbot: QtBot, owner: QWidget
) -> None:
    jobs, heard, tidied = Jobs(), [], []
    job = jobs.start(owner, lambda _report: "done late", done=heard.append)
    job.finished.connect(lambda: tidied.append(True))
    jobs.close()
    qtbot.waitUntil(lambda: not job.running, timeout=5_000)
    late = jobs.start(owner, count, 5, done=heard.append)
    qtbot.wait(30)
    assert tidied == [True] and heard == [] and not late.running


def test_reports_are_throttled_but_stopping_is_not(
    qtbot: QtBot, jobs: Jobs, owner: QWidget
) -> None:
    def busy(report: Report) -> None:
        for number in range(20_000):
            report(number, 20_000)

    heard: list[int] = []
    job = jobs.start(owner, busy)
    job.progressed.connect(lambda done, _total, _note: heard.append(done))
    qtbot.waitSignal(job.finished).wait()
    assert len(heard) < 200


def test_an_unforeseen_error_reaches_the_one_hook(qtbot: QtBot, jobs: Jobs, owner: QWidget) -> None:
    def broken(_report: Report) -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        job = jobs.start(owner, broken)
        qtbot.waitSignal(job.finished).wait()
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError
