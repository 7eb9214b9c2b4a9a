"""The front door: ``guardian`` opens the window, ``guardian <pillar> …`` answers in text."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

INTERRUPTED = 130
"""What a shell says of a program ended by Ctrl+C."""


def has_display() -> bool:
    """Whether a window could be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def load_window() -> Callable[[], int]:
    """The function that opens the window.

    What needs no Qt is loaded first: PySide6 reads the source of every module that is imported
    after it, to look for its own switches.
    """
    import guardian.core.log
    import guardian.core.settings
    import guardian.core.words  # noqa: F401
    from guardian.ui.app import run

    return run


def main() -> None:
    """Without words: the window, or where there is no display the checkup in the terminal."""
    try:
        answer()
    except KeyboardInterrupt:  # before there is anything else to hear it
        raise SystemExit(INTERRUPTED) from None


def answer() -> None:
    if len(sys.argv) == 1 and has_display():
        raise SystemExit(load_window()())
    from guardian import cli

    if len(sys.argv) == 1:
        cli.say_no_display()
        cli.main(["checkup"], prog_name="guardian")
    cli.main(prog_name="guardian")


if __name__ == "__main__":
    main()
