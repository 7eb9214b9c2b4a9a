"""The first state of the accounts page: which browsers may be read, one check box for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from guardian.accounts.model import NotRead, SourceState
from guardian.ui.desk import Desk
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, clear, column, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.coverage import Coverage

LONGEST_NAME = 44


class ConsentPanel(QWidget):
    """``agreed`` carries what the person ticked: the consent of every source by its key."""

    agreed = Signal(dict)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._states: tuple[SourceState, ...] = ()
        self.boxes: dict[str, QCheckBox] = {}
        self._list = column(gap=5)
        say = desk.words.say
        self._refused = Coverage(desk.words, desk.clock)
        self._refused.hide()
        promises = column(
            Line(),
            promise("info", say("accounts.page.consent.read")),
            promise("shield", say("accounts.page.consent.never")),
            promise("undo", say("accounts.page.consent.back")),
            gap=8,
        )
        card = Card(self._list, promises, gap=10)
        self._empty = EmptyState(
            "accounts",
            say("accounts.page.consent.title"),
            say("accounts.page.consent.text"),
            self.tr("Find my accounts"),
            self._agree,
            extra=(card, self._refused),
        )
        self.button = self._empty.button
        self.setLayout(column(scrolling(self._empty)))

    def show_sources(
        self, states: Sequence[SourceState], refused: tuple[NotRead, ...] = ()
    ) -> None:
        """One box per source, ticked where it is allowed already; and the places that refused."""
        clear(self._list)
        self._refused.show_refused(refused)
        self._refused.setVisible(bool(refused))
        self._states = tuple(states)
        self.boxes = {}
        for state in states:
            name = state.source.name
            shown = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
            box = QCheckBox(shown.replace("&", "&&"))
            box.setAccessibleName(name)
            box.setToolTip(str(state.source.path))
            box.setChecked(state.allowed)
            box.toggled.connect(self._judge)
            self._list.addWidget(box)
            self.boxes[state.source.key] = box
        in_order = [*self.boxes.values(), self.button]
        for one, following in pairwise(in_order):
            self.setTabOrder(one, following)
        self._judge()

    def _judge(self) -> None:
        """Something must be ticked, but for taking back what was allowed before."""
        ticked = any(box.isChecked() for box in self.boxes.values())
        withdrawing = not ticked and any(state.allowed for state in self._states)
        self.button.setText(
            self.tr("Read none, and forget") if withdrawing else self.tr("Find my accounts")
        )
        self.button.setEnabled(ticked or withdrawing)

    def _agree(self) -> None:
        self.agreed.emit({key: box.isChecked() for key, box in self.boxes.items()})


def promise(icon: str, text: str) -> QHBoxLayout:
    """A line with its icon."""
    line = row(Icon(icon, "accent", 20), top=True)
    line.addWidget(Text(text), 1)
    return line
