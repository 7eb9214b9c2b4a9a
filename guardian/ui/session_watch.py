"""Notices that the screen was locked or the computer goes to sleep, where the desktop says so.

On Linux that comes over D-Bus. Windows and macOS tell it in ways that are not heard here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from guardian.ui.session_signs import Bus, Happening, meaning, signs


class SessionWatch(QObject):
    """Works from ``start`` to ``stop``; nothing is connected before the first start.

    The computer waits with its sleep, a few seconds at most, until ``sleeps`` was heard.
    """

    screen_locked = Signal()
    sleeps = Signal()

    def __init__(self, parent: QObject, find: Callable[[], Bus | None] | None = None) -> None:
        super().__init__(parent)
        self._find = find or find_bus
        self._bus: Bus | None = None
        self._looked = self._on = self._telling = False

    def start(self) -> None:
        self._on = True
        if not self._looked:
            self._looked = True
            bus = self._find()
            if bus is not None and bus.listen(signs(os.environ), self._hear):
                self._bus = bus
        if self._bus is not None:
            self._bus.delay_sleep()

    def stop(self) -> None:
        self._on = False
        if self._bus is not None and not self._telling:
            self._bus.let_sleep()

    @property
    def hears(self) -> bool:
        """Whether a locked screen will be noticed here; known from the first start on."""
        return self._bus is not None

    def _hear(self, interface: str, member: str, arguments: Sequence[Any]) -> None:
        happening = meaning(interface, member, arguments)
        if not self._on or self._bus is None:
            return
        if happening is Happening.SCREEN_LOCKED:
            self.screen_locked.emit()
        elif happening is Happening.SLEEPS:
            self._telling = True  # whoever hears it stops this watch, and has more to do then
            self.sleeps.emit()
            self._telling = False
            self._bus.let_sleep()
        elif happening is Happening.WOKE:
            self._bus.delay_sleep()


def find_bus() -> Bus | None:
    """The desktop's buses, where there is a desktop that has them."""
    if not sys.platform.startswith("linux") or QGuiApplication.platformName() == "offscreen":
        return None
    if not has_session_bus(os.environ):
        return None
    from guardian.ui.desktop_bus import DesktopBus

    return DesktopBus()


def has_session_bus(environment: Mapping[str, str]) -> bool:
    """Whether a session bus runs: where none does, asking for one would start one."""
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    told = bool(environment.get("DBUS_SESSION_BUS_ADDRESS"))
    return told or (bool(runtime) and (Path(runtime) / "bus").exists())
