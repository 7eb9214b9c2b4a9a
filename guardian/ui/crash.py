"""The one place unexpected errors arrive at."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from guardian.core import log
from guardian.core.errors import Problem


class CrashHook(QObject):
    """The one place unexpected errors arrive at, from every thread."""

    crashed = Signal(object)

    def __init__(self, show: Callable[[BaseException], object]) -> None:
        super().__init__()
        self.crashed.connect(show)
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(
            args.exc_type, args.exc_value, args.exc_traceback
        )

    def _hook(self, _kind: type, error: BaseException | None, _trace: TracebackType | None) -> None:
        if error is None or isinstance(error, KeyboardInterrupt):
            return
        if isinstance(error, Problem):
            log.note_problem(error.code)
        else:
            log.note_crash(error)
        self.crashed.emit(error)

    def remove(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
