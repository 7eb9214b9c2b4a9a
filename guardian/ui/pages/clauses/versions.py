"""What changed between two versions of a document: the worst first, wording folded away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Change, Clause, Reworded, Shift, VersionChange
from guardian.clauses.telling import (
    count_changes,
    count_sentences,
    name_change,
    name_kind,
    only_wording,
    shareable,
    shorten,
)
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.fields import Fields
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import Quote

LEVELS = {Shift.WORSE: Level.ASK, Shift.BETTER: Level.FINE, Shift.OTHER: None}
MOST_CARDS, MOST_SENTENCES = 60, 60
SENTENCE_MOST = 400


class VersionsPanel(QWidget):
    """``save_asked`` carries the VersionChange.

    ``told`` speaks of clauses, ``words`` the rest. ``remembered``: the text of the old version is
    not at hand, so that its sentences can only be counted.
    """

    save_asked = Signal(object)

    def __init__(
        self,
        words: Words,
        change: VersionChange,
        *,
        remembered: bool = False,
        told: Words | None = None,
    ) -> None:
        super().__init__()
        self._words, self._told = words, told or words
        self.change = change
        self.headline = count_changes(words, change)
        self.cards = [ChangeCard(words, self._told, one) for one in change.changes[:MOST_CARDS]]
        self.wording = self._wording(remembered=remembered)
        items: list[QWidget] = [self._head(), *self.cards]
        if len(change.changes) > MOST_CARDS:
            items.append(Text(words.say("clauses.change.first", most=MOST_CARDS), "dim"))
        items += [*self.wording, Text(words.say("clauses.not-legal-advice"), "small")]
        self.area = scrolling(*items, None, gap=12)
        self.setLayout(column(self.area))

    def _head(self) -> QWidget:
        """The whole in one sentence, and the way to keep it."""
        words, change = self._words, self.change
        versions = words.say(
            "clauses.change.versions",
            old=shareable(change.old_title),
            new=shareable(change.new_title),
        )
        self.save = Button(
            words.say("clauses.report.save"), "plain", "save", lambda: self.save_asked.emit(change)
        )
        if not change.changes:
            same = not self.wording and bool(change.same)
            more = "clauses.change.nothing.same" if same else "clauses.change.nothing.more"
            return EmptyState(
                "clauses",
                self.headline,
                words.say(more),
                extra=(row(None, self.save, None),),
            )
        line = row(gap=12)
        line.addWidget(Text(versions, "dim"), 1)
        line.addWidget(self.save)
        return plain(line)

    def _wording(self, *, remembered: bool) -> list[QWidget]:
        """Sentences that differ without a change in a clause, folded away."""
        words, change = self._words, only_wording(self.change)
        if remembered:
            known = change.same or change.added or change.gone or change.come
            return [Text(count_sentences(words, self.change), "small")] if known else []
        folds: list[QWidget] = []
        for code, sentences in (
            ("clauses.change.wording", change.reworded),
            ("clauses.change.sentences.added", change.added),
            ("clauses.change.sentences.removed", change.removed),
        ):
            if sentences:
                folds.append(
                    SentenceFold(
                        words, self._told, words.say(code, count=len(sentences)), sentences
                    )
                )
        return folds


class ChangeCard(Card):
    """One change with the words of both versions."""

    def __init__(self, words: Words, told: Words, change: Change) -> None:
        super().__init__(gap=10, margin=18)
        self.change = change
        self._told = told
        shift = words.say(f"clauses.diff.{change.shift.value}")
        self.plain = name_change(told, change)
        self.body.addLayout(row(Badge(words, LEVELS[change.shift], shift), None))
        self.body.addWidget(Text(self.plain, "strong"))
        self.body.addLayout(
            Fields(
                side(words, "before", change.old),
                side(words, "after", change.new),
            )
        )
        one = change.new or change.old
        if change.shift is not Shift.OTHER and one is not None:
            self._name = one.id
            self.fold = Fold(self.tr("Why it matters"), self.tr("Show less"))
            self.fold.button.setAccessibleName(
                self.tr("Why it matters: {what}").format(what=self.plain)
            )
            self.fold.button.clicked.connect(self._add_why)
            self.body.addWidget(self.fold)

    def _add_why(self) -> None:
        if not self.fold.inner.count():
            self.fold.add(Text(self._told.say(f"clauses.why.{self._name}")))


class SentenceFold(Fold):
    """Sentences of both versions, made when they are asked for: there may be hundreds."""

    def __init__(
        self, words: Words, told: Words, title: str, sentences: Sequence[Reworded]
    ) -> None:
        super().__init__(title, title)
        self._words, self._told = words, told
        # those with a clause in them first, each part in the order of the document
        self._sentences = sorted(sentences, key=lambda one: not one.kinds)
        self.button.clicked.connect(self._add_sentences)

    def _add_sentences(self) -> None:
        if self.inner.count():
            return
        words = self._words
        for one in self._sentences[:MOST_SENTENCES]:
            box = Card(role="well", margin=14)
            if one.old and one.new:
                before = passage(words.say("clauses.change.before"), one.old)
                after = passage(words.say("clauses.change.after"), one.new)
                box.body.addLayout(Fields(before, after))
            else:
                box.body.addWidget(Quote(shorten(one.old or one.new, SENTENCE_MOST)))
            if one.kinds:
                names = " · ".join(name_kind(self._told, kind) for kind in one.kinds)
                box.body.addWidget(Text(words.say("clauses.change.about", kinds=names), "small"))
            self.add(box)
        if len(self._sentences) > MOST_SENTENCES:
            self.add(Text(words.say("clauses.change.first", most=MOST_SENTENCES), "small"))


def side(words: Words, when: str, clause: Clause | None) -> QWidget:
    """What one version says, or that it says nothing about it."""
    title = words.say(f"clauses.change.{when}")
    if clause is None:
        text = Text(words.say(f"clauses.change.absent.{when}"), "dim")
        return plain(column(Text(title, "small"), text, None, gap=5))
    return passage(title, clause.quote)


def passage(title: str, text: str) -> QWidget:
    return plain(column(Text(title, "small"), Quote(shorten(text, SENTENCE_MOST)), None, gap=5))
