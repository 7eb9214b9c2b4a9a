"""Where a case stands: what follows from its events, and where it can go from there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from guardian.accounts.model import Case, CaseState, Deadline, Event

# where a person may want to go from each state, the most likely first
NEXT = {
    CaseState.FOUND: (CaseState.KEEP, CaseState.CLOSE, CaseState.LATER),
    CaseState.LATER: (CaseState.KEEP, CaseState.CLOSE),
    CaseState.KEEP: (CaseState.CLOSE, CaseState.LATER),
    CaseState.CLOSE: (CaseState.ASKED, CaseState.CONFIRMED, CaseState.KEEP, CaseState.LATER),
    CaseState.ASKED: (CaseState.CONFIRMED, CaseState.REFUSED, CaseState.CLOSE, CaseState.KEEP),
    CaseState.CONFIRMED: (CaseState.GONE, CaseState.CLOSE, CaseState.KEEP),
    CaseState.REFUSED: (
        CaseState.ESCALATED, CaseState.ASKED, CaseState.CONFIRMED, CaseState.CLOSE, CaseState.KEEP,
    ),
    CaseState.SILENT: (
        CaseState.ASKED, CaseState.ESCALATED, CaseState.CONFIRMED, CaseState.REFUSED,
        CaseState.CLOSE, CaseState.KEEP,
    ),
    CaseState.ESCALATED: (
        CaseState.CONFIRMED, CaseState.REFUSED, CaseState.CLOSE, CaseState.KEEP,
    ),
    CaseState.GONE: (CaseState.CLOSE, CaseState.KEEP),
}  # fmt: skip
TAKEN_BACK = "accounts.cause.taken-back"


def choices(case: Case) -> tuple[CaseState, ...]:
    """The states that make sense next; never none."""
    following = NEXT[case.state]
    if case.state is CaseState.ASKED and case.deadline is None:
        # nothing says by when they must answer, so the person says when it has been too long
        return (*following[:2], CaseState.SILENT, *following[2:])
    return following


def follow(events: Iterable[Event], today: date) -> Case:
    """The case that ``events`` (oldest first) lead to, as of ``today``."""
    case = Case()
    for event in events:
        case = step(case, event)
    if case.state is CaseState.ASKED and case.deadline and case.deadline.day < today:
        since = datetime.combine(case.deadline.day + timedelta(days=1), time(), UTC)
        return replace(case, state=CaseState.SILENT, since=since)
    return case


def step(case: Case, event: Event) -> Case:
    """``case`` after one more event."""
    before = case.state
    case = replace(case, events=(*case.events, event))
    if event.state:
        case = replace(case, state=event.state, since=event.at)
        if event.state.is_before_asking:
            case = replace(case, deadline=None)
        if event.state.is_before_asking or before.is_before_asking:
            case = replace(case, checks=())  # a new round: it is looked anew
    if event.check:
        case = replace(case, checks=(*case.checks, event.check))
    if event.attachment:
        case = replace(case, attachments=(*case.attachments, event.attachment))
    if reference := event.facts.get("reference", ""):
        case = replace(case, reference=reference)
    if username := event.facts.get("username", ""):
        case = replace(case, username=username)
    if deadline := read_deadline(event):
        case = replace(case, deadline=deadline)
    return case


def read_deadline(event: Event) -> Deadline | None:
    """The day that an event set; None where it set none, or one that makes no sense."""
    facts = event.facts
    try:
        due, start = date.fromisoformat(facts["due"]), date.fromisoformat(facts["counted_from"])
    except (KeyError, ValueError):
        return None
    provisional = facts.get("provisional") == "yes"
    return Deadline(due, start, facts.get("law", ""), facts.get("article", ""), provisional)


def take_back(event: Event) -> Event | None:
    """What stays of an event that the person takes back.

    Nothing, but for what a search showed: that it was seen is kept, or else the next search
    would note the same thing again.
    """
    if "seen" not in event.facts:
        return None
    return Event(event.at, cause=TAKEN_BACK, facts=event.facts)


def is_taken_back(event: Event) -> bool:
    return event.cause == TAKEN_BACK


def last_turn(case: Case) -> Event | None:
    """The event that brought the case where it stands; None before the first."""
    return next((event for event in reversed(case.events) if event.state), None)
