"""Ending a program of the person's own: never Guardian, what it stands on, or the session."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guardian.core.errors import Problem
from guardian.processes.model import Program, Running

if TYPE_CHECKING:
    import psutil

WAIT = 3.0
"""Seconds a program gets to save and leave before we say that it still runs."""
POLL = 0.05
SAME_START = 1.5
"""Seconds two readings of one start time may differ: a clock that is set moves all of them."""
SESSION_SLICES = ("/session.slice/", "/init.scope")
SESSION_PARTS = frozenset({
    "systemd", "(sd-pam)", "dbus-daemon", "dbus-broker", "dbus-broker-launch",
    "gnome-session-binary", "gnome-session-service", "gnome-shell", "gnome-keyring-daemon",
    "gdm-x-session", "gdm-wayland-session", "ksmserver", "kwin_x11", "kwin_wayland",
    "plasmashell", "kded5", "kded6", "startplasma-x11", "startplasma-wayland", "sddm-helper",
    "lightdm", "Xorg", "Xwayland", "X", "cinnamon", "cinnamon-session", "mate-session", "marco",
    "xfce4-session", "xfwm4", "xfdesktop", "lxsession", "lxqt-session", "budgie-wm", "openbox",
    "sway", "i3", "labwc", "weston", "Hyprland", "pipewire", "wireplumber", "pulseaudio",
    "at-spi2-registryd", "at-spi-bus-launcher", "orca", "speech-dispatcher", "ssh-agent",
    "gpg-agent", "xdg-desktop-portal", "polkit-gnome-authentication-agent-1", "explorer.exe",
    "dwm.exe", "csrss.exe", "sihost.exe", "ctfmon.exe", "winlogon.exe", "taskhostw.exe",
    "WindowServer", "loginwindow", "Finder", "Dock", "SystemUIServer", "launchd", "ControlCenter",
})  # fmt: skip
"""Programs a desktop is made of, as far as where they stand does not tell. Ending one ends the
session, or takes its sound, its passwords or its screen reader from the person."""


@dataclass(frozen=True)
class Ended:
    """Which processes were asked to end and did, and which still run."""

    ended: tuple[int, ...]
    left: tuple[int, ...]


class Ending:
    """``me`` is the person's user number. Knows when each process of the last look began, so that
    a number given to another process since is not mistaken for it."""

    def __init__(self, me: int | None) -> None:
        self._me = me
        self._started: dict[int, float] = {}

    def note(self, running: Iterable[Running]) -> None:
        """Remember when the processes of a look began."""
        self._started = {each.pid: each.started for each in running if each.started is not None}

    def endable(self, program: Program) -> bool:
        """Whether every process of ``program`` is the person's own and may be ended.

        The administrator has no programs of his own: his are the system's.
        """
        if not program.pids or not program.own or self._me == 0 or program.container:
            return False
        if program.name in SESSION_PARTS or any(pid not in self._started for pid in program.pids):
            return False
        return foundations().isdisjoint(program.pids) and not any(
            map(is_part_of_session, program.pids)
        )

    def end(self, program: Program) -> Ended:
        """Ask every process of ``program`` to end, and wait a moment whether it does.

        Raises ``Problem``: it may not be ended, or is gone already.
        """
        if not self.endable(program):
            raise Problem("end-not-yours", name=program.name)
        return end_processes({pid: self._started[pid] for pid in program.pids}, program.name)


def foundations() -> frozenset[int]:
    """Guardian itself, what it stands on, and its session's leader."""
    import psutil

    found = {1, os.getpid()}
    if hasattr(os, "getsid"):
        found.add(os.getsid(0))
    with suppress(psutil.Error):  # where the system does not tell
        found.update(parent.pid for parent in psutil.Process().parents())
    return frozenset(found)


def is_part_of_session(pid: int) -> bool:
    """Whether the service manager counts a process to the session itself (Linux)."""
    try:
        group = Path(f"/proc/{pid}/cgroup").read_text("utf-8", "replace")
    except OSError:
        return False
    return any(slice_ in f"{line}/" for line in group.splitlines() for slice_ in SESSION_SLICES)


def end_processes(started: Mapping[int, float], name: str) -> Ended:
    """End the processes that began at these times (seconds since 1970), and no others.

    Raises ``Problem("process-ended")`` when none of them is there any more.
    """
    asked = {pid: ask_to_end(pid, began) for pid, began in started.items()}
    there = {pid: process for pid, process in asked.items() if process is not None}
    if not there:
        raise Problem("process-ended", name=name)
    end = time.monotonic() + WAIT
    left = {pid for pid, process in there.items() if runs(process)}
    while left and time.monotonic() < end:
        time.sleep(POLL)
        left = {pid for pid in left if runs(there[pid])}
    return Ended(tuple(sorted(there.keys() - left)), tuple(sorted(left)))


def ask_to_end(pid: int, began: float) -> psutil.Process | None:
    """Send the polite signal to the process that began then; None if it is gone.

    On Linux a handle holds on to it meanwhile, so that the number cannot come to mean another.
    """
    import psutil

    handle = None
    try:
        process = psutil.Process(pid)
        if hasattr(os, "pidfd_open"):
            handle = os.pidfd_open(pid)
        if abs(process.create_time() - began) > SAME_START:
            return None
        if handle is None:
            process.terminate()
        else:
            signal.pidfd_send_signal(handle, signal.SIGTERM)
    except (psutil.Error, OSError):
        return None
    finally:
        if handle is not None:
            os.close(handle)
    return process


def runs(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
