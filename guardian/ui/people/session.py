"""Whoever is here now: their files, settings, jobs and records, all let go of together."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from guardian.core.paths import Paths
from guardian.core.profiles import Kind, Profile
from guardian.ui.jobs import Jobs
from guardian.ui.preferences import Preferences

if TYPE_CHECKING:
    from guardian.core.store import Store
    from guardian.features import Features

A_MOMENT = 0.05  # seconds; closing records that nobody is using takes far less


class Session:
    """From choosing who is here until they leave. A guest's settings are not written down."""

    def __init__(self, profile: Profile, paths: Paths) -> None:
        self.profile, self.paths = profile, paths
        home = paths.data if paths.profile else None  # the first one's is made when it is needed
        self.preferences = Preferences(None if self.guest else paths.settings_file, home)
        if self.guest or profile.kind is Kind.CHILD:  # the welcome speaks of what they do not have
            self.preferences.settings = replace(self.preferences.settings, welcomed=True)
        self.jobs = Jobs()
        self.store: Store | None = None
        self.features: Features | None = None
        self.over = False
        self._taking = threading.Lock()

    @property
    def guest(self) -> bool:
        return self.profile.kind is Kind.GUEST

    def take(self, store: Store) -> Store:
        """Go on with these records; called by the thread that opened them. Whoever has left
        meanwhile gets none."""
        with self._taking:
            before, self.store = self.store, store
            late = self.over
        if late:
            store.close()
        elif before is not None and before is not store:
            before.close()
        return store

    def drop(self, patience: float = A_MOMENT) -> None:
        """Cancel the jobs and close the records; wait for that no longer than ``patience`` seconds.

        A job in the middle of a change keeps the records open until it hears that it should
        stop; then the change is taken back and they are closed.
        """
        with self._taking:
            self.over = True
            store, self.store = self.store, None
        self.features = None
        self.jobs.close(0)
        if store is not None:
            closing = threading.Thread(target=store.close, daemon=True, name="closing records")
            closing.start()
            closing.join(patience)
