"""Settings: the people on this computer, and what a profile can and cannot keep from others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.core.errors import Problem
from guardian.core.profiles import FIRST, LIMITS, Colour, Profile, tidy, told_apart
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.fields import Field
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold, bullet
from guardian.ui.kit.icon import Drawing, Icon
from guardian.ui.kit.layout import Card, Line, clear, column, order_tabs, plain, row
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.text import Text
from guardian.ui.people.adding import Colours, ask_newcomer
from guardian.ui.people.face import face, name_of
from guardian.ui.people.forgotten import TypedDialog
from guardian.ui.people.people import People

FACE = 28  # pixels at 100 %
SYSTEMS = {"win32": "windows", "darwin": "macos"}
STEPS = 6  # of the guide to accounts of the system


class PeopleCard(Card):
    """The list, and what can be done with each. ``protect`` asks for a passphrase for the one
    who is here."""

    def __init__(self, people: People, desk: Desk, protect: Callable[[], object]) -> None:
        super().__init__(gap=12)
        self._people, self._desk, self._words = people, desk, desk.words
        self.notice = Notice(desk.words)
        self._hint = hint_card(desk.words, protect)
        self._list = column(gap=8)
        self.add_button = Button(self.tr("Add a person …"), icon_name="add", clicked=self.add)
        words = desk.words
        self.body.addLayout(
            row(Icon("people", "accent", 22), Text(words.say("people.title"), "heading"), gap=10)
        )
        self.body.addWidget(Text(words.say("people.intro"), "dim"))
        self.body.addWidget(self.notice)
        self.body.addWidget(self._hint)
        self.body.addLayout(self._list)
        self.body.addLayout(row(self.add_button, None))
        self.body.addWidget(Line())
        self._say_limits()
        self.add_button.setVisible(people.may_change)
        people.changed.connect(self.show_people)
        self.show_people()

    def _say_limits(self) -> None:
        words = self._words
        self.body.addWidget(Text(words.say("profile.limits"), "strong"))
        for number in range(1, LIMITS + 1):
            self.body.addWidget(bullet(words.say(f"profile.limits.{number}")))
        system = SYSTEMS.get(sys.platform, "linux")
        steps = [
            Text(words.say(f"profiles.advice.{system}.{number}")) for number in range(1, STEPS + 1)
        ]
        self.guide = Fold(*[words.say(f"profiles.advice.{system}")] * 2)
        self.guide.add(*steps)
        self.body.addWidget(self.guide)

    def show_people(self) -> None:
        """Everybody, with what can be done about them."""
        clear(self._list)
        for profile in self._people.all():
            self._list.addWidget(plain(self._line(profile)))
        self._hint.setVisible(self._people.unlocked_by_anyone)
        order_tabs(self)

    def _line(self, profile: Profile) -> Flow:
        """Face, name and kind, and what may be changed."""
        name = name_of(self._words, profile)
        kind = self._words.say(f"profile.kind.{profile.kind.value}")
        if self._people.is_here(profile):
            kind = self._words.say("people.here")
        who = row(Face(name, profile.colour), Text(name, "strong").one_line(), gap=8)
        who.addWidget(Text(kind, "small").one_line())
        person = plain(who)
        person.setMinimumHeight(theme.px(38))  # in line with the buttons beside it
        line = Flow(person, gap=12)
        if self._people.may_change:
            rename = Button(self.tr("Change …"), clicked=lambda: self.change(profile))
            rename.setAccessibleName(self.tr("Change {name} …").format(name=name))
            line.addWidget(rename)
        if self._people.may_change and profile.id != FIRST.id:
            remove = Button(self.tr("Remove …"), clicked=lambda: self.remove(profile))
            remove.setAccessibleName(self.tr("Remove {name} …").format(name=name))
            line.addWidget(remove)
        return line

    def add(self) -> None:
        newcomer = ask_newcomer(self.window(), self._words, self._people.all())
        if newcomer is not None:
            self._run(self._people.add, newcomer)

    def change(self, profile: Profile) -> None:
        dialog = ChangeDialog(self.window(), self._words, profile, self._people.all())
        if dialog.exec():
            self._run(self._people.change, dialog.answer())
        dialog.deleteLater()

    def remove(self, profile: Profile) -> None:
        dialog = removal(self.window(), self._words, profile)
        if dialog.exec():
            leaving = self._people.is_here(profile)
            self._run(self._people.remove, profile, after=self._people.lock if leaving else None)
        dialog.deleteLater()

    def _run(
        self,
        work: Callable[..., object],
        *arguments: object,
        after: Callable[[], object] | None = None,
    ) -> None:
        self.setEnabled(False)
        job = self._desk.jobs.start(self, work, *arguments, failed=self.notice.show_problem)
        job.succeeded.connect(lambda _done: (after or self._people.changed.emit)())
        job.finished.connect(lambda: self.setEnabled(True))


class Face(Drawing):
    """The face of a person beside their name."""

    def __init__(self, name: str, colour: Colour) -> None:
        super().__init__()
        self._name, self._colour = name, colour
        self.redraw()

    def redraw(self) -> None:
        side = theme.px(FACE)
        self.setPixmap(face(self._name, self._colour, side).pixmap(side, side))
        self.setFixedSize(side, side)


class ChangeDialog(Dialog):
    """Another nickname, another colour."""

    def __init__(
        self, parent: QWidget, words: Words, profile: Profile, people: Sequence[Profile]
    ) -> None:
        super().__init__(parent, words.say("people.change"))
        self._words, self._profile = words, profile
        self._taken = [told_apart(one.nickname) for one in people if one.id != profile.id]
        self.nickname = QLineEdit(profile.nickname)
        self.nickname.setMaxLength(60)
        self.colours = Colours(words, profile.colour)
        self._wrong = Text(role="small")
        self._wrong.setProperty("level", "ask")
        self.add(
            Field(self.tr("Nickname"), self.nickname, words.say("people.nickname.hint")),
            column(Text(self.tr("Colour"), "strong"), self.colours, gap=5),
            self._wrong,
        )
        self.add_buttons(self.tr("Keep"), self.tr("Cancel"))
        self.nickname.textChanged.connect(self._judge)
        self._judge()

    def _judge(self) -> None:
        wrong = ""
        try:
            if told_apart(tidy(self.nickname.text())) in self._taken:
                raise Problem("profile-name-taken", name=self.nickname.text().strip())
        except Problem as problem:
            wrong = self._words.say(f"problem.{problem.code}.do", **problem.facts)
        self._wrong.setText(wrong)
        self.yes.setEnabled(not wrong)
        self.refit()

    def answer(self) -> Profile:
        name = tidy(self.nickname.text())
        return replace(self._profile, nickname=name, colour=self.colours.colour)


def removal(parent: QWidget, words: Words, profile: Profile) -> TypedDialog:
    name = name_of(words, profile)
    return TypedDialog(
        parent, words.say("people.remove", name=name),
        tuple(words.say(f"people.remove.{number}", name=name) for number in (1, 2)),
        name, words.say("people.forgotten.type", name=name), words.say("people.remove.yes"),
    )  # fmt: skip


def hint_card(words: Words, protect: Callable[[], object]) -> Card:
    """Said where the first profile opens for everybody: a passphrase would keep it to one."""
    button = Button(words.say("people.protect"), "primary", clicked=protect)
    texts = column(
        Text(words.say("people.open"), "strong"), Text(words.say("people.open.why")), gap=4
    )
    return Card(texts, row(button, None), role="tint", gap=10, margin=16)
