"""What the demonstration is made from: the made-up family and all that lies in its home."""

from __future__ import annotations

from pathlib import Path

from guardian.accounts.model import CaseState
from guardian.checkup.model import Dependant, Device, Every, Leak, Phone
from guardian.core.content import Record, read_content
from guardian.core.paths import assets


class Person(Record, frozen=True):
    name: str
    mail: str
    phone: str


class Number(Record, frozen=True):
    """A number of a paper; its check ``digit`` is wrong on purpose, or there is none."""

    kind: str
    number: str
    digit: str


class Wish(Record, frozen=True):
    every: Every
    cue: str
    weekday: int
    hour: int


class Household(Record, frozen=True):
    family: str
    user: str
    people: tuple[Person, ...]
    address: str
    country: str
    numbers: tuple[Number, ...]
    passphrase: str
    vault: str
    rhythm: Wish


class Login(Record, frozen=True):
    """A saved login: ``made`` and ``used`` so many days ago. ``source``: firefox, chromium, mateo.

    ``state`` is what became of it: a state of a case, ``overdue`` for a letter without an answer
    in time, or "" for undecided.
    """

    site: str
    source: str
    made: int
    used: int
    times: int = 1
    user: str = ""
    state: str = ""
    visited: bool = False

    @property
    def case(self) -> CaseState | None:
        if self.state == "overdue":
            return CaseState.ASKED
        return CaseState(self.state) if self.state else None


class SignIn(Record, frozen=True):
    site: str
    provider: str
    days: int


class Dismissed(Record, frozen=True):
    site: str
    user: str
    days: int
    times: int


class Mail(Record, frozen=True):
    site: str
    name: str
    subject: str
    days: int
    bulk: bool = False


class Traces(Record, frozen=True):
    """``shared`` are groups of sites that share one login."""

    accounts: tuple[Login, ...]
    sign_in_with: tuple[SignIn, ...]
    dismissed: tuple[Dismissed, ...]
    shared: tuple[tuple[str, ...], ...]
    mails: tuple[Mail, ...]


class Paper(Record, frozen=True):
    file: str
    folder: str
    valid_days: int | None
    tags: tuple[str, ...]
    note: str
    changed_days: int


class Policy(Record, frozen=True):
    """Read so many ``days`` ago; ``follows`` is the file of its earlier version, or ""."""

    file: str
    title: str
    days: int
    source: str
    follows: str


class Answers(Record, frozen=True):
    """The answers to the seven questions."""

    devices: frozenset[Device]
    phone: Phone
    dependants: frozenset[Dependant]
    shared: bool
    public: bool
    leaked: Leak
    minutes: int


class Sitting(Record, frozen=True):
    """A checkup so many ``days`` ago, after which this ``share`` of the list was answered."""

    days: int
    share: float


class Year(Record, frozen=True):
    circumstances: Answers
    sittings: tuple[Sitting, ...]


def folder() -> Path:
    return assets() / "demo"


def read_household() -> Household:
    return read_content("demo/household.json", Household)


def read_traces() -> Traces:
    return read_content("demo/accounts.json", Traces)


def read_papers() -> tuple[Paper, ...]:
    return read_content("demo/papers.json", tuple[Paper, ...])


def read_policies() -> tuple[Policy, ...]:
    return read_content("demo/policies.json", tuple[Policy, ...])


def read_year() -> Year:
    return read_content("demo/checkups.json", Year)
