"""What can be done about a program: first calm, then advice, and last, if at all, ending it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from guardian.core.words import Words
from guardian.processes.model import Finding
from guardian.processes.service import Ended
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import confirm
from guardian.ui.kit.fold import bullet
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.doings import Doings

SAFETY = ("noticed", "other-device", "evidence", "help", "danger")
REMOTE = "product-remote"


def safety_notice(words: Words, finding: Finding) -> Card:
    """To be read before anything is done about a program that may watch somebody."""
    remote = any(hit.rule == REMOTE for hit in finding.hits)
    names = (*SAFETY, "stranger") if remote else SAFETY
    told = column(
        Text(words.say("processes.safety.title"), "strong"),
        *(bullet(words.say(f"processes.safety.{name}")) for name in names),
        gap=6,
    )
    line = row(Icon("info", "accent", 22), top=True)
    line.addLayout(told, 1)
    card = Card(role="tint", margin=16)
    card.body.addLayout(line)
    return card


class Advice:
    """Fills the part of a card that opens under «What can I do?»."""

    def __init__(
        self, words: Words, finding: Finding, doings: Doings, owner: QWidget, *, fresh: bool
    ) -> None:
        self._words, self._finding, self._doings = words, finding, doings
        self._owner, self._fresh = owner, fresh
        self.ending: Button | None = None
        self.ended = Text(role="strong")

    def fill(self, box: QVBoxLayout) -> None:
        words, finding = self._words, self._finding
        if finding.watching:
            box.addWidget(safety_notice(words, finding))
        advised = list(dict.fromkeys(telling.told(words, hit.do()) for hit in finding.hits))
        show = bullet if len(advised) > 1 else Text
        for advice in advised:
            box.addWidget(show(advice))
        box.addWidget(Text(words.say("processes.page.no-ending"), "dim"))
        if self._fresh and finding.program.running and self._doings.endable(finding.program):
            self._offer_ending(box)

    def _offer_ending(self, box: QVBoxLayout) -> None:
        say, name = self._words.say, telling.visible(self._finding.program.name)
        self.ending = Button(say("processes.page.end"), "quiet", "stop", self._ask)
        self.ending.setAccessibleName(say("processes.page.end.name", name=name))
        self.ended.hide()
        box.addLayout(row(self.ending, None))
        box.addWidget(self.ended)

    def _ask(self) -> None:
        say, program = self._words.say, self._finding.program
        parts = [say("processes.page.end.what", count=len(program.pids))]
        if program.starts_by_itself:
            parts.append(say("processes.page.end.again"))
        if self._finding.watching:
            parts.append(say("processes.page.end.noticed"))
        agreed = confirm(
            self._owner.window(),
            say("processes.page.end.title", name=telling.breakable(telling.visible(program.name))),
            " ".join(parts),
            say("processes.page.end.yes"),
            say("processes.page.end.no"),
            careful=True,
        )
        if agreed:
            self._doings.end(program, self._tell_ended)

    def _tell_ended(self, ended: Ended) -> None:
        if self.ending is None or not isValid(self.ending):
            return  # a new look has taken the place of the card meanwhile
        self.ending.setVisible(bool(ended.left))
        kind = "left" if ended.left else "ended"
        self.ended.setText(self._words.say(f"processes.page.{kind}"))
        self.ended.show()
