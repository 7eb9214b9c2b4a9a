"""The three panes of the open vault: as many side by side as there is room for."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import column, row
from guardian.ui.preferences import Preferences

# pixels at 100 %: three panes side by side, two, or one at a time
WIDE, MEDIUM = 800, 560
NARROWEST = 304  # of the preview, whose buttons have to fit
STRETCH = (0, 3, 2)  # how the panes share more room
SAVE_AFTER = 600  # milliseconds after the last move of a handle


class Panes(QSplitter):
    """Folders, documents, preview. ``mode`` is wide, medium (no folders) or narrow (one pane).

    Their widths are remembered. ``arranged`` comes when the mode changes.
    """

    arranged = Signal()

    def __init__(
        self, folders: QWidget, documents: QWidget, preview: QWidget, preferences: Preferences
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._preferences = preferences
        self._looking = False  # in a narrow window: the preview stands over the list
        self.mode = ""
        self.back = Button(self.tr("Back to the list"), "quiet", "back", self.stop_looking)
        box = column(row(self.back, None), gap=8)
        box.addWidget(preview, 1)
        right = QWidget()
        right.setLayout(box)
        self._panes = (folders, documents, right)
        self._saver = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self._saver.timeout.connect(self._remember)
        self.splitterMoved.connect(lambda *_: self._saver.start())
        self.setHandleWidth(12)
        self.setChildrenCollapsible(False)
        for number, pane in enumerate(self._panes):
            self.addWidget(pane)
            self.setStretchFactor(number, STRETCH[number])

    def fit(self, width: int) -> None:
        """Show as many panes as ``width`` pixels have room for."""
        right = self._panes[2]
        right.setMinimumWidth(max(theme.px(NARROWEST), right.minimumSizeHint().width()))
        mode = "wide" if width >= theme.px(WIDE) else "narrow"
        if mode == "narrow" and width >= theme.px(MEDIUM):
            mode = "medium"
        if mode == self.mode:
            return
        self.mode = mode
        self._show_panes()
        if mode == "wide":
            self.setSizes([theme.px(size) for size in self._preferences.settings.vault_panes])
        self.arranged.emit()

    def _show_panes(self) -> None:
        folders, documents, right = self._panes
        narrow = self.mode == "narrow"
        folders.setVisible(self.mode == "wide")
        documents.setVisible(not (narrow and self._looking))
        right.setVisible(not narrow or self._looking)
        self.back.setVisible(narrow)

    def look(self) -> None:
        """Put the preview before the list where there is no room for both."""
        self._looking = True
        self._show_panes()
        if self.mode == "narrow":
            self.back.setFocus()

    def stop_looking(self) -> bool:
        """Back to the list; False when it was there already."""
        over = self._looking and self.mode == "narrow"
        self._looking = False
        self._show_panes()
        if over:
            self._panes[1].setFocus()
        return over

    def _remember(self) -> None:
        if self.mode == "wide":
            one, two, three = (round(size / theme.look().scale) for size in self.sizes())
            self._preferences.change(vault_panes=(one, two, three))
