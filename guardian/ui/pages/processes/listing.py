"""Everything that runs: who started whom, or every program once, to search and to look into."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.processes.model import Explanation, Program, Running
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.layout import clear, column, row
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.kit.tree import TreeList
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.card import reach_chips
from guardian.ui.pages.processes.doings import Doings
from guardian.ui.pages.processes.explained import groups
from guardian.ui.pages.processes.forests import ORDERS
from guardian.ui.pages.processes.panel import Panel
from guardian.ui.pages.processes.work import Shown

LEAST = 150  # pixels at 100 % that the rows keep
SHAPES = ("tree", "programs")


class Listing(QWidget):
    """``wanted`` asks for the panel to be scrolled into view."""

    wanted = Signal(QWidget)

    def __init__(self, desk: Desk, doings: Doings) -> None:
        super().__init__()
        self._desk, self._doings = desk, doings
        self._words: Words = desk.words
        self._shown: Shown | None = None
        self._by_key: dict[str, tuple[Program | None, Running | None]] = {}
        self.shape = "tree"
        self._count = Text(role="dim")
        self.search = SearchField(self.tr("Search by name, software, folder or user"))
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._enter)
        self.switch = Switch(self.tr("How to list what runs"), SHAPES)
        self.switch.chosen.connect(self.show_shape)
        self.order = QComboBox()
        self.order.setAccessibleName(self.tr("Sort by"))
        for key in ORDERS:
            self.order.addItem(self._words.say(f"processes.page.order.{key}"), key)
        self.order.currentIndexChanged.connect(self._sort)
        self.rows = TreeList(self.tr("Everything that runs"))
        self.rows.setMinimumHeight(theme.px(LEAST))
        self.rows.opened.connect(self._open)
        self.rows.chosen.connect(self._follow)
        self.panel = Panel()
        self.panel.more.connect(self._explain)
        self.panel.closed.connect(self.rows.setFocus)
        tools = row(gap=12)
        tools.addWidget(self.switch, 1)
        tools.addWidget(self.order)
        box = column(self.search, tools, self._count, gap=10)
        box.addWidget(self.rows, 1)
        box.addWidget(self.panel, 1)
        self.setLayout(box)
        self._name_shapes()

    def _name_shapes(self) -> None:
        texts = {"tree": self.tr("Who started whom"), "programs": self.tr("Each program once")}
        self.switch.show_choices(texts, self.shape)

    def show_scan(self, shown: Shown) -> None:
        """Show what runs; the search, the order and the shape stay as the person chose them."""
        self._shown = shown
        scan = shown.scan
        self._by_key = {
            f"program-{number}": (program, None) for number, program in enumerate(scan.programs)
        }
        for running in scan.running:
            known = running.program is not None and running.program < len(scan.programs)
            program = scan.programs[running.program] if known else None
            self._by_key[f"process-{running.pid}"] = (program, running)
        self.panel.hide()
        if not scan.running:
            self.shape = "programs"
            self._name_shapes()
        self.switch.setVisible(bool(scan.running))
        self.show_shape(self.shape)

    def show_shape(self, shape: str) -> None:
        self.shape = shape
        if self._shown is None:
            return
        self.panel.hide()
        self.rows.setRootIsDecorated(shape == "tree")
        self.rows.show_forest(self._shown.tree if shape == "tree" else self._shown.programs)
        self._tell_count()

    def _find(self, text: str) -> None:
        self.panel.hide()
        self.rows.search(text)
        self._tell_count()

    def _enter(self) -> None:
        """From the search on to the first row that fits."""
        self.rows.choose_first()
        self.rows.setFocus()

    def _sort(self) -> None:
        self.rows.order_by(ORDERS[self.order.currentData()])

    def _tell_count(self) -> None:
        found, total = self.rows.listed.found, len(self.rows.listed.forest.rows)
        kind = "processes" if self.shape == "tree" else "programs"
        say = self._words.say
        if not self.search.text().strip():
            self._count.setText(say(f"processes.page.{kind}", count=total))
        elif found:
            self._count.setText(say("processes.page.found", count=found, total=total))
        else:
            self._count.setText(say("processes.page.found-none", total=total))

    def _open(self, key: str) -> None:
        self.panel.show()
        self._follow(key)
        self.rows.scrollTo(self.rows.currentIndex())
        self.wanted.emit(self.panel)

    def _follow(self, key: str) -> None:
        """While the panel is open it shows the chosen row."""
        if self.panel.isHidden() or key not in self._by_key:
            return
        program, running = self._by_key[key]
        words = self._words
        if program is None:
            assert running is not None
            lines = [words.say("processes.page.kernel.what")]
            self.panel.show_facts(key, telling.visible(running.name), lines, more=False)
            return
        lines = telling.about(words, program, self._desk.clock())
        lines.append(
            words.say("processes.page.number", pid=str(running.pid))
            if running is not None
            else telling.pids(words, program)
        )
        chips = reach_chips(words, program)
        self.panel.show_facts(key, telling.visible(program.name), lines, chips,
                              more=program.running)  # fmt: skip

    def _explain(self) -> None:
        program, running = self._by_key[self.panel.key]
        if program is None:
            return
        key, pid = self.panel.key, running.pid if running is not None else program.pids[0]

        def show(explanation: Explanation) -> None:
            if self.panel.key == key:
                self.panel.show_more(groups(self._words, explanation))

        def tell_gone(problem: Problem) -> None:
            if self.panel.key == key:
                clear(self.panel.groups)
                said = self._words.say(f"problem.{problem.code}", **problem.facts)
                self.panel.groups.addWidget(Text(said, "dim"))

        self._doings.explain(self, pid, show, tell_gone)

    def go_back(self) -> bool:
        """Close the panel first, then the search."""
        if not self.panel.isHidden():
            self.panel.close_panel()
            return True
        if self.search.text():
            self.search.clear()
            return True
        return False
