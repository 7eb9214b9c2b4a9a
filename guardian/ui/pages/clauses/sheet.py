"""One reading: the sheet that sums it up, its clauses one by one, and the document beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from guardian.clauses.model import Checklist, Clause, Understood
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.gradual import Gradual
from guardian.ui.kit.layout import column, make_room, order_tabs, plain, row
from guardian.ui.kit.page import Stages
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import ClauseCard
from guardian.ui.pages.clauses.document import DocumentView
from guardian.ui.pages.clauses.edge import Mark
from guardian.ui.pages.clauses.find import FindBar
from guardian.ui.pages.clauses.helping import Helping
from guardian.ui.pages.clauses.listing import ClauseList, Wanted
from guardian.ui.pages.clauses.reading import Reading
from guardian.ui.pages.clauses.summary import Summary
from guardian.ui.pages.clauses.telling import Voice

SHORT, CLAUSES, DOCUMENT = "short", "clauses", "document"
# widths in pixels at 100 %: below the first one part at a time, from the second on always two
NARROW, WIDE = 620, 1180
LEAST = 200


class Sheet(QWidget):
    """In a narrow window one part is shown at a time; in a wide one the document always is.

    ``language_asked`` carries the language in which to explain.
    """

    language_asked = Signal(str)

    def __init__(self, voice: Voice, reading: Reading, helping: Helping) -> None:
        super().__init__()
        self.voice, self.reading = voice, reading
        explanation = reading.explanation
        self.summary = Summary(voice, reading, helping)
        self.list = ClauseList(voice, explanation, helping)
        self.view = DocumentView()
        self.view.tell = self._tell_mark
        self.find = FindBar(self.view)
        self.gradual = Gradual(self)
        self._taken_over: Mark | None = None
        self._build()
        self._connect()
        self.show_part(SHORT)
        self.gradual.rested.connect(self._rest)
        self.gradual.run(self._fill())

    def _fill(self) -> Iterator[None]:
        """What takes longest, a little at a time."""
        self.view.show_document(self.reading.shown, self._marks(), self._left())
        if self._taken_over is not None:
            self.view.choose(self._taken_over)
        self._tell_place()
        yield
        yield from self.summary.build()

    def _marks(self) -> list[Mark]:
        return [
            Mark(one.start, one.end, one.level, number)
            for number, group in self.list.groups.items()
            for one in group
        ]

    def _left(self) -> list[Mark]:
        return [Mark(one.start, one.end) for one in self.list.left]

    def _build(self) -> None:
        self.parts = Switch(self.tr("What is shown"), (SHORT, CLAUSES, DOCUMENT))
        self._left_side = Stages(**{SHORT: self.summary, CLAUSES: self.list})
        self._document_side = plain(self._build_document())
        for side in (self._left_side, self._document_side):
            side.setMinimumWidth(LEAST)  # so that both never keep the window from getting narrow
        both = row(gap=20)
        both.addWidget(self._left_side, 1)
        both.addWidget(self._document_side, 1)
        whole = column(self.parts, gap=14)
        whole.addLayout(both, 1)
        self.setLayout(whole)

    def _build_document(self) -> QVBoxLayout:
        """The document below a way to search it and a way through what is listed."""
        self.place = Text(role="small").one_line()
        self.before = Button("", icon_name="up", clicked=lambda: self.step(-1))
        self.after = Button("", icon_name="down", clicked=lambda: self.step(1))
        for button, name in (
            (self.before, self.tr("Place before (Alt+Up)")),
            (self.after, self.tr("Next place (Alt+Down)")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
        line = row(self.place, None, self.before, self.after, gap=8)
        box = column(self.find, plain(line), gap=8)
        box.addWidget(self.view, 1)
        return box

    def _connect(self) -> None:
        self.parts.chosen.connect(self.show_part)
        self.summary.languages.chosen.connect(self.language_asked)
        self.summary.place_asked.connect(self._go_to_place)
        self.summary.left_asked.connect(self.go_through_left)
        self.list.asked.connect(self.show_clause)
        self.list.changed.connect(self._tell_place)
        self.list.gradual.rested.connect(self._tell_place)
        self.list.gradual.rested.connect(self._rest)
        self.view.mark_chosen.connect(self._follow)
        for keys, act in (
            ("Alt+Down", lambda: self.step(1)),
            ("Alt+Up", lambda: self.step(-1)),
            ("F3", lambda: self.find_next(1)),
            ("Shift+F3", lambda: self.find_next(-1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)

    @property
    def busy(self) -> bool:
        """Whether parts are still being built."""
        return self.gradual.busy or self.list.gradual.busy

    def _rest(self) -> None:
        """Cards come one by one, and Qt puts the newest last."""
        if not self.busy:
            order_tabs(self)

    # what is shown

    @property
    def narrow(self) -> bool:
        return self.width() < theme.px(NARROW)

    def show_part(self, part: str) -> None:
        """The sheet, the clauses, or in a narrow window the document."""
        self.part = part
        if part != DOCUMENT:
            self._left_side.show_stage(part)
        self._arrange()

    def _arrange(self) -> None:
        names = {SHORT: self.tr("In short"), CLAUSES: self.tr("Clause by clause")}
        if self.narrow:
            names[DOCUMENT] = self.tr("The document")
        elif self.part == DOCUMENT:
            self.part = CLAUSES
            self._left_side.show_stage(CLAUSES)
        self.parts.show_choices(names, self.part)
        wide = self.width() >= theme.px(WIDE)
        self._left_side.setVisible(self.part != DOCUMENT)
        self._document_side.setVisible(wide or self.part == (DOCUMENT if self.narrow else CLAUSES))

    def show_document_side(self) -> None:
        """Make the document visible, laid out and ready to be scrolled."""
        if self.narrow:
            self.show_part(DOCUMENT)
            self.view.setFocus()
        elif self._document_side.isHidden():
            self.show_part(CLAUSES)
        self.layout().activate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def add_checklist(self, checklist: Checklist) -> None:
        """Show a list that was asked for, and bring it into view."""
        card = self.summary.checks.add(checklist)
        make_room(card)
        self._rest()
        self.summary.area.ensureWidgetVisible(card, 0, theme.px(16))

    # from place to place

    def show_clause(self, one: Clause | Understood) -> None:
        """Choose a place and bring its words into view."""
        self.list.reveal(one)
        self.show_document_side()
        self.view.choose(self._mark_of(one))
        self._tell_place()

    def show_place(self, start: int, end: int) -> None:
        """The same for any words; where they are a clause, that clause is chosen."""
        found = next(
            (
                one
                for one in self.reading.explanation.clauses
                if (one.start, one.end) == (start, end)
            ),
            None,
        )
        if found is not None:
            self.show_clause(found)
            return
        self.show_document_side()
        self.view.choose(Mark(start, end))

    def _go_to_place(self, start: int, end: int) -> None:
        """From the sheet to the document, with the keys."""
        self.show_place(start, end)
        self.view.setFocus()

    def _tell_mark(self, mark: Mark) -> str:
        """What a passage means, in one sentence."""
        if mark.number:
            return self.voice.kind(self.list.groups[mark.number][0])
        return self.voice.words.say("clauses.page.read-yourself") if mark in self.view.left else ""

    def _mark_of(self, one: Clause | Understood) -> Mark:
        marks: Sequence[Mark] = self.view.marks if isinstance(one, Clause) else self.view.left
        number = 0
        if isinstance(one, Clause):
            number = next(key for key, group in self.list.groups.items() if one in group)
        return next(
            mark for mark in marks
            if (mark.start, mark.end, mark.number) == (one.start, one.end, number)
        )  # fmt: skip

    def _follow(self, mark: Mark) -> None:
        """A passage was clicked: show its card."""
        self.view.choose(mark)
        if self.part != CLAUSES:
            self.show_part(CLAUSES)
            self.layout().activate()
        self.list.reveal(self._at(mark))
        self._tell_place()

    def _at(self, mark: Mark) -> Clause | Understood:
        pool = self.list.groups[mark.number] if mark.number else self.list.left
        return next(one for one in pool if (one.start, one.end) == (mark.start, mark.end))

    def go_through_left(self) -> None:
        """List what is left for the person, and go to the first."""
        self.list.want(Wanted(left=True))
        self.show_part(CLAUSES)
        self.show_clause(self.list.left[0])
        self.after.setFocus()

    def step(self, by: int) -> None:
        """To the next place of what is listed, in document order, round and round."""
        stops = self.list.stops()
        if not stops:
            return
        number = self._number(stops)
        if number is None:
            here = self.view.place_here()
            number = next((n for n, one in enumerate(stops) if one.start >= here), 0)
            number -= by > 0
        self.show_clause(stops[(number + by) % len(stops)])

    def _number(self, stops: Sequence[Clause | Understood]) -> int | None:
        """Which of the stops is the chosen one."""
        chosen = self.view.chosen
        if chosen is None:
            return None
        return next(
            (
                number
                for number, one in enumerate(stops)
                if (one.start, one.end) == (chosen.start, chosen.end)
                and (isinstance(one, Understood) or one in self.list.groups.get(chosen.number, ()))
            ),
            None,
        )

    def _tell_place(self) -> None:
        stops = self.list.stops()
        number = self._number(stops)
        for button in (self.before, self.after):
            button.setEnabled(bool(stops))
        if not stops:
            self.place.setText(self.tr("No place marked"))
        elif number is None:
            self.place.setText(self.tr("{count} places").format(count=len(stops)))
        else:
            self.place.setText(
                self.tr("Place {number} of {count}").format(number=number + 1, count=len(stops))
            )

    def take_over(self, other: Sheet) -> None:
        """Show what another sheet of the same document shows."""
        for card in other.summary.checks.cards.values():
            if card.checklist.law not in self.summary.checks.cards:
                self.summary.checks.add(card.checklist)
        if other.list.wanted != self.list.wanted:
            self.list.want(other.list.wanted)
        self.show_part(other.part)
        self._taken_over = other.view.chosen

    def go_back(self) -> bool:
        """Empty the search first, then return to the sheet; False when there is nothing to do."""
        if self.find.clear():
            return True
        if self.part != SHORT:
            self.show_part(SHORT)
            return True
        return False

    def find_next(self, by: int) -> None:
        """To the next find; without a search, to the field for one."""
        self.show_document_side()
        if self.find.field.text():
            self.find.step(by)
        else:
            self.find.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def card(self, number: int) -> ClauseCard | None:
        """The card of a number, once it is built."""
        card = self.list.card(number)
        return card if isinstance(card, ClauseCard) else None
