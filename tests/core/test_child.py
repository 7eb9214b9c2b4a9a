"""Documents are parsed in a child process that cannot take Guardian down with it."""

from __future__ import annotations

import os
import time

import pytest

from guardian.clauses.sources import reader
from guardian.core.child import Spare, run_limited
from guardian.core.errors import Cancelled, Problem

# Functions run by the child must belong to Guardian, so these tests borrow some of its own.
from guardian.core.keys import item


def test_the_child_runs_guardians_own_functions_only() -> None:
    with pytest.raises(Problem, match="document-too-hard"):
        run_limited(os.path.abspath, b"/", str)


def test_a_result_comes_back_typed() -> None:
    with pytest.raises(Exception, match="Expected `int`"):
        run_limited(item, b"x", int)  # type: ignore[arg-type]
    assert run_limited(item, b"x", str).startswith("records ")


def test_cancelling_ends_the_child_at_once() -> None:
    def stop() -> None:
        raise Cancelled

    start = time.monotonic()
    with pytest.raises(Cancelled):
        run_limited(item, b"x" * 1000, str, check=stop)
    assert time.monotonic() - start < 5


def test_too_little_memory_is_a_problem_not_a_crash() -> None:
    with pytest.raises(Problem, match="document-too-hard"):
        run_limited(item, b"x" * 60_000_000, str, memory=150_000_000)


def test_too_little_time_is_a_problem() -> None:
    with pytest.raises(Problem, match="document-too-hard"):
        run_limited(item, b"x", str, seconds=0.0)


def test_a_child_may_be_waited_for_longer_than_it_may_compute() -> None:
    assert run_limited(item, b"x", str, seconds=20, patience=60).startswith("records ")
    with pytest.raises(Problem, match="document-too-hard"):
        run_limited(item, b"x", str, seconds=20, patience=0.0)


def test_a_long_document_reaches_the_child_whole() -> None:
    assert len(run_limited(item, b"x" * 5_000_000, str)) == 5_000_000 + len("records b''")


def test_a_child_that_never_reads_does_not_hold_us_up() -> None:
    start = time.monotonic()
    with pytest.raises(Problem, match="document-too-hard"):
        run_limited(os.path.abspath, b"x" * 5_000_000, str)
    assert time.monotonic() - start < 10


def test_a_spare_child_is_used_once_and_does_the_same() -> None:
    spare = Spare(item)
    spare.prepare()
    waiting = spare.take()
    spare.close()
    waiting.kill()
    waiting.communicate()
    spare.prepare()
    assert run_limited(item, b"x", str, spare=spare) == run_limited(item, b"x", str)
    assert run_limited(item, b"x", str, spare=spare).startswith("records ")


def test_a_spare_child_loads_ahead_what_it_is_told_to() -> None:
    spare = Spare(item, load=reader.load)
    spare.prepare()
    assert run_limited(item, b"x", str, spare=spare).startswith("records ")
    not_ours = Spare(item, load=os.getpid)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="document-too-hard"):
        run_limited(item, b"x", str, spare=not_ours)


def test_a_spare_child_that_died_is_replaced() -> None:
    spare = Spare(item)
    spare.prepare()
    dead = spare.take()
    dead.kill()
    spare._waiting.append(dead)
    dead.wait()
    assert run_limited(item, b"x", str, spare=spare).startswith("records ")


def test_a_spare_child_ends_with_its_owner() -> None:
    spare = Spare(item)
    spare.prepare()
    waiting = spare._waiting[0]
    del spare
    assert waiting.poll() is not None
