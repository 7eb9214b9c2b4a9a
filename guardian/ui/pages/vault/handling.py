"""What is done with an open vault: list, add, save a copy; and what is said about it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.ui.kit.dialog import confirm
from guardian.ui.kit.notice import Notice
from guardian.ui.pages.vault import choose, work
from guardian.ui.pages.vault.inside import Inside
from guardian.ui.pages.vault.outcome import Outcome
from guardian.ui.pages.vault.runner import Runner
from guardian.vault.model import Listing, shown
from guardian.vault.service import Vault


class Handling(QObject):
    """Holds the one open vault, or none. What a job brings back after it was let go is dropped."""

    def __init__(
        self, page: QWidget, words: Words, runner: Runner, notice: Notice, outcome: Outcome
    ) -> None:
        super().__init__(page)
        self._page, self._words, self._runner = page, words, runner
        self._notice, self._outcome = notice, outcome
        self._later: tuple[Path, work.Filled] | None = None
        self.vault: Vault | None = None
        self.inside = Inside(words)
        self.inside.asked_add.connect(self._ask_add)
        self.inside.asked_save.connect(self._ask_save)
        self.inside.asked_enter.connect(self._enter)

    def take(self, opened: work.Opened) -> None:
        """Show what a vault that was just opened holds."""
        self.vault = opened.vault
        self._outcome.put_away()
        self._show("", opened.listing)
        if self._later is not None and self._later[0] == opened.vault.folder:
            self._tell_filled(self._later[1])  # what was added behind the shut door
        self._later = None

    def let_go(self) -> Vault | None:
        """Forget the vault and all that is shown of it; whoever calls locks it."""
        vault, self.vault = self.vault, None
        self._outcome.put_away()
        self.inside.drop()
        return vault

    def list_again(self) -> None:
        self._list(self.inside.path)

    def _ready(self) -> Vault | None:
        return None if self._runner.busy else self.vault

    def _run(self, title: str, verb: Callable[..., Any], *arguments: Any, **heard: Any) -> None:
        self._notice.hide()
        failed = self._notice.show_problem
        self._runner.run(title, verb, *arguments, failed=failed, **heard)

    def _show(self, path: str, listing: Listing) -> None:
        self.inside.show_listing(path, listing)
        if listing.not_read:
            self._outcome.show_not_read([one.problem for one in listing.not_read])

    def _list(self, path: str) -> None:
        vault = self._ready()
        if vault is None:
            return

        def done(listing: Listing) -> None:
            if self.vault is vault:
                self._show(path, listing)

        self._run(self.tr("Reading the folder"), work.list_folder, vault, path, done=done)

    def _enter(self, path: str) -> None:
        if self._ready():
            self._outcome.put_away()
            self._list(path)

    def _ask_add(self) -> None:
        if self._ready():
            self.add(choose.choose_documents(self._page, self.tr("Documents to add")))

    def add(self, files: Sequence[Path]) -> None:
        """Put copies of ``files`` into the folder that is shown."""
        vault, path = self._ready(), self.inside.path
        if vault is None or not files:
            return

        def done(filled: work.Filled) -> None:
            if self.vault is vault:
                self._show(path, filled.listing)
                self._tell_filled(filled)
            else:
                self._later = (vault.folder, filled)

        def stopped() -> None:
            if self.vault is vault:
                self._list(path)
                self._outcome.show_lines(
                    self._words.say("vault.page.stopped-adding"),
                    self._words.say("vault.page.stopped-adding.why"),
                    icon="info",
                    token="dim",
                )

        title = self.tr("Adding documents")
        self._run(title, work.add, vault, files, path, done=done, stopped=stopped)

    def _tell_filled(self, filled: work.Filled) -> None:
        self._outcome.show_added(filled.count, [one.problem for one in filled.refused])

    def _ask_save(self, path: str) -> None:
        """A copy outside: first the warning, then the place."""
        vault = self._ready()
        if vault is None:
            return
        if not confirm(
            self._page,
            self.tr("Save a copy outside the vault?"),
            self._words.say("vault.page.save"),
            self.tr("Choose where …"),
            self.tr("Cancel"),
        ):
            return
        name = path.rpartition("/")[2]
        target = choose.choose_target(self._page, self.tr("Save a copy"), name)
        if target is not None and self.vault is vault:
            self.save(path, target)

    def save(self, path: str, target: Path) -> None:
        """A copy of a document as ``target``, in the clear."""
        vault = self._ready()
        if vault is None:
            return
        if target.resolve().is_relative_to(vault.folder.resolve()):
            self._notice.show_text(
                self._words.say("vault.page.into-itself"),
                self._words.say("vault.page.into-itself.do"),
            )
            return

        def done(saved: Path) -> None:
            if self.vault is vault:
                folder = shown(saved.parent.name) or "/"
                self._outcome.show_lines(
                    self._words.say("vault.page.saved", name=shown(saved.name), folder=folder),
                    self._words.say("vault.page.saved.why"),
                )

        self._run(self.tr("Saving a copy"), work.save, vault, path, target, done=done)
