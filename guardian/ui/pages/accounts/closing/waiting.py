"""The fourth step: until when an answer is due, what came, and what to do when nothing comes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from guardian.accounts.model import CaseState, LetterKind
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.closing import choosing, work
from guardian.ui.pages.accounts.closing.screen import Screen, quiet, tell
from guardian.ui.pages.accounts.closing.standing import Stage, Standing
from guardian.ui.pages.accounts.closing.walk import Walk

CALM = (CaseState.ASKED, CaseState.ESCALATED)  # nothing to do but to wait


class WaitScreen(Screen):
    """Says where it stands, asks what came, and offers the next letter when it is time."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk)
        self._standing: Standing | None = None
        self._site, self._saved = "", False
        for part in (self._build_state(), self._build_answer(), self._build_authority()):
            self.body.addWidget(part)

    def _build_state(self) -> QWidget:
        self._icon = Icon("clock", "accent", 22)
        self._state, self._due, self._why = Text(role="strong"), Text(), Text(role="dim")
        self.ask = Button(self.tr("Ask for it"), "primary", clicked=self._ask)
        self.remind = Button(self.tr("Save a reminder …"), "primary", "clock", self._save_reminder)
        self.letter = Button("", "primary", clicked=self._write)
        self.later = Button(self.tr("Done for now"), "primary", clicked=self.walk.left.emit)
        self._told = Text(role="small")
        line = row(self._icon, gap=12, top=True)
        texts = column(self._state, self._due, self._why, gap=6)
        line.addLayout(texts, 1)
        card = Card(line, margin=18, gap=12)
        card.body.addLayout(Flow(self.ask, self.letter, self.remind, self.later))
        card.body.addWidget(self._told)
        self._told.hide()
        return card

    def _build_answer(self) -> QWidget:
        self.confirmed = Button(self.tr("They confirmed it"), clicked=self._note_confirmed)
        self.refused = Button(self.tr("They refused"), clicked=self._note_refused)
        self.nothing = Button(self.tr("Still nothing"), clicked=self._note_nothing)
        self.more_time = quiet(self.tr("They ask for more time"), self._note_more_time, "clock")
        self._asking = Text(role="strong")
        self._answer = Card(
            self._asking, Text(self.say("closing.wait.answer.mail"), "dim"), margin=18
        )
        self._answer.body.addLayout(
            Flow(self.confirmed, self.refused, self.nothing, self.more_time)
        )
        return self._answer

    def _build_authority(self) -> QWidget:
        self._office, self._where = Text(role="strong"), Text().selectable()
        self._age = Text(role="small")
        self.complain = Button(self.tr("Write a complaint"), clicked=self._complain)
        self.page = quiet(self.tr("Open its page"), self._open_authority, "link")
        why = Text(self.say("closing.wait.authority"), "dim")
        self._authority = Card(self._office, why, self._where, self._age, margin=18)
        self._authority.body.addLayout(Flow(self.complain, self.page))
        return self._authority

    def show_standing(self, standing: Standing) -> None:
        if standing.account.site != self._site:
            self._site, self._saved = standing.account.site, False
            tell(self._told, "")
        self._standing, state = standing, standing.case.state
        calm = state in CALM or not standing.was_asked
        self._icon.change("clock" if calm else "ask", "accent" if calm else "ask")
        self.heading.setText(
            self.say("closing.wait.title" if calm else "closing.wait.title.now-what")
        )
        refused = state is CaseState.REFUSED
        self._asking.setText(
            self.say("closing.wait.answer.new" if refused else "closing.wait.answer")
        )
        key = state.value if standing.was_asked else "not-yet"
        facts = {"name": standing.name, "day": standing.asked_on}
        self._state.setText(self.walk.words.say(f"closing.wait.state.{key}", **facts))
        self._show_due(standing)
        self._show_buttons(standing)
        self._show_authority(standing)

    def _show_due(self, standing: Standing) -> None:
        """How much time is left, and which rule says so."""
        deadline, state, words = standing.case.deadline, standing.case.state, self.walk.words
        due, why = "", ()
        if deadline and standing.was_asked and state is not CaseState.REFUSED:
            left = (deadline.day - standing.today).days
            if left < 0:
                due = self.say("closing.wait.overdue", day=deadline.day, count=-left)
            else:
                due = self.say("closing.wait.due", day=deadline.day, count=left)
            why = standing.why_due
        elif state is CaseState.ASKED:
            due = self.say("closing.wait.no-due")
            why = (standing.why_check_day,) if standing.why_check_day else ()
        tell(self._due, due)
        tell(self._why, " ".join(words.tell(one) for one in why))

    def _show_buttons(self, standing: Standing) -> None:
        state = standing.case.state
        due = standing.case.deadline is not None and state in CALM
        self.ask.setVisible(not standing.was_asked)
        self.remind.setVisible(due)
        self._show_roles()
        writes = state in (CaseState.REFUSED, CaseState.SILENT)
        kind = standing.next_letter
        self.letter.setText(self.say(f"closing.wait.write.{kind.value}"))
        self.letter.setVisible(writes)
        self._answer.setVisible(standing.was_asked)
        self.refused.setVisible(state is not CaseState.REFUSED)
        self.nothing.setVisible(state is CaseState.ASKED)
        self.more_time.setVisible(due and state is CaseState.ASKED)

    def _show_roles(self) -> None:
        """While there is nothing to do but to wait, that can be left to a calendar."""
        standing = self._standing
        waits = bool(standing and standing.case.state in CALM)
        saves = bool(waits and standing and standing.case.deadline and not self._saved)
        self.remind.change_role("primary" if saves else "plain")
        self.later.change_role("plain" if saves else "primary")
        self.later.setVisible(waits)

    def _show_authority(self, standing: Standing) -> None:
        authority, state = standing.authority, standing.case.state
        wanted = state in (CaseState.REFUSED, CaseState.SILENT, CaseState.ESCALATED)
        self._authority.setVisible(wanted and authority is not None)
        # not twice on one screen
        self.complain.setVisible(standing.next_letter is not LetterKind.COMPLAINT)
        if authority is None:
            return
        self._office.setText(authority.name)
        ways = (authority.email, authority.phone, authority.post)
        self._where.setText("\n".join(way for way in ways if way))
        self._age.setText(self.say("closing.wait.authority.age", year=str(authority.checked_year)))
        self.page.setVisible(bool(authority.web))

    def _ask(self) -> None:
        self.walk.wanted.emit(Stage.ASK)

    def _write(self) -> None:
        if self._standing:
            self.walk.write(self._standing.next_letter)

    def _complain(self) -> None:
        self.walk.write(LetterKind.COMPLAINT)

    def _open_authority(self) -> None:
        if self._standing and self._standing.authority:
            self.walk.desk.open_link(self._standing.authority.web)

    def _save_reminder(self) -> None:
        name = f"{self.say('closing.wait.reminder.file')}.ics"
        target = choosing.choose_target(self, self.tr("Save the reminder"), name)
        if target is None:
            return

        def saved(path: Path) -> None:
            self._saved = True
            self._show_roles()
            tell(self._told, self.say("closing.wait.reminder.saved", name=path.name))

        self.walk.run(work.save_reminder, self.walk.closing, self._site, target, done=saved)

    def _note_confirmed(self) -> None:
        self.walk.set_state(CaseState.CONFIRMED, then=Stage.LOOK)

    def _note_refused(self) -> None:
        self.walk.set_state(CaseState.REFUSED)

    def _note_more_time(self) -> None:
        self.walk.do(self.walk.closing.more_time, self._site)

    def _note_nothing(self) -> None:
        """Too long, says the person: where a day is set, a reminder may go out before it."""
        if self._standing and self._standing.case.deadline:
            self.walk.write(LetterKind.REMINDER)
        else:
            self.walk.set_state(CaseState.SILENT)
