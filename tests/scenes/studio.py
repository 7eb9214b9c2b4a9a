"""A window to be looked at: the real application over a throw-away home and a fixed clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QAbstractAnimation, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from guardian.core import keychain
from guardian.core.paths import Paths, find_paths
from guardian.core.settings import TextSize, Theme
from guardian.core.words import Words
from guardian.features import Features
from guardian.ui import theme
from guardian.ui.app import GuardianApp
from guardian.ui.kit.page import Page
from guardian.ui.window import Window
from tests.memory_keychain import MemoryKeychain

NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
SIZE = (1120, 760)
TICK = 3  # milliseconds
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


class StrayWindows(QObject):
    """Notices parts of a page that were shown before they had a parent: they flash as windows."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            plain = watched.isWindow() and not isinstance(watched, (Window, QDialog))
            if plain and watched.windowType() == Qt.WindowType.Window:
                text = getattr(watched, "text", str)()
                self.seen.append(f"flashed as a window: {type(watched).__name__} “{text}”")
        return False


class Studio:
    """What a scene works with. ``home`` copies the fixture home, ``folder`` is free to use."""

    def __init__(self, app: QApplication, folder: Path, words: Words | None = None) -> None:
        self.app, self.folder = app, folder
        self.stray = StrayWindows()
        app.installEventFilter(self.stray)
        self.home = folder / "home"
        shutil.copytree(FIXTURES / "accounts" / "home", self.home)
        paths: Paths = find_paths({"GUARDIAN_HOME": str(folder / "guardian")})
        self.guardian = GuardianApp(app, paths, words=words, home=self.home, clock=lambda: NOW)
        self.window = self.guardian.window
        self.window.resize(*SIZE)

    @property
    def features(self) -> Features:
        return self.guardian.features

    def start(self, *, welcomed: bool = True) -> None:
        """Open the records and wait for the first page, or for the welcome."""
        self.guardian.preferences.change(welcomed=welcomed)
        self.window.show()
        self.guardian.open_records()
        self.settle(lambda: self.guardian.store is not None)
        self.window.activateWindow()
        self.settle(lambda: self.app.activeWindow() is self.window)

    def show(self, key: str) -> Page:
        """Go to a page as the rail would."""
        self.window.show_page(key)
        self.settle()
        return self.window.page(key)

    def settle(self, until: Callable[[], bool] = lambda: True, seconds: float = 20.0) -> None:
        """Let the window work until ``until`` holds, no job runs, and everything is laid out."""
        end = monotonic() + seconds
        with ticking():
            while not until() or self.guardian.jobs.running:
                self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
                assert monotonic() < end, "the window did not come to rest"
        self.rest()

    def rest(self) -> None:
        """Lay everything out, and let go of what was put away, which only a running loop does."""
        for _ in range(12):
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.app.processEvents()

    def settle_working(self) -> None:
        """Lay out without waiting for jobs: for pictures of work going on."""
        self.rest()

    def dress(self, wanted: Theme, size: TextSize = TextSize.NORMAL) -> None:
        """Change colours and text size of what is shown."""
        theme.apply_look(self.app, wanted, size)
        self.rest()

    def picture(self, shown: QWidget | None = None) -> QPixmap:
        """The window (or another one) as it looks now, without a cursor or a focus in it.

        Who has the focus depends on when the system made the window active.
        """
        focused = self.app.focusWidget()
        if focused is not None:
            focused.clearFocus()
            self.rest()
        self.settle_fading(shown or self.window)
        return (shown or self.window).grab()

    def settle_fading(self, shown: QWidget) -> None:
        """Wait until nothing moves: Qt fades in the cross of a search field."""
        end = monotonic() + 5.0
        with ticking():
            while any(
                moving.state() is QAbstractAnimation.State.Running
                for moving in shown.findChildren(QAbstractAnimation)
            ):
                self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
                assert monotonic() < end, "something never stops moving"

    def close(self) -> None:
        self.app.removeEventFilter(self.stray)
        if isValid(self.window):
            self.window.close()
            self.window.deleteLater()
            self.rest()


@contextmanager
def ticking() -> Iterator[None]:
    """An event every few milliseconds: waiting for events ends, and takes no time from jobs."""
    timer = QTimer()
    timer.start(TICK)
    try:
        yield
    finally:
        timer.stop()


@contextmanager
def open_studio(app: QApplication, folder: Path, words: Words | None = None) -> Iterator[Studio]:
    """A studio with a keyring of its own, closed at the end."""
    before, chain = keychain.find_keychain, MemoryKeychain()
    keychain.find_keychain = lambda *_: chain
    studio = Studio(app, folder, words)
    try:
        yield studio
    finally:
        studio.close()
        # cheap while there is no window; the next one would be built first and dressed twice
        theme.apply_look(app, Theme.LIGHT, TextSize.NORMAL)
        keychain.find_keychain = before
