"""All accounts: searched, sorted and filtered; several at once can be decided on."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListView, QWidget

from guardian.accounts.model import Account, CaseState
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.columns import Cell, Column, Plan
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import column, plain, row
from guardian.ui.kit.page import Stages, scrolling
from guardian.ui.kit.table import Table
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts import telling
from guardian.ui.pages.accounts.book import Book, Line, Wanted, arrange, arrange_in_job
from guardian.ui.pages.accounts.card import AccountCard
from guardian.ui.pages.accounts.filters import Filters
from guardian.ui.pages.accounts.names import Names

CALM = 120  # milliseconds without a key before a long list is searched
LONG = 5_000


class AccountTable(Table):
    """Rows that come arranged: with so many, ``reordered`` asks for them anew."""

    reordered = Signal()

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        listed = self.view.listed
        wanted = next(one for one in self.view.plan.columns if one.key == key)
        listed.sorted_by, listed.descending = wanted, descending
        self._say_order()
        self.reordered.emit()


class Listing(QWidget):
    """``decided`` carries sites and what is wanted for them, ``closing`` the site whose
    walk-through is wanted. ``adding``: an account is to be written down; ``saving``: the list."""

    decided = Signal(object, object)
    closing = Signal(str)
    adding = Signal()
    saving = Signal()

    def __init__(self, desk: Desk, names: Names) -> None:
        super().__init__()
        self._desk, self._names = desk, names
        self._book: Book | None = None
        self._site = ""
        self.filters = Filters(desk)
        self._asked: object = None
        self.table = self._build_table()
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self.fill)
        self.filters.changed.connect(self._search)
        self._count = Text(role="small")
        self._none = Text("", "dim")
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.card = AccountCard(desk, names, whole=True)
        self.card.fold.toggle()
        self.card.decided.connect(lambda state: self.decided.emit([self._site], state))
        self.card.closing.connect(lambda: self.closing.emit(self._site))
        self.to_list = Button(self.tr("Back to the list"), icon_name="back", clicked=self.leave)
        self._build()

    def _build(self) -> None:
        self.keep = self._deed(self.tr("Keep"), "fine", CaseState.KEEP)
        self.close_it = self._deed(self.tr("Close"), "close", CaseState.CLOSE)
        self.later = self._deed(self.tr("Later"), "clock", CaseState.LATER)
        self.open = Button(self.tr("Open"), "primary", "forward", self._open_chosen)
        self._deeds = plain(Flow(self.open, self.keep, self.close_it, self.later, gap=8))
        foot = row(gap=10)
        foot.addWidget(self._count, 1)
        self.add = Button(self.tr("Write one down …"), "quiet", "add", self.adding.emit)
        self.save = Button(self.tr("Save the list …"), "quiet", "save", self.saving.emit)
        foot.addWidget(plain(Flow(self.add, self.save, gap=4)))
        self._box = column(self.filters, gap=10)
        self._box.addWidget(self._none, 1)
        self._box.addWidget(self.table, 1)
        self._box.addWidget(self._deeds)
        self._box.addLayout(foot)
        self._none.hide()
        self._deeds.hide()
        detail = scrolling(plain(row(self.to_list, None)), self.card, None)
        self.stages = Stages(list=plain(self._box), one=detail)
        self.setLayout(column(self.stages))

    def _deed(self, text: str, icon: str, state: CaseState) -> Button:
        return Button(text, icon_name=icon, clicked=lambda: self.decide(state))

    def _build_table(self) -> AccountTable:
        titles = {
            "name": self.tr("Account"),
            "used": self.tr("Last use"),
            "state": self.tr("Where it stands"),
            "whose": self.tr("Whose"),
        }
        plan = make_plan(self._desk.words, titles, self._names)
        table = AccountTable(self.tr("Your accounts"), plan)
        table.view.setDragEnabled(False)
        table.view.setAcceptDrops(False)
        table.view.setLayoutMode(QListView.LayoutMode.Batched)
        table.view.setBatchSize(500)
        table.view.listed.sorted_by = table.view.plan.columns[1]
        table.view.listed.descending = True
        table.sort_by("used", descending=True)
        table.reordered.connect(self.fill)
        table.opened.connect(lambda line: self.open_site(line.site))
        table.chosen.connect(self._show_chosen)
        return table

    def show_book(self, book: Book) -> None:
        """What is listed stays in its order, and what is chosen stays chosen."""
        if self._book is None or book.found is not self._book.found:
            self.filters.show_found(book)
        self._book = book
        self.filters.show_states(book)
        self.fill()
        if self._site:
            self.open_site(self._site)

    def _search(self) -> None:
        if self._book is not None and len(self._book.lines) > LONG:
            self._calm.start()
        else:
            self.fill()

    @property
    def settling(self) -> bool:
        """Whether it waits for the last letter of a search."""
        return self._calm.isActive()

    def fill(self) -> None:
        """List what is wanted, in the order of the head chosen."""
        book, now = self._book, self.table.view.listed
        if book is None:
            return
        wanted, by, descending = self.filters.wanted(), now.sorted_by.key, now.descending
        self._asked = wanted, by, descending
        self.filters.show_clear()
        if len(book.lines) <= LONG:
            self._show_lines(book, wanted, arrange(book, wanted, by, descending=descending))
            return
        asked = self._asked

        def arranged(made: tuple[list[Line], dict[str, int]]) -> None:
            if self._asked is asked and self._book is book:
                self._show_lines(book, wanted, *made)

        self._desk.jobs.start(self, arrange_in_job, book, wanted, by, descending, done=arranged)

    def _show_lines(
        self, book: Book, wanted: Wanted, lines: list[Line], rows: dict[str, int] | None = None
    ) -> None:
        self.table.show_arranged(lines, rows)
        say = self._desk.words.say
        if len(lines) == len(book.lines):
            text = say("accounts.page.count", count=len(lines))
        else:
            text = say("accounts.page.count.some", shown=len(lines), count=len(book.lines))
        if wanted.bar:
            text = f"{text} · {self._tell_bar(book, wanted.bar)}"
        self._count.setText(text)
        self._none.setText(
            say("accounts.page.no-match.search", text=wanted.text)
            if wanted.text
            else say("accounts.page.no-match")
        )
        self.table.setVisible(bool(lines))
        self._none.setVisible(not lines)

    def _tell_bar(self, book: Book, key: str) -> str:
        say = self._desk.words.say
        one = next((one for one in book.bins if one.key == key), None)
        if one is None or one.year is None:
            return say("accounts.page.only.unknown")
        if one.before:
            return say("accounts.page.only.before", year=str(one.year))
        return say("accounts.page.only", year=str(one.year))

    def _show_chosen(self) -> None:
        count = self.table.view.count_selected()
        self._deeds.setVisible(count > 0)
        self.open.setVisible(count == 1)

    def chosen(self) -> list[str]:
        """The sites a decision would be about: the account shown, or all that are chosen."""
        return [self._site] if self._site else self.table.selected_keys()

    def decide(self, state: CaseState) -> None:
        if sites := self.chosen():
            self.decided.emit(sites, state)

    def _open_chosen(self) -> None:
        if lines := self.table.selected():
            self.open_site(lines[0].site)

    def open_site(self, site: str) -> None:
        """Show one account whole, in place of the list."""
        line = self._book.lines.get(site) if self._book else None
        if line is None:
            self.leave()
            return
        before, self._site = self._site, site
        self.card.show_entry(line)
        self.stages.show_stage("one")
        if before != site:
            self.to_list.setFocus()

    def leave(self) -> None:
        """Back to the list, where one was."""
        self._site = ""
        self.stages.show_stage("list")
        self.table.setFocus()

    def go_back(self) -> bool:
        if self.stages.stage == "one":
            self.leave()
        elif not self.filters.wanted().all:
            self.filters.clear()
        else:
            return False
        return True


def make_plan(words: Words, titles: Mapping[str, str], names: Names) -> Plan:
    """The columns of the table: ``titles`` by key."""

    def name(line: Line) -> Cell:
        icon, token = telling.MARKS[line.account.state]
        return Cell(line.site, icon, token)

    def used(line: Line) -> Cell:
        return Cell(telling.tell_use(words, line.account))

    def state(line: Line) -> Cell:
        token = telling.MARKS[line.account.state][1]
        return Cell(telling.capital(telling.tell_state(words, line.account)), "", token)

    def whose(line: Line) -> Cell:
        return Cell(", ".join(line.account.people))

    def order(_line: Line) -> None:
        """They come in order."""

    columns = (
        Column("name", titles["name"], name, order),
        Column("used", titles["used"], used, order, 190, 520),
        Column("state", titles["state"], state, order, 124, 420),
        Column("whose", titles["whose"], whose, order, 164, 720),
    )
    return Plan(
        columns,
        key=attrgetter("account.site"),  # called for every row: the quickest there is
        group=lambda _line: 0,
        more=lambda line: below(words, line.account, names),
    )


def below(words: Words, account: Account, names: Names) -> list[Cell]:
    """What stands below the name: how sure it is, and the names used there."""
    sure = telling.tell_sure(words, account)
    used = telling.list_up(words, names.all(account.usernames), 2)
    return [Cell(text) for text in (sure, used) if text]
