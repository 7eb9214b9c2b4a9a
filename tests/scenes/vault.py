"""The vault page in every state, with specimen papers that belong to nobody."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from guardian.core.words import message
from guardian.ui.jobs import Job
from guardian.ui.kit.dialog import Dialog
from guardian.ui.pages.vault.making import MakeDialog
from guardian.ui.pages.vault.page import VaultPage
from guardian.vault.cryptomator import masterkey
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio

PASSPHRASE = "specimen only, harmless"
# name, size in bytes, year, month, day
PAPERS = (
    ("Passport Ana SPECIMEN.pdf", 1_248_300, 2026, 3, 3),
    ("ID card SPECIMEN.jpg", 642_100, 2026, 3, 3),
    ("Rent contract SPECIMEN.pdf", 318_000, 2024, 9, 30),
    ("Work contract SPECIMEN.docx", 88_400, 2023, 1, 16),
    ("Vaccinations SPECIMEN.png", 455_900, 2025, 11, 12),
    ("Blood test SPECIMEN.pdf", 97_250, 2026, 10, 5),
    ("Tax return 2025 SPECIMEN.pdf", 523_700, 2026, 5, 28),
    ("Letter to Ben.txt", 3_140, 2026, 8, 1),
)


def specimen(folder: Path, name: str, size: int, *day: int) -> Path:
    """A file of ``size`` bytes, last changed at noon of ``day``."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(b"SPECIMEN " * (size // 9) + b"." * (size % 9))
    noon = datetime(*day, 12, tzinfo=UTC).timestamp()  # type: ignore[misc]
    os.utime(file, (noon, noon))
    return file


def papers(studio: Studio) -> list[Path]:
    return [specimen(studio.folder / "papers", *paper) for paper in PAPERS]


def make_vault(studio: Studio, name: str = "Private vault", *, filled: bool = False) -> Path:
    """A vault that costs little to unlock."""
    cost, masterkey.COST = masterkey.COST, 2**10
    folder = studio.folder / "Documents" / name
    folder.parent.mkdir(exist_ok=True)
    try:
        with studio.features.vault.create(folder, PASSPHRASE) as vault:
            if filled:
                vault.add(papers(studio))
                inside = specimen(studio.folder / "papers", "Policy.pdf", 71_000, 2026, 2, 2)
                vault.add([inside], "Car and insurance")
    finally:
        masterkey.COST = cost
    return folder


def vault_page(studio: Studio) -> VaultPage:
    page = studio.show("vault")
    assert isinstance(page, VaultPage)
    return page


def unlocked(studio: Studio, *, filled: bool = True) -> VaultPage:
    make_vault(studio, filled=filled)
    page = vault_page(studio)
    page.door.field.setText(PASSPHRASE)
    page.door.open.click()
    studio.settle()
    assert page.is_open
    return page


def none(studio: Studio) -> None:
    vault_page(studio)


def make_dialog(studio: Studio) -> QWidget:
    page = vault_page(studio)
    place = Path("/home/ana/Documents/Private vault")
    return shown(studio, MakeDialog(page, studio.guardian.words, place))


def shown(studio: Studio, dialog: Dialog) -> QWidget:
    dialog.setModal(False)
    dialog.show()
    studio.settle()
    return dialog


def locked(studio: Studio) -> None:
    make_vault(studio)
    vault_page(studio)


def locked_several(studio: Studio) -> None:
    for name in ("Ana’s papers", "Ben’s papers", "House"):
        make_vault(studio, name)
    vault_page(studio)


def wrong_passphrase(studio: Studio) -> None:
    make_vault(studio)
    page = vault_page(studio)
    page.door.field.setText("something else")
    page.door.open.click()
    studio.settle()


def gone(studio: Studio) -> None:
    folder = make_vault(studio)
    page = vault_page(studio)
    folder.rename(folder.with_name("moved"))
    page.door.field.setText(PASSPHRASE)
    page.door.open.click()
    studio.settle()


def locked_itself(studio: Studio) -> None:
    page = unlocked(studio)
    page._lock_idle()
    studio.settle()


def empty(studio: Studio) -> None:
    unlocked(studio, filled=False)


def full(studio: Studio) -> None:
    unlocked(studio)


def chosen(studio: Studio) -> None:
    page = unlocked(studio)
    page.inside.rows.choose("Passport Ana SPECIMEN.pdf")
    studio.settle()


def folder(studio: Studio) -> None:
    page = unlocked(studio)
    page.inside.rows.choose("Car and insurance")
    page.inside.act.click()
    studio.settle()


def added(studio: Studio) -> None:
    page = unlocked(studio)
    more = [
        specimen(studio.folder / "more", "Pay slip SPECIMEN.pdf", 52_000, 2026, 10, 31),
        specimen(studio.folder / "more", "Loan SPECIMEN.pdf", 210_000, 2026, 6, 15),
        studio.folder / "more" / "Birth certificate SPECIMEN.pdf",
    ]
    page.handling.add(more)
    studio.settle()


def working(studio: Studio) -> None:
    page = unlocked(studio)
    page.runner.show_job(Job(page), page.tr("Adding documents"))
    page.runner.show_progress(620, 1000, message("vault.progress.adding", name="Loan SPECIMEN.pdf"))
    studio.settle_working()


SCENES = (
    Scene("vault-none", none),
    Scene("vault-make", make_dialog),
    Scene("vault-locked", locked),
    Scene("vault-locked-several", locked_several),
    Scene("vault-wrong-passphrase", wrong_passphrase),
    Scene("vault-gone", gone),
    Scene("vault-locked-itself", locked_itself),
    Scene("vault-empty", empty),
    Scene("vault-full", full),
    Scene("vault-chosen", chosen),
    Scene("vault-folder", folder),
    Scene("vault-added", added),
    Scene("vault-working", working),
)
