"""Where a person stands with their vaults, judged from the records: one sentence, and steps."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from guardian.core.feature import Level, Step, Summary, key_about
from guardian.core.words import Fact, Message, message
from guardian.vault.model import Condition, VaultInfo, VaultState, shown

EXPIRY_AHEAD = timedelta(days=60)
# a passport that ended years ago and is kept needs no reminder any more
EXPIRY_PAST = timedelta(days=365)
BACKUP_GOOD = timedelta(days=90)
FULL_CHECK_GOOD = timedelta(days=180)


def summarize(known: Sequence[VaultInfo], today: date) -> Summary:
    """The most pressing thing about all vaults. Only damage that was seen is ``ACT``."""
    count = len(known)
    if not known:
        return Summary(None, message("vault.summary.none"))
    if any(info.state is None for info in known):
        return Summary(None, message("vault.summary.not-looked", count=count))
    damaged = sum(is_damaged(info) for info in known)
    if damaged:
        return Summary(Level.ACT, message("vault.summary.damaged", count=damaged))
    lost = sum(info.state is not VaultState.FOUND for info in known)
    if lost:
        return Summary(Level.ASK, message("vault.summary.lost", count=lost))
    ending = sum(len(pressing_days(info, today)) for info in known)
    if ending:
        return Summary(Level.ASK, message("vault.summary.ending", count=ending))
    return Summary(Level.FINE, tell_care(known))


def tell_care(known: Sequence[VaultInfo]) -> Message:
    """All is in place: when the vaults were last backed up and checked, the oldest of each."""
    count = len(known)
    backup = oldest([info.last_backup for info in known])
    check = oldest([info.last_check for info in known])
    if backup and check:
        return message("vault.summary.cared", count=count, backup=backup, check=check)
    if backup:
        return message("vault.summary.backed-up", count=count, backup=backup)
    if check:
        return message("vault.summary.checked", count=count, check=check)
    return message("vault.summary.found", count=count)


def oldest(times: Sequence[datetime | None]) -> date | None:
    """The first day among ``times``, None where one is missing."""
    there = [when for when in times if when is not None]
    return to_day(min(there)) if len(there) == len(times) else None


def steps(known: Sequence[VaultInfo], today: date) -> tuple[Step, ...]:
    """What to do next, most useful first; of one kind, the vault opened last first."""
    if not known:
        title, why = message("vault.step.create"), message("vault.step.create.why")
        return (Step(title, why, 5, "guardian vault create DIR", "vault-there"),)
    found = (judge(info, today) for judge in JUDGES for info in known)
    return tuple(step for step in found if step is not None)


def judge_damage(info: VaultInfo, _today: date) -> Step | None:
    """Damage that the last check saw."""
    if not is_damaged(info):
        return None
    title, why = message("vault.step.damage", name=info.name), message("vault.step.damage.why")
    if info.last_backup:
        why = message("vault.step.damage.backup", **backup_facts(info))
    command, key = to_command("check --full", info), to_step_key("vault-damage", info)
    return Step(title, why, 10, command, key, Level.ACT)


def judge_place(info: VaultInfo, _today: date) -> Step | None:
    """A vault that is not where it was, or no longer looks like one."""
    key = to_step_key("vault-place", info)
    if info.state is VaultState.MISSING:
        title, why = message("vault.step.find", name=info.name), message("vault.step.find.why")
        return Step(title, why, 3, "guardian vault known", key)
    if info.state is not VaultState.NOT_A_VAULT:
        return None
    title, why = message("vault.step.repair", name=info.name), message("vault.step.repair.why")
    if info.last_backup:
        why = message("vault.step.repair.backup", **backup_facts(info))
    return Step(title, why, 10, "guardian vault known", key)


def judge_expiries(info: VaultInfo, today: date) -> Step | None:
    """Documents that end soon or ended; which ones, only the open vault knows."""
    days = pressing_days(info, today)
    if not days or info.state is not VaultState.FOUND:
        return None
    why = message("vault.step.ending.why", name=info.name, count=len(days), day=days[0])
    if days[0] < today:
        why = message("vault.step.ended.why", name=info.name, count=len(days), day=days[0])
    title = message("vault.step.ending", name=info.name, count=len(days))
    # by the day, too: who put one document aside still hears of the next
    key = to_step_key("vault-expiry", info, days[0])
    return Step(title, why, 5, to_command("list", info), key)


def judge_recovery(info: VaultInfo, _today: date) -> Step | None:
    if info.recovery is not False or info.state is not VaultState.FOUND:
        return None
    title, why = message("vault.step.recovery", name=info.name), message("vault.step.recovery.why")
    return Step(title, why, 5, to_command("recovery", info), to_step_key("vault-recovery", info))


def judge_backup(info: VaultInfo, today: date) -> Step | None:
    if info.state is not VaultState.FOUND or is_damaged(info):
        return None
    command, key = to_command("backup", info), to_step_key("vault-backup", info)
    if info.last_backup is None:
        title, why = message("vault.step.backup", name=info.name), message("vault.step.backup.why")
        return Step(title, why, 5, f"{command} PLACE", key)
    if has_fresh_backup(info, today):
        return None
    title = message("vault.step.backup-again", name=info.name)
    why = message("vault.step.backup-again.why", day=to_day(info.last_backup))
    return Step(title, why, 5, command, key)


def judge_check(info: VaultInfo, today: date) -> Step | None:
    """A vault that was not read through for long; a new one has time."""
    if info.state is not VaultState.FOUND or is_damaged(info):
        return None
    if not is_unchecked(info, today):
        return None
    title, why = message("vault.step.check", name=info.name), message("vault.step.check.why")
    return Step(title, why, 10, to_command("check --full", info), to_step_key("vault-check", info))


JUDGES: tuple[Callable[[VaultInfo, date], Step | None], ...] = (
    judge_damage,
    judge_place,
    judge_expiries,
    judge_recovery,
    judge_backup,
    judge_check,
)


def is_damaged(info: VaultInfo) -> bool:
    """Whether the last check saw damage in a vault that can be looked at."""
    return info.condition is Condition.DAMAGED and info.state is VaultState.FOUND


def has_fresh_backup(info: VaultInfo, today: date) -> bool:
    last = info.last_backup
    return last is not None and today - to_day(last) <= BACKUP_GOOD


def is_unchecked(info: VaultInfo, today: date) -> bool:
    """Whether it was not read from end to end for long; a new one has time."""
    return today - to_day(info.last_full_check or info.added) > FULL_CHECK_GOOD


def to_step_key(kind: str, info: VaultInfo, *more: object) -> str:
    """The same for the same vault, whatever it is called in the sentence."""
    return key_about(kind, info.path, *more)


def backup_facts(info: VaultInfo) -> dict[str, Fact]:
    assert info.last_backup is not None
    place = info.backup_place.name if info.backup_place else ""
    return {"day": to_day(info.last_backup), "place": shown(place)}


def pressing_days(info: VaultInfo, today: date) -> list[date]:
    """The last days of documents that end within 60 days, or ended within the last year."""
    first, last = today - EXPIRY_PAST, today + EXPIRY_AHEAD
    return sorted(day for day in info.expiries if first <= day <= last)


def to_command(verb: str, info: VaultInfo) -> str:
    return f"guardian vault {verb} {shlex.quote(shown(str(info.path)))}"


def to_day(when: datetime) -> date:
    """The day ``when`` fell on where the person is."""
    return when.astimezone().date()
