"""The one door of the checkup: what to do next, the score and why it moved, the rhythm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex

from guardian.checkup.calendar import SERIES_BYTES
from guardian.checkup.content import read_tasks
from guardian.checkup.model import (
    CUE_MOST,
    REASON_MOST,
    Answer,
    Change,
    Circumstances,
    Moment,
    Plan,
    Rhythm,
    Score,
    Sheet,
    Snapshot,
    State,
    Task,
)
from guardian.checkup.repository import CheckupRepository
from guardian.checkup.rhythm import without_future
from guardian.checkup.rules.changing import compare_scores
from guardian.checkup.rules.known import Known, Waiting, is_same
from guardian.checkup.rules.planning import make_plan
from guardian.checkup.rules.scoring import score
from guardian.checkup.telling import title_of
from guardian.core.errors import Problem
from guardian.core.feature import Feature
from guardian.core.store import Store


class CheckupService:
    """``others`` are the pillars, known by what they show of themselves alone.

    ``child`` leaves only the tasks that make sense for a child, and no steps of pillars.
    ``tasks`` take the place of the list that is shipped.
    """

    def __init__(
        self,
        store: Store,
        others: Sequence[Feature],
        clock: Callable[[], datetime],
        *,
        child: bool = False,
        tasks: Sequence[Task] | None = None,
    ) -> None:
        self._repository = CheckupRepository(store)
        self._others = tuple(others)
        self._clock = clock
        self._child = child
        self._given = tasks

    def circumstances(self) -> Circumstances:
        """What the person said of themselves; ``asked`` False until they did."""
        return self._repository.circumstances()

    def describe(self, circumstances: Circumstances) -> None:
        """Keep the answers to the seven questions."""
        self._repository.keep_circumstances(replace(circumstances, asked=True))

    def plan(self) -> Plan:
        """What to do: one thing next, at most four more, and the rest."""
        known = self._known()
        return make_plan(known, score(known))

    def sheet(self) -> Sheet:
        """The score now, every point of it, and how it moved since the snapshot before.

        A snapshot that shows the very same is not the one before.
        """
        known = self._known()
        now = score(known)
        before = self._before(now)
        return Sheet(
            score=now,
            tasks={task.id: task for task in known.tasks},
            change=compare_scores(before.score, now) if before else None,
            since=before.taken if before else None,
            held={key: title_of(key, known.waiting) for key in now.holds},
        )

    def answer(self, key: str, state: State, reason: str = "") -> None:
        """What the person says of a task; of a pillar's step only ``NOT_MINE``.

        Raises ``Problem("task-unknown")``, or ``Problem("step-ends-itself")`` for anything else
        that is said of a pillar's step.
        """
        self._require(key)
        if state is not State.NOT_MINE and key not in {task.id for task in self._tasks()}:
            raise Problem("step-ends-itself")
        reason = reason[:REASON_MOST] if state is State.NOT_MINE else ""
        self._repository.keep_answer(Answer(key, state, self._clock(), reason))
        self._repository.keep_sitting(self._clock().date())

    def postpone(self, key: str, until: date) -> None:
        """Let ``key`` rest; on the day ``until`` it is back. Raises ``Problem("task-unknown")``."""
        self._require(key)
        self._repository.keep_later(key, until)

    def take_back(self, key: str) -> None:
        """Forget what the person said of ``key``: its answer, its “later”.

        What a task and a pillar's step say of the same thing goes together.
        Raises ``Problem("task-unknown")``.
        """
        known = self._known()
        if key not in known.answers and key not in known.later:
            self._require(key)
        self._repository.take_back((key, *companions(key, known)))

    def said(self, key: str) -> tuple[Answer | None, date | None]:
        """The answer that was given to ``key`` and until when it was put off, each if it was."""
        answers = (one for one in self._repository.answers() if one.key == key)
        return next(answers, None), self._repository.later().get(key)

    def restore(self, key: str, answer: Answer | None, until: date | None) -> None:
        """Make it so that this is what was said of ``key``; as :meth:`said` told it before."""
        if answer is not None and answer.key != key:
            raise ValueError("an answer to something else")
        self._repository.put_back(key, answer, until)

    def answers(self) -> tuple[Answer, ...]:
        """Everything the person said, in the order they said it."""
        return self._repository.answers()

    def record(self) -> Moment | None:
        """Append a snapshot if the score or any point of it moved; None if nothing did."""
        self._repository.keep_sitting(self._clock().date())
        now = score(self._known())
        last = self._readable(self._repository.latest(1))
        if last and is_alike(last.score, now):
            return None
        return self._repository.append(now, self._clock())

    def history(self) -> tuple[Moment, ...]:
        """The oldest first, in the order they were taken, whatever the clock said."""
        return self._repository.history()

    def snapshot(self, number: int) -> Snapshot:
        """Raises ``Problem("snapshot-unknown")``, or ``Problem("snapshot-damaged")``."""
        return self._repository.snapshot(number)

    def compare(self, one: int, other: int) -> Change:
        """How the score moved from the earlier of two snapshots to the later, whichever is named
        first: told backwards, the lines would say what nobody did. Raises as :meth:`snapshot`."""
        old, new = sorted((one, other))
        return compare_scores(self.snapshot(old).score, self.snapshot(new).score)

    def forget(self, numbers: Sequence[int] | None = None) -> int:
        """Delete these snapshots, or all; how many went."""
        return self._repository.forget(numbers)

    def rhythm(self) -> Rhythm:
        """How often the person wants to be reminded."""
        return without_future(self._repository.rhythm(), self._clock().date())

    def set_rhythm(self, rhythm: Rhythm) -> None:
        """Keep ``rhythm``; the name of its series in calendars stays the one given at first."""
        series = rhythm.series or self.rhythm().series or token_hex(SERIES_BYTES)
        self._repository.keep_rhythm(replace(rhythm, cue=rhythm.cue[:CUE_MOST], series=series))

    def last_sitting(self) -> date | None:
        """The day the person last answered something, or had the computer looked at."""
        return self._repository.last_sitting()

    def _known(self) -> Known:
        """All there is to judge by, as it is at this moment."""
        steps = () if self._child else self._others
        return Known(
            tasks=self._tasks(),
            circumstances=self._repository.circumstances(),
            now=self._clock(),
            answers={answer.key: answer for answer in self._repository.answers()},
            later=self._repository.later(),
            waiting=[Waiting(one.key, step) for one in steps for step in one.next_steps()],
            observations=[seen for one in self._others for seen in one.observations()],
        )

    def _tasks(self) -> tuple[Task, ...]:
        tasks = read_tasks() if self._given is None else tuple(self._given)
        return tuple(task for task in tasks if task.child or not self._child)

    def _require(self, key: str) -> None:
        """Refuse a key that is neither a task nor a step of a pillar."""
        if key in {task.id for task in self._tasks()}:
            return
        steps = () if self._child else self._others
        if not any(Waiting(one.key, step).key == key for one in steps for step in one.next_steps()):
            raise Problem("task-unknown", key=key)

    def _before(self, now: Score) -> Snapshot | None:
        """The last snapshot that shows something else than ``now``."""
        last = self._readable(self._repository.latest(1))
        if last and is_alike(last.score, now):
            return self._readable(self._repository.latest(2)[1:])
        return last

    def _readable(self, numbers: Sequence[int]) -> Snapshot | None:
        """The first of these snapshots, None where there is none or it is damaged."""
        try:
            return self._repository.snapshot(numbers[0]) if numbers else None
        except Problem:
            return None


def companions(key: str, known: Known) -> Iterator[str]:
    """Other keys of the very same thing that were set aside or put off."""
    for task in known.tasks:
        steps = [one.key for one in known.waiting if is_same(task, one)]
        if key == task.id:
            names = (*task.checks, *steps)
        else:
            names = (task.id,) if key in (*task.checks, *steps) else ()
        yield from (name for name in names if known.is_aside(name) or name in known.later)


def is_alike(one: Score, other: Score) -> bool:
    """Whether two scores differ in nothing but the days on which things were said or seen."""
    return undated(one) == undated(other)


def undated(score: Score) -> Score:
    return replace(score, points=tuple(replace(point, since=None) for point in score.points))
