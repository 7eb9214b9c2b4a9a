"""Documents on their way in and out: added, saved outside, and the originals removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from guardian.ui.pages.vault import choose, work
from guardian.ui.pages.vault.inside import asking
from guardian.ui.pages.vault.names import Thing, is_document
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import Added, Addition, Entry, Removed, Saved, shown
from guardian.vault.service import Vault

ADDED_STEP = 0.5  # each byte of a document counts when it is written and when it is read back


class Handing(QObject):
    """``show`` lists a folder again and chooses these paths in it."""

    def __init__(self, tools: Tools, show: Callable[[Sequence[str]], None]) -> None:
        super().__init__(tools.page)
        self._tools, self._words, self._page = tools, tools.words, tools.page
        self._show = show
        self._later: tuple[Path, Added] | None = None

    # in

    def ask_add(self, folder: str) -> None:
        if self._tools.ready():
            self.add(choose.choose_documents(self._page, self.tr("Documents to add")), folder)

    def ask_add_folder(self, folder: str) -> None:
        if self._tools.ready():
            start = choose.documents_folder()
            chosen = choose.choose_folder(self._page, self.tr("Folder to add"), start)
            self.add([chosen] if chosen else [], folder)

    def add(
        self,
        files: Sequence[Path],
        folder: str,
        kept: Callable[[Sequence[Addition]], None] = lambda _: None,
    ) -> None:
        """Put copies of ``files`` into the folder of the vault; ``kept`` is told what is in it."""
        vault = self._tools.ready()
        if vault is None or not files:
            return

        def done(added: Added) -> None:
            kept(added.added)
            if self._tools.vault() is vault:
                self._tell_added(added)
                self._show([one.path for one in added.added])
            else:
                self._later = (vault.folder, added)

        self._tools.notice.hide()
        self._tools.outcome.put_away()
        self._tools.runner.run(
            self.tr("Adding documents"), work.add, vault, files, folder, done=done,
            failed=self._tools.notice.show_problem, stopped=lambda: self._stopped(vault),
            bytes_per_step=ADDED_STEP,
        )  # fmt: skip

    def _stopped(self, vault: Vault) -> None:
        if self._tools.vault() is vault:
            self._tools.outcome.show_lines(
                self._words.say("vault.page.stopped-adding"),
                self._words.say("vault.page.stopped-adding.why"),
                icon="info",
                token="dim",
            )
            self._show([])

    def tell_late(self, vault: Vault) -> None:
        """Say what was added to ``vault`` behind the shut door."""
        late, self._later = self._later, None
        if late is not None and late[0] == vault.folder:
            self._tell_added(late[1])

    def _tell_added(self, added: Added) -> None:
        self._tools.outcome.show_added(
            len(added.added),
            [one.problem for one in added.refused],
            lambda: self.ask_remove(added.added),
        )

    def ask_remove(self, added: Sequence[Addition]) -> None:
        """The originals of what was added: deleted only after a plain warning."""
        if self._tools.ready() and asking.ask_remove(self._page, self._words, len(added)):
            self.remove(added)

    def remove(self, added: Sequence[Addition]) -> None:
        title = self.tr("Comparing and removing the originals")
        self._tools.run(title, work.remove_originals, added, done=self._tell_removed)

    def _tell_removed(self, removed: Removed) -> None:
        words, count = self._words, len(removed.removed)
        lines = (words.say("vault.page.removed", count=count), words.say("vault.page.removed.why"))
        self._tools.outcome.show_done(
            lines if count else (), [one.problem for one in removed.refused],
            left=words.say("vault.page.not-removed", count=len(removed.refused)),
        )  # fmt: skip

    # out

    def ask_save(self, things: Sequence[Thing], *, dragged: bool = False) -> None:
        """Copies outside: first the warning, then the place."""
        entries = [one for one in things if isinstance(one, Entry)]
        vault = self._tools.ready()
        if vault is None or not entries:
            return
        names = [one.name for one in entries]
        if not asking.ask_save(self._page, self._words, names, dragged=dragged):
            return
        alone = len(entries) == 1 and is_document(entries[0])
        if alone:
            target = choose.choose_target(self._page, self.tr("Save a copy"), names[0])
        else:
            start = choose.documents_folder()
            target = choose.choose_folder(self._page, self.tr("Where the copies go"), start)
        if target is None or self._tools.vault() is not vault:
            return
        if alone:
            self.save(entries[0].path, target)
        else:
            self.save_all([one.path for one in entries], target)

    def save(self, path: str, target: Path) -> None:
        """A copy of a document as ``target``, in the clear."""
        title = self.tr("Saving a copy")
        self._tools.run(
            title, work.save, path, target, done=lambda saved: self._saved([saved]),
            bytes_per_step=1.0,
        )  # fmt: skip

    def save_all(self, paths: Sequence[str], folder: Path) -> None:
        """Copies of documents and folders under ``folder``, in the clear."""

        def done(saved: Saved) -> None:
            self._saved(saved.saved, [one.problem for one in saved.refused])

        self._tools.run(self.tr("Saving copies"), work.save_all, paths, folder, done=done)

    def _saved(self, saved: Sequence[Path], problems: Sequence[object] = ()) -> None:
        words, lines = self._words, ()
        if saved:
            folder = shown(saved[0].parent.name) or "/"
            name, count = shown(saved[0].name), len(saved)
            first = (
                words.say("vault.page.saved", name=name, folder=folder)
                if count == 1
                else words.say("vault.page.saved-all", count=count)
            )
            lines = (first, words.say("vault.page.saved.why"))
        self._tools.outcome.show_done(
            lines, problems, left=words.say("vault.page.not-saved", count=len(problems))
        )
