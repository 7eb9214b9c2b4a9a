"""A workshop going on: which phase, how long still, and what all of it takes. No Qt in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from guardian.lessons.model import Agenda, Slot
from guardian.lessons.service import extend


class Running:
    """One agenda of phases from its start on. Nothing goes on by itself: the trainer says when.

    A phase that takes longer moves all that follows; so does a pause.
    """

    def __init__(self, agenda: Agenda, now: datetime) -> None:
        self._agenda, self._began = agenda, now
        self._planned_end = now + timedelta(minutes=agenda.minutes)
        self._paused: datetime | None = None
        self._before: list[datetime] = []  # when each phase that is over began

    @property
    def over(self) -> bool:
        """Whether the last phase was ended."""
        return len(self._before) >= len(self._agenda.slots)

    @property
    def paused(self) -> bool:
        return self._paused is not None

    @property
    def first(self) -> bool:
        return not self._before

    @property
    def slot(self) -> Slot | None:
        """What runs now; None when all is over."""
        return None if self.over else self._agenda.slots[len(self._before)]

    @property
    def next(self) -> Slot | None:
        rest = self._agenda.slots[len(self._before) + 1 :]
        return rest[0] if rest else None

    def left(self, now: datetime) -> timedelta:
        """Of the phase that runs; negative when it takes longer than planned."""
        slot = self.slot
        if slot is None:
            return timedelta()
        return timedelta(minutes=slot.minutes) - self.spent(now)

    def spent(self, now: datetime) -> timedelta:
        """In the phase that runs, without pauses; never less than nothing."""
        return max((self._paused or now) - self._began, timedelta())

    def end(self, now: datetime) -> datetime:
        """When all is over, if nothing more takes longer."""
        following = self._agenda.slots[len(self._before) + 1 :]
        rest = timedelta(minutes=sum(slot.minutes for slot in following))
        return now + max(self.left(now), timedelta()) + rest

    def late(self, now: datetime) -> timedelta:
        """How much later than planned at the start all ends; negative when earlier."""
        return self.end(now) - self._planned_end

    def add(self, minutes: int) -> None:
        """Give the phase that runs more minutes; the rest moves."""
        if not self.over:
            self._agenda = extend(self._agenda, len(self._before), minutes)

    def pause(self, now: datetime) -> None:
        if self._paused is None and not self.over:
            self._paused = now

    def go_on(self, now: datetime) -> None:
        """End a pause: what was spent before it stays spent."""
        if self._paused is not None:
            self._began += max(now - self._paused, timedelta())
            self._paused = None

    def go_next(self, now: datetime) -> None:
        """End the phase that runs, early or late."""
        if not self.over:
            self.go_on(now)
            self._before.append(self._began)
            self._began = now

    def go_back(self, now: datetime) -> None:
        """Take the last :meth:`go_next` back, as if that phase had never been ended."""
        if self._before:
            self.go_on(now)
            self._began = self._before.pop()


def tell_clock(length: timedelta) -> str:
    """“7:05”, or “1:07:05”; with a plus when it is negative, since that is time beyond the plan."""
    seconds = round(abs(length.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    text = f"{rest // 60}:{rest % 60:02}"
    if hours:
        text = f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return f"+{text}" if length < timedelta() and seconds else text
