"""Why the score moved: the lines always sum to the change, and say what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings

from guardian.checkup.model import Change, Score, State
from guardian.checkup.rules.changing import compare_scores
from guardian.checkup.rules.scoring import score
from guardian.checkup.telling import tell_change
from guardian.core.words import Words
from tests.checkup.any_score import scores
from tests.checkup.builders import NOW, answer, known, seen, task


@settings(max_examples=120)
@given(scores(), scores())
def test_the_lines_always_sum_to_the_change(old: Score, new: Score) -> None:
    change = compare_scores(old, new)
    assert (change.before, change.after) == (old.value, new.value)
    assert sum(line.points for line in change.lines) == new.value - old.value
    assert all(line.points for line in change.lines)
    words = Words()
    for line, (count, text) in zip(change.lines, tell_change(change, words), strict=True):
        assert line.text.code in words
        assert count == line.points
        assert "{" not in text


@given(scores())
def test_nothing_changed_has_no_line(one: Score) -> None:
    assert compare_scores(one, one).lines == ()


FOUR = tuple(task(name) for name in ("one", "two", "three", "four"))


def lines(change: Change) -> list[tuple[int, str]]:
    codes = [line.text.code.removeprefix("checkup.change.") for line in change.lines]
    return [(line.points, code) for line, code in zip(change.lines, codes, strict=True)]


def test_few_tasks_are_named_and_many_are_counted() -> None:
    open_ = score(known(*FOUR))
    two = score(known(*FOUR, said=(answer("one", State.DONE), answer("two", State.PARTLY))))
    assert lines(compare_scores(open_, two)) == [(25, "did.one"), (12, "began.one")]
    every = score(known(*FOUR, said=tuple(answer(one.id, State.DONE) for one in FOUR)))
    change = compare_scores(open_, every)
    assert tell_change(change, Words()) == [(100, "You did 4 steps")]
    assert lines(compare_scores(two, open_)) == [
        (-25, "retracted.one"),
        (-12, "retracted.one"),
    ]


def test_a_named_task_is_told_by_its_title(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words()
    monkeypatch.setitem(words._texts, "checkup.task.one", "Water the plants")
    done = score(known(*FOUR, said=(answer("one", State.DONE),)))
    change = compare_scores(score(known(*FOUR)), done)
    assert tell_change(change, words) == [(25, "You did this: “Water the plants”")]


def test_old_checks_are_told_as_old_and_new_ones_as_looked_at_again() -> None:
    tasks = tuple(task(name, days=30) for name in ("one", "two", "three"))
    said = tuple(answer(one.id, State.DONE) for one in tasks)
    fresh = score(known(*tasks, said=said))
    stale = score(known(*tasks, said=said, now=NOW + timedelta(days=45)))
    older = compare_scores(fresh, stale)
    assert tell_change(older, Words()) == [(-25, "3 checks are older than they should be")]
    again = tuple(answer(one.id, State.DONE, days_ago=-45) for one in tasks)
    renewed = score(known(*tasks, said=again, now=NOW + timedelta(days=45)))
    assert lines(compare_scores(stale, renewed)) == [(25, "fresh.several")]


def test_a_clock_set_back_is_not_told_as_a_new_look() -> None:
    monthly = task("one", days=30)
    said = (answer("one", State.DONE),)
    later = score(known(monthly, said=said, now=NOW + timedelta(days=45)))
    back = score(known(monthly, said=said, now=NOW - timedelta(days=4000)))
    assert lines(compare_scores(later, back)) == [(25, "younger.one")]


def test_what_guardian_counted_comes_with_the_difference() -> None:
    counted = task("counted", checks=("accounts.decided",))
    before = score(known(counted, observations=(seen("accounts.decided", 6, 12),)))
    after = score(known(counted, observations=(seen("accounts.decided", 9, 12),)))
    (line,) = compare_scores(before, after).lines
    assert (line.points, line.text.code) == (25, "checkup.change.seen-more.one")
    assert line.text.facts == {"task": "counted", "done": 9, "total": 12, "count": 3}
    grown = score(known(counted, observations=(seen("accounts.decided", 9, 36),)))
    (line,) = compare_scores(after, grown).lines
    assert (line.points, line.text.code) == (-50, "checkup.change.seen-other.one")
    first = compare_scores(score(known(counted)), after)
    assert lines(first) == [(75, "seen-count.one")]


def test_a_thing_that_is_there_or_not_is_told_without_counts() -> None:
    one = task("one", checks=("disk",))
    there, gone = (score(known(one, observations=(seen("disk", n, 1),))) for n in (1, 0))
    assert lines(compare_scores(gone, there)) == [(100, "seen-done.one")]
    assert lines(compare_scores(there, gone)) == [(-100, "seen-open.one")]
    unseen = score(known(one, said=(answer("one", State.OPEN),)))
    assert lines(compare_scores(there, unseen)) == [(-100, "unseen.one")]


def test_what_came_and_what_was_set_aside_is_told_apart_from_what_was_done() -> None:
    half = score(known(*FOUR[:2], said=(answer("one", State.DONE),)))
    come = score(known(*FOUR, said=(answer("one", State.DONE), answer("three", State.DONE))))
    assert lines(compare_scores(half, come)) == [
        (-17, "came.one"), (-8, "came.one"), (25, "did.one"),
    ]  # fmt: skip
    said = (answer("one", State.DONE), answer("two", State.NOT_MINE))
    aside = score(known(*FOUR[:2], said=said))
    assert lines(compare_scores(half, aside)) == [(50, "aside.one")]
    assert lines(compare_scores(aside, half)) == [(-50, "back.one")]
    assert lines(compare_scores(come, half)) == [(-17, "went.one"), (17, "went.one")]


def test_the_limit_has_a_line_of_its_own() -> None:
    disk, big = task("disk", serious=True), task("big", weight=99)
    done = answer("big", State.DONE)
    nothing = score(known(disk, big))
    held = score(known(disk, big, said=(done,)))
    freed = score(known(disk, big, said=(done, answer("disk", State.DONE))))
    assert lines(compare_scores(nothing, held)) == [(99, "did.one"), (-20, "held-more")]
    assert lines(compare_scores(held, freed)) == [(1, "did.one"), (20, "freed.one")]
    assert lines(compare_scores(freed, held)) == [(-1, "retracted.one"), (-20, "held.one")]
    assert lines(compare_scores(held, nothing)) == [(-99, "retracted.one"), (20, "held-less")]


def test_a_value_reckoned_otherwise_in_the_past_still_sums() -> None:
    old = Score((), (), (), raw=40.0, value=40)
    assert lines(compare_scores(old, score(known()))) == [(60, "reckoned")]


def test_nobody_is_said_to_have_said_what_they_did_not() -> None:
    one = task("one", checks=("c",))
    nothing = score(known(one))
    said = score(known(one, said=(answer("one", State.DONE),)))
    half = score(known(one, said=(answer("one", State.PARTLY),)))
    there = score(known(one, observations=(seen("c", 1, 1),)))
    assert lines(compare_scores(said, half)) == [(-50, "undone.one")]
    assert lines(compare_scores(said, nothing)) == [(-100, "retracted.one")]
    assert lines(compare_scores(there, half)) == [(-50, "unseen.one")]
    assert lines(compare_scores(there, nothing)) == [(-100, "unknown.one")]
