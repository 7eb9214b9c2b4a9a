"""What the checkup remembers: whole, in order, quick with ten thousand, and never a crash."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given

from guardian.checkup.model import (
    Answer,
    Basis,
    Circumstances,
    Dependant,
    Device,
    Every,
    Leak,
    LeftOut,
    Phone,
    Point,
    Rhythm,
    Score,
    State,
)
from guardian.checkup.repository import MIGRATIONS, CheckupRepository, pack, unpack
from guardian.core.errors import Problem
from guardian.core.paths import find_paths
from guardian.core.store import Store, open_in_memory, open_store
from tests.checkup.any_score import scores
from tests.checkup.builders import NOW
from tests.memory_keychain import MemoryKeychain
from tests.timing import quickest

SCORE = Score(
    points=(
        Point("disk", 3, 1.0, 1.0, Basis.SEEN, 1, 1, date(2026, 11, 1)),
        Point("mail", 2, 0.5, 0.75, Basis.SAID, since=date(2026, 9, 1)),
        Point("phone", 1, 0.0, 1.0, Basis.NONE),
    ),
    left_out=(LeftOut("car", chosen=True, reason="“none” — 沒有"), LeftOut("child", chosen=False)),
    holds=("mail",),
    raw=62.5,
    value=62,
)


@pytest.fixture
def store() -> Store:
    return open_in_memory()


@pytest.fixture
def repository(store: Store) -> CheckupRepository:
    return CheckupRepository(store)


def test_everything_comes_back_as_it_was(repository: CheckupRepository, store: Store) -> None:
    circumstances = Circumstances(
        devices=frozenset({Device.TABLET}),
        phone=Phone.IPHONE,
        dependants=frozenset(Dependant),
        shared=True,
        public=True,
        leaked=Leak.NO,
        minutes=45,
        asked=True,
    )
    rhythm = Rhythm(
        Every.MONTHLY, "after the Sunday coffee", 0, 23, True,
        date(2026, 12, 1), date(2026, 12, 24), date(2026, 1, 1),
    )  # fmt: skip
    assert (repository.circumstances(), repository.rhythm()) == (Circumstances(), Rhythm())
    # there is no next day after the last one
    late = b'{"every": "weekly", "weekday": 6, "hour": 9, "begun": "9999-12-31"}'
    store.run("UPDATE checkup_rhythm SET body = ?", late)
    assert repository.rhythm() == Rhythm()
    repository.keep_circumstances(circumstances)
    repository.keep_rhythm(rhythm)
    first, second = Answer("b", State.NOT_MINE, NOW, "no car"), Answer("a", State.DONE, NOW)
    repository.keep_answer(first)
    repository.keep_answer(second)
    repository.keep_later("a", date(2027, 1, 1))
    again = CheckupRepository(store)
    assert again.circumstances() == circumstances
    assert again.rhythm() == rhythm
    assert again.answers() == (first, second)
    assert again.later() == {"a": date(2027, 1, 1)}


def test_an_answer_takes_the_place_of_the_one_before_and_ends_the_waiting(
    repository: CheckupRepository,
) -> None:
    repository.keep_answer(Answer("a", State.PARTLY, NOW))
    repository.keep_later("a", date(2027, 1, 1))
    repository.keep_answer(Answer("a", State.DONE, NOW))
    assert [one.state for one in repository.answers()] == [State.DONE]
    assert repository.later() == {}
    repository.take_back(["a", "never-there"])
    assert repository.answers() == ()


def test_typed_words_of_any_kind_can_be_kept(repository: CheckupRepository) -> None:
    repository.keep_answer(Answer("a", State.NOT_MINE, NOW, " two\nlines \ud83d half '); DROP"))
    assert repository.answers()[0].reason == "two lines ? half '); DROP"
    repository.keep_rhythm(Rhythm(cue="\udcff tea\n"))
    assert repository.rhythm().cue == "? tea"


def test_a_snapshot_comes_back_whole_and_moments_in_utc(repository: CheckupRepository) -> None:
    moment = repository.append(SCORE, NOW.astimezone(timezone(timedelta(hours=9))))
    assert moment.taken == NOW
    assert repository.snapshot(moment.id).score == SCORE
    assert repository.history() == (moment,)
    assert moment.taken.utcoffset() == timedelta(0)


@given(scores())
def test_any_score_survives_being_kept(one: Score) -> None:
    assert unpack(pack(one)) == one


def test_the_history_keeps_the_order_of_taking_when_the_clock_was_set_back(
    repository: CheckupRepository,
) -> None:
    days = [0, 5, -300, 6]
    for day in days:
        repository.append(SCORE, NOW + timedelta(days=day))
    assert [(one.taken - NOW).days for one in repository.history()] == days


def test_snapshots_are_deleted_by_number_and_numbers_never_come_back(
    repository: CheckupRepository, store: Store
) -> None:
    numbers = [repository.append(SCORE, NOW).id for _ in range(4)]
    assert repository.forget([numbers[1], 999, -1, 10**30]) == 1
    assert [one.id for one in repository.history()] == [numbers[0], *numbers[2:]]
    assert repository.forget(None) == 3
    assert store.rows("SELECT count(*) FROM checkup_bodies") == [(0,)]
    assert repository.append(SCORE, NOW).id > max(numbers)


@pytest.mark.parametrize("number", [0, -1, 7, 10**30])
def test_an_unknown_snapshot_is_named_so(repository: CheckupRepository, number: int) -> None:
    with pytest.raises(Problem) as caught:
        repository.snapshot(number)
    assert caught.value.code == "snapshot-unknown"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"\xff\xfe", 17, "{}", pack(SCORE)[:-9],
     pack(SCORE).replace(b"0.75", b"7.50"), pack(SCORE).replace(b'"said"', b'"guessed"')],
)  # fmt: skip
def test_a_damaged_snapshot_is_a_problem_and_no_crash(
    repository: CheckupRepository, store: Store, body: object
) -> None:
    number = repository.append(SCORE, NOW).id
    store.run("UPDATE checkup_bodies SET body = ?", body)
    with pytest.raises(Problem) as caught:
        repository.snapshot(number)
    assert caught.value.code == "snapshot-damaged"
    assert len(repository.history()) == 1


def test_damaged_rows_count_as_never_written(repository: CheckupRepository, store: Store) -> None:
    for key in ("good", "bad-state", "bad-time", "no-zone"):
        repository.keep_answer(Answer(key, State.DONE, NOW))
        repository.keep_later(f"{key}-later", date(2027, 1, 1))
        repository.append(SCORE, NOW)
    store.run("UPDATE checkup_answers SET state = 'perhaps' WHERE key = 'bad-state'")
    store.run("UPDATE checkup_answers SET at = '0001-01-01T00:00:00Z' WHERE key = 'bad-time'")
    store.run("UPDATE checkup_answers SET at = '2026-01-01T00:00:00' WHERE key = 'no-zone'")
    store.run("UPDATE checkup_later SET until = 'soon' WHERE key <> 'good-later'")
    store.run("UPDATE checkup_snapshots SET taken = x'00' WHERE id = 2")
    store.run("UPDATE checkup_snapshots SET value = 'much' WHERE id = 3")
    assert [one.key for one in repository.answers()] == ["good"]
    assert list(repository.later()) == ["good-later"]
    assert [one.id for one in repository.history()] == [1, 4]
    repository.keep_circumstances(Circumstances(asked=True))
    repository.keep_rhythm(Rhythm(hour=9))
    for table in ("checkup_circumstances", "checkup_rhythm"):
        for body in (b"{", b"[]", b'{"minutes": "many", "hour": 99, "weekday": 1}', None):
            store.run(f"UPDATE {table} SET body = ?", body)
            assert repository.circumstances() in (Circumstances(), Circumstances(asked=True))
            assert repository.rhythm() in (Rhythm(), Rhythm(hour=9))
    assert (repository.circumstances(), repository.rhythm()) == (Circumstances(), Rhythm())


def test_records_of_a_newer_guardian_are_left_alone(store: Store) -> None:
    store.migrate("checkup", (*MIGRATIONS, "CREATE TABLE checkup_future (x INTEGER)"))
    with pytest.raises(Problem) as caught:
        CheckupRepository(store)
    assert caught.value.code == "store-newer"


def test_the_records_are_nowhere_readable(memory_keychain: MemoryKeychain, tmp_path: Path) -> None:
    paths = find_paths()
    opened = open_store(paths, memory_keychain)
    repository = CheckupRepository(opened)
    secret = "canary-7Gh2-reason"
    repository.keep_answer(Answer("a", State.NOT_MINE, NOW, secret))
    repository.append(Score((), (LeftOut("a", True, secret),), (), 100.0, 100), NOW)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "records.db" for path in files)
    assert not any(secret.encode() in path.read_bytes() for path in files)
    opened.close()


def test_ten_thousand_snapshots_are_listed_and_compared_at_once(
    memory_keychain: MemoryKeychain,
) -> None:
    opened = open_store(find_paths(), memory_keychain)
    repository = CheckupRepository(opened)
    body = pack(SCORE) + b" " * 4000  # as long as a score of sixty points
    start = datetime(2000, 1, 1, tzinfo=UTC)
    with opened.transaction() as do:
        for number in range(1, 10_001):
            taken = (start + timedelta(days=number)).isoformat(timespec="seconds")
            do("INSERT INTO checkup_snapshots VALUES (?, ?, ?)", number, taken, number % 101)
            do("INSERT INTO checkup_bodies VALUES (?, ?)", number, body)
    assert quickest(repository.history) < 0.1
    assert quickest(lambda: repository.snapshot(10_000)) < 0.05
    history = repository.history()
    assert repository.snapshot(1).score == repository.snapshot(10_000).score
    assert (len(history), history[0].id, history[-1].id) == (10_000, 1, 10_000)
    assert repository.forget(range(1, 5001)) == 5000
    opened.close()
