"""Somebody new: nickname, colour and kind, then a passphrase, or two from two people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from guardian.core.errors import Problem
from guardian.core.keys import MIN_PASSPHRASE
from guardian.core.profiles import FIRST, Colour, Kind, Profile, tidy, told_apart
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog, PassphraseDialog
from guardian.ui.kit.fields import Field
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import column, plain
from guardian.ui.kit.text import Text
from guardian.ui.people.face import face

KINDS = (Kind.PERSON, Kind.CHILD, Kind.HOUSEHOLD)


@dataclass(frozen=True)
class Newcomer:
    """``first`` is the first profile with the nickname it gets on this occasion, if it had none."""

    nickname: str
    colour: Colour
    kind: Kind
    passphrases: tuple[str, ...]
    first: Profile | None = None


class Colours(QWidget):
    """One of six colours, each with its word."""

    def __init__(self, words: Words, chosen: Colour) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setAccessibleName(words.say("people.colour"))
        self._group = QButtonGroup(self)
        self.buttons: dict[Colour, Button] = {}
        for colour in Colour:
            name = words.say(f"profile.colour.{colour.value}")
            button = Button(name, "segment")
            button.setAccessibleName(f"{words.say('people.colour')}: {name}")
            button.setIcon(face("", colour, theme.px(14), gap=4))
            button.setIconSize(QSize(theme.px(14) + 4, theme.px(14)))
            button.setChecked(colour is chosen)
            self._group.addButton(button)
            self.buttons[colour] = button
        self.setLayout(Flow(*self.buttons.values(), gap=6))

    @property
    def colour(self) -> Colour:
        return next(colour for colour, button in self.buttons.items() if button.isChecked())


class NewcomerDialog(Dialog):
    """Who they are; the passphrase is asked for afterwards."""

    def __init__(self, parent: QWidget | None, words: Words, people: Sequence[Profile]) -> None:
        super().__init__(parent, words.say("people.new"))
        self._words, self._people = words, people
        self.nickname = QLineEdit()
        self.own = QLineEdit()
        self.kinds = {kind: QRadioButton(words.say(f"people.kind.{kind.value}")) for kind in KINDS}
        self.kinds[Kind.PERSON].setChecked(True)
        taken = {profile.colour for profile in people}
        free = next((colour for colour in Colour if colour not in taken), Colour.BLUE)
        self.colours = Colours(words, free)
        self._wrong = Text(role="small")
        self._wrong.setProperty("level", "ask")
        self.add(
            Text(words.say("people.new.why"), "dim"),
            Field(self.tr("Nickname"), self.nickname, words.say("people.nickname.hint")),
            column(Text(self.tr("Colour"), "strong"), self.colours, gap=5),
        )
        self._add_kinds()
        self._nameless = next(
            (one for one in people if one == replace(FIRST, colour=one.colour)), None
        )
        if self._nameless is not None:
            self.add(Field(words.say("people.own"), self.own, words.say("people.own.hint")))
        self.add(self._wrong)
        self.add_buttons(self.tr("Next"), self.tr("Cancel"))
        for field in (self.nickname, self.own):
            field.setMaxLength(60)
            field.textChanged.connect(self._judge)
        self.yes.setEnabled(False)
        self.nickname.setFocus()

    def _add_kinds(self) -> None:
        box = column(Text(self.tr("Who is it for?"), "strong"), gap=6)
        for kind, button in self.kinds.items():
            box.addWidget(button)
            why = column(Text(self._words.say(f"people.kind.{kind.value}.why"), "small"))
            why.setContentsMargins(theme.px(30), 0, 0, 2)
            box.addWidget(plain(why))
        self.add(box)

    def _judge(self) -> None:
        """Say at once what is wrong with a name, but not that it is still empty."""
        wrong = ""
        names = [told_apart(one.nickname) for one in self._people]
        for field in (self.own, self.nickname):
            if not field.text().strip():
                continue
            try:
                name = told_apart(tidy(field.text()))
            except Problem as problem:
                wrong = self._words.say(f"problem.{problem.code}.do", **problem.facts)
                continue
            if name in names:
                wrong = self._words.say("problem.profile-name-taken.do", name=field.text().strip())
            names.append(name)
        self._wrong.setText(wrong)
        filled = bool(self.nickname.text().strip())
        if self._nameless is not None:
            filled = filled and bool(self.own.text().strip())
        self.yes.setEnabled(filled and not wrong)
        self.refit()

    @property
    def kind(self) -> Kind:
        return next(kind for kind, button in self.kinds.items() if button.isChecked())

    def answer(self, passphrases: tuple[str, ...]) -> Newcomer:
        first = self._nameless
        if first is not None:
            first = replace(first, nickname=tidy(self.own.text()))
        return Newcomer(
            tidy(self.nickname.text()), self.colours.colour, self.kind, passphrases, first
        )


def ask_newcomer(parent: QWidget, words: Words, people: Sequence[Profile]) -> Newcomer | None:
    """All that is needed for a new profile, or None where somebody said no."""
    dialog = NewcomerDialog(parent, words, people)
    try:
        if not dialog.exec():
            return None
        secrets = ask_passphrases(parent, words, dialog.kind, tidy(dialog.nickname.text()))
        return dialog.answer(secrets) if secrets else None
    finally:
        dialog.deleteLater()


def ask_passphrases(parent: QWidget, words: Words, kind: Kind, name: str) -> tuple[str, ...] | None:
    """The passphrase of one person, or those of two, typed one after the other."""
    turns = ("one", "two") if kind is Kind.HOUSEHOLD else (kind.value,)
    given: list[str] = []
    for turn in turns:
        dialog = passphrase_dialog(parent, words, turn, name, given)
        agreed = bool(dialog.exec())
        if agreed:
            given.append(dialog.passphrase())
        dialog.forget()
        dialog.deleteLater()
        if not agreed:
            return None
    return tuple(given)


def passphrase_dialog(
    parent: QWidget, words: Words, turn: str, name: str, given: Sequence[str]
) -> PassphraseDialog:
    """``given`` are the passphrases of those who had their turn: it must be another one."""

    def check(passphrase: str) -> str:
        if len(passphrase) < MIN_PASSPHRASE:
            return words.say("problem.passphrase-short.do", least=MIN_PASSPHRASE)
        return words.say("people.secret.same") if passphrase in given else ""

    return PassphraseDialog(
        parent, words.say(f"people.secret.{turn}", name=name),
        words.say(f"people.secret.{turn}.why"), check,
    )  # fmt: skip
