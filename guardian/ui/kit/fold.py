"""Details one click away: a quiet button that unfolds what is behind it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import Item, column, plain, row
from guardian.ui.kit.text import Text


class Fold(QWidget):
    """Closed at first. ``add`` puts items into the folded part."""

    def __init__(self, closed: str, opened: str) -> None:
        super().__init__()
        self._closed, self._opened = closed, opened
        self.button = Button(closed, "quiet", "forward", self.toggle)
        self.inner = column(gap=6)
        self._part = plain(self.inner)
        self._part.hide()
        self.setLayout(column(row(self.button, None), self._part, gap=4))

    def name(self, text: str) -> None:
        """One text for both states, changed later."""
        self._closed = self._opened = text
        self.button.setText(text)

    def add(self, *items: Item) -> None:
        for item in items:
            if isinstance(item, QWidget):
                self.inner.addWidget(item)
            elif item is not None and not isinstance(item, int):
                self.inner.addLayout(item)

    @property
    def opened(self) -> bool:
        return not self._part.isHidden()

    def toggle(self) -> None:
        opening = self._part.isHidden()
        self._part.setVisible(opening)
        self.button.setText(self._opened if opening else self._closed)
        self.button.icon_name = "down" if opening else "forward"
        self.button.dress()


def bullet(text: str, role: str = "body") -> Text:
    """One line of a list."""
    return Text(f"•  {text}", role)
