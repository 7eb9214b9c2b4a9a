"""Handing something in: an export, a mailbox, or an account the person knows of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from guardian.accounts.model import Source
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, clear, column, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.telling import capital


class Handing(Card):
    """``brought`` carries the path of a file or folder, ``forgotten`` the key of what was handed
    in before; ``adding`` comes when an account is to be written down."""

    brought = Signal(str)
    forgotten = Signal(str)
    adding = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__(gap=10)
        self._words = words
        self.file = Button(self.tr("Choose a file …"), icon_name="file", clicked=self._ask_file)
        self.folder = Button(
            self.tr("Choose a folder …"), icon_name="folder", clicked=self._ask_folder
        )
        self.add = Button(self.tr("Write one down …"), icon_name="add", clicked=self.adding.emit)
        self._list = column(gap=4)
        self._kept = plain(column(Line(), Text(self.tr("Handed in so far"), "strong"), gap=8))
        self._kept.hide()
        say = words.say
        self.body.addWidget(Text(say("accounts.page.bring.title"), "heading"))
        self.body.addWidget(Text(say("accounts.page.bring.text")))
        self.body.addWidget(Text(say("accounts.page.bring.quiet"), "dim"))
        self.body.addWidget(plain(Flow(self.file, self.folder, self.add, gap=8)))
        self.body.addWidget(self._kept)
        self.body.addLayout(self._list)
        self.buttons: list[Button] = []

    def show_brought(self, sources: Sequence[Source]) -> None:
        """What was handed in, each with a way to have it forgotten."""
        clear(self._list)
        self._kept.setVisible(bool(sources))
        self.buttons = []
        for source in sources:
            kind = self._words.say(f"accounts.source.{source.kind.value}")
            name = f"{source.name}: {kind}" if source.name else capital(kind)
            forget = Button(self.tr("Forget"), "quiet", "trash")
            forget.clicked.connect(lambda _=False, key=source.key: self.forgotten.emit(key))
            forget.setAccessibleName(self.tr("Forget: {what}").format(what=name))
            line = row(Icon("file", "dim", 18), gap=10)
            line.addWidget(Text(name), 1)
            line.addWidget(forget)
            self._list.addLayout(line)
            self.buttons.append(forget)
        for one, following in pairwise((self.add, *self.buttons)):
            self.setTabOrder(one, following)

    def _ask_file(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Read an export or a mailbox"))
        if file:
            self.brought.emit(file)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Read a folder of mails"))
        if folder:
            self.brought.emit(folder)


class AddDialog(Dialog):
    """Asks for a site and, if the person wants, the name used there."""

    def __init__(self, parent: QWidget, words: Words) -> None:
        super().__init__(parent, self.tr("Write down an account"))
        self.site, self.name = QLineEdit(), QLineEdit()
        self.site.setPlaceholderText("example.org")
        self.site.setMaxLength(2000)
        self.name.setMaxLength(400)
        self.add(Text(words.say("accounts.page.add")))
        for text, field in (
            (self.tr("Its web address or site"), self.site),
            (self.tr("Your name there, or nothing"), self.name),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            field.setAccessibleName(text)
            self.add(column(label, field, gap=4))
        self.add_buttons(self.tr("Add"), self.tr("Cancel"))
        self.site.textChanged.connect(self._judge)
        self._judge("")

    def _judge(self, text: str) -> None:
        self.yes.setEnabled(bool(text.strip()))
