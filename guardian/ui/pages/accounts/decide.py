"""One account after the other to decide on, in the order of work, under the years of last use."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QWidget

from guardian.accounts.model import CaseState, Queue
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.bars import Bar, Bars
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import Stages, scrolling
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.book import Bin, Book
from guardian.ui.pages.accounts.card import AccountCard
from guardian.ui.pages.accounts.names import Names

WIDE = 700  # pixels at 100 %


class Decide(QWidget):
    """``decided`` carries a site and what is wanted for it, ``closing`` a site whose walk-through
    is wanted, ``bar`` a bar of the chart that was chosen; ``undo`` takes the last decision back,
    ``cases`` leads to the cases begun, ``all_wanted`` to the list of all."""

    decided = Signal(str, object)
    closing = Signal(str)
    bar = Signal(str)
    undo = Signal()
    cases = Signal()
    all_wanted = Signal()

    def __init__(self, desk: Desk, names: Names) -> None:
        super().__init__()
        self._desk = desk
        self._book: Book | None = None
        self._site = ""
        self.queue = Queue.QUICK
        self.switch = Switch(self.tr("Which accounts to decide on"), tuple(Queue))
        self.switch.chosen.connect(lambda key: self.show_queue(Queue(key)))
        self._count, self._bar = Text(role="small").one_line(), QProgressBar()
        self._bar.setTextVisible(False)
        self._build_said()
        self.card = AccountCard(desk, names)
        self.card.decided.connect(self.decide)
        self.card.closing.connect(lambda: self.closing.emit(self._site))
        self._none_title, self._none_text = Text(role="heading"), Text(role="dim")
        self.to_cases = Button(self.tr("Show open cases"), "primary", clicked=self.cases.emit)
        self.to_all = Button(self.tr("See all accounts"), clicked=self.all_wanted.emit)
        none = Card(self._none_title, self._none_text, Flow(self.to_cases, self.to_all), gap=10)
        self.stages = Stages(one=self.card, none=plain(column(none, None)))
        self.chart = Bars(self.tr("Last sign of use, by year"))
        self.chart.chosen.connect(self.bar)
        self._build()

    def _build_said(self) -> None:
        """What was decided last, and what may follow from it."""
        self._said_text = Text()
        self.start = Button(self.tr("Start closing"), "primary", "forward", self._start)
        self.undo_button = Button(self.tr("Undo"), "quiet", "undo", self.undo.emit)
        self.said = Card(role="tint", margin=12)
        self.said.body.addWidget(self._said_text)
        self.said.body.addWidget(plain(Flow(self.start, self.undo_button, gap=8)))
        self._said_site = ""

    def _build(self) -> None:
        """The account at the left, where the person stands at the right or below."""
        self._first = Text(self.tr("Which ones first?"), "small").one_line()
        progress = row(self._first, gap=10)
        progress.addStretch(1)
        progress.addWidget(self._count)
        progress.addWidget(self._bar, 2)
        self._progress = plain(progress)
        years = Card(Text(self.tr("Last sign of use, by year"), "strong"), self.chart, gap=6)
        years.body.addWidget(Text(self._desk.words.say("accounts.page.chart"), "small"))
        years.body.setContentsMargins(16, 14, 16, 12)
        left = plain(column(self._progress, self.switch, self.said, self.stages, None, gap=10))
        self._both = row(gap=20)
        self._both.addWidget(left, 5)
        self._both.addWidget(plain(column(years, None)), 3)
        self._column = scrolling(self._both, None)
        self.said.hide()
        self.setLayout(column(self._column))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in theme.LOOK_CHANGES:
            self._arrange()

    def _arrange(self) -> None:
        """The years beside the account, or below it where there is little room."""
        ways = QBoxLayout.Direction
        wide = self.width() >= theme.px(WIDE)
        self._both.setDirection(ways.LeftToRight if wide else ways.TopToBottom)

    def show_book(self, book: Book) -> None:
        """Take over what is known; the account shown stays shown while it is undecided."""
        if book.bins is not (self._book.bins if self._book else None):
            self.chart.show_bars([self._draw(one) for one in book.bins])
        self._book = book
        waiting = {queue: book.waiting_in(queue) for queue in Queue}
        if not waiting[self.queue] and not book.is_waiting(self._site):
            self.queue = next((queue for queue in Queue if waiting[queue]), self.queue)
        names = {
            Queue.QUICK: self.tr("Quick wins"),
            Queue.LETTER: self.tr("Worth a letter"),
            Queue.EMPTY: self.tr("Cannot be closed"),
        }
        there = [queue for queue in Queue if book.work[queue] or queue is self.queue]
        self.switch.show_choices(
            {queue: f"{names[queue]} ({waiting[queue]:,})" for queue in there}, self.queue
        )
        several = len(there) > 1 and any(waiting.values())
        self.switch.setVisible(several)
        self._first.setVisible(several)
        self._show(book)

    def _draw(self, one: Bin) -> Bar:
        say = self._desk.words.say
        if one.year is None:
            name = say("accounts.page.bar.unknown", count=one.count)
            return Bar(one.key, self.tr("unknown"), "?", one.count, name, open=True)
        year, short = str(one.year), f"’{one.year % 100:02}"
        if one.before:
            name = say("accounts.page.bar.before", count=one.count, year=year)
            return Bar(one.key, f"≤ {year}", f"≤{short}", one.count, name)
        return Bar(
            one.key, year, short, one.count, say("accounts.page.bar", count=one.count, year=year)
        )

    def show_queue(self, queue: Queue) -> None:
        self.queue, self._site = queue, ""
        if self._book is not None:
            self._show(self._book)

    def _show(self, book: Book) -> None:
        say = self._desk.words.say
        line = book.lines.get(self._site)
        if line is None or line.task.queue is not self.queue or not book.is_waiting(self._site):
            self._site = book.next_in(self.queue)
        whole, decided = len(book.work[self.queue]), book.decided[self.queue]
        self._count.setText(say("accounts.page.progress", done=decided, count=whole))
        self._bar.setRange(0, max(whole, 1))
        self._bar.setValue(decided)
        self._bar.setAccessibleName(self._count.text())
        self._progress.setVisible(any(book.waiting_in(queue) for queue in Queue))
        if self._site:
            self.card.show_entry(book.lines[self._site])
            self.stages.show_stage("one")
        else:
            self._show_none(book)

    def _show_none(self, book: Book) -> None:
        """Nothing waits in this group, or in none: what can be done instead."""
        all_done = not any(book.waiting_in(queue) for queue in Queue)
        which = "all-decided" if all_done else "queue-done"
        say = self._desk.words.say
        self._none_title.setText(say(f"accounts.page.{which}"))
        self._none_text.setText(say(f"accounts.page.{which}.text"))
        self.to_cases.setVisible(any(state.is_open for state in book.touched.values()))
        self.to_all.setVisible(all_done)
        self.stages.show_stage("none")

    def show_site(self, site: str) -> None:
        """Offer ``site``, if it waits for a decision."""
        if self._book is not None and self._book.is_waiting(site):
            self._site, self.queue = site, self._book.lines[site].task.queue
            self.show_book(self._book)

    @property
    def site(self) -> str:
        return self._site

    def decide(self, state: CaseState) -> None:
        """What is wanted for the account shown; the next one follows."""
        site, book = self._site, self._book
        if not site or book is None:
            return
        self._site = book.next_in(self.queue, site)
        self._say(site, state)
        self.decided.emit(site, state)
        self._column.verticalScrollBar().setValue(0)

    def _say(self, site: str, state: CaseState) -> None:
        say = self._desk.words.say
        self._said_site = site
        self._said_text.setText(say(f"accounts.page.decided.{state.value}", site=site))
        self.start.setVisible(state is CaseState.CLOSE)
        self.start.setAccessibleName(say("accounts.page.start", site=site))
        self.undo_button.setAccessibleName(say("accounts.page.undo", site=site))
        self.said.show()

    def _start(self) -> None:
        self.closing.emit(self._said_site)

    def quiet(self) -> None:
        """Nothing was decided just now."""
        self.said.hide()
