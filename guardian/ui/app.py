"""Composition root of the window: builds everything once and connects it."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QLockFile, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from guardian.core import log
from guardian.core.errors import Problem
from guardian.core.files import is_there
from guardian.core.jobs import Report
from guardian.core.log import Event
from guardian.core.paths import Paths, assets, find_paths
from guardian.core.settings import StartPage
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.crash import CrashHook
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.opening import OpeningPage
from guardian.ui.preferences import Preferences
from guardian.ui.window import Window

if TYPE_CHECKING:
    from guardian.core.store import Store
    from guardian.features import Features
    from guardian.ui.unlock import UnlockPage

KEYRING_PATIENCE = 60.0  # seconds; the system may be asking for its own password
STARTED = 2000  # milliseconds; by then all that lasts is loaded


def local_now() -> datetime:
    return datetime.now().astimezone()


class GuardianApp:
    """One running window, from opening the records to closing them."""

    def __init__(
        self,
        app: QApplication,
        paths: Paths,
        *,
        words: Words | None = None,
        home: Path | None = None,
        clock: Callable[[], datetime] = local_now,
    ) -> None:
        self.app, self.paths, self.clock = app, paths, clock
        self.home = home or Path.home()
        self.words = words or Words()
        self.preferences = Preferences(paths.settings_file)
        self.preferences.changed.connect(self.dress)
        self.dress()
        self.jobs = Jobs()
        self.closed = False
        self.store: Store | None = None
        self.features: Features | None = None
        self.window = Window(self.words)
        self.window.resize(*self.preferences.settings.window_size)
        self.window.asked_help.connect(self.show_help)
        self.window.page_shown.connect(lambda key: self.preferences.change(page=key))
        self.window.closing.connect(self.close)

    def dress(self) -> None:
        settings = self.preferences.settings
        theme.apply_look(self.app, settings.theme, settings.text_size)

    def open_records(self) -> None:
        """Open the store off the window's thread; ask for its passphrase where one is set."""
        if passphrase_is_set(self.paths):
            from guardian.ui.unlock import UnlockPage

            page = UnlockPage(self.words)
            page.answered.connect(lambda typed: self._open(page, typed or None))
            self.window.show_alone(page)
            page.field.setFocus()
        else:
            page = self.show_opening()
            # after the first painting: the thread that loads libraries would hold it up
            QTimer.singleShot(0, page, lambda: self._open(page, None))

    def show_opening(self) -> OpeningPage:
        """Cover the pages while there are no records to show."""
        page = OpeningPage(self.words)
        self.window.show_alone(page)
        return page

    def _open(self, page: OpeningPage | UnlockPage, passphrase: str | None) -> None:
        self.jobs.start(
            page,
            self._open_store,
            passphrase,
            done=self._opened,
            failed=lambda problem: self._not_opened(page, problem),
        )

    def _open_store(self, passphrase: str | None, _report: Report) -> Store:
        """On a thread of its own: also load what the pages need, while the window is up already."""
        import guardian.ui.pages  # noqa: F401
        from guardian.core import keychain
        from guardian.core.store import open_store

        chain = keychain.find_keychain(KEYRING_PATIENCE)
        opened = open_store(self.paths, chain, lambda: passphrase)
        if self.closed:
            opened.close()
        return opened

    def _not_opened(self, page: OpeningPage | UnlockPage, problem: Problem) -> None:
        from guardian.core.store import open_in_memory

        if isinstance(page, OpeningPage):
            self._opened(open_in_memory(problem))
        else:
            page.refuse(problem)

    def _opened(self, store: Store) -> None:
        from guardian import features
        from guardian.core.keys import KeyMode
        from guardian.core.store import open_in_memory

        log.note(Event.RECORDS_OPENED, remembered=store.mode is not KeyMode.MEMORY)
        if self.store is not None:
            self.store.close()
        self.store = store
        try:
            built = features.build(store, self.home, self.clock)
        except Problem as problem:  # records from a newer Guardian
            self.store = open_in_memory(problem)
            store.close()
            built = features.build(self.store, self.home, self.clock)
        self.features = built
        self._build_pages(built)
        if self.preferences.settings.welcomed:
            last = self.preferences.settings.start_page is StartPage.LAST
            self.window.show_page(self.preferences.settings.page if last else "overview")
        else:
            self._welcome()

    def _build_pages(self, built: Features) -> None:
        from guardian.ui import links
        from guardian.ui.pages import Shelf, tabs
        from guardian.ui.records import Records

        desk = Desk(
            self.words,
            self.jobs,
            self.clock,
            go=self.window.show_page,
            open_link=lambda url: links.open_link(self.window, url),
        )
        records = Records(
            self.paths,
            self.store,
            cover=self.show_opening,
            reopen=self.open_records,
            farewell=built.vault.revoke_all_here,
        )
        self.window.set_tabs(tabs(Shelf(built, desk, self.preferences, records)))

    def _welcome(self) -> None:
        from guardian.ui.pages.welcome import WelcomePage

        assert self.store is not None
        page = WelcomePage(self.words, self.store.mode)
        page.finished.connect(self._welcomed)
        self.window.show_alone(page)

    def _welcomed(self, look_now: bool) -> None:
        from guardian.ui.pages.overview import OverviewPage

        self.preferences.change(welcomed=True)
        self.window.show_page("overview")
        overview = self.window.page("overview")
        if look_now and isinstance(overview, OverviewPage):
            overview.start_check()

    def show_help(self, page: str) -> None:
        from guardian.ui.help import HelpDialog

        HelpDialog(self.window, self.words, page).exec()

    def show_crash(self, error: BaseException) -> None:
        from guardian.ui.help import CrashDialog, ProblemDialog, describe_crash

        if isinstance(error, Problem):
            ProblemDialog(self.window, self.words, error).exec()
            return
        CrashDialog(self.window, self.words, describe_crash(error)).exec()

    def close(self) -> None:
        """Remember the window, stop all jobs, close the records."""
        self.closed = True
        self.window.hide()  # a job may take a moment to hear that it should stop
        size = self.window.size()
        self.preferences.change(window_size=(size.width(), size.height()))
        self.jobs.close()
        if self.store is not None:
            self.store.close()
            self.store = None
        log.note(Event.STOPPED)


def run() -> int:
    """Open the window and stay until it is closed."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Guardian")
    app.setDesktopFileName("guardian")
    paths = find_paths()
    translate(app)
    lock = single_instance(paths)
    if lock is None:
        return say_already_open(app)
    guardian = GuardianApp(app, paths)
    hook = CrashHook(guardian.show_crash)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Ctrl+C, logging out, a terminal that closes
        if hasattr(signal, name):
            # when the loop is at rest: a signal may come in the middle of anything
            signal.signal(
                getattr(signal, name), lambda *_: QTimer.singleShot(0, guardian.window.close)
            )
    ticker = QTimer(app)  # lets Python see them while Qt waits
    ticker.start(500)
    ticker.timeout.connect(lambda: None)
    guardian.open_records()
    guardian.window.show()
    # each search for garbage stops the window, and most of it would go through loaded modules
    QTimer.singleShot(STARTED, app, gc.freeze)
    QTimer.singleShot(0, lambda: (log.start_log(paths.log_file), log.note(Event.STARTED)))
    try:
        return app.exec()
    finally:
        hook.remove()
        lock.unlock()
        log.stop_log()


def single_instance(paths: Paths) -> QLockFile | None:
    """The lock that says a window is open, or None when another one holds it.

    Where the folder cannot be written to there is nothing to protect, and no lock is needed.
    """
    try:
        paths.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return QLockFile(str(paths.lock_file))
    lock = QLockFile(str(paths.lock_file))
    lock.setStaleLockTime(0)
    if lock.tryLock(100) or lock.error() != QLockFile.LockError.LockFailedError:
        return lock
    return None


def passphrase_is_set(paths: Paths) -> bool:
    """Whether the records ask for a passphrase; False also where the key file makes no sense,
    since opening the records meets the same file and says what is wrong with it."""
    try:
        if not is_there(paths.key_file):
            return False
        from guardian.core import keys  # not needed on most starts

        entry = keys.read_key_file(paths.key_file)
    except Problem:
        return False
    return entry is not None and entry.mode is keys.KeyMode.PASSPHRASE


def say_already_open(app: QApplication) -> int:
    from guardian.ui.kit.button import Button
    from guardian.ui.kit.dialog import Dialog
    from guardian.ui.kit.layout import row
    from guardian.ui.kit.text import Text

    words = Words()
    settings = Preferences(find_paths().settings_file).settings
    theme.apply_look(app, settings.theme, settings.text_size)
    dialog = Dialog(None, words.say("already-open"))
    dialog.add(Text(words.say("already-open.do")))
    dialog.add(row(Button(dialog.tr("Close"), "primary", clicked=dialog.accept), None))
    dialog.exec()
    return 0


def translate(app: QApplication) -> None:
    """Install the translations of the interface that exist for this system's language."""
    for name, folder in (
        ("guardian", str(assets() / "i18n")),
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
    ):
        translator = QTranslator(app)
        if translator.load(QLocale(), name, "_", folder):
            app.installTranslator(translator)
