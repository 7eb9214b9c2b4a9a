"""What F9 lays over everything: a calm page that says nothing of what is below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget
from shiboken6 import isValid

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Picture
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.text import Text


class CoverPage(QWidget):
    """Instead of the whole window."""

    asked_back = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        title = Text(words.say("guard.cover"), "heading")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.back = Button(self.tr("Go on (F9)"), clicked=self.asked_back.emit)
        middle = column(
            row(None, Picture("pause"), None), title, row(None, self.back, None), gap=16
        )
        self.setLayout(column(None, middle, None, None))
        self.setFocusProxy(self.back)


class Focus:
    """What has the focus in a window, and what is marked there: Qt forgets marks without it."""

    def __init__(self, window: QWidget) -> None:
        self._widget = window.focusWidget()
        self._marks = [
            (field, field.selectionStart(), field.selectionLength(), field.cursorPosition())
            for field in fields_of(self._widget)
        ]

    def give_back(self) -> None:
        """Where it still is there to be seen."""
        if self._widget is None or not isValid(self._widget) or not self._widget.isVisible():
            return
        self._widget.setFocus()
        for field, start, length, place in self._marks:
            if not isValid(field):
                continue
            field.setCursorPosition(place)
            if start >= 0 and place == start:  # marked from its end towards its beginning
                field.setSelection(start + length, -length)
            elif start >= 0:
                field.setSelection(start, length)


def fields_of(widget: QWidget | None) -> list[QLineEdit]:
    """The lines one types into in ``widget``: itself, or the one in a number or a choice."""
    if widget is None:
        return []
    return [widget] if isinstance(widget, QLineEdit) else widget.findChildren(QLineEdit)


class Lid(QFrame):
    """Stands in a dialog instead of all that is in it: what is hidden, no screen reader tells.

    The dialog stays open with what was typed into it.
    """

    def __init__(self, dialog: QWidget, text: str) -> None:
        super().__init__(dialog)
        label = Text(text, "dim")
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(column(None, label, None))
        self.setProperty("role", "lid")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._dialog, self._focus = dialog, Focus(dialog)
        self._told = (dialog.windowTitle(), dialog.accessibleName(), dialog.accessibleDescription())
        self._tell("", "", "")
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        self._hidden = [
            one
            for one in dialog.findChildren(QWidget, options=direct)
            if one is not self and not one.isWindow() and not one.isHidden()
        ]
        for one in self._hidden:
            one.hide()
        dialog.installEventFilter(self)
        dialog.setEnabled(False)  # or its keys would still be heard
        self.setGeometry(dialog.rect())
        self.show()
        self.raise_()

    def _tell(self, title: str, name: str, description: str) -> None:
        self._dialog.setWindowTitle(title)
        self._dialog.setAccessibleName(name)
        self._dialog.setAccessibleDescription(description)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._dialog.rect())
        return False

    def lift(self) -> None:
        dialog = self._dialog
        dialog.removeEventFilter(self)
        self._tell(*self._told)
        dialog.setEnabled(True)
        self.hide()
        for one in filter(isValid, self._hidden):
            one.show()
        self._focus.give_back()
        self.deleteLater()
