"""The dialogs that care for a vault, in every state, and what they leave to say on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtWidgets import QWidget

from guardian.core.words import Message, message
from guardian.ui.jobs import Job
from guardian.ui.pages.vault.care.backup import BackupDialog
from guardian.ui.pages.vault.care.details_form import DetailsDialog
from guardian.ui.pages.vault.care.findings import FindingsDialog
from guardian.ui.pages.vault.care.trash import TrashDialog
from guardian.ui.pages.vault.page import VaultPage
from guardian.vault.model import (
    BackedUp,
    CheckReport,
    Condition,
    Details,
    Entry,
    Finding,
    Kind,
    Remedy,
    Trashed,
    VaultInfo,
)
from guardian.vault.service import Vault
from tests.scenes.scene import Scene
from tests.scenes.studio import NOW, Studio
from tests.scenes.vault import shown, unlocked

# all that is shown is fixed: encrypted names and places differ each time
PLACE = Path("/media/ana/STICK/Private vault backup")
INFO = VaultInfo(
    Path("/home/ana/Documents/Private vault"), NOW,
    last_full_check=NOW - timedelta(days=40), last_backup=NOW - timedelta(days=12),
    backup_place=PLACE,
)  # fmt: skip
FOLDER = "d/QO/V7KZDQG4LUD5ZUFXXUFEXRRQ2BAN6W"


def finding(
    condition: Condition, code: str, path: str, remedy: Remedy, **facts: int | str
) -> Finding:
    said = Message(f"vault.finding.{code}", {"name": path, **facts})
    return Finding(condition, said, path, f"{FOLDER}/8X7puYagOVaFo5p6yeJnvoCOjZ53.c9r", remedy)


CHANGED = (
    finding(Condition.CHANGED, "rewritten", "Letter to Ben.txt", Remedy.ACCEPT),
    finding(Condition.CHANGED, "new", "Boarding pass SPECIMEN.pdf", Remedy.ACCEPT),
    finding(Condition.CHANGED, "gone", "Old contract SPECIMEN.pdf", Remedy.ACCEPT),
)
DAMAGED = (
    finding(Condition.DAMAGED, "cut", "Passport Ana SPECIMEN.pdf", Remedy.SAVE_PART),
    finding(Condition.DAMAGED, "folder-entry", "Car and insurance", Remedy.REBUILD),
    CHANGED[0],
)
TRASH = (
    Trashed("1", "Old letter SPECIMEN.pdf", Kind.FILE, 12, "Letters/Old letter SPECIMEN.pdf",
            NOW - timedelta(days=2)),
    Trashed("2", "Loan 2019 SPECIMEN.pdf", Kind.FILE, 12, "Loan 2019 SPECIMEN.pdf",
            NOW - timedelta(days=11)),
    Trashed("3", "First car", Kind.FOLDER, None, "First car", NOW - timedelta(days=29)),
)  # fmt: skip


def report(
    condition: Condition,
    findings: tuple[Finding, ...] = (),
    *,
    full: bool = False,
    listed: bool = True,
    older: bool = False,
) -> CheckReport:
    return CheckReport(full, NOW, condition, findings, 9, 3, 3_412_000, listed, older)


def opened(studio: Studio) -> tuple[VaultPage, Vault]:
    page = unlocked(studio)
    vault = page.tools.vault()
    assert vault is not None
    return page, vault


def told(seen: CheckReport) -> Callable[[Studio], None]:
    def prepare(studio: Studio) -> None:
        page, _ = opened(studio)
        page.care.told.show_report(seen)
        studio.settle()

    return prepare


def findings(seen: CheckReport | None, info: VaultInfo | None = INFO) -> Callable[..., QWidget]:
    def prepare(studio: Studio) -> QWidget:
        page, vault = opened(studio)
        return shown(studio, FindingsDialog(page.tools, vault, info, seen))

    return prepare


def checking(studio: Studio) -> QWidget:
    page, vault = opened(studio)
    dialog = FindingsDialog(page.tools, vault, INFO, report(Condition.AS_WRITTEN))
    shown(studio, dialog)
    dialog.watch(Job(page), page.tr("Checking every byte"))
    dialog.working.show_progress(2_100, 3_412, message("vault.progress.check-full"))
    studio.settle_working()
    return dialog


def backup(info: VaultInfo | None) -> Callable[..., QWidget]:
    def prepare(studio: Studio) -> QWidget:
        page, vault = opened(studio)
        return shown(studio, BackupDialog(page.tools, vault, info))

    return prepare


def backed_up(studio: Studio) -> QWidget:
    page, vault = opened(studio)
    dialog = BackupDialog(page.tools, vault, INFO)
    shown(studio, dialog)
    dialog._waiting.stop()
    dialog._show_there(True)
    aside = PLACE / "older" / "2026-11-21 19.00.00"
    dialog.show_result(BackedUp(PLACE, NOW, 12, 40, 2, 3_200_000, (), aside))
    studio.settle()
    return dialog


def trash(things: tuple[Trashed, ...]) -> Callable[..., QWidget]:
    def prepare(studio: Studio) -> QWidget:
        page, vault = opened(studio)
        dialog = TrashDialog(page.tools, vault)
        dialog.show_trash(things)
        return shown(studio, dialog)

    return prepare


def details(kept: Details, known: tuple[str, ...] = ()) -> Callable[..., QWidget]:
    def prepare(studio: Studio) -> QWidget:
        page, _ = opened(studio)
        name = "Passport Ana SPECIMEN.pdf"
        entry = Entry(name, name, Kind.FILE, 1_248_300, NOW, kept)
        dialog = DetailsDialog(page, studio.guardian.words, entry, NOW.date(), known)
        return shown(studio, dialog)

    return prepare


def locked_with_screen(studio: Studio) -> None:
    page, _ = opened(studio)
    page._watch.screen_locked.emit()
    studio.settle()


WRITTEN = Details("The original is in the blue folder.", ("travel", "Ana"), date(2031, 3, 2))

SCENES = (
    Scene("vault-told-changed", told(report(Condition.CHANGED, CHANGED))),
    Scene("vault-told-damaged", told(report(Condition.DAMAGED, DAMAGED, full=True))),
    Scene("vault-check-never", findings(None, None)),
    Scene("vault-check-fine", findings(report(Condition.AS_WRITTEN))),
    Scene("vault-check-changed", findings(report(Condition.CHANGED, CHANGED))),
    Scene("vault-check-damaged", findings(report(Condition.DAMAGED, DAMAGED, full=True))),
    Scene("vault-check-older", findings(report(Condition.CHANGED, CHANGED, older=True))),
    Scene("vault-check-no-list", findings(report(Condition.AS_WRITTEN, listed=False), None)),
    Scene("vault-check-working", checking),
    Scene("vault-backup-first", backup(None)),
    Scene("vault-backup-missing", backup(INFO)),
    Scene("vault-backup-done", backed_up),
    Scene("vault-trash", trash(TRASH)),
    Scene("vault-trash-empty", trash(())),
    Scene("vault-details", details(WRITTEN, ("travel", "insurance", "car", "Ana"))),
    Scene("vault-details-empty", details(Details())),
    Scene("vault-locked-screen", locked_with_screen),
)
