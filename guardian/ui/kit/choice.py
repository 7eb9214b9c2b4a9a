"""A box to choose one of a few wishes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QSizePolicy

LEAST = 9  # letters


class Choice(QComboBox):
    """Each entry has words and what they stand for; the first one is chosen at the beginning."""

    def __init__(self, name: str, least: int = LEAST) -> None:
        """``least`` letters of an entry are always seen."""
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        self.setMinimumContentsLength(least)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def offer(self, options: Sequence[tuple[str, Any]]) -> None:
        """Replace the entries; what was chosen stays chosen where it is still there."""
        before = self.currentData()
        with QSignalBlocker(self):
            self.clear()
            for text, data in options:
                self.addItem(text, data)
            self.setCurrentIndex(max(self.findData(before), 0))

    def choose(self, data: object) -> None:
        """Choose without telling anybody."""
        with QSignalBlocker(self):
            self.setCurrentIndex(max(self.findData(data), 0))
