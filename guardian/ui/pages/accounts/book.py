"""All accounts as the page's lists need them: arranged once, so that a search is a short walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from guardian.accounts.model import (
    Account,
    Case,
    CaseState,
    Confidence,
    Found,
    Queue,
    Task,
    UseClass,
)
from guardian.accounts.service import AccountsService
from guardian.accounts.verdict import is_old
from guardian.core.jobs import Report

MOST_YEARS = 10  # bars of the chart; what is older stands together
UNKNOWN = "unknown"
BEFORE = "before-"
STATES = tuple(CaseState)


@dataclass(frozen=True, slots=True)
class Line:
    """One account in the lists. ``text`` is what a search looks through, ``bar`` its bar in the
    chart by the year of the last sign of use."""

    account: Account
    task: Task
    text: str
    bar: str

    @property
    def site(self) -> str:
        return self.account.site


@dataclass(frozen=True)
class Order:
    """Sites in the order of one column, and those that it says nothing of."""

    known: tuple[str, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bin:
    """One bar of the chart. ``year`` is None for «unknown»; ``before``: all years before, too."""

    key: str
    year: int | None
    count: int
    before: bool = False


@dataclass(frozen=True)
class Tally:
    """How many there are of each, whatever is decided. ``old``: unused for over a year."""

    uses: Counter[UseClass]
    sure: Counter[Confidence]
    people: Counter[str]
    old: int


@dataclass(frozen=True)
class Book:
    """What a search found, by site. ``work`` is the order of work of each queue, ``touched`` where
    the cases stand, for all sites that were decided on or put off. ``as_noted``: nothing in it
    was changed since."""

    found: Found
    lines: Mapping[str, Line]
    orders: Mapping[str, Order]
    work: Mapping[Queue, tuple[str, ...]]
    bins: tuple[Bin, ...]
    tally: Tally
    touched: Mapping[str, CaseState]
    as_noted: bool = True

    def with_cases(self, cases: Mapping[str, Case]) -> Book:
        """The same, with other cases of some accounts; sites that are not here are left out."""
        lines, touched = dict(self.lines), dict(self.touched)
        for site, case in cases.items():
            if (line := lines.get(site)) is None:
                continue
            lines[site] = replace(line, account=replace(line.account, case=case))
            touched[site] = case.state
            if case.state is CaseState.FOUND:
                del touched[site]
        return replace(self, lines=lines, touched=touched, as_noted=False)

    def with_state(self, sites: Iterable[str], state: CaseState) -> Book:
        """The same, as it will be once ``state`` is noted for ``sites``."""
        cases = {site: self.lines[site].account.case for site in sites if site in self.lines}
        return self.with_cases({site: replace(case, state=state) for site, case in cases.items()})

    def count_states(self) -> Counter[CaseState]:
        counts = Counter(self.touched.values())
        counts[CaseState.FOUND] = len(self.lines) - len(self.touched)
        return counts

    @cached_property
    def decided(self) -> Counter[Queue]:
        """How many of each queue are decided on."""
        return Counter(
            self.lines[site].task.queue for site, state in self.touched.items() if state.is_decided
        )

    def waiting_in(self, queue: Queue) -> int:
        """How many are to be decided on there."""
        return len(self.work[queue]) - self.decided[queue]

    def next_in(self, queue: Queue, after: str = "") -> str:
        """The site to decide on next, from ``after`` on; those put off come when no other is left.

        Empty when all is decided.
        """
        work = self.work[queue]
        start = work.index(after) + 1 if after in work else 0
        in_turn = (*work[start:], *work[:start])
        fresh = (site for site in in_turn if site not in self.touched and site != after)
        late = (site for site in in_turn if self.touched.get(site) is CaseState.LATER)
        return next(fresh, "") or next(late, "")

    def is_waiting(self, site: str) -> bool:
        return site in self.lines and not self.touched.get(site, CaseState.FOUND).is_decided

    def open_cases(self) -> list[Account]:
        return [self.lines[site].account for site, one in self.touched.items() if one.is_open]


@dataclass(frozen=True)
class Wanted:
    """Which accounts a list shows; what is empty or None lets all through."""

    text: str = ""
    states: frozenset[CaseState] = frozenset()
    use_class: UseClass | None = None
    confidence: Confidence | None = None
    person: str = ""
    queue: Queue | None = None
    bar: str = ""

    @property
    def all(self) -> bool:
        return self == Wanted()


def make_book(service: AccountsService, now: datetime, report: Report) -> Book | None:
    """Everything that is known, ready to be shown; None before anything is."""
    report(0, 3)
    found = service.known()
    if found is None:
        return None
    report(1, 3)
    tasks = {task.account.site: task for task in service.closing.plan(found)}
    report(2, 3)
    for number, account in enumerate(found.accounts):
        if account.site not in tasks:
            tasks[account.site] = service.closing.task(account)
        if number % 1000 == 0:
            report(2, 3)
    return arrange_book(found, tasks, now)


def arrange_book(found: Found, tasks: Mapping[str, Task], now: datetime) -> Book:
    """Pure, and slow enough for a job: a second for tens of thousands of accounts.

    ``tasks`` come in the order of work; those without a place in it stand behind.
    """
    years = {account.site: find_year(account, now) for account in found.accounts}
    oldest = now.year - MOST_YEARS + 1
    lines = {
        account.site: Line(
            account,
            tasks[account.site],
            make_text(account, tasks[account.site].name),
            name_bar(years[account.site], oldest),
        )
        for account in found.accounts
    }
    work: dict[Queue, list[str]] = {queue: [] for queue in Queue}
    for site, task in tasks.items():
        if site in lines:
            work[task.queue].append(site)
    return Book(
        found,
        lines,
        make_orders(lines),
        {queue: tuple(sites) for queue, sites in work.items()},
        make_bins(lines.values(), now.year),
        make_tally(found.accounts),
        {
            site: line.account.state
            for site, line in lines.items()
            if line.account.state is not CaseState.FOUND
        },
    )


def make_tally(accounts: Sequence[Account]) -> Tally:
    return Tally(
        Counter(account.use_class for account in accounts),
        Counter(account.confidence for account in accounts),
        Counter(name for account in accounts for name in account.people),
        sum(map(is_old, accounts)),
    )


def find_year(account: Account, now: datetime) -> int | None:
    """The year of the last sign of use here."""
    unused = account.unused_at_least
    return (now - unused).year if unused is not None else None


def name_bar(year: int | None, oldest: int) -> str:
    if year is None:
        return UNKNOWN
    return f"{BEFORE}{oldest}" if year <= oldest else str(year)


def make_text(account: Account, name: str) -> str:
    sites = " ".join(account.sites)
    return f"{account.site} {name} {sites} {' '.join(account.usernames)}".casefold()


def make_orders(lines: Mapping[str, Line]) -> dict[str, Order]:
    by_name = tuple(sorted(lines, key=str.casefold))
    spans = {
        site: unused
        for site in by_name
        if (unused := lines[site].account.unused_at_least) is not None
    }
    known = tuple(sorted(spans, key=spans.__getitem__))
    return {
        "name": Order(by_name),
        "used": Order(known, tuple(site for site in by_name if site not in spans)),
        "whose": Order(tuple(sorted(by_name, key=lambda site: lines[site].account.people))),
        "sure": Order(tuple(sorted(by_name, key=lambda site: lines[site].account.confidence))),
    }


def make_bins(lines: Iterable[Line], this_year: int) -> tuple[Bin, ...]:
    """One bar for each year from the oldest on, years without accounts included."""
    counts = Counter(line.bar for line in lines)
    oldest = this_year - MOST_YEARS + 1
    years = [int(key) for key in counts if key.isdigit()]
    before = counts.get(f"{BEFORE}{oldest}", 0)
    bins = [Bin(f"{BEFORE}{oldest}", oldest, before, before=True)] if before else []
    first = oldest + 1 if before else min(years, default=this_year)
    bins += [Bin(str(year), year, counts[str(year)]) for year in range(first, this_year + 1)]
    if counts[UNKNOWN]:
        bins.append(Bin(UNKNOWN, None, counts[UNKNOWN]))
    return tuple(bins)


def arrange_in_job(
    book: Book, wanted: Wanted, column: str, descending: bool, _report: Report
) -> tuple[list[Line], dict[str, int]]:
    """:func:`arrange`, for the many that take a tenth of a second; and the row of each site."""
    lines = arrange(book, wanted, column, descending=descending)
    return lines, {line.account.site: row for row, line in enumerate(lines)}


def arrange(book: Book, wanted: Wanted, column: str, *, descending: bool) -> list[Line]:
    """The lines that fit, in the order of ``column``; what it says nothing of comes last.

    One plain walk for each wish: 50,000 accounts take a few hundredths of a second.
    """
    order = order_of(book, column)
    known = order.known[::-1] if descending else order.known
    lines = [book.lines[site] for site in (*known, *order.unknown)]
    for word in wanted.text.casefold().split():
        lines = [one for one in lines if word in one.text]
    if wanted.bar:
        lines = [one for one in lines if one.bar == wanted.bar]
    if wanted.queue:
        lines = [one for one in lines if one.task.queue is wanted.queue]
    if wanted.person:
        lines = [one for one in lines if wanted.person in one.account.people]
    if wanted.use_class:
        lines = [one for one in lines if one.account.use_class is wanted.use_class]
    if wanted.confidence:
        lines = [one for one in lines if one.account.confidence is wanted.confidence]
    if wanted.states:
        lines = [one for one in lines if one.account.case.state in wanted.states]
    return lines


def order_of(book: Book, column: str) -> Order:
    """States change with every decision, so their order is made when it is asked for."""
    if column != "state":
        return book.orders[column]
    by_name, touched = book.orders["name"].known, book.touched
    heaps: dict[CaseState, list[str]] = {state: [] for state in STATES}
    heaps[CaseState.FOUND] += [site for site in by_name if site not in touched]
    for site in sorted(touched, key=str.casefold):
        heaps[touched[site]].append(site)
    return Order(tuple(site for heap in heaps.values() for site in heap))
