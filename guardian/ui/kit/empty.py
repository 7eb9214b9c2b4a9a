"""What a page shows before there is anything: a picture, why it is worth it, one button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Picture
from guardian.ui.kit.layout import Item, column, row
from guardian.ui.kit.text import Text


class EmptyState(QWidget):
    """Centred; ``extra`` items stand between the text and the button."""

    def __init__(  # noqa: PLR0917 - each is a part of the picture
        self,
        picture: str,
        title: str,
        text: str,
        button: str = "",
        clicked: Callable[[], object] | None = None,
        extra: tuple[Item, ...] = (),
    ) -> None:
        super().__init__()
        heading = Text(title, "heading")
        body = Text(text, "dim")
        for label in (heading, body):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = Button(button, "primary", clicked=clicked)
        if not button:
            self.button.hide()  # never shown by hand: it has no parent yet
        middle = column(
            row(None, Picture(picture), None), 4, heading, body, *extra, 4,
            row(None, self.button, None), gap=10,
        )  # fmt: skip
        inner = QWidget()
        inner.setMaximumWidth(theme.px(560))
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner.setLayout(middle)
        line = row()
        line.addStretch(1)
        line.addWidget(inner, 8)
        line.addStretch(1)
        self.setLayout(column(None, line, None, None))
