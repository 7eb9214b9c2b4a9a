"""Questions that need an answer before going on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Item, at_least, column, fill, row
from guardian.ui.kit.text import Text


class Dialog(QDialog):
    """A title, some items, and a row of buttons; Esc always means no."""

    def __init__(self, parent: QWidget | None, title: str) -> None:
        super().__init__(parent)
        self.setModal(True)
        self._title = Text(title, "heading")
        self._items = column(self._title, gap=14)
        self._items.setContentsMargins(26, 24, 26, 22)
        at_least(self._items, theme.px(430))
        self.setLayout(self._items)
        self.setWindowTitle(title)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Be as tall as the texts need; left alone, Qt stops at two thirds of the screen."""
        width = max(self.width(), self.layout().totalMinimumSize().width())
        self.resize(width, self.layout().totalHeightForWidth(width))

    def refit(self) -> None:
        """:meth:`fit`, once what has just changed inside is laid out; Qt does that later."""
        if self.isVisible():
            QTimer.singleShot(0, self, self.fit)

    def show_title(self, title: str) -> None:
        self._title.setText(title)

    def add(self, *items: Item) -> None:
        fill(self._items, items)

    def add_buttons(self, yes: str, no: str, *others: QWidget) -> None:
        """The row at the bottom; ``yes`` accepts and answers to Enter, ``no`` rejects."""
        self.yes = Button(yes, "primary", clicked=self.accept)
        self.yes.setDefault(True)
        self.no = Button(no, clicked=self.reject)
        self._items.addSpacing(4)
        self._items.addLayout(row(self.yes, self.no, *others, None))


def confirm(parent: QWidget, title: str, text: str, yes: str, no: str) -> bool:
    """Ask before something that is hard to take back."""
    dialog = Dialog(parent, title)
    dialog.add(Text(text))
    dialog.add_buttons(yes, no)
    agreed = bool(dialog.exec())
    dialog.deleteLater()
    return agreed


class SecretField(QLineEdit):
    """A passphrase being typed; never remembered, never spell-checked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
        )
        self.setMaxLength(1024)


class PassphraseDialog(Dialog):
    """Asks for a new passphrase twice. ``check`` says what is wrong with one, or nothing."""

    def __init__(self, parent: QWidget, title: str, text: str, check: Callable[[str], str]) -> None:
        super().__init__(parent, title)
        self._check = check
        self.first = SecretField(self.tr("New passphrase"))
        self.second = SecretField(self.tr("The same again"))
        self._wrong = Text(role="small")
        self._wrong.setProperty("level", "ask")
        self.show_typed = QCheckBox(self.tr("Show what I type"))
        self.show_typed.toggled.connect(self._show_typed)
        self.add(Text(text), self.first, self.second, self.show_typed, self._wrong)
        self.add_buttons(self.tr("Set passphrase"), self.tr("Cancel"))
        self.first.textChanged.connect(self._judge)
        self.second.textChanged.connect(self._judge)
        self._judge()

    def _show_typed(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.first.setEchoMode(mode)
        self.second.setEchoMode(mode)

    def _judge(self) -> None:
        one, other = self.first.text(), self.second.text()
        wrong = self._check(one) if one else ""
        if not wrong and other and one != other:
            wrong = self.tr("The two are not the same yet.")
        self._wrong.setText(wrong)
        self.yes.setEnabled(bool(one) and one == other and not wrong)

    def passphrase(self) -> str:
        return self.first.text()

    def forget(self) -> None:
        """Empty the fields; to be called as soon as the passphrase was taken."""
        self.first.setText("")
        self.second.setText("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.yes.isEnabled():
            return
        super().keyPressEvent(event)
