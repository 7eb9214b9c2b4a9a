"""Questions that need an answer before going on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Item, at_least, column, fill, plain, row
from guardian.ui.kit.text import Text

FRAME = 40  # pixels the desktop may need for the frame around a dialog
LOWEST = 200


class Room(QScrollArea):
    """As large as the column in it; on a screen that is too low for it, it scrolls."""

    def __init__(self, inner: QVBoxLayout) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(plain(inner))

    def sizeHint(self) -> QSize:
        return self.widget().sizeHint()

    def minimumSizeHint(self) -> QSize:
        least = self.widget().minimumSizeHint()
        if self._scrolls():
            return QSize(least.width() + self.verticalScrollBar().sizeHint().width(), LOWEST)
        return QSize(least.width(), min(least.height(), self.most()))

    def most(self) -> int:
        """How tall a dialog can be here."""
        return self.screen().availableGeometry().height() - FRAME

    def _scrolls(self) -> bool:
        return self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded

    def let_scroll(self, wanted: bool) -> None:
        """A bar only where it is needed for good: one that comes and goes changes the width."""
        policies = Qt.ScrollBarPolicy
        policy = policies.ScrollBarAsNeeded if wanted else policies.ScrollBarAlwaysOff
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the dialog know that what it holds needs more room, or less."""
        done = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return done


class Dialog(QDialog):
    """A title, some items, and a row of buttons; Esc always means no."""

    def __init__(self, parent: QWidget | None, title: str) -> None:
        super().__init__(parent)
        self.setModal(True)
        self._title = Text(title, "heading")
        self._items = column(self._title, gap=14)
        self._items.setContentsMargins(26, 24, 26, 22)
        at_least(self._items, theme.px(430))
        self._room = Room(self._items)
        self.setLayout(column(self._room))
        self.setWindowTitle(title)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Be as tall as the texts need; left alone, Qt stops at two thirds of the screen. What is
        too tall for the screen scrolls."""
        width = max(self.width(), self._items.totalMinimumSize().width())
        height = self._items.totalHeightForWidth(width)
        self._room.let_scroll(height > self._room.most())
        self.resize(width, min(height, self._room.most()))

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


def confirm(
    parent: QWidget, title: str, text: str, yes: str, no: str, *, careful: bool = False
) -> bool:
    """Ask before something that is hard to take back; ``careful``: Enter answers no."""
    dialog = Dialog(parent, title)
    dialog.add(Text(text))
    dialog.add_buttons(yes, no)
    if careful:
        dialog.yes.change_role("plain")
        dialog.no.change_role("primary")
        dialog.no.setDefault(True)
        dialog.no.setFocus()
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
