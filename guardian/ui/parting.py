"""Doing several things of which none may be left out because another one failed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def do_all(owner: QObject, *acts: Callable[[], object]) -> None:
    """Do each of them in turn. What one raises is raised once this is over and the window rests,
    where the hook for unexpected errors hears it."""
    for act in acts:
        try:
            act()
        except Exception as error:  # whatever it is, the others still have to be done
            QTimer.singleShot(0, owner, lambda error=error: fail(error))


def fail(error: Exception) -> None:
    raise error
