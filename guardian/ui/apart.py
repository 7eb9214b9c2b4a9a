"""Keeps real records and a projector apart: never both at once on one computer account.

Each side says that it is there before it looks for the other, so that at least one gives way.
A real window hangs out a sign in their meeting place; the demonstration, which may write into its
own folder alone, hangs out its sign there, and the meeting place leads to that folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLockFile

from guardian.core import meeting
from guardian.core.meeting import DEMOS, PROJECTING, is_alive, mine

OPEN = "guardian-open-"
PATIENCE = 200  # milliseconds; whoever looks whether a sign is old holds it for a moment


class Records:
    """The sign of a real window whose records are open."""

    def __init__(self, place: Path | None = None) -> None:
        self._place = place or meeting.meeting_place()
        self._sign: QLockFile | None = None

    def announce(self) -> bool:
        """Say that records are opened here. False, and nothing said, while a projector is on."""
        if self._sign is None:
            self._sign = hang_out(self._place / f"{OPEN}{os.getpid()}.lock")
        if self.projecting():
            self.withdraw()
            return False
        return True

    def withdraw(self) -> None:
        """The records are closed, or were never opened."""
        sign, self._sign = self._sign, None
        if sign is not None:
            sign.unlock()

    def projecting(self) -> bool:
        """Whether a demonstration of this person is on a projector now."""
        return any(is_held(sign) for sign in mine(self._place, f"{DEMOS}/{PROJECTING}"))


class Wall:
    """The sign of a projector: in the demonstration's ``folder``, to which ``place`` leads."""

    def __init__(self, folder: Path, place: Path | None = None) -> None:
        self._file, self._place = folder / PROJECTING, place or folder.parent
        self._sign: QLockFile | None = None

    def announce(self) -> bool:
        """Say that a projector is on. False, and nothing said, while real records are open."""
        if self._sign is None:
            self._sign = hang_out(self._file)
        if self._sign is None or self.records_open():
            self.withdraw()
            return False
        return True

    def withdraw(self) -> None:
        sign, self._sign = self._sign, None
        if sign is not None:
            sign.unlock()

    def records_open(self) -> bool:
        """Whether a real window of this person has records open. Only looks, changes nothing."""
        return any(is_alive(sign) for sign in mine(self._place, f"{OPEN}*.lock"))


def hang_out(file: Path) -> QLockFile | None:
    """None where the file cannot be written."""
    lock = QLockFile(str(file))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(PATIENCE) else None


def is_held(file: Path) -> bool:
    """Whether whoever hung out this sign is alive; an old one is taken away."""
    lock = QLockFile(str(file))
    lock.setStaleLockTime(0)
    if lock.tryLock(0):
        lock.unlock()
        return False
    return lock.error() == QLockFile.LockError.LockFailedError
