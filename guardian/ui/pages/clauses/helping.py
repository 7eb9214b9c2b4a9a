"""From a clause to what can be done about it elsewhere in Guardian."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.pages.clauses.links import LETTER_OF_ACTION, ClausesLinks


class Helping:
    """Makes the buttons that lead to the account behind a document and to a letter to it.

    ``site`` is that account's, None where none is known.
    """

    def __init__(self, words: Words, links: ClausesLinks, site: str | None) -> None:
        self._words, self._links, self._site = words, links, site

    def buttons(self, actions: Sequence[str] = ()) -> list[Button]:
        """Those that help with ``actions``; none where there is no account."""
        links, site = self._links, self._site
        if site is None:
            return []
        made = []
        if (open_account := links.open_account) is not None:
            name = QCoreApplication.translate("Helping", "Find the account")
            made.append(Button(name, "plain", "accounts", lambda: open_account(site)))
        kind = next((LETTER_OF_ACTION[one] for one in actions if one in LETTER_OF_ACTION), None)
        if kind is not None and (write_letter := links.write_letter) is not None:
            name = QCoreApplication.translate("Helping", "Write a letter")
            made.append(Button(name, "plain", "mail", lambda: write_letter(site, kind)))
        for button in made:
            button.setAccessibleName(f"{button.text()}: {site}")
        return made
