"""The rail at the left: one checkable button per page, one of them down."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.text import Text


class Rail(QFrame):
    """Tab enters once; the arrow keys move inside. ``chosen`` tells the page's key."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, Button] = {}
        brand = row(Icon("guardian", "accent", 26), Text("Guardian", "heading").one_line(), None)
        brand.setContentsMargins(12, 0, 0, 0)
        self._box = column(brand, 18, gap=6)
        self._end = column(gap=6)
        outer = column(gap=6)
        outer.setContentsMargins(14, 30, 14, 22)
        outer.addLayout(self._box)
        outer.addStretch(1)
        outer.addLayout(self._end)
        self.setLayout(outer)

    def add(
        self, key: str, text: str, icon_name: str, shortcut: str, *, last: bool = False
    ) -> None:
        """A page's button; ``last`` ones stand at the bottom."""
        button = Button(text, "rail", icon_name)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setToolTip(f"{text} ({shortcut})")
        button.setAccessibleName(text)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.toggled.connect(lambda on, key=key: on and self.chosen.emit(key))
        self._group.addButton(button)
        self._buttons[key] = button
        (self._end if last else self._box).addWidget(button)

    def choose(self, key: str) -> None:
        """Press the button of ``key`` without another signal when it is down already."""
        self._buttons[key].setChecked(True)

    def take_focus(self) -> None:
        """Put the focus on the button that is down, from where Tab leads into the page."""
        self._group.checkedButton().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(hint.width(), theme.px(212)), hint.height())
