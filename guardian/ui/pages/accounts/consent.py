"""The first state of the accounts page: what may be read, one check box for each kind of thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from guardian.accounts.model import NotRead, SourceState
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, clear, column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.coverage import Coverage
from guardian.ui.pages.accounts.handing import Handing
from guardian.ui.pages.accounts.telling import capital

LONGEST_NAME = 60
INDENT = 30  # pixels: below the words of a box


class ConsentPanel(QWidget):
    """``agreed`` carries what the person ticked: the consent of every source by its key."""

    agreed = Signal(dict)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = desk.words
        self._states: tuple[SourceState, ...] = ()
        self.boxes: dict[str, QCheckBox] = {}
        say = desk.words.say
        self._title = Text(say("accounts.page.consent.title"), "heading")
        self.tick_all = Button(self.tr("Tick all"), "quiet", "fine", self._tick_all)
        self._list = column(gap=4)
        self._refused = Coverage(desk.words, desk.clock)
        self._refused.hide()
        self.handing = Handing(desk.words)
        promises = column(
            promise("shield", say("accounts.page.consent.never")),
            promise("undo", say("accounts.page.consent.back")),
            gap=8,
        )
        head = row(gap=10)
        head.addWidget(self._title, 1)
        head.addWidget(self.tick_all)
        asking = Text(say("accounts.page.consent.text"), "dim")
        card = Card(head, asking, promises, Line(), self._list, gap=8)
        self.button = Button("", "primary", clicked=self._agree)
        self.everything = Button(self.tr("Allow all and search"), clicked=self._agree_to_all)
        foot = plain(Flow(self.button, self.everything, gap=8))
        self.area = scrolling(card, self._refused, self.handing, None)
        self.setLayout(column(self.area, foot, gap=12))

    def show_sources(
        self, states: Sequence[SourceState], refused: tuple[NotRead, ...] = ()
    ) -> None:
        """One box per source, ticked where it is allowed already; and the places that refused."""
        clear(self._list)
        self._refused.show_refused(refused)
        self._refused.setVisible(bool(refused))
        self._states = tuple(states)
        self.boxes = {}
        groups: dict[str, list[SourceState]] = {}
        for state in states:
            groups.setdefault(state.source.name, []).append(state)
        for name, group in groups.items():
            self._show_group(name, group)
        in_order = [self.tick_all, *self.boxes.values(), self.handing.file]
        for one, following in pairwise(in_order):
            self.setTabOrder(one, following)
        self._judge()

    def _show_group(self, name: str, group: Sequence[SourceState]) -> None:
        """Everything of one person's profile of one program."""
        shown = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        self._list.addSpacing(6)
        self._list.addWidget(Text(shown, "strong"))
        for state in group:
            kind = state.source.kind.value
            what = capital(self._words.say(f"accounts.source.{kind}"))
            reads = self._words.say(f"accounts.reads.{kind}")
            box = QCheckBox(what)
            box.setAccessibleName(f"{name}: {what}")
            box.setAccessibleDescription(reads)
            box.setToolTip(str(state.source.path))
            box.setChecked(state.allowed)
            box.toggled.connect(self._judge)
            said = Text(reads, "small")
            below = row(INDENT, gap=0)
            below.addWidget(said, 1)
            self._list.addLayout(column(box, below, gap=2))
            self.boxes[state.source.key] = box

    def _tick_all(self) -> None:
        ticked = all(box.isChecked() for box in self.boxes.values())
        for box in self.boxes.values():
            box.setChecked(not ticked)

    def _judge(self) -> None:
        """Something must be ticked, but for taking back what was allowed before."""
        ticked = [box.isChecked() for box in self.boxes.values()]
        withdrawing = not any(ticked) and any(state.allowed for state in self._states)
        self.button.setText(
            self.tr("Read none, and forget") if withdrawing else self.tr("Find my accounts")
        )
        self.button.setEnabled(any(ticked) or withdrawing)
        self.everything.setVisible(not all(ticked))
        self.tick_all.setText(self.tr("Untick all") if all(ticked) else self.tr("Tick all"))
        self.tick_all.setVisible(len(ticked) > 1)

    def _agree(self) -> None:
        self._tell({key: box.isChecked() for key, box in self.boxes.items()})

    def _agree_to_all(self) -> None:
        self._tell(dict.fromkeys(self.boxes, True))

    def _tell(self, wishes: Mapping[str, bool]) -> None:
        self.agreed.emit(dict(wishes))


def promise(icon: str, text: str) -> QHBoxLayout:
    """A line with its icon."""
    line = row(Icon(icon, "accent", 20), top=True)
    line.addWidget(Text(text), 1)
    return line
