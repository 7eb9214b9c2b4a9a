"""Which accounts the list shows: a few boxes to choose from, and a line that says so."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from guardian.accounts.model import CaseState, Confidence, Queue, UseClass
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.choice import Choice
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import column, plain, row
from guardian.ui.kit.page import SearchField
from guardian.ui.pages.accounts.book import Book, Wanted

LETTERS = 14  # of a wish, always seen
UNDECIDED = frozenset(state for state in CaseState if not state.is_decided)
OPEN = frozenset(state for state in CaseState if state.is_open)
STATES = {
    "all": frozenset[CaseState](),
    "undecided": UNDECIDED,
    "open": OPEN,
    "keep": frozenset({CaseState.KEEP}),
    "gone": frozenset({CaseState.GONE}),
}


class Filters(QWidget):
    """``changed`` comes with every new wish; see :meth:`wanted`."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._bar = ""
        self.search = SearchField(self.tr("Search by site or name"))
        self.more = Button(self.tr("More filters"), "quiet", "forward", self._show_more)
        self.state = Choice(self.tr("Where they stand"), LETTERS)
        self.whose = Choice(self.tr("Whose accounts"), LETTERS)
        self.clear_all = Button(self.tr("Show all"), "quiet", "close", self.clear)
        self.use = Choice(self.tr("How long they lie unused"), LETTERS)
        self.sure = Choice(self.tr("How sure it is"), LETTERS)
        self.queue = Choice(self.tr("How they can be closed"), LETTERS)
        self._boxes = (self.state, self.whose, self.use, self.queue, self.sure)
        first = row(gap=8)
        first.addWidget(self.search, 1)
        first.addWidget(self.more)
        second = Flow(self.state, self.whose, self.clear_all, gap=8)
        self._rest = plain(Flow(self.use, self.queue, self.sure, gap=8))
        self.setLayout(column(first, plain(second), self._rest, gap=8))
        self.clear_all.hide()
        self._rest.hide()
        self.search.textChanged.connect(self.changed)
        for box in self._boxes:
            box.currentIndexChanged.connect(self.changed)

    def _show_more(self) -> None:
        opening = self._rest.isHidden()
        self._rest.setVisible(opening)
        self.more.setText(self.tr("Fewer filters") if opening else self.tr("More filters"))
        self.more.icon_name = "down" if opening else "forward"
        self.more.dress()

    def show_states(self, book: Book) -> None:
        """Offer what there is, with how many there are of each."""
        say, states = self._desk.words.say, book.count_states()
        self.state.offer(
            [
                (
                    say(
                        f"accounts.page.show.{key}",
                        count=len(book.lines) if key == "all" else sum(states[s] for s in wanted),
                    ),
                    key,
                )
                for key, wanted in STATES.items()
            ]
        )

    def show_found(self, book: Book) -> None:
        """What no decision changes; counted once for each search."""
        say = self._desk.words.say
        tally = book.tally
        self.use.offer([(self.tr("Used whenever"), None), *(
            (f"{say(f'accounts.class.{one.value}')} ({tally.uses[one]:,})", one) for one in UseClass
        )])  # fmt: skip
        self.sure.offer([(self.tr("Sure or not"), None), *(
            (f"{say(f'accounts.page.sure.{one.value}')} ({tally.sure[one]:,})", one)
            for one in Confidence if one is not Confidence.CONTACT
        )])  # fmt: skip
        names = {
            Queue.QUICK: self.tr("Quick wins"),
            Queue.LETTER: self.tr("Worth a letter"),
            Queue.EMPTY: self.tr("Cannot be closed"),
        }
        self.queue.offer([(self.tr("Closed in any way"), None), *(
            (f"{names[one]} ({len(book.work[one]):,})", one) for one in Queue
        )])  # fmt: skip
        people = sorted(tally.people)
        self.whose.offer([(self.tr("Everybody’s"), ""), *(
            (f"{name} ({tally.people[name]:,})", name) for name in people
        )])  # fmt: skip
        self.whose.setVisible(len(people) > 1)

    def wanted(self) -> Wanted:
        return Wanted(
            text=self.search.text().strip(),
            states=STATES.get(self.state.currentData() or "all", frozenset()),
            use_class=self.use.currentData(),
            confidence=self.sure.currentData(),
            person=self.whose.currentData() or "",
            queue=self.queue.currentData(),
            bar=self._bar,
        )

    def show_clear(self) -> None:
        """The way back to all, where some are left out."""
        some = not replace(self.wanted(), text="").all
        if some == self.clear_all.isHidden():
            self.clear_all.setVisible(some)

    def want_bar(self, key: str) -> None:
        """Only one year of the chart, and nothing else."""
        self._reset()
        self._bar = key
        self.changed.emit()

    @property
    def bar(self) -> str:
        return self._bar

    def want_state(self, key: str) -> None:
        self.state.choose(key)
        self.changed.emit()

    def clear(self) -> None:
        self._reset()
        self.changed.emit()

    def _reset(self) -> None:
        """Want everything, without a word: the field needs its own signals for its cross."""
        self._bar = ""
        self.search.textChanged.disconnect(self.changed)
        self.search.clear()
        self.search.textChanged.connect(self.changed)
        for box in self._boxes:
            with QSignalBlocker(box):
                box.setCurrentIndex(0)
