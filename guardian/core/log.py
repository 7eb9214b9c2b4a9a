"""The log file: event codes and numbers, and by construction nothing else.

No function here takes free text, so no name, path or document can reach the file. The strings
that can appear come from closed sets: ``Event``, the problem codes in ``assets/words``, and
for crashes the names of classes and of Guardian's own modules with line numbers.
"""

from __future__ import annotations

import logging
import re
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from guardian.core.words import FALLBACK, load_texts

MAX_BYTES = 256 * 1024
KEPT_FILES = 3

_logger = logging.getLogger("guardian.events")
_logger.propagate = False
_logger.setLevel(logging.INFO)
_logger.addHandler(logging.NullHandler())


class Event(StrEnum):
    """Everything the log can tell about."""

    STARTED = "started"
    STOPPED = "stopped"
    RECORDS_OPENED = "records-opened"
    JOB_STARTED = "job-started"
    JOB_DONE = "job-done"
    JOB_FAILED = "job-failed"
    JOB_CANCELLED = "job-cancelled"
    PROBLEM = "problem"
    CRASH = "crash"


def start_log(file: Path) -> None:
    """Write events to ``file`` from now on. A folder that cannot be written to means no log."""
    from logging.handlers import RotatingFileHandler  # brings half the standard library along

    stop_log()
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            file, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )
        file.touch(mode=0o600)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    handler.handleError = lambda record: None  # type: ignore[method-assign] # a full disk must not print
    _logger.addHandler(handler)


def stop_log() -> None:
    """Close the log file."""
    for handler in list(_logger.handlers):
        if not isinstance(handler, logging.NullHandler):
            _logger.removeHandler(handler)
            handler.close()


def note(event: Event, **numbers: int | float) -> None:
    """Log that something happened. Raises ``TypeError`` for anything that is not a number."""
    _write(Event(event), numbers)


def note_problem(code: str) -> None:
    """Log that a problem was shown; a code without words in ``assets`` is logged as ``unknown``."""
    known = f"problem.{code}" in load_texts(FALLBACK)
    _write(Event.PROBLEM, {}, code if known else "unknown")


def note_crash(error: BaseException) -> None:
    """Log an unexpected error: its class and where in Guardian it passed, not its message."""
    frames = ",".join(guardian_frames(error.__traceback__)) or "-"
    kind = type(error)
    known = kind.__module__.split(".")[0] in ("builtins", "guardian")
    _write(Event.CRASH, {}, f"{kind.__name__ if known else 'Other'} {frames}")


def guardian_frames(trace: TracebackType | None) -> list[str]:
    """``module:line`` of each of Guardian's own frames, outermost first."""
    frames = []
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if re.fullmatch(r"guardian(\.\w+)*", module):
            frames.append(f"{module}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames


def _write(event: Event, numbers: dict[str, int | float], word: str = "") -> None:
    for value in numbers.values():
        if type(value) not in (int, float, bool):
            raise TypeError("the log takes numbers only")
    pairs = [f"{key}={value}" for key, value in numbers.items()]
    _logger.info("%s", " ".join([event.value, *([word] if word else []), *pairs]))
