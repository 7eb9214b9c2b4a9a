"""At log-in: shows the reminder if its day has come, and otherwise ends at once.

It opens no records. It knows no more than the day that stands in the settings of each profile
whose person wanted this.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from guardian.core import autostart
from guardian.core.clock import local_now
from guardian.core.errors import Problem
from guardian.core.paths import Paths, find_paths
from guardian.core.settings import Settings, save_settings
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.icon import icon
from guardian.ui.kit.text import Text
from guardian.ui.preferences import read_everybody
from guardian.ui.starting import name_program
from guardian.ui.tray import DAY, MONTH, Tray

LOOK_EVERY = 2_000  # milliseconds
TRIES = 15  # at log-in the tray may come later than we do
LATER = 2  # what the dialog answers for its third button


@dataclass(frozen=True)
class Waiting:
    """A profile whose day has come; only where its settings lie is known."""

    file: Path
    settings: Settings


def find_waiting(paths: Paths, today: date) -> tuple[Waiting, ...]:
    """The profiles that want to be reminded at log-in, and today."""
    found = (Waiting(file, settings) for file, settings in read_everybody(paths))
    return tuple(one for one in found if has_come(one.settings, today))


def has_come(settings: Settings, today: date) -> bool:
    try:
        day = date.fromisoformat(settings.remind_on)
    except ValueError:
        return False
    return settings.remind_at_login and day <= today


def put_off(waiting: Sequence[Waiting], until: date) -> None:
    for one in waiting:
        with suppress(Problem):  # a disk that refuses: it comes again at the next log-in
            save_settings(one.file, replace(one.settings, remind_on=until.isoformat()))


def silence(paths: Paths, waiting: Sequence[Waiting]) -> None:
    """Never remind these at log-in again; where nobody is left to remind, nothing starts there."""
    with suppress(Problem):  # a disk that refuses: they are asked again at the next log-in
        for one in waiting:
            save_settings(one.file, replace(one.settings, remind_at_login=False, remind_on=""))
        if not any(settings.remind_at_login for _file, settings in read_everybody(paths)):
            autostart.turn_off()


def run() -> int:
    """Show the sign until the person chose; 0 whatever they chose."""
    today = local_now().date()
    paths = find_paths()
    waiting = find_waiting(paths, today)
    if not waiting:
        return 0
    app = QApplication(sys.argv[:1])
    name_program(app, paths)
    app.setQuitOnLastWindowClosed(False)
    theme.apply_look(app, waiting[0].settings.theme, waiting[0].settings.text_size)
    neutral = any(one.settings.neutral_name for one in waiting)
    tray = Tray(app, Words(), icon("note" if neutral else "guardian", "accent"))

    def begin() -> None:
        subprocess.Popen(autostart.program(), start_new_session=True, close_fds=True)
        app.quit()

    def put_off_by(wait: timedelta) -> None:
        put_off(waiting, today + wait)
        app.quit()

    def stop_reminding() -> None:
        silence(paths, waiting)
        app.quit()

    tray.opened.connect(begin)
    tray.postponed.connect(put_off_by)
    tray.silenced.connect(stop_reminding)
    show_when_ready(app, tray)
    return app.exec()


def show_when_ready(app: QApplication, tray: Tray) -> None:
    """Wait for a tray as long as a log-in takes; a desktop without one gets a small window."""
    ticker = QTimer(app)
    tries = iter(range(TRIES))

    def look() -> None:
        if tray.is_here():
            ticker.stop()
            tray.remind()
        elif next(tries, None) is None:
            ticker.stop()
            ask(tray)

    ticker.timeout.connect(look)
    ticker.start(LOOK_EVERY)
    look()


def ask(tray: Tray) -> None:
    """The same choices as in the tray; closing the window is “tomorrow”."""
    words = Words()
    dialog = Dialog(None, words.say("rhythm.neutral-title"))
    dialog.add(Text(words.say("rhythm.neutral-text")))
    dialog.add_buttons(
        dialog.tr("Open"),
        dialog.tr("Tomorrow"),
        Button(dialog.tr("Not for a month"), clicked=lambda: dialog.done(LATER)),
    )
    answer = dialog.exec()
    if answer == LATER:
        tray.postponed.emit(MONTH)
    elif answer:
        tray.opened.emit()
    else:
        tray.postponed.emit(DAY)
