"""Watches over the window: locks it, covers it, and lets somebody be gone at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from guardian.core.keys import KeyMode
from guardian.core.settings import ProfileLock
from guardian.core.words import Words
from guardian.ui.guard import traces
from guardian.ui.guard.capture import System, find_system
from guardian.ui.guard.cover import CoverPage, Focus, Lid
from guardian.ui.guard.keys import Keys
from guardian.ui.guard.notes import NotesPage
from guardian.ui.parting import do_all
from guardian.ui.people.session import Session
from guardian.ui.watch import Watch
from guardian.ui.window import Window

NEVER = 60 * 24 * 365 * 10  # minutes
SOON = 50  # milliseconds; by then whoever waited for a dialog has been told that it was closed


@dataclass(frozen=True)
class Hands:
    """What the guard may do. ``lock`` leaves, saying why, and asks who is here; ``leave`` only
    lets go of everything, deleting the pages after so many milliseconds. ``neutral``: whether
    anybody at this computer wants the window to have a neutral name."""

    session: Callable[[], Session]
    lock: Callable[[str], None]
    leave: Callable[[int], None]
    ask_who: Callable[[], None]
    neutral: Callable[[], bool]
    capture: bool = True


class Guard(QObject):
    """One for the whole life of the window; ``start`` and ``rest`` follow who is here."""

    def __init__(
        self,
        window: Window,
        words: Words,
        clock: Callable[[], datetime],
        hands: Hands,
        system: System | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._words, self._clock, self._hands = window, words, clock, hands
        self._system = system or find_system()
        self._since: tuple[datetime, float] | None = None
        self._by_itself = False  # covered because another window came to the front
        self._lids: list[Lid] = []
        self._focus: Focus | None = None
        self.watch = Watch(self, clock, self._minutes)
        self.watch.idle.connect(self._idle)
        self.watch.slept.connect(self._slept)
        self.watch.screen_locked.connect(self._screen_locked)
        self.watch.asked_lock.connect(self._asked_lock)
        self.keys = Keys(self)
        self.keys.asked_cover.connect(self.turn)
        self.keys.asked_exit.connect(self.vanish)
        self.keys.appeared.connect(self._appeared)
        window.asked_exit.connect(self.vanish)
        QGuiApplication.instance().applicationStateChanged.connect(self._state_changed)

    # who is here

    def start(self) -> None:
        """Somebody came in."""
        self._show_name()
        self.watch.start()

    def rest(self) -> None:
        """Nobody is here."""
        self.watch.stop()
        self.uncover()

    @property
    def _settings(self) -> object:
        return self._hands.session().preferences.settings

    @property
    def locks(self) -> bool:
        """Whether a passphrase leads back in: nobody is locked out, and nothing is lost."""
        store = self._hands.session().store
        return store is not None and store.mode is KeyMode.PASSPHRASE

    def obey(self) -> None:
        """The settings have changed, or are somebody else's now."""
        if not self.vanished:
            self._show_name()
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                self._appeared(window)

    def _show_name(self) -> None:
        session = self._hands.session()
        nobody = session.store is None and session.features is None
        if self._settings.neutral_name or (nobody and self._hands.neutral()):
            self._window.show_name(self._words.say("guard.notes"), "note", "dim")
        else:
            self._window.show_name("Guardian", "guardian", "accent")

    def _appeared(self, window: QWidget) -> None:
        if self._system is not None and isValid(window):
            hidden = self._hands.capture and self._settings.hide_from_capture
            self._system.hide(int(window.winId()), hidden)
        if self.covered and isinstance(window, QDialog):
            self._lids.append(Lid(window, self._words.say("guard.lid")))

    # locking

    def _minutes(self) -> int:
        chosen = self._settings.profile_lock
        return NEVER if chosen is ProfileLock.NEVER else int(chosen.value)

    def lock_by_key(self) -> bool:
        """Ctrl+L: lock everything where a passphrase leads back in; whether it did."""
        locks = self.locks
        if locks:
            self._hands.lock("")
        return locks

    def _asked_lock(self) -> None:
        if not self.vanished:
            self._hands.lock("")

    def _away(self, why: str, *, finish: bool) -> None:
        """Nobody is there. Work going on may ``finish`` below the cover."""
        if self.vanished:
            return
        busy = finish and self._hands.session().jobs.running
        if self.locks and not busy:
            self._hands.lock(why)
        elif not self.covered:
            self.cover()

    def _idle(self) -> None:
        self._away(self._words.say("guard.idle", count=self._minutes()), finish=True)

    def _screen_locked(self) -> None:
        self._away(self._words.say("guard.screen"), finish=True)

    def _slept(self) -> None:
        self._away(self._words.say("guard.slept"), finish=False)

    # the cover

    @property
    def covered(self) -> bool:
        return isinstance(self._window.covered, CoverPage)

    def turn(self) -> None:
        """F9: cover, or come back; from the note sheet it leads to the door."""
        if self.vanished:
            self._window.uncover()
            self._show_name()
            self._hands.ask_who()
        elif self.covered:
            self.come_back()
        else:
            self.cover()

    def cover(self) -> None:
        self._focus = Focus(self._window)
        self._since = (self._clock(), monotonic())
        page = CoverPage(self._words)
        page.asked_back.connect(self.come_back)
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._window.cover(page)
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                self._lids.append(Lid(dialog, self._words.say("guard.lid")))

    def come_back(self) -> None:
        """Take the cover off, unless it lay there for so long that the door is locked."""
        if self.locks and self._over():
            self._hands.lock(self._words.say("guard.idle", count=self._minutes()))
        else:
            self.uncover()

    def _over(self) -> bool:
        if self._since is None:
            return False
        day, steady = self._since
        passed = max((self._clock() - day).total_seconds(), monotonic() - steady)
        return passed >= self._minutes() * 60

    def uncover(self) -> None:
        if not self.covered:
            return
        self._since, self._by_itself = None, False
        self._window.uncover()
        for lid in self._lids:
            if isValid(lid):
                lid.lift()
        self._lids.clear()
        if self._focus is not None:
            self._focus.give_back()
        self._focus = None

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        """Another program's window came to the front, or ours came back to it."""
        if state != Qt.ApplicationState.ApplicationActive:
            someone = self._hands.session().features is not None
            if someone and self._settings.cover_away and self._window.covered is None:
                self.cover()
                self._by_itself = True
        elif self._by_itself and self.covered:
            self.come_back()

    # gone at once

    @property
    def vanished(self) -> bool:
        """Whether the note sheet lies over everything."""
        return isinstance(self._window.covered, NotesPage)

    def end(self) -> None:
        """The window closes."""
        self.watch.stop()
        self.keys.stop()

    def vanish(self) -> None:
        """Esc Esc: show an empty sheet first, then let go of everything, and ask nothing."""
        if self.vanished:
            return
        self.uncover()  # nothing of what is below is painted in between
        sheet = NotesPage()
        self._window.cover(sheet)
        self._window.show_name(self._words.say("guard.notes"), "note", "dim")
        do_all(
            self._window,
            traces.close_dialogs,
            self._window.repaint,
            partial(self._hands.leave, SOON),
            partial(traces.clear_clipboard, all_of_it=True),
            self._window.activateWindow,
            sheet.sheet.setFocus,
        )
