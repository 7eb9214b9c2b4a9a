"""Where one account stands, looked up in one go off the window's thread, and the step it is at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from guardian.accounts.model import (
    Account,
    Advice,
    Authority,
    Case,
    CaseState,
    CheckStep,
    Difficulty,
    LetterKind,
    Queue,
    Route,
    RouteKind,
    Sender,
    Task,
)
from guardian.accounts.service import ClosingService
from guardian.core.jobs import Report
from guardian.core.words import Message
from guardian.ui.kit.steps import Progress

# what comes after a first letter is offered where its answer is waited for
FIRST_WAYS = (
    RouteKind.DELETE_PAGE, RouteKind.APP_PAGE, RouteKind.SETTINGS_DOOR, RouteKind.LETTER,
)  # fmt: skip
TAKEN_BACK = "accounts.cause.taken-back"


class Stage(StrEnum):
    """The steps of the walk, in their order."""

    BEFORE = "before"
    ASK = "ask"
    LETTER = "letter"
    WAIT = "wait"
    LOOK = "look"
    GONE = "gone"


STAGES = tuple(Stage)


@dataclass(frozen=True)
class Standing:
    """Everything the walk shows of one account, as of ``today``."""

    account: Account
    task: Task
    routes: tuple[Route, ...]
    before: tuple[Advice, ...]
    after: tuple[Advice, ...]
    checks: tuple[CheckStep, ...]
    check_day: date | None
    why_check_day: Message | None
    why_due: tuple[Message, ...]
    sender: Sender
    authority: Authority | None
    today: date

    @property
    def case(self) -> Case:
        return self.account.case

    @property
    def name(self) -> str:
        """What people call the service."""
        return self.task.name or self.account.site

    @property
    def ways(self) -> tuple[Route, ...]:
        """The ways to ask for the first time; where nothing is deleted, only in writing."""
        kinds = (RouteKind.LETTER,) if self.must_be_emptied else FIRST_WAYS
        return tuple(route for route in self.routes if route.kind in kinds)

    @property
    def must_be_emptied(self) -> bool:
        """Whether the service is known not to delete accounts."""
        return self.task.queue is Queue.EMPTY or self.task.difficulty is Difficulty.IMPOSSIBLE

    @property
    def letters(self) -> tuple[LetterKind, ...]:
        """The letters that went out, oldest first."""
        known = {kind.value: kind for kind in LetterKind}
        kinds = (known.get(event.facts.get("kind", "")) for event in self.case.events)
        return tuple(kind for kind in kinds if kind)

    @property
    def next_letter(self) -> LetterKind:
        """Which letter fits where the case stands."""
        state = self.case.state
        if state is CaseState.ESCALATED or (state is CaseState.REFUSED and self.letters):
            return LetterKind.COMPLAINT
        if state is CaseState.SILENT and self.letters:
            reminded = LetterKind.REMINDER in self.letters
            return LetterKind.COMPLAINT if reminded else LetterKind.REMINDER
        return LetterKind.ERASURE

    @property
    def stage(self) -> Stage:
        """The step that the case is at."""
        state = self.case.state
        if state is CaseState.GONE:
            return Stage.GONE
        if state is CaseState.CONFIRMED:
            return Stage.LOOK
        if not self.was_asked:
            tried = any(event.state is CaseState.ASKED for event in self.case.events)
            return Stage.ASK if tried else Stage.BEFORE
        due = self.case.deadline or self.check_day is None or self.check_day > self.today
        return Stage.WAIT if due or state is not CaseState.ASKED else Stage.LOOK

    def progress(self, reached: Stage) -> list[Progress]:
        """How far each step is; before the service was asked, ``reached`` is where we are."""
        now, asking = STAGES.index(self.stage), STAGES.index(Stage.LETTER)
        if not self.was_asked and STAGES.index(reached) <= asking:
            now = max(now, STAGES.index(reached))
        done = [Progress.DONE] * now
        if now > asking and not self.letters:
            done[asking] = Progress.LEFT_OUT
        if self.stage is Stage.GONE:
            return [*done, Progress.DONE]
        return [*done, Progress.NOW, *[Progress.LATER] * (len(STAGES) - now - 1)]

    @property
    def was_asked(self) -> bool:
        return not self.case.state.is_before_asking

    @property
    def asked_on(self) -> date:
        """The day the last request reached the service, as far as that is known."""
        case, days = self.case, [self.today]
        if asked := case.asked_at or case.since:
            days.append(asked.date())
        if case.deadline:
            days.append(case.deadline.counted_from)
        return min(days)

    @property
    def news(self) -> Message | None:
        """What Guardian noted by itself since the person last did something; None for nothing."""
        for event in reversed(self.case.events):
            if event.why and event.state is not CaseState.GONE and event.cause != TAKEN_BACK:
                return event.why
            if event.state or event.check:
                return None
        return None


def study(closing: ClosingService, site: str, today: date, report: Report) -> Standing:
    """Look everything up. Raises ``Problem("account-unknown")``."""
    report(0, 1)
    account, sender = closing.account(site), closing.sender()
    case = account.case
    return Standing(
        account=account,
        task=closing.task(account),
        routes=closing.routes_of(account),
        before=closing.before(account),
        after=closing.after(account),
        checks=closing.check_steps(account),
        check_day=closing.check_day(account),
        why_check_day=closing.why_check_day(account),
        why_due=closing.explain_deadline(case.deadline) if case.deadline else (),
        sender=sender,
        authority=closing.authority(sender.country) if sender.country else None,
        today=today,
    )


def act(  # noqa: PLR0917 - a job hands its arguments over in order
    closing: ClosingService,
    site: str,
    today: date,
    verb: Callable[..., Any],
    arguments: tuple[Any, ...],
    report: Report,
) -> Standing:
    """Do one thing to the case and look everything up anew. Raises ``Problem``."""
    verb(*arguments)
    return study(closing, site, today, report)
