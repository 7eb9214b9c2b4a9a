"""Starts a demonstration from a real window, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from guardian.demo.service import start_command

# what a window in another process needs to know of this one's; nothing of it is private
PASSED_ON = (
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE",
    "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "QT_FONT_DPI",
    "HOME", "USERPROFILE", "SYSTEMROOT", "PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "TZ",
    "TMPDIR", "TEMP", "TMP",
)  # fmt: skip


def start_demo(projector: bool = False) -> None:
    """Open the demonstration in a process of its own, which outlives this window.

    It is told nothing of whoever is here: neither its words nor its environment name a profile.
    """
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    alone = {"start_new_session": True} if sys.platform != "win32" else {"creationflags": 0x8}
    subprocess.Popen(
        start_command(projector),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **alone,
    )
