"""What the person does about an account, step by step, until it is really closed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from guardian.core.words import Fact, Message


class CaseState(StrEnum):
    """Where a case stands. ``SILENT`` follows by itself when a day to answer has passed."""

    FOUND = "found"
    LATER = "later"
    KEEP = "keep"
    CLOSE = "close"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    SILENT = "silent"
    ESCALATED = "escalated"
    GONE = "gone"

    @property
    def is_decided(self) -> bool:
        return self not in (CaseState.FOUND, CaseState.LATER)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done before the account is closed."""
        return self in (
            CaseState.CLOSE, CaseState.ASKED, CaseState.CONFIRMED, CaseState.REFUSED,
            CaseState.SILENT, CaseState.ESCALATED,
        )  # fmt: skip

    @property
    def is_before_asking(self) -> bool:
        """Whether the service is still to be asked, for the first time or once more."""
        return self in (CaseState.FOUND, CaseState.LATER, CaseState.KEEP, CaseState.CLOSE)


@dataclass(frozen=True)
class Deadline:
    """The day by which an answer is due, and where that comes from.

    ``law`` is the key of the law, ``article`` the place in it; ``counted_from`` the day the
    letter arrived. ``provisional``: holidays of that year may still be changed.
    """

    day: date
    counted_from: date
    law: str
    article: str
    provisional: bool = False


class Gone(StrEnum):
    """The three looks that show whether an account is really gone."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    PROFILE = "profile"


@dataclass(frozen=True)
class Check:
    """One look that was taken: ``gone`` is whether the account seemed gone."""

    step: Gone
    gone: bool
    at: datetime


@dataclass(frozen=True)
class CheckStep:
    """One look that is to be taken, in words, and what came of it (None: not yet)."""

    step: Gone
    text: Message
    done: Check | None = None


@dataclass(frozen=True)
class Attachment:
    """A proof the person put into a vault: its name, and where in which vault it lies."""

    name: str
    place: str
    at: datetime


@dataclass(frozen=True)
class Event:
    """Something that happened in a case. Events are kept, and the case is what follows from them.

    ``state`` is where the case stands from then on, None where that stays as it was. ``cause``
    is the code of the sentence that says why Guardian noted it by itself; empty for what the
    person did. ``facts`` are small named texts, for that sentence and for what follows: law,
    article, due, counted_from, provisional, reference, username, recipient, kind; and for what a
    search showed: sign (which of the watched things), seen (its time), day, site, source.
    """

    at: datetime
    state: CaseState | None = None
    note: str = ""
    cause: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    attachment: Attachment | None = None
    check: Check | None = None

    @property
    def why(self) -> Message | None:
        """The sentence that says why Guardian noted it; None for what the person did."""
        if not self.cause:
            return None
        facts: dict[str, Fact] = dict(self.facts)
        with suppress(KeyError, ValueError):
            facts["day"] = date.fromisoformat(self.facts["day"])
        return Message(self.cause, facts)


@dataclass(frozen=True)
class Case:
    """One account on its way out. ``username`` says which of several names it is about.

    ``reference`` is the mark that our letters carry in their subject, so that an answer is known.
    """

    state: CaseState = CaseState.FOUND
    since: datetime | None = None
    events: tuple[Event, ...] = ()
    deadline: Deadline | None = None
    reference: str = ""
    username: str = ""
    attachments: tuple[Attachment, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def asked_at(self) -> datetime | None:
        """When the service was first asked, since the account was last put on the list."""
        first = None
        for event in self.events:
            if event.state and event.state.is_before_asking:
                first = None
            elif event.state is CaseState.ASKED:
                first = first or event.at
        return first
