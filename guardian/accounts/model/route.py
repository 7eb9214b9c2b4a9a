"""The ways out of an account, what to mind before, and in which order to go about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from guardian.accounts.model.account import Account
from guardian.core.words import Message


class RouteKind(StrEnum):
    """A way to have an account closed, from the straightest to the longest."""

    DELETE_PAGE = "delete-page"
    APP_PAGE = "app-page"
    SETTINGS_DOOR = "settings-door"
    LETTER = "letter"
    REMINDER = "reminder"
    AUTHORITY = "authority"


class Difficulty(StrEnum):
    """How hard it is to close an account there, according to the catalogue."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    LIMITED = "limited"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


class Risk(StrEnum):
    """What of a person such a service may hold."""

    MONEY = "money"
    DOCUMENTS = "documents"
    HEALTH = "health"
    CONTACTS = "contacts"
    LOCATION = "location"
    CHILDREN = "children"


class Queue(StrEnum):
    """Where an account waits in the order of work."""

    QUICK = "quick"
    LETTER = "letter"
    EMPTY = "empty"


@dataclass(frozen=True)
class Route:
    """One way to get an account closed. ``url`` is only ever shown, never opened from here.

    ``text`` says what the address is; ``hints`` what to expect there. ``checked_year`` is the
    year in which the address was last touched in ``source``, None for a general door. For
    ``LETTER`` the ``url`` is «mailto:» with the address of the service, or empty where none is
    known; for ``AUTHORITY`` the authority's page.
    """

    site: str
    name: str
    kind: RouteKind
    url: str
    text: Message
    checked_year: int | None = None
    hints: tuple[Message, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Task:
    """One account in the order of work: ``score`` is risk times ease, higher comes first."""

    account: Account
    name: str
    queue: Queue
    difficulty: Difficulty
    risk: tuple[Risk, ...]
    score: float
    route: Route


@dataclass(frozen=True)
class WorkPlan:
    """The three queues, each with the most worthwhile first; no kept or finished accounts."""

    quick: tuple[Task, ...]
    letter: tuple[Task, ...]
    empty: tuple[Task, ...]

    def __iter__(self) -> Iterator[Task]:
        return iter((*self.quick, *self.letter, *self.empty))


class AdviceKind(StrEnum):
    """What to mind before an account is closed, and what to clean up after."""

    EXPORT = "export"
    SUBSCRIPTION = "subscription"
    BALANCE = "balance"
    MAILBOX = "mailbox"
    PROVIDER = "provider"
    SHARED_LOGIN = "shared-login"
    SECOND_FACTOR = "second-factor"
    HOUSEHOLD = "household"
    SAVED_ENTRY = "saved-entry"
    COOKIES = "cookies"
    ALIAS = "alias"
    PROGRAM = "program"


@dataclass(frozen=True)
class Advice:
    """One thing to mind: ``text`` says it, ``sites`` lists what it is about (may be empty).

    ``stops`` marks what should be settled before the account is closed.
    """

    kind: AdviceKind
    text: Message
    sites: tuple[str, ...] = ()
    stops: bool = False
