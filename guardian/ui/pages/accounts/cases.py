"""The accounts on their way out, what is due first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Account, CaseState
from guardian.accounts.service import AccountsService
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.layout import column, plain, row
from guardian.ui.kit.page import Stages, scrolling
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts import telling


class Cases(QWidget):
    """``closing`` carries the site whose walk-through is wanted."""

    closing = Signal(str)

    def __init__(self, service: AccountsService, desk: Desk) -> None:
        super().__init__()
        self._service, self._desk = service, desk
        say = desk.words.say
        self.rows = RowList(self.tr("Accounts on their way out"))
        self.open = Button(self.tr("Go on with it"), "primary", "forward", self._open)
        box = column(Text(say("accounts.page.cases"), "dim"), gap=10)
        box.addWidget(self.rows, 1)
        box.addWidget(plain(row(self.open, None)))
        title, text = say("accounts.page.cases.none"), say("accounts.page.cases.none.text")
        nothing = scrolling(EmptyState("accounts", title, text))
        self.stages = Stages(some=plain(box), none=nothing)
        self.setLayout(column(self.stages))
        self.rows.clicked.connect(lambda _index: self._allow())
        self.rows.chosen.connect(lambda _site: self._allow())
        self.rows.activated.connect(lambda _index: self._open())

    def show_cases(self, accounts: Iterable[Account]) -> None:
        today = self._desk.clock().date()
        words = self._desk.words
        look = self._service.closing.check_day
        rows = [make_row(words, one, look(one), today) for one in accounts if one.state.is_open]
        self.rows.show_rows(rows)
        self.stages.show_stage("some" if rows else "none")
        if not self.rows.current_key():
            self.rows.choose_first()
        self._allow()

    def _allow(self) -> None:
        self.open.setEnabled(bool(self.rows.current_key()))

    def _open(self) -> None:
        if site := self.rows.current_key():
            self.closing.emit(site)


def make_row(words: Words, account: Account, look: date | None, today: date) -> Row:
    """Late ones first, then by the day an answer is due or it can be looked (``look``) whether
    the account is gone, then what waits for a deed."""
    icon, token = telling.MARKS[account.state]
    state = telling.capital(telling.tell_state(words, account))
    due = account.case.deadline.day if account.case.deadline else None
    if account.state is CaseState.CONFIRMED:
        due = look
        ready = due is not None and due <= today
        mark = words.say("accounts.page.look-now") if ready else ""
        if due and not ready:
            mark = words.say("accounts.page.look", day=due)
    elif due and due < today:
        mark, token = words.say("accounts.page.late", day=due), "act"
    else:
        mark = words.say("accounts.page.due", day=due) if due else ""
    since = account.case.since
    detail = words.say("accounts.page.since", state=state, day=since) if since else state
    return Row(
        account.site, account.site, detail, mark, token, icon, (due or date.max, account.site)
    )
