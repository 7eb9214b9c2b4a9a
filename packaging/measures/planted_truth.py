"""What ought to be found in a planted life: each account's sites, names, times and windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from measures.planted_accounts import NAMELESS, PROGRAMS, Life, Planted, Row

# kind of the source, and how many days it reaches back
Window = tuple[str, int | None]
FIREFOX: Window = ("firefox", None)
FIREFOX_HISTORY: Window = ("firefox-history", None)
CHROMIUM: Window = ("chromium", None)
CHROMIUM_HISTORY: Window = ("chromium-history", 90)
PROGRAM: Window = ("programs", None)
WINDOWS = {
    **dict.fromkeys(("firefox", "firefox-work"), FIREFOX),
    **dict.fromkeys(("chromium", "chromium-2"), CHROMIUM),
}
EXPORT: Window = ("export", None)


@dataclass(frozen=True)
class Sign:
    """One trace in time. ``used`` is a use, ``alive`` a sign of life, ``shows`` an account."""

    time: int
    window: Window
    used: bool = True
    alive: bool = True
    shows: bool = True


@dataclass
class Truth:
    """What is true of one account; times are microseconds since 1970, None where none is known.

    It must be found under all ``sites``, and under none that it does not open.
    """

    place: str
    sites: frozenset[str]
    opens: frozenset[str]
    names: set[str] = field(default_factory=set)
    signs: list[Sign] = field(default_factory=list)
    windows: set[Window] = field(default_factory=set)
    saved: bool = False  # a password, or a passkey

    def add(self, sign: Sign) -> None:
        self.signs.append(sign)
        self.windows.add(sign.window)

    @property
    def first_seen(self) -> int | None:
        return min((sign.time for sign in self.signs if sign.shows), default=None)

    @property
    def last_used(self) -> int | None:
        return max((sign.time for sign in self.signs if sign.used), default=None)

    @property
    def newest(self) -> Sign | None:
        """The newest sign of life."""
        alive = (sign for sign in self.signs if sign.alive)
        return max(alive, key=lambda sign: sign.time, default=None)


def tell(life: Life, seen: Mapping[str, Sequence[tuple[str, int]]]) -> list[Truth]:
    """The truth about every planted account; ``seen`` is what Chromium wrote by itself."""
    truths = [tell_account(account) for account in life.accounts]
    homes = {site: truth for truth in truths for site in truth.opens}
    for name, made in life.programs.items():
        if name in PROGRAMS:
            homes[PROGRAMS[name]].sites |= {PROGRAMS[name]}
            homes[PROGRAMS[name]].add(Sign(made, PROGRAM, used=False, alive=False))
    visits: list[tuple[str, int, Window]] = [
        *((one.address, one.time, FIREFOX_HISTORY) for one in life.visits),
        *((url, time, CHROMIUM_HISTORY) for url, time in seen.get("visit", ())),
    ]
    for address, time, window in visits:
        if truth := find_home(homes, address):
            truth.add(Sign(time, window, shows=False))
    for address, time in seen.get("dismiss", ()):
        if truth := find_home(homes, address):
            truth.add(Sign(time, CHROMIUM))
            truth.names.add(f"anna@{urlsplit(address).hostname}")
    for address, time in seen.get("passkey", ()):
        if truth := find_home(homes, address):
            truth.add(Sign(time, CHROMIUM_HISTORY))
            truth.saved = True
    signed = {host for what, host, _ in life.walk if what == "sign-in"}
    for address, time in seen.get("visit", ()):
        back = parse_qs(urlsplit(address).query).get("redirect_uri", [""])[0]
        truth = find_home(homes, back)
        if truth and urlsplit(back).hostname in signed:
            truth.add(Sign(time, CHROMIUM_HISTORY))
    return truths


def tell_account(account: Planted) -> Truth:
    truth = Truth(account.place, account.sites, account.opens)
    for row in account.rows:
        window = WINDOWS.get(row.source, EXPORT)
        truth.windows.add(window)
        truth.saved |= row.kind == "login"
        if row.source not in NAMELESS and row.kind != "never":
            truth.names.add(row.username)
        for sign in signs_of(row, window):
            truth.add(sign)
    if account.signed_in is not None:
        truth.add(Sign(account.signed_in, FIREFOX_HISTORY))
    return truth


def signs_of(row: Row, window: Window) -> list[Sign]:
    """«Never save» shows an account, and nothing of its use."""
    alive = row.kind != "never"
    return [
        Sign(time, window, used=alive and which == "used", alive=alive)
        for which, time in (("created", row.created), ("changed", row.changed), ("used", row.used))
        if time is not None
    ]


def find_home(homes: Mapping[str, Truth], address: str) -> Truth | None:
    """The account that an address belongs to."""
    parts = (urlsplit(address).hostname or "").split(".")
    names = (".".join(parts[start:]) for start in range(len(parts)))
    return next((homes[name] for name in names if name in homes), None)


def count_by_window(truths: Sequence[Truth]) -> dict[str, int]:
    """How many accounts each kind of source tells of."""
    counted: dict[str, int] = defaultdict(int)
    for truth in truths:
        for kind, _ in truth.windows:
            counted[kind] += 1
    return dict(sorted(counted.items()))
