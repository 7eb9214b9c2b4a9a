"""What the page shows before there is a vault, or a document in it."""

from __future__ import annotations

from collections.abc import Callable

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.empty import EmptyState
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, row
from guardian.ui.kit.text import Text

SUGGESTIONS = (
    ("passport", "image"),
    ("contracts", "clauses"),
    ("medical", "file"),
    ("tax", "file"),
    ("letters", "file"),
)


def suggestions(words: Words) -> Card:
    """Five kinds of paper to begin with, each with a reason."""
    card = Card(Text(words.say("vault.page.suggest"), "strong"), gap=3, margin=12)
    for key, icon in SUGGESTIONS:
        text = Text(words.say(f"vault.page.suggest.{key}"))
        line = row(Icon(icon, "accent", 20), gap=10)
        line.addWidget(text, 1)
        card.body.addLayout(line)
    return card


class NoVault(EmptyState):
    """No vault is known yet."""

    def __init__(
        self, words: Words, make: Callable[[], object], choose: Callable[[], object]
    ) -> None:
        super().__init__(
            "vault",
            words.say("vault.page.none"),
            words.say("vault.page.none.why"),
            self.tr("Make a vault"),
            make,
        )
        self.choose = Button(self.tr("Open a vault I already have …"), "quiet", clicked=choose)
        # below the button, so that it is in sight however large the letters are
        self.layout().insertLayout(2, row(None, self.choose, None))
        self.layout().setSpacing(6)  # all of it fits the usual window
        self.button.parentWidget().layout().addWidget(suggestions(words))


class NoDocuments(EmptyState):
    """The vault is open and nothing is in it."""

    def __init__(self, words: Words, add: Callable[[], object]) -> None:
        super().__init__(
            "vault",
            words.say("vault.page.empty"),
            words.say("vault.page.empty.why"),
            self.tr("Add documents"),
            add,
        )
        self.button.parentWidget().layout().addWidget(suggestions(words))
        self.button.icon_name = "add"
        self.button.dress()
