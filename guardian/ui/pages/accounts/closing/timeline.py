"""What happened in a case so far, with room for a note and for proofs."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.accounts.model import Event
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import Card, Line, clear, column
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.closing import choosing
from guardian.ui.pages.accounts.closing.standing import Standing
from guardian.ui.pages.accounts.closing.walk import Walk

LONGEST_NOTE = 2000


class Timeline(QWidget):
    """One click away. ``proofs_chosen`` carries files that should go into a vault."""

    proofs_chosen = Signal(object)

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self._walk, self._site = walk, ""
        self._told: tuple[Event, ...] = ()
        words = walk.words
        self._events = column(gap=8)
        self.note = QLineEdit()
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setAccessibleName(self.tr("Your note"))
        self.note.setPlaceholderText(words.say("closing.note.example"))
        self.note.returnPressed.connect(self._add_note)
        self.add_note = Button(self.tr("Add note"), clicked=self._add_note)
        self.proof = Button(
            self.tr("Add a proof …"), icon_name="vault", clicked=self._choose_proofs
        )
        why = Text(words.say("closing.proof.why"), "dim")
        card = Card(self._events, Line(), why, self.note, margin=18, gap=12)
        card.body.addLayout(Flow(self.add_note, self.proof))
        self.fold = Fold(self.tr("Notes and history"), self.tr("Hide notes and history"))
        self.fold.add(card)
        self.setLayout(column(self.fold))

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        return self.fold.button, self.note, self.add_note, self.proof

    def show_standing(self, standing: Standing) -> None:
        if standing.account.site != self._site:
            self._site = standing.account.site
            self.note.clear()
        if standing.case.events != self._told or not self._events.count():
            self._told = standing.case.events
            clear(self._events)
            for event in reversed(self._told):
                self._add(event)
            if not self._events.count():
                self._events.addWidget(Text(self._walk.words.say("closing.nothing-yet")))

    def _add(self, event: Event) -> None:
        words = self._walk.words
        told = tell_event(words, event)
        if told:
            day = words.show(event.at.astimezone(self._walk.desk.clock().tzinfo))
            self._events.addWidget(dated(day, "\n".join(told)))

    def _add_note(self) -> None:
        text = " ".join(self.note.text().split())
        if text and not self._walk.busy:
            self.note.clear()
            self._walk.do(self._walk.closing.add_note, self._walk.site, text)

    def _choose_proofs(self) -> None:
        files = choosing.choose_proofs(self, self.tr("Choose what proves it"))
        if files:
            self.proofs_chosen.emit(files)


def dated(day: str, text: str) -> QWidget:
    box = QWidget()
    box.setLayout(column(Text(day, "small"), Text(text).selectable(), gap=1))
    return box


def tell_event(words: Words, event: Event) -> list[str]:
    """What happened, in one sentence or two; empty for what was taken back."""
    said = []
    if event.why:
        said = [words.tell(event.why)] if event.cause in words else []
    elif event.facts.get("kind"):
        code = f"closing.event.letter.{event.facts['kind']}"
        recipient, arrived = event.facts.get("recipient", ""), event.at.date()
        with suppress(KeyError, ValueError):
            arrived = date.fromisoformat(event.facts["counted_from"])
        said.append(words.say(code, recipient=recipient, day=arrived))
    elif event.state:
        said.append(words.say(f"closing.event.{event.state.value}"))
    if event.check and not event.why:
        result = "gone" if event.check.gone else "there"
        look = words.say(f"closing.look.{event.check.step.value}")
        said.append(words.say(f"closing.event.look.{result}", look=look))
    if event.attachment:
        said.append(words.say("closing.event.proof", name=event.attachment.name))
    if event.note:
        said.append(words.say("closing.event.note", note=event.note))
    return said
