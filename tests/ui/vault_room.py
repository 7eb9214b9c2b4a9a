"""A vault page over a real vault, for tests by clicks and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.dragging import INSIDE
from guardian.ui.pages.vault.page import VaultPage
from guardian.ui.preferences import Preferences
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 19, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Room:
    """A page with everything around it."""

    page: VaultPage
    service: VaultService
    clock: Clock
    bot: QtBot
    folder: Path
    preferences: Preferences
    window: QWidget

    @property
    def vault(self) -> Path:
        return self.folder / "Private vault"

    def paper(self, name: str, content: bytes = b"SPECIMEN") -> Path:
        file = self.folder / "papers" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        return file

    def rest(self, until: Callable[[], bool] = lambda: True) -> None:
        self.bot.waitUntil(lambda: until() and not self.page.runner.busy, timeout=10_000)

    def click(self, button: Button) -> None:
        assert button.isVisible() and button.isEnabled()
        self.bot.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_and_open(self, passphrase: str) -> None:
        self.bot.keyClicks(self.page.door.field, passphrase)
        self.bot.keyClick(self.page.door.field, Qt.Key.Key_Return)
        assert self.page.door.field.text() == ""
        self.rest()

    def unlock(self) -> None:
        self.type_and_open(PASSPHRASE)
        assert self.page.is_open

    def titles(self) -> list[str]:
        return [thing.name for thing in self.page.inside.table.items()]

    def choose(self, *paths: str) -> None:
        self.page.inside.choose(*paths)

    def do(self, deed: str) -> None:
        """Press the button of a deed."""
        self.click(self.page.inside.documents.buttons[deed])

    def said(self) -> str:
        """Every word that can be read on the page now."""
        labels = self.page.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisible()).replace("\u200b", "")


def answer(monkeypatch: pytest.MonkeyPatch, method: str, result: Any) -> None:
    """What the person picks in the system's dialog."""
    monkeypatch.setattr(QFileDialog, method, lambda *_: result)


def in_dialog(act: Callable[[Dialog], object]) -> None:
    """Do something in the modal dialog that opens next."""
    QTimer.singleShot(0, lambda: act(QApplication.activeModalWidget()))  # type: ignore[arg-type]


def vault_of(room: Room) -> Vault:
    vault = room.page.handling.vault
    assert vault is not None
    return vault


def indexed(room: Room) -> None:
    """Wait until all names were read."""
    room.rest(lambda: not room.page.handling.finder.busy)


def key(room: Room, pressed: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    room.window.activateWindow()
    room.bot.waitUntil(room.window.isActiveWindow, timeout=5_000)
    room.bot.keyClick(room.page.inside.table.view, pressed, modifier)


def place(view: Any, index: QModelIndex) -> QPoint:
    return view.visualRect(index).center()


def row_of(room: Room, name: str) -> QModelIndex:
    return room.page.inside.table.view.listed.index(room.titles().index(name), 0)


def drop_on(view: Any, data: QMimeData, at: QPoint) -> QDropEvent:
    event = QDropEvent(
        at,
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    view.dropEvent(event)
    return event


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def inside_drag() -> QMimeData:
    data = QMimeData()
    data.setData(INSIDE, b"")
    return data


def press(room: Room, text: str) -> None:
    button = next(
        one for one in room.page.findChildren(Button) if one.text() == text and one.isVisible()
    )
    room.click(button)
