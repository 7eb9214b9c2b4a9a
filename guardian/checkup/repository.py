"""The memory of the checkup: what the person said, and how the score went. Nothing leaves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from guardian.checkup.model import (
    Answer,
    Basis,
    Circumstances,
    LeftOut,
    Moment,
    Point,
    Rhythm,
    Score,
    Snapshot,
    State,
)
from guardian.core.errors import Problem
from guardian.core.store import Row, Store

MIGRATIONS = (
    """
    CREATE TABLE checkup_circumstances (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB);
    CREATE TABLE checkup_rhythm (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB);
    CREATE TABLE checkup_sitting (one INTEGER PRIMARY KEY CHECK (one = 1), day TEXT NOT NULL);
    CREATE TABLE checkup_answers (
        key TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        at TEXT NOT NULL,
        reason TEXT NOT NULL
    );
    CREATE TABLE checkup_later (key TEXT PRIMARY KEY, until TEXT NOT NULL);
    CREATE TABLE checkup_snapshots (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        taken TEXT NOT NULL,
        value INTEGER NOT NULL
    );
    CREATE TABLE checkup_bodies (
        id INTEGER PRIMARY KEY REFERENCES checkup_snapshots (id) ON DELETE CASCADE,
        body BLOB NOT NULL
    )
    """,
)
DAMAGE = (msgspec.MsgspecError, ValueError, TypeError, AttributeError, OverflowError)
NUMBER_MOST = 2**63 - 1
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]


class PointRow(msgspec.Struct, array_like=True, frozen=True):
    """A point as it is kept: without names of fields, since there are thousands of them."""

    task: str
    weight: Count
    share: Share
    freshness: Share
    basis: Basis
    done: Count
    total: Count
    since: date | None


class LeftOutRow(msgspec.Struct, array_like=True, frozen=True):
    task: str
    chosen: bool
    reason: str


class Body(msgspec.Struct, frozen=True):
    """A score as it is kept."""

    points: tuple[PointRow, ...]
    left_out: tuple[LeftOutRow, ...]
    holds: tuple[str, ...]
    raw: Annotated[float, Meta(ge=0, le=100)]
    value: Annotated[int, Meta(ge=0, le=100)]


class RhythmRow(msgspec.Struct, frozen=True):
    """What of a rhythm can be wrong although its kinds are right."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    hour: Annotated[int, Meta(ge=0, le=23)]


class CheckupRepository:
    """Everything the checkup remembers, in the person's own records.

    Answers, circumstances and rhythms that are damaged count as never given: they are asked again.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        store.migrate("checkup", MIGRATIONS)

    def circumstances(self) -> Circumstances:
        rows = self._store.rows("SELECT body FROM checkup_circumstances")
        try:
            return msgspec.json.decode(rows[0][0], type=Circumstances) if rows else Circumstances()
        except DAMAGE:
            return Circumstances()

    def keep_circumstances(self, circumstances: Circumstances) -> None:
        body = msgspec.json.encode(circumstances)
        self._store.run("INSERT OR REPLACE INTO checkup_circumstances VALUES (1, ?)", body)

    def rhythm(self) -> Rhythm:
        rows = self._store.rows("SELECT body FROM checkup_rhythm")
        try:
            if not rows:
                return Rhythm()
            msgspec.json.decode(rows[0][0], type=RhythmRow)
            found = msgspec.json.decode(rows[0][0], type=Rhythm)
        except DAMAGE:
            return Rhythm()
        return found if found.begun is None or is_of_our_time(found.begun) else Rhythm()

    def keep_rhythm(self, rhythm: Rhythm) -> None:
        rhythm = replace(rhythm, cue=storable(rhythm.cue))
        body = msgspec.json.encode(rhythm)
        self._store.run("INSERT OR REPLACE INTO checkup_rhythm VALUES (1, ?)", body)

    def last_sitting(self) -> date | None:
        rows = self._store.rows("SELECT day FROM checkup_sitting")
        return to_date(rows[0][0]) if rows else None

    def keep_sitting(self, day: date) -> None:
        self._store.run("INSERT OR REPLACE INTO checkup_sitting VALUES (1, ?)", day.isoformat())

    def answers(self) -> tuple[Answer, ...]:
        """In the order in which they were given."""
        rows = self._store.rows("SELECT key, state, at, reason FROM checkup_answers ORDER BY rowid")
        found = [to_answer(row) for row in rows]
        return tuple(one for one in found if one is not None)

    def keep_answer(self, answer: Answer) -> None:
        """In place of an earlier answer; what is answered is no longer put off."""
        with self._store.transaction() as do:
            write_answer(do, answer)
            do("DELETE FROM checkup_later WHERE key = ?", answer.key)

    def later(self) -> dict[str, date]:
        """Until which day each key rests."""
        rows = self._store.rows("SELECT key, until FROM checkup_later")
        found = {key: to_date(until) for key, until in rows}
        return {key: until for key, until in found.items() if until is not None}

    def keep_later(self, key: str, until: date) -> None:
        sql = "INSERT OR REPLACE INTO checkup_later VALUES (?, ?)"
        self._store.run(sql, key, until.isoformat())

    def take_back(self, keys: Sequence[str]) -> None:
        with self._store.transaction() as do:
            for key in keys:
                do("DELETE FROM checkup_answers WHERE key = ?", key)
                do("DELETE FROM checkup_later WHERE key = ?", key)

    def put_back(self, key: str, answer: Answer | None, until: date | None) -> None:
        """Let this be what was said of ``key``, and nothing else."""
        with self._store.transaction() as do:
            do("DELETE FROM checkup_answers WHERE key = ?", key)
            do("DELETE FROM checkup_later WHERE key = ?", key)
            if answer is not None:
                write_answer(do, answer)
            if until is not None:
                do("INSERT INTO checkup_later VALUES (?, ?)", key, until.isoformat())

    def append(self, score: Score, taken: datetime) -> Moment:
        """Add a snapshot; its number is never given twice."""
        when = written(taken)
        with self._store.transaction() as do:
            sql = "INSERT INTO checkup_snapshots (taken, value) VALUES (?, ?)"
            do(sql, when, score.value)
            do("INSERT INTO checkup_bodies VALUES (last_insert_rowid(), ?)", pack(score))
            number = self._store.rows("SELECT last_insert_rowid()")[0][0]
        return Moment(number, datetime.fromisoformat(when), score.value)

    def history(self) -> tuple[Moment, ...]:
        """In the order of taking; a damaged row is left out."""
        rows = self._store.rows("SELECT id, taken, value FROM checkup_snapshots ORDER BY id")
        found = [to_moment(row) for row in rows]
        return tuple(one for one in found if one is not None)

    def snapshot(self, number: int) -> Snapshot:
        """Raises ``Problem("snapshot-unknown")`` or ``Problem("snapshot-damaged")``."""
        if not 0 < number <= NUMBER_MOST:
            raise Problem("snapshot-unknown", number=number)
        sql = (
            "SELECT id, taken, value, body FROM checkup_snapshots"
            " LEFT JOIN checkup_bodies USING (id) WHERE id = ?"
        )
        rows = self._store.rows(sql, number)
        if not rows:
            raise Problem("snapshot-unknown", number=number)
        moment = to_moment(rows[0][:3])
        score = unpack(rows[0][3])
        if moment is None or score is None:
            raise Problem("snapshot-damaged", number=number)
        return Snapshot(moment.id, moment.taken, score)

    def latest(self, count: int) -> tuple[int, ...]:
        """The numbers of the last ``count`` snapshots, the last first."""
        sql = "SELECT id FROM checkup_snapshots ORDER BY id DESC LIMIT ?"
        return tuple(row[0] for row in self._store.rows(sql, count))

    def forget(self, numbers: Sequence[int] | None) -> int:
        """Delete these, or all (None); how many there were."""
        with self._store.transaction() as do:
            before = self._count()
            if numbers is None:
                do("DELETE FROM checkup_snapshots")
            else:
                for number in numbers:
                    if 0 < number <= NUMBER_MOST:
                        do("DELETE FROM checkup_snapshots WHERE id = ?", number)
            return before - self._count()

    def _count(self) -> int:
        return int(self._store.rows("SELECT count(*) FROM checkup_snapshots")[0][0])


def write_answer(do: Callable[..., None], answer: Answer) -> None:
    do(
        "INSERT OR REPLACE INTO checkup_answers VALUES (?, ?, ?, ?)",
        answer.key,
        answer.state.value,
        written(answer.at),
        storable(answer.reason),
    )


def pack(score: Score) -> bytes:
    """A score as compact JSON."""
    points = tuple(
        PointRow(
            one.task, one.weight, one.share, one.freshness,
            one.basis, one.done, one.total, one.since,
        )
        for one in score.points
    )  # fmt: skip
    left_out = tuple(LeftOutRow(one.task, one.chosen, one.reason) for one in score.left_out)
    return msgspec.json.encode(Body(points, left_out, score.holds, score.raw, score.value))


def unpack(body: Any) -> Score | None:
    """The score again, None where it is damaged."""
    try:
        found = msgspec.json.decode(body, type=Body)
    except DAMAGE:
        return None
    points = tuple(
        Point(
            one.task, one.weight, one.share, one.freshness,
            one.basis, one.done, one.total, one.since,
        )
        for one in found.points
    )  # fmt: skip
    left_out = tuple(LeftOut(one.task, one.chosen, one.reason) for one in found.left_out)
    return Score(points, left_out, found.holds, found.raw, found.value)


def to_answer(row: Row) -> Answer | None:
    key, state, at, reason = row
    when = to_time(at)
    try:
        return Answer(key, State(state), when, str(reason)) if when else None
    except ValueError:
        return None


def to_moment(row: Row) -> Moment | None:
    number, taken, value = row
    when = to_time(taken)
    return Moment(number, when, value) if when and isinstance(value, int) else None


def is_of_our_time(day: date) -> bool:
    """Far from the ends of all time, which exist in some zones only and have no next day."""
    return 1900 < day.year < 9000


def to_time(text: object) -> datetime | None:
    """A kept moment, None where it is damaged."""
    try:
        when = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return when if when and when.tzinfo and is_of_our_time(when) else None


def to_date(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def written(when: datetime) -> str:
    """A moment in UTC, to the second, with its offset."""
    return when.astimezone(UTC).isoformat(timespec="seconds")


def storable(text: str) -> str:
    """Typed words in one line; half characters cannot be kept."""
    return " ".join(text.encode("utf-8", "replace").decode().split())
