"""Is it really closed? What a search shows about cases, and the three looks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from guardian.accounts.cases.states import last_turn
from guardian.accounts.model import (
    Account,
    Case,
    CaseState,
    Check,
    CheckStep,
    Event,
    Evidence,
    EvidenceKind,
    Found,
    Gone,
)
from guardian.core.words import Message, message

# Services that say they wait mostly name 30 days; the others tell their back-ups within two weeks.
WAIT_STATED = timedelta(days=30)
WAIT_USUAL = timedelta(days=14)
# Trying whether the account still works leaves the same traces as using it.
GRACE = timedelta(days=2)
# Mails that were already on their way when the service confirmed.
STRAGGLERS = timedelta(days=14)
# The mail may come some minutes before the person notes that they asked.
HURRY = timedelta(days=1)

ANSWERED = "accounts.cause.answered"
CONFIRMED = "accounts.cause.confirmed"
ALL_GONE = "accounts.cause.all-gone"

# a visit is none: the person may have gone there to look; nor is an installed program
LIFE = frozenset(
    {
        EvidenceKind.SAVED_LOGIN, EvidenceKind.DISMISSED_SAVE, EvidenceKind.SIGN_IN_WITH,
        EvidenceKind.PASSKEY, EvidenceKind.MAIL_SIGN_UP, EvidenceKind.MAIL_SIGN_IN,
        EvidenceKind.MAIL_RECEIPT, EvidenceKind.MAIL_SUBSCRIPTION, EvidenceKind.MAIL_ACCOUNT,
        EvidenceKind.MAIL_NEWS,
    }
)  # fmt: skip
UNASKED = frozenset({EvidenceKind.MAIL_NEWS, EvidenceKind.MAIL_ACCOUNT})
CLOSED = (CaseState.CONFIRMED, CaseState.GONE)


class Sign(StrEnum):
    """What a search can show about a case."""

    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    ALIVE = "alive"


class Trace(NamedTuple):
    """Evidence, and the site of the account it stands with."""

    site: str
    evidence: Evidence


def watch(found: Found, now: datetime) -> list[tuple[str, Event]]:
    """What a search shows of open and finished cases: answers, confirmations, signs of life.

    Nothing is noted twice, nor what the person has taken back.
    """
    accounts = [one for one in (*found.accounts, *found.contacts) if one.case.events]
    if not accounts:
        return []
    replies = collect_replies(found)
    events: list[tuple[str, Event]] = []
    for account in accounts:
        answer = hear(account.case, replies, now)
        turn = confirm(account, now) or reopen(account, now)
        events += [(account.site, event) for event in (answer, turn) if event]
    return events


def collect_replies(found: Found) -> dict[str, Trace]:
    """The newest reply to each letter, by its reference; a help desk may write from elsewhere."""
    replies: dict[str, Trace] = {}
    for account in (*found.accounts, *found.contacts):
        for evidence in account.evidence:
            if evidence.kind is not EvidenceKind.MAIL_REPLY or not evidence.newest:
                continue
            mark = evidence.reference.strip().casefold()
            known = replies.get(mark)
            if mark and (known is None or newest(known.evidence) < evidence.newest):
                replies[mark] = Trace(account.site, evidence)
    return replies


def hear(case: Case, replies: dict[str, Trace], now: datetime) -> Event | None:
    """That an answer to a letter of this case came. What it says, only the person can tell."""
    if not case.state.is_open:
        return None
    marks = {event.facts.get("reference", "").strip().casefold() for event in case.events}
    traces = [replies[mark] for mark in marks if mark in replies]
    trace = pick_newest(traces, after=told(case, Sign.ANSWERED), now=now)
    return note(Sign.ANSWERED, ANSWERED, trace, now) if trace else None


def confirm(account: Account, now: datetime) -> Event | None:
    """That the service wrote that the account is closed, after it was asked."""
    case = account.case
    if not case.state.is_open or case.state is CaseState.CONFIRMED:
        return None
    start = case.asked_at or case.since
    times = (start and start - HURRY, told(case, Sign.CONFIRMED), told(case, Sign.ALIVE))
    after = max((time for time in times if time), default=None)
    traces = traces_of(account, {EvidenceKind.MAIL_CLOSED})
    trace = pick_newest(traces, after=after, now=now)
    return note(Sign.CONFIRMED, CONFIRMED, trace, now, CaseState.CONFIRMED) if trace else None


def reopen(account: Account, now: datetime) -> Event | None:
    """That an account thought closed shows a sign of life."""
    case = account.case
    if case.state not in CLOSED or case.since is None:
        return None
    looked = [check.at for check in case.checks]
    told_until = told(case, Sign.ALIVE)

    def counts(evidence: Evidence) -> bool:
        seen = newest(evidence)
        if any(abs(seen - at) <= GRACE for at in looked) or (told_until and seen <= told_until):
            return False
        straggles = case.state is CaseState.CONFIRMED and evidence.kind in UNASKED
        return seen > since + (STRAGGLERS if straggles else GRACE)

    since = case.since
    traces = (trace for trace in traces_of(account, LIFE) if counts(trace.evidence))
    trace = pick_newest(traces, after=None, now=now)
    if trace is None:
        return None
    cause = f"accounts.cause.alive.{trace.evidence.kind.value}"
    return note(Sign.ALIVE, cause, trace, now, CaseState.CLOSE)


def traces_of(account: Account, kinds: Collection[EvidenceKind]) -> Iterator[Trace]:
    """The dated traces of some kinds that can belong to the user name of the case."""
    for evidence in account.evidence:
        fits = evidence.kind in kinds and evidence.newest
        if fits and same_name(account.case.username, evidence.username):
            yield Trace(account.site, evidence)


def same_name(one: str, other: str) -> bool:
    """Whether two names may be of one account: only names of one kind can tell them apart."""
    if not one or not other or ("@" in one) != ("@" in other):
        return True
    return one.casefold() == other.casefold()


def pick_newest(traces: Iterable[Trace], *, after: datetime | None, now: datetime) -> Trace | None:
    """The newest trace of those later than ``after``; none from the days to come."""
    fitting = [
        trace
        for trace in traces
        if newest(trace.evidence) <= now + HURRY
        and (after is None or newest(trace.evidence) > after)
    ]
    return max(fitting, key=lambda trace: newest(trace.evidence), default=None)


def newest(evidence: Evidence) -> datetime:
    """The time of dated evidence."""
    assert evidence.newest is not None
    return evidence.newest


def note(
    sign: Sign, cause: str, trace: Trace, now: datetime, state: CaseState | None = None
) -> Event:
    seen = newest(trace.evidence)
    facts = {
        "sign": sign.value,
        "seen": seen.isoformat(),
        "day": seen.date().isoformat(),
        "site": trace.site,
        "source": trace.evidence.source_name,
    }
    return Event(now, state, cause=cause, facts=facts)


def told(case: Case, sign: Sign) -> datetime | None:
    """Up to when signs of this kind are noted already, those taken back included."""
    times = []
    for event in case.events:
        if event.facts.get("sign") == sign:
            try:
                times.append(datetime.fromisoformat(event.facts["seen"]))
            except (KeyError, ValueError):
                continue
    return max(times, default=None)


def check_steps(account: Account) -> tuple[CheckStep, ...]:
    """The three looks that show whether the account is gone, with what came of them."""
    done = {check.step: check for check in account.case.checks}
    return tuple(
        CheckStep(
            step, Message(f"accounts.check.{step.value}", {"site": account.site}), done.get(step)
        )
        for step in Gone
    )


def check_day(case: Case, waits: bool) -> date | None:
    """From which day on the looks make sense; None before the service was asked.

    ``waits``: the service is known to wait before it deletes.
    """
    start = started(case)
    return (start + (WAIT_STATED if waits else WAIT_USUAL)).date() if start else None


def explain_day(case: Case, waits: bool) -> Message | None:
    """Why the looks should wait until then."""
    day = check_day(case, waits)
    if day is None:
        return None
    code = "accounts.check.wait.stated" if waits else "accounts.check.wait.usual"
    span = WAIT_STATED if waits else WAIT_USUAL
    return message(code, day=day, span=span)


def started(case: Case) -> datetime | None:
    """From when on the service has had time to delete: since it confirmed, or was asked."""
    if case.state.is_before_asking:
        return None
    confirmed = [event.at for event in case.events if event.state is CaseState.CONFIRMED]
    if confirmed and case.state in CLOSED:
        return confirmed[-1]
    return case.asked_at or case.since


def answer(case: Case, check: Check) -> Event:
    """What one look means: all three gone close the case, one not gone reopens it.

    While a letter's time to answer runs or has run out, an account that is still there is no
    news: the case stays on its way.
    """
    if not check.gone:
        cause = f"accounts.cause.still-there.{check.step.value}"
        by_law = case.deadline is not None and case.state not in CLOSED
        state = None if by_law else CaseState.CLOSE
        return Event(check.at, state, cause=cause, check=check)
    gone = {one.step: one.gone for one in (*case.checks, check)}
    if all(gone.get(step) for step in Gone) and case.state is not CaseState.GONE:
        return Event(check.at, CaseState.GONE, cause=ALL_GONE, check=check)
    return Event(check.at, check=check)


def was_answered(case: Case) -> bool:
    """Whether an answer came that the person has not yet said anything about."""
    since_turn = takewhile(lambda event: event.state is None, reversed(case.events))
    return any(event.cause == ANSWERED for event in since_turn)


def was_reopened(case: Case) -> bool:
    """Whether the case is on the list again because the account proved to be still there."""
    turn = last_turn(case)
    return bool(turn and turn.state is CaseState.CLOSE and turn.cause)
