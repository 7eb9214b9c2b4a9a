"""The full state of the accounts page: the list at the left, the chosen account at the right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from guardian.accounts.model import Account, Decision, Found, UseClass
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import SearchField, scrolling
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.coverage import Coverage, CoverageLine
from guardian.ui.pages.accounts.detail import Detail

MARKS = {
    Decision.UNDECIDED: ("undecided", "dim"),
    Decision.KEEP: ("fine", "fine"),
    Decision.CLOSE: ("close", "ask"),
}
VIEWS = (None, Decision.UNDECIDED, Decision.CLOSE, Decision.KEEP)
NARROW = 560


def is_narrow(width: int) -> bool:
    """Whether the list and an account do not fit side by side into ``width`` pixels."""
    return width < theme.px(NARROW)


class Browse(QWidget):
    """``troubled`` carries a Problem that came up while deciding.

    Where there is little room, the account takes the place of the list when it is opened.
    """

    troubled = Signal(object)

    def __init__(self, service: AccountsService, desk: Desk) -> None:
        super().__init__()
        self._service, self._desk = service, desk
        self._accounts: dict[str, Account] = {}
        self._last = ""
        self._drawn: dict[str, tuple[Account, Row]] = {}
        self._opened = False
        self._build_list()
        self._build_side()
        both = row(gap=20)
        self._list_side = plain(self._left)
        both.addWidget(self._list_side, 3)
        both.addWidget(self._side, 4)
        self.setLayout(both)
        for keys, act in (
            ("K", lambda: self._decide_current(Decision.KEEP)),
            ("C", lambda: self._decide_current(Decision.CLOSE)),
            (QKeySequence.StandardKey.Undo, self.undo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _build_list(self) -> None:
        self.search = SearchField(self.tr("Search your accounts"))
        self.view = QComboBox()
        self.view.setAccessibleName(self.tr("Which accounts to show"))
        self.view.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.view.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.view.addItems([""] * len(VIEWS))
        self.rows = RowList(self.tr("Your accounts"))
        self._no_match = Text("", "dim")
        self._no_match.hide()
        self.coverage_line = CoverageLine(self._desk)
        self._no_match.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._left = column(self.search, self.view, gap=10)
        self._left.addWidget(self._no_match, 1)
        self._left.addWidget(self.rows, 1)
        self._left.addWidget(self.coverage_line)
        self.search.textChanged.connect(self._search)
        self.view.currentIndexChanged.connect(self._change_view)
        self.rows.chosen.connect(self._show)
        self.rows.clicked.connect(self._open)
        self.rows.activated.connect(self._open)
        self.coverage_line.asked.connect(self._toggle_coverage)

    def _build_side(self) -> None:
        self.detail = Detail(self._desk)
        self.detail.decided.connect(self._decide_current)
        self.coverage = Coverage(self._desk.words, self._desk.clock)
        self._hint = Text(self._desk.words.say("accounts.page.hint"), "dim")
        self._done = Text()
        self.undo_button = Button(self.tr("Undo"), "quiet", "undo", self.undo)
        self.said = Card(role="tint", margin=12)
        line = row()
        line.addWidget(self._done, 1)
        line.addWidget(self.undo_button)
        self.said.body.addLayout(line)
        self.to_list = Button(self.tr("Back to the list"), icon_name="back", clicked=self._close)
        self._way_back = plain(row(self.to_list, None))
        for hidden in (self.detail, self.coverage, self.said, self._way_back):
            hidden.hide()
        self._side = scrolling(
            self._way_back, self.said, self.coverage, self.detail, self._hint, None
        )

    def _open(self) -> None:
        self._opened = True
        self._arrange()
        if not self._way_back.isHidden():
            self._side.verticalScrollBar().setValue(0)
            self.to_list.setFocus()

    def _close(self) -> None:
        self._opened = False
        if not self.coverage.isHidden():
            self._toggle_coverage()
        self._arrange()
        self.rows.setFocus()

    def _arrange(self) -> None:
        """Both sides, or where there is little room the one that is wanted."""
        narrow = is_narrow(self.width())
        self._list_side.setVisible(not (narrow and self._opened))
        self._side.setVisible(not narrow or self._opened)
        self._way_back.setVisible(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in theme.LOOK_CHANGES:
            self._arrange()

    def show_found(self, found: Found) -> None:
        """Take over a search's answer; the account shown stays shown."""
        same = tuple(self._accounts.values()) == found.accounts
        self._accounts = {account.site: account for account in found.accounts}
        self.coverage_line.show_found(found)
        self.coverage.show_found(found)
        if not same:
            self._fill()
        if not self.rows.current_key():
            self.detail.hide()
            self._hint.show()

    def begin(self) -> None:
        """Offer the first account to decide on."""
        self.said.hide()
        self._opened = False
        self._arrange()
        self.search.clear()
        self.view.setCurrentIndex(0)
        self.choose(self._next_undecided("") or next(iter(self._accounts), ""))
        self.rows.setFocus()

    def choose(self, site: str) -> None:
        self.rows.choose(site)

    def show_view(self, decision: Decision | None) -> None:
        self.view.setCurrentIndex(VIEWS.index(decision))

    def _fill(self) -> None:
        """The rows of the view chosen, in the order of the search: longest unused first."""
        wanted = VIEWS[self.view.currentIndex()]
        self.rows.show_rows(
            [
                self._row(account, number)
                for number, account in enumerate(self._accounts.values())
                if wanted is None or account.decision is wanted
            ]
        )
        self._show_emptiness()
        names = (
            self.tr("All accounts"),
            self.tr("Still to decide"),
            self.tr("To close"),
            self.tr("To keep"),
        )
        counts = Counter(account.decision for account in self._accounts.values())
        for number, (decision, name) in enumerate(zip(VIEWS, names, strict=True)):
            count = len(self._accounts) if decision is None else counts[decision]
            self.view.setItemText(number, f"{name} ({count})")

    def _row(self, account: Account, number: int) -> Row:
        """Worded once for each account: there may be tens of thousands."""
        drawn = self._drawn.get(account.site)
        if drawn is None or drawn[0] is not account or drawn[1].sort != (number,):
            drawn = account, make_row(self._desk.words, account, number)
            self._drawn[account.site] = drawn
        return drawn[1]

    def _show_emptiness(self) -> None:
        """A sentence in place of a list without rows."""
        empty = not self.rows.listed.rowCount()
        say, text = self._desk.words.say, self.search.text().strip()
        self._no_match.setText(
            say("accounts.page.no-match.search", text=text)
            if text
            else say("accounts.page.no-match")
        )
        self.rows.setVisible(not empty)
        self._no_match.setVisible(empty)

    def _change_view(self) -> None:
        self._fill()
        if not self.rows.current_key():
            self.rows.choose_first()
        self._show(self.rows.current_key())

    def _search(self, text: str) -> None:
        self.rows.search(text)
        self._show_emptiness()
        if not self.rows.current_key():
            self.rows.choose_first()
        self._show(self.rows.current_key())

    def _show(self, site: str) -> None:
        account = self._accounts.get(site)
        self.detail.setVisible(account is not None)
        self._hint.setVisible(account is None and self.rows.listed.rowCount() > 0)
        if account is not None:
            self.detail.show_account(account, self._service.route_of(account))

    def _decide_current(self, decision: Decision) -> None:
        account = self._accounts.get(self.rows.current_key())
        if account is None:
            return
        if account.decision is decision:  # the button pressed again: nothing new
            self._show(account.site)
            return
        try:
            self._service.decide(account.site, decision)
        except Problem as problem:
            self._show(account.site)
            self.troubled.emit(problem)
            return
        following = self._next_undecided(account.site)
        self._change(account.site, decision)
        if decision is Decision.UNDECIDED:
            self.said.hide()
            self._show(account.site)
            return
        self._last = account.site
        self._say_decided(account.site, decision)
        self._opened = True  # there it says what was decided, and how to undo it
        self._arrange()
        self._side.verticalScrollBar().setValue(0)
        self.choose(following or account.site)
        self._show(self.rows.current_key())

    def _change(self, site: str, decision: Decision) -> None:
        self._accounts[site] = replace(self._accounts[site], decision=decision)
        self._fill()

    def _say_decided(self, site: str, decision: Decision) -> None:
        say = self._desk.words.say
        if decision is Decision.KEEP:
            text = say("accounts.page.decided.keep", site=site)
        else:
            text = say("accounts.page.decided.close", site=site)
        if all(one.decision is not Decision.UNDECIDED for one in self._accounts.values()):
            text = f"{text} {say('accounts.page.all-decided')}"
        self._done.setText(text)
        self.said.show()

    def undo(self) -> None:
        """Take the last decision back and show its account again."""
        if self.said.isHidden():
            return
        try:
            decision = self._service.undo(self._last)
        except Problem as problem:
            self.troubled.emit(problem)
            return
        self.rows.setFocus()
        self.said.hide()
        self._change(self._last, decision)
        self.choose(self._last)
        self._show(self.rows.current_key())

    def _next_undecided(self, site: str) -> str:
        """The next visible account to decide on: below ``site`` first, then from the top."""
        shown = self.rows.listed.keys()
        start = shown.index(site) + 1 if site in shown else 0
        for key in (*shown[start:], *shown[:start]):
            if key != site and self._accounts[key].decision is Decision.UNDECIDED:
                return key
        return ""

    def _toggle_coverage(self) -> None:
        opening = self.coverage.isHidden()
        self.coverage.setVisible(opening)
        self.coverage_line.show_open(opening)
        if opening:
            self._open()
        self._side.verticalScrollBar().setValue(0)

    def go_back(self) -> bool:
        """Close the innermost thing that is open: details of the search, words, the account."""
        if not self.coverage.isHidden():
            self._toggle_coverage()
        elif self._opened and is_narrow(self.width()):
            self._close()
        elif self.search.text():
            self.search.clear()
        elif self.rows.current_key():
            self.rows.setCurrentIndex(self.rows.rootIndex())
            self._show("")
        else:
            return False
        return True


def make_row(words: Words, account: Account, number: int) -> Row:
    """One line of the list."""
    span = account.unused_at_least
    if span is None:
        detail = words.say("accounts.page.row.unknown")
    elif account.use_class is UseClass.IN_USE:
        detail = words.say("accounts.page.row.recent", span=span)
    else:
        detail = words.say("accounts.page.row.unused", span=span)
    icon, token = MARKS[account.decision]
    undecided = account.decision is Decision.UNDECIDED
    mark = "" if undecided else words.say(f"accounts.decision.{account.decision.value}")
    return Row(account.site, account.site, detail, mark, token, icon, (number,))
