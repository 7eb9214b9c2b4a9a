"""Labels by role. Text is always plain: markup in a name stays visible as text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from guardian.ui import theme

FONT_OF_ROLE = {"dim": "body", "quote": "body"}


class Text(QLabel):
    """A wrapping label; roles: title, heading, body, strong, dim, small, quote."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.role = role
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFont(theme.font(FONT_OF_ROLE.get(role, role)))

    def selectable(self) -> Text:
        """Let the person copy it with the mouse."""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return self

    def one_line(self) -> Text:
        """Never wrap; for short words such as a level or a size."""
        self.setWordWrap(False)
        return self

    def minimumSizeHint(self) -> QSize:
        """Qt's guess for wrapping text is as tall as the text is at its narrowest, and would leave
        gaps; how tall it really is, ``heightForWidth`` tells."""
        hint = super().minimumSizeHint()
        if not self.wordWrap():
            return hint
        return QSize(min(hint.width(), theme.px(160)), min(hint.height(), theme.px(20)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            wanted = theme.font(FONT_OF_ROLE.get(self.role, self.role))
            if wanted.pixelSize() != self.font().pixelSize():
                self.setFont(wanted)
        super().changeEvent(event)
