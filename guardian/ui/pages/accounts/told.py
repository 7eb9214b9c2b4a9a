"""A sentence about something that went well, until it is put away."""

from __future__ import annotations

from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, row
from guardian.ui.kit.text import Text


class Told(Card):
    """Hidden until it has something to say."""

    def __init__(self) -> None:
        super().__init__(role="tint", margin=12)
        self._text = Text()
        self._away = Button(self.tr("Hide"), "quiet", clicked=self.hide)
        self._away.setAccessibleName(self.tr("Hide this message"))
        line = row(Icon("info", "accent", 20), gap=10)
        line.addWidget(self._text, 1)
        line.addWidget(self._away)
        self.body.addLayout(line)
        self.hide()

    def say(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()
