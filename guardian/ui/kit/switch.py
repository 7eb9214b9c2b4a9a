"""A few words side by side, one of them chosen: a small switch between views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow


class Switch(QWidget):
    """``chosen`` carries the key of what was clicked. Tab enters once, arrows move inside."""

    chosen = Signal(str)

    def __init__(self, name: str, keys: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("role", "plain")
        self._group = QButtonGroup(self)
        self.buttons = {key: self._button(key) for key in keys}
        self.setLayout(Flow(*self.buttons.values(), gap=8))

    def _button(self, key: str) -> Button:
        button = Button("", "segment", clicked=lambda: self.chosen.emit(key))
        self._group.addButton(button)
        return button

    def show_choices(self, texts: Mapping[str, str], chosen: str) -> None:
        """The words of each key; keys without words are not offered."""
        for key, button in self.buttons.items():
            button.setVisible(key in texts)
            button.setText(texts.get(key, ""))
        self.choose(chosen)

    def choose(self, key: str) -> None:
        """Choose without telling anybody. Tab enters at what is chosen."""
        self.buttons[key].setChecked(True)
        focus = Qt.FocusPolicy
        for one in self.buttons.values():
            one.setFocusPolicy(focus.StrongFocus if one.isChecked() else focus.ClickFocus)
