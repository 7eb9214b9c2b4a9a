"""One account: what is known, since when it is unused and why, the decision, and the way out."""

from __future__ import annotations

from PySide6.QtCore import Signal

from guardian.accounts.model import (
    Account,
    Decision,
    Evidence,
    EvidenceKind,
    Place,
    Route,
    UseClass,
)
from guardian.accounts.verdict import is_old
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.layout import Card, Line, clear, column, row
from guardian.ui.kit.text import Text


class Detail(Card):
    """``decided`` carries what the person wants for the account shown."""

    decided = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(gap=10, margin=18)
        self._desk = desk
        self._url = ""
        self._site = Text(role="heading").selectable()
        self._what = Text(role="dim").selectable()
        self._badge = row()
        self._why, self._window = Text(), Text(role="dim")
        self._question = Text(role="strong")
        self.keep = self._choice(self.tr("Keep (K)"), "fine", Decision.KEEP)
        self.close_it = self._choice(self.tr("Close (C)"), "close", Decision.CLOSE)
        self.take_back = Button(
            self.tr("Take back"), "quiet", "undo", lambda: self.decided.emit(Decision.UNDECIDED)
        )
        asking = row(gap=8)
        asking.addWidget(self._question, 1)
        asking.addWidget(self.take_back)
        self._route, self._hints = Text(), column(gap=4)
        self.link = Button(
            self.tr("Show the address"), icon_name="link", clicked=self._show_address
        )
        self.fold = Fold(self.tr("Show the proof"), self.tr("Hide the proof"))
        for item in (
            column(self._site, self._what, gap=4), self._badge, self._why, self._window,
            self.fold, Line(), asking, row(self.keep, self.close_it, None, gap=8),
            Line(), Text(self.tr("How to close it"), "strong"), self._route, self._hints,
            row(self.link, None),
        ):  # fmt: skip
            if isinstance(item, (Text, Fold, Line)):
                self.body.addWidget(item)
            else:
                self.body.addLayout(item)

    def _choice(self, text: str, icon: str, decision: Decision) -> Button:
        return Button(text, "segment", icon, lambda: self.decided.emit(decision))

    def show_account(self, account: Account, route: Route) -> None:
        words = self._desk.words
        self._site.setText(account.site)
        self._what.setText(describe(words, account, route))
        self._show_badge(account)
        self._why.setText(words.tell(account.why))
        self._window.setText(words.tell(account.window))
        self._show_evidence(account)
        self._show_decision(account)
        self._url = route.url
        self._route.setText(words.tell(route.text))
        clear(self._hints)
        for hint in route.hints:
            self._hints.addWidget(bullet(words.tell(hint)))

    def _show_badge(self, account: Account) -> None:
        clear(self._badge)
        words = self._desk.words
        level = Level.FINE if account.use_class is UseClass.IN_USE else None
        level = Level.ASK if is_old(account) else level
        name = words.say(f"accounts.class.{account.use_class.value}")
        self._badge.addWidget(Badge(words, level, name))
        self._badge.addStretch(1)

    def _show_decision(self, account: Account) -> None:
        say, wish = self._desk.words.say, account.decision
        if wish is Decision.UNDECIDED:
            text = say("accounts.page.question")
        elif wish is Decision.KEEP:
            text = say("accounts.page.decided.keep", site=account.site)
        else:
            text = say("accounts.page.decided.close", site=account.site)
        self._question.setText(text)
        self.take_back.setVisible(wish is not Decision.UNDECIDED)
        self.keep.setChecked(wish is Decision.KEEP)
        self.close_it.setChecked(wish is Decision.CLOSE)
        role = "primary" if wish is Decision.CLOSE else "plain"
        self.link.role = role
        self.link.setProperty("role", role)
        self.link.style().unpolish(self.link)
        self.link.style().polish(self.link)
        self.link.dress()

    def _show_evidence(self, account: Account) -> None:
        clear(self.fold.inner)
        words = self._desk.words
        for evidence in account.evidence:
            kind = words.say(f"accounts.evidence.{evidence.kind.value}")
            name = Text(f"{evidence.source_name}: {kind}", "strong")
            said = tell_evidence(words, evidence)
            if evidence.read_at:
                day = evidence.read_at.astimezone(self._desk.clock().tzinfo)
                said = f"{said} {words.say('accounts.page.seen.kept', day=day)}"
            self.fold.add(column(name, Text(said, "dim"), gap=2))

    def _show_address(self) -> None:
        self._desk.open_link(self._url)


def describe(words: Words, account: Account, route: Route) -> str:
    """What it is, and under which name the person is known there."""
    if account.place is Place.APP:
        what = words.say("accounts.page.what.app")
    elif route.name != account.site:
        what = words.say("accounts.page.what.known", name=route.name)
    else:
        what = words.say("accounts.page.what.site")
    if account.usernames:
        who = words.say("accounts.page.names", names=", ".join(account.usernames))
    else:
        who = words.say("accounts.page.names.unknown")
    return f"{what} {who}"


def tell_evidence(words: Words, evidence: Evidence) -> str:
    """Every date of one entry, each once."""
    said = []
    if evidence.provider:
        said.append(words.say("accounts.page.seen.provider", provider=evidence.provider))
    if evidence.created and evidence.kind is EvidenceKind.NEVER_SAVE:
        said.append(words.say("accounts.page.seen.never", day=evidence.created))
    elif evidence.created:
        said.append(words.say("accounts.page.seen.created", day=evidence.created))
    if evidence.changed and evidence.changed != evidence.created:
        said.append(words.say("accounts.page.seen.changed", day=evidence.changed))
    if evidence.last_used:
        said.append(words.say("accounts.page.seen.used", day=evidence.last_used))
    if evidence.newest is None:
        said.append(words.say("accounts.page.seen.undated"))
    if evidence.times_used:
        said.append(words.say("accounts.page.seen.times", count=evidence.times_used))
    return " ".join(said)
