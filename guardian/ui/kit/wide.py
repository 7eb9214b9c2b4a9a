"""A wide button whose words wrap: an answer to choose."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy

from guardian.ui import theme
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import row
from guardian.ui.kit.text import Text


class WideButton(QPushButton):
    """Its words lie in a label of their own, since Qt's buttons know one line only."""

    def __init__(self, text: str, clicked: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "wide")
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self.label = Text(text)
        self._icon = Icon("blank", "dim", 20)
        for part in (self.label, self._icon):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = row(self._icon, gap=12)
        line.addWidget(self.label, 1)
        line.setContentsMargins(16, 10, 16, 10)
        self.setLayout(line)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda _checked=False: clicked())

    def mark(self, *, chosen: bool, right: bool) -> None:
        """After the answer: a tick at the right one, a dot at what was chosen instead."""
        if right:
            self._icon.change("fine", "fine")
        elif chosen:
            self._icon.change("person", "dim")
        self.label.setFont(theme.font("strong" if right else "body"))
        self.label.role = "strong" if right else "body"

    def heightForWidth(self, width: int) -> int:
        return self.layout().heightForWidth(width)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        width = theme.px(320)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(40))
