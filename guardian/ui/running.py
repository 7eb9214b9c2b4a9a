"""Opens the window and stays until its end: the event loop, and what ends it from outside."""

from __future__ import annotations

import gc
import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from guardian.core import log
from guardian.core.log import Event
from guardian.core.paths import find_paths
from guardian.ui.app import GuardianApp
from guardian.ui.crash import CrashHook
from guardian.ui.guard import traces
from guardian.ui.starting import name_program, say_already_open, single_instance, translate

STARTED = 2000  # milliseconds; by then all that lasts is loaded


def run() -> int:
    """Open the window and stay until it is closed."""
    traces.keep_no_folders()
    app = QApplication(sys.argv[:1])
    paths = find_paths()
    name_program(app, paths)
    translate(app)
    lock = single_instance(paths)
    if lock is None:
        return say_already_open(app)
    try:
        return run_window(app, GuardianApp(app, paths))
    finally:
        lock.unlock()


def run_window(app: QApplication, guardian: GuardianApp) -> int:
    """Show the window of ``guardian`` and stay until it is closed."""
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
    file = guardian.paths.log_file
    QTimer.singleShot(0, lambda: (log.start_log(file), log.note(Event.STARTED)))
    try:
        return app.exec()
    finally:
        hook.remove()
        log.stop_log()
