"""The settings page: draws itself from the fields of the settings dataclass."""

from __future__ import annotations

from dataclasses import Field, fields
from enum import StrEnum
from typing import Any, get_type_hints

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLayout, QWidget

from guardian import __version__
from guardian.core.errors import Problem
from guardian.core.keys import MIN_PASSPHRASE, KeyMode
from guardian.core.settings import Settings
from guardian.ui.desk import Desk
from guardian.ui.guard.card import GuardCard
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog, PassphraseDialog, SecretField, confirm
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, column, order_tabs, plain, row
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, scrolling
from guardian.ui.kit.text import Text
from guardian.ui.people.card import PeopleCard
from guardian.ui.people.people import People
from guardian.ui.preferences import Preferences
from guardian.ui.records import Records


class SettingsPage(Page):
    key = "settings"

    def __init__(
        self,
        preferences: Preferences,
        records: Records,
        desk: Desk,
        people: People | None = None,
    ) -> None:
        words = desk.words
        super().__init__(words.say("page.settings"), words.say("settings.intro"))
        self._preferences, self._records, self._desk = preferences, records, desk
        self._notice = Notice(words)
        self._choices = Card(gap=14)
        self._guard = GuardCard(words)
        self._draw_all()
        self._about = Card(
            Text(self.tr("About Guardian"), "heading"),
            Text(words.say("settings.about", version=__version__)),
            Text(words.say("settings.credits"), "dim"),
        )
        self._keeping = Card(gap=12)
        self.people = PeopleCard(people, desk, self._set_passphrase) if people else None
        cards = [self._choices, self._guard, self._keeping, self.people, self._about]
        self._area = scrolling(*filter(None, cards), None)
        self.content.addWidget(self._notice)
        self.content.addWidget(self._area, 1)
        preferences.failed.connect(self._notice.show_problem)
        if preferences.problem:
            self._notice.show_problem(preferences.problem)
        self._show_records()

    def _draw_all(self) -> None:
        """A control for each setting, on the card it belongs to."""
        hints = get_type_hints(Settings)
        for entry in fields(Settings):
            if entry.metadata.get("hidden"):
                continue
            card = (
                self._guard.settings
                if entry.metadata.get("card") == "guard"
                else self._choices.body
            )
            if card.count():
                card.addWidget(Line())
            card.addWidget(self._draw(entry, hints[entry.name]))

    def show_people(self) -> None:
        """Scroll to the people on this computer."""
        if self.people is not None:
            top = self.people.mapTo(self._area.widget(), QPoint()).y()
            self._area.verticalScrollBar().setValue(top)
            self.people.add_button.setFocus()

    def _draw(self, entry: Field[Any], kind: type) -> QWidget:
        """The control of one setting, chosen by its type."""
        words = self._desk.words
        label = words.say(f"settings.{entry.name}")
        texts = column(
            Text(label, "strong"), Text(words.say(f"settings.{entry.name}.why"), "dim"), gap=3
        )
        if kind is bool:
            line = row(gap=24)
            line.addWidget(plain(texts), 1)
            line.addWidget(self._check_box(entry.name, label))
            return plain(line)
        if issubclass(kind, StrEnum):
            return plain(column(plain(texts), self._segments(entry.name, label, kind), gap=10))
        raise TypeError(f"no control is known for the setting {entry.name}")

    def _check_box(self, name: str, label: str) -> QCheckBox:
        box = QCheckBox()
        box.setAccessibleName(label)
        box.setChecked(getattr(self._preferences.settings, name))
        box.toggled.connect(lambda on: self._preferences.change(**{name: on}))
        return box

    def _segments(self, name: str, label: str, kind: type[StrEnum]) -> QLayout:
        words = self._desk.words
        group = QButtonGroup(self)
        line = Flow()
        for value in kind:
            text = words.say(f"settings.{name}.{value.value}")
            button = Button(text, "segment")
            button.setAccessibleName(f"{label}: {text}")
            button.setChecked(getattr(self._preferences.settings, name) is value)
            button.toggled.connect(
                lambda on, value=value: on and self._preferences.change(**{name: value})
            )
            group.addButton(button)
            line.addWidget(button)
        return line

    def refresh(self) -> None:
        self._show_records()
        if self.people is not None:
            self.people.show_people()

    def _show_records(self, folder: str = "") -> None:
        """Where the records are, how they are locked, and what can be changed about it."""
        folder = folder or str(self._records.paths.data)
        words, mode = self._desk.words, self._records.mode
        fresh = Card(gap=12)
        icon = Icon("key" if mode is not KeyMode.MEMORY else "ask", "accent", 22)
        fresh.body.addLayout(row(icon, Text(self.tr("Your records"), "heading").one_line(), None))
        fresh.body.addWidget(Text(words.say(f"records.{mode.value}")))
        if self._records.why:
            problem = self._records.why
            fresh.body.addWidget(Text(words.say(f"problem.{problem.code}", **problem.facts), "dim"))
        if mode is not KeyMode.MEMORY:
            fresh.body.addWidget(
                Text(words.say("records.place", folder=folder), "dim").selectable()
            )
        fresh.body.addLayout(self._record_buttons(mode))
        self._keeping.parentWidget().layout().replaceWidget(
            self._keeping, fresh, Qt.FindChildOption.FindDirectChildrenOnly
        )
        self._keeping.hide()
        self._keeping.deleteLater()
        self._keeping = fresh
        order_tabs(self._area.widget())

    def _record_buttons(self, mode: KeyMode) -> QLayout:
        buttons = Flow()
        records = self._records
        if records.guest or (mode is KeyMode.MEMORY and not records.first):
            return buttons
        if mode is KeyMode.PASSPHRASE:
            buttons.addWidget(
                Button(self.tr("Change passphrase …"), clicked=self._change_passphrase)
            )
        else:
            buttons.addWidget(Button(self.tr("Set a passphrase …"), clicked=self._set_passphrase))
        if records.first:  # whoever shares the computer has only their passphrase to rely on
            if mode is KeyMode.PASSPHRASE:
                buttons.addWidget(
                    Button(self.tr("Use the keyring instead"), clicked=self._use_keyring)
                )
            buttons.addWidget(
                Button(self.tr("Delete my records …"), icon_name="trash", clicked=self._forget)
            )
        return buttons

    def _set_passphrase(self) -> None:
        passphrase = self._ask_new()
        if passphrase:
            self._run(self._records.set_passphrase, passphrase)

    def _change_passphrase(self) -> None:
        old = self._ask_old()
        passphrase = self._ask_new() if old else ""
        if passphrase:
            self._run(self._records.change_passphrase, old, passphrase)

    def _ask_old(self) -> str:
        """The passphrase of now, or nothing: whoever passes an open window must not be able to
        keep its owner out."""
        words = self._desk.words
        dialog = Dialog(self, words.say("people.own-secret"))
        old = SecretField(self.tr("Your passphrase until now"))
        dialog.add(Text(words.say("people.own-secret.why")))
        if self._records.shared:
            dialog.add(Text(words.say("people.own-secret.shared")))
        dialog.add(old)
        dialog.add_buttons(self.tr("Next"), self.tr("Cancel"))
        typed = old.text() if dialog.exec() else ""
        old.clear()
        dialog.deleteLater()
        return typed

    def _ask_new(self) -> str:
        """A new passphrase, or nothing."""
        words = self._desk.words

        def check(passphrase: str) -> str:
            short = len(passphrase) < MIN_PASSPHRASE
            return words.say("problem.passphrase-short.do", least=MIN_PASSPHRASE) if short else ""

        dialog = PassphraseDialog(
            self,
            self.tr("A passphrase for your records"),
            words.say("records.new-passphrase"),
            check,
        )
        passphrase = dialog.passphrase() if dialog.exec() else ""
        dialog.forget()
        dialog.deleteLater()
        return passphrase

    def _use_keyring(self) -> None:
        old = self._ask_old()
        if old:
            self._run(self._records.use_keyring, old)

    def _forget(self) -> None:
        if confirm(
            self,
            self.tr("Delete all Guardian records?"),
            self._desk.words.say("records.forget"),
            self.tr("Delete them"),
            self.tr("Keep them"),
        ):
            # nothing may read or write the records while they go, and this page with them
            cover = self._records.cover()
            job = self._desk.jobs.start(cover, self._records.forget, failed=tell)
            job.finished.connect(self._records.reopen)

    def _run(self, work: Any, *arguments: Any) -> Any:
        self._keeping.setEnabled(False)
        job = self._desk.jobs.start(self, work, *arguments, failed=self._notice.show_problem)
        job.finished.connect(self.refresh)
        return job


def tell(problem: Problem) -> None:
    """Hand a problem to the one hook, where the page that asked is gone."""
    raise problem
