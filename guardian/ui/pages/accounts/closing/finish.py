"""The last step: the account is gone, and what is left to clean up by hand."""

from __future__ import annotations

from guardian.accounts.model import CaseState
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column
from guardian.ui.kit.text import Text
from guardian.ui.kit.tick import Tick
from guardian.ui.pages.accounts.closing.before import make_ticks, tell_ticks
from guardian.ui.pages.accounts.closing.screen import Screen, lead_to, quiet, remark
from guardian.ui.pages.accounts.closing.standing import Stage, Standing
from guardian.ui.pages.accounts.closing.walk import Walk


class FinishScreen(Screen):
    """Before that, it says what is still to come."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk)
        self._standing: Standing | None = None
        self._told = Text()
        self._watch = Text(self.say("closing.gone.watch"), "dim")
        self._list = column(gap=10)
        self._tidy = Card(Text(self.say("closing.gone.after"), "strong"), margin=18, gap=12)
        self._tidy.body.addLayout(self._list)
        self.ticks: list[Tick] = []
        self.done = Button(self.tr("Back to the list"), "primary", clicked=walk.left.emit)
        self.onward = Button(self.tr("Go on where it stands"), "primary", clicked=self._go_on)
        self.reopen = quiet(self.tr("It is still there after all"), self._reopen, "undo")
        self._sum = remark(self._told, "fine")
        for part in (self._sum, self._tidy, self._watch):
            self.body.addWidget(part)
        self.body.addLayout(Flow(self.done, self.onward, self.reopen))

    def show_standing(self, standing: Standing) -> None:
        before, self._standing = self._standing, standing
        gone = standing.case.state is CaseState.GONE
        self.heading.setText(
            self.say("closing.gone.title" if gone else "closing.gone.not-yet", name=standing.name)
        )
        told = self._sum_up(standing) if gone else self.say("closing.gone.not-yet.text")
        self._told.setText(told)
        self._sum.setVisible(bool(told))
        if not before or before.after != standing.after or before.account.site != self.walk.site:
            clear(self._list)
            self.ticks = make_ticks(self.walk, standing.after)
            for tick in self.ticks:
                self._list.addWidget(tick)
            lead_to(self.done, (stop for tick in self.ticks for stop in tick.stops()))
        tell_ticks(self.walk, self.ticks, standing.after)
        self._tidy.setVisible(gone and bool(standing.after))
        for widget, wanted in (
            (self._watch, gone), (self.done, gone), (self.onward, not gone), (self.reopen, gone),
        ):  # fmt: skip
            widget.setVisible(wanted)

    def _sum_up(self, standing: Standing) -> str:
        """For how long it existed, and how long it took to close it."""
        account, end = standing.account, standing.case.since
        said = []
        if account.first_seen and end and end > account.first_seen:
            span = end - account.first_seen
            said.append(self.say("closing.gone.existed", span=span, day=account.first_seen))
        asked = standing.case.asked_at
        if asked and end and (end - asked).days > 0:
            said.append(self.say("closing.gone.took", span=end - asked))
        if standing.case.attachments:
            said.append(self.say("closing.gone.proofs", count=len(standing.case.attachments)))
        return " ".join(said)

    def _go_on(self) -> None:
        if self._standing:
            self.walk.wanted.emit(self._standing.stage)

    def _reopen(self) -> None:
        self.walk.set_state(CaseState.CLOSE, then=Stage.ASK)
