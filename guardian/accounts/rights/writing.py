"""From a case to a letter, and from a letter that went out to what the case notes. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from guardian.accounts.model import (
    Case,
    CaseState,
    Deadline,
    Event,
    Letter,
    LetterKind,
    LetterWish,
    Recipient,
)
from guardian.accounts.rights.authorities import authority_for, is_authority, make_recipient
from guardian.accounts.rights.deadlines import extend, find_deadline
from guardian.accounts.rights.history import MORE_TIME, read_history
from guardian.accounts.rights.laws import Step, rule_for
from guardian.accounts.rights.letters import Matter, compose, find_step
from guardian.core.errors import Problem

LATEST = timedelta(days=31)
EARLIEST = timedelta(days=5 * 366)


def write(
    wish: LetterWish, service: Recipient | None, case: Case, reference: str, today: date
) -> Letter:
    """The letter as wished. ``service`` is None where no address of it is known.

    ``reference`` is the mark for a case that has none yet.

    Raises ``Problem("letter-no-authority")``, and what :func:`compose` raises.
    """
    wish = replace(wish, username=wish.username or case.username)
    service = service or Recipient(name=wish.site)
    history = read_history(case.events)
    step = find_step(wish, history)
    to = find_authority(wish) if step is Step.COMPLAINT else service
    mark = case.reference or reference
    return compose(wish, Matter(step, to, service, history, mark, today))


def find_authority(wish: LetterWish) -> Recipient:
    authority = authority_for(wish.sender.country)
    if authority is None:
        raise Problem("letter-no-authority")
    return make_recipient(authority)


def note_sent(letter: Letter, arrived: date, now: datetime) -> Event:
    """What a case notes of a letter that reached its recipient on ``arrived``: the clock starts.

    A complaint to an authority takes the matter beyond the service; any other letter asks the
    service. Raises ``Problem("letter-date-odd")`` for a day that makes no sense.
    """
    if not now.date() - EARLIEST <= arrived <= now.date() + LATEST:
        raise Problem("letter-date-odd", day=arrived)
    wish, step = letter.wish, step_of(letter)
    deadline = find_deadline(
        rule_for(wish.law, step, wish.sender.country), arrived, wish.sender.country
    )
    facts = {
        **note_deadline(deadline),
        "kind": wish.kind.value,
        "reference": letter.reference,
        "recipient": letter.to.name,
        **({"username": wish.username} if wish.username else {}),
    }
    state = CaseState.ESCALATED if step is Step.COMPLAINT else CaseState.ASKED
    return Event(now, state, facts=facts)


def step_of(letter: Letter) -> Step:
    if letter.wish.kind is not LetterKind.COMPLAINT:
        return Step(letter.wish.kind.value)
    return Step.COMPLAINT if is_authority(letter.to) else Step.TO_SERVICE


def note_more_time(case: Case, country: str, now: datetime) -> Event | None:
    """What a case notes when the service asks in time for longer; None where no law allows it."""
    later = extend(case.deadline, country) if case.deadline else None
    return Event(now, cause=MORE_TIME, facts=note_deadline(later)) if later else None


def note_deadline(deadline: Deadline) -> dict[str, str]:
    return {
        "law": deadline.law,
        "article": deadline.article,
        "due": deadline.day.isoformat(),
        "counted_from": deadline.counted_from.isoformat(),
        "provisional": "yes" if deadline.provisional else "no",
    }
