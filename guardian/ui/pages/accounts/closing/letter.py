"""The third step: a letter, seen while it is being made, taken along, and noted as sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDateEdit, QLineEdit, QPlainTextEdit, QWidget

from guardian.accounts.model import Letter, LetterKind, Recipient
from guardian.core.errors import Problem
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.fields import Field
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.closing import choosing, work
from guardian.ui.pages.accounts.closing.form import LONGEST, LetterForm
from guardian.ui.pages.accounts.closing.screen import Screen, attend, tell
from guardian.ui.pages.accounts.closing.standing import Stage, Standing
from guardian.ui.pages.accounts.closing.walk import Walk

CALM = 200  # milliseconds without a key before the letter is written anew
HEIGHT = 300
POST_DAYS = 14  # by post a letter may arrive later than it is noted


class LetterScreen(Screen):
    """``letter`` is the one shown; None while what is needed for one is missing."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk)
        self.letter: Letter | None = None
        self._site, self._fitting = "", (LetterKind.ERASURE, 0)
        self._recipient: Recipient | None = None  # whose address stands in the field
        self._taken: Letter | None = None  # the one that was saved or copied
        self.form = LetterForm(walk)
        self.form.edited.connect(self._edited)
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._write)
        self._intro = Text(role="dim")
        self._wrong = Text()
        self._wrong.setProperty("level", "ask")
        self._told = Text(role="small")
        self.body.addWidget(self._intro)
        self.body.addWidget(Card(self.form, margin=18))
        self.body.addWidget(self._build_letter())
        self.body.addWidget(self._build_sent())

    def _build_letter(self) -> QWidget:
        self._to = Text(role="strong").selectable()
        self.to = QLineEdit()
        self.to.setMaxLength(LONGEST)
        self.to.textChanged.connect(lambda _text: self._judge_address())
        self.to.returnPressed.connect(self._save_draft)
        self._to_field = Field(self.say("closing.letter.field.to"), self.to)
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName(self.tr("The letter"))
        self.preview.setMinimumHeight(theme.px(HEIGHT))
        self.draft = Button(self.tr("Save as mail draft …"), "primary", "save", self._save_draft)
        self.pdf = Button(self.tr("Save as PDF …"), clicked=self._save_pdf)
        self.copy = Button(self.tr("Copy"), icon_name="copy", clicked=self._copy)
        self.copy.setAccessibleName(self.tr("Copy the letter"))
        card = Card(self._to, self._to_field, self.preview, self._wrong, margin=18, gap=10)
        card.body.addLayout(Flow(self.draft, self.pdf, self.copy))
        card.body.addWidget(self._told)
        return card

    def _build_sent(self) -> QWidget:
        title = Text(self.say("closing.letter.sent"), "strong")
        self.arrived = QDateEdit()
        self.arrived.setDisplayFormat("d MMMM yyyy")
        self.arrived.setCalendarPopup(True)
        self.arrived.setAccessibleName(self.tr("The day it arrived"))
        self.note = Button(self.tr("I sent it"), clicked=self._note_sent)
        card = Card(title, Text(self.say("closing.letter.sent.why"), "dim"), margin=18)
        card.body.addLayout(Flow(self.arrived, self.note))
        return card

    def show_standing(self, standing: Standing) -> None:
        """A letter being written stays, unless another account or another letter is due now."""
        fitting = standing.next_letter, len(standing.letters)
        if (standing.account.site, fitting) != (self._site, self._fitting):
            self._fitting, self._taken, self.letter = fitting, None, None
            tell(self._told, "")
        if standing.account.site != self._site:
            self._site, today = standing.account.site, standing.today
            self._recipient = None
            self.arrived.setDateRange(
                to_qt(today - timedelta(days=365)), to_qt(today + timedelta(days=POST_DAYS))
            )
            self.arrived.setDate(to_qt(today))
        self.form.show_standing(standing)
        self.heading.setText(self.say("closing.letter.title", name=standing.name))
        self._show_roles()
        if self.isVisible():
            self.enter()

    def enter(self) -> None:
        """The letter that fits where the case stands, unless one is being written."""
        if self.letter is None and self.walk.standing:
            self.begin(self.walk.standing.next_letter)

    def begin(self, kind: LetterKind) -> None:
        """Write a letter of this kind, as of now."""
        self._taken = None
        tell(self._told, "")
        self.form.show_kind(kind)
        self._show_roles()
        self._write()

    def _edited(self) -> None:
        self._calm.start()

    def _write(self) -> None:
        """The letter that is wished for now; an answer to an older wish is dropped."""
        self._calm.stop()
        wish = self.form.wish()
        self._intro.setText(self.say(f"closing.letter.intro.{wish.kind.value}"))

        def written(letter: Letter) -> None:
            if self.form.wish() == wish:
                self._show_letter(letter)

        def refused(problem: Problem) -> None:
            if self.form.wish() == wish:
                self._show_letter(None)
                self._say_problem(problem)

        self.walk.run(work.write, self.walk.closing, wish, done=written, failed=refused)

    def _show_letter(self, letter: Letter | None) -> None:
        self.letter = letter
        for button in (self.draft, self.pdf, self.copy, self.note):
            button.setEnabled(letter is not None)
        self._say_wrong("")
        for part in (self._to, self._to_field, self.preview):
            part.setVisible(letter is not None)
        if letter is None:
            self.preview.setPlainText("")
            return
        self._show_recipient(letter.to)
        self.preview.setPlainText(f"{letter.subject}\n\n{letter.text}")

    def _show_recipient(self, to: Recipient) -> None:
        """What was typed in place of an address stays as long as the letter goes to the same."""
        where = "" if to.email else to.post or to.web
        name = self.say("closing.letter.to", name=to.name)
        self._to.setText(f"{name}, {where}" if where else name)
        if to != self._recipient:
            self._recipient = to
            self.to.setText(to.email)
        self._judge_address()

    def _judge_address(self) -> None:
        """How old the known address is; nothing is said of one that was typed."""
        self._say_wrong("")
        to, hint = self._recipient, ""
        if to and not to.email:
            hint = self.say("closing.letter.hint.to")
        elif to and to.checked_year is not None and self.to.text().strip() == to.email:
            hint = self.say("closing.letter.to.age", year=str(to.checked_year))
        self._to_field.show_hint(hint)

    def _addressed(self) -> Letter | None:
        """The letter with the address that stands in the field."""
        letter, typed = self.letter, self.to.text().strip()
        return letter and replace(letter, to=replace(letter.to, email=typed))

    def _save_draft(self) -> None:
        letter = self._addressed()
        if letter is None:
            return
        if not is_address(letter.to.email):
            self._say_wrong(self.say("closing.letter.no-address"))
            attend(self.to)
            return
        title = self.tr("Save the mail draft")
        self._save(title, "eml", work.save_draft, self.walk.closing, letter)

    def _save_pdf(self) -> None:
        letter = self._addressed()
        if letter is not None:
            self._save(self.tr("Save the letter"), "pdf", work.save_pdf, letter)

    def _save(self, title: str, ending: str, verb: Callable[..., Path], *arguments: Any) -> None:
        """Ask where to, and write it there."""
        name = f"{self.say('closing.letter.file')}.{ending}"
        target = choosing.choose_target(self, title, name)
        if target is None:
            return
        letter = self._addressed()

        def saved(path: Path) -> None:
            self._take(letter, self.say(f"closing.letter.saved.{ending}", name=path.name))

        self.walk.run(verb, *arguments, target, done=saved, failed=self._say_problem)

    def _copy(self) -> None:
        letter = self._addressed()
        if letter is not None:
            QGuiApplication.clipboard().setText(f"{letter.subject}\n\n{letter.text}")
            self._take(letter, self.say("closing.letter.copied"))

    def _take(self, letter: Letter | None, text: str) -> None:
        """The letter is in the person's hands: what is left is to send it, and to say so."""
        tell(self._told, text)
        self._taken = letter
        if letter is not None:
            self.walk.run(work.remember, self.walk.closing, letter.wish.sender)
        self._show_roles()
        attend(self.note)

    def _show_roles(self) -> None:
        self.draft.change_role("plain" if self._taken else "primary")
        self.note.change_role("primary" if self._taken else "plain")

    def _note_sent(self) -> None:
        letter = self._taken or self._addressed()  # its mark is in the mail that went out
        if letter is None:
            return
        arrived = date(*self.arrived.date().getDate())
        self.walk.do(work.send, self.walk.closing, letter, arrived, then=Stage.WAIT)

    def _say_problem(self, problem: Problem) -> None:
        words, code = self.walk.words, f"problem.{problem.code}"
        what, do = words.say(code, **problem.facts), words.say(f"{code}.do", **problem.facts)
        self._say_wrong(f"{what} {do}")

    def _say_wrong(self, text: str) -> None:
        tell(self._wrong, text)

    def first(self) -> QWidget | None:
        return self.form.address if not self.form.address.text() else super().first()


def is_address(text: str) -> bool:
    """Whether ``text`` can be a mail address at all."""
    name, sign, host = text.rpartition("@")
    return bool(name and sign and "." in host and not any(one.isspace() for one in text))


def to_qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
