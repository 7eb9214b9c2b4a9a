"""The concrete things a document names: how long, with whom, whom to write to, since when."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Explanation, Fact
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.fields import Fields
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.telling import Voice, quoted

ORDER = (
    "period", "recipients", "contact", "date", "deadline", "country", "law", "amount", "data",
)  # fmt: skip
AT_ONCE, MOST = 3, 9
DATES_MOST = 2
VALUE_MOST = 64  # characters


class FactsCard(Card):
    """``place_asked`` carries start and end of a fact in the document."""

    place_asked = Signal(int, int)

    def __init__(self, voice: Voice, explanation: Explanation) -> None:
        super().__init__(gap=14)
        self._voice = voice
        self.body.addWidget(Text(voice.words.say("clauses.page.facts"), "heading"))
        kinds = sort_facts(voice.told, explanation.facts)
        self.any = bool(kinds)
        self.body.addWidget(plain(Fields(*(self._kind(*kind) for kind in kinds.items()), gap=16)))

    def _kind(self, said: str, facts: list[Fact]) -> QWidget:
        """All facts of one kind below its name."""
        box = column(Text(said, "small"), gap=4)
        for fact in facts[:AT_ONCE]:
            box.addWidget(self._value(said, fact))
        rest = facts[AT_ONCE:MOST]
        if rest:
            more = self.tr("{count} more").format(count=len(rest))
            fold = Fold(more, more)
            fold.button.setAccessibleName(f"{said}: {more}")
            fold.add(*(self._value(said, fact) for fact in rest))
            box.addWidget(fold)
        box.addStretch(1)
        return plain(box)

    def _value(self, said: str, fact: Fact) -> QWidget:
        text = quoted(fact.text, VALUE_MOST)
        value = Text(text, "strong")
        if text.endswith("…"):
            value.setToolTip(quoted(fact.text))
        show = Button("", "quiet", "forward", lambda: self.place_asked.emit(fact.start, fact.end))
        name = self.tr("Show in the document")
        show.setToolTip(name)
        show.setAccessibleName(f"{name}: {said}, {text}")
        line = row(gap=4)
        line.addWidget(value, 1)
        line.addWidget(show)
        return plain(line)


def sort_facts(told: Words, facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    """By what they are called, in the order of interest; each text once, and few dates."""
    kinds: dict[str, dict[str, Fact]] = {}
    dates: set[str] = set()
    known = (fact for fact in facts if fact.name in ORDER)
    for fact in sorted(known, key=lambda one: (ORDER.index(one.name), not one.of, one.start)):
        if name := call(told, fact):
            text = " ".join(fact.text.casefold().split())
            if fact.name == "date":
                if text in dates or len(dates) == DATES_MOST:
                    continue
                dates.add(text)
            kinds.setdefault(name, {}).setdefault(text, fact)
    return {name: list(found.values()) for name, found in kinds.items()}


def call(told: Words, fact: Fact) -> str:
    """What a fact is called, by what it is about; empty for one that says little by itself."""
    for code in (f"clauses.fact.{fact.name}.{fact.of}", f"clauses.fact.{fact.name}"):
        if code in told:
            return told.say(code, value="").strip(" :：")
    return ""
