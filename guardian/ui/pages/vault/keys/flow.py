"""What opens a vault, in the window: changing it, recovery words, and this computer's own key."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from shiboken6 import isValid

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.dialog import Dialog, SecretField, confirm
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.keys.making import NewPassphraseDialog
from guardian.ui.pages.vault.keys.recovery import RecoveryDialog, tell, warning
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import Sheet, shown
from guardian.vault.service import VaultService

# far longer than any twelve words: digits of a sheet's key, in groups or not
KEY_DIGITS = re.compile(r"[0-9A-Fa-f\s-]{100,}")


class ChangeDialog(NewPassphraseDialog):
    """The passphrase now, and a new one twice. ``asked`` carries both; ``refuse`` asks again."""

    asked = Signal(str, str)

    def __init__(self, parent: QWidget, desk: Desk, name: str) -> None:
        text = desk.words.say("vault.keys.change.why")
        super().__init__(parent, desk, self.tr("Change the passphrase"), text, name)
        self.old = SecretField(self.tr("The passphrase now"))
        self._items.insertWidget(self._items.indexOf(self.first), self.old)
        self._items.insertWidget(
            self._items.indexOf(self._wrong), Text(desk.words.say("vault.keys.old-copies"), "dim")
        )
        self.yes.setText(self.tr("Change it"))
        self.old.textChanged.connect(self._judge)
        follow(self, [self.old, self.first, self.second, self.show_typed, self.suggest, self.yes])
        self.old.setFocus()
        self._judge()

    def _judge(self) -> None:
        super()._judge()
        if hasattr(self, "old") and not self.old.text():
            self.yes.setEnabled(False)

    def accept(self) -> None:
        self._wait(True)
        self.asked.emit(self.old.text(), self.passphrase())

    def _wait(self, waiting: bool) -> None:
        for widget in (self.old, self.first, self.second, self.suggest, self.yes):
            widget.setEnabled(not waiting)

    def refuse(self, problem: Problem) -> None:
        self._wait(False)
        self._judge()
        self._wrong.setText(tell(self._words, problem))
        self.refit()
        if problem.code == "passphrase-wrong":
            self.old.setFocus()
            self.old.selectAll()

    def forget(self) -> None:
        super().forget()
        self.old.setText("")


class RecoverDialog(NewPassphraseDialog):
    """The twelve words, or the sheet's key, and a new passphrase twice. ``asked`` carries both."""

    asked = Signal(str, str)

    def __init__(self, parent: QWidget, desk: Desk, name: str) -> None:
        text = desk.words.say("vault.keys.recover.why")
        super().__init__(parent, desk, self.tr("I forgot the passphrase"), text, name)
        self.typed = QPlainTextEdit()
        self.typed.setAccessibleName(self.tr("The twelve words"))
        self.typed.setPlaceholderText(self.tr("The twelve words"))
        self.typed.setTabChangesFocus(True)
        self.typed.setFixedHeight(theme.px(84))
        self._items.insertWidget(self._items.indexOf(self.first), self.typed)
        self.yes.setText(self.tr("Set the new passphrase"))
        self.typed.textChanged.connect(self._judge)
        follow(self, [self.typed, self.first, self.second, self.show_typed, self.suggest, self.yes])
        self.typed.setFocus()
        self._judge()

    def _judge(self) -> None:
        super()._judge()
        if hasattr(self, "typed") and not self.typed.toPlainText().strip():
            self.yes.setEnabled(False)

    def accept(self) -> None:
        self._wait(True)
        self.asked.emit(self.typed.toPlainText(), self.passphrase())

    def _wait(self, waiting: bool) -> None:
        for widget in (self.typed, self.first, self.second, self.suggest, self.yes):
            widget.setEnabled(not waiting)

    def refuse(self, problem: Problem) -> None:
        self._wait(False)
        self._judge()
        self._wrong.setText(tell(self._words, problem))
        self.refit()
        self.typed.setFocus()

    def forget(self) -> None:
        super().forget()
        self.typed.setPlainText("")


class HereDialog(Dialog):
    """Says what it means, and asks for the passphrase once more. ``asked`` carries it."""

    asked = Signal(str)

    def __init__(self, parent: QWidget, words: Words, name: str) -> None:
        super().__init__(parent, self.tr("Open on this computer without passphrase"))
        self._words = words
        self.field = SecretField(self.tr("Passphrase"))
        self._wrong = warning()
        self.add(
            Text(words.say("vault.keys.here.why", name=name)),
            Text(words.say("vault.keys.here-warning"), "dim"),
            self.field,
            self._wrong,
        )
        self.add_buttons(self.tr("Keep a key here"), self.tr("Cancel"))
        self.field.setFocus()

    def accept(self) -> None:
        if not self.field.text():
            self.field.setFocus()
            return
        self._wait(True)
        self.asked.emit(self.field.text())

    def _wait(self, waiting: bool) -> None:
        for widget in (self.field, self.yes):
            widget.setEnabled(not waiting)

    def refuse(self, problem: Problem) -> None:
        self._wait(False)
        self._wrong.setText(tell(self._words, problem))
        self.refit()
        self.field.setFocus()
        self.field.selectAll()

    def forget(self) -> None:
        self.field.setText("")


KeyDialog = ChangeDialog | RecoverDialog | HereDialog | RecoveryDialog


class Keys(QObject):
    """One dialog at a time. What was asked for is told on the page, even if it closed meanwhile."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools.page)
        self._tools, self._words, self._service = tools, tools.words, tools.service
        self._dialog: KeyDialog | None = None
        self._change = QAction(self.tr("Change passphrase …"), self)
        self._change.triggered.connect(lambda _checked=False: self.change())
        self._recovery = QAction(self.tr("Recovery words …"), self)
        self._recovery.triggered.connect(lambda _checked=False: self.show_recovery())
        self._here = QAction(self.tr("Open on this computer without passphrase"), self)
        self._here.setCheckable(True)
        self._here.triggered.connect(lambda _checked=False: self.switch_here())

    def actions(self) -> list[QAction]:
        """For the menu of the vault, as they are now."""
        folder = self._folder()
        found = [self._change, self._recovery, self._here]
        for action in found:
            action.setEnabled(folder is not None)
        self._here.setChecked(folder is not None and self._opens_here(folder))
        return found

    def _folder(self) -> Path | None:
        vault = self._tools.vault()
        return vault.folder if vault is not None else None

    def _opens_here(self, folder: Path) -> bool:
        return any(info.path == folder and info.opens_here for info in self._service.known())

    # the passphrase

    def change(self) -> None:
        folder = self._folder()
        if folder is None or self._dialog is not None:
            return
        name = shown(folder.name)
        dialog = ChangeDialog(self._tools.page, self._tools.desk, name)

        def done(left: int) -> None:
            lines = [self._words.say("vault.keys.changed", name=name)]
            if left:
                lines.append(self._words.say("vault.keys.old-files", count=left))
            self._tools.outcome.show_lines(*lines)

        dialog.asked.connect(partial(self._run, done, self._service.change_passphrase, folder))
        self._open(dialog)

    def recover(self, folder: Path) -> None:
        """Let the person set a new passphrase with their recovery sheet."""
        if self._dialog is not None or self._tools.runner.busy:
            return
        name = shown(folder.name)
        dialog = RecoverDialog(self._tools.page, self._tools.desk, name)

        def done(_nothing: object) -> None:
            self._tools.notice.hide()
            self._tools.outcome.show_lines(self._words.say("vault.keys.recovered", name=name))

        dialog.asked.connect(partial(self._run, done, recover_with, self._service, folder))
        self._open(dialog)

    # recovery words

    def show_recovery(self) -> None:
        folder = self._folder()
        if folder is not None:
            self.offer_recovery(folder)

    def offer_recovery(self, folder: Path, passphrase: str = "") -> None:
        """The wizard; a passphrase that was just typed need not be typed again."""
        if self._dialog is not None:
            return
        there = self._service.has_recovery(folder)
        dialog = RecoveryDialog(self._tools.page, self._words, passphrase, there=there)

        def made(sheet: Sheet) -> None:
            if self._dialog is dialog and isValid(dialog) and dialog.isVisible():
                dialog.show_sheet(sheet)
            else:
                self._tell_unproven()

        def ask(secret: str) -> None:
            self._start(made, self._service.make_recovery, folder, secret)

        dialog.asked.connect(ask)
        dialog.asked_revoke.connect(lambda: self._revoke(folder))
        self._open(dialog)

    def _revoke(self, folder: Path) -> None:
        say = self._words.say
        yes, no = self.tr("End them"), self.tr("Keep them")
        agreed = confirm(
            self._tools.page, say("vault.keys.revoke"), say("vault.keys.revoke.why"), yes, no
        )
        if not agreed or self._dialog is None:
            return

        def done(_nothing: object) -> None:
            self._close()
            self._tools.outcome.show_lines(say("vault.keys.revoked"))

        self._start(done, revoke_recovery, self._service, folder)

    def _tell_unproven(self) -> None:
        self._tools.outcome.show_lines(
            self._words.say("vault.keys.unproven"), icon="ask", token="ask"
        )

    # this computer

    def switch_here(self) -> None:
        """Ask before this computer keeps a key; end it at once where it does."""
        folder = self._folder()
        if folder is None or self._dialog is not None:
            return
        name = shown(folder.name)

        def told(code: str) -> Callable[[object], None]:
            return lambda _: self._tools.outcome.show_lines(self._words.say(code, name=name))

        if self._opens_here(folder):
            self._start(told("vault.keys.here.off"), revoke_here, self._service, folder)
            return
        dialog = HereDialog(self._tools.page, self._words, name)
        done = told("vault.keys.here.on")
        dialog.asked.connect(partial(self._run, done, self._service.allow_here, folder))
        self._open(dialog)

    # dialogs and their work

    def _open(self, dialog: KeyDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(lambda _result: self._closed(dialog))
        dialog.open()

    def _run(
        self, done: Callable[[Any], object], verb: Callable[..., Any], *arguments: Any
    ) -> None:
        """Do what the dialog asked for, and close it once that is done."""
        dialog = self._dialog

        def finish(answer: Any) -> None:
            if self._dialog is dialog:
                self._close()
            done(answer)

        self._start(finish, verb, *arguments)

    def _start(
        self, done: Callable[[Any], object], verb: Callable[..., Any], *arguments: Any
    ) -> None:
        """Owned by the page: a new passphrase is told even where its dialog was closed."""
        dialog = self._dialog

        def fail(problem: Problem) -> None:
            if dialog is not None and self._dialog is dialog:
                dialog.refuse(problem)
            else:
                self._tools.notice.show_problem(problem)

        jobs, page = self._tools.desk.jobs, self._tools.page
        jobs.start(page, verb, *arguments, done=done, failed=fail)

    def _close(self) -> None:
        """Put the dialog away, whatever is in it."""
        if self._dialog is not None:
            self._dialog.done(0)

    def _closed(self, dialog: KeyDialog) -> None:
        if isinstance(dialog, RecoveryDialog) and dialog.unproven:
            self._tell_unproven()
        dialog.forget()
        dialog.deleteLater()
        self._dialog = None

    def closed(self) -> None:
        """The vault is about to be locked: nothing that was typed or shown stays."""
        self._close()


def recover_with(service: VaultService, folder: Path, typed: str, new: str, report: Report) -> None:
    """A job: ``typed`` is the twelve words, or the key beside the sheet's square code."""
    verb = service.rebuild if KEY_DIGITS.fullmatch(typed.strip()) else service.reset_passphrase
    verb(folder, typed, new, report)


def revoke_recovery(service: VaultService, folder: Path, report: Report) -> None:
    report(0, 0)
    service.revoke_recovery(folder)


def revoke_here(service: VaultService, folder: Path, report: Report) -> None:
    report(0, 0)
    service.revoke_here(folder)


def follow(dialog: Dialog, widgets: list[QWidget]) -> None:
    """Let Tab go through ``widgets`` in this order, then to Cancel."""
    first, *rest = widgets
    # one after the other behind the first: Qt takes a mere turn of the circle for no change
    for later in reversed([*rest, dialog.no]):
        dialog.setTabOrder(first, later)
