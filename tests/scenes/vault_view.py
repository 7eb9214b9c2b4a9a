"""Looking at documents in the vault, and lending them, with specimens that belong to nobody."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from guardian.ui import links
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.page import VaultPage
from guardian.vault import outside
from guardian.vault.cryptomator import masterkey
from guardian.vault.model import Details
from tests.scenes.scene import Scene
from tests.scenes.studio import FIXTURES, Studio
from tests.scenes.vault import PASSPHRASE, enter_vault, shown_whole

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC).timestamp()
# what the specimens are called in the vault
PAPERS = {
    "letter.pdf": "Letter from Ben.pdf",
    "photo.jpg": "Lighthouse.jpg",
    "notes.txt": "Shopping.txt",
    "password.pdf": "Pay slip October.pdf",
    "cut-off.pdf": "Lease (cut off).pdf",
}
DETAILS = Details("The original is in the blue folder.", ("family", "travel"), date(2027, 3, 1))


def looking_at(studio: Studio, name: str) -> VaultPage:
    """An open vault of specimens with one of them chosen, in a window with room for it."""
    studio.window.resize(1280, 820)
    cost, masterkey.COST = masterkey.COST, 2**10
    place = studio.folder / "Documents" / "Private vault"
    place.parent.mkdir(exist_ok=True)
    try:
        with studio.features.vault.create(place, PASSPHRASE) as vault:
            vault.add(papers(studio.folder / "papers"))
            vault.describe("Letter from Ben.pdf", DETAILS)
    finally:
        masterkey.COST = cost
    page = enter_vault(studio)
    page.inside.choose(name)
    shown_whole(studio, page)
    return page


def papers(folder: Path) -> list[Path]:
    folder.mkdir()
    made = [folder / name for name in (*PAPERS.values(), "Work contract.docx")]
    for source, target in zip(PAPERS, made, strict=False):
        shutil.copyfile(FIXTURES / "vault" / "documents" / source, target)
    made[-1].write_bytes(b"PK\x03\x04[Content_Types].xml" + bytes(20_000))
    for file in made:
        os.utime(file, (NOON, NOON))
    return made


def pdf(studio: Studio) -> None:
    looking_at(studio, "Letter from Ben.pdf")


def found(studio: Studio) -> None:
    page = looking_at(studio, "Letter from Ben.pdf")
    page.viewer.pages.seek.click()
    page.viewer.pages.search.field.setText("lighthouse")
    shown_whole(studio, page)


def photo(studio: Studio) -> None:
    page = looking_at(studio, "Lighthouse.jpg")
    page.viewer.fold.button.click()
    shown_whole(studio, page)


def text(studio: Studio) -> None:
    looking_at(studio, "Shopping.txt")


def office(studio: Studio) -> None:
    looking_at(studio, "Work contract.docx")


def password(studio: Studio) -> None:
    looking_at(studio, "Pay slip October.pdf")


def damaged(studio: Studio) -> None:
    looking_at(studio, "Lease (cut off).pdf")


def lent(studio: Studio) -> None:
    page = looking_at(studio, "Work contract.docx")
    hand_over, links.open_with_program = links.open_with_program, lambda _file: True
    # not every computer has a folder in memory, which the card would tell
    choose, outside.choose_place = outside.choose_place, lambda _size: (studio.folder, False)
    try:
        entries = page.tools.vault().list().entries
        page.lending.lend(next(one for one in entries if one.name == "Work contract.docx"))
        studio.settle(page.lending.isVisible)
    finally:
        links.open_with_program, outside.choose_place = hand_over, choose


def ask(studio: Studio) -> QWidget:
    """The warning before a document is opened in another program."""
    page = looking_at(studio, "Work contract.docx")
    words = studio.guardian.words
    dialog = Dialog(page, words.say("vault.lend.ask", name="Work contract.docx"))
    where, traces = words.say("vault.lend.ask.memory"), words.say("vault.lend.ask.traces")
    dialog.add(Text(f"{where}\n\n{traces}"))
    dialog.add_buttons(page.tr("Open it"), page.tr("Cancel"))
    return shown(studio, dialog)


def changed(studio: Studio) -> QWidget:
    """The other program has changed it."""
    page = looking_at(studio, "Work contract.docx")
    words = studio.guardian.words
    dialog = Dialog(page, words.say("vault.lend.changed", name="Work contract.docx"))
    dialog.add(Text(words.say("vault.lend.changed.why")))
    leave = Button(page.lending.tr("Leave it as it was"))
    lending = page.lending
    dialog.add_buttons(lending.tr("Keep the change in the vault"), lending.tr("Not yet"), leave)
    return shown(studio, dialog)


def shown(studio: Studio, dialog: Dialog) -> QWidget:
    dialog.setModal(False)
    dialog.show()
    studio.settle()
    return dialog


SCENES = (
    Scene("vault-view-pdf", pdf),
    Scene("vault-view-found", found),
    Scene("vault-view-photo", photo),
    Scene("vault-view-text", text),
    Scene("vault-view-office", office),
    Scene("vault-view-password", password),
    Scene("vault-view-damaged", damaged),
    Scene("vault-lend-ask", ask),
    Scene("vault-lent", lent),
    Scene("vault-lend-changed", changed),
)
