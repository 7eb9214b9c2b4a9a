"""Proofs on their way from a case into a vault, and the word that they are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from guardian.ui.desk import Desk
from guardian.ui.pages.accounts import telling
from guardian.ui.pages.accounts.closing.panel import CasePanel
from guardian.ui.pages.accounts.told import Told
from guardian.ui.proofs import Proofs


class Keeping(QObject):
    """Serves a case: what it wants kept is offered to the page that can, which is shown."""

    def __init__(self, case: CasePanel, proofs: Proofs, desk: Desk, told: Told) -> None:
        super().__init__(case)
        self._proofs, self._desk, self._told = proofs, desk, told
        self._case = case
        self._kept: list[str] = []  # their names, since they were offered
        case.proof_wanted.connect(self._offer)
        proofs.kept.connect(self._take_word)

    def _offer(self, files: Sequence[Path], site: str) -> None:
        self._kept.clear()
        folder = self._desk.words.say("accounts.page.proof-folder")
        self._proofs.offer(files, folder, site)
        self._desk.go("vault")

    def _take_word(self, site: str, name: str, place: str) -> None:
        """Note it in the case, and say it for when the person comes back from the vault."""
        if not site:
            return  # another page wanted that kept
        self._case.proof_kept(site, name, place)
        self._kept.append(name)
        names = telling.list_up(self._desk.words, tuple(self._kept))
        self._told.say(self._desk.words.say("accounts.page.proof-kept", names=names, site=site))
