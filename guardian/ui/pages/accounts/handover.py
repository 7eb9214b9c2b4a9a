"""What goes in and out by hand: files read, accounts written down, the list saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Account, SourceKind
from guardian.accounts.service import AccountsService
from guardian.ui.desk import Desk
from guardian.ui.kit.notice import Notice
from guardian.ui.pages.accounts import export, work
from guardian.ui.pages.accounts.errands import Errands
from guardian.ui.pages.accounts.handing import AddDialog, Handing
from guardian.ui.pages.accounts.told import Told


class Worker(Protocol):
    """The page, as far as it is needed here."""

    @property
    def busy(self) -> bool: ...

    def work(
        self,
        title: str,
        function: Callable[..., Any],
        *arguments: object,
        done: Callable[[Any], object],
    ) -> None: ...

    def window(self) -> QWidget: ...


class Handover(QObject):
    """``changed`` comes when there is more to show, ``forgotten`` when there is less."""

    changed = Signal()
    forgotten = Signal()

    def __init__(  # noqa: PLR0917 - what the page is made of
        self,
        page: Worker,
        service: AccountsService,
        desk: Desk,
        errands: Errands,
        notice: Notice,
        told: Told,
    ) -> None:
        super().__init__(errands)
        self._page, self._service, self._desk = page, service, desk
        self._errands, self._notice, self._told = errands, notice, told

    def serve(self, handing: Handing) -> None:
        """Do what is asked for there."""
        handing.brought.connect(lambda path: self.bring([Path(path)]))
        handing.forgotten.connect(self._forget)
        handing.adding.connect(self.ask_for_account)

    def bring(self, paths: Sequence[Path]) -> None:
        """Read what the person hands in."""
        say = self._desk.words.say
        if self._page.busy:
            self._told.say(say("accounts.page.bring.busy"))
            return
        title = say("accounts.page.bring.work", name=paths[0].name)
        self._page.work(title, work.bring, self._service, tuple(paths), done=self._show_brought)

    def _show_brought(self, brought: work.Brought) -> None:
        say = self._desk.words.say
        texts = [
            say("accounts.page.bring.done.mailbox", name=name)
            if kind is SourceKind.MAILBOX
            else say("accounts.page.bring.done.export", name=name)
            for name, kind in brought.read
        ]
        if texts:
            self._told.say("\n".join(texts))
        if brought.problems:
            self._notice.show_problem(brought.problems[0])

    def _forget(self, key: str) -> None:
        self._errands.run(
            work.forget, self._service, key,
            done=lambda _none: self.forgotten.emit(), failed=self._notice.show_problem,
        )  # fmt: skip

    def ask_for_account(self) -> None:
        dialog = AddDialog(self._page.window(), self._desk.words)
        agreed = dialog.exec()
        site, name = dialog.site.text().strip(), dialog.name.text().strip()
        dialog.deleteLater()
        if agreed and site:
            self.add(site, name)

    def add(self, site: str, name: str = "") -> None:
        """Note an account the person knows of."""
        self._notice.hide()
        self._told.hide()
        self._errands.run(
            work.add, self._service, site, name,
            done=self._show_added, failed=self._notice.show_problem,
        )  # fmt: skip

    def _show_added(self, account: Account) -> None:
        self._told.say(self._desk.words.say("accounts.page.added", site=account.site))
        self.changed.emit()

    def save_list(self) -> None:
        """Write the list to a file, after a warning."""
        words = self._desk.words
        target = export.ask_target(self._page.window(), words)
        if target is not None:
            title = words.say("accounts.page.export.work")
            self._page.work(
                title, export.save_list, self._service, words, target, done=self._show_saved
            )

    def _show_saved(self, target: Path) -> None:
        self._told.say(self._desk.words.say("accounts.page.exported", name=target.name))
