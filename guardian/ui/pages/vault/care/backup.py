"""The dialog that copies the encrypted vault to another place, and says how it went."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.care import work as care_work
from guardian.ui.pages.vault.care.panel import Panel
from guardian.ui.pages.vault.choose import choose_folder
from guardian.ui.pages.vault.names import breakable
from guardian.ui.pages.vault.outcome import head, indented
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import BackedUp, VaultInfo, shown
from guardian.vault.service import Vault

ROOT_FILE = "vault.cryptomator"
TOLD_AT_MOST = 5
LOOK_EVERY = 2_000  # milliseconds, while a stick is missing


class BackupDialog(Panel):
    """The place of last time is chosen already. ``asked`` carries the place, and whether earlier
    copies are to be read back too."""

    asked = Signal(object, bool)

    def __init__(self, tools: Tools, vault: Vault, info: VaultInfo | None) -> None:
        words = tools.words
        name = shown(vault.folder.name)
        super().__init__(tools, vault, breakable(words.say("vault.backup.title", name=name)))
        self._words, self._name = words, name
        self.place = self._before = info.backup_place if info else None
        self._waiting = QTimer(self, interval=LOOK_EVERY)
        self._waiting.timeout.connect(self._look)
        self._told = column(gap=10)
        self._last = Text(tell_backup(words, info.last_backup if info else None), "dim")
        self._where = Text(role="strong")
        self._state = Text(role="small")
        self.choose = Button(self.tr("Choose a place …"), clicked=self._choose)
        middle = Card(
            Text(self.tr("Where the backup goes"), "small"), self._where, self._state,
            row(self.choose, None), gap=6, margin=16,
        )  # fmt: skip
        self.again = QCheckBox(self.tr("Also read back what was copied before"))
        self._why = Text(words.say("vault.backup.why"))
        self.body.addLayout(self._told)
        for item in (self._why, self._last, middle, self.again):
            self.body.addWidget(item)
        self.yes = Button(self.tr("Back up now"), "primary", clicked=self._start)
        self.yes.setDefault(True)
        self.close_button = Button(self.tr("Close"), clicked=self.reject)
        self.body.addLayout(Flow(self.yes, self.close_button, gap=12))
        self._show_place()

    def _show_place(self) -> None:
        self.yes.setEnabled(self.place is not None)
        self.again.setVisible(self.place is not None)
        if self.place is None:
            self._where.setText(self.tr("No place chosen yet"))
            self._say_state(self._words.say("vault.backup.choose"))
            return
        self._where.setText(breakable(shown(str(self.place))))
        self._say_state("")
        self.choose.setText(self.tr("Choose another place …"))
        self._look()

    def _look(self) -> None:
        """Whether the place is there. Where a stick was, a folder of its name must not be made."""
        if self.place is None or self.tools.runner.busy:
            return
        folder = self.place if self.place == self._before else self.place.parent
        self.tools.desk.jobs.start(self, care_work.is_folder, folder, done=self._show_there)

    def _show_there(self, there: bool) -> None:
        self.yes.setEnabled(there)
        self._say_state("" if there else self._words.say("vault.backup.not-there"))
        self._waiting.stop() if there else self._waiting.start()

    def _say_state(self, text: str) -> None:
        self._state.setText(text)
        self._state.setVisible(bool(text))

    def _choose(self) -> None:
        start = self.place.parent if self.place else Path.home()
        folder = choose_folder(self, self.tr("Where should the backup go?"), start)
        if folder is not None:
            name = self._words.say("vault.backup.folder", name=self._name)
            self.place = backup_place(folder, name)
            self._show_place()

    def _start(self) -> None:
        clear(self._told)
        self.asked.emit(self.place, self.again.isChecked())

    def show_result(self, done: BackedUp) -> None:
        clear(self._told)
        self._told.addLayout(head(*result_head(done), *tell_result(self._words, done)))
        for line in tell_refused(self._words, done):
            self._told.addLayout(indented(Text(breakable(line))))
        self._why.hide()
        self._before = done.place
        if not done.refused:
            self._last.setText(tell_backup(self._words, done.when))
        self._say_state("")


def backup_place(folder: Path, name: str) -> Path:
    """``folder`` itself where it is empty or holds a vault's files, otherwise ``name`` in it."""
    try:
        held = {entry.name for entry in folder.iterdir()}
    except OSError:
        return folder / name
    return folder if not held or ROOT_FILE in held else folder / name


def result_head(done: BackedUp) -> tuple[str, str]:
    return ("ask", "ask") if done.refused else ("fine", "fine")


def tell_result(words: Words, done: BackedUp) -> list[str]:
    """What the backup did: the first line says how it went."""
    if done.refused:
        lines = [words.say("vault.backup.partly", count=len(done.refused))]
    else:
        lines = [words.say("vault.backup.done", name=shown(done.place.name))]
    size = words.size(done.bytes)
    lines.append(words.say("vault.backup.copied", count=done.copied, size=size))
    if done.unchanged:
        lines.append(words.say("vault.backup.unchanged", count=done.unchanged))
    if done.set_aside and done.aside is not None:
        aside = shown(str(done.aside.relative_to(done.place)))
        lines.append(words.say("vault.backup.aside", count=done.set_aside, folder=aside))
    return lines


def tell_refused(words: Words, done: BackedUp) -> list[str]:
    """Which encrypted files are missing from the backup, and why; the first few."""
    lines = []
    for one in done.refused[:TOLD_AT_MOST]:
        code, facts = one.problem.code, one.problem.facts
        lines.append(words.say(f"problem.{code}", **facts))
    more = len(done.refused) - TOLD_AT_MOST
    return [*lines, words.say("vault.backup.more", count=more)] if more > 0 else lines


def tell_backup(words: Words, last: datetime | None) -> str:
    if last is None:
        return words.say("vault.backup.never")
    return words.say("vault.backup.last", day=last.astimezone())
