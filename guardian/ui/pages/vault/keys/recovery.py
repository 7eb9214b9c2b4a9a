"""The wizard that gives a vault its recovery words: why, the words, the proof, done."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog, SecretField
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, column, plain, row
from guardian.ui.kit.page import Stages
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.choose import choose_target
from guardian.ui.pages.vault.keys import sheet as paper
from guardian.vault.model import Sheet

COUNT, ROWS = 12, 4  # the words stand in columns, to be read downwards
PROVEN_WORDS = 3
NOTHING = "\u00a0"  # keeps the room of a word


class RecoveryDialog(Dialog):
    """``asked`` carries the passphrase the words are to be made with, ``asked_revoke`` nothing.

    Once the words are made, :meth:`show_sheet` shows them; ``proven`` says whether the person
    has shown that they have them. ``sheet`` is dropped when the dialog closes.
    """

    asked = Signal(str)
    asked_revoke = Signal()

    def __init__(self, parent: QWidget, words: Words, passphrase: str, *, there: bool) -> None:
        super().__init__(parent, words.say("vault.keys.recovery.title"))
        self._words, self._passphrase = words, passphrase
        self._places: list[int] = []
        self.sheet: Sheet | None = None
        self.proven = False
        self.field = SecretField(self.tr("Passphrase"))
        self._wrong = warning()
        self.stages = Stages(
            why=self._build_why(there), words=self._build_words(), prove=self._build_prove(),
            done=self._build_done(),
        )  # fmt: skip
        self.add(self.stages)
        self._go("why")

    # why

    def _build_why(self, there: bool) -> QWidget:
        say = self._words.say
        self.make = Button(self.tr("Make the words"), "primary", clicked=self._ask)
        self.skip = Button(self.tr("Not now"), clicked=self.reject)
        self.revoke = Button(
            self.tr("End the words there are …"), "quiet", clicked=self.asked_revoke.emit
        )
        items = column(
            Text(say("vault.keys.recovery.why")), Text(say("vault.keys.recovery.paper")), gap=12
        )
        if there:
            items.addWidget(Text(say("vault.keys.recovery.there"), "strong"))
        else:
            items.addWidget(Text(say("vault.keys.recovery.skip"), "dim"))
        if not self._passphrase:
            items.addWidget(self.field)
        items.addWidget(self._wrong)
        items.addStretch(1)
        buttons = [self.make, self.skip] + ([self.revoke] if there else [])
        items.addLayout(Flow(*buttons))
        self.field.returnPressed.connect(self._ask)
        return plain(items)

    def _ask(self) -> None:
        secret = self._passphrase or self.field.text()
        if not secret:
            self.field.setFocus()
            return
        self.field.setText("")
        self._passphrase = ""
        self.wait(True)
        self.asked.emit(secret)

    def wait(self, waiting: bool) -> None:
        """While the words are made nothing can be pressed."""
        self.stages.setEnabled(not waiting)

    def refuse(self, problem: Problem) -> None:
        """Say what was the matter; a passphrase is asked for anew."""
        self.wait(False)
        self._wrong.setText(tell(self._words, problem))
        if self.field.parent() is not None:
            self.field.setFocus()
        self.refit()

    # the words, once

    def _build_words(self) -> QWidget:
        say = self._words.say
        self._shown = [Text(NOTHING, "heading").one_line() for _ in range(COUNT)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(24))
        grid.setVerticalSpacing(theme.px(10))
        for place, shown in enumerate(self._shown):
            number = Text(f"{place + 1}", "dim").one_line()
            number.setMinimumWidth(number.fontMetrics().horizontalAdvance(f"{COUNT}"))
            line = row(number, shown, None, gap=10)
            grid.addLayout(line, place % ROWS, place // ROWS)
        well = Card(role="well", margin=18)
        well.body.addLayout(grid)
        self.written = Button(self.tr("I have them on paper"), "primary", clicked=self._prove)
        self.save = Button(self.tr("Save as PDF …"), icon_name="save", clicked=self._save)
        self.print = Button(self.tr("Print …"), clicked=self._print)
        self._told = Text(role="small")
        self._asks_printer = paper.find_printing()
        buttons = [self.written, self.save] + ([self.print] if self._asks_printer else [])
        items = column(Text(say("vault.keys.recovery.once"), "strong"), well, gap=12)
        for item in (Text(say("vault.keys.recovery.holder"), "dim"), self._told):
            items.addWidget(item)
        items.addStretch(1)
        items.addLayout(Flow(*buttons))
        return plain(items)

    def show_sheet(self, sheet: Sheet) -> None:
        """The words were made: here they are, numbered, down the columns."""
        self.wait(False)
        self._wrong.setText("")
        self.sheet = sheet
        for place, (shown, word) in enumerate(zip(self._shown, sheet.words, strict=True), 1):
            shown.setText(word)
            shown.setAccessibleName(f"{self._words.say('vault.keys.word', place=place)}: {word}")
        self._go("words")
        self.written.setFocus()

    def _save(self) -> None:
        assert self.sheet is not None
        name = self._words.say("vault.keys.recovery.file", name=self.sheet.vault)
        target = choose_target(self, self.tr("Save the recovery sheet"), name)
        if target is None or self.sheet is None:  # locked meanwhile
            return
        try:
            paper.save_pdf(self.sheet, self._words, target)
        except Problem as problem:
            self._tell(tell(self._words, problem))
        else:
            self._tell(self._words.say("vault.keys.recovery.saved", name=target.name))

    def _print(self) -> None:
        assert self._asks_printer is not None
        printer = self._asks_printer(self)
        if printer is not None and self.sheet is not None:
            paper.draw(printer, self.sheet, self._words)
            self._tell(self._words.say("vault.keys.recovery.printed"))

    def _tell(self, text: str) -> None:
        self._told.setText(text)
        self.refit()

    # the proof

    def _build_prove(self) -> QWidget:
        self.fields = [QLineEdit() for _ in range(PROVEN_WORDS)]
        self._labels = [Text(role="strong") for _ in self.fields]
        self._differs = warning()
        self.check = Button(self.tr("Check my words"), "primary", clicked=self._check)
        self.back = Button(self.tr("Show the words again"), "quiet", clicked=self._show_again)
        items = column(Text(self._words.say("vault.keys.recovery.prove")), gap=10)
        for label, field in zip(self._labels, self.fields, strict=True):
            field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
            field.returnPressed.connect(self._check)
            items.addLayout(column(label, field, gap=4))
        items.addWidget(self._differs)
        items.addStretch(1)
        items.addLayout(Flow(self.check, self.back))
        return plain(items)

    def _prove(self) -> None:
        assert self.sheet is not None
        if not self._places:  # the same three, however often the words are looked up
            count = len(self.sheet.words)
            self._places = sorted(secrets.SystemRandom().sample(range(count), PROVEN_WORDS))
        for place, label, field in zip(self._places, self._labels, self.fields, strict=True):
            label.setText(self._words.say("vault.keys.word", place=place + 1))
            field.setAccessibleName(label.text())
        self._go("prove")
        self.fields[0].setFocus()

    def _show_again(self) -> None:
        self._go("words")

    def _check(self) -> None:
        assert self.sheet is not None
        for place, field in zip(self._places, self.fields, strict=True):
            if field.text().strip().casefold() != self.sheet.words[place]:
                self._differs.setText(
                    self._words.say("vault.keys.recovery.differs", place=place + 1)
                )
                field.setFocus()
                field.selectAll()
                self.refit()
                return
        self.proven = True
        self._go("done")
        self.close_button.setFocus()

    def _build_done(self) -> QWidget:
        say = self._words.say
        self.close_button = Button(self.tr("Done"), "primary", clicked=self.accept)
        items = column(Text(say("vault.keys.proven"), "strong"),
                       Text(say("vault.keys.recovery.holder")), None, gap=12)  # fmt: skip
        items.addLayout(row(self.close_button, None))
        return plain(items)

    def _go(self, stage: str) -> None:
        self.stages.show_stage(stage)
        self.refit()

    @property
    def unproven(self) -> bool:
        """Whether words were made that the person has not shown to have."""
        return self.sheet is not None and not self.proven

    def forget(self) -> None:
        """Drop the words and what was typed; to be called when the dialog closes."""
        self.sheet, self._passphrase = None, ""
        for field in (self.field, *self.fields):
            field.setText("")
        for shown in self._shown:
            shown.setText(NOTHING)
            shown.setAccessibleName("")


def tell(words: Words, problem: Problem) -> str:
    """What happened and what to do, in one paragraph."""
    code = f"problem.{problem.code}"
    return f"{words.say(code, **problem.facts)} {words.say(f'{code}.do', **problem.facts)}"


def warning() -> Text:
    """A line that says what is wrong, once something is."""
    made = Text(role="small")
    made.setProperty("level", "ask")
    return made
