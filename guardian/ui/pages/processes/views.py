"""A look in four views: the questions, everything that runs, what starts by itself, the settings
of this computer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from PySide6.QtCore import QTimer, SignalInstance
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from guardian.core.feature import Level
from guardian.processes.model import Answer
from guardian.ui.desk import Desk
from guardian.ui.kit.gradual import Gradual
from guardian.ui.kit.layout import Card, column, make_room, order_tabs
from guardian.ui.kit.page import Stages, scrolling
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes.doings import Doings
from guardian.ui.pages.processes.findings import Findings
from guardian.ui.pages.processes.gaps import Gaps
from guardian.ui.pages.processes.headline import Headline
from guardian.ui.pages.processes.knowing import KnownList
from guardian.ui.pages.processes.listing import Listing
from guardian.ui.pages.processes.posture import Posture
from guardian.ui.pages.processes.starts import Starts
from guardian.ui.pages.processes.ways import Ways
from guardian.ui.pages.processes.work import Memory, Shown

VIEWS = ("questions", "runs", "starts", "computer")


class Views(QWidget):
    """Shows a look, or the part of one that is there already, piece by piece."""

    def __init__(self, desk: Desk, doings: Doings) -> None:
        super().__init__()
        self._desk = desk
        self.switch = Switch(self.tr("What to see"), VIEWS)
        self.switch.chosen.connect(self.show_view)
        self.switch.hide()
        self.headline = Headline(desk)
        self.findings = Findings(desk, doings)
        self.known, self.gaps, self.ways = KnownList(desk), Gaps(desk.words), Ways(desk)
        self._doings = doings
        self._unlisted = Card(Text(desk.words.say("processes.page.unlisted"), "dim"))
        self.area = scrolling(
            self.headline, self.findings, self._unlisted, self.known, self.ways, self.gaps, None
        )
        for part in (self.headline, self._unlisted, self.ways, self.gaps):
            part.hide()  # until there is something in it
        self.stages = Stages(questions=self.area)
        box = column(self.switch, gap=14)
        box.addWidget(self.stages, 1)
        self.setLayout(box)
        self._steps = Gradual(self)
        self._ordering = QTimer(self, singleShot=True, interval=0)
        self._ordering.timeout.connect(lambda: order_tabs(self))
        for changed in (
            self._steps.rested, self.headline.unfolded, self.findings.gradual.rested,
        ):  # fmt: skip
            changed.connect(self._ordering.start)

    # the views but the first are built while nothing else happens, or when they are first needed

    @cached_property
    def listing(self) -> Listing:
        made = Listing(self._desk, self._doings)
        self._add("runs", scrolling(made), made.wanted)
        return made

    @cached_property
    def starts(self) -> Starts:
        made = Starts(self._desk)
        self._add("starts", scrolling(made), made.wanted)
        return made

    @cached_property
    def posture(self) -> Posture:
        made = Posture(self._desk)
        self.stages.add_stage("computer", scrolling(made, None))
        return made

    def _add(self, name: str, area: QScrollArea, wanted: SignalInstance) -> None:
        """One more view; what it wants to be seen is scrolled to, once it is laid out."""
        self.stages.add_stage(name, area)
        wanted.connect(
            lambda part: QTimer.singleShot(0, part, lambda: area.ensureWidgetVisible(part, 0, 8))
        )

    @property
    def busy(self) -> bool:
        """Whether something is still being built."""
        building = self._steps.busy or self.findings.gradual.busy or self.known.busy
        return building or self._ordering.isActive()

    @property
    def view(self) -> str:
        return self.stages.stage

    def prepare(self) -> None:
        """Build all views, empty, in small steps."""
        if not self._steps.busy:
            self._steps.run(self._prepare())

    def _prepare(self) -> Iterator[None]:
        for name in ("listing", "starts", "posture"):
            yield
            getattr(self, name)

    def show_look(self, shown: Shown) -> None:
        """A whole look, from the top."""
        self._steps.run(self._build(shown))
        self.area.verticalScrollBar().setValue(0)

    def _build(self, shown: Shown) -> Iterator[None]:
        self._offer(shown)
        self.headline.show_scan(shown.scan, fresh=shown.fresh)
        yield
        self._unlisted.setVisible(not shown.fresh)
        yield from self.findings.build(shown.scan)
        self.gaps.show_scan(shown.scan)
        self.ways.show()
        yield
        yield from self._prepare()
        for view in (self.listing, self.starts):
            yield
            view.show_scan(shown)
        yield
        yield from self.posture.build(shown.scan.posture)

    def show_lists(self, shown: Shown) -> None:
        """The long lists again, with other marks."""
        self.listing.show_scan(shown)
        self.starts.show_scan(shown)

    def show_trial(self, lines: list[str]) -> None:
        """What became of the harmless examples, in sight."""
        self.ways.show_trial(lines)
        make_room(self.ways.result)
        self.area.ensureWidgetVisible(self.ways.result, 0, 8)

    def show_memory(self, memory: Memory) -> None:
        self.known.show_known(memory.known)
        self.ways.show_refusal(memory.refusal)

    def show_part(self, shown: Shown) -> None:
        """What a look has found so far; the long lists stay until it has ended."""
        self._steps.run(self._build_part(shown))

    def _build_part(self, shown: Shown) -> Iterator[None]:
        self.headline.show_scan(shown.scan, fresh=True, under_way=True)
        yield
        yield from self.findings.build(shown.scan, whole=False)

    def show_judged(self, shown: Shown) -> None:
        """The same look, after the person said what they know. The cards tell it themselves."""
        self.headline.show_scan(shown.scan, fresh=shown.fresh)
        self._offer(shown)
        self._ordering.start()

    def _offer(self, shown: Shown) -> None:
        """The views there is something in."""
        scan, look = shown.scan, sum(one.answer is Answer.LOOK for one in shown.scan.posture)
        worth = scan.count(Level.ASK) + scan.count(Level.ACT)
        texts = {"questions": self._name("questions", worth)}
        if shown.fresh:
            texts["runs"] = self._name("runs")
        if scan.autostart_seen:
            texts["starts"] = self._name("starts")
        if scan.posture:
            texts["computer"] = self._name("computer", look)
        if self.view not in texts:
            self.stages.show_stage("questions")
        self.switch.show_choices(texts, self.view)
        self.switch.setVisible(len(texts) > 1)

    def _name(self, view: str, count: int = 0) -> str:
        """A view with how much there is to look at."""
        say = self._desk.words.say
        name = say(f"processes.page.view.{view}")
        return say("processes.page.view", name=name, count=count) if count else name

    def show_view(self, name: str) -> None:
        self.stages.show_stage(name)
        self.switch.buttons[name].setChecked(True)

    def search_field(self) -> QLineEdit | None:
        """The list to search; from the questions Ctrl+F goes to everything that runs."""
        if self.view == "starts" and not self.starts.search.isHidden():
            return self.starts.search
        if self.switch.buttons["runs"].isHidden():
            return None
        self.show_view("runs")
        return self.listing.search

    def go_back(self) -> bool:
        if self.view == "runs" and self.listing.go_back():
            return True
        if self.view == "starts" and self.starts.go_back():
            return True
        if self.view != "questions":
            self.show_view("questions")
            self.switch.buttons["questions"].setFocus()
            return True
        return False
