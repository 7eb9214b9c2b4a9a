"""Draws a made-up life: accounts in many programs, what is none of them, and the truth about both.

Nothing here knows how Guardian decides. Names are made of syllables; only sites that are known
to share one login, and the services one signs in with, are real ones. Times are microseconds
since 1970 UTC.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

SECOND, DAY = 10**6, 86_400 * 10**6
ACCOUNTS, DECOYS, OVERLAP = 400, 200, 0.3
# where logins can be planted, and which of the three times each of them can hold
BROWSERS = ("firefox", "firefox-work", "chromium", "chromium-2")
EXPORTS = ("firefox.csv", "chrome.csv", "bitwarden.json", "keepassxc.csv", "1password.1pux")
HOLDS = {
    **dict.fromkeys((*BROWSERS, "firefox.csv"), ("created", "changed", "used")),
    **dict.fromkeys(("bitwarden.json", "keepassxc.csv", "1password.1pux"), ("created", "changed")),
}
GRAIN = {"keepassxc.csv": SECOND, "1password.1pux": SECOND}
# stands for the certificate of an Android app
APP_MARK = (
    "Jzj5T2E45Hb33D-lk-EHZVCrb7a064dEicTwrTYQYGXO99JqE2YERhbMP1qLogwJiy87OBs2AKQgzCv0YLPtHQ=="
)
NAMELESS = ("firefox", "firefox-work")  # there, names are encrypted
WITH_APPS = ("chromium", "chrome.csv", "bitwarden.json")
SHARES = (25, 6, 26, 6, 8, 8, 10, 8, 8)
SYLLABLES = "ba ce du fi go ha ki lo mu ne pa ra si to vu wa xe yo za bri cla dro fle gra ple stu"
SUFFIXES = "com com com com org net de de fr it es pl io co.uk co.uk com.au co.jp com.br co.nz"
HOSTING = ("github.io", "gitlab.io", "netlify.app", "pages.dev", "vercel.app", "herokuapp.com")
FOREIGN = (
    "bücher",
    "käse",
    "façade",
    "señor",
    "straße",
    "書店",
    "почта",
    "grün",
    "fußball",
    "śnieg",
)
DOORS = ("", "", "", "www.", "www.", "www.", "login.", "accounts.", "m.", "my.shop.")
# real sites on which one login opens all
SHARED = (
    ("ebay.com", "ebay.de", "ebay.co.uk"),
    ("wikipedia.org", "wikimedia.org", "wiktionary.org"),
    ("pinterest.com", "pinterest.de"),
    ("airbnb.com", "airbnb.fr"),
    ("steampowered.com", "steamcommunity.com"),
    ("epicgames.com", "fortnite.com"),
    ("eventbrite.com", "eventbrite.de"),
    ("discord.com", "discordapp.com"),
)
# whom one signs in with: their site, and the page where they ask
PROVIDERS = {
    "google.com": "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&redirect_uri=",
    "apple.com": "https://appleid.apple.com/auth/authorize?response_mode=form_post&redirect_uri=",
    "facebook.com": "https://www.facebook.com/v19.0/dialog/oauth?client_id=77&redirect_uri=",
    "microsoftonline.com": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
    "?client_id=5&redirect_uri=",
    "github.com": "https://github.com/login/oauth/authorize?client_id=abc&redirect_uri=",
}
# menu entries of programs that are of no use without an account
PROGRAMS = {
    "spotify": "spotify.com", "discord": "discord.com", "slack": "slack.com",
    "org.telegram.desktop": "telegram.org", "org.signal.Signal": "signal.org",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One entry in ``source``; a time that is None stands there as ``nonsense``.

    ``kind`` is login, never (never save), federated, bin (thrown away) or note (no login at all).
    """

    source: str
    address: str
    username: str
    created: int | None = None
    changed: int | None = None
    used: int | None = None
    nonsense: str = "never"
    kind: str = "login"
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visit:
    """One visit; ``how`` is the browser's kind of transition, ``before`` the page it came from."""

    address: str
    time: int
    how: int = 1
    before: str = ""


@dataclass
class Planted:
    """One account: the sites that traces of it name, and every trace.

    ``opens`` are all sites that its login opens; a visit to any of them is a use.
    """

    place: str
    sites: frozenset[str]
    opens: frozenset[str] = frozenset()
    rows: list[Row] = field(default_factory=list)
    signed_in: int | None = None  # when, with another service, in Firefox

    def __post_init__(self) -> None:
        self.opens = self.opens or self.sites


@dataclass
class Life:
    """All that is planted. ``walk`` is what a person does in Chromium: what, where, with whom."""

    accounts: list[Planted] = field(default_factory=list)
    decoys: list[tuple[str, str]] = field(default_factory=list)  # (kind, site that must not come)
    rows: list[Row] = field(default_factory=list)  # decoys among the logins
    visits: list[Visit] = field(default_factory=list)
    walk: list[tuple[str, str, str]] = field(default_factory=list)
    programs: dict[str, int] = field(default_factory=dict)
    told: list[tuple[str, ...]] = field(default_factory=list)  # groups the browser was told of
    doubtful: set[str] = field(default_factory=set)

    def rows_of(self, source: str) -> list[Row]:
        every = [*self.rows, *(row for account in self.accounts for row in account.rows)]
        return [row for row in every if row.source == source]


class Draw:
    """Chance, from one seed; no name is drawn twice."""

    def __init__(self, seed: int, now: int) -> None:
        self.chance, self.now = random.Random(seed), now
        self.used: set[str] = set()

    def label(self) -> str:
        while True:
            parts = self.chance.choices(SYLLABLES.split(), k=self.chance.randint(3, 5))
            if (word := "".join(parts)) not in self.used:
                self.used.add(word)
                return word

    def site(self) -> str:
        return f"{self.label()}.{self.chance.choice(SUFFIXES.split())}"

    def foreign(self) -> str:
        """A site of other letters, as they are read."""
        return f"{self.chance.choice(FOREIGN)}-{self.label()}.{self.chance.choice(('de', 'com'))}"

    def name(self) -> str:
        first = self.chance.choice(("anna", "ben", "carla", "Anna.B", "office+shop", "李雷"))
        number = self.chance.randint(1, 99)
        return f"{first}{number}@{self.label()}.example" if first.isascii() else f"{first}{number}"

    def times(self, source: str, sparse: float = 0.1) -> tuple[int | None, int | None, int | None]:
        """Created, changed, used, as far as ``source`` can hold them; some are not known."""
        grain = GRAIN.get(source, 1000)
        first = self.chance.randint(1_330_000_000 * SECOND, self.now - 30 * DAY)
        middle = self.chance.randint(first, self.now - 20 * DAY)
        last = self.chance.randint(first, self.now - 3 * DAY)
        drawn = {"created": first, "changed": self.chance.choice((first, middle)), "used": last}
        held = HOLDS.get(source, ())
        times = [
            drawn[which] // grain * grain
            if which in held and self.chance.random() > sparse
            else None
            for which in drawn
        ]
        return times[0], times[1], times[2]

    def address(self, site: str, source: str) -> str:
        """One of the ways a site is written down."""
        chance = self.chance
        own_name = site.count(".") > 1 and site.endswith(HOSTING)
        host = ("" if own_name else chance.choice(DOORS)) + site
        if source in EXPORTS and chance.random() < 0.5:
            host = read_letters(host)
        oddity = chance.random()
        if oddity < 0.05:
            host = host.upper() if host.isascii() else host
        elif oddity < 0.08:
            host += "."
        elif oddity < 0.14:
            host += f":{chance.choice((8080, 8443, 444))}"
        if source in ("bitwarden.json", "keepassxc.csv") and chance.random() < 0.2:
            return host
        scheme = chance.choice(("https", "https", "https", "http"))
        path = chance.choice(("", "/", "/login", "/a/b?next=%2Fhome"))
        return f"{scheme}://{host}" + ("" if source.startswith("firefox") else path)

    def row(self, site: str, source: str, kind: str = "login") -> Row:
        if site.startswith("com.app."):
            stem = "androidapp://" if source == "bitwarden.json" else f"android://{APP_MARK}@"
            address = stem + site + ("" if source == "bitwarden.json" else "/")
        else:
            address = self.address(site, source)
        nonsense = self.chance.choice(("never", "epoch", "future"))
        return Row(source, address, self.name(), *self.times(source), nonsense, kind)


def letters(site: str) -> str:
    """A name of other letters as browsers write it (IDNA 2008: ß stays a letter of its own)."""
    parts = (
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}"
        for part in site.split(".")
    )
    return ".".join(parts)


def read_letters(host: str) -> str:
    parts = (
        part[4:].encode().decode("punycode") if part.startswith("xn--") else part
        for part in host.split(".")
    )
    return ".".join(parts)


def plan(draw: Draw, there: Iterable[str]) -> Life:
    """A life with traces in the sources ``there`` (browsers that are installed, and exports).

    What is no account comes from planted_decoys.
    """
    life, sources = Life(), tuple(there)
    special = [*plant_special(draw, life, sources)]
    singles = [
        *(
            (site,)
            for site in (draw.label() + "." + draw.chance.choice(HOSTING) for _ in range(22))
        ),
        *((letters(draw.foreign()),) for _ in range(12)),
        *((f"com.app.{draw.label()}",) for _ in range(16)),
        *SHARED,
    ]
    life.told = [tuple(sorted((draw.site(), draw.site()))) for _ in range(4)]
    singles += life.told if "chromium" in sources else []
    singles += [(draw.site(),) for _ in range(ACCOUNTS - len(singles) - len(special))]
    life.accounts += special
    several = set(draw.chance.sample(range(len(singles)), round(OVERLAP * ACCOUNTS)))
    for number, sites in enumerate(singles):
        if planted := plant(draw, sites, sources, number in several):
            life.accounts.append(planted)
    if "firefox" in sources:
        visit_some(draw, life)
    return life


def plant(
    draw: Draw, sites: tuple[str, ...], sources: tuple[str, ...], several: bool
) -> Planted | None:
    """An account with logins in one source, or in two or three."""
    app = sites[0].startswith("com.app.")
    weights = dict(zip((*BROWSERS, *EXPORTS), SHARES, strict=True))
    possible = [one for one in sources if one in weights and (not app or one in WITH_APPS)]
    count = min(draw.chance.choice((2, 2, 3)) if several else 1, len(possible))
    chosen: list[str] = []
    while len(chosen) < count:
        [one] = draw.chance.choices(possible, [weights[name] for name in possible])
        if one not in chosen:
            chosen.append(one)
    # of the sites that one login opens, a person saves it for one or for some
    named = draw.chance.sample(sites, draw.chance.randint(1, len(sites)))
    planted = Planted("app" if app else "web", frozenset(named), frozenset(sites))
    for source in chosen:
        planted.rows += [draw.row(site, source) for site in named]
        if draw.chance.random() < 0.1:  # a second name on the same site
            planted.rows.append(draw.row(named[0], source))
        if source == "bitwarden.json" and not app and draw.chance.random() < 0.3:
            last = planted.rows.pop()
            more = (f"https://other.{named[-1]}/x", "androidapp://com.app.beside")
            planted.rows.append(Row(**{**vars(last), "more": more}))
    return planted if chosen else None


def plant_special(draw: Draw, life: Life, sources: tuple[str, ...]) -> Iterator[Planted]:
    """What shows an account without a saved password."""
    now = draw.now
    if "chromium" in sources:
        for kind, count in (("never", 10), ("federated", 8)):
            for _ in range(count):
                site = draw.site()
                yield Planted("web", frozenset({site}), rows=[draw.row(site, "chromium", kind)])
        for what, count in (("dismiss", 10), ("sign-in", 6), ("passkey", 1)):
            for _ in range(count):
                # in a top-level domain that allows plain http
                site = f"{draw.label()}.{draw.chance.choice(('com', 'de', 'co.uk'))}"
                life.walk.append((what, f"www.{site}", draw.chance.choice([*PROVIDERS])))
                yield Planted("web", frozenset({site}))
    if "firefox" in sources:
        for _ in range(18):
            site = draw.site()
            way = sign_in(draw, site, "back", now - draw.chance.randint(1, 2000) * DAY)
            life.visits += way
            yield Planted("web", frozenset({site}), signed_in=way[1].time)
    if {"chromium", "firefox"} & set(sources):
        for provider, page in PROVIDERS.items():
            browser = draw.chance.choice([one for one in sources if one in BROWSERS])
            row = draw.row(provider, browser)
            host = page.split("/")[2]
            yield Planted(
                "web",
                frozenset({provider}),
                rows=[Row(**{**vars(row), "address": f"https://{host}"})],
            )
    for name, site in PROGRAMS.items():
        life.programs[name] = now // SECOND * SECOND - draw.chance.randint(1, 900) * DAY
        if all(site not in group for group in SHARED):
            yield Planted("web", frozenset({site}))


def sign_in(draw: Draw, site: str, end: str, time: int) -> list[Visit]:
    """A way to another service's question and (``end``) back, back refused, or away."""
    door, back = f"https://www.{site}/", f"https://auth.{site}/callback"
    ask = PROVIDERS[draw.chance.choice([*PROVIDERS])] + quote(back, "")
    way = [Visit(door, time), Visit(ask, time + 2 * SECOND, 6, door)]
    if end == "back":
        way += [
            Visit(f"{back}?code=4711", time + 9 * SECOND, 6, ask),
            Visit(f"{door}home", time + 10 * SECOND, 6, f"{back}?code=4711"),
        ]
    elif end == "refused":
        way += [
            Visit(f"{back}?error=access_denied", time + 9 * SECOND, 6, ask),
            Visit(door, time + 10 * SECOND, 6, f"{back}?error=access_denied"),
        ]
    return way


def visit_some(draw: Draw, life: Life) -> None:
    """Visits to sites with an account, before and after the login was last used."""
    with_site = [one for one in life.accounts if one.place == "web"]
    groups = [one for one in with_site if len(one.opens) > 1]
    for account in [*groups, *draw.chance.sample(with_site, min(110, len(with_site)))]:
        for _ in range(draw.chance.randint(1, 3)):
            site = draw.chance.choice(sorted(account.opens))
            host = draw.chance.choice(("", "www.", "shop.")) + site
            time = draw.now - draw.chance.randint(DAY, 3000 * DAY)
            life.visits.append(Visit(f"https://{host}/page/{time}", time // 1000 * 1000))


def overlap(life: Life) -> float:
    """The share of the accounts that more than one source tells of."""
    counted = Counter(len({row.source for row in one.rows}) > 1 for one in life.accounts)
    return counted[True] / len(life.accounts)
