"""One program that deserves a question: what was seen, why it matters, what can be done."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtGui import QGuiApplication

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.processes.model import Finding, Hit, Scan
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.layout import Card, Item, Line, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling


class FindingCard(Card):
    """Shows one finding of ``scan``; everything from programs is shown as plain text."""

    def __init__(self, words: Words, scan: Scan, finding: Finding, now: datetime) -> None:
        super().__init__(gap=10, margin=24)
        self.finding = finding
        self._words, self._scan, self._now = words, scan, now
        self.body.addLayout(row(Badge(words, finding.level), None))
        for number, hit in enumerate(finding.hits):
            if number:
                self.body.addSpacing(4)
                self.body.addWidget(Line())
                self.body.addSpacing(4)
            self.body.addLayout(self._hit(hit, "strong" if number else "heading"))
        self.body.addSpacing(4)
        facts = [
            Text(telling.breakable(line), "small").selectable()
            for line in telling.about_finding(words, finding, now)
        ]
        self.body.addWidget(Card(*facts, role="well", gap=5, margin=14))
        self.advice = self._advice()
        self.details = self._details()
        self.body.addLayout(column(self.advice, self.details, gap=2))

    def _hit(self, hit: Hit, role: str) -> Item:
        """What one rule saw, why that matters, and the honest reason.

        Each sentence names the program, so the card has no other title: ``role`` makes it one.
        """
        words = self._words
        act = self.finding.level is Level.ACT
        why = self.tr("Why it matters") if act else self.tr("Why it is worth a question")
        plain = telling.breakable(telling.told(words, hit.plain(self.finding.program.name)))
        return column(
            Text(plain, role),
            5,
            Text(why, "small"),
            Text(words.tell(hit.why())),
            5,
            Text(self.tr("What an honest reason would be"), "small"),
            Text(words.tell(hit.honest())),
            gap=3,
        )

    def _advice(self) -> Fold:
        words = self._words
        fold = Fold(self.tr("What can I do?"), self.tr("What can I do?"))
        fold.button.setAccessibleName(self._named(self.tr("What can I do about “{name}”?")))
        if telling.may_be_watched(self.finding):
            fold.add(Text(words.say("processes.page.careful"), "strong"))
        for advice in dict.fromkeys(words.tell(hit.do()) for hit in self.finding.hits):
            fold.add(bullet(advice))
        fold.add(Text(words.say("processes.page.no-ending"), "dim"))
        if self.finding.level is Level.ACT:
            fold.toggle()
        return fold

    def _details(self) -> Fold:
        fold = Fold(self.tr("Technical details"), self.tr("Hide the technical details"))
        fold.button.setAccessibleName(self._named(self.tr("Technical details of “{name}”")))
        for line in telling.technical(self._words, self.finding):
            fold.add(Text(telling.breakable(line), "small").selectable())
        self.copy = Button(self.tr("Copy details"), icon_name="copy", clicked=self._copy)
        self.copy.setAccessibleName(self._named(self.tr("Copy details of “{name}”")))
        self._copied = Text(self._words.say("processes.page.copy"), "small")
        fold.add(row(self.copy, None), self._copied)
        return fold

    def _named(self, text: str) -> str:
        return text.format(name=telling.visible(self.finding.program.name))

    def _copy(self) -> None:
        text = telling.report(self._words, self._scan, self.finding, self._now)
        QGuiApplication.clipboard().setText(text)
        self._copied.setText(self._words.say("processes.page.copied"))
