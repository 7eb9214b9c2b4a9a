"""What the window may do with the records as a whole: lock them otherwise, or delete them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from guardian.core import keychain, store
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.keys import KeyMode
from guardian.core.paths import Paths
from guardian.core.store import Store


@dataclass(frozen=True)
class Records:
    """``cover`` hides the pages; ``reopen`` starts over with whatever records there are now.

    ``farewell`` takes back what only the records know of, before they are deleted.
    """

    paths: Paths
    store: Store
    cover: Callable[[], QWidget]
    reopen: Callable[[], None]
    farewell: Callable[[], None]

    @property
    def mode(self) -> KeyMode:
        return self.store.mode

    @property
    def why(self) -> Problem | None:
        """Why nothing is remembered, if so."""
        return self.store.why

    def set_passphrase(self, passphrase: str, _report: Report) -> None:
        """A job: keep the records under ``passphrase``."""
        chain = keychain.find_keychain()
        store.protect_with_passphrase(self.paths, self.store, chain, passphrase)

    def use_keyring(self, _report: Report) -> None:
        """A job: keep the key in the system's keyring. Raises ``Problem`` when there is none."""
        chain = keychain.find_keychain()
        if chain is None:
            raise Problem("keyring-absent")
        store.protect_with_keyring(self.paths, self.store, chain)

    def forget(self, _report: Report) -> None:
        """A job: delete the records and their key for good."""
        self.farewell()
        store.forget_everything(self.paths, self.store, keychain.find_keychain())
