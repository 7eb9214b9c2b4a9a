"""What all pages share: a title, room to scroll, and the keys every page answers to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from guardian.ui import theme
from guardian.ui.kit.layout import Item, column, fill, plain, row
from guardian.ui.kit.text import Text

WIDEST = 1112


class Page(QWidget):
    """One page. Subclasses set ``key``, fill ``self.content`` and may override the hooks."""

    key = ""
    widest = WIDEST  # pixels at 100 %; pages with columns side by side may use more

    def __init__(self, title: str, subtitle: str = "") -> None:
        super().__init__()
        self.title = Text(title, "title")
        self.subtitle = Text(subtitle, "dim")
        if not subtitle:
            self.subtitle.hide()  # never shown by hand: it has no parent yet
        self.head_buttons = row(gap=8)
        head = row(gap=16, top=True)
        head.addLayout(column(self.title, self.subtitle, None, gap=6), 1)
        head.addLayout(self.head_buttons)
        self.content = column(gap=16)
        inner = QWidget()
        inner.setMaximumWidth(theme.px(self.widest))
        box = QVBoxLayout(inner)
        box.setContentsMargins(36, 32, 36, 28)
        box.setSpacing(18)
        box.addLayout(head)
        box.addLayout(self.content, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addWidget(inner, 10_000)
        outer.addStretch(1)

    def refresh(self) -> None:
        """Called each time the page is shown."""

    def search_field(self) -> QLineEdit | None:
        """Where Ctrl+F goes, on pages with a list."""
        return None

    def go_back(self) -> bool:
        """Esc: close what is open on this page; False when there is nothing to close."""
        return False


def scrolling(*items: Item, gap: int = 16) -> QScrollArea:
    """A column that scrolls when it is taller than its room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    box = column(gap=gap)
    fill(box, items)
    box.setContentsMargins(0, 0, 8, 8)
    area.setWidget(plain(box))
    return area


class Stages(QStackedWidget):
    """The states of a page (empty, working, full ...), one visible at a time."""

    def __init__(self, **stages: QWidget) -> None:
        super().__init__()
        self._stages = stages
        for stage in stages.values():
            self.addWidget(stage)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def add_stage(self, name: str, stage: QWidget) -> None:
        """One more state, built when it was first needed."""
        self._stages[name] = stage
        self.addWidget(stage)

    def show_stage(self, name: str) -> None:
        self.setCurrentWidget(self._stages[name])

    @property
    def stage(self) -> str:
        return next(name for name, one in self._stages.items() if one is self.currentWidget())


class SearchField(QLineEdit):
    """A field to search as one types."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setPlaceholderText(text)
        self.setAccessibleName(text)
        self.setClearButtonEnabled(True)
