"""Planning a workshop: which lessons, in which order, from when on; breaks come by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QWidget

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.lessons.model import Agenda, Kind, Pack
from guardian.lessons.service import clock_times
from guardian.lessons.telling import name_lesson, name_slot, tell_minutes
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.fields import Field, Fields
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.grid import add_line, grid
from guardian.ui.kit.layout import Card, clear, column
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text

START = "09:30"
TIME = re.compile(r"(\d{1,2})[:.h ]?(\d{2})?")
KEY = Qt.ItemDataRole.UserRole
CHECKED, OPEN = Qt.CheckState.Checked, Qt.CheckState.Unchecked


def time_of(text: str, day: datetime) -> datetime | None:
    """That time of ``day``: “9:30”, “0930”, “9” for nine o’clock; None for anything else."""
    found = TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        return None
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


class PackList(QListWidget):
    """All lessons; ticked ones are taught, in the order they stand. Alt and an arrow moves one."""

    ordered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("role", "choice")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.model().rowsMoved.connect(lambda *_: self.ordered.emit())
        self.itemChanged.connect(lambda _item: self.ordered.emit())

    def chosen(self) -> list[str]:
        """The keys of what is ticked, in order."""
        items = [self.item(place) for place in range(self.count())]
        return [item.data(KEY) for item in items if item.checkState() is CHECKED]

    def move(self, by: int) -> None:
        """The line that has the focus goes up or down."""
        place = self.currentRow()
        if place >= 0 and 0 <= place + by < self.count():
            item = self.takeItem(place)
            self.insertItem(place + by, item)
            self.setCurrentRow(place + by)
            self.ordered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in ways:
            self.move(ways[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As tall as all lines: the page scrolls, not the list."""
        tall = sum(max(self.sizeHintForRow(place), 0) for place in range(self.count()))
        return QSize(theme.px(320), tall + 2 * self.frameWidth() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), self.sizeHint().height())


class AgendaPanel(QWidget):
    """``save_asked`` and ``start_asked`` carry the agenda and when it begins."""

    save_asked = Signal(object, object)
    start_asked = Signal(object, object)

    def __init__(
        self,
        words: Words,
        plan: Callable[[Sequence[str]], Agenda],
        today: Callable[[], datetime],
    ) -> None:
        """``plan`` makes an agenda of lessons, ``today`` is any moment of the day it is for."""
        super().__init__()
        self._words, self._plan, self._today = words, plan, today
        self.agenda: Agenda | None = None
        self.list = PackList(self.tr("Lessons, in the order they are taught"))
        self.list.ordered.connect(self.refresh)
        self.up = Button(self.tr("Up"), icon_name="up", clicked=lambda: self.list.move(-1))
        self.down = Button(self.tr("Down"), icon_name="down", clicked=lambda: self.list.move(1))
        self.start = QLineEdit(START)
        self.start.setMaxLength(5)
        self.start.textChanged.connect(self.refresh)
        self._times = grid()
        self._sum = Text(role="strong")
        self._hint = Text(words.say("lessons.page.agenda.long"))
        self._hint.setProperty("level", "ask")
        self.save = Button(
            self.tr("Save the run sheet"), "primary", "save",
            clicked=lambda: self.save_asked.emit(self.agenda, self.begin),
        )  # fmt: skip
        self.go = Button(
            self.tr("Start the timer"), icon_name="clock",
            clicked=lambda: self.start_asked.emit(self.agenda, self.begin),
        )  # fmt: skip
        self.area = scrolling(self._choice_card(), self._plan_card(), None, gap=16)
        self.setLayout(column(self.area))

    def _choice_card(self) -> Card:
        card = Card(Text(self.tr("1. Which lessons, in which order"), "heading"), gap=12)
        card.body.addWidget(Text(self._words.say("lessons.page.agenda.how"), "dim"))
        card.body.addWidget(self.list)
        card.body.addLayout(Flow(self.up, self.down))
        return card

    def _plan_card(self) -> Card:
        card = Card(Text(self.tr("2. The day"), "heading"), gap=12)
        begin = Field(
            self.tr("Begins at"), self.start, self._words.say("lessons.page.agenda.start")
        )
        card.body.addLayout(Fields(begin))
        card.body.addLayout(self._times)
        for item in (self._sum, self._hint):
            card.body.addWidget(item)
        card.body.addLayout(Flow(self.save, self.go))
        return card

    @property
    def begin(self) -> datetime | None:
        """When it begins; None while what is typed is no time."""
        return time_of(self.start.text(), self._today())

    def show_packs(self, packs: Sequence[Pack], chosen: Collection[str] = ()) -> None:
        """Once; what is ticked and ordered afterwards stays."""
        if self.list.count():
            return
        for pack in packs:
            length = tell_minutes(self._words, pack.minutes)
            item = QListWidgetItem(f"{name_lesson(self._words, pack)} · {length}")
            item.setData(KEY, pack.id)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsDragEnabled
            )  # fmt: skip
            item.setCheckState(CHECKED if pack.id in chosen else OPEN)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.updateGeometry()
        self.refresh()

    def refresh(self) -> None:
        """Plan anew and show the times, or say what is missing."""
        words, begin = self._words, self.begin
        clear(self._times)
        self.agenda, problem = None, None
        try:
            agenda = self._plan(self.list.chosen())
        except Problem as raised:
            problem = raised
        else:
            self.agenda = agenda if begin else None
            if begin is None:
                problem = Problem("start-bad", text=self.start.text())
        if problem is not None:
            said = (f"problem.{problem.code}", f"problem.{problem.code}.do")
            self._sum.setText(" ".join(words.say(code, **problem.facts) for code in said))
        elif self.agenda is not None and begin is not None:
            self._show_times(self.agenda, begin)
        self._hint.setVisible(self.agenda is not None and self.agenda.long)
        for button in (self.save, self.go):
            button.setEnabled(self.agenda is not None)

    def _show_times(self, agenda: Agenda, begin: datetime) -> None:
        words = self._words
        times = clock_times(agenda, begin)
        for slot, since, until in zip(agenda.slots, times, times[1:], strict=False):
            role = "dim" if slot.kind is Kind.BREAK else "body"
            name = f"{name_slot(words, slot)} · {tell_minutes(words, slot.minutes)}"
            add_line(self._times, f"{since:%H:%M} – {until:%H:%M}", name, role)
        length = words.say("lesson.sheet.length", count=agenda.minutes)
        self._sum.setText(
            words.say("lessons.page.agenda.sum", length=length, end=f"{times[-1]:%H:%M}")
        )
