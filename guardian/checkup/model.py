"""The nouns of the checkup. Frozen; no file, no store, no words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from guardian.core.feature import Level
from guardian.core.words import Message

REASON_MOST = 300
"""Letters of why something is not for a person."""
CUE_MOST = 80
"""Letters of what a rhythm is tied to."""


class Area(StrEnum):
    ACCOUNTS = "accounts"
    SIGN_IN = "sign-in"
    """Second factors, passkeys, passwords."""
    MAIL = "mail"
    PHONE = "phone"
    BROWSER = "browser"
    NETWORK = "network"
    DEVICES = "devices"
    DOCUMENTS = "documents"
    HABITS = "habits"


class Duty(StrEnum):
    """What a citizen can do: the seven duties of the essays."""

    CLOSE = "close"
    PAUSE = "pause"
    READ = "read"
    CHECK = "check"
    ENCRYPT = "encrypt"
    LEARN = "learn"
    RIGHTS = "rights"


class Device(StrEnum):
    COMPUTER = "computer"
    PHONE = "phone"
    TABLET = "tablet"


class Phone(StrEnum):
    ANDROID = "android"
    IPHONE = "iphone"
    OTHER = "other"


class Dependant(StrEnum):
    CHILDREN = "children"
    ELDERS = "elders"


class Leak(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Circumstances:
    """The answers to the seven questions of the first run; ``asked`` False: not answered yet."""

    devices: frozenset[Device] = frozenset({Device.COMPUTER, Device.PHONE})
    phone: Phone = Phone.OTHER
    dependants: frozenset[Dependant] = frozenset()
    shared: bool = False
    public: bool = False
    leaked: Leak = Leak.UNKNOWN
    minutes: int = 20
    """5, 20 or 45: how long one sitting may take."""
    asked: bool = False


@dataclass(frozen=True)
class Way:
    """A guided path: ``lines`` sentences ``checkup.task.<id>.<name>.<1..lines>``.

    ``name`` is ``any`` or what it is for: android, iphone, firefox, chrome, windows, macos, linux.
    """

    name: str
    lines: int


@dataclass(frozen=True)
class Task:
    """One small step of the list. Its words: ``checkup.task.<id>`` (title), ``.why``, its ways.

    ``weight`` 1 to 3 is how much harm it prevents. ``serious``: while it is open the score is
    held below 80. ``concerns``: it applies where all of these hold (android, iphone, phone,
    tablet, computer, children, elders, shared, public, leaked). ``days`` until it is worth a new
    look; 0: once is enough. ``checks``: observations that answer it instead of the person.
    ``child``: it makes sense for a child too. ``page``: where in Guardian it is done, or "".
    """

    id: str
    area: Area
    duty: Duty
    minutes: int
    weight: int
    serious: bool
    concerns: tuple[str, ...]
    days: int
    checks: tuple[str, ...]
    ways: tuple[Way, ...]
    child: bool = False
    page: str = ""


class State(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    OPEN = "open"
    NOT_MINE = "not-mine"
    """Not for me: leaves the sum, and is listed with its reason."""


@dataclass(frozen=True)
class Answer:
    """What the person said about a task, or about a step of a pillar (``NOT_MINE`` alone)."""

    key: str
    state: State
    at: datetime
    reason: str = ""


class Basis(StrEnum):
    SEEN = "seen"
    """Guardian saw it itself."""
    SAID = "said"
    """The person said so."""
    NONE = "none"
    """Nobody knows yet; counts as open."""


@dataclass(frozen=True)
class Point:
    """One task in the sum: ``weight * share * freshness`` of ``weight``.

    ``share`` is 0 to 1 (done of total where it was counted, or 0, .5, 1 as the person said);
    ``freshness`` 1 until due, then falling to .5 over one more interval.
    """

    task: str
    weight: int
    share: float
    freshness: float
    basis: Basis
    done: int = 0
    total: int = 1
    since: date | None = None

    @property
    def earned(self) -> float:
        """What it adds to the sum, 0 to ``weight``."""
        return self.weight * self.share * self.freshness


@dataclass(frozen=True)
class LeftOut:
    """A task that does not count: the person said so (``reason``), or it does not concern them."""

    task: str
    chosen: bool
    reason: str = ""


@dataclass(frozen=True)
class Score:
    """``value`` 0 to 100, of what Guardian asks; never a grade for the person.

    ``raw`` is the sum before ``holds``, the keys of serious things that are still open (tasks, or
    steps of pillars): while there is one, ``value`` is at most 79.
    """

    points: tuple[Point, ...]
    left_out: tuple[LeftOut, ...]
    holds: tuple[str, ...]
    raw: float
    value: int


@dataclass(frozen=True)
class Moment:
    """A snapshot in the list of all."""

    id: int
    taken: datetime
    value: int


@dataclass(frozen=True)
class Snapshot:
    """A score as it was; never changed afterwards."""

    id: int
    taken: datetime
    score: Score


@dataclass(frozen=True)
class ChangeLine:
    """Why the score moved by ``points`` (never 0)."""

    points: int
    text: Message


@dataclass(frozen=True)
class Change:
    """From ``before`` to ``after``: the points of ``lines`` always sum to the difference."""

    before: int
    after: int
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class Todo:
    """One thing to do, from the list or from a pillar. ``page``: where “Start” leads; "" for none.

    ``task`` None: a pillar's step, which ends by itself once it is done there.
    """

    key: str
    title: Message
    why: Message
    minutes: int
    level: Level
    page: str
    command: str
    task: Task | None = None
    observed: Message | None = None
    """What Guardian saw of it, if it did."""
    seen: bool = False
    """Guardian saw itself that it is open, and does not merely invite to begin."""


@dataclass(frozen=True)
class Put:
    """A todo the person put aside: until a day (``later``), or for good with a reason."""

    todo: Todo
    until: date | None
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """What to do: one ``next``, at most four ``more``, and the ``rest``."""

    next: Todo | None
    more: tuple[Todo, ...] = ()
    rest: tuple[Todo, ...] = ()
    put_aside: tuple[Put, ...] = ()
    done: tuple[Todo, ...] = ()


class Every(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


MINUTES = {Every.WEEKLY: 5, Every.MONTHLY: 20, Every.QUARTERLY: 45}


@dataclass(frozen=True)
class Rhythm:
    """How often the person wants to be reminded; ``every`` None: never.

    ``cue`` is the thing in their life it is tied to, in their own words. ``weekday`` 0 is Monday.
    ``quiet``: no reminder of any kind. ``paused_until`` and ``snoozed_until`` end by themselves.
    ``series`` names it in calendars; it is made by chance when the rhythm is first kept.
    """

    every: Every | None = None
    cue: str = ""
    weekday: int = 6
    hour: int = 17
    quiet: bool = False
    paused_until: date | None = None
    snoozed_until: date | None = None
    begun: date | None = None
    series: str = ""


@dataclass(frozen=True)
class Sheet:
    """Everything the score's one sheet and the report show."""

    score: Score
    tasks: dict[str, Task] = field(default_factory=dict)
    change: Change | None = None
    """Since the snapshot before, if there is one."""
    since: datetime | None = None
    held: dict[str, Message] = field(default_factory=dict)
    """The titles of what holds the score, by the keys of ``score.holds``."""
