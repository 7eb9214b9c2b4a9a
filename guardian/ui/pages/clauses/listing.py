"""The clauses one by one: sorted, filtered, built a few at a time, with what is left to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Clause, Direction, Explanation, Understood
from guardian.core.feature import Level
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.choice import Choice
from guardian.ui.kit.gradual import Gradual
from guardian.ui.kit.layout import Remembering, column, make_room, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import ClauseCard, LeftCard, PassageCard
from guardian.ui.pages.clauses.helping import Helping
from guardian.ui.pages.clauses.telling import Voice, words_with_lead

LEFT = "left"
AT_ONCE = 25  # cards before a button offers the others
GRAVE, IN_ORDER = "grave", "document"
LEVELS = (Level.ACT, Level.ASK, Level.FINE)
FOLDED = GOOD, ORDINARY = "good", "ordinary"


@dataclass(frozen=True)
class Wanted:
    """Which cards are listed: all, those of a ``level`` and a ``group``, or what is ``left``."""

    level: Level | None = None
    group: str = ""
    left: bool = False

    def fits(self, clause: Clause) -> bool:
        level = self.level is None or clause.level is self.level
        return level and not self.left and self.group in ("", clause.group)


class ClauseList(QWidget):
    """``asked`` carries a Clause or an Understood to be shown in the document; ``changed`` tells
    that others are listed now. What is in the reader’s favour and what is ordinary lies folded
    below the rest. Nothing is built before it is first seen or asked for.
    """

    asked = Signal(object)
    changed = Signal()

    def __init__(self, voice: Voice, explanation: Explanation, helping: Helping) -> None:
        super().__init__()
        self._voice, self._explanation, self._helping = voice, explanation, helping
        self.groups = dict(enumerate(explanation.groups(), 1))
        self.left = explanation.left()
        self.wanted = Wanted()
        self.opened: set[str] = set()  # of FOLDED
        self.in_order = False  # that of the document, not the gravest first
        self._most = AT_ONCE
        self._cards: dict[int, PassageCard] = {}  # by number; passages left by minus their place
        self._chosen = self._revealed = 0
        self.gradual = Gradual(self)
        self.gradual.rested.connect(self._rest)

    def _furnish(self) -> None:
        """Make what is seen, when it is first needed."""
        if self.layout() is not None:
            return
        self.levels = self._choice(self.tr("Which points to list"), self._offer_levels())
        self.topics = self._choice(self.tr("What they are about"), self._offer_topics())
        say = self._voice.words.say
        self.order = self._choice(
            self.tr("In which order"),
            [
                (say("clauses.page.order.grave"), GRAVE),
                (say("clauses.page.order.document"), IN_ORDER),
            ],
        )
        self.count = Text(role="small")
        self._column = Remembering(gap=12)
        self.more = Button("", "plain", "add", self._show_more)
        self.folds = {
            name: Button("", "quiet", "forward", partial(self._turn, name)) for name in FOLDED
        }
        for button in (self.more, *self.folds.values()):
            self._column.addWidget(button)
            button.hide()
        self.area = scrolling(plain(self._column), None, gap=12)
        first, second = row(gap=8), row(gap=8)
        first.addWidget(self.levels, 1)
        first.addWidget(self.topics, 1)
        second.addWidget(self.count, 1)
        second.addWidget(self.order)
        box = column(first, second, gap=8)
        box.addWidget(self.area, 1)
        self.setLayout(box)

    def _choice(self, name: str, options: Sequence[tuple[str, str]]) -> Choice:
        box = Choice(name)
        box.offer(options)
        box.currentIndexChanged.connect(self._choose)
        return box

    def _offer_levels(self) -> list[tuple[str, str]]:
        """What there is, with how many there are of each."""
        say, firsts = self._voice.words.say, [group[0] for group in self.groups.values()]
        levels = [(say("clauses.page.show.all", count=len(firsts)), "")]
        for level in LEVELS:
            if some := sum(one.level is level for one in firsts):
                levels.append((say(f"clauses.page.show.{level.value}", count=some), level.value))
        if self.left:
            levels.append((say("clauses.page.show.left", count=len(self.left)), LEFT))
        return levels

    def _offer_topics(self) -> list[tuple[str, str]]:
        say = self._voice.words.say
        groups = dict.fromkeys(group[0].group for group in self.groups.values() if group[0].group)
        named = [(say(f"clauses.page.group.{group}"), group) for group in groups]
        return [(say("clauses.page.group.all"), ""), *named]

    def _choose(self) -> None:
        level = self.levels.currentData()
        self.in_order = self.order.currentData() == IN_ORDER
        if level == LEFT:
            self.want(Wanted(left=True))
        else:
            self.want(Wanted(Level(level) if level else None, self.topics.currentData()))

    def want(self, wanted: Wanted) -> None:
        """List other cards, from the top."""
        self.wanted, self._most = wanted, AT_ONCE
        self.opened.clear()
        self._furnish()
        self.levels.choose(LEFT if wanted.left else wanted.level.value if wanted.level else "")
        self.topics.choose(wanted.group)
        self.area.verticalScrollBar().setValue(0)
        self.show_cards()

    # cards

    def show_cards(self) -> None:
        """Build and arrange what is wanted, a few cards at a time."""
        self._furnish()
        many = self.topics.count() > 2
        self.topics.setVisible(many and not self.wanted.left)
        self.order.setVisible(len(self.groups) > 1 and not self.wanted.left)
        self.count.setText(self._tell_count())
        self.changed.emit()
        self.gradual.run(self._arrange())

    def keys(self) -> list[int]:
        """All cards wanted, in their order."""
        if self.wanted.left:
            return [-one.start - 1 for one in self.left]
        fitting = [key for key, group in self.groups.items() if self.wanted.fits(group[0])]
        if self.in_order:
            fitting.sort(key=lambda key: min(clause.start for clause in self.groups[key]))
        return fitting

    def parts(self) -> dict[str, list[int]]:
        """The same, with what lies folded apart from the rest; where there is no rest, or the
        person chose what to see, nothing is folded."""
        keys = self.keys()
        parts = dict[str, list[int]]()
        if self.wanted.level is None and not self.in_order:
            for key in keys:
                parts.setdefault(part_of(self.groups[key][0]) if key > 0 else "", []).append(key)
        if "" not in parts:
            return {"": keys}
        return {name: parts[name] for name in ("", *FOLDED) if name in parts}

    def listed(self) -> list[int]:
        """The cards wanted that are not folded away."""
        return [
            key
            for name, keys in self.parts().items()
            if not name or name in self.opened
            for key in keys
        ]

    def _arrange(self) -> Iterator[None]:
        parts = self.parts()
        every = parts.pop("")
        keys = every[: self._most]
        if self._chosen in every[self._most :]:  # not all that lie before it, too
            keys.append(self._chosen)
        more = len(every) - len(keys)
        seen = {*keys, *(key for name in parts if name in self.opened for key in parts[name])}
        for key, card in list(self._cards.items()):
            self._column.removeWidget(card)
            if key not in seen:  # hundreds of them would make every change of colours slow
                card.hide()
                self._cards.pop(key).deleteLater()
        for button in (self.more, *self.folds.values()):
            self._column.removeWidget(button)
        self.more.setVisible(more > 0)
        for name, button in self.folds.items():
            button.setVisible(name in parts)
        yield
        yield from self._put(keys)
        if more:
            self.more.setText(self._voice.words.say("clauses.page.show-more", count=more))
            self._put_button(self.more)
        for name, folded in parts.items():
            self._name_fold(name, len(folded))
            self._put_button(self.folds[name])
            if name in self.opened:
                yield from self._put(folded)

    def _put(self, keys: Sequence[int]) -> Iterator[None]:
        """Cards at the end of the column, built where they are not yet."""
        for key in keys:
            if key not in self._cards:
                self._cards[key] = self._build(key)
                yield
            self._column.addWidget(self._cards[key])
            make_room(self._cards[key])
            yield

    def _put_button(self, button: Button) -> None:
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        make_room(button)

    def _name_fold(self, name: str, count: int) -> None:
        button = self.folds[name]
        button.setText(self._voice.words.say(f"clauses.page.fold.{name}", count=count))
        button.icon_name = "down" if name in self.opened else "forward"
        button.dress()

    def _turn(self, name: str) -> None:
        """Unfold a part, or put it away."""
        self.opened ^= {name}
        self.show_cards()

    def _build(self, key: int) -> PassageCard:
        card: PassageCard
        if key > 0:
            words = partial(words_with_lead, self._explanation)
            card = ClauseCard(self._voice, self.groups[key], key, self._helping, words)
        else:
            passage = next(one for one in self.left if one.start == -key - 1)
            text = self._explanation.document.text[passage.start : passage.end]
            card = LeftCard(self._voice, passage, text)
        card.asked.connect(self.asked)
        card.set_chosen(key == self._chosen)
        return card

    def _rest(self) -> None:
        if not self._revealed:
            return
        if self._listed(self._revealed) or self._revealed not in self.listed():
            self._scroll_to(self._revealed)
        else:  # it was asked for while others were being arranged
            self.show_cards()

    def _show_more(self) -> None:
        self._most += AT_ONCE
        self.show_cards()

    def showEvent(self, event: QShowEvent) -> None:
        """Built when first seen: as long as it is not, nobody waits for it."""
        super().showEvent(event)
        if not self._cards:
            self.show_cards()

    def card(self, key: int) -> PassageCard | None:
        """The card of a number, once it is built."""
        return self._cards.get(key)

    # going from place to place

    def stops(self) -> list[Clause | Understood]:
        """Every place of what is listed, in document order."""
        if self.wanted.left:
            return list(self.left)
        fitting = [one for key in self.listed() for one in self.groups[key]]
        return sorted(fitting, key=lambda clause: (clause.start, clause.end))

    def reveal(self, one: Clause | Understood) -> None:
        """Choose the card of a place and bring it into view; it is listed if it was not."""
        if isinstance(one, Clause):
            key = next(key for key, group in self.groups.items() if one in group)
            wanted = self.wanted if self.wanted.fits(one) else Wanted()
        else:
            key, wanted = -one.start - 1, Wanted(left=True)
        if wanted != self.wanted:
            self.want(wanted)
        part = next((name for name, keys in self.parts().items() if key in keys), "")
        if part and part not in self.opened:
            self.opened.add(part)
            self.changed.emit()
        self._mark(key)
        self._revealed = key
        if not self.gradual.busy and not self._listed(key):
            self.show_cards()
        elif not self.gradual.busy:
            self._scroll_to(key)
        card = self._cards.get(key)
        if isinstance(card, ClauseCard):
            card.show_place(one.start)

    def _listed(self, key: int) -> bool:
        card = self._cards.get(key)
        return card is not None and not card.isHidden()

    def _mark(self, key: int) -> None:
        for number in (self._chosen, key):
            if number in self._cards:
                self._cards[number].set_chosen(number == key)
        self._chosen = key

    def _scroll_to(self, key: int) -> None:
        self._revealed = 0
        card, inner = self._cards.get(key), self.area.widget()
        if card is None or inner is None:
            return
        inner.layout().activate()
        top = card.mapTo(inner, QPoint()).y() - theme.px(4)
        bar = self.area.verticalScrollBar()
        if not bar.value() <= top <= bar.value() + self.area.viewport().height() - card.height():
            bar.setValue(top)

    def _tell_count(self) -> str:
        say = self._voice.words.say
        if self.wanted.left:
            return say("clauses.page.left.why")
        parts = self.parts()
        keys = parts[""]
        places = sum(len(self.groups[key]) for key in keys)
        if not keys:
            return say("clauses.page.none-listed") if self.groups else say("clauses.page.nothing")
        if len(parts) > 1:
            return say("clauses.page.kinds.first", count=len(keys))
        return say("clauses.page.kinds", count=len(keys), places=places)


def part_of(clause: Clause) -> str:
    """What is folded with others of its kind: nothing that is worth a question."""
    if clause.level is not Level.FINE:
        return ""
    return GOOD if clause.direction is Direction.GOOD else ORDINARY
