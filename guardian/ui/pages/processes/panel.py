"""What is known about the row that was chosen in a long list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.card import fill_groups
from guardian.ui.pages.processes.explained import Group

LEAST, MOST = 226, 340  # pixels at 100 % that the panel takes


class Panel(Card):
    """Hidden until something is chosen. ``more``: its button was pressed; ``closed`` as well."""

    more = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(role="tint", gap=6, margin=16)
        self.key = ""
        self._name = Text(role="strong").selectable()
        self.close_button = Button(self.tr("Close"), "quiet", "close", self.close_panel)
        self.more_button = Button(self.tr("Show me more"), icon_name="forward",
                                  clicked=self._ask_more)  # fmt: skip
        self._lines = Text(role="small").selectable()
        self._chips, self.groups = Flow(gap=6), column(gap=10)
        head = row(gap=12, top=True)
        head.addWidget(self._name, 1)
        head.addWidget(self.close_button)
        inside = column(
            self._lines, self._chips, row(self.more_button, None), self.groups, None, gap=8
        )
        inside.setContentsMargins(12, 10, 4, 2)
        self.area: QScrollArea = scrolling(plain(inside), gap=0)
        self.area.setProperty("role", "sheet")
        self.area.setAccessibleName(self.tr("What is known about it"))
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll it
        self.body.addLayout(head)
        self.body.addWidget(self.area)
        self.hide()

    def show_facts(
        self, key: str, name: str, lines: Sequence[str], chips: Sequence[Card] = (), *, more: bool
    ) -> None:
        """``more``: there is a button that asks for everything."""
        self.key = key
        self._name.setText(telling.breakable(name))
        for box in (self._chips, self.groups):
            clear(box)
        self._lines.setText("\n".join(map(telling.breakable, lines)))
        for chip in chips:
            self._chips.addWidget(chip)
        self.more_button.setVisible(more)
        self.more_button.setEnabled(True)
        self.more_button.setAccessibleName(self.tr("Show me more about “{name}”").format(name=name))
        self.area.verticalScrollBar().setValue(0)
        self.setMinimumHeight(theme.px(LEAST))
        self.setMaximumHeight(theme.px(MOST))
        self.show()

    def _ask_more(self) -> None:
        self.area.setFocus()  # a button that cannot be pressed hands the focus on to anywhere
        self.more_button.setEnabled(False)
        self.more.emit()

    def show_more(self, made: list[Group]) -> None:
        """What was asked for, in place of the button, and in sight."""
        place = self.more_button.y()
        self.more_button.hide()
        fill_groups(self.groups, made)
        QTimer.singleShot(0, self, lambda: self.area.verticalScrollBar().setValue(place))

    def close_panel(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()
