"""What a browser's history tells: when a site was last visited, and sign-ins with other services.

Titles and the rest of the addresses are not kept.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from guardian.accounts.model import Entry, Evidence, EvidenceKind, Source
from guardian.accounts.sources import dates, files, sign_in_with
from guardian.accounts.sources.sign_in_with import SignIn
from guardian.core.errors import Problem

# far more than a person goes to: such a file is made to fill the memory
MAX_HOSTS = 250_000
# after so many of them, the wish to stop is asked for
PACE = 1000
# a stage more than this many pages after the provider's is no longer a way back from it
MAX_STAGES = 12
# whoever is sent back later than that is not sent back from that visit to the provider
AWAY = timedelta(hours=1)
# some services need no new page after a sign-in: the next one may be that of the next day
RETURN = timedelta(days=2)
# longer than a scheme, a host and a port: what stands there is a name or password, or nonsense
MAX_ORIGIN = 300
# the address up to the slash after the host; addresses need not have one when made by hand
ORIGIN = "substr({url}, 1, instr(substr({url}, 9, 300) || '/', '/') + 8)"


@dataclass(frozen=True)
class Layout:
    """How a family of browsers keeps its history; times are microseconds since ``start``.

    ``pages`` has a row per address, ``visits`` one per visit. ``back`` is the bit that marks a
    visit made with the button for going back, in the column ``how``; ``frames`` are the values of
    its lowest byte for pages loaded inside others, which nobody chose to visit.
    """

    start: datetime
    pages: str
    newest: str
    visits: str
    page: str
    time: str
    how: str
    back: int = 0
    frames: tuple[int, ...] = ()


@dataclass
class Times:
    """When something happened, in the browser's own count: first, last, how often."""

    first: int
    last: int
    count: int = 1

    def add(self, time: int) -> None:
        self.first, self.last = min(self.first, time), max(self.last, time)
        self.count += 1


# The time and the number of a visit: all stages of one way through several pages carry the same
# time, and rising numbers.
Moment = tuple[int, int]


@dataclass(frozen=True)
class History:
    """What one history file gives: hosts with their visits, and (service, provider) sign-ins."""

    hosts: dict[str, Times]
    sign_ins: dict[tuple[str, str], Times]


def query_history(path: Path, layout: Layout, now: datetime, check: Callable[[], None]) -> History:
    """Everything that is looked at in the file ``path``. Raises ``Problem``, as ``check`` does."""

    def work(database: sqlite3.Connection) -> History:
        return read_history(database, layout, path.name, now, check)

    tables = (layout.pages, layout.visits)
    return files.query(path, work, check, limit=files.MAX_HISTORY, tables=tables)


def read_history(
    database: sqlite3.Connection,
    layout: Layout,
    name: str,
    now: datetime,
    check: Callable[[], None],
) -> History:
    """As :func:`query_history`, of an open file called ``name``."""
    pages = files.table_columns(database, layout.pages)
    visits = files.table_columns(database, layout.visits)
    if not pages >= {"id", "url", layout.newest}:
        raise Problem("browser-file-unknown", name=name)
    database.text_factory = bytes  # a million addresses need not become text
    try:
        found = read_origins(database, layout, pages, now)
    except OverflowError:
        raise Problem("browser-sites-many", name=name, limit=MAX_HOSTS) from None
    hosts = join_hosts(found, check)
    if not visits >= {"id", "from_visit", layout.page, layout.time}:
        return History(hosts, {})
    if layout.how not in visits:
        layout = replace(layout, back=0, frames=())
    return History(hosts, read_sign_ins(database, layout, hosts, now))


def read_origins(
    database: sqlite3.Connection, layout: Layout, columns: set[str], now: datetime
) -> dict[bytes, list[int]]:
    """The beginning of addresses -> newest visit and number of visits.

    Pages only loaded inside others are left out, and those without a time in which a browser
    could write: without a visit, or with a clock gone wrong. The database says where an address
    has its host, so that Python handles short strings alone; a million addresses take about a
    second. Raises ``OverflowError`` above ``MAX_HOSTS``.
    """
    count = "ifnull(CAST(visit_count AS INTEGER), 0)" if "visit_count" in columns else "1"
    shown = "AND hidden = 0" if "hidden" in columns else ""
    sql = (
        f"SELECT {ORIGIN.format(url='url')}, CAST({layout.newest} AS INTEGER), {count}"
        f" FROM {layout.pages} NOT INDEXED WHERE {layout.newest} BETWEEN ? AND ? {shown}"
    )
    found: dict[bytes, list[int]] = {}
    # this loop runs a million times: nothing is called in it
    for origin, time, visited in database.execute(sql, dates.sensible(layout.start, now)):
        try:
            seen = found[origin]
        except KeyError:
            found[origin] = [time, visited]
            if len(found) > MAX_HOSTS:
                raise OverflowError from None
            continue
        if time > seen[0]:  # noqa: PLR1730
            seen[0] = time
        seen[1] += visited
    return found


def join_hosts(found: Mapping[bytes, list[int]], check: Callable[[], None]) -> dict[str, Times]:
    """Host -> when it was visited, whatever the scheme and the port."""
    hosts: dict[str, Times] = {}
    for number, (origin, (time, visited)) in enumerate(found.items()):
        if number % PACE == 0:
            check()
        if host := find_host(origin):
            known = hosts.setdefault(host, Times(time, time, 0))
            known.last = max(known.last, time)
            known.count += visited
    return hosts


def find_host(origin: object) -> str:
    """The host in the beginning of an address; empty for what is no page of the web."""
    if not isinstance(origin, bytes) or len(origin) > MAX_ORIGIN:
        return ""
    if not origin.startswith((b"http://", b"https://")):
        return ""
    text = origin.decode("utf-8", "replace")
    try:
        return (urlsplit(text).hostname or "").rstrip(".")
    except ValueError:
        return ""


def read_sign_ins(
    database: sqlite3.Connection, layout: Layout, hosts: Iterable[str], now: datetime
) -> dict[tuple[str, str], Times]:
    """(service, host of the provider) -> when somebody signed in so.

    Whoever turns back at the provider's page has not signed in: a way counts only if it led to
    the service soon after, and if the service was not told that it was refused.
    """
    asked = list(read_asked(database, layout, now))
    if not asked:
        return {}
    homes = {one.service: sign_in_with.find_site(one.service) or "" for _, one in asked}
    came_back = read_returns(database, layout, hosts, set(homes.values()) - {""}, now)
    refused = read_refusals(database, layout, now)
    ways: dict[tuple[str, str], Times] = {}
    for (time, number), one in asked:
        if any_within(AWAY, (time, number), refused.get(one.back, ())):
            continue
        if not one.service:
            service = follow(database, layout, number, one.provider)
        else:
            back = any_within(RETURN, (time, number), came_back.get(homes[one.service], ()))
            service = one.service if back else ""
        if service and (known := ways.get((service, one.provider))):
            known.add(time)
        elif service:
            ways[service, one.provider] = Times(time, time)
    return ways


def any_within(span: timedelta, start: Moment, moments: Sequence[Moment]) -> bool:
    """Whether one of ``moments``, the earliest first, follows ``start`` so soon."""
    place = bisect_right(moments, start)
    if place == len(moments):
        return False
    return timedelta(microseconds=moments[place][0] - start[0]) <= span


def read_asked(
    database: sqlite3.Connection, layout: Layout, now: datetime
) -> Iterator[tuple[Moment, SignIn]]:
    """Every visit to a page where a provider asks whether to sign somebody in.

    Pages inside others are left out: with those, sites look without asking who somebody is.
    """
    marks = " OR ".join("p.url LIKE ?" for _ in sign_in_with.MARKS)
    wanted = [f"%{mark}%" for mark in sign_in_with.MARKS]
    frames = ", ".join(map(str, layout.frames))
    shown = f"AND v.{layout.how} & 255 NOT IN ({frames})" if frames else ""
    for address, *moment in database.execute(
        f"SELECT p.url, {moment_of(layout)}"
        f" WHERE p.url LIKE 'https://%=%' AND ({marks}) AND {within(layout)} {shown}",
        (*wanted, *dates.sensible(layout.start, now)),
    ):
        if sign_in := sign_in_with.recognise(as_text(address)):
            yield (moment[0], moment[1]), sign_in


def read_returns(
    database: sqlite3.Connection,
    layout: Layout,
    hosts: Iterable[str],
    sites: Collection[str],
    now: datetime,
) -> dict[str, list[Moment]]:
    """Site -> its visits that were not made with the button for going back, the earliest first."""
    origins = {
        f"{scheme}://{host}{slash}": site
        for host in hosts
        for site in (".".join(host.split(".")[-count:]) for count in range(2, 2 + host.count(".")))
        if site in sites
        for scheme in ("http", "https")
        for slash in ("", "/")
    }
    found: dict[str, list[Moment]] = defaultdict(list)
    turned = f"AND v.{layout.how} & {layout.back} = 0" if layout.back else ""
    for origin, *moment in database.execute(
        f"SELECT {ORIGIN.format(url='p.url')}, {moment_of(layout)}"
        f" WHERE {ORIGIN.format(url='p.url')} IN (SELECT value FROM json_each(?))"
        f" AND {within(layout)} {turned}",
        (json.dumps(list(origins)), *dates.sensible(layout.start, now)),
    ):
        if site := origins.get(as_text(origin)):  # SQLite takes text to end at a NUL
            found[site].append((moment[0], moment[1]))
    for moments in found.values():
        moments.sort()
    return found


def read_refusals(
    database: sqlite3.Connection, layout: Layout, now: datetime
) -> dict[str, list[Moment]]:
    """Host and path of a page to come back to -> when somebody came back without a sign-in.

    The earliest first.
    """
    marks = " OR ".join("p.url LIKE ?" for _ in sign_in_with.REFUSALS)
    wanted = [f"%{name}={value}%" for name, value in sign_in_with.REFUSALS.items()]
    refused: dict[str, list[Moment]] = defaultdict(list)
    for address, *moment in database.execute(
        f"SELECT p.url, {moment_of(layout)} WHERE ({marks}) AND {within(layout)}",
        (*wanted, *dates.sensible(layout.start, now)),
    ):
        text = as_text(address)
        if sign_in_with.refuses(text):
            refused[sign_in_with.page_of(text)].append((moment[0], moment[1]))
    for moments in refused.values():
        moments.sort()
    return refused


def follow(database: sqlite3.Connection, layout: Layout, number: int, provider: str) -> str:
    """The service that the pages after visit ``number`` lead to; empty where they lead nowhere."""
    stage = [number]
    for _ in range(MAX_STAGES):
        marks = ", ".join("?" * len(stage))
        pages = database.execute(
            f"SELECT v.id, p.url FROM {layout.visits} v JOIN {layout.pages} p"
            f" ON v.{layout.page} = p.id WHERE v.from_visit IN ({marks}) ORDER BY v.id LIMIT 20",
            stage,
        ).fetchall()
        for _, address in pages:
            text = as_text(address)
            if sign_in_with.refuses(text):
                return ""
            if service := sign_in_with.find_service(text, provider):
                return service
        stage = [one for one, _ in pages]
    return ""


def moment_of(layout: Layout) -> str:
    """The time and number of visits ``v`` to pages ``p``, and where they come from."""
    return (
        f"CAST(v.{layout.time} AS INTEGER), ifnull(CAST(v.id AS INTEGER), 0)"
        f" FROM {layout.pages} p NOT INDEXED CROSS JOIN {layout.visits} v ON v.{layout.page} = p.id"
    )


def within(layout: Layout) -> str:
    return f"v.{layout.time} BETWEEN ? AND ?"


def as_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def make_entries(
    source: Source, history: History, layout: Layout, now: datetime, check: Callable[[], None]
) -> Iterator[Entry]:
    """What a history tells, as entries: one per host visited, one per way of signing in."""

    def at(time: int) -> datetime | None:
        return dates.since(layout.start, time, 1, now)

    for number, (host, times) in enumerate(history.hosts.items()):
        if number % PACE == 0:
            check()
        evidence = Evidence(
            source_key=source.key,
            source_name=source.name,
            source_kind=source.kind,
            kind=EvidenceKind.VISIT,
            last_used=at(times.last),
            times_used=dates.count(times.count),
        )
        yield Entry(f"https://{host}", "", evidence)
    for (service, provider), times in history.sign_ins.items():
        evidence = Evidence(
            source_key=source.key,
            source_name=source.name,
            source_kind=source.kind,
            kind=EvidenceKind.SIGN_IN_WITH,
            created=at(times.first),
            last_used=at(times.last),
            times_used=times.count,
            provider=provider,
        )
        yield Entry(service, "", evidence)
