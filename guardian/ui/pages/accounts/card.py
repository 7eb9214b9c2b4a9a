"""One account on a card: what is known, since when it is unused and why, and the proof."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Account, CaseState, UseClass
from guardian.accounts.verdict import is_old
from guardian.core.feature import Level
from guardian.ui.desk import Desk
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.layout import Card, Line, clear, column, plain
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts import telling
from guardian.ui.pages.accounts.book import Line as Entry
from guardian.ui.pages.accounts.names import Names

MOST_TRACES = 60  # drawn as widgets; more than that nobody reads


class AccountCard(Card):
    """``decided`` carries the state a person wants for the account shown, ``closing`` comes when
    its walk-through is wanted. With ``whole`` it also says where the case stands."""

    decided = Signal(object)
    closing = Signal()

    def __init__(self, desk: Desk, names: Names, *, whole: bool = False) -> None:
        super().__init__(gap=10, margin=20)
        self._desk, self._names, self._whole = desk, names, whole
        self._account: Account | None = None
        self._proven: tuple[Account, bool] | None = None
        self._site = Text(role="heading").selectable()
        self._what, self._shared = Text(role="dim").selectable(), Text(role="dim").selectable()
        self._badges = Flow(gap=8)
        self._risk, self._way = Text(), Text()
        self._why, self._state = Text(), Text(role="strong")
        self.fold = Fold(self.tr("Show the proof"), self.tr("Hide the proof"))
        self.fold.button.clicked.connect(self.show_proof)
        self.body.addLayout(column(self._site, self._what, self._shared, gap=4))
        self.body.addLayout(self._badges)
        for item in (self._why, self._risk, self._way, Line(), self._state, self._buttons()):
            self.body.addWidget(item)
        self.body.addWidget(self.fold)

    def _buttons(self) -> QWidget:
        self.keep = self._choice(self.tr("Keep (K)"), "fine", CaseState.KEEP)
        self.close_it = self._choice(self.tr("Close (C)"), "close", CaseState.CLOSE)
        self.later = self._choice(self.tr("Later (S)"), "clock", CaseState.LATER)
        self.start = Button(self.tr("How to close it"), "quiet", "forward", self.closing.emit)
        self.choices = (self.keep, self.close_it, self.later)
        return plain(Flow(*self.choices, self.start, gap=8))

    def _choice(self, text: str, icon: str, state: CaseState) -> Button:
        return Button(text, "segment", icon, lambda: self.decided.emit(state))

    def show_entry(self, entry: Entry) -> None:
        words, account = self._desk.words, entry.account
        self._site.setText(account.site)
        self._what.setText(telling.describe(words, account, entry.task.name, self._names))
        say_or_hide(self._shared, telling.tell_shared(words, account))
        self._show_badges(account)
        self._why.setText(words.tell(account.why))
        say_or_hide(self._risk, telling.tell_risk(words, entry.task))
        self._way.setText(telling.tell_queue(words, entry.task.queue))
        self._account = account
        self.show_proof()
        self._show_state(account)

    def _show_badges(self, account: Account) -> None:
        clear(self._badges)
        words = self._desk.words
        level = Level.FINE if account.use_class is UseClass.IN_USE else None
        level = Level.ASK if is_old(account) else level
        name = words.say(f"accounts.class.{account.use_class.value}")
        self._badges.addWidget(Badge(words, level, name))
        if sure := telling.tell_sure(words, account):
            self._badges.addWidget(Badge(words, None, sure))

    def show_proof(self) -> None:
        """Every trace with its dates, then what their sources cannot show; once it is unfolded."""
        words, account = self._desk.words, self._account
        if not self.fold.opened or account is None:
            return
        masked = self._names.masked
        if self._proven and self._proven[0] is account and self._proven[1] is masked:
            return
        self._proven = account, masked
        clear(self.fold.inner)
        for evidence in account.evidence[:MOST_TRACES]:
            name = Text(telling.tell_source(words, evidence), "strong").selectable()
            said = telling.tell_evidence(words, evidence, self._desk.clock, self._names)
            self.fold.add(column(name, Text(said, "dim").selectable(), gap=2))
        if (more := len(account.evidence) - MOST_TRACES) > 0:
            self.fold.add(Text(words.say("accounts.page.more-traces", count=more), "dim"))
        told = dict.fromkeys(words.tell(window.text) for window in account.windows)
        self.fold.add(Text(words.say("accounts.page.windows"), "strong"))
        self.fold.add(*(bullet(text, "dim") for text in told))

    def _show_state(self, account: Account) -> None:
        words, state = self._desk.words, account.state
        if state is CaseState.FOUND:
            text = words.say("accounts.page.question")
        elif self._whole and account.case.deadline and state.is_open:
            day = account.case.deadline.day
            text = words.say("accounts.page.stands-due", state=words.say(
                f"accounts.state.{state.value}"), day=day)  # fmt: skip
        else:
            text = words.say(
                "accounts.page.stands", state=words.say(f"accounts.state.{state.value}")
            )
        self._state.setText(text)
        for button, meant in zip(
            self.choices, (CaseState.KEEP, CaseState.CLOSE, CaseState.LATER), strict=True
        ):
            button.setChecked(state is meant)
        self._show_start(state)

    def _show_start(self, state: CaseState) -> None:
        """The walk-through can be looked at before anything is decided."""
        if not state.is_open:
            text = self.tr("How to close it")
        elif state is CaseState.CLOSE:
            text = self.tr("Start closing")
        else:
            text = self.tr("Go on with closing")
        self.start.setText(text)
        self.start.change_role("primary" if state.is_open else "quiet")
        self.start.setVisible(state is not CaseState.GONE)


def say_or_hide(label: Text, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
