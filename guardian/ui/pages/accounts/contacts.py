"""Senders that only write: no account is known there, but there is often a way to be left alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Account
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, column, plain
from guardian.ui.kit.page import SearchField, scrolling
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.text import Text

LEAST = 190  # pixels at 100 %: three rows


class Contacts(QWidget):
    """``claimed`` carries a site where the person has an account after all."""

    claimed = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._contacts: dict[str, Account] = {}
        say = desk.words.say
        self.search = SearchField(self.tr("Search the senders"))
        self.rows = RowList(self.tr("They only write to you"))
        self._site, self._what = Text(role="strong").selectable(), Text(role="dim")
        self.leave = Button(self.tr("Unsubscribe …"), "primary", "link", self._open)
        self.claim = Button(
            self.tr("I have an account there"), icon_name="add", clicked=self._claim
        )
        self.card = Card(
            self._site, self._what, plain(Flow(self.leave, self.claim, gap=8)), gap=8, margin=16
        )
        self.card.hide()
        self.rows.setMinimumHeight(theme.px(LEAST))
        intro = Text(say("accounts.page.contacts"), "dim")
        self.setLayout(column(scrolling(intro, self.search, self.rows, self.card, gap=10)))
        self.search.textChanged.connect(self._search)
        self.rows.chosen.connect(self._show)
        self.rows.activated.connect(lambda _index: self._open())

    def show_contacts(self, contacts: Sequence[Account]) -> None:
        self._contacts = {one.site: one for one in contacts}
        self.rows.show_rows([make_row(self._desk.words, one) for one in contacts])
        if not self.rows.current_key():
            self.rows.choose_first()
        self._show(self.rows.current_key())

    def _search(self, text: str) -> None:
        self.rows.search(text)
        self._show(self.rows.current_key())

    def _show(self, site: str) -> None:
        contact = self._contacts.get(site)
        self.card.setVisible(contact is not None)
        if contact is None:
            return
        self._site.setText(contact.site)
        say = self._desk.words.say
        self._what.setText(
            say("accounts.page.contact.link")
            if link_of(contact)
            else say("accounts.page.contact.no-link")
        )
        self.leave.setVisible(bool(link_of(contact)))

    def _open(self) -> None:
        contact = self._contacts.get(self.rows.current_key())
        if contact is not None and (link := link_of(contact)):
            self._desk.open_link(link)

    def _claim(self) -> None:
        if site := self.rows.current_key():
            self.claimed.emit(site)


def link_of(contact: Account) -> str:
    """The newest address for leaving their list; a page rather than a mail."""
    links = [one.link for one in contact.evidence if one.link]
    return next((one for one in links if one.startswith("https:")), links[0] if links else "")


def make_row(words: Words, contact: Account) -> Row:
    newest = max((one.newest for one in contact.evidence if one.newest), default=None)
    count = sum(one.times_used or 1 for one in contact.evidence)
    detail = words.say("accounts.page.contact.mails", count=count)
    if newest is not None:
        detail = f"{detail} {words.say('accounts.page.contact.last', day=newest)}"
    age = -newest.timestamp() if newest else 0.0
    return Row(contact.site, contact.site, detail, icon="mail", sort=(newest is None, age))
