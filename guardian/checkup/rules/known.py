"""Everything the checkup judges by, gathered once, and the plain questions about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from guardian.checkup.model import Answer, Circumstances, Device, Leak, Phone, State, Task
from guardian.core.feature import Observation, Step


@dataclass(frozen=True)
class Waiting:
    """A step that waits in the pillar ``pillar``."""

    pillar: str
    step: Step

    @property
    def key(self) -> str:
        """What “later” and “not for me” hang on."""
        return self.step.key or self.step.title.code

    @property
    def kind(self) -> str:
        """The check it is about; the rest of a key tells which vault, account or program."""
        return self.key.partition(":")[0]


@dataclass(frozen=True)
class Known:
    """All there is to judge by at the moment ``now`` (with the person's time zone).

    ``answers`` and ``later`` are by key: the id of a task or the key of a pillar's step.
    """

    tasks: Sequence[Task]
    circumstances: Circumstances
    now: datetime
    answers: Mapping[str, Answer] = field(default_factory=dict)
    later: Mapping[str, date] = field(default_factory=dict)
    waiting: Sequence[Waiting] = ()
    observations: Sequence[Observation] = ()

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, when: datetime) -> date:
        """The day ``when`` fell on where the person is."""
        return when.astimezone(self.now.tzinfo).date()

    def is_aside(self, key: str) -> bool:
        """Whether the person said that ``key`` is not for them."""
        answer = self.answers.get(key)
        return answer is not None and answer.state is State.NOT_MINE

    def keys(self, waiting: Waiting) -> tuple[str, ...]:
        """A step's own key, and the tasks that are the same thing."""
        return (waiting.key, *(task.id for task in self.tasks if is_same(task, waiting)))

    def is_set_aside(self, waiting: Waiting) -> bool:
        """Whether the person said so of a step, or of a task that is the same thing."""
        return any(self.is_aside(key) for key in self.keys(waiting))

    def aside(self, task: Task) -> Answer | None:
        """The answer that takes ``task`` out of the sum, if there is one.

        It may hang on the task, or on everything of the pillars that is the same thing.
        """
        if self.is_aside(task.id):
            return self.answers[task.id]
        found = [self.aside_check(task, check) for check in task.checks]
        return found[0] if found and all(found) else None

    def aside_check(self, task: Task, check: str) -> Answer | None:
        """The answer that sets one check of ``task`` aside: of its name, or of all its steps."""
        steps = [one.key for one in self.waiting if one.kind == check and is_same(task, one)]
        if self.is_aside(check):
            return self.answers[check]
        return self.answers[steps[0]] if steps and all(map(self.is_aside, steps)) else None

    def seen(self, task: Task) -> tuple[Observation, ...]:
        """What Guardian saw of ``task``; a count of nothing shows nothing."""
        return tuple(
            one
            for check in task.checks
            if not self.aside_check(task, check)
            for one in self.observations
            if one.check == check and one.total > 0
        )


def applies(task: Task, circumstances: Circumstances) -> bool:
    """Whether everything the task is made for holds for this person."""
    holding = concerns(circumstances)
    return all(concern in holding for concern in task.concerns)


def concerns(circumstances: Circumstances) -> set[str]:
    """The words of ``Task.concerns`` that hold. An unknown leak is none.

    A tablet has the settings of a phone, so what is asked for a phone is asked for it too.
    """
    found = {device.value for device in circumstances.devices}
    found |= {dependant.value for dependant in circumstances.dependants}
    if Device.TABLET in circumstances.devices:
        found.add(Device.PHONE.value)
    if Device.PHONE.value in found and circumstances.phone is not Phone.OTHER:
        found.add(circumstances.phone.value)
    facts = {
        "shared": circumstances.shared,
        "public": circumstances.public,
        "leaked": circumstances.leaked is Leak.YES,
    }
    return found | {name for name, holds in facts.items() if holds}


def is_same(task: Task, waiting: Waiting) -> bool:
    """Whether a pillar's step is the very thing the task asks for."""
    return task.page == waiting.pillar and waiting.kind in task.checks
