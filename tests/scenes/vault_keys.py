"""What opens a vault, in the window: every dialog in every state worth looking at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget

from guardian.ui.kit.dialog import Dialog
from guardian.ui.pages.vault.keys import making
from guardian.ui.pages.vault.keys.making import MakeDialog, NewPassphraseDialog
from guardian.ui.pages.vault.keys.recovery import RecoveryDialog
from guardian.vault.model import Sheet
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio
from tests.scenes.vault import PASSPHRASE, make_vault, unlocked, vault_page

WORDS = (
    "coin", "master", "mouse", "hour", "help", "capital",
    "airport", "exhibit", "prepare", "talent", "arrow", "twist",
)  # fmt: skip
SUGGESTED = "kitchen-voyage-salmon-under-glass-trophy"
SHEET = Sheet("Private vault", date(2026, 11, 21), WORDS, "6B86B273FF34FCE1" * 8 + "4295F72E")


def typed(studio: Studio, dialog: NewPassphraseDialog, passphrase: str) -> QWidget:
    """The dialog once ``passphrase`` was judged."""
    dialog.setModal(False)
    dialog.show()
    dialog.first.setText(passphrase)
    studio.settle(lambda: dialog._meter is not None and dialog._meter.judgement is not None)
    return dialog


def new_vault(studio: Studio) -> MakeDialog:
    page = vault_page(studio)
    return MakeDialog(page, page.tools.desk, Path("/home/ana/Documents/Private vault"))


def weak(studio: Studio) -> QWidget:
    return typed(studio, new_vault(studio), "monika1984")


def strong(studio: Studio) -> QWidget:
    return typed(studio, new_vault(studio), PASSPHRASE)


def suggested(studio: Studio) -> QWidget:
    dialog = new_vault(studio)
    dialog.setModal(False)
    dialog.show()
    drawn, making.suggest_passphrase = making.suggest_passphrase, lambda: SUGGESTED
    dialog.suggest.click()
    making.suggest_passphrase = drawn
    return typed(studio, dialog, SUGGESTED)


def change(studio: Studio) -> QWidget:
    page = unlocked(studio)
    page.keys.change()
    return opened(studio, page.keys._dialog)


def opened(studio: Studio, dialog: Dialog | None) -> Dialog:
    assert dialog is not None
    studio.settle()
    return dialog


def recover(studio: Studio) -> QWidget:
    page = vault_page(studio)
    page.keys.recover(make_vault(studio))
    return opened(studio, page.keys._dialog)


def here(studio: Studio) -> QWidget:
    page = unlocked(studio)
    page.keys.switch_here()
    return opened(studio, page.keys._dialog)


def wizard(studio: Studio, passphrase: str = "") -> RecoveryDialog:
    page = unlocked(studio)
    page.keys.offer_recovery(page.tools.vault().folder, passphrase)
    dialog = opened(studio, page.keys._dialog)
    assert isinstance(dialog, RecoveryDialog)
    return dialog


def why(studio: Studio) -> QWidget:
    return wizard(studio, PASSPHRASE)


def why_again(studio: Studio) -> QWidget:
    folder = make_vault(studio)
    studio.features.vault.make_recovery(folder, PASSPHRASE)
    page = vault_page(studio)
    page.keys.offer_recovery(folder)
    return opened(studio, page.keys._dialog)


def words(studio: Studio) -> QWidget:
    dialog = wizard(studio)
    dialog.show_sheet(SHEET)
    studio.settle()
    return dialog


def prove(studio: Studio) -> QWidget:
    dialog = wizard(studio)
    dialog.show_sheet(SHEET)
    dialog._places = [2, 6, 11]
    dialog.written.click()
    dialog.fields[0].setText("mousse")
    dialog.check.click()
    studio.settle()
    return dialog


def proven(studio: Studio) -> QWidget:
    dialog = wizard(studio)
    dialog.show_sheet(SHEET)
    dialog.written.click()
    for place, field in zip(dialog._places, dialog.fields, strict=True):
        field.setText(WORDS[place])
    dialog.check.click()
    studio.settle()
    return dialog


SCENES = (
    Scene("vault-keys-weak", weak),
    Scene("vault-keys-strong", strong),
    Scene("vault-keys-suggested", suggested),
    Scene("vault-keys-change", change),
    Scene("vault-keys-recover", recover),
    Scene("vault-keys-here", here),
    Scene("vault-keys-why", why),
    Scene("vault-keys-why-again", why_again),
    Scene("vault-keys-words", words),
    Scene("vault-keys-prove", prove),
    Scene("vault-keys-proven", proven),
)
