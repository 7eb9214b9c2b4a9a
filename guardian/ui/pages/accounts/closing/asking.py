"""The second step: the ways to ask, the straightest first, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QWidget

from guardian.accounts.model import CaseState, LetterKind, Route, RouteKind
from guardian.ui.kit.button import Button
from guardian.ui.kit.fields import Field
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import bullet
from guardian.ui.kit.layout import Card, clear, column
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.closing.emptying import Emptying
from guardian.ui.pages.accounts.closing.screen import Screen, attend, quiet, tell
from guardian.ui.pages.accounts.closing.standing import Stage, Standing
from guardian.ui.pages.accounts.closing.walk import Walk


class AskScreen(Screen):
    """One way at a time: it worked, or the next one is shown."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk)
        self._ways: tuple[Route, ...] = ()
        self._site, self._at, self._opened = "", 0, False
        self.emptying = Emptying(walk)
        self.names = QComboBox()
        self._which = Field(self.say("closing.ask.which"), self.names)
        self.names.currentIndexChanged.connect(lambda _at: self._choose_name())
        self._number, self._text = Text(role="small"), Text()
        self._hints = column(gap=4)
        self._first = Text(self.say("closing.ask.address-first"), "small")
        self.open_page = Button(self.tr("Open the page"), "primary", "link", self._open)
        self.letter = Button(self.tr("Write the letter"), "primary", clicked=self._write)
        self.failed = quiet(self.tr("It did not work"), self._next, "forward")
        self.back = quiet(self.tr("Show the way before"), self._previous, "back")
        self._way = Card(self._number, self._text, self._hints, margin=18, gap=10)
        self._way.body.addLayout(Flow(self.open_page, self.letter))
        self._way.body.addWidget(self._first)
        self._way.body.addLayout(Flow(self.failed, self.back))
        for part in (self.emptying, self._which, self._way, self._build_outcome()):
            self.body.addWidget(part)

    def _build_outcome(self) -> QWidget:
        """It may also have been done elsewhere, so this can be answered at any time."""
        self.asked = Button(self.tr("I asked for it there"), clicked=self._note_asked)
        self.closed = Button(self.tr("It is closed already"), clicked=self._note_closed)
        self.refused = Button(self.tr("They refused"), clicked=self._note_refused)
        self._outcome = Card(Text(self.say("closing.ask.how"), "strong"), margin=18, gap=10)
        self._outcome.body.addLayout(Flow(self.asked, self.closed, self.refused))
        return self._outcome

    def show_standing(self, standing: Standing) -> None:
        """The way shown stays shown as long as it is about the same account."""
        if standing.account.site != self._site or standing.was_asked:
            self._site, self._at, self._opened = standing.account.site, 0, False
        self._ways = standing.ways
        which = "closing.empty.title" if standing.must_be_emptied else "closing.ask.title"
        self.heading.setText(self.walk.words.say(which, name=standing.name))
        self.emptying.show_standing(standing)
        self._show_names(standing)
        self._show_way()

    def _show_names(self, standing: Standing) -> None:
        names = standing.account.usernames
        self._which.setVisible(len(names) > 1)
        chosen = self.walk.username or standing.case.username
        with QSignalBlocker(self.names):
            if [self.names.itemData(at) for at in range(self.names.count())] != list(names):
                self.names.clear()
                for name in names:
                    self.names.addItem("", name)
                self.names.setCurrentIndex(max(self.names.findData(chosen), 0))
            for at, shown in enumerate(self.walk.names.all(names)):
                self.names.setItemText(at, shown)
        self._choose_name()

    def _choose_name(self) -> None:
        """Only where there are several is there a need to say which."""
        self.walk.username = self.names.currentData() if self.names.count() > 1 else ""

    def _show_way(self) -> None:
        self._at = min(self._at, len(self._ways) - 1)
        self._way.setVisible(bool(self._ways))
        if not self._ways:
            return
        route, words = self._ways[self._at], self.walk.words
        writing = route.kind is RouteKind.LETTER
        total = len(self._ways)
        number = self.say("closing.ask.way", number=self._at + 1, total=total)
        tell(self._number, number if total > 1 else "")
        self._text.setText(words.tell(route.text))
        clear(self._hints)
        for hint in route.hints:
            self._hints.addWidget(bullet(words.tell(hint), "dim"))
        self.open_page.setVisible(not writing)
        self._first.setVisible(not writing)
        self.letter.setVisible(writing)
        self.failed.setVisible(self._at + 1 < len(self._ways))
        self.back.setVisible(self._at > 0)
        self._show_roles()

    def _show_roles(self) -> None:
        """Once the page was opened, saying what came of it is the next thing to do."""
        self.open_page.change_role("plain" if self._opened else "primary")
        self.asked.change_role("primary" if self._opened else "plain")

    def _open(self) -> None:
        self._opened = True
        self._show_roles()
        self.walk.desk.open_link(self._ways[self._at].url)
        attend(self.asked)

    def _next(self) -> None:
        self._turn(self._at + 1)

    def _previous(self) -> None:
        self._turn(self._at - 1)

    def _turn(self, number: int) -> None:
        self._at, self._opened = number, False
        self._show_way()
        first = self.first()
        if first:
            attend(first)

    def _write(self) -> None:
        self.walk.write(LetterKind.ERASURE)

    def _note_asked(self) -> None:
        self.walk.set_state(CaseState.ASKED, then=Stage.WAIT)

    def _note_closed(self) -> None:
        self.walk.set_state(CaseState.CONFIRMED, then=Stage.LOOK)

    def _note_refused(self) -> None:
        self.walk.set_state(CaseState.REFUSED, then=Stage.WAIT)
