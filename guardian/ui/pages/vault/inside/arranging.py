"""Putting documents in order: folders, names, places, the trash; and taking the last of it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from guardian.ui.pages.vault import work
from guardian.ui.pages.vault.care.details_form import DetailsDialog
from guardian.ui.pages.vault.inside import asking
from guardian.ui.pages.vault.inside.inside import Inside
from guardian.ui.pages.vault.names import breakable, folder_title, name_of, parent_of
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import Conflict, Details, Entry, Moved


@dataclass(frozen=True)
class Undo:
    """How the last change is taken back: the verb, and what it made of what."""

    verb: Callable[..., Moved]
    moved: Moved


class Arranging(QObject):
    """``show`` lists the folder again and chooses these paths in it."""

    def __init__(
        self,
        tools: Tools,
        inside: Inside,
        show: Callable[[Sequence[str]], None],
    ) -> None:
        super().__init__(tools.page)
        self._tools, self._words, self._page = tools, tools.words, tools.page
        self._inside, self._show = inside, show
        self._undo: Undo | None = None

    def forget(self) -> None:
        """Nothing of this vault can be taken back any more."""
        self._undo = None

    def ask_new_folder(self, around: str) -> None:
        if self._tools.ready() is None:
            return
        title = self.tr("New folder in “{folder}”").format(folder=folder_title(self._words, around))
        name = asking.ask_name(self._page, self._words, breakable(title), self.tr("Make it"))
        if name:
            self.make_folder(f"{around}/{name}" if around else name)

    def make_folder(self, path: str) -> None:
        def done(_: None) -> None:
            self._show([path])

        self._tools.run(self.tr("Making the folder"), work.make_folder, path, done=done)

    def ask_name(self, path: str) -> None:
        if self._tools.ready() is None:
            return
        before = name_of(path)
        title = self.tr("Rename “{name}”").format(name=breakable(before))
        name = asking.ask_name(self._page, self._words, title, self.tr("Rename"), before)
        if name:
            self.rename(path, name)

    def rename(self, path: str, name: str) -> None:
        title = self.tr("Renaming")
        self._tools.run(title, work.rename, path, name, done=self._renamed)

    def _renamed(self, moved: Moved) -> None:
        self._undo = Undo(work.undo, moved)
        self._inside.follow(moved.moved)
        new = moved.moved[0][1]
        self._tell(moved, self._words.say("vault.page.renamed", name=name_of(new)))

    def ask_folder(self, paths: Sequence[str]) -> None:
        if self._tools.ready() is None:
            return
        folder = asking.ask_folder(self._page, self._words, self._inside.tree.paths(), paths)
        if folder is not None:
            self.move(paths, folder)

    def move(self, paths: Sequence[str], folder: str) -> None:
        def done(moved: Moved) -> None:
            self._undo = Undo(work.undo, moved)
            self._inside.follow(moved.moved)
            where = folder_title(self._words, folder)
            count = len(moved.moved)
            self._tell(moved, self._words.say("vault.page.moved", count=count, folder=where))

        self._tools.run(self.tr("Moving"), work.move, paths, folder, done=done)

    def discard(self, paths: Sequence[str]) -> None:
        def done(moved: Moved) -> None:
            self._undo = Undo(work.restore, moved)
            self._inside.follow([(old, parent_of(old)) for old, _ in moved.moved])
            count = len(moved.moved)
            text = self._words.say("vault.page.discarded", count=count)
            self._tell(moved, text, self._words.say("vault.page.discarded.why"))

        self._tools.run(self.tr("Putting it in the trash"), work.discard, paths, done=done)

    def undo(self) -> None:
        """Take back the last rename, move or discarding; nothing happens where there is none."""
        last = self._undo
        if last is None or self._tools.ready() is None:
            return

        def done(moved: Moved) -> None:
            self._undo = None
            self._inside.follow(moved.moved)
            self._tell(moved, self._words.say("vault.page.undone"), undo=False)

        self._tools.run(self.tr("Taking it back"), last.verb, last.moved, done=done)

    def _tell(self, moved: Moved, *lines: str, undo: bool = True) -> None:
        """What was done, and what could not be."""
        self._tools.outcome.show_done(
            lines if moved.moved else (),
            [one.problem for one in moved.refused],
            button=(self.tr("Undo"), self.undo) if undo and moved.moved else None,
        )
        self._show([new for _, new in moved.moved])

    def keep(self, conflict: Conflict) -> None:
        def done(path: str) -> None:
            self._tools.outcome.show_lines(self._words.say("vault.page.kept", name=name_of(path)))
            self._show([path])

        title = self.tr("Giving the copy a name of its own")
        self._tools.run(title, work.keep_conflict, conflict, done=done)

    def ask_details(self, entry: Entry) -> None:
        if self._tools.ready() is None:
            return
        today = self._tools.desk.clock().astimezone().date()
        dialog = DetailsDialog(self._page, self._words, entry, today, self._inside.tags())
        if dialog.exec():
            self.describe(entry.path, dialog.details())
        dialog.deleteLater()

    def describe(self, path: str, details: Details) -> None:
        def done(_: None) -> None:
            self._show([path])

        self._tools.run(self.tr("Writing it down"), work.describe, path, details, done=done)
