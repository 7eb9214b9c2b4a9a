"""The ways that lead from one page to another: from an agreement to its account, letter, vault."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from guardian.core.errors import Problem
from guardian.features import Features
from guardian.ui.desk import Desk
from guardian.ui.pages.accounts.page import AccountsPage
from guardian.ui.pages.clauses.links import ClausesLinks
from guardian.ui.proofs import Proofs

LEAST_NAME = 4  # letters; shorter names stand in too many titles


class Crossings:
    """Knows the pages that others lead to; they do not know each other.

    ``masked`` says whether login names are covered until the person wants to see them.
    """

    def __init__(
        self,
        features: Features,
        desk: Desk,
        proofs: Proofs,
        masked: Callable[[], bool] = lambda: True,
    ) -> None:
        self._features, self._desk, self._proofs = features, desk, proofs
        self._masked = masked
        self._accounts: AccountsPage | None = None

    def build_accounts(self) -> AccountsPage:
        self._accounts = AccountsPage(
            self._features.accounts, self._desk, self._proofs, self._masked
        )
        return self._accounts

    def from_agreements(self) -> ClausesLinks:
        return ClausesLinks(
            account_for=self.account_for,
            open_account=self.open_account,
            write_letter=lambda site, _kind: self.open_account(site, letter=True),
            keep_in_vault=self.keep_in_vault,
        )

    def account_for(self, hosts: tuple[str, ...], title: str) -> str | None:
        """The site of the person's account that a document with these addresses belongs to.

        Called off the window's thread. None where there is none, or nothing is known yet.
        """
        accounts = self._features.accounts
        try:
            found = accounts.known()
            if found is None:
                return None
            for host in hosts:
                try:
                    return accounts.account(host).site
                except Problem:
                    continue
            words = set(title.lower().split())
            for account in found.accounts:
                name = account.site.partition(".")[0]
                if len(name) >= LEAST_NAME and name in words:
                    return account.site
        except Problem:
            pass  # without its records Guardian knows of no account
        return None

    def open_account(self, site: str, *, letter: bool = False) -> None:
        self._desk.go("accounts")
        if self._accounts is not None:
            self._accounts.ask_case(site, letter=letter)

    def keep_in_vault(self, name: str, content: bytes) -> None:
        """Hand a text to the vault page; what is written for that goes when the pages go.

        It is written where the system keeps files in memory alone, if it has such a place for
        this person: those are gone with the log-out at the latest.
        """
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        place = runtime if runtime and os.access(runtime, os.W_OK) else None
        folder = Path(tempfile.mkdtemp(prefix="guardian-", dir=place))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        file = folder / name
        file.write_bytes(content)
        self._proofs.offer([file], self._desk.words.say("clauses.page.vault-folder"), "")
        self._desk.go("vault")
