"""The rail at the left: one checkable button per page, one of them down."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QWidget

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import clear, column, order_tabs, plain, row
from guardian.ui.kit.text import Text

TOP, UNDER, BOTTOM, GAP = 30, 18, 22, 6
EDGE, SMALLEST = 6, 16  # pixels around an icon where there is little room, and of the icon


class Rail(QFrame):
    """Tab enters once; the arrow keys move inside. ``chosen`` tells the page's key."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, Button] = {}
        brand = row(Icon("guardian", "accent", 26), Text("Guardian", "heading").one_line(), None)
        brand.setContentsMargins(12, 0, 0, 0)
        self._brand = plain(brand)
        self._titles: dict[str, str] = {}
        self._wide = True
        self._box = column(self._brand, UNDER, gap=GAP)
        self._end = column(gap=GAP)
        self._foot = column()
        outer = column(gap=GAP)
        outer.setContentsMargins(14, TOP, 14, BOTTOM)
        outer.addLayout(self._box)
        outer.addStretch(1)
        outer.addLayout(self._end)
        outer.addLayout(self._foot)
        self.setLayout(outer)

    @property
    def keys(self) -> list[str]:
        """The pages that have a button, in their order."""
        return list(self._buttons)

    def clear(self) -> None:
        """Take all pages' buttons away."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.hide()
            button.setParent(None)
            button.deleteLater()
        self._buttons.clear()
        self._titles.clear()

    def set_foot(self, widget: QWidget | None) -> None:
        """What stands below all buttons; None takes it away."""
        clear(self._foot)
        if widget is not None:
            self._foot.addWidget(widget)
            order_tabs(self)

    def add(
        self, key: str, text: str, icon_name: str, shortcut: str, *, last: bool = False
    ) -> None:
        """A page's button; ``last`` ones stand at the bottom."""
        button = Button(text, "rail", icon_name)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setToolTip(f"{text} ({shortcut})")
        button.setAccessibleName(text)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.toggled.connect(lambda on, key=key: on and self.chosen.emit(key))
        self._group.addButton(button)
        self._buttons[key], self._titles[key] = button, text
        self._show_name(key)
        (self._end if last else self._box).addWidget(button)

    def show_wide(self, wide: bool) -> None:
        """With the names of the pages, or in little room their icons alone."""
        if wide is self._wide:
            return
        self._wide = wide
        self._brand.setVisible(wide)
        for key in self._buttons:
            self._show_name(key)
        self.updateGeometry()

    def fit(self, height: int) -> None:
        """Let icons alone stand in ``height`` pixels: as large as they are, or else smaller."""
        count, full = len(self._buttons), theme.px(20) + 2 * theme.px(10) + 2
        around = TOP + UNDER + BOTTOM + GAP * (count + 2) + self._foot.minimumSize().height()
        each = (height - around) // max(count, 1)
        for button in self._buttons.values():
            tighten(button, 0 if self._wide or each >= full else max(each - 2 * EDGE, SMALLEST))

    def _show_name(self, key: str) -> None:
        button = self._buttons[key]
        button.setText(self._titles[key] if self._wide else "")
        button.dress()

    def choose(self, key: str) -> None:
        """Press the button of ``key`` without another signal when it is down already."""
        self._buttons[key].setChecked(True)

    def take_focus(self) -> None:
        """Put the focus on the button that is down, from where Tab leads into the page."""
        self._group.checkedButton().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self._wide:
            return hint
        return QSize(max(hint.width(), theme.px(212)), hint.height())


def tighten(button: Button, size: int) -> None:
    """An icon of ``size`` pixels without room around it; 0: as it is elsewhere."""
    if bool(button.property("tight")) is not bool(size):
        button.setProperty("tight", bool(size))
        button.style().unpolish(button)
        button.style().polish(button)
        button.dress()
    if size:
        button.setIconSize(QSize(size, size))
