"""The middle of the open vault: the documents of a folder, or what a search found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.columns import Cell, Column, Plan
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import clear, column
from guardian.ui.kit.rows import ROW
from guardian.ui.kit.table import Table
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.inside import deeds
from guardian.ui.pages.vault.names import (
    Thing,
    date_cell,
    folder_title,
    icon_of,
    is_document,
    is_folder,
    key_of,
    parent_of,
    size_cell,
    tags_cell,
    until_cell,
    until_of,
)
from guardian.vault.model import Conflict, Entry


class Documents(QWidget):
    """``asked`` carries a deed and the things it is to be done with."""

    asked = Signal(str, object)
    chosen = Signal()
    asked_enter = Signal(str)

    def __init__(self, words: Words, today: Callable[[], date]) -> None:
        super().__init__()
        self._words, self._today = words, today
        self._path = ""
        self.things: list[Thing] = []  # what is chosen
        self._searching = False
        self._crumbs_wanted = False
        self.writable = True
        self.narrow = False
        self.table = Table(self.tr("Documents in the vault"), self._plan())
        self.table.chosen.connect(self._show_chosen)
        self.table.opened.connect(self._open)
        self.table.view.asked_menu.connect(self._show_menu)
        self.table.view.dropping.takes = self._takes
        self._crumbs = Flow(gap=2)
        self._crumb_bar = QWidget()
        self._crumb_bar.setLayout(self._crumbs)
        self._nothing = Text(role="dim")
        self._status = Text(role="small")
        self.buttons = {
            deed.key: Button("", clicked=lambda deed=deed: self.do(deed.key))
            for deed in deeds.DEEDS
            if deed.key in {*deeds.BESIDE, *deeds.ALONE}
        }
        self.more = Button("", icon_name="down", clicked=self._show_more)
        self.more.setAccessibleName(self.tr("More to do with what is chosen"))
        self.more.setToolTip(self.more.accessibleName())
        box = column(self._crumb_bar, self._nothing, gap=8)
        box.addWidget(self.table, 1)
        box.addStretch(0)  # takes the room of the table while it is hidden
        box.addWidget(self._status)
        box.addLayout(Flow(*self.buttons.values(), self.more, gap=8))
        self.setLayout(box)
        self.setFocusProxy(self.table)
        self._show_chosen()
        for deed in deeds.DEEDS:
            if deed.shortcut:
                key = QShortcut(QKeySequence(deed.shortcut), self.table.view)
                key.setContext(Qt.ShortcutContext.WidgetShortcut)
                key.activated.connect(lambda deed=deed: self.do(deed.key))

    def _plan(self) -> Plan:
        words = self._words
        return Plan(
            columns=(
                Column(
                    "name", self.tr("Name"),
                    lambda thing: Cell(thing.name, icon_of(thing), "accent"),
                    lambda thing: (thing.name.casefold(), thing.name),
                ),
                Column(
                    "size", self.tr("Size"), lambda thing: size_cell(words, thing),
                    lambda thing: thing.size, width=96, least=740,
                ),
                Column(
                    "date", self.tr("Date"), lambda thing: date_cell(words, thing),
                    lambda thing: thing.modified, width=130, least=640,
                ),
                Column(
                    "until", self.tr("Valid until"),
                    lambda thing: until_cell(words, thing, self._today()),
                    until_of, width=190, least=500,
                ),
            ),
            key=key_of,
            group=lambda thing: not is_folder(thing),
            more=self._more,
        )  # fmt: skip

    def _more(self, thing: Thing) -> Sequence[Cell]:
        """What stands below a name: the tags, and where it lies, or whose copy it is."""
        if isinstance(thing, Conflict):
            return [Cell(self._words.say("vault.page.conflict"), "copy", "ask")]
        cells = [tags_cell(thing)]
        if self._searching:
            where = folder_title(self._words, parent_of(thing.path))
            cells.insert(0, Cell(where, "folder"))
        return cells

    # what is shown

    def show_folder(self, path: str, things: Sequence[Thing], select: Sequence[str] | None) -> None:
        """What lies directly in the folder at ``path``."""
        self._show(path, things, self._words.say("vault.page.folder-empty"), select)

    def show_found(self, path: str, found: Sequence[Thing], nothing: str) -> None:
        """What a search found in the whole vault, or why it is nothing."""
        self._show(path, found, nothing, None, searching=True)

    def _show(
        self,
        path: str,
        things: Sequence[Thing],
        nothing: str,
        select: Sequence[str] | None,
        *,
        searching: bool = False,
    ) -> None:
        moved = path != self._path
        self._path, self._searching = path, searching
        self.table.show_items(things, select)
        self.table.setVisible(bool(things))
        self._nothing.setVisible(not things)
        self._nothing.setText(nothing)
        if moved or not self._crumbs.count():
            self.show_crumbs()
            self._crumb_bar.setVisible(self._crumbs_wanted and bool(path))

    def show_crumbs(self) -> None:
        """The way to this folder, one button for each step; for when the tree is folded away."""
        clear(self._crumbs)
        parts = self._path.split("/") if self._path else []
        for depth in range(len(parts) + 1):
            path = "/".join(parts[:depth])
            name = parts[depth - 1] if depth else folder_title(self._words, "")
            button = Button(
                shortened(name), "quiet", "forward" if depth else "vault",
                lambda path=path: self.asked_enter.emit(path),
            )  # fmt: skip
            button.setAccessibleName(name)
            button.setToolTip(name)
            self._crumbs.addWidget(button)
        self._order_tabs()

    def show_mode(self, *, crumbs: bool, narrow: bool) -> None:
        """What stands beside the list is not offered here too."""
        self.narrow = narrow
        self._crumbs_wanted = crumbs
        self._crumb_bar.setVisible(crumbs and bool(self._path))
        self._show_chosen()

    def _order_tabs(self) -> None:
        """Tab meets the crumbs before the heads, not after everything built earlier."""
        first = next(iter(self.table.heads.values()))
        for number in range(self._crumbs.count()):
            crumb = self._crumbs.itemAt(number).widget()
            self.setTabOrder(first, crumb)
            self.setTabOrder(crumb, first)

    # what is chosen

    def _show_chosen(self) -> None:
        self.things = things = self.table.selected()
        possible = {deed.key for deed in deeds.fitting(things, writable=self.writable)}
        order = deeds.ALONE if self.narrow else deeds.BESIDE
        if len(things) > 1:
            order = deeds.SEVERAL
        offered = [key for key in order if key in possible][:2]
        for key, button in self.buttons.items():
            button.setText(deeds.label(self._words, key, several=len(things) > 1))
            button.setVisible(key in offered)
        self.more.setVisible(bool(possible))
        self._show_status(things)
        self.chosen.emit()

    def _show_status(self, things: Sequence[Thing]) -> None:
        words = self._words
        if len(things) > 1:
            self._status.setText(words.say("vault.page.chosen", count=len(things)))
        else:
            listed = self.table.items()
            folders = sum(map(is_folder, listed))
            parts = [("vault.page.count.documents", len(listed) - folders)]
            parts.insert(0, ("vault.page.count.folders", folders))
            told = [words.say(code, count=count) for code, count in parts if count]
            self._status.setText(" · ".join(told))
        self._status.setVisible(bool(self._status.text()))

    def do(self, key: str) -> None:
        """Ask for a deed with what is chosen, if it is possible."""
        things = self.things
        if any(deed.key == key for deed in deeds.fitting(things, writable=self.writable)):
            self.asked.emit(key, things)

    def _open(self, thing: Thing) -> None:
        """Double click or Enter: a folder is entered, a document looked at."""
        if is_folder(thing):
            self.asked.emit("enter", [thing])
        elif is_document(thing):
            self.asked.emit("look", [thing])

    def _show_more(self) -> None:
        self._show_menu(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _show_menu(self, place: QPoint) -> None:
        self.menu().popup(place)

    def menu(self) -> QMenu:
        """All that is possible with what is chosen, and the orders to sort by."""
        menu = deeds.new_menu(self)
        possible = deeds.fitting(self.things, writable=self.writable)
        deeds.fill_menu(menu, self._words, possible, self.do)
        if possible:
            menu.addSeparator()
        order = menu.addMenu(self.tr("Sort by"))
        for key, head in self.table.heads.items():
            action = order.addAction(head.text())
            action.triggered.connect(lambda _checked=False, key=key: self.table.turn(key))
        return menu

    # dragging

    def _takes(self, index: QModelIndex) -> bool:
        thing = index.data(ROW)
        moving = {key_of(one) for one in self.table.view.dragged.items}
        return is_folder(thing) and isinstance(thing, Entry) and thing.path not in moving


def shortened(name: str, most: int = 24) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
