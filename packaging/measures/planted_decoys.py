"""Draws what is no account, however much it looks like one; see planted_accounts."""

from __future__ import annotations

from measures.planted_accounts import (
    BROWSERS,
    DAY,
    DECOYS,
    DOORS,
    EXPORTS,
    PROVIDERS,
    SECOND,
    Draw,
    Life,
    Row,
    Visit,
    sign_in,
)

# programs that need no account
TOOLS = ("gimp", "vlc", "libreoffice-writer", "org.gnome.Calculator", "firefox-esr")
NETWORK = (
    "192.168.{}.1", "10.0.{}.7", "172.16.3.{}", "203.0.113.{}", "[fd00::{}]", "[2001:db8::{}]",
    "localhost", "nas{}", "router{}", "printer{}.local", "box{}.lan", "wiki{}.internal",
    "pi{}.home.arpa", "intranet{}",
)  # fmt: skip
ODD_ADDRESSES = (
    "javascript:alert({})", "data:text/html,{}", "about:config", "file:///home/anna/{}.html",
    "chrome://settings/{}", "moz-extension://abc{}/x.html", "https://", "http://.../{}",
)  # fmt: skip


def plant_decoys(draw: Draw, life: Life, sources: tuple[str, ...]) -> None:
    """What is no account anywhere, in every source that can hold it."""
    decoy_logins(draw, life, sources)
    for name in TOOLS:
        life.decoys.append(("program", name))
        life.programs[name] = draw.now // SECOND * SECOND
    if "chromium" in sources:
        for what, count in (("sign-in away", 4), ("sign-in refused", 4), ("visit", 14)):
            for _ in range(count):
                site = draw.site()
                life.decoys.append((f"{what}, Chromium", site))
                life.walk.append((what, f"www.{site}", draw.chance.choice([*PROVIDERS])))
        for account in draw.chance.sample([one for one in life.accounts if one.place == "web"], 20):
            life.walk.append(("visit", draw.chance.choice(sorted(account.sites)), ""))
    if "firefox" in sources:
        decoy_visits(draw, life)


def decoy_logins(draw: Draw, life: Life, sources: tuple[str, ...]) -> None:
    """Entries among the saved logins that are no accounts."""

    def add(kind: str, source: str, address: str, site: str, mark: str = "login") -> None:
        life.decoys.append((kind, site))
        row = draw.row("x.example", source)
        life.rows.append(Row(**{**vars(row), "address": address, "kind": mark}))

    logins = [one for one in sources if one in (*BROWSERS, *EXPORTS)]
    exports = [one for one in sources if one in EXPORTS and one != "firefox.csv"]
    for number in range(62):
        host = NETWORK[number % len(NETWORK)].format(number)
        port = draw.chance.choice(("", ":8080", ":3000"))
        add("no public name", draw.chance.choice(logins), f"http://{host}{port}", host)
    for number in range(14):
        address = ODD_ADDRESSES[number % len(ODD_ADDRESSES)].format(number)
        add("odd address", draw.chance.choice(exports), address, address)
    for mark, places in (
        ("bin", ("bitwarden.json", "keepassxc.csv")),
        ("note", ("bitwarden.json", "1password.1pux")),
    ):
        for number in range(12):
            site = draw.site()
            add(mark, places[number % 2], f"https://{site}/", site, mark)
    if "firefox" in sources:
        add("own account", "firefox", "chrome://FirefoxAccounts", "chrome://FirefoxAccounts")
        for _ in range(16):
            site = draw.site()
            add("tombstone", "firefox", f"https://{site}", site, "bin")


def decoy_visits(draw: Draw, life: Life) -> None:
    """Visits that show no account; as many as decoys are missing."""
    for end in ("away", "refused"):
        for _ in range(10):
            site, time = draw.site(), draw.now - draw.chance.randint(2, 2000) * DAY
            life.decoys.append((f"sign-in {end}", site))
            life.visits += sign_in(draw, site, end, time)
    for _ in range(5):
        site, time = draw.site(), draw.now - draw.chance.randint(20, 2000) * DAY
        life.doubtful.add(site)
        life.visits += sign_in(draw, site, "away", time)
        life.visits.append(Visit(f"https://www.{site}/news", time + 8 * DAY))
    while len(life.decoys) < DECOYS:
        site, time = draw.site(), draw.now - draw.chance.randint(DAY, 3000 * DAY)
        life.decoys.append(("mere visit", site))
        host = draw.chance.choice(DOORS) + site
        life.visits.append(Visit(f"https://{host}/", time // 1000 * 1000))
