"""How often, tied to what, and when not: the person's own rhythm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.checkup.model import CUE_MOST, MINUTES, Every, Rhythm
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.choice import Choice
from guardian.ui.kit.fields import Field, Fields
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, column, order_tabs
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.kit.tick import Tick

NEVER = "never"
PAUSES = (14, 30, 91)  # days
SNOOZES = (1, 3, 7)


class RhythmPanel(QWidget):
    """``saved`` carries the Rhythm; ``calendar_asked`` too: it is kept first."""

    saved = Signal(object)
    calendar_asked = Signal(object)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        say = words.say
        self.every = Switch(
            say("checkup.page.rhythm.every"), [NEVER, *(one.value for one in Every)]
        )
        self.every.chosen.connect(self._choose)
        self.cue = QLineEdit()
        self.cue.setMaxLength(CUE_MOST)
        self.cue.setPlaceholderText(say("checkup.page.rhythm.cue.example"))
        self.weekday = Choice(self.tr("Day"))
        self.weekday.offer([(say(f"weekday.{day}"), day) for day in range(7)])
        self.hour = Choice(self.tr("Hour"))
        self.hour.offer([(f"{hour}:00", hour) for hour in range(24)])
        self.pause = Choice(self.tr("Pause"), 16)
        self.snooze = Choice(self.tr("Remind me later"), 16)
        self.quiet = Tick(self.tr("Quiet"), Text(say("checkup.page.rhythm.quiet"), "small"))
        self.save = Button(self.tr("Keep this"), "primary", clicked=self._save)
        self.calendar = Button(
            self.tr("Calendar file (.ics)"), "plain", "save", self._ask_calendar
        )  # fmt: skip
        self._details = [
            Field(say("checkup.page.rhythm.cue"), self.cue, say("checkup.page.rhythm.cue.why")),
            Field(self.tr("Day"), self.weekday),
            Field(self.tr("Hour"), self.hour),
            Field(self.tr("Pause"), self.pause, say("checkup.page.rhythm.pause.why")),
            Field(self.tr("Remind me later"), self.snooze),
        ]
        self.setLayout(column(self._layout()))
        order_tabs(self)

    def _layout(self) -> QWidget:
        say = self._words.say
        card = Card(gap=14, margin=24)
        card.body.addWidget(Text(say("checkup.page.rhythm.every"), "strong"))
        card.body.addWidget(self.every)
        cue, *others = self._details
        card.body.addWidget(cue)
        card.body.addLayout(Fields(*others))
        card.body.addWidget(self.quiet)
        card.body.addSpacing(4)
        card.body.addLayout(Flow(self.save, self.calendar, gap=12))
        calm = Text(say("checkup.page.rhythm.calm"), "small")
        return scrolling(card, calm, None, gap=12)

    def show_rhythm(self, now: Rhythm, today: date) -> None:
        self._now, self._today = now, today
        say = self._words.say
        texts = {NEVER: self.tr("Never")} | {
            one.value: say(f"checkup.page.rhythm.{one.value}", count=MINUTES[one]) for one in Every
        }
        chosen = now.every.value if now.every else NEVER
        self.every.show_choices(texts, chosen)
        self.cue.setText(now.cue)
        self.weekday.choose(now.weekday)
        self.hour.choose(now.hour)
        self._offer(self.pause, now.paused_until, PAUSES, say("checkup.page.rhythm.no-pause"))
        self._offer(self.snooze, now.snoozed_until, SNOOZES, say("checkup.page.rhythm.as-planned"))
        self.quiet.box.setChecked(now.quiet)
        self._choose(chosen)

    def _offer(
        self, choice: Choice, until: date | None, days: tuple[int, ...], without: str
    ) -> None:
        """Until when; a day that was chosen before and is still to come stays chosen."""
        options: list[tuple[str, date | None]] = [(without, None)]
        runs = until if until is not None and until > self._today else None
        ends = {self._today + timedelta(days=one) for one in days}
        options += [
            (self._words.say("checkup.page.rhythm.until", day=one), one)
            for one in sorted({*ends, *((runs,) if runs else ())})
        ]
        choice.clear()
        choice.offer(options)
        choice.setCurrentIndex(next(n for n, one in enumerate(options) if one[1] == runs))

    def _choose(self, key: str) -> None:
        """Without a rhythm there is nothing more to say."""
        self._chosen = key
        wanted = key != NEVER
        for part in (*self._details, self.quiet, self.calendar):
            part.setVisible(wanted)

    def rhythm(self) -> Rhythm:
        """What is chosen now."""
        every = None if self._chosen == NEVER else Every(self._chosen)
        begun = self._now.begun if every is self._now.every else self._today
        return replace(
            self._now,
            every=every,
            cue=self.cue.text().strip(),
            weekday=self.weekday.currentData(),
            hour=self.hour.currentData(),
            quiet=self.quiet.box.isChecked(),
            paused_until=self.pause.currentData(),
            snoozed_until=self.snooze.currentData(),
            begun=begun if every else None,
        )

    def _save(self) -> None:
        self.saved.emit(self.rhythm())

    def _ask_calendar(self) -> None:
        self.calendar_asked.emit(self.rhythm())
