"""The locked vault: a calm door that says which vault it is, and nothing of what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import SecretField
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Picture
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.text import Text
from guardian.vault.model import VaultInfo, shown

MOST_ROWS = 3
SLIPS = 3  # wrong passphrases from which on there is a pause
LONGEST_PAUSE = 30  # seconds


def pause_after(failures: int) -> int:
    """Seconds to wait after so many wrong passphrases: none for slips, then longer and longer.

    It slows down whoever sits here and guesses. Who has a copy of the vault is slowed down by
    the key derivation alone.
    """
    return 0 if failures < SLIPS else min(2 ** (failures - SLIPS + 1), LONGEST_PAUSE)


class Door(QWidget):
    """``answered`` carries the vault's folder and the passphrase; the field is empty by then.

    ``asked_here`` and ``asked_recover`` carry the folder: open it with this computer's key, and
    set a new passphrase with the recovery words.
    """

    answered = Signal(object, str)
    asked_here = Signal(object)
    asked_recover = Signal(object)
    asked_make = Signal()
    asked_choose = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._folders: tuple[Path, ...] = ()
        self._here: frozenset[Path] = frozenset()
        self._failures: dict[Path, int] = {}
        self._pause = 0
        self._ticker = QTimer(self, interval=1000)
        self._ticker.timeout.connect(self._tick)
        self.folder = Path()
        self._picture = Picture("vault")
        self._title = Text(role="heading")
        self._why = Text(role="dim")
        for label in (self._title, self._why):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.chooser = RowList(self.tr("Your vaults"))
        self.chooser.chosen.connect(self._choose)
        self.field = SecretField(self.tr("Passphrase"))
        self.field.returnPressed.connect(self._answer)
        self.open = Button(self.tr("Open"), "primary", clicked=self._answer)
        line = row(gap=8)
        line.addWidget(self.field, 1)
        line.addWidget(self.open)
        self.here = Button(
            self.tr("Open on this computer"), icon_name="key",
            clicked=lambda: self.asked_here.emit(self.folder),
        )  # fmt: skip
        self.forgot = Button(
            self.tr("I forgot the passphrase"), "quiet",
            clicked=lambda: self.asked_recover.emit(self.folder),
        )  # fmt: skip
        self._wait = Text(role="small")
        self._wait.setProperty("level", "ask")
        card = Card(
            row(None, self._picture, None), self._title, self._why, 2, self.chooser, line,
            self._wait, Flow(self.here, self.forgot),
            gap=10, margin=28,
        )  # fmt: skip
        self._wait.hide()
        card.setMaximumWidth(theme.px(560))
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        other = Button(self.tr("Open another vault …"), "quiet", clicked=self.asked_choose.emit)
        make = Button(self.tr("Make a new vault"), "quiet", clicked=self.asked_make.emit)
        quiet = column(row(None, other, None), row(None, make, None), gap=4)
        middle = row()
        middle.addStretch(1)
        middle.addWidget(card, 8)
        middle.addStretch(1)
        self.setLayout(column(None, middle, quiet, None, None))
        self.setFocusProxy(self.field)

    def show_vaults(self, vaults: Sequence[VaultInfo], chosen: Path | None = None) -> None:
        """Offer these vaults, and one more that was pointed at; ``chosen`` stands in front."""
        folders = [info.path for info in vaults]
        if chosen is not None and chosen not in folders:
            folders.insert(0, chosen)
        self._here = frozenset(info.path for info in vaults if info.opens_here)
        wanted = chosen or (self.folder if self.folder in folders else folders[0])
        if tuple(folders) != self._folders:
            self._folders = tuple(folders)
            self.chooser.show_rows(
                [
                    Row(str(number), shown(folder.name), self._beside(folder), icon="vault",
                        token="accent", sort=(number,))
                    for number, folder in enumerate(folders)
                ]
            )  # fmt: skip
        several = len(folders) > 1
        self.chooser.setVisible(several)
        self._picture.setVisible(not several)
        self._fit()
        self.chooser.choose(str(folders.index(wanted)))
        self._show_name(wanted)

    def _beside(self, folder: Path) -> str:
        return self._words.say("vault.page.beside", folder=shown(folder.parent.name) or "/")

    def _fit(self) -> None:
        """As tall as its rows; more than a few scroll."""
        height = theme.px(62) * min(len(self._folders), MOST_ROWS) + 4
        if self.chooser.height() != height:
            self.chooser.setFixedHeight(height)

    def _choose(self, key: str) -> None:
        folder = self._folders[int(key)]
        if folder != self.folder:
            self.field.setText("")
            self._show_name(folder)

    def _show_name(self, folder: Path) -> None:
        if folder != self.folder:
            self.say("")
        self.folder = folder
        self.here.setVisible(folder in self._here)
        self._title.setText(self._words.say("vault.page.locked", name=shown(folder.name)))

    def say(self, text: str) -> None:
        """Why it is locked, or, with nothing, what to do."""
        self._why.setText(text or self._words.say("vault.page.locked.do"))

    def _answer(self) -> None:
        typed = self.field.text()
        if not typed or self._pause:
            self.field.setFocus()
            return
        self.field.setText("")
        self.answered.emit(self.folder, typed)

    def refuse(self, folder: Path) -> None:
        """A passphrase was wrong: after a few of them, the next try has to wait a little."""
        self._failures[folder] = self._failures.get(folder, 0) + 1
        self._pause = pause_after(self._failures[folder])
        self._show_pause()
        if self._pause:
            self._ticker.start()

    def welcome(self, folder: Path) -> None:
        """The vault was opened; wrong tries are forgotten."""
        self._failures.pop(folder, None)
        self._pause = 0
        self._show_pause()

    def _tick(self) -> None:
        self._pause = max(self._pause - 1, 0)
        self._show_pause()

    def _show_pause(self) -> None:
        if not self._pause:
            self._ticker.stop()
        self._wait.setText(self._words.say("vault.page.pause", count=self._pause))
        self._wait.setVisible(bool(self._pause))
        self.open.setEnabled(not self._pause)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and self._folders:
            self._fit()
        super().changeEvent(event)
