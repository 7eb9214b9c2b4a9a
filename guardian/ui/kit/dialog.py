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
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Item, at_least, column, fill, plain, row
from guardian.ui.kit.text import Text

QWIDGETSIZE_MAX = 16_777_215
FRAME = 40  # pixels the desktop may need for the frame around a dialog
BAR = 40  # and the bar of one that scrolls, in the largest letters
LOWEST = 200


class Room(QScrollArea):
    """As large as the column in it; on a screen that is too small for it, it scrolls."""

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
        least, most = self.widget().minimumSizeHint(), self.most()
        if self._scrolls():
            width = least.width() + self.verticalScrollBar().sizeHint().width()
            return QSize(min(width, most.width()), LOWEST)
        return QSize(min(least.width(), most.width()), min(least.height(), most.height()))

    def most(self) -> QSize:
        """How large a dialog can be here; as wide as it must, but for the largest letters."""
        most = self.screen().availableGeometry().size() - QSize(FRAME, FRAME)
        return most if theme.look().projected else QSize(QWIDGETSIZE_MAX, most.height())

    def _scrolls(self) -> bool:
        return self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded

    def let_scroll(self, *, down: bool, across: bool) -> None:
        """A bar only where it is needed for good: one that comes and goes changes the width."""
        policies = Qt.ScrollBarPolicy
        policy = policies.ScrollBarAsNeeded if down else policies.ScrollBarAlwaysOff
        sideways = policies.ScrollBarAsNeeded if across else policies.ScrollBarAlwaysOff
        if (policy, sideways) != (
            self.verticalScrollBarPolicy(), self.horizontalScrollBarPolicy()
        ):  # fmt: skip
            self.setVerticalScrollBarPolicy(policy)
            self.setHorizontalScrollBarPolicy(sideways)
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
        self._room = Room(self._items)
        self.setLayout(column(self._room))
        at_least(self._items, min(theme.px(430), self._room.most().width() - BAR))
        self.setWindowTitle(title)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Be as tall as the texts need; left alone, Qt stops at two thirds of the screen. What is
        too tall for the screen scrolls."""
        most = self._room.most()
        width = max(self.width(), self._items.totalMinimumSize().width())
        height = self._items.totalHeightForWidth(width)
        down = height > most.height()
        needed = self._items.totalMinimumSize().width() + BAR * down
        self._room.let_scroll(down=down, across=needed > most.width())
        self.resize(min(width, most.width()), min(height, most.height()))

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
        if theme.look().projected:  # one button alone may be as wide as a small screen
            self._items.addLayout(Flow(self.yes, self.no, *others))
        else:
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
