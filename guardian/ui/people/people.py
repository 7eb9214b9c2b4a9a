"""What whoever is here may do about the people on this computer: name, add, remove, take turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from guardian.core import keychain
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.keys import KeyMode
from guardian.core.paths import Paths
from guardian.core.profiles import (
    FIRST,
    Kind,
    Profile,
    change_profile,
    read_profiles,
    remove_profile,
)
from guardian.ui.people.adding import Newcomer
from guardian.ui.people.door import make
from guardian.ui.people.session import Session
from guardian.ui.reminding import keep_entry


class People(QObject):
    """``changed`` comes after every change of the list. ``lock`` leaves and asks who is here."""

    changed = Signal()

    def __init__(self, paths: Paths, session: Session, lock: Callable[[], None]) -> None:
        super().__init__()
        self._paths, self._session, self.lock = paths, session, lock

    @property
    def here(self) -> Profile:
        """Whoever is here, by the nickname and colour of now."""
        return next((one for one in self.all() if self.is_here(one)), self._session.profile)

    @property
    def guest(self) -> bool:
        return self._session.guest

    @property
    def may_change(self) -> bool:
        """A guest and a child look after nobody."""
        return self._session.profile.kind in (Kind.PERSON, Kind.HOUSEHOLD)

    def is_here(self, profile: Profile) -> bool:
        return profile.id == self._session.profile.id

    def all(self) -> tuple[Profile, ...]:
        """Everybody; the first one alone where the list makes no sense, as the start says."""
        try:
            return read_profiles(self._paths)
        except Problem:
            return (FIRST,)

    @property
    def unlocked_by_anyone(self) -> bool:
        """Whether the first profile, the one here, opens for anybody at this computer account."""
        store = self._session.store
        opens = store is not None and store.mode is KeyMode.KEYRING
        return opens and self.is_here(FIRST) and len(self.all()) > 1

    def add(self, newcomer: Newcomer, report: Report) -> Profile:
        """A job."""
        return make(self._paths, newcomer, report)

    def change(self, profile: Profile, _report: Report) -> None:
        """A job: another nickname or colour."""
        change_profile(self._paths, profile)
        if self.is_here(profile):
            mine = self._session.profile
            self._session.profile = replace(mine, nickname=profile.nickname, colour=profile.colour)

    def remove(self, profile: Profile, _report: Report) -> None:
        """A job: delete a profile with all that is in it."""
        from guardian.vault.service import forget_copies

        remove_profile(self._paths, profile, keychain.find_keychain())
        forget_copies(profile.id)
        keep_entry(self._paths)  # perhaps nobody wants to be reminded at log-in any more
