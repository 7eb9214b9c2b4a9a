"""What is read lies in a pile: going back shows what lay beneath."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget


@dataclass(frozen=True)
class Leaf:
    """One thing on the pile, with what the head of the page says of it."""

    widget: QWidget
    title: str
    subtitle: str = ""


class Pile(QStackedWidget):
    """Only the topmost is visible; what is taken off is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._leaves: list[Leaf] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def top(self) -> Leaf | None:
        return self._leaves[-1] if self._leaves else None

    def push(self, leaf: Leaf) -> None:
        self._leaves.append(leaf)
        self.addWidget(leaf.widget)
        self.setCurrentWidget(leaf.widget)

    def pop(self) -> None:
        """Take the topmost off, if there is one."""
        if not self._leaves:
            return
        old = self._leaves.pop().widget
        if self._leaves:
            self.setCurrentWidget(self._leaves[-1].widget)
        self.removeWidget(old)
        old.hide()
        old.deleteLater()

    def clear(self) -> None:
        while self._leaves:
            self.pop()
