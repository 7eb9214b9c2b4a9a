"""The fifth step: three looks that show whether the account is really gone."""

from __future__ import annotations

from guardian.accounts.model import CaseState, CheckStep, Gone, Place
from guardian.core.feature import Level
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.closing.screen import Screen, attend, quiet, remark
from guardian.ui.pages.accounts.closing.standing import Standing
from guardian.ui.pages.accounts.closing.walk import Walk


class LookCard(Card):
    """One look: how to take it, and what came of it."""

    def __init__(self, walk: Walk, step: Gone, number: int) -> None:
        super().__init__(margin=18, gap=10)
        self._walk, self._step = walk, step
        say = walk.words.say
        title = say(f"closing.look.{step.value}")
        self._text = Text()
        self._result = row()
        self.gone = Button(self.tr("It is gone"), clicked=lambda: self._answer(True))
        self.there = Button(self.tr("It is still there"), clicked=lambda: self._answer(False))
        for button in (self.gone, self.there):
            button.setAccessibleName(f"{title}: {button.text()}")
        self.body.addWidget(Text(f"{number}. {title}", "strong"))
        self.body.addWidget(self._text)
        self.body.addLayout(self._result)
        self.body.addLayout(Flow(self.gone, self.there))

    def show_step(self, step: CheckStep) -> None:
        words = self._walk.words
        self._text.setText(words.tell(step.text))
        clear(self._result)
        if step.done:
            level = Level.FINE if step.done.gone else Level.ASK
            day = step.done.at.astimezone(self._walk.desk.clock().tzinfo)
            key = "gone" if step.done.gone else "there"
            told = words.say(f"closing.look.result.{key}", day=day)
            self._result.addWidget(Badge(words, level, told))
            self._result.addStretch(1)

    def _answer(self, gone: bool) -> None:
        self._walk.do(self._walk.closing.answer, self._walk.site, self._step, gone)


class LookScreen(Screen):
    """From a certain day on; looking earlier is possible, and said to prove less."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk)
        self._site, self._url, self._opened = "", "", False
        self.heading.setText(self.say("closing.look.title"))
        self._early = Text()
        self._note = remark(self._early, "clock")
        self.body.addWidget(self._note)
        self.body.addWidget(Text(self.say("closing.look.intro"), "dim"))
        self.open_site = Button(self.tr("Open the site"), "primary", "link", self._open)
        self.body.addLayout(Flow(self.open_site))
        self.cards = {step: LookCard(walk, step, number) for number, step in enumerate(Gone, 1)}
        for card in self.cards.values():
            self.body.addWidget(card)
        self.sure = quiet(self.tr("I know that it is gone"), self._note_gone, "fine")
        self.body.addLayout(Flow(self.sure))

    def show_standing(self, standing: Standing) -> None:
        account = standing.account
        if account.site != self._site:
            self._site, self._opened = account.site, False
        self._url = f"https://{account.site}" if account.place is Place.WEB else ""
        early = standing.check_day is None or standing.check_day > standing.today
        if standing.why_check_day is not None:
            self._early.setText(self.walk.words.tell(standing.why_check_day))
        else:
            self._early.setText(self.say("closing.look.not-asked"))
        self._note.setVisible(early)
        for step in standing.checks:
            self.cards[step.step].show_step(step)
        self._open_steps = [step.step for step in standing.checks if step.done is None]
        self.open_site.setVisible(bool(self._url))
        self._show_roles()

    def _show_roles(self) -> None:
        """First go there, then answer one look after the other."""
        opened = self._opened or not self._url
        self.open_site.change_role("plain" if opened else "primary")
        following = self._open_steps[0] if opened and self._open_steps else None
        for step, card in self.cards.items():
            card.gone.change_role("primary" if step is following else "plain")

    def _open(self) -> None:
        self._opened = True
        self._show_roles()
        self.walk.desk.open_link(self._url)
        first = self.first()
        if first:
            attend(first)

    def _note_gone(self) -> None:
        self.walk.set_state(CaseState.GONE)
