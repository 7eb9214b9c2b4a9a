"""The timer of a workshop: the phase, what is left of it, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from guardian.core.words import Words
from guardian.lessons.model import Kind, Pack, Slot
from guardian.lessons.telling import list_notes, name_slot, tell_part
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import bullet
from guardian.ui.kit.layout import Card, clear, column
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.lessons.notes import Aside
from guardian.ui.pages.lessons.running import Running, tell_clock

SECOND = 1000
MORE = (1, 5)  # minutes


class TimingPanel(QWidget):
    """Shows one :class:`Running`; the clock is asked, never counted, so nothing can run away.

    ``over`` comes when the trainer ends the timer.
    """

    over = Signal()

    def __init__(
        self, words: Words, clock: Callable[[], datetime], pack: Callable[[str], Pack]
    ) -> None:
        super().__init__()
        self._words, self._clock, self._pack = words, clock, pack
        self.running: Running | None = None
        self._shown: Slot | None = None
        self._lesson = Text(role="dim")
        self.phase = Text(role="lead")
        self.left = Text(role="title")
        self.told = Text(role="strong")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How much of this phase is over"))
        self.following = Text()
        self.ends = Text(role="dim")
        self._notes = column(gap=6)
        self._build()
        self._tick = QTimer(self, interval=SECOND)
        self._tick.timeout.connect(self.refresh)

    def _build(self) -> None:
        self.onward = Button(
            self.tr("Next phase"), "primary", "forward", lambda: self._do("go_next")
        )
        self.pause = Button(self.tr("Pause"), clicked=self._pause)
        add = self.tr("+{count} min")
        self.more = [
            Button(add.format(count=count), clicked=lambda count=count: self._add(count))
            for count in MORE
        ]
        self.back = Button(self.tr("Phase before"), clicked=lambda: self._do("go_back"))
        self.stop = Button(self.tr("End the timer"), "quiet", clicked=self.over.emit)
        card = Card(self._lesson, self.phase, self.left, self.told, self._bar, gap=10, margin=28)
        card.body.addLayout(Flow(self.onward, self.pause, *self.more, self.back, self.stop, gap=10))
        card.body.addSpacing(4)
        card.body.addWidget(self.following)
        card.body.addWidget(self.ends)
        self._what = Card(gap=10)
        self._what.body.addLayout(self._notes)
        self.area = scrolling(card, self._what, None)
        self.setLayout(column(self.area))

    def begin(self, running: Running) -> None:
        self.running, self._shown = running, None
        self.refresh()
        self.onward.setFocus()

    def refresh(self) -> None:
        """Show what the clock says now."""
        running, words = self.running, self._words
        if running is None:
            return
        now, slot = self._clock(), running.slot
        self._show_slot(slot)
        for part in (self._bar, self.pause, self.onward, *self.more):
            part.setVisible(slot is not None)
        self.back.setVisible(not running.first)
        if slot is None:
            self.left.setText(words.say("lessons.page.timer.over"))
            self.told.setText(words.say("lessons.page.timer.over.do"))
            for part in (self.following, self.ends):
                part.setText("")
            return
        left = running.left(now)
        self.left.setText(tell_clock(left))
        self._tell(running, left)
        self._bar.setRange(0, slot.minutes * 60)
        self._bar.setValue(min(round(running.spent(now).total_seconds()), slot.minutes * 60))
        self.pause.setText(self.tr("Go on") if running.paused else self.tr("Pause"))
        self._tell_rest(running, now)

    def _tell(self, running: Running, left: timedelta) -> None:
        """In words what the figures say, for ears and for those who read slowly."""
        minutes = max(round(abs(left.total_seconds()) / 60), 1)
        code = "over-time" if left < timedelta() else "left"
        text = self._words.say(f"lessons.page.timer.{code}", count=minutes)
        self.told.setText(f"{self.tr('Paused.')} {text}" if running.paused else text)

    def _tell_rest(self, running: Running, now: datetime) -> None:
        words, following = self._words, running.next
        name = self._name(following) if following else words.say("lessons.page.timer.nothing")
        self.following.setText(words.say("lessons.page.timer.next", name=name))
        late = round(running.late(now).total_seconds() / 60)
        end = f"{running.end(now):%H:%M}"
        if late > 0:
            self.ends.setText(words.say("lessons.page.timer.later", count=late, end=end))
        else:
            self.ends.setText(words.say("lessons.page.timer.end", end=end))

    def _name(self, slot: Slot) -> str:
        words = self._words
        length = words.say("lesson.minutes", count=slot.minutes)
        phase = words.say(f"lesson.phase.{slot.phase.value}") if slot.phase else ""
        name = phase or name_slot(words, slot)
        return f"{name} ({length})"

    def _show_slot(self, slot: Slot | None) -> None:
        """The name and the notes of a phase, made anew only when another one runs."""
        if slot is not None and self._shown is not None and self._same(slot):
            return
        self._shown = slot
        clear(self._notes)
        self._lesson.setText(name_slot(self._words, slot) if slot else "")
        self._lesson.setVisible(bool(slot) and slot.kind is Kind.PACK)
        pack = self._pack(slot.pack) if slot and slot.pack else None
        part = (
            next((one for one in pack.parts if slot and one.phase is slot.phase), None)
            if pack
            else None
        )
        self._what.setVisible(part is not None)
        if slot is not None:
            phase = self._words.say(f"lesson.phase.{slot.phase.value}") if slot.phase else ""
            self.phase.setText(phase or name_slot(self._words, slot))
        self.phase.setVisible(slot is not None)
        if pack is not None and part is not None:
            self._notes.addWidget(Text(tell_part(self._words, pack, part), "strong"))
            notes = list_notes(self._words, pack, part)
            self._notes.addWidget(Aside(*(bullet(note) for note in notes)))

    def _same(self, slot: Slot) -> bool:
        shown = self._shown
        return shown is not None and (shown.pack, shown.phase, shown.start) == (
            slot.pack, slot.phase, slot.start,
        )  # fmt: skip

    def _do(self, verb: str) -> None:
        if self.running is not None:
            getattr(self.running, verb)(self._clock())
            self.refresh()

    def _pause(self) -> None:
        if self.running is not None:
            self._do("go_on" if self.running.paused else "pause")

    def _add(self, minutes: int) -> None:
        if self.running is not None:
            self.running.add(minutes)
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
