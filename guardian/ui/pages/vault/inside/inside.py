"""The open vault: folders at the left, documents in the middle, a preview at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.page import SearchField, Stages, scrolling
from guardian.ui.kit.rows import ROW
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.empty import NoDocuments
from guardian.ui.pages.vault.inside import deeds
from guardian.ui.pages.vault.inside.documents import Documents
from guardian.ui.pages.vault.inside.finding import Index
from guardian.ui.pages.vault.inside.folders import PATH, FolderTree
from guardian.ui.pages.vault.inside.panes import Panes
from guardian.ui.pages.vault.names import Thing, is_folder, key_of, name_of, parent_of
from guardian.ui.preferences import Preferences
from guardian.vault.model import Entry, Kind, Listing

LOWEST = 250  # pixels at 100 %: of the panes
FOLDER_DEEDS = ("rename", "move", "discard")


class Inside(QWidget):
    """Shows, and asks; it does nothing to the vault by itself.

    ``asked`` carries a deed of :mod:`deeds` and the things; ``came`` files from outside and the
    folder they go to; ``moved`` the paths that were dragged and the folder; ``left`` what was
    dragged out of the window.
    """

    asked = Signal(str, object)
    asked_add = Signal()
    asked_add_folder = Signal()
    asked_new_folder = Signal(str)
    asked_enter = Signal(str)
    asked_copy = Signal()
    asked_undo = Signal()
    came = Signal(object, str)
    moved = Signal(object, str)
    left = Signal(object)
    chosen = Signal(object)

    def __init__(
        self, words: Words, documents: Documents, preferences: Preferences, viewer: QWidget
    ) -> None:
        super().__init__()
        self._words = words
        self._index: Index | None = None
        self._listing = Listing((), ())
        self.path = ""
        self.documents = documents
        self.table = self.documents.table
        self.tree = FolderTree(self.tr("Folders"), words.say("vault.page.all"))
        self._build_tools()
        self._build_old()
        self.panes = Panes(self.tree, self.documents, viewer, preferences)
        self._connect()
        self.first = NoDocuments(words, self.asked_add.emit)
        full = column(self._old, self._tools, gap=12)
        full.addWidget(self.panes, 1)
        # in a low window all of it scrolls, so that the list keeps a few rows
        area = scrolling(full)
        area.widget().layout().setContentsMargins(0, 0, 0, 0)  # in line with the page's head
        self.stages = Stages(empty=scrolling(self.first), full=area)
        self.setLayout(column(self.stages))
        self._old.hide()
        self._fit()
        self.drop()

    def _build_tools(self) -> None:
        self.add = Button(self.tr("Add documents"), "primary", "add", self.asked_add.emit)
        self.add_folder = Button(
            self.tr("Add a folder …"), icon_name="folder", clicked=self.asked_add_folder.emit
        )
        self.new_folder = Button(
            self.tr("New folder"), icon_name="add", clicked=lambda: self._ask_new_folder(self.path)
        )
        self.new_folder.setToolTip("Ctrl+N")
        self.search = SearchField(self.tr("Search the whole vault"))
        self.search.textChanged.connect(self._search)
        self._tools = QWidget()
        self._tools.setLayout(
            Flow(self.add, self.add_folder, self.new_folder, self.search, last_grows=True)
        )

    def _build_old(self) -> None:
        """What is said of a vault that can only be read."""
        self.copy = Button(self.tr("Copy into a new vault …"), clicked=self.asked_copy.emit)
        self._old = Card(
            Text(self._words.say("vault.page.read-only"), "strong"),
            Text(self._words.say("vault.page.read-only.why"), "dim"),
            row(self.copy, None),
            role="tint", margin=16,
        )  # fmt: skip

    def _connect(self) -> None:
        self.panes.arranged.connect(self._arrange)
        self.documents.asked.connect(self.asked)
        self.documents.asked_enter.connect(self.enter)
        self.documents.chosen.connect(self._show_chosen)
        self.tree.entered.connect(self.enter)
        self.tree.asked_menu.connect(self._show_folder_menu)
        self.tree.dropping.takes = self._takes
        view = self.table.view
        view.dropping.came.connect(lambda files, at: self._came(files, at, ROW))
        self.tree.dropping.came.connect(lambda files, at: self._came(files, at, PATH))
        view.dropping.moved.connect(lambda at: self._moved(at.data(ROW).path))
        self.tree.dropping.moved.connect(lambda at: self._moved(at.data(PATH)))
        view.dragged.left.connect(self.left)
        self.tree.dragged.left.connect(lambda paths: self.left.emit(list(map(folder_at, paths))))
        for dragged in (view.dragged, self.tree.dragged):
            dragged.caption = lambda count: self._words.say("vault.page.dragged", count=count)
        self._key("Ctrl+N", self, lambda: self._ask_new_folder(self.path))
        self._key("Ctrl+Z", self, self.asked_undo.emit)
        for deed in deeds.DEEDS:
            if deed.key in FOLDER_DEEDS and deed.shortcut:
                self._key(deed.shortcut, self.tree, lambda deed=deed: self._do_with_folder(
                    deed.key, self.tree.path))  # fmt: skip

    @staticmethod
    def _key(keys: str, widget: QWidget, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    # what is shown

    @property
    def writable(self) -> bool:
        return self.documents.writable

    def show_writable(self, writable: bool) -> None:
        """Whether anything in the vault can be changed."""
        self.documents.writable = writable
        self._old.setVisible(not writable)
        for button in (self.add, self.add_folder, self.new_folder, self.first.button):
            button.setEnabled(writable)
        for dropping in (self.table.view.dropping, self.tree.dropping):
            dropping.open = writable

    def show_listing(
        self, path: str, listing: Listing, select: Sequence[str] | None = None
    ) -> None:
        """The folder at ``path``; what was chosen stays so unless ``select`` names others."""
        if path != self.path:
            self.search.setText("")
            self.panes.stop_looking()
        self.path, self._listing = path, listing
        self._show_folders(with_listed(self.tree.paths(), path, listing))
        self.tree.choose(path)
        held = len(listing.entries) + len(listing.not_read) + len(listing.conflicts)
        self.stages.show_stage("full" if held or path else "empty")
        self._search(self.search.text(), select)

    def show_index(self, index: Index) -> None:
        """All names of the vault, for the search and the tree."""
        self._index = index
        self._show_folders(index.folders)
        self.tree.choose(self.path)
        if self.search.text():
            self._search(self.search.text())

    def tags(self) -> list[str]:
        """The tags used in the vault, as far as its names were read."""
        return list(self._index.tags) if self._index else []

    def _show_folders(self, paths: Sequence[str]) -> None:
        ordered = sorted(set(paths), key=lambda path: path.casefold().split("/"))
        self.tree.show_folders(ordered)

    def follow(self, moved: Sequence[tuple[str, str]]) -> None:
        """Stay in the folder that is shown when it, or one around it, got another path."""
        for old, new in moved:
            if self.path == old or self.path.startswith(f"{old}/"):
                self.path = new if len(self.path) == len(old) else new + self.path[len(old) :]

    def drop(self) -> None:
        """Forget everything that was shown."""
        self._index = None
        self.search.setText("")
        self.tree.show_folders(())
        self.show_listing("", Listing((), ()))
        self.documents.show_crumbs()

    def take_focus(self) -> None:
        if self.stages.stage == "empty":
            self.first.button.setFocus()
        elif self.table.items():
            self.table.setFocus()
        else:
            self.add.setFocus()

    def enter(self, path: str) -> None:
        """Ask for the folder at ``path``; from a search, one goes there too."""
        self.search.setText("")
        self.asked_enter.emit(path)

    def go_back(self) -> bool:
        """From the preview to the list, from a search to the folder, from that to the one around
        it; False where there is no way back."""
        if self.panes.stop_looking():
            return True
        if self.search.text():
            self.search.setText("")
        elif self.path:
            self.enter(parent_of(self.path))
        else:
            return False
        return True

    def _search(self, text: str, select: Sequence[str] | None = None) -> None:
        if not text.strip():
            things: list[Thing] = [*self._listing.entries, *self._listing.conflicts]
            self.documents.show_folder(self.path, things, select)
            return
        if self._index is None:
            found, nothing = [], self._words.say("vault.page.not-searched")
        else:
            found, nothing = self._index.find(text), self._words.say("vault.page.not-found")
        self.documents.show_found(self.path, found, nothing)

    def _show_chosen(self) -> None:
        self.chosen.emit(self.documents.things)

    def choose(self, *paths: str) -> None:
        self.table.choose(*paths)

    # room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.search.setMinimumWidth(theme.px(200))
        self.panes.setMinimumHeight(theme.px(LOWEST))
        self.panes.fit(self.width())

    def _arrange(self) -> None:
        mode = self.panes.mode
        self.documents.show_mode(crumbs=mode != "wide", narrow=mode == "narrow")

    # folders

    def _ask_new_folder(self, path: str) -> None:
        if self.writable:
            self.asked_new_folder.emit(path)

    def _do_with_folder(self, key: str, path: str) -> None:
        if path and self.writable:
            self.asked.emit(key, [folder_at(path)])

    def _show_folder_menu(self, path: str, place: QPoint) -> None:
        menu = deeds.new_menu(self)
        if self.writable:
            action = menu.addAction(self.tr("New folder in here"))
            action.triggered.connect(lambda: self._ask_new_folder(path))
        if path:
            things = [folder_at(path)]
            possible = deeds.fitting(things, writable=self.writable)
            deeds.fill_menu(menu, self._words, possible, lambda key: self.asked.emit(key, things))
        menu.popup(place)

    # dragging

    def _dragged(self) -> list[str]:
        """The paths of what is on its way."""
        things = [key_of(one) for one in self.table.view.dragged.items if isinstance(one, Entry)]
        return [*things, *self.tree.dragged.items]

    def _takes(self, index: QModelIndex) -> bool:
        """A folder takes anything but itself, what it lies in, and what is in it already."""
        path, moving = str(index.data(PATH)), self._dragged()
        inside = any(path == one or path.startswith(f"{one}/") for one in moving)
        return not inside and not (moving and all(parent_of(one) == path for one in moving))

    def _came(self, files: object, at: QModelIndex, role: int) -> None:
        where = at.data(role) if at.isValid() else self.path
        self.came.emit(files, where.path if isinstance(where, Entry) else where)

    def _moved(self, folder: str) -> None:
        self.moved.emit(self._dragged(), folder)


def folder_at(path: str) -> Entry:
    """A folder of the tree as a thing that deeds are done with."""
    return Entry(path, name_of(path), Kind.FOLDER, None, datetime.fromtimestamp(0, UTC))


def with_listed(known: Sequence[str], path: str, listing: Listing) -> list[str]:
    """The ``known`` folders, brought up to date by what was just seen in the folder ``path``."""
    here = {entry.path for entry in listing.entries if is_folder(entry)}
    gone = {one for one in known if one and parent_of(one) == path} - here
    kept = [one for one in known if not gone.intersection(steps(one))]
    return [*kept, *here, *(steps(path) if path else [])]


def steps(path: str) -> list[str]:
    """A folder and those it lies in: «a/b» -> [«a», «a/b»]."""
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def only_entry(things: Sequence[Thing]) -> Entry | None:
    """The one thing that is chosen, to be looked at."""
    one = things[0] if len(things) == 1 else None
    return one if isinstance(one, Entry) else None
