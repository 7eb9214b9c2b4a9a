"""The first step: what to settle before the account is closed, each thing with a box to tick."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from guardian.accounts.model import Advice, CaseState
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import Card, Item, clear, column, row
from guardian.ui.kit.text import Text
from guardian.ui.kit.tick import Tick
from guardian.ui.pages.accounts.closing.screen import Screen, lead_to, quiet
from guardian.ui.pages.accounts.closing.standing import Stage, Standing
from guardian.ui.pages.accounts.closing.walk import Walk

MOST_SITES = 200  # more are counted, not listed


class BeforeScreen(Screen):
    """Nothing here has to be ticked; what stops is said before going on."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk)
        self.heading.setText(self.say("closing.before.title"))
        self._intro = Text(role="dim")
        self._list = column(gap=10)
        self.ticks: list[Tick] = []
        self._standing: Standing | None = None
        self._open = Text(role="dim")
        self.go_on = Button("", "primary", clicked=self._go_on)
        self.keep = quiet(self.tr("Keep it after all"), self._keep, "fine")
        for item in (self._intro, self._list, self._open, Flow(self.go_on, self.keep)):
            self.body.addWidget(item) if isinstance(item, QWidget) else self.body.addLayout(item)

    def show_standing(self, standing: Standing) -> None:
        """What was ticked stays ticked as long as the advice is the same."""
        before, self._standing = self._standing, standing
        there = bool(standing.before)
        self._intro.setText(self.say("closing.before.intro" if there else "closing.before.nothing"))
        wanted = standing.account.site, standing.before
        if before is None or (before.account.site, before.before) != wanted:
            clear(self._list)
            self.ticks = make_ticks(self.walk, standing.before)
            for tick in self.ticks:
                tick.toggled.connect(lambda _on: self._judge())
                self._list.addWidget(Card(tick, margin=16))
            lead_to(self.go_on, (stop for tick in self.ticks for stop in tick.stops()))
        tell_ticks(self.walk, self.ticks, standing.before)
        self._judge()

    def _judge(self) -> None:
        advice = self._standing.before if self._standing else ()
        pairs = zip(advice, self.ticks, strict=True)
        left = sum(one.stops and not tick.box.isChecked() for one, tick in pairs)
        self._open.setText(self.say("closing.before.stops", count=left))
        self._open.setVisible(bool(left))
        self.go_on.setText(self.tr("Go on anyway") if left else self.tr("Go on"))

    def _go_on(self) -> None:
        standing = self._standing
        if standing is None:
            return
        if standing.case.state in (CaseState.FOUND, CaseState.LATER, CaseState.KEEP):
            self.walk.set_state(CaseState.CLOSE, then=Stage.ASK)
        else:
            self.walk.wanted.emit(Stage.ASK)

    def _keep(self) -> None:
        self.walk.set_state(CaseState.KEEP)
        self.walk.left.emit()


def tell_ticks(walk: Walk, ticks: Sequence[Tick], advice: Sequence[Advice]) -> None:
    """Say the same with names shown or covered; what is ticked stays so."""
    for tick, one in zip(ticks, advice, strict=True):
        text = walk.names.tell(walk.words, one.text)
        if text != tick.text.text():
            tick.text.setText(text)
            tick.box.setAccessibleName(text)


def make_ticks(walk: Walk, advice: Sequence[Advice]) -> list[Tick]:
    """A box for each advice: whether it comes first, and what it is about, stand below it."""
    ticks, words = [], walk.words
    for one in advice:
        below: list[Item] = []
        if one.stops:
            below.append(row(Badge(words, Level.ASK, words.say("closing.stops")), None))
        if one.sites:
            below.append(list_sites(words, one.sites))
        ticks.append(Tick(walk.names.tell(words, one.text), *below))
    return ticks


def list_sites(words: Words, sites: tuple[str, ...]) -> Fold:
    """The sites one click away."""
    count = len(sites)
    closed = words.say("closing.sites.show", count=count)
    fold = Fold(closed, words.say("closing.sites.hide"))
    lines = [f"•  {site}" for site in sites[:MOST_SITES]]
    if count > MOST_SITES:
        lines.append(words.say("closing.sites.more", count=count - MOST_SITES))
    fold.add(Text("\n".join(lines), "dim").selectable())
    return fold
