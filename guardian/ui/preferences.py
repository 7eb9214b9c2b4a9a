"""The settings in force: changed in one place, saved at once, and told to whoever listens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from guardian.core import log
from guardian.core.errors import Problem
from guardian.core.files import is_there
from guardian.core.paths import Paths
from guardian.core.profiles import paths_of, read_profiles
from guardian.core.settings import Settings, load_settings, save_settings


def read_everybody(paths: Paths) -> tuple[tuple[Path, Settings], ...]:
    """The settings of all who have a profile here, each with its file: they are not encrypted,
    and tell what may be done before anybody has come in.

    Of the first one alone where the list of people cannot be read.
    """
    try:
        files = [paths_of(paths, profile).settings_file for profile in read_profiles(paths)]
    except Problem:
        files = [paths.settings_file]
    return tuple((file, load_settings(file)[0]) for file in files)


class Preferences(QObject):
    """``changed`` comes after every change; ``failed`` when it could not be saved.

    Without a file they are forgotten at the end; so is what changes after ``home``, the folder
    they belong to, was taken away: made anew it would be in the way of the real one.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, file: Path | None, home: Path | None = None) -> None:
        super().__init__()
        self._file, self._home = file, home
        self.settings, self.problem = load_settings(file) if file else (Settings(), None)

    def change(self, **values: Any) -> None:
        """Set fields of :class:`Settings` and write them down."""
        now: Settings = replace(self.settings, **values)
        if now == self.settings:
            return
        self.settings = now
        try:
            if self._file and (self._home is None or is_there(self._home)):
                save_settings(self._file, now)
        except Problem as problem:
            log.note_problem(problem.code)
            self.failed.emit(problem)
        self.changed.emit()
