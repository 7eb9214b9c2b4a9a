"""The settings in force: changed in one place, saved at once, and told to whoever listens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from guardian.core import log
from guardian.core.errors import Problem
from guardian.core.settings import Settings, load_settings, save_settings


class Preferences(QObject):
    """``changed`` comes after every change; ``failed`` when it could not be saved."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.settings, self.problem = load_settings(file)

    def change(self, **values: Any) -> None:
        """Set fields of :class:`Settings` and write them down."""
        now: Settings = replace(self.settings, **values)
        if now == self.settings:
            return
        self.settings = now
        try:
            save_settings(self._file, now)
        except Problem as problem:
            log.note_problem(problem.code)
            self.failed.emit(problem)
        self.changed.emit()
