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
    from guardian.ui.running import run

    return run


def load_demo() -> Callable[[bool], int]:
    """The function that opens the demonstration; it loads Qt itself, in another process."""
    from guardian.ui.demo import run_demo

    return run_demo


def main() -> None:
    """Without words: the window, or where there is no display the checkup in the terminal."""
    try:
        answer()
    except KeyboardInterrupt:  # before there is anything else to hear it
        raise SystemExit(INTERRUPTED) from None


def answer() -> None:
    if len(sys.argv) == 1 and has_display():
        raise SystemExit(load_window()())
    if sys.argv[1:] == ["remind"] and has_display():  # as the entry for log-in has it
        from guardian.ui.remind import run as remind

        raise SystemExit(remind())
    if sys.argv[1:2] == ["demo"] and {*sys.argv[2:]} <= {"--projector"} and has_display():
        raise SystemExit(load_demo()("--projector" in sys.argv))
    from guardian import cli

    if sys.argv[1:2] == ["demo"]:  # leaves nothing behind, not even a line in the log
        from guardian.cli.session import Session

        cli.main(prog_name="guardian", obj=Session(guest=True))
    if len(sys.argv) == 1:
        cli.say_no_display()
        cli.main(["checkup"], prog_name="guardian")
    cli.main(prog_name="guardian")


if __name__ == "__main__":
    main()
