"""The notes of all readings as one: each mail counted once, and everything decided.

Some things are known only when all is read: which addresses are the person's own, and which mail
was the first of its site.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from guardian.accounts.mail.judging import STRONG
from guardian.accounts.mail.ledger import UNDATED, UNMARKED, Alike, Note, Notes
from guardian.accounts.model import EvidenceKind

MOST_TRACES = 100_000
MOST_PEOPLE = 3  # a mail to more is not to one person's account
MOST_RECIPIENTS = 50_000
DAY = 86_400


@dataclass(frozen=True)
class Trace:
    """What some mails of one site say. Times are in Unix seconds, None for undated mails.

    ``to`` is the mailbox they went to, empty where they went to several. ``link`` is how the
    newest newsletter says it can be left.
    """

    site: str
    kind: EvidenceKind
    to: str = ""
    first: int | None = None
    newest: int | None = None
    count: int = 1
    link: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Harvest:
    """What some mailboxes gave.

    ``recipients`` are how many mails each address got; ``own`` the addresses that are the
    person's beyond doubt. ``odd`` are files that could not be read: their name and the code of
    the problem.
    """

    traces: tuple[Trace, ...] = ()
    recipients: dict[str, int] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    mails: int = 0
    odd: tuple[tuple[str, str], ...] = ()


class Key(NamedTuple):
    """What mails have in common that stand as one trace; see :class:`Alike`."""

    site: str
    kind: EvidenceKind
    to: str
    reference: str = ""
    first_only: bool = False
    otherwise: EvidenceKind | None = None


@dataclass
class Tally:
    """How many mails there were, since when and until when; ``link`` is the newest offer's."""

    count: int = 0
    first: int | None = None
    newest: int | None = None
    link: str = ""
    offered: int = UNDATED

    def add(self, other: Tally) -> None:
        self.count += other.count
        self.first = min(filter(None, (self.first, other.first)), default=None)
        self.newest = max(filter(None, (self.newest, other.newest)), default=None)
        self.offered, self.link = max((self.offered, self.link), (other.offered, other.link))


def settle(parts: Iterable[Notes], own: Iterable[str] = ()) -> Harvest:
    """Several readings as one, in their order; ``own`` are known addresses of the person's."""
    whole = tuple(parts)
    sure = frozenset(own).union(*(part.own for part in whole))
    began: dict[str, int] = {}
    recipients: Counter[str] = Counter()
    tallies: dict[Key, Tally] = {}
    mails = 0
    for alike, tally in count_once(whole):
        mails += tally.count
        if alike.sender in sure:
            continue
        for one in dict.fromkeys(filter(None, (alike.delivered_to, *alike.to))):
            if one in recipients or len(recipients) < MOST_RECIPIENTS:
                recipients[one] += tally.count
        if tally.first is not None and alike.site:
            began[alike.site] = min(tally.first, began.get(alike.site, tally.first))
        for key in keys_of(alike, sure):
            if key in tallies or len(tallies) < MOST_TRACES:
                tallies.setdefault(key, Tally()).add(tally)
    decided: dict[Key, Tally] = {}
    for key, tally in tallies.items():
        if final := decide(key, tally, began.get(key.site)):
            decided.setdefault(final, Tally()).add(tally)
    return Harvest(
        traces=tuple(make_trace(key, tally) for key, tally in decided.items()),
        recipients=dict(recipients),
        own=tuple(sorted(sure)),
        mails=mails,
    )


def count_once(parts: Iterable[Notes]) -> Iterator[tuple[Alike, Tally]]:
    """The notes of all parts, without the mails that an earlier part has noted already."""
    seen: set[int] = set()
    for part in parts:
        marks: list[array[int]] = []
        for note in part.notes:
            numbers = array("q", note.rows)
            marks.append(numbers[::2])
            dates = numbers[1::2]
            if not seen.isdisjoint(marks[-1]):
                pairs = zip(marks[-1], dates, strict=True)
                dates = array("q", (date for mark, date in pairs if mark not in seen))
            if dates:
                yield note.alike, count(note, dates)
        seen.update(*marks)
        seen.discard(UNMARKED)


def count(note: Note, dates: array[int]) -> Tally:
    dated = sorted(filter(None, dates))
    first, newest = (dated[0], dated[-1]) if dated else (None, None)
    return Tally(len(dates), first, newest, note.link, note.offered)


def keys_of(alike: Alike, own: frozenset[str]) -> Iterator[Key]:
    """The traces that a mail belongs to."""
    known = next((one for one in alike.to if one in own), "")
    alone = alike.to[0] if 0 < len(alike.to) <= MOST_PEOPLE else ""
    to = known or alone or alike.delivered_to
    if alike.reference:
        yield Key(alike.site, EvidenceKind.MAIL_REPLY, to, alike.reference)
    if alike.kind:
        yield Key(alike.site, alike.kind, to, "", alike.first_only, alike.otherwise)


def decide(key: Key, tally: Tally, began: int | None) -> Key | None:
    """A trace that holds only as the first mail of its site: is it that?"""
    if not key.first_only:
        return key
    is_first = began is None or (tally.first is not None and tally.first <= began + DAY)
    kind = key.kind if is_first else key.otherwise
    return Key(key.site, kind, key.to) if kind else None


def make_trace(key: Key, tally: Tally) -> Trace:
    return Trace(
        site=key.site,
        kind=key.kind,
        to=key.to,
        first=tally.first,
        newest=tally.newest,
        count=tally.count,
        link=tally.link,
        reference=key.reference,
    )


def own_addresses(harvest: Harvest) -> tuple[str, ...]:
    """The addresses that are the person's, as far as the mails show.

    Beyond doubt are those a program names and the senders of sent mail. Likely are those that
    get a good part of all mail, or the mail about accounts of more than one site.
    """
    likely = set(harvest.own)
    total = max(sum(harvest.recipients.values()), 1)
    likely.update(to for to, count in harvest.recipients.items() if count >= total / 5)
    sites: dict[str, set[str]] = {}
    for trace in harvest.traces:
        if trace.to and trace.kind in STRONG:
            sites.setdefault(trace.to, set()).add(trace.site)
    most = max((len(found) for found in sites.values()), default=0)
    likely.update(to for to, found in sites.items() if len(found) > 1 or len(found) == most)
    return tuple(sorted(likely))
