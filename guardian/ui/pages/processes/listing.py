"""Everything that runs, as a list to search, with what is known about the chosen program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QObject, Signal
from PySide6.QtWidgets import QWidget

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.processes.model import Program, Scan
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling

ROW_HEIGHT = 62  # pixels at 100 %, as the rows draw themselves
HEAD_HEIGHT = 150  # what stands above the rows: heading, count and search
FEWEST_ROWS, MOST_ROWS = 3, 10
ORDER = {Level.ACT: 0, Level.ASK: 1, Level.FINE: 2}


def rows_of(words: Words, scan: Scan) -> list[Row]:
    """The programs of ``scan``, those with a question first. Takes a while for thousands."""
    levels = {finding.program: finding.level for finding in scan.findings}
    rows = [
        row_of(words, str(number), program, levels.get(program, Level.FINE))
        for number, program in enumerate(scan.programs)
    ]
    return sorted(rows, key=lambda row: (row.sort, row.title.casefold()))


def row_of(words: Words, key: str, program: Program, level: Level) -> Row:
    package = program.package or telling.software(words, program)
    folder = program.exe or words.say("processes.page.file-unknown")
    parts = (package, folder, ", ".join(program.users))
    worth = level is not Level.FINE
    return Row(
        key=key,
        title=telling.visible(program.name),
        detail=" · ".join(telling.visible(part) for part in parts if part),
        mark=words.say(f"level.{level.value}") if worth else "",
        token=level.value if worth else "dim",
        sort=(ORDER[level],),
    )


class ProgramList(QWidget):
    """``wanted`` asks for a part of this list to be scrolled into view."""

    wanted = Signal(QWidget)

    def __init__(self, words: Words, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._words, self._clock = words, clock
        self._programs: dict[str, Program] = {}
        self._page_height = 0
        self._count = Text(role="dim")
        self.search = SearchField(self.tr("Search by name, software, folder or user"))
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.rows = RowList(self.tr("Everything that runs"))
        self.rows.clicked.connect(self._open)
        self.rows.activated.connect(self._open)
        self.rows.chosen.connect(self._follow)
        self.panel = Card(role="tint", gap=5, margin=16)
        self.panel.hide()
        self._name = Text(role="strong")
        self._facts = column(gap=4)
        self.close_button = Button(self.tr("Close"), "quiet", "close", self.close_panel)
        head = row(gap=12, top=True)
        head.addWidget(self._name, 1)
        head.addWidget(self.close_button)
        self.panel.body.addLayout(head)
        self.panel.body.addLayout(self._facts)
        self._lines = [Text(role="small").selectable() for _ in range(5)]
        for line in self._lines:
            self._facts.addWidget(line)
        heading = Text(self.tr("Everything that runs"), "heading")
        self.setLayout(column(heading, self._count, self.search, self.rows, self.panel, gap=10))

    def show_programs(self, scan: Scan, rows: Sequence[Row]) -> None:
        """Show the programs of ``scan`` as ``rows``, which :func:`rows_of` made of it."""
        self._programs = {str(number): each for number, each in enumerate(scan.programs)}
        self.close_panel()
        self.search.clear()
        self.rows.show_rows(rows)
        self._show_count()

    def _find(self, text: str) -> None:
        self.rows.search(text)
        self._show_count()

    def _show_count(self) -> None:
        found, total = self.rows.listed.rowCount(), len(self._programs)
        say = self._words.say
        self._fit()
        if not self.search.text():
            self._count.setText(say("processes.page.programs", count=total))
        elif found:
            self._count.setText(say("processes.page.found", count=found, total=total))
        else:
            self._count.setText(say("processes.page.found-none", total=total))

    def _fit(self) -> None:
        """As tall as its rows, as far as they fit on the page with the search; the rest scrolls."""
        found = self.rows.listed.rowCount()
        self.rows.setVisible(found > 0)
        room = (self._page_height - theme.px(HEAD_HEIGHT)) // theme.px(ROW_HEIGHT)
        most = min(max(room, FEWEST_ROWS), MOST_ROWS)
        self.rows.setFixedHeight(theme.px(ROW_HEIGHT * min(max(found, 1), most)) + 4)

    def fit_into(self, height: int) -> None:
        """Take the height of the page, in pixels, of which this list is a part."""
        if height != self._page_height:
            self._page_height = height
            self._fit()

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.panel.show()
            self._follow(self.rows.current_key())
            self.wanted.emit(self.panel)

    def _follow(self, key: str) -> None:
        """While the panel is open it shows the chosen row."""
        program = self._programs.get(key)
        if program is None or self.panel.isHidden():
            return
        words = self._words
        self._name.setText(telling.breakable(telling.visible(program.name)))
        pids = telling.visible(", ".join(str(pid) for pid in program.pids))
        lines = [
            *telling.about(words, program, self._clock()),
            words.say("processes.page.pids", count=len(program.pids), pids=pids),
        ]
        for label, line in zip(self._lines, lines, strict=True):
            label.setText(telling.breakable(line))

    def close_panel(self) -> None:
        self.panel.hide()
        self.rows.clearSelection()

    def go_back(self) -> bool:
        """Close the panel first, then the search."""
        if not self.panel.isHidden():
            self.close_panel()
            return True
        if self.search.text():
            self.search.clear()
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self._fit()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.FocusIn:
            self.wanted.emit(self.rows)
            self.wanted.emit(self.search)
        return super().eventFilter(watched, event)
