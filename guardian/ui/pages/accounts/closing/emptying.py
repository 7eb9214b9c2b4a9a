"""What to do with an account that cannot be closed: take everything out of it."""

from __future__ import annotations

from guardian.accounts.model import CaseState
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column
from guardian.ui.kit.text import Text
from guardian.ui.kit.tick import Tick
from guardian.ui.pages.accounts.closing.screen import lead_to, quiet
from guardian.ui.pages.accounts.closing.standing import Standing
from guardian.ui.pages.accounts.closing.walk import Walk


class Emptying(Card):
    """Things to do by hand in the account itself, each with a box to tick."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(margin=18, gap=12)
        self._walk, self._site, self._url = walk, "", ""
        self._why, self._list = Text(role="strong"), column(gap=10)
        self.ticks: list[Tick] = []
        self.open_page = Button(self.tr("Open the page"), "plain", "link", self._open)
        self.leave = quiet(self.tr("I leave it at that"), self._leave, "fine")
        self.body.addWidget(self._why)
        self.body.addLayout(self._list)
        self.body.addLayout(Flow(self.open_page, self.leave))
        self.body.addWidget(Text(walk.words.say("closing.empty.then"), "dim"))

    def show_standing(self, standing: Standing) -> None:
        self.setVisible(standing.must_be_emptied)
        if not standing.must_be_emptied or standing.account.site == self._site:
            return
        words, route = self._walk.words, standing.routes[0]
        self._site, self._url = standing.account.site, route.url
        self._why.setText(words.tell(route.text))
        texts = [words.tell(hint) for hint in route.hints]
        texts.insert(max(len(texts) - 1, 0), words.say("closing.empty.mail"))
        clear(self._list)
        self.ticks = [Tick(text) for text in texts]
        for tick in self.ticks:
            self._list.addWidget(tick)
        lead_to(self.open_page, (tick.box for tick in self.ticks))

    def _open(self) -> None:
        self._walk.desk.open_link(self._url)

    def _leave(self) -> None:
        """It stays, and the records say how."""
        note = self._walk.words.say("closing.empty.note")
        self._walk.set_state(CaseState.KEEP, note)
        self._walk.left.emit()
