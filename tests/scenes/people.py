"""Several people at one computer, and what keeps the window from being read along."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from guardian.core import keys
from guardian.core.profiles import Colour, Kind, Profile, add_profile, change_profile
from guardian.ui.people.adding import NewcomerDialog, passphrase_dialog
from guardian.ui.people.who import WhoPage
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio

ANA = Profile("", "Ana", Colour.GREEN, Kind.PERSON)
MIA = Profile("1" * 16, "Mia", Colour.AMBER, Kind.CHILD)
HOUSE = Profile("2" * 16, "Our house", Colour.VIOLET, Kind.HOUSEHOLD)
FAMILY = (ANA, Profile("3" * 16, "Ben", Colour.BLUE, Kind.PERSON), MIA, HOUSE)


def who_is_here(studio: Studio) -> None:
    studio.guardian.leave()
    studio.window.show_alone(WhoPage(studio.guardian.words, FAMILY))
    studio.settle()


def shown(studio: Studio, dialog: QWidget) -> QWidget:
    dialog.setModal(False)
    dialog.show()
    studio.settle()
    return dialog


def adding(studio: Studio) -> QWidget:
    dialog = NewcomerDialog(
        studio.window, studio.guardian.words, (Profile("", "", Colour.GREEN, Kind.PERSON),)
    )
    dialog.nickname.setText("Ben")
    dialog.own.setText("Ana")
    return shown(studio, dialog)


def sharing(studio: Studio) -> QWidget:
    words = studio.guardian.words
    return shown(studio, passphrase_dialog(studio.window, words, "two", "Our house", ["x" * 9]))


def covered(studio: Studio) -> None:
    studio.show("accounts")
    studio.guardian.guard.cover()
    studio.settle()


def notes(studio: Studio) -> None:
    studio.show("accounts")
    studio.guardian.guard.vanish()
    studio.settle()


def in_settings(studio: Studio) -> None:
    cost, keys.SCRYPT_N = keys.SCRYPT_N, 2**10
    try:
        paths = studio.guardian.paths
        add_profile(paths, "Ben", Colour.BLUE, Kind.PERSON, ["cold tea at noon"])
        add_profile(
            paths, "Our house", Colour.VIOLET, Kind.HOUSEHOLD, ["cold tea at noon", "two bicycles"]
        )
        change_profile(paths, ANA)
    finally:
        keys.SCRYPT_N = cost
    page = studio.show("settings")
    page.people._people.changed.emit()
    studio.settle()
    page.show_people()
    studio.settle()


SCENES = (
    Scene("people-who", who_is_here),
    Scene("people-add", adding),
    Scene("people-shared", sharing),
    Scene("people-covered", covered),
    Scene("people-notes", notes),
    Scene("people-settings", in_settings),
)
