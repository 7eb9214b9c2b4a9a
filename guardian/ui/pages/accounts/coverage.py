"""What a search looked at, and what it could not: never passed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal

from guardian.accounts.model import Found, NotRead, Source
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import bullet
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, plain, row
from guardian.ui.kit.text import Text


class CoverageLine(Card):
    """One sentence about it. ``asked``: the whole is wanted; ``looking``: a new search."""

    asked = Signal()
    looking = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(role="well", margin=12)
        self._desk = desk
        self._icon = Icon("info", "dim", 20)
        self._text = Text()
        self.again = Button(self.tr("Look again"), "quiet", "refresh", self.looking.emit)
        self.button = Button("", "quiet", clicked=self.asked.emit)
        line = row(self._icon, gap=10)
        line.addWidget(self._text, 1)
        line.addWidget(plain(Flow(self.again, self.button, gap=4)))
        self.body.addLayout(line)
        self.body.setContentsMargins(12, 5, 8, 5)
        self.show_open(False)

    def show_found(self, found: Found) -> None:
        say = self._desk.words.say
        troubled = {one.source.key for one in found.not_read}
        if troubled:
            text = say("accounts.page.coverage.trouble", count=len(troubled))
        else:
            day = found.looked_at.astimezone(self._desk.clock().tzinfo)
            text = say("accounts.page.coverage.read", count=len(found.read), day=day)
        self._text.setText(text)
        self._icon.change("ask" if troubled else "info", "ask" if troubled else "dim")
        self.setProperty("role", "notice" if troubled else "well")
        self.style().unpolish(self)
        self.style().polish(self)

    def show_open(self, opened: bool) -> None:
        self.button.setText(self.tr("Hide details") if opened else self.tr("Show details"))


class Coverage(Card):
    """The whole: each source by name, with the reason where it was not read."""

    def __init__(self, words: Words, clock: Callable[[], datetime]) -> None:
        super().__init__(gap=6)
        self._words = words
        self._clock = clock

    def show_found(self, found: Found) -> None:
        self.show_refused(found.not_read)
        if found.kept:
            self._head(self.tr("Shown from an earlier search"))
        for kept in found.kept:
            day = kept.read_at.astimezone(self._clock().tzinfo)
            say = self._words.say
            text = say("accounts.page.coverage.kept", source=self._name(kept.source), day=day)
            self._add(bullet(text))
        self._list(self.tr("Not read, because you did not allow it"), found.not_allowed)
        partly = {one.source.key for one in found.not_read}
        self._list(self.tr("Read in part"), [one for one in found.read if one.key in partly])
        self._list(self.tr("Read"), [one for one in found.read if one.key not in partly])
        if found.own_network:
            self.body.addSpacing(4)
            count, hosts = len(found.own_network), ", ".join(found.own_network)
            say = self._words.say
            text = say("accounts.page.coverage.own-network", count=count, hosts=hosts)
            self._add(Text(text, "dim"))

    def show_refused(self, not_read: tuple[NotRead, ...]) -> None:
        """Only what could not be read; nothing at all is shown where there is none."""
        clear(self.body)
        if not_read:
            self._head(self.tr("Could not be read in full"))
        for one in not_read:
            self._add(Text(one.source.name if one.listing else self._name(one.source), "strong"))
            self._add(Text(self._words.tell(one.what)))
            self._add(Text(self._words.tell(one.todo), "dim"))
            self.body.addSpacing(6)

    def _list(self, head: str, sources: Sequence[Source]) -> None:
        if sources:
            self._head(head)
        for source in sources:
            self._add(bullet(self._name(source)))

    def _name(self, source: Source) -> str:
        """Whose it is, and what of it: several things of one profile are read apart."""
        what = self._words.say(f"accounts.source.{source.kind.value}")
        say = self._words.say
        return say("accounts.page.coverage.source", source=source.name, what=what)

    def _head(self, text: str) -> None:
        if self.body.count():
            self.body.addSpacing(6)
        self._add(Text(text, "heading"))

    def _add(self, text: Text) -> None:
        self.body.addWidget(text)
