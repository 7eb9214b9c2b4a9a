"""The dialog for the vault's own trash: put things back, or let them go for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtWidgets import QListView, QWidget

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import confirm
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import clear, column, plain, row
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.rows import ROW, Row, RowList
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.care import work as care_work
from guardian.ui.pages.vault.care.panel import Panel
from guardian.ui.pages.vault.names import breakable
from guardian.ui.pages.vault.outcome import head, indented
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import KEPT_DAYS, Kind, Moved, Trashed
from guardian.vault.service import Vault

TOLD_AT_MOST = 5


class TrashDialog(Panel):
    """Lists what was thrown away, the newest first."""

    def __init__(self, tools: Tools, vault: Vault) -> None:
        super().__init__(tools, vault, tools.words.say("vault.trash.title"))
        self._words = tools.words
        self._trashed: dict[str, Trashed] = {}
        self._told = column(gap=8)
        self._why = Text(self._words.say("vault.trash.why", days=KEPT_DAYS), "dim")
        self.search = SearchField(self.tr("Search in the trash"))
        self.search.textChanged.connect(self._search)
        self.rows = RowList(self.tr("In the trash"))
        self.rows.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.rows.selectionModel().selectionChanged.connect(self._judge)
        self._nothing = Text(self._words.say("vault.page.not-found"), "dim")
        self._several = Text(self._words.say("vault.trash.several"), "small")
        self._full = plain(column(self.search, self.rows, self._nothing, self._several, gap=10))
        self._empty = self._empty_state()
        self.back = Button(self.tr("Put back"), "primary", clicked=self._put_back)
        self.destroy = Button(self.tr("Delete for good …"), clicked=self._ask_destroy)
        close = Button(self.tr("Close"), clicked=self.reject)
        self.body.addLayout(self._told)
        for item in (self._why, self._full, self._empty):
            self.body.addWidget(item)
        self.body.addLayout(Flow(self.back, self.destroy, close, gap=12))
        self.show_trash(())

    def _empty_state(self) -> QWidget:
        line = row(Icon("trash", "dim", 28), gap=14, top=True)
        line.addLayout(
            column(
                Text(self._words.say("vault.trash.empty"), "strong"),
                Text(self._words.say("vault.trash.empty.why", days=KEPT_DAYS), "dim"),
                gap=4,
            ),
            1,
        )
        return plain(line)

    def load(self) -> None:
        """Read what is in the trash."""
        self.run(self.tr("Reading the trash"), care_work.list_trash, done=self.show_trash)

    def show_trash(self, trashed: Sequence[Trashed]) -> None:
        self._trashed = {one.key: one for one in trashed}
        today = self.tools.desk.clock().astimezone().date()
        self.rows.show_rows([to_row(self._words, one, today) for one in trashed])
        there = bool(trashed)
        self._full.setVisible(there)
        self._why.setVisible(there)
        self._empty.setVisible(not there)
        self.back.setVisible(there)
        self.destroy.setVisible(there)
        self._search(self.search.text())

    def chosen(self) -> list[str]:
        return [index.data(ROW).key for index in self.rows.selectedIndexes()]

    def _search(self, text: str) -> None:
        self.rows.search(text)
        found = bool(self.rows.listed.rowCount())
        self.rows.setVisible(found)
        self._several.setVisible(found)
        self._nothing.setVisible(not found)
        if not self.rows.current_key():
            self.rows.choose_first()
        self.fit_rows(self.rows)
        self._judge()

    def _judge(self, *_: object) -> None:
        some = bool(self.chosen())
        self.back.setEnabled(some)
        self.destroy.setEnabled(some)

    def _put_back(self) -> None:
        keys = self.chosen()
        if keys:
            clear(self._told)
            self.run(self.tr("Putting it back"), care_work.put_back, keys, done=self._tell_back)

    def _tell_back(self, result: tuple[Moved, list[Trashed]]) -> None:
        moved, left = result
        self.tools.changed()
        if moved.moved:
            places = [new for _, new in moved.moved]
            said = self._words.say("vault.trash.back", count=len(places), path=places[0])
            self._told.addLayout(head("fine", "fine", breakable(said)))
        if moved.refused:
            said = self._words.say("vault.trash.not-back", count=len(moved.refused))
            self._told.addLayout(head("ask", "ask", said))
            for one in moved.refused[:TOLD_AT_MOST]:
                code, facts = one.problem.code, one.problem.facts
                why = self._words.say(f"problem.{code}", **facts)
                self._told.addLayout(indented(Text(breakable(why))))
        self.show_trash(left)

    def _ask_destroy(self) -> None:
        keys = self.chosen()
        if not keys:
            return
        name = self._trashed[keys[0]].name
        agreed = confirm(
            self,
            breakable(self._words.say("vault.trash.destroy", count=len(keys), name=name)),
            self._words.say("vault.trash.destroy.why"),
            self.tr("Delete for good"),
            self.tr("Keep"),
        )
        if agreed:
            clear(self._told)
            title = self.tr("Deleting for good")
            self.run(title, care_work.destroy, keys, done=self.show_trash)


def to_row(words: Words, trashed: Trashed, today: date) -> Row:
    """Name, where it was and when it went; at the right the days it has left."""
    deleted = trashed.deleted.astimezone().date()
    left = max((deleted + timedelta(days=KEPT_DAYS) - today).days, 0)
    folder = trashed.came_from.rpartition("/")[0]
    where = words.say("vault.trash.from", folder=folder) if folder else words.say("vault.trash.top")
    detail = f"{where} · {words.say('vault.trash.deleted', day=deleted)}"
    icon = "folder" if trashed.kind is Kind.FOLDER else "file"
    mark = words.say("vault.trash.left", count=left)
    return Row(
        trashed.key, trashed.name, detail, mark, icon=icon,
        sort=(-trashed.deleted.timestamp(),),
    )  # fmt: skip
