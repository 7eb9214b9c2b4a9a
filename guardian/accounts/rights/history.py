"""What has passed between a person and a service so far, as the events of a case tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from guardian.accounts.cases.states import read_deadline
from guardian.accounts.cases.verification import ANSWERED
from guardian.accounts.model import CaseState, Deadline, Event, Language, LetterKind
from guardian.accounts.rights.laws import load_rules

ANSWERS = (CaseState.REFUSED, CaseState.CONFIRMED)
OWN_COMPLAINT = "dpa-164a"
MORE_TIME = "accounts.cause.more-time"


@dataclass(frozen=True)
class History:
    """The last request and what followed it; None where there was no such thing.

    ``arrived`` is when the request reached the service, known for our own letters alone;
    ``due`` the day set for its answer, under ``law``. ``replied``: a mail that answers was seen,
    whatever it says; ``answer`` is what is known of it. ``complained`` is when a complaint
    reached the service itself.
    """

    asked: date | None = None
    arrived: date | None = None
    due: date | None = None
    law: str = ""
    reminded: date | None = None
    complained: date | None = None
    replied: bool = False
    answer: CaseState | None = None


def read_history(events: Iterable[Event]) -> History:
    """What ``events`` (oldest first) say of the last request."""
    history = History()
    for event in events:
        history = add(history, event)
    return history


def add(history: History, event: Event) -> History:
    """``history`` after one more event."""
    kind, deadline = event.facts.get("kind", ""), read_deadline(event)
    start = deadline.counted_from if deadline else event.at.date()
    if kind == LetterKind.REMINDER:
        history = replace(history, reminded=start)
    elif kind == LetterKind.COMPLAINT:
        history = replace(history, complained=start) if is_to_service(event) else history
    elif event.state is CaseState.ASKED:
        history = ask(history, event, deadline)
    elif event.cause == ANSWERED:
        history = replace(history, replied=True)
    elif event.cause == MORE_TIME and deadline:
        history = replace(history, due=deadline.day)
    elif event.state in ANSWERS:
        history = replace(history, replied=True, answer=event.state)
    return history


def ask(history: History, event: Event, deadline: Deadline | None) -> History:
    """A new request; without a letter of ours, and without an answer to the last, a reminder."""
    day = event.at.date()
    if "kind" not in event.facts and history.asked and not history.answer:
        return replace(history, reminded=day)
    if deadline is None:
        return History(asked=day)
    return History(deadline.counted_from, deadline.counted_from, deadline.day, deadline.law)


def is_to_service(event: Event) -> bool:
    """Whether a complaint that was noted went to the service itself."""
    own = load_rules()[OWN_COMPLAINT].article[Language.ENGLISH]
    return event.facts.get("article") == own
