"""What caring for a vault has done off the window's thread: the vault's verbs, put together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from guardian.core.errors import Cancelled, Problem
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.model import BackedUp, CheckReport, Condition, Finding, Moved, Remedy, Trashed
from guardian.vault.service import Vault

WORST = (Condition.DAMAGED, Condition.CHANGED, Condition.AS_WRITTEN)


@dataclass(frozen=True)
class Mended:
    """Where a mended thing is now, and what is left to tell."""

    path: str
    report: CheckReport


def tidy(vault: Vault, report: Report) -> None:
    """Trash that is old enough goes, and the records learn on which days documents end.

    A vault that cannot be changed keeps its trash; that is no reason to speak up.
    """
    report(0, 0)
    with suppress(Problem):
        vault.clear_old_trash()
    with suppress(Problem):
        vault.note_expiries()


def check(vault: Vault, full: bool, report: Report) -> CheckReport:
    """A check that ends, and says nothing, when the vault is locked under it."""
    try:
        return vault.check(report, full=full)
    except Exception:
        if vault.locked:
            raise Cancelled from None
        raise


def accept(vault: Vault, before: CheckReport, report: Report) -> CheckReport:
    """Take over all that is intact in ``before``; what is left to tell."""
    intact = acceptable(before)
    vault.accept(intact, report)
    return look_again(vault, before, intact, report)


def mend(vault: Vault, before: CheckReport, finding: Finding, report: Report) -> Mended:
    report(0, 0, message("vault.progress.mending"))
    path = vault.mend(finding)
    return Mended(path, look_again(vault, before, [finding], report))


def save_part(vault: Vault, path: str, target: Path, report: Report) -> int:
    return vault.save_part(path, target, report)


def acceptable(report: CheckReport) -> list[Finding]:
    """The findings that are intact and only changed by somebody else."""
    return [one for one in report.findings if one.remedy is Remedy.ACCEPT]


def look_again(
    vault: Vault, before: CheckReport, done: Sequence[Finding], report: Report
) -> CheckReport:
    """A quick check; what only a full one can see is kept from ``before`` unless it is ``done``."""
    now = vault.check(report)
    if not before.full:
        return now
    seen = {one.place for one in (*now.findings, *done)}
    findings = (*now.findings, *(one for one in before.findings if one.place not in seen))
    told = {one.condition for one in findings} | {now.condition}
    worst = next(condition for condition in WORST if condition in told)
    return replace(before, findings=findings, condition=worst, listed=now.listed, older=now.older)


def list_trash(vault: Vault, report: Report) -> tuple[Trashed, ...]:
    report(0, 0)
    return vault.trashed()


def put_back(vault: Vault, keys: Sequence[str], report: Report) -> tuple[Moved, list[Trashed]]:
    return vault.restore(keys, report), list(vault.trashed())


def destroy(vault: Vault, keys: Sequence[str], report: Report) -> list[Trashed]:
    vault.destroy(keys, report)
    return list(vault.trashed())


def is_folder(place: Path, report: Report) -> bool:
    """Whether ``place`` is there; a disk that was unplugged may take a while to say."""
    report(0, 0)
    try:
        return place.is_dir()
    except OSError:
        return False


def back_up(vault: Vault, place: Path, full: bool, report: Report) -> BackedUp:
    return vault.back_up(place, report, full=full)
