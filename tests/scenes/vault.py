"""The vault page in every state, with specimen papers that belong to nobody."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from guardian.core.words import message
from guardian.ui.jobs import Job
from guardian.ui.kit.dialog import Dialog
from guardian.ui.pages.vault.inside.asking import MoveDialog, NameDialog, RemoveDialog
from guardian.ui.pages.vault.keys.making import MakeDialog
from guardian.ui.pages.vault.names import key_of
from guardian.ui.pages.vault.page import VaultPage
from guardian.vault.cryptomator import masterkey
from guardian.vault.model import Conflict, Details
from tests.scenes.scene import Scene
from tests.scenes.studio import FIXTURES, Studio

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
DETAILS = {
    "Passport Ana SPECIMEN.pdf": Details("Kept in the blue folder.", ("travel",), date(2027, 1, 9)),
    "ID card SPECIMEN.jpg": Details("", ("travel",), date(2031, 4, 30)),
    "Vaccinations SPECIMEN.png": Details("", ("health",), date(2026, 9, 1)),
    "Rent contract SPECIMEN.pdf": Details("Three months’ notice.", ("home",)),
}


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


def letter(studio: Studio) -> Path:
    """A real PDF, for the preview."""
    file = studio.folder / "papers" / "Letter SPECIMEN.pdf"
    shutil.copyfile(FIXTURES / "vault" / "documents" / "letter.pdf", file)
    noon = datetime(2026, 6, 7, 12, tzinfo=UTC).timestamp()
    os.utime(file, (noon, noon))
    return file


def make_vault(studio: Studio, name: str = "Private vault", *, filled: bool = False) -> Path:
    """A vault that costs little to unlock."""
    cost, masterkey.COST = masterkey.COST, 2**10
    folder = studio.folder / "Documents" / name
    folder.parent.mkdir(exist_ok=True)
    try:
        with studio.features.vault.create(folder, PASSPHRASE) as vault:
            if filled:
                vault.add([*papers(studio), letter(studio)])
                inside = specimen(studio.folder / "papers", "Policy.pdf", 71_000, 2026, 2, 2)
                vault.add([inside], "Car and insurance")
                vault.make_folder("Car and insurance/2024")
                vault.make_folder("House")
                for paper, details in DETAILS.items():
                    vault.describe(paper, details)
    finally:
        masterkey.COST = cost
    return folder


def vault_page(studio: Studio) -> VaultPage:
    page = studio.show("vault")
    assert isinstance(page, VaultPage)
    return page


def unlocked(studio: Studio, *, filled: bool = True) -> VaultPage:
    make_vault(studio, filled=filled)
    return enter_vault(studio)


def enter_vault(studio: Studio) -> VaultPage:
    page = vault_page(studio)
    page.door.field.setText(PASSPHRASE)
    page.door.open.click()
    studio.settle()
    assert page.is_open
    return page


def shown_whole(studio: Studio, page: VaultPage) -> None:
    """Until the chosen document is drawn at the size it has once all is laid out."""
    for _ in range(2):
        studio.settle(lambda: page.viewer.at_rest)


def none(studio: Studio) -> None:
    vault_page(studio)


def make_dialog(studio: Studio) -> QWidget:
    page = vault_page(studio)
    place = Path("/home/ana/Documents/Private vault")
    return shown(studio, MakeDialog(page, page.tools.desk, place))


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
    page.inside.choose("Letter SPECIMEN.pdf")
    shown_whole(studio, page)


def several(studio: Studio) -> None:
    page = unlocked(studio)
    page.inside.choose("Blood test SPECIMEN.pdf", "Letter to Ben.txt", "ID card SPECIMEN.jpg")
    studio.settle()


def folder(studio: Studio) -> None:
    page = unlocked(studio)
    page.inside.choose("Car and insurance")
    page.inside.documents.buttons["enter"].click()
    shown_whole(studio, page)


def found(studio: Studio) -> None:
    page = unlocked(studio)
    page.inside.search.setText("contract")
    studio.settle()


def found_nothing(studio: Studio) -> None:
    page = unlocked(studio)
    page.inside.search.setText("driving licence")
    studio.settle()


def sorted_by_date(studio: Studio) -> None:
    """In a large window, with all columns."""
    studio.window.resize(1480, 860)
    page = unlocked(studio)
    page.inside.table.sort_by("date", descending=True)
    studio.settle()


def trashed(studio: Studio) -> None:
    page = unlocked(studio)
    page.handling.arranging.discard(["Letter to Ben.txt"])
    shown_whole(studio, page)


def open_here(studio: Studio) -> None:
    folder = make_vault(studio)
    studio.features.vault.allow_here(folder, PASSPHRASE)
    vault_page(studio)


def must_wait(studio: Studio) -> None:
    folder = make_vault(studio)
    page = vault_page(studio)
    for _ in range(4):
        page.door.refuse(folder)
    page.door._ticker.stop()
    studio.settle()


def conflict(studio: Studio) -> None:
    folder = make_vault(studio, filled=True)
    with studio.features.vault.open(folder, PASSPHRASE) as vault:
        place = vault._tree.find("Letter to Ben.txt").place
    twin = place.with_name(f"{place.stem} (conflicted copy from Ben’s laptop){place.suffix}")
    shutil.copy2(place, twin)
    page = enter_vault(studio)
    page.inside.choose(next(key_of(one) for one in page.inside.table.items() if one.name ==
                            "Letter to Ben.txt" and isinstance(one, Conflict)))  # fmt: skip
    shown_whole(studio, page)


def read_only(studio: Studio) -> None:
    """A vault as they were made before 2023: what cannot be made can still be looked at."""
    page = unlocked(studio)
    page.inside.show_writable(False)
    studio.settle()


def ask_remove(studio: Studio) -> QWidget:
    page = unlocked(studio)
    return shown(studio, RemoveDialog(page, studio.guardian.words, 3))


def ask_move(studio: Studio) -> QWidget:
    page = unlocked(studio)
    paths = ["Letter to Ben.txt"]
    return shown(studio, MoveDialog(page, studio.guardian.words, page.inside.tree.paths(), paths))


def ask_name(studio: Studio) -> QWidget:
    page = unlocked(studio)
    dialog = NameDialog(page, studio.guardian.words, "Rename “Letter to Ben.txt”", "Rename",
                        "Letter to Ben.txt")  # fmt: skip
    return shown(studio, dialog)


def added(studio: Studio) -> None:
    page = unlocked(studio)
    more = [
        specimen(studio.folder / "more", "Pay slip SPECIMEN.pdf", 52_000, 2026, 10, 31),
        specimen(studio.folder / "more", "Loan SPECIMEN.pdf", 210_000, 2026, 6, 15),
        studio.folder / "more" / "Birth certificate SPECIMEN.pdf",
    ]
    page.handling.handing.add(more, "")
    studio.settle()


def working(studio: Studio) -> None:
    page = unlocked(studio)
    ticks = iter((0.0, 0.0, 3.0, 3.0))
    page.runner._clock = lambda: next(ticks)
    page.runner.show_job(Job(page), page.tr("Adding documents"), 0.5)
    note = message("vault.progress.adding", name="Loan SPECIMEN.pdf")
    for done in (0, 62_000_000):
        page.runner.show_progress(done, 8_000_000_000, note)
    studio.settle_working()


SCENES = (
    Scene("vault-none", none),
    Scene("vault-make", make_dialog),
    Scene("vault-locked", locked),
    Scene("vault-locked-several", locked_several),
    Scene("vault-open-here", open_here),
    Scene("vault-wrong-passphrase", wrong_passphrase),
    Scene("vault-must-wait", must_wait),
    Scene("vault-gone", gone),
    Scene("vault-locked-itself", locked_itself),
    Scene("vault-empty", empty),
    Scene("vault-full", full),
    Scene("vault-chosen", chosen),
    Scene("vault-several", several),
    Scene("vault-folder", folder),
    Scene("vault-found", found),
    Scene("vault-found-nothing", found_nothing),
    Scene("vault-sorted", sorted_by_date),
    Scene("vault-trashed", trashed),
    Scene("vault-conflict", conflict),
    Scene("vault-read-only", read_only),
    Scene("vault-ask-remove", ask_remove),
    Scene("vault-ask-move", ask_move),
    Scene("vault-ask-name", ask_name),
    Scene("vault-added", added),
    Scene("vault-working", working),
)
