"""What all pages share: a title, room to scroll, and the keys every page answers to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
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
LOWEST, NARROWEST = 120, 240  # pixels of a page that scrolls as a whole
READABLE = 180  # pixels at 100 %


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
        head = self._head_line = row(gap=16, top=True)
        head.addLayout(column(self.title, self.subtitle, None, gap=6), 1)
        head.addLayout(self.head_buttons)
        self.content = column(gap=16)
        inner = self._inner = QWidget()
        inner.setMaximumWidth(theme.px(self.widest))
        self._tall: Tall | None = None
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

    def let_scroll(self, wanted: bool, *, narrow: bool = False) -> None:
        """Whether the page as a whole scrolls where it is taller or wider than the window;
        ``narrow``: the buttons of its head stand below the title.

        Only where letters are very large: elsewhere the window is never that small.
        """
        self._inner.setMaximumWidth(theme.px(self.widest))
        across, down = QHBoxLayout.Direction.LeftToRight, QHBoxLayout.Direction.TopToBottom
        self._head_line.setDirection(down if narrow else across)
        left = Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag(0)
        self._head_line.setAlignment(self.head_buttons, left)
        if wanted is (self._tall is not None):
            return
        box = self.layout()
        if wanted:
            self._tall = Tall()
            box.replaceWidget(self._inner, self._tall)
            self._tall.setWidget(self._inner)
            self._tall.show()
        else:
            tall, self._tall = self._tall, None
            box.replaceWidget(tall, tall.takeWidget())
            tall.hide()
            tall.deleteLater()
        box.setStretch(1, 10_000)
        self._inner.show()

    def refresh(self) -> None:
        """Called each time the page is shown."""

    def search_field(self) -> QLineEdit | None:
        """Where Ctrl+F goes, on pages with a list."""
        return None

    def finish(self) -> None:
        """Called when the person leaves in peace, not when they have to be gone at once: keep
        what is not kept yet."""

    def leave(self) -> None:
        """Called once, before the page is dropped: let go of keys and of what is shown, at once."""

    def go_back(self) -> bool:
        """Esc: close what is open on this page; False when there is nothing to close."""
        return False


class Tall(QScrollArea):
    """As large as its room, and never smaller than what is in it can be."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def fit(self) -> None:
        inner = self.widget()
        if inner is None:
            return
        room, least = self.viewport().size(), inner.minimumSizeHint()
        width = max(room.width(), least.width())
        if inner.layout().hasHeightForWidth():
            needed = inner.layout().minimumHeightForWidth(width)
        else:
            needed = least.height()
        inner.resize(width, max(room.height(), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return done

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, LOWEST)


class Column(QScrollArea):
    """Low where the window is; on a projector the page around it scrolls too, so it stays high
    enough to be read in, and as wide as what is in it."""

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if not theme.look().projected or self.widget() is None:
            return hint
        inner = self.widget()
        wanted = min(inner.sizeHint().height(), theme.px(READABLE))
        needed = inner.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(hint.width(), needed), max(hint.height(), wanted))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest and theme.look().projected:
            self.updateGeometry()
        return done


def scrolling(*items: Item, gap: int = 16) -> QScrollArea:
    """A column that scrolls when it is taller than its room."""
    area = Column()
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
