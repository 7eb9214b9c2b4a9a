"""What the records of the vaults show to the checkup: there, backed up, checked, recoverable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from guardian.core.feature import Observation
from guardian.core.words import message
from guardian.vault.model import VaultInfo, VaultState
from guardian.vault.standing import (
    EXPIRY_PAST,
    has_fresh_backup,
    is_damaged,
    is_unchecked,
    pressing_days,
    to_day,
)


def observe(known: Sequence[VaultInfo], now: datetime) -> tuple[Observation, ...]:
    """Nothing of vaults nobody looked at; of one that is not where it was, only that."""
    looked = [info for info in known if info.state is not None]
    if not looked:
        return ()
    found = [info for info in looked if info.state is VaultState.FOUND]
    told = (see(found, now) for see in SIGHTS) if found else ()
    return observe_places(looked, found, now), *(one for one in told if one is not None)


def observe_places(
    looked: Sequence[VaultInfo], found: Sequence[VaultInfo], now: datetime
) -> Observation:
    if not found:
        text = message("vault.observed.not-there", count=len(looked))
        return Observation("vault-there", 0, 1, oldest_look(looked, now), text)
    text = message("vault.observed.there", count=len(found))
    return Observation("vault-there", 1, 1, oldest_look(found, now), text)


def observe_backup(found: Sequence[VaultInfo], now: datetime) -> Observation:
    """How many have a backup of the last 90 days."""
    today = to_day(now)
    fresh = [info for info in found if has_fresh_backup(info, today)]
    seen = min((info.last_backup for info in fresh if info.last_backup), default=now)
    text = message("vault.observed.backup", count=len(found), done=len(fresh))
    return Observation("vault-backup", len(fresh), len(found), seen, text)


def observe_check(found: Sequence[VaultInfo], now: datetime) -> Observation | None:
    """How many were read from end to end within 180 days, and are not damaged.

    A new vault that nobody checked yet is left out: it has time, and nothing was seen of it.
    """
    today = to_day(now)
    asked = [info for info in found if is_damaged(info) or was_or_should_be_checked(info, now)]
    if not asked:
        return None
    good = [info for info in asked if not is_damaged(info) and not is_unchecked(info, today)]
    damaged = [info for info in asked if is_damaged(info)]
    seen = min(
        (when for info in (*good, *damaged) if (when := info.last_full_check or info.last_check)),
        default=now,
    )
    if damaged:
        text = message("vault.observed.damaged", count=len(damaged))
    else:
        text = message("vault.observed.check", count=len(asked), done=len(good))
    return Observation("vault-check", len(good), len(asked), seen, text)


def was_or_should_be_checked(info: VaultInfo, now: datetime) -> bool:
    return info.last_full_check is not None or is_unchecked(info, to_day(now))


def observe_recovery(found: Sequence[VaultInfo], now: datetime) -> Observation | None:
    """How many have recovery words; of some, nobody looked."""
    asked = [info for info in found if info.recovery is not None]
    if not asked:
        return None
    done = sum(bool(info.recovery) for info in asked)
    text = message("vault.observed.recovery", count=len(asked), done=done)
    return Observation("vault-recovery", done, len(asked), oldest_look(asked, now), text)


def observe_expiry(found: Sequence[VaultInfo], now: datetime) -> Observation | None:
    """How many documents with a last day are good for more than 60 days.

    What ended over a year ago and is kept needs no new one. The days were seen when the vaults
    were last open.
    """
    today = to_day(now)
    dated = [info for info in found if info.expiries]
    total = sum(day >= today - EXPIRY_PAST for info in dated for day in info.expiries)
    if not total:
        return None
    pressing = sum(len(pressing_days(info, today)) for info in dated)
    seen = min(info.last_opened or info.added for info in dated)
    if pressing:
        text = message("vault.observed.ending", count=pressing)
    else:
        text = message("vault.observed.valid", count=total)
    return Observation("vault-expiry", total - pressing, total, seen, text)


def oldest_look(vaults: Sequence[VaultInfo], now: datetime) -> datetime:
    return min(info.checked or info.last_opened or now for info in vaults)


SIGHTS: tuple[Callable[[Sequence[VaultInfo], datetime], Observation | None], ...] = (
    observe_backup,
    observe_check,
    observe_recovery,
    observe_expiry,
)
