"""A state of a page worth looking at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from tests.scenes.studio import Studio


@dataclass(frozen=True)
class Scene:
    """``prepare`` brings a started studio into the state.

    It may return a window to look at instead of the main one (a dialog).
    """

    name: str
    prepare: Callable[[Studio], QWidget | None]
    welcomed: bool = True
