"""A large button for a person, or for a way to come in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy

from guardian.core.profiles import Colour
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.people.face import face

SIZE = 44  # of the face, in pixels at 100 %


class Tile(Button):
    """With the face of a person, or with an icon where ``colour`` is None."""

    def __init__(
        self,
        text: str,
        colour: Colour | None,
        clicked: Callable[[], object],
        *,
        icon_name: str = "",
        size: int = SIZE,
    ) -> None:
        self._colour, self._size = colour, size
        super().__init__(text, "tile", icon_name, clicked)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def dress(self) -> None:
        super().dress()
        if self._colour is not None:
            side = theme.px(self._size)
            gap = side // 4
            self.setIcon(face(self.text(), self._colour, side, gap))
            self.setIconSize(QSize(side + gap, side))
