"""A lesson for whoever leads a group: its phases with notes, the demo steps, hands, handouts."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.lessons.model import Pack, Part, Showing
from guardian.lessons.telling import (
    list_needs,
    list_notes,
    name_phase,
    tell_aim,
    tell_part,
    tell_showing,
)
from guardian.ui.kit.button import Button
from guardian.ui.kit.chip import Chip
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.layout import Card, Line, column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.lessons.hands import HandsCard
from guardian.ui.pages.lessons.notes import Aside


class LeadingPanel(QWidget):
    """``gone`` carries the page to show; ``time_asked`` wants a timer for this lesson alone."""

    gone = Signal(str)
    demo_asked = Signal(bool)
    time_asked = Signal()
    paper_asked = Signal(bool)

    def __init__(self, words: Words, pack: Pack, *, pages: Collection[str], demo: bool) -> None:
        """``pages`` are those that can be shown here; ``demo``: one can be started from here."""
        super().__init__()
        self._words, self._pack = words, pack
        self.hands = HandsCard(words, pack)
        self.shows: list[Button] = []
        self.timer = Button(
            self.tr("Start the timer"), "primary", "clock", clicked=self.time_asked.emit
        )
        self.area = scrolling(
            self._aim_card(),
            Text(self.tr("The five phases"), "heading"),
            Aside(Text(words.say("lessons.page.notes.off"), "dim"), on_wall=True),
            *(self._phase_card(part) for part in pack.parts),
            Text(self.tr("Show it in the demo"), "heading"),
            self._demo_card(pages, demo),
            Text(self.tr("Five questions, with hands"), "heading"),
            self.hands,
            Text(self.tr("A page for everybody"), "heading"),
            self._paper_card(),
            None,
            gap=14,
        )
        self.setLayout(column(self.area))

    def _aim_card(self) -> Card:
        words = self._words
        length = words.say("lesson.minutes", count=self._pack.minutes)
        card = Card(Text(tell_aim(words, self._pack), "lead"), gap=12, margin=24)
        card.body.addLayout(Flow(Chip("clock", length)))
        needs = Fold(self.tr("What to bring"), self.tr("What to bring"))
        needs.add(*(bullet(one) for one in list_needs(words, self._pack)))
        card.body.addWidget(needs)
        card.body.addLayout(row(self.timer, None))
        return card

    def _phase_card(self, part: Part) -> Card:
        words = self._words
        head = row(Text(name_phase(words, part), "strong"), gap=12)
        head.addWidget(Chip("clock", words.say("lesson.minutes", count=part.minutes)))
        head.addStretch(1)
        notes = Aside(*(bullet(note, "dim") for note in list_notes(words, self._pack, part)))
        card = Card(gap=8)
        card.body.addLayout(head)
        card.body.addWidget(Text(tell_part(words, self._pack, part)))
        card.body.addWidget(notes)
        return card

    def _demo_card(self, pages: Collection[str], demo: bool) -> Card:
        words = self._words
        card = Card(gap=4)
        card.body.addWidget(
            Text(words.say("lessons.page.show.start" if demo else "lessons.page.show"), "dim")
        )
        if demo:
            card.body.addLayout(Flow(
                Button(self.tr("Show the demo"), clicked=lambda: self.demo_asked.emit(False)),
                Button(
                    self.tr("Show the demo on a projector"),
                    clicked=lambda: self.demo_asked.emit(True),
                ),
            ))  # fmt: skip
        for number, showing in enumerate(self._pack.showings):
            if number:
                card.body.addWidget(Line())
            card.body.addWidget(self._show_row(showing, pages, demo))
        return card

    def _show_row(self, showing: Showing, pages: Collection[str], demo: bool) -> QWidget:
        """In a demo the button shows its page; elsewhere it says that the page is one's own."""
        words = self._words
        line = row(Text(f"{showing.number}.", "strong").one_line(), gap=12, top=True)
        line.setContentsMargins(4, 8, 0, 8)
        beside = column(Text(tell_showing(words, self._pack, showing)), gap=4)
        if showing.page in pages:
            page = words.say(f"page.{showing.page}")
            text = self.tr("Open your own page: {page}") if demo else self.tr("Show: {page}")
            button = Button(
                text.format(page=page), "quiet" if demo else "plain", "forward",
                clicked=lambda: self.gone.emit(showing.page),
            )  # fmt: skip
            self.shows.append(button)
            beside.addLayout(row(button, None))
        line.addLayout(beside, 1)
        return plain(line)

    def _paper_card(self) -> Card:
        card = Card(Text(self._words.say("lessons.page.paper.group")), gap=12)
        card.body.addLayout(
            Flow(
                Button(
                    self.tr("Save the handout"),
                    icon_name="save",
                    clicked=lambda: self.paper_asked.emit(False),
                ),
                Button(
                    self.tr("Save it in large print"), clicked=lambda: self.paper_asked.emit(True)
                ),
            )
        )
        return card
