"""What the library shows to the checkup: whether documents were read, changed, or are old. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from guardian.clauses.model import Glance
from guardian.core.feature import Observation, Step, key_about
from guardian.core.words import message

OLD = timedelta(days=365)
EXPLAIN = "guardian clauses explain FILE"
LIBRARY = "guardian clauses list"
TITLE_MOST = 60  # characters of a title in a sentence


def latest(read: Sequence[Glance]) -> list[Glance]:
    """One for each document: readings that a later one took the place of are left out."""
    replaced = {one.earlier for one in read}
    return [one for one in read if one.id not in replaced]


def changed(read: Sequence[Glance]) -> list[Glance]:
    """Documents with other words than when they were read before, and nobody looked at which."""
    known = {one.id: one.read_at for one in read}
    return [
        one
        for one in latest(read)
        if one.earlier is not None
        and not one.compared
        and (before := known.get(one.earlier)) is not None
        and before < one.read_at
    ]


def observe(read: Sequence[Glance], now: datetime) -> tuple[Observation, ...]:
    """Nothing before the first document."""
    documents = latest(read)
    if not documents:
        return ()
    last = max(one.read_at for one in documents)
    text = message("clauses.observed.read", count=len(documents))
    return Observation("agreement-read", 1, 1, last, text), observe_fresh(read, documents, now)


def observe_fresh(
    read: Sequence[Glance], documents: Sequence[Glance], now: datetime
) -> Observation:
    """How many were read within a year, and are as they were or seen to be otherwise."""
    other = {one.id for one in changed(read)}
    fresh = [one for one in documents if one.id not in other and now - one.read_at <= OLD]
    seen = min((one.read_at for one in fresh), default=now)
    if other:
        text = message("clauses.observed.changed", count=len(other))
    else:
        text = message("clauses.observed.fresh", count=len(documents), done=len(fresh))
    return Observation("agreements-fresh", len(fresh), len(documents), seen, text)


def suggest(read: Sequence[Glance], now: datetime) -> Iterator[Step]:
    """Read a first one; what changed, one by one; then what was read long ago."""
    if not read:
        title, why = message("clauses.step.first"), message("clauses.step.first.why")
        yield Step(title, why, 5, EXPLAIN, "agreement-read")
        return
    for one in changed(read):
        title = message("clauses.step.changed", title=shorten(one.title))
        why = message("clauses.step.changed.why")
        yield Step(title, why, 3, LIBRARY, key_about("agreements-fresh", one.id, one.read_at))
    old = [one for one in latest(read) if now - one.read_at > OLD]
    if old:
        oldest = min(old, key=lambda one: one.read_at)
        title = message("clauses.step.old", title=shorten(oldest.title), count=len(old))
        why = message("clauses.step.old.why", day=oldest.read_at.astimezone().date())
        yield Step(title, why, 5, EXPLAIN, "agreements-fresh")


def shorten(title: str) -> str:
    return title if len(title) <= TITLE_MOST else f"{title[: TITLE_MOST - 1].rstrip()}…"
