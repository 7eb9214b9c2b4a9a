"""Starting the reminder when the person logs in: one file where desktops look for such things.

As the freedesktop.org autostart specification has it; other systems keep no such folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from guardian.core.errors import mendable_file_errors
from guardian.core.files import is_there, write_atomically

NAME = "org.guardian_privacy.Guardian.reminder.desktop"
RESERVED = str.maketrans({character: f"\\{character}" for character in '"`$\\'})


def is_known_here() -> bool:
    """Whether this system has the folder at all."""
    return sys.platform.startswith("linux")


def entry_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the entry lies, whether it exists or not."""
    base = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if base.startswith("/") else Path.home() / ".config"
    return folder / "autostart" / NAME


def is_on(environment: Mapping[str, str] = os.environ) -> bool:
    return is_there(entry_file(environment))


def turn_on(name: str, environment: Mapping[str, str] = os.environ) -> None:
    """Have the reminder started at each log-in, shown in the desktop's list as ``name``.

    Raises ``Problem`` when the folder refuses.
    """
    home = environment.get("GUARDIAN_HOME")
    words = ["env", f"GUARDIAN_HOME={home}"] if home else []
    command = " ".join(map(quote, [*words, *program(), "remind"]))
    lines = (
        "[Desktop Entry]", "Type=Application", f"Name={name}", f"Exec={command}",
        "Terminal=false", "X-GNOME-Autostart-enabled=true", "",
    )  # fmt: skip
    write_atomically(entry_file(environment), "\n".join(lines).encode())


def turn_off(environment: Mapping[str, str] = os.environ) -> None:
    file = entry_file(environment)
    with mendable_file_errors(file):
        file.unlink(missing_ok=True)


def keep(wanted: bool, name: str, environment: Mapping[str, str] = os.environ) -> None:
    """Make the entry be there or not; nothing is written where all is as wanted."""
    if not is_known_here():
        return
    if wanted:
        turn_on(name, environment)
    elif is_on(environment):
        turn_off(environment)


def quote(word: str) -> str:
    """One argument of ``Exec`` (Desktop Entry Specification, “The Exec key”).

    The value is a string first, where each backslash is written twice and a new line as an
    escape, and then a command line; a per cent sign would begin a field code.
    """
    value = f'"{word.translate(RESERVED)}"'.replace("\\", "\\\\").replace("%", "%%")
    return value.replace("\n", "\\n").replace("\r", "\\r")


def program() -> Sequence[str]:
    """The command that opens the window; ``-P``, so that no folder of that name in the home, where
    log-ins begin, is taken for the program."""
    return (sys.executable, "-P", "-m", "guardian")
