"""Before a vault is open: a new one made, one pointed at, and the door of the one to be opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from guardian.core.errors import Problem
from guardian.ui.pages.vault import choose, work
from guardian.ui.pages.vault.door import Door
from guardian.ui.pages.vault.empty import NoVault
from guardian.ui.pages.vault.keys.making import MakeDialog, usual_place
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import shown

GONE = ("vault-missing", "vault-not-one")


class Opening(QObject):
    """``opened`` carries a vault that stands open now; ``stands`` the stage to be shown.

    ``made`` comes after ``opened`` for a new vault, with its folder and passphrase.
    """

    opened = Signal(object)
    made = Signal(object, str)
    stands = Signal(str)

    def __init__(self, tools: Tools, recover: Callable[[Path], object]) -> None:
        super().__init__(tools.page)
        self._tools, self._words, self._service = tools, tools.words, tools.service
        self._place: Path | None = None
        self.none = NoVault(self._words, self.ask_make, self.ask_open)
        self.door = Door(self._words)
        self.door.answered.connect(self._open)
        self.door.asked_here.connect(self._open_here)
        self.door.asked_recover.connect(recover)
        self.door.asked_make.connect(self.ask_make)
        self.door.asked_choose.connect(self.ask_open)
        tools.notice.action.connect(self._take_off_list)

    def show(self, chosen: Path | None = None, why: str | None = None) -> None:
        """Stand before the door of ``chosen``, of the vault opened last, or before none."""
        known = self._service.known()
        if known or chosen:
            self.door.show_vaults(known, chosen)
        if why is not None:
            self.door.say(why)
        self.stands.emit("door" if known or chosen else "none")

    def _run(self, title: str, verb: Callable[..., Any], *arguments: Any, **heard: Any) -> None:
        if self._tools.runner.busy or self._tools.vault() is not None:
            return
        self._tools.notice.hide()
        heard.setdefault("failed", self._show_problem)
        self._tools.runner.run(title, verb, self._service, *arguments, **heard)

    def _show_problem(self, problem: Problem) -> None:
        listed = any(info.path == self.door.folder for info in self._service.known())
        gone = problem.code in GONE and self.door.isVisible() and listed
        self._tools.notice.show_problem(problem, self.tr("Take it off the list") if gone else "")

    def _take_off_list(self) -> None:
        name = shown(self.door.folder.name)

        def done(_nothing: object) -> None:
            self._tools.outcome.show_lines(
                self._words.say("vault.page.off-list", name=name),
                self._words.say("vault.page.off-list.why"),
            )
            self.show()

        def failed(problem: Problem) -> None:  # off the list all the same
            self.show()
            self._tools.notice.show_problem(problem)

        title = self.tr("Taking it off the list")
        self._run(title, work.forget, self.door.folder, done=done, failed=failed)

    # one that is there

    def ask_open(self) -> None:
        if not self._tools.runner.busy:
            title = self.tr("The folder of the vault")
            start = choose.documents_folder()
            self.point_at(choose.choose_folder(self._tools.page, title, start))

    def point_at(self, folder: Path | None) -> None:
        """Stand before the door of the vault in ``folder``, if there is one."""
        if folder is not None:
            self._run(self.tr("Looking at the folder"), work.probe, folder, done=self._found)

    def _found(self, folder: Path) -> None:
        self._tools.outcome.put_away()
        self.show(folder)

    def _open(self, folder: Path, passphrase: str) -> None:
        def failed(problem: Problem) -> None:
            if problem.code == "passphrase-wrong":
                self.door.refuse(folder)
            self._show_problem(problem)

        title = self.tr("Opening the vault")
        self._run(title, work.unlock, folder, passphrase, done=self._opened, failed=failed)

    def _open_here(self, folder: Path) -> None:
        self._run(self.tr("Opening the vault"), work.unlock_here, folder, done=self._opened)

    def _opened(self, opened: work.Opened) -> None:
        self.door.say("")
        self.door.welcome(opened.vault.folder)
        self.opened.emit(opened)

    # a new one

    def ask_new(self) -> tuple[Path, str] | None:
        """Where a new vault goes, and what opens it."""
        place = self._place or usual_place(self._words)
        dialog = MakeDialog(self._tools.page, self._tools.desk, place)
        answer = None
        if dialog.exec():
            self._place = dialog.place()
            answer = self._place, dialog.passphrase()
        dialog.forget()
        dialog.deleteLater()
        return answer

    def ask_make(self) -> None:
        answer = None if self._tools.runner.busy else self.ask_new()
        if answer is not None:
            title = self.tr("Making the vault")
            made = partial(self._made, answer[1])
            self._run(title, work.make, *answer, done=made, stopped=self.show)

    def _made(self, passphrase: str, opened: work.Opened) -> None:
        self._place = None
        self._opened(opened)
        self._tools.outcome.show_lines(
            self._words.say("vault.page.made", name=shown(opened.vault.folder.name)),
            self._words.say("vault.page.forgotten"),
        )
        self.made.emit(opened.vault.folder, passphrase)
