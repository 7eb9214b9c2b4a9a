"""Settings: what keeps others from reading along, how to be gone at once, and what cannot help."""

from __future__ import annotations

from guardian.core.words import Words
from guardian.ui.kit.fold import bullet
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, column, row
from guardian.ui.kit.text import Text

EXIT = 5  # sentences about the quick exit
LIMITS = 5  # about what nothing here can keep out


class GuardCard(Card):
    """``settings`` takes the controls."""

    def __init__(self, words: Words) -> None:
        super().__init__(gap=14)
        self.settings = column(gap=14)
        title = Text(words.say("guard.title"), "heading")
        self.body.addLayout(row(Icon("screen", "accent", 22), title, gap=10))
        self.body.addLayout(self.settings)
        for name, count in (("exit", EXIT), ("limits", LIMITS)):
            self.body.addWidget(Line())
            self.body.addWidget(Text(words.say(f"guard.{name}"), "strong"))
            for number in range(1, count + 1):
                self.body.addWidget(bullet(words.say(f"guard.{name}.{number}")))
