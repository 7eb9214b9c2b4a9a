"""What was found, in four views: one to decide on, all, those that only write, open cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from guardian.accounts.model import Case, CaseState
from guardian.accounts.service import AccountsService
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.layout import column
from guardian.ui.kit.page import Stages, scrolling
from guardian.ui.kit.switch import Switch
from guardian.ui.pages.accounts.book import Book
from guardian.ui.pages.accounts.cases import Cases
from guardian.ui.pages.accounts.contacts import Contacts
from guardian.ui.pages.accounts.coverage import Coverage, CoverageLine
from guardian.ui.pages.accounts.decide import Decide
from guardian.ui.pages.accounts.errands import MANY, Decisions
from guardian.ui.pages.accounts.listing import Listing
from guardian.ui.pages.accounts.names import Names

LOW = 440  # pixels at 100 %: below, what was read is not told at the foot
SOON = 150  # milliseconds: the first view is seen, and the next is built before it is wanted
VIEWS = ("decide", "all", "contacts", "cases")
PARTS = {
    "decide": "decide", "all": "listing", "contacts": "contacts", "cases": "cases",
    "coverage": "coverage",
}  # fmt: skip
KEYS = (("K", CaseState.KEEP), ("C", CaseState.CLOSE), ("S", CaseState.LATER))


class Views(QWidget):
    """``closing`` carries the site whose walk-through is wanted, ``claimed`` one that only writes
    and where the person has an account all the same. ``adding``: an account is to be written
    down; ``saving``: the list is to be saved."""

    closing = Signal(str)
    claimed = Signal(str)
    adding = Signal()
    saving = Signal()

    def __init__(
        self, service: AccountsService, desk: Desk, decisions: Decisions, names: Names
    ) -> None:
        super().__init__()
        self._service, self._desk, self._decisions = service, desk, decisions
        self._names = names
        self.book: Book | None = None
        self._stale: set[str] = set()
        self._before = "decide"
        self.switch = Switch(self.tr("What to see"), VIEWS)
        self.switch.chosen.connect(self.show_view)
        self.decide = Decide(desk, names)
        self.stages = Stages(decide=self.decide)
        self.coverage_line = CoverageLine(desk)
        box = column(self.switch, gap=14)
        box.addWidget(self.stages, 1)
        box.addWidget(self.coverage_line)
        self.setLayout(box)
        self._connect(decisions)

    def _connect(self, decisions: Decisions) -> None:
        self.decide.decided.connect(lambda site, state: self._decide([site], state))
        self.decide.undo.connect(decisions.undo)
        self.decide.bar.connect(self._show_bar)
        self.decide.cases.connect(lambda: self.show_view("cases"))
        self.decide.all_wanted.connect(lambda: self.show_view("all"))
        self.decide.closing.connect(self.closing)
        self.coverage_line.asked.connect(self.toggle_coverage)
        decisions.noted.connect(self._take_over)
        decisions.undone.connect(self._show_undone)
        self._names.changed.connect(self._show_names)
        for key, state in KEYS:
            self._key(key, lambda state=state: self._decide_by_key(state))
        self._key(QKeySequence.StandardKey.Undo, decisions.undo)
        self._key("Ctrl+E", self.saving.emit)

    # the views but the first are built when they are first needed: the window waits for none

    @cached_property
    def listing(self) -> Listing:
        made = Listing(self._desk, self._names)
        made.decided.connect(self._decide)
        made.closing.connect(self.closing)
        made.adding.connect(self.adding)
        made.saving.connect(self.saving)
        self._add("all", made)
        return made

    @cached_property
    def contacts(self) -> Contacts:
        made = Contacts(self._desk)
        made.claimed.connect(self.claimed)
        self._add("contacts", made)
        return made

    @cached_property
    def cases(self) -> Cases:
        made = Cases(self._service, self._desk)
        made.closing.connect(self.closing)
        self._add("cases", made)
        return made

    @cached_property
    def coverage(self) -> Coverage:
        made = Coverage(self._desk.words, self._desk.clock)
        self._add("coverage", scrolling(made, None))
        return made

    def _add(self, name: str, view: QWidget) -> None:
        """One more view; Tab comes to the line at the foot after it, as before."""
        self.stages.add_stage(name, view)
        last = last_by_tab(view)
        for following in (self.coverage_line.again, self.coverage_line.button):
            if last is not None:
                self.setTabOrder(last, following)
            last = following

    def _key(self, keys: str | QKeySequence.StandardKey, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)  # wherever the focus is
        shortcut.activated.connect(act)

    def show_book(self, book: Book, *, fresh: bool) -> None:
        """``fresh``: from a search or a reading, rather than after a decision made here."""
        self.book = book
        if fresh:
            self.coverage_line.show_found(book.found)
        self._stale = {*VIEWS, "coverage"}
        self._count(book)
        self._freshen()
        self._show_line()
        QTimer.singleShot(SOON, self, lambda: self.listing)

    def _show_names(self) -> None:
        """What shows names is drawn anew, with or without them."""
        self._stale |= {"decide", "all"}
        self._freshen()

    def _freshen(self) -> None:
        """Only what is in sight is drawn anew; the others when they are shown."""
        name, book = self.stages.stage, self.book
        if book is None or name not in self._stale:
            return
        self._stale.discard(name)
        if name == "decide":
            self.decide.show_book(book)
        elif name == "all":
            self.listing.show_book(book)
        elif name == "contacts":
            self.contacts.show_contacts(book.found.contacts)
        elif name == "cases":
            self.cases.show_cases(book.open_cases())
        else:
            self.coverage.show_found(book.found)

    def _count(self, book: Book) -> None:
        open_cases = sum(count for state, count in book.count_states().items() if state.is_open)
        choices = {
            "decide": self.tr("Decide"),
            "all": f"{self.tr('All accounts')} ({len(book.lines):,})",
            "cases": f"{self.tr('Open cases')} ({open_cases:,})",
        }
        if book.found.contacts:
            name = self.tr("They only write to you")
            choices["contacts"] = f"{name} ({len(book.found.contacts):,})"
        shown = self._before if self._before in choices else "decide"
        self.switch.show_choices(choices, shown)
        if self.stages.stage != "coverage":
            self._show_stage(shown)

    def show_view(self, name: str) -> None:
        if not self.switch.buttons[name].isHidden():
            self._before = name
            self.switch.buttons[name].setChecked(True)
            self._show_stage(name)
            self.coverage_line.show_open(False)
            self._freshen()
            self._show_line()

    def _show_stage(self, name: str) -> None:
        getattr(self, PARTS[name])  # built, if it is not yet
        self.stages.show_stage(name)

    def _show_line(self) -> None:
        """One account, or a low window, has the room for itself, if all could be read."""
        troubled = self.book is not None and bool(self.book.found.not_read)
        room = self.height() >= theme.px(LOW) and self.stages.stage != "decide"
        if (troubled or room) == self.coverage_line.isHidden():
            self.coverage_line.setVisible(troubled or room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_line()

    def toggle_coverage(self) -> None:
        """What the search looked at, in place of the view; or back to that."""
        if self.stages.stage == "coverage":
            self.show_view(self._before)
        else:
            self._show_stage("coverage")
            self.coverage_line.show_open(True)
            self._freshen()

    def begin(self) -> None:
        """From the start: the first account to decide on."""
        self.decide.quiet()
        self.show_view("decide")

    def _show_bar(self, key: str) -> None:
        self.show_view("all")
        self.listing.leave()
        self.listing.filters.want_bar(key)

    def _decide_by_key(self, state: CaseState) -> None:
        if isinstance(QApplication.focusWidget(), QComboBox):
            return  # a letter there looks for a word of the box
        if self.stages.stage == "decide":
            self.decide.decide(state)
        elif self.stages.stage == "all":
            self.listing.decide(state)

    def _decide(self, sites: Sequence[str], state: CaseState) -> None:
        """Shown at once, noted as soon as its turn comes; only what changes is noted."""
        if self.book is None:
            return
        now = self.book.touched
        changed = [site for site in sites if now.get(site, CaseState.FOUND) is not state]
        if changed:
            self._decisions.decide(changed, state)
        if len(changed) <= MANY:
            self.show_book(self.book.with_state(changed, state), fresh=False)

    def _take_over(self, cases: Mapping[str, Case]) -> None:
        """What was noted is what is shown from now on."""
        if self.book is not None:
            self.show_book(self.book.with_cases(cases), fresh=False)

    def _show_undone(self, cases: Mapping[str, Case]) -> None:
        self.decide.quiet()
        self._take_over(cases)
        if self.stages.stage == "decide":
            self.decide.show_site(next(iter(cases), ""))

    def search_field(self) -> QLineEdit | None:
        if self.stages.stage == "contacts":
            return self.contacts.search
        if self.stages.stage != "all":
            self.show_view("all")
        self.listing.leave()
        return self.listing.filters.search

    def go_back(self) -> bool:
        """Close the innermost thing that is open."""
        if self.stages.stage == "coverage":
            self.toggle_coverage()
            return True
        if self.stages.stage == "all" and self.listing.go_back():
            return True
        if self.stages.stage == "decide":
            return False
        self.show_view("decide")
        return True


def last_by_tab(view: QWidget) -> QWidget | None:
    """The last widget in ``view`` that Tab comes to."""
    last, widget = None, view.nextInFocusChain()
    while view.isAncestorOf(widget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            last = widget
        widget = widget.nextInFocusChain()
    return last
