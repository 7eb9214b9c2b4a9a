"""Who is here? Nicknames and colours, and nothing else of anybody."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.core.profiles import GUEST, Profile
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Card, at_least, clear, column, row
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.people.face import name_of
from guardian.ui.people.tile import Tile


class WhoPage(QWidget):
    """``chosen`` carries the profile; ``newcomer``: somebody who has none yet.

    ``alone``: there can be nobody else, so there is only one way back in.
    """

    chosen = Signal(object)
    newcomer = Signal()

    def __init__(
        self, words: Words, profiles: Sequence[Profile], why: str = "", *, alone: bool = False
    ) -> None:
        super().__init__()
        self._words = words
        self.notice = Notice(words)
        title = Text(words.say("people.who"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._why = Text(why, "dim")
        self._why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._why.setVisible(False)
        self._tiles = column(gap=10)
        self.tiles: list[Tile] = []
        self.new = Button(self.tr("Someone new …"), "quiet", "add", clicked=self.newcomer.emit)
        card = Card(title, self._why, 8, self._tiles, 4, row(self.new, None), gap=10, margin=28)
        at_least(card.body, theme.px(400))
        at_least(self.notice.body, theme.px(448))
        outer = column(
            scrolling(None, row(None, self.notice, None), row(None, card, None), None, None)
        )
        outer.setContentsMargins(24, 36, 24, 24)
        self.setLayout(outer)
        self._why.setVisible(bool(why))
        self.new.setVisible(not alone)
        self.show_people(profiles if alone else (*profiles, GUEST))

    def show_people(self, profiles: Sequence[Profile]) -> None:
        """A tile for each of them."""
        clear(self._tiles)
        self.tiles = [self._tile(profile) for profile in profiles]
        for tile in self.tiles:
            self._tiles.addWidget(tile)
        self.setTabOrder(self.tiles[-1], self.new)
        self.setFocusProxy(self.tiles[0])

    def _tile(self, profile: Profile) -> Tile:
        return Tile(
            name_of(self._words, profile), profile.colour, lambda: self.chosen.emit(profile)
        )

    def show_problem(self, problem: Problem) -> None:
        self.notice.show_problem(problem)
