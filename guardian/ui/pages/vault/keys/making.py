"""The dialogs that ask for a new passphrase, and where a new vault goes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import PassphraseDialog
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.meter import Judgement, Meter
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.choose import choose_folder, documents_folder
from guardian.vault.service import LEAST_CHARACTERS, judge, own_words, suggest_passphrase


class NewPassphraseDialog(PassphraseDialog):
    """Asks twice for a passphrase that is hard to guess, and can suggest one.

    ``name`` is the vault's: its words are guessed first.
    """

    _meter: Meter | None = None  # while the dialog is put together

    def __init__(self, parent: QWidget, desk: Desk, title: str, text: str, name: str = "") -> None:
        self._words, self._vault_name = desk.words, name
        super().__init__(parent, title, text, self._fault)
        self._meter = Meter(desk.jobs, partial(weigh, desk.words))
        self.suggest = Button(self.tr("Suggest one"), "quiet", clicked=self._suggest)
        self._told, self._drawn = Text(role="small"), Text(role="strong")
        for later in (self._drawn, self._told, self._meter):
            self._items.insertWidget(self._items.indexOf(self.first) + 1, later)
        for later in (self._drawn, self._told):
            later.hide()
        line = row(self.show_typed, None, self.suggest)
        self._items.insertLayout(self._items.indexOf(self.second) + 1, line)
        self.setTabOrder(self.show_typed, self.suggest)
        self.first.textChanged.connect(self._weigh)
        self._meter.judged.connect(self._judge)
        self._meter.judged.connect(self.refit)

    def vault_name(self) -> str:
        return self._vault_name

    def _fault(self, passphrase: str) -> str:
        """What is wrong with a passphrase, by the rule of the vault."""
        if len(passphrase) < LEAST_CHARACTERS:
            return self._words.say("problem.passphrase-short.do", least=LEAST_CHARACTERS)
        return ""

    def _judge(self) -> None:
        super()._judge()
        found = self._meter.judgement if self._meter else None
        if found is not None and not found.enough:  # the vault itself refuses it too
            self.yes.setEnabled(False)

    def _show_drawn(self) -> None:
        """A suggestion stands there as long as it is the passphrase."""
        drawn = self._drawn.text()
        for said in (self._told, self._drawn):
            said.setVisible(bool(drawn) and drawn == self.first.text())
        self.refit()

    def _weigh(self) -> None:
        assert self._meter is not None
        self._show_drawn()
        self._meter.weigh(self.first.text(), own_words(self.vault_name()))

    def _suggest(self) -> None:
        """Fill in the first field only: typing the second shows that it was written down."""
        drawn = suggest_passphrase()
        self.first.setText(drawn)
        self.second.setText("")
        self.show_typed.setChecked(True)
        self._told.setText(self._words.say("vault.keys.suggested"))
        self._drawn.setText(drawn)  # whole, which the field need not show
        self._show_drawn()
        self.second.setFocus()

    def forget(self) -> None:
        super().forget()
        self._drawn.setText("")
        if self._meter is not None:
            self._meter.forget()


def weigh(words: Words, passphrase: str, avoid: Sequence[str], report: Report) -> Judgement:
    """A job: how hard ``passphrase`` is to guess, in words."""
    report(0, 0)
    found = judge(passphrase, avoid)
    said = [words.say("vault.strength", strength=words.say(f"vault.strength.{found.score}"))]
    said += [words.say(f"vault.strength.advice.{advice.value}") for advice in found.advice]
    return Judgement(found.score, " ".join(said), found.enough)


class MakeDialog(NewPassphraseDialog):
    """Place first, then the passphrase twice."""

    def __init__(self, parent: QWidget, desk: Desk, place: Path) -> None:
        words = desk.words
        super().__init__(parent, desk, self.tr("Make a vault"), words.say("vault.page.make"))
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
        fields = [self.first, self.second, self.show_typed, self.suggest, self.yes, self.no]
        # one after the other behind the place: Qt takes a mere turn of the circle for no change
        for later in reversed(fields):
            self.setTabOrder(self.change, later)
        self.place_field.textChanged.connect(self._judge)
        self.first.setFocus()

    def vault_name(self) -> str:
        return self.place().name

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
