"""What a button among others opens below them; made when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import column, plain


class Drawer:
    """``button`` and ``part`` are put where they belong by their owner; ``fill`` gets the column
    of the part, once."""

    def __init__(self, closed: str, opened: str, fill: Callable[[QVBoxLayout], object]) -> None:
        self._texts = (closed, opened)
        self._fill: Callable[[QVBoxLayout], object] | None = fill
        self.button = Button(closed, "plain", "forward", self.toggle)
        self.inner = column(gap=8)
        self.part = plain(self.inner)
        self.part.hide()

    @property
    def opened(self) -> bool:
        return not self.part.isHidden()

    def toggle(self) -> None:
        opening = not self.opened
        if opening and self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self.inner)
        self.part.setVisible(opening)
        self.button.setText(self._texts[opening])
        self.button.icon_name = "down" if opening else "forward"
        self.button.dress()
