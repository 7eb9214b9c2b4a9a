"""Several people in one window, for tests by clicks and keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guardian.core.profiles import Colour, Kind, Profile, add_profile, change_profile, read_profiles
from guardian.ui.people.who import WhoPage
from guardian.ui.unlock import UnlockPage
from tests.scenes.studio import Studio

SECRET = "cold tea at noon"
OTHER = "two red bicycles"


def add(studio: Studio, name: str, kind: Kind = Kind.PERSON, *secrets: str) -> Profile:
    """A profile of somebody else."""
    return add_profile(studio.guardian.paths, name, Colour.BLUE, kind, secrets or (SECRET,))


def name_first(studio: Studio, name: str) -> None:
    first = read_profiles(studio.guardian.paths)[0]
    change_profile(studio.guardian.paths, Profile("", name, Colour.GREEN, first.kind))


def open_window(studio: Studio) -> None:
    """Start without waiting for records: it may first be asked who is here."""
    studio.guardian.preferences.change(welcomed=True)
    studio.window.show()
    studio.guardian.open_records()
    studio.window.activateWindow()
    studio.settle(lambda: studio.app.activeWindow() is studio.window)


def shown(studio: Studio) -> QWidget:
    return studio.window.stack.currentWidget()


def who(studio: Studio) -> WhoPage:
    page = shown(studio)
    assert isinstance(page, WhoPage)
    return page


def said(widget: QWidget) -> str:
    """Every word that can be read in it now."""
    parts = (*widget.findChildren(QLabel), *widget.findChildren(QPushButton))
    return "\n".join(part.text() for part in parts if part.isVisible())


def click(bot: QtBot, widget: QWidget, text: str) -> None:
    """Press the visible button with this text."""
    button = next(
        one for one in widget.findChildren(QPushButton) if one.isVisible() and one.text() == text
    )
    assert button.isEnabled()
    bot.mouseClick(button, Qt.MouseButton.LeftButton)


def come_in(bot: QtBot, studio: Studio, name: str, secret: str = SECRET) -> None:
    """Choose a tile, type the passphrase where one is asked, and wait for the first page."""
    click(bot, who(studio), name)
    page = shown(studio)
    if isinstance(page, UnlockPage):
        bot.keyClicks(page.field, secret)
        bot.keyClick(page.field, Qt.Key.Key_Return)
    studio.settle(lambda: studio.guardian.features is not None)


def in_dialogs(*acts: Callable[[QWidget], object]) -> None:
    """Do something in each modal dialog that opens, one after the other."""
    waiting = list(acts)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None and not dialog.property("seen"):
            dialog.setProperty("seen", True)
            waiting.pop(0)(dialog)
        if waiting:
            QTimer.singleShot(5, look)

    QTimer.singleShot(0, look)
