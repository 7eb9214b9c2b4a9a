"""What the records show to the checkup: searched, decided, answered. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from guardian.accounts.model import Case, CaseState, Found, Look, SourceKind
from guardian.accounts.verdict import LATE, is_old, turn_of
from guardian.core.feature import Observation
from guardian.core.words import message


def last_read(found: Found, brought: Sequence[Look]) -> datetime | None:
    """When a source was read last; None where none was: what is typed in is no search."""
    times = [found.looked_at] if found.read else []
    times += (kept.read_at for kept in found.kept)
    times += (look.looked_at for look in brought if is_search(look))
    return max(times, default=None)


def is_search(look: Look) -> bool:
    return any(source.kind is not SourceKind.HAND for source in look.read)


def observe(
    found: Found | None, brought: Sequence[Look], gone: Collection[Case], now: datetime
) -> tuple[Observation, ...]:
    """Nothing before the first search. ``gone`` are cases of which no search shows a trace."""
    if found is None:
        return ()
    told: list[Observation] = []
    if seen := last_read(found, brought):
        text = message("accounts.observed.searched", count=len(found.accounts))
        told.append(Observation("accounts-searched", 1, 1, seen, text))
        told.append(observe_decided(found, gone, seen))
    told += observe_answers(found, now)
    return tuple(told)


def observe_decided(found: Found, gone: Collection[Case], seen: datetime) -> Observation:
    """Decided of those long unused; closed ones stay counted, also when their traces are gone."""
    done = sum(case.state.is_open or case.state is CaseState.GONE for case in gone)
    total = done
    for account in found.accounts:
        if account.state is CaseState.GONE or is_old(account):
            total += 1
            done += account.state.is_decided
    key = "accounts-decided"
    if not total:
        return Observation(key, 1, 1, seen, message("accounts.observed.none-old"))
    text = message("accounts.observed.decided", count=total, done=done)
    return Observation(key, done, total, seen, text)


def observe_answers(found: Found, now: datetime) -> Iterator[Observation]:
    """How many services that were asked are not late with an answer; nothing before the first.

    Whether one is late follows from the calendar: that was seen just now.
    """
    everybody = (*found.accounts, *found.contacts)
    asked = [one for one in everybody if one.case.events and not one.state.is_before_asking]
    if not asked:
        return
    late = sum(turn_of(one, now.date()) in LATE for one in asked)
    if late:
        text = message("accounts.observed.late", count=late)
    else:
        text = message("accounts.observed.not-late", count=len(asked))
    yield Observation("accounts-answers", len(asked) - late, len(asked), now, text)
