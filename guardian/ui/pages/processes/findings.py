"""The cards of a look, built a few at a time; those that are shown already stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QWidget

from guardian.core.feature import Level
from guardian.processes.model import Finding, Known, Scan
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.gradual import Gradual
from guardian.ui.kit.layout import column, make_room, plain, row
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.card import FindingCard
from guardian.ui.pages.processes.doings import Doings

AT_ONCE = 8  # cards before a button offers the others
URGENT = {Level.ACT: 0, Level.ASK: 1, Level.FINE: 2}


class Findings(QWidget):
    """What is worth a question first, the new before the old; then, folded, what has a simple
    explanation. ``gradual`` builds what is asked for later."""

    def __init__(self, desk: Desk, doings: Doings) -> None:
        super().__init__()
        self._desk, self._doings = desk, doings
        self._scan: Scan | None = None
        self._cards: list[FindingCard] = []
        self._at_once = AT_ONCE
        self._column = column(gap=16)
        self.others = Button("", "plain", "add", self._show_others)
        self._more = plain(column(16, row(self.others, None)))
        self._more.hide()
        self.weak: Fold | None = None
        self._ends = column(gap=6)
        self.setLayout(column(self._column, self._more, self._ends, gap=0))
        self.gradual = Gradual(self)
        doings.known.connect(self._follow_known)

    @property
    def cards(self) -> tuple[FindingCard, ...]:
        return tuple(self._cards)

    def build(self, scan: Scan, *, whole: bool = True) -> Iterator[None]:
        """Show ``scan`` in small steps; ``whole`` is false for a part of a look, which can only
        bring more."""
        if self._scan is None or self._scan.taken != scan.taken:
            self._at_once = AT_ONCE
        self._scan = scan
        if self.weak is not None:
            self.weak.hide()
            self.weak.deleteLater()
            self.weak = None
        worth = sorted(
            (each for each in scan.findings if each.level is not Level.FINE),
            key=lambda each: (URGENT[each.level], not each.program.new),
        )
        wanted = worth[: self._at_once]
        for card in [card for card in self._cards if not card.shows(wanted, scan)]:
            self._drop(card)
            yield
        for place, finding in enumerate(wanted):
            if place < len(self._cards) and self._cards[place].finding == finding:
                continue
            yield from self._place(place, finding, scan)
        more = len(worth) - len(wanted)
        self._more.setVisible(more > 0)
        self.others.setText(telling.others(self._desk.words, more, AT_ONCE))
        if whole:
            self._offer_weak(scan)

    def _place(self, place: int, finding: Finding, scan: Scan) -> Iterator[None]:
        """Put the card of ``finding`` at its place; one that stood elsewhere moves."""
        card = next((card for card in self._cards if card.finding == finding), None)
        if card is None:
            card = self._card(finding, scan)
            yield
        else:
            self._cards.remove(card)
            self._column.removeWidget(card)
        self._cards.insert(place, card)
        self._column.insertWidget(place, card)
        make_room(card)
        yield

    def _card(self, finding: Finding, scan: Scan) -> FindingCard:
        card = FindingCard(self._desk.words, scan, finding, self._desk.clock(), self._doings)
        card.unfolded.connect(self.gradual.rested)
        return card

    def _drop(self, card: FindingCard) -> None:
        self._cards.remove(card)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _show_others(self) -> None:
        assert self._scan is not None
        self._at_once += AT_ONCE
        self.gradual.run(self.build(self._scan))

    def _offer_weak(self, scan: Scan) -> None:
        """What has a simple explanation, folded away; its cards are built when it is opened."""
        weak = [each for each in scan.findings if each.level is Level.FINE and not each.known]
        if not weak or self.weak is not None:
            return
        title = self._desk.words.say("processes.page.explained", count=len(weak))
        fold = self.weak = Fold(title, title)

        def unfold() -> None:
            fold.button.clicked.disconnect(unfold)
            self.gradual.run(self._unfold(fold, weak, scan))

        fold.button.clicked.connect(unfold)
        self._ends.addWidget(fold)

    def _unfold(self, fold: Fold, weak: Sequence[Finding], scan: Scan) -> Iterator[None]:
        fold.inner.setSpacing(16)
        for finding in weak:
            card = self._card(finding, scan)
            yield
            fold.add(card)
            make_room(card)
            yield

    def _follow_known(self, known: tuple[Known, ...]) -> None:
        for card in self._cards:
            card.follow_known(tuple(known))
