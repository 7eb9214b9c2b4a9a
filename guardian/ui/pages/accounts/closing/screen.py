"""What the screens of the walk share: a heading, words by code, and one primary button."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from guardian.core.words import Fact
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.closing.standing import Standing
from guardian.ui.pages.accounts.closing.walk import Walk


class Screen(QWidget):
    """One step of the walk; ``body`` is its column."""

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self.walk = walk
        self.heading = Text(role="heading")
        self.body: QVBoxLayout = column(self.heading, gap=14)
        self.setLayout(self.body)

    def say(self, code: str, **facts: Fact) -> str:
        return self.walk.words.say(code, **facts)

    def show_standing(self, standing: Standing) -> None:
        raise NotImplementedError

    def enter(self) -> None:
        """Called each time the screen is shown."""

    def first(self) -> QWidget | None:
        """Where the focus belongs when the screen is shown: its primary button, if there is one."""
        buttons = self.findChildren(Button)
        return next(
            (one for one in buttons if one.role == "primary" and one.isVisibleTo(self)), None
        )


def lead_to(last: QWidget, widgets: Iterable[QWidget]) -> None:
    """Tab meets ``widgets`` in their order just before ``last``, whenever they were made."""
    for widget in widgets:
        QWidget.setTabOrder(last, widget)
        QWidget.setTabOrder(widget, last)


def attend(widget: QWidget) -> None:
    """Put the focus there, and scroll so that it is seen: Qt does the second only for Tab."""
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if isinstance(parent, QScrollArea):
        parent.ensureWidgetVisible(widget)


def tell(label: Text, text: str) -> None:
    """Show ``text``; a label with nothing to say takes no room."""
    label.setText(text)
    label.setVisible(bool(text))


def remark(text: Text, icon: str = "info", token: str = "accent", role: str = "tint") -> Card:
    """A sentence that stands out, with its icon."""
    line = row(Icon(icon, token, 20), gap=10, top=True)
    line.addWidget(text, 1)
    return Card(line, role=role, margin=14)


def quiet(text: str, clicked: Callable[[], object], icon: str = "") -> Button:
    """A button within text."""
    return Button(text, "quiet", icon, clicked)
