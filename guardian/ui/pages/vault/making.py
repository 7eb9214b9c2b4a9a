"""The dialog that asks where a new vault goes and what opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import PassphraseDialog
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.choose import choose_folder, documents_folder
from guardian.vault.service import LEAST_CHARACTERS


class MakeDialog(PassphraseDialog):
    """Place first, then the passphrase twice."""

    def __init__(self, parent: QWidget, words: Words, place: Path) -> None:
        super().__init__(
            parent, self.tr("Make a vault"), words.say("vault.page.make"), checker(words)
        )
        self._name = words.say("vault.page.folder-name")
        label = Text(self.tr("Where it goes"), "strong")
        self.place_field = QLineEdit(str(place))
        self.place_field.setAccessibleName(label.text())
        self.change = Button(self.tr("Change …"), clicked=self._change)
        self.change.setAccessibleName(self.tr("Change where the vault goes"))
        line = row(gap=8)
        line.addWidget(self.place_field, 1)
        line.addWidget(self.change)
        secret = Text(self.tr("What opens it"), "strong")
        warning = Text(words.say("vault.page.forgotten"), "dim")
        # between the explanation and the two fields
        before = self._items.indexOf(self.first)
        self._items.insertLayout(before, column(label, line, 8, secret, warning, gap=8))
        self.yes.setText(self.tr("Make the vault"))
        buttons = [one for one in self.findChildren(Button) if one is not self.change]
        shows = self.findChildren(QCheckBox)
        # one after the other behind the place: Qt takes a mere turn of the circle for no change
        for later in reversed([self.first, self.second, *shows, *buttons]):
            self.setTabOrder(self.change, later)
        self.place_field.textChanged.connect(self._judge)
        self.first.setFocus()

    def _judge(self) -> None:
        super()._judge()
        if hasattr(self, "place_field") and not self.place_field.text().strip():
            self.yes.setEnabled(False)

    def place(self) -> Path:
        return Path(self.place_field.text().strip()).expanduser()

    def _change(self) -> None:
        start = self.place().parent
        folder = choose_folder(self, self.tr("Where should the vault go?"), start)
        if folder is not None:
            self.place_field.setText(str(free_place(folder, self._name)))

    def forget(self) -> None:
        """Empty the fields; to be called as soon as the passphrase was taken."""
        self.first.setText("")
        self.second.setText("")


def checker(words: Words) -> Callable[[str], str]:
    """Says what is wrong with a passphrase, by the rule of the vault."""

    def check(passphrase: str) -> str:
        if len(passphrase) >= LEAST_CHARACTERS:
            return ""
        return words.say("problem.passphrase-short.do", least=LEAST_CHARACTERS)

    return check


def usual_place(words: Words) -> Path:
    """Where a vault goes unless the person wants it elsewhere."""
    return free_place(documents_folder(), words.say("vault.page.folder-name"))


def free_place(folder: Path, name: str) -> Path:
    """``folder`` itself where it is empty, otherwise a name in it that is not taken."""
    try:
        if folder.name == name and not any(folder.iterdir()):
            return folder
        number, place = 1, folder / name
        while place.exists():
            number += 1
            place = folder / f"{name} {number}"
    except OSError:
        return folder / name
    return place
