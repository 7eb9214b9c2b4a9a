"""The open vault: its documents and folders, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.page import SearchField, Stages, scrolling
from guardian.ui.kit.rows import RowList
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.empty import NoDocuments
from guardian.ui.pages.vault.names import breakable, describe, icon_of, to_row
from guardian.vault.model import Entry, Kind, Listing


class Inside(QWidget):
    """Signals carry a path inside the vault; it does nothing by itself."""

    asked_add = Signal()
    asked_save = Signal(str)
    asked_enter = Signal(str)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._entries: dict[str, Entry] = {}
        self._listed = 0
        self.path = ""
        self.add = Button(self.tr("Add documents"), "primary", "add", self.asked_add.emit)
        self.search = SearchField(self.tr("Search in this folder"))
        self.search.textChanged.connect(self._search)
        tools = row(self.add)
        tools.addWidget(self.search, 1)
        self.up = Button(self.tr("Back"), "quiet", "back", self.leave)
        self._here = Text(role="strong")
        crumb = row(self.up, gap=8)
        crumb.addWidget(self._here, 1)
        self._crumb = QWidget()
        self._crumb.setLayout(crumb)
        self.rows = RowList(self.tr("Documents in the vault"))
        self.rows.chosen.connect(self._show_chosen)
        self.rows.activated.connect(lambda _index: self._act())
        self._nothing = Text(role="dim")
        self._card = self._chosen_card()
        box = column(tools, self._crumb, self._nothing, gap=12)
        box.addWidget(self.rows, 1)
        box.addWidget(self._card)
        box.addStretch(0)  # takes the room of the list while it is hidden
        full = QWidget()
        full.setLayout(box)
        self.first = NoDocuments(words, self.asked_add.emit)
        self.stages = Stages(empty=scrolling(self.first), full=full)
        self.setLayout(column(self.stages))
        self.drop()

    def _chosen_card(self) -> Card:
        self._icon = Icon("file", "accent", 24)
        self._name = Text(role="strong")
        self._facts = Text(role="dim")
        self.act = Button("", clicked=self._act)
        line = row(self._icon, gap=14)
        line.addLayout(column(self._name, self._facts, gap=3), 1)
        line.addWidget(self.act)
        return Card(line, margin=16)

    def show_listing(self, path: str, listing: Listing) -> None:
        """The folder at ``path``; whatever was chosen stays chosen if it is still there."""
        if path != self.path:
            self.search.setText("")
        self.path = path
        self._entries = {entry.path: entry for entry in listing.entries}
        self._listed = len(listing.entries) + len(listing.not_read)
        self.rows.show_rows([to_row(self._words, entry) for entry in listing.entries])
        self._crumb.setVisible(bool(path))
        self._here.setText(breakable(" / ".join(path.split("/"))))
        self.stages.show_stage("full" if self._listed or path else "empty")
        self._search(self.search.text())
        self._show_chosen(self.rows.current_key())

    def drop(self) -> None:
        """Forget everything that was shown."""
        self.show_listing("", Listing((), ()))
        self._name.setText("")
        self._facts.setText("")

    def take_focus(self) -> None:
        if self.stages.stage == "empty":
            self.first.button.setFocus()
        elif self.rows.listed.rowCount():
            self.rows.setFocus()
        else:
            self.add.setFocus()

    def leave(self) -> None:
        """To the folder around this one."""
        self.asked_enter.emit(self.path.rpartition("/")[0])

    def _search(self, text: str) -> None:
        self.rows.search(text)
        found = self.rows.listed.rowCount()
        self.rows.setVisible(bool(found))
        self._nothing.setVisible(not found)
        if text:
            self._nothing.setText(self._words.say("vault.page.not-found"))
        else:
            self._nothing.setText(self._words.say("vault.page.folder-empty"))
        self._show_chosen(self.rows.current_key())

    def _show_chosen(self, key: str) -> None:
        entry = self._entries.get(key)
        self._card.setVisible(entry is not None)
        if entry is None:
            return
        self._icon.change(icon_of(entry), "accent")
        self._name.setText(breakable(entry.name))
        self._facts.setText(describe(self._words, entry))
        self.act.setVisible(entry.kind is not Kind.LINK)
        folder = entry.kind is Kind.FOLDER
        self.act.setText(self.tr("Open folder") if folder else self.tr("Save a copy …"))
        self.act.icon_name = "forward" if folder else "save"
        self.act.dress()

    def _act(self) -> None:
        """What is done with the chosen one: a folder is entered, a document is saved."""
        entry = self._entries.get(self.rows.current_key())
        if entry is None or entry.kind is Kind.LINK:
            return
        if entry.kind is Kind.FOLDER:
            self.asked_enter.emit(entry.path)
        else:
            self.asked_save.emit(entry.path)
