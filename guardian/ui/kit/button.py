"""Buttons by role: one primary on a screen, plain ones beside it, quiet ones within text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from guardian.ui import theme
from guardian.ui.kit.icon import icon

GAPS = {"rail": 8}
ICON_TOKENS = {"primary": "on_accent", "quiet": "accent"}


class Button(QPushButton):
    """``role`` is primary, plain, quiet, rail or segment; ``icon_name`` a file of assets/icons."""

    def __init__(
        self,
        text: str,
        role: str = "plain",
        icon_name: str = "",
        clicked: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(text)
        self.role = role
        self.icon_name = icon_name
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if role in ("rail", "segment"):
            self.setCheckable(True)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())
        self.dress()

    @property
    def font_role(self) -> str:
        return "strong" if self.role in ("primary", "quiet") else "body"

    def dress(self) -> None:
        """Font and icon of the look in force."""
        self.dressed = theme.look()
        self.setFont(theme.font(self.font_role))
        if self.icon_name:
            gap = theme.px(GAPS.get(self.role, 5)) if self.text() else 0
            self.setIcon(icon(self.icon_name, ICON_TOKENS.get(self.role, "ink"), gap=gap))
            self.setIconSize(QSize(theme.px(20) + gap, theme.px(20)))

    def change_role(self, role: str) -> None:
        """Stand out, or stand back."""
        if role == self.role:
            return
        self.role = role
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        self.dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as the space bar does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES and (
            # the style sheet puts the old font back after the first of these events
            self.dressed != theme.look()
            or self.font().pixelSize() != theme.font(self.font_role).pixelSize()
        ):
            self.dress()
        super().changeEvent(event)
