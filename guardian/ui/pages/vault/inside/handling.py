"""What is done with an open vault: its folders listed, its names read, its deeds passed on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from guardian.ui.pages.vault import work
from guardian.ui.pages.vault.inside.arranging import Arranging
from guardian.ui.pages.vault.inside.finding import Finder, Index
from guardian.ui.pages.vault.inside.handing import Handing
from guardian.ui.pages.vault.inside.inside import Inside
from guardian.ui.pages.vault.names import key_of
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import Entry, Listing
from guardian.vault.service import Vault


class Handling(QObject):
    """Holds the one open vault, or none. What a job brings back after it was let go is dropped."""

    def __init__(self, tools: Tools, inside: Inside, lend: Callable[[Entry], object]) -> None:
        super().__init__(tools.page)
        self._tools, self._words = tools, tools.words
        self._stale: Sequence[str] | None = None
        self.vault: Vault | None = None
        self.inside = inside
        self.finder = Finder(tools.page, tools.desk, self._found)
        self.arranging = Arranging(tools, inside, self.list_again)
        self.handing = Handing(tools, self.list_again)
        self._deeds: dict[str, Callable[[list[Any]], object]] = {
            "enter": lambda things: inside.enter(things[0].path),
            "look": lambda _things: inside.panes.look(),
            "keep": lambda things: self.arranging.keep(things[0]),
            "save": self.handing.ask_save,
            "lend": lambda things: lend(things[0]),
            "details": lambda things: self.arranging.ask_details(things[0]),
            "rename": lambda things: self.arranging.ask_name(key_of(things[0])),
            "move": lambda things: self.arranging.ask_folder(list(map(key_of, things))),
            "discard": lambda things: self.arranging.discard(list(map(key_of, things))),
        }
        self._connect()

    def _connect(self) -> None:
        inside, handing = self.inside, self.handing
        inside.asked.connect(lambda key, things: self._deeds[key](things))
        inside.asked_add.connect(lambda: handing.ask_add(inside.path))
        inside.asked_add_folder.connect(lambda: handing.ask_add_folder(inside.path))
        inside.asked_new_folder.connect(self.arranging.ask_new_folder)
        inside.asked_enter.connect(self._enter)
        inside.asked_undo.connect(self.arranging.undo)
        inside.came.connect(handing.add)
        inside.moved.connect(self.arranging.move)
        inside.left.connect(lambda things: handing.ask_save(things, dragged=True))
        self._tools.runner.rested.connect(self._catch_up)

    def take(self, opened: work.Opened) -> None:
        """Show what a vault that was just opened holds."""
        self.vault = opened.vault
        self._tools.outcome.put_away()
        self.inside.show_writable(not opened.vault.read_only)
        self._show("", opened.listing)
        self.finder.start(opened.vault)
        self.handing.tell_late(opened.vault)

    def let_go(self) -> Vault | None:
        """Forget the vault and all that is shown of it; whoever calls locks it."""
        vault, self.vault = self.vault, None
        self._stale = None
        self.finder.stop()
        self.arranging.forget()
        self._tools.outcome.put_away()
        self.inside.drop()
        return vault

    def list_again(self, select: Sequence[str] = ()) -> None:
        """Show the folder as it is now, and read all names anew; choose what is at ``select``."""
        if self.vault is None:
            return
        if self._tools.runner.busy:
            self._stale = select
            return
        self._stale = None
        self._list(self.inside.path, select or None)
        self.finder.start(self.vault)

    def _catch_up(self) -> None:
        if self._stale is not None:
            self.list_again(self._stale)

    def _found(self, index: Index) -> None:
        if self.vault is not None:
            self.inside.show_index(index)

    def _show(self, path: str, listing: Listing, select: Sequence[str] | None = None) -> None:
        self.inside.show_listing(path, listing, select)
        if listing.not_read:
            self._tools.outcome.show_not_read([one.problem for one in listing.not_read])

    def _list(self, path: str, select: Sequence[str] | None = None) -> None:
        self._tools.run(
            self.tr("Reading the folder"), work.list_folder, path,
            done=lambda listing: self._show(path, listing, select),
        )  # fmt: skip

    def _enter(self, path: str) -> None:
        if self._tools.ready():
            self._tools.outcome.put_away()
            self._list(path)
        else:
            self.inside.tree.choose(self.inside.path)  # it stays where it was
