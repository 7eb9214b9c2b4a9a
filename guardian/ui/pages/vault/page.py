"""The vault page: which state it is in, and what leads from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QLineEdit

from guardian.core.errors import Problem
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages, scrolling
from guardian.ui.pages.vault import choose, work
from guardian.ui.pages.vault.door import Door
from guardian.ui.pages.vault.empty import NoVault
from guardian.ui.pages.vault.handling import Handling
from guardian.ui.pages.vault.making import MakeDialog, usual_place
from guardian.ui.pages.vault.outcome import Outcome
from guardian.ui.pages.vault.runner import Runner
from guardian.ui.pages.vault.watch import Watch
from guardian.ui.preferences import Preferences
from guardian.vault.model import shown
from guardian.vault.service import VaultService

GONE = ("vault-missing", "vault-not-one")


class VaultPage(Page):
    """No vault yet, a locked door, or the inside of the one that is open."""

    key = "vault"
    widest = 1480

    def __init__(self, service: VaultService, desk: Desk, preferences: Preferences) -> None:
        super().__init__(desk.words.say("page.vault"), desk.words.say("vault.page.intro"))
        self._service, self._words, self._preferences = service, desk.words, preferences
        self._place: Path | None = None
        self._build(desk)
        self._watch = Watch(self, desk.clock, self._minutes)
        self._watch.idle.connect(self._lock_idle)
        self._watch.asked_lock.connect(self.lock)
        QCoreApplication.instance().aboutToQuit.connect(self._drop_keys)
        self.setAcceptDrops(True)
        self._show_closed()

    def _build(self, desk: Desk) -> None:
        words = desk.words
        self.lock_button = Button(self.tr("Lock now"), icon_name="vault", clicked=self.lock)
        self.lock_button.setToolTip("Ctrl+L")
        self.head_buttons.addWidget(self.lock_button)
        self._notice = Notice(words)
        self._notice.action.connect(self._take_off_list)
        self._outcome = Outcome(words)
        self.runner = Runner(self, desk)
        self.runner.waiting.connect(self._wait)
        self.runner.rested.connect(self._rest)
        self.none = NoVault(words, self._ask_make, self._ask_open)
        self.door = Door(words)
        self.door.answered.connect(self._open)
        self.door.asked_make.connect(self._ask_make)
        self.door.asked_choose.connect(self._ask_open)
        self.handling = Handling(self, words, self.runner, self._notice, self._outcome)
        self.inside = self.handling.inside
        self.stages = Stages(
            none=scrolling(self.none), door=scrolling(self.door), inside=self.inside
        )
        for widget in (self._notice, self.runner, self._outcome):
            self.content.addWidget(widget)
        self.content.addWidget(self.stages, 1)

    # what every page answers to

    @property
    def is_open(self) -> bool:
        return self.handling.vault is not None

    def refresh(self) -> None:
        if self.is_open:
            self.handling.list_again()
        elif not self.runner.busy:
            self._show_closed()

    def search_field(self) -> QLineEdit | None:
        full = self.is_open and self.inside.stages.stage == "full"
        return self.inside.search if full else None

    def go_back(self) -> bool:
        if not self._notice.isHidden():
            self._notice.hide()
        elif not self._outcome.isHidden():
            self._outcome.put_away()
        elif self.is_open and self.inside.search.text():
            self.inside.search.setText("")
        elif self.is_open and self.inside.path:
            self.inside.leave()
        else:
            return False
        return True

    # work going on

    def _run(self, title: str, verb: Callable[..., Any], *arguments: Any, **heard: Any) -> None:
        self._notice.hide()
        self.runner.run(title, verb, *arguments, failed=self._show_problem, **heard)

    def _wait(self) -> None:
        self._outcome.put_away()
        self.stages.setEnabled(False)

    def _rest(self) -> None:
        self.stages.setEnabled(True)
        self._watch.touch()  # being at work counts as being there
        self._take_focus()

    def _take_focus(self) -> None:
        if not self.isVisible() or self.window().focusWidget() is self.inside.search:
            return
        if self.stages.stage == "door":
            self.door.field.setFocus()
        elif self.stages.stage == "inside":
            self.inside.take_focus()

    def _show_problem(self, problem: Problem) -> None:
        listed = any(info.path == self.door.folder for info in self._service.known())
        gone = problem.code in GONE and self.stages.stage == "door" and listed
        self._notice.show_problem(problem, self.tr("Take it off the list") if gone else "")

    # closed: no vault yet, or a door

    def _minutes(self) -> int:
        return int(self._preferences.settings.vault_lock.value)

    def _show_closed(self, chosen: Path | None = None) -> None:
        self.lock_button.hide()
        self.subtitle.setText(self._words.say("vault.page.intro"))
        known = self._service.known()
        if known or chosen:
            self.door.show_vaults(known, chosen)
        self.stages.show_stage("door" if known or chosen else "none")

    def _take_off_list(self) -> None:
        name = shown(self.door.folder.name)
        self._service.forget(self.door.folder)
        self._notice.hide()
        self._outcome.show_lines(
            self._words.say("vault.page.off-list", name=name),
            self._words.say("vault.page.off-list.why"),
        )
        self._show_closed()

    def _ask_open(self) -> None:
        if self.runner.busy:
            return
        title = self.tr("The folder of the vault")
        folder = choose.choose_folder(self, title, choose.documents_folder())
        if folder is not None:
            title = self.tr("Looking at the folder")
            self._run(title, work.probe, self._service, folder, done=self._found)

    def _found(self, folder: Path) -> None:
        self._outcome.put_away()
        self._show_closed(folder)

    def _open(self, folder: Path, passphrase: str) -> None:
        if not self.runner.busy:
            self._run(
                self.tr("Opening the vault"), work.unlock, self._service, folder, passphrase,
                done=self._opened,
            )  # fmt: skip

    def _ask_make(self) -> None:
        if self.runner.busy:
            return
        dialog = MakeDialog(self, self._words, self._place or usual_place(self._words))
        if dialog.exec():
            self._place = dialog.place()
            self._run(
                self.tr("Making the vault"), work.make, self._service, self._place,
                dialog.passphrase(), done=self._made, stopped=self._show_closed,
            )  # fmt: skip
        dialog.forget()
        dialog.deleteLater()

    def _made(self, opened: work.Opened) -> None:
        self._place = None
        self._opened(opened)
        self._outcome.show_lines(
            self._words.say("vault.page.made", name=shown(opened.vault.folder.name)),
            self._words.say("vault.page.forgotten"),
        )

    # open

    def _opened(self, opened: work.Opened) -> None:
        vault = opened.vault
        self.handling.take(opened)
        self.destroyed.connect(vault.lock)
        self.door.say("")
        self.subtitle.setText(
            self._words.say(
                "vault.page.opened", name=shown(vault.folder.name), minutes=self._minutes()
            )
        )
        self.lock_button.show()
        self.stages.show_stage("inside")
        self._watch.start()

    def lock(self, why: str = "", *, finish: bool = False) -> None:
        """Drop the keys and all that is shown. Work going on is stopped unless it may ``finish``;
        either way its keys live until it has ended."""
        vault = self.handling.let_go()
        if vault is None:
            return
        self._watch.stop()
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()
        self._notice.hide()
        self.stages.setEnabled(True)
        self.runner.end(vault.lock, finish=finish)
        self._show_closed(vault.folder)
        self.door.say(why)
        self._take_focus()

    def _lock_idle(self) -> None:
        why = self._words.say("vault.page.locked-idle", minutes=self._minutes())
        self.lock(why, finish=True)

    def _drop_keys(self) -> None:
        """At the very end, when there is no page to go back to."""
        if self.handling.vault is not None:
            self.handling.vault.lock()

    # dragged files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        ready = self.is_open and not self.runner.busy
        if ready and choose.dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.handling.add(choose.dropped_files(event.mimeData()))
