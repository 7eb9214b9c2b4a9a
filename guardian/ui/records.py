"""What the window may do with the records as a whole: lock them otherwise, or delete them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from guardian.core import keychain, keys, store
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.keys import KeyMode
from guardian.core.paths import Paths
from guardian.core.profiles import Kind, change_own_passphrase
from guardian.core.store import Store


@dataclass(frozen=True)
class Records:
    """``cover`` hides the pages; ``reopen`` starts over with whatever records there are now.

    ``farewell`` takes back what only the records know of, before they are deleted. ``kind`` is
    whose they are.
    """

    paths: Paths
    store: Store
    cover: Callable[[], QWidget]
    reopen: Callable[[], None]
    farewell: Callable[[], None]
    kind: Kind = Kind.PERSON

    @property
    def guest(self) -> bool:
        """Nothing of a guest is ever kept."""
        return self.kind is Kind.GUEST

    @property
    def first(self) -> bool:
        """Whether these are the records that the system's keyring may open."""
        return not self.paths.profile

    @property
    def shared(self) -> bool:
        """Whether two people have a passphrase for them, so that each changes their own only."""
        return self.kind is Kind.HOUSEHOLD

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

    def change_passphrase(self, old: str, new: str, _report: Report) -> None:
        """A job: let ``new`` open the records instead of ``old``; another person's stays."""
        change_own_passphrase(self.paths, self.store, old, new)

    def use_keyring(self, old: str, _report: Report) -> None:
        """A job: keep the key in the system's keyring instead of under the passphrase ``old``.

        Raises ``Problem``, among them ``passphrase-wrong`` and ``keyring-absent``.
        """
        chain = keychain.find_keychain()
        if chain is None:
            raise Problem("keyring-absent")
        entry = keys.read_key_file(self.paths.key_file)
        if entry is not None:
            keys.open_key(entry, old)
        store.protect_with_keyring(self.paths, self.store, chain)

    def forget(self, _report: Report) -> None:
        """A job: delete the records and their key for good."""
        self.farewell()
        store.forget_everything(self.paths, self.store, keychain.find_keychain())
