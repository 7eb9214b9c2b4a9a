"""A list with columns: sorted by its heads, several rows at once, and files dragged in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.columns import EDGE, GAP, HEIGHT, Column, Plan, TableDelegate, TableModel
from guardian.ui.kit.dragging import Dragged, Dropping
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import icon
from guardian.ui.kit.layout import column
from guardian.ui.kit.rows import ROW

MOST_KEPT = 1_000  # rows that stay chosen while others come and go
ROWS = 3


class TableView(QListView):
    """The rows. ``asked_menu`` carries a place on the screen."""

    chosen = Signal()
    asked_menu = Signal(object)
    resized = Signal()

    def __init__(self, name: str, plan: Plan, heads: Callable[[str], int]) -> None:
        super().__init__()
        self.plan = plan
        self._head_width = heads
        self.listed = TableModel(plan)
        self.dropping = Dropping(self)
        self.dragged = Dragged(self)
        self.setAccessibleName(name)
        self.setProperty("role", "bare")
        self.setModel(self.listed)
        self.setItemDelegate(TableDelegate(self, plan, self.widths, lambda: self.dropping.target))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    def widths(self) -> list[tuple[Column, int]]:
        """The columns after the name that are drawn, and how wide each is in pixels."""
        room = self.viewport().width()
        return [
            (one, max(theme.px(one.width), self._head_width(one.key)))
            for one in self.plan.columns[1:]
            if room >= theme.px(one.least)
        ]

    def selected(self) -> list[Any]:
        """The chosen items, in the order of the list."""
        ranges = self.selectionModel().selection()
        places = sorted((one.top(), one.bottom()) for one in ranges)
        items = self.listed.items()
        return [item for top, bottom in places for item in items[top : bottom + 1]]

    def count_selected(self) -> int:
        return sum(one.height() for one in self.selectionModel().selection())

    def select(self, keys: Iterable[str]) -> None:
        """Choose exactly the items of these keys, as far as they are listed."""
        keys = list(keys)
        rows = self.listed.rows_of(keys) if keys else []
        wanted = QItemSelection()
        for first, last in runs(rows):
            wanted.select(self.listed.index(first, 0), self.listed.index(last, 0))
        how = QItemSelectionModel.SelectionFlag
        if rows:
            self.selectionModel().setCurrentIndex(self.listed.index(rows[0], 0), how.NoUpdate)
        self.selectionModel().select(wanted, how.ClearAndSelect)

    def _ask_menu(self, place: QPoint) -> None:
        self.asked_menu.emit(self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()  # a name copied is a name anybody can read
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()

    def startDrag(self, _actions: Qt.DropAction) -> None:
        self.dragged.start(self.selected())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dropping.move(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.dropping.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.dropping.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropping.drop(event)

    def minimumSizeHint(self) -> QSize:
        """On a projector some rows are seen at any rate: the page around them scrolls."""
        hint = super().minimumSizeHint()
        if not theme.look().projected:
            return hint
        rows = min(self.listed.rowCount(), ROWS)
        return QSize(hint.width(), max(hint.height(), rows * theme.px(HEIGHT)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.selectionModel().hasSelection():
            self.scrollTo(self.currentIndex())  # what is chosen stays in sight in less room
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)


class Head(Button):
    """Sorts by its column; an arrow behind the word says that it does."""

    def __init__(self, text: str, clicked: Callable[[], object]) -> None:
        super().__init__(text, "head", "blank", clicked)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    def show_arrow(self, name: str) -> None:
        self.icon_name = name
        self.dress()

    @property
    def font_role(self) -> str:
        return "small"

    def dress(self) -> None:
        super().dress()
        self.setIcon(icon(self.icon_name, "dim"))
        self.setIconSize(QSize(theme.px(14), theme.px(14)))


class HeadRow(Flow):
    """Heads of drawn columns stand above them; the others follow the first one."""

    def __init__(self, view: Callable[[], TableView], heads: Mapping[str, Head]) -> None:
        super().__init__(*heads.values(), gap=2)
        self._view, self._heads = view, list(heads)

    def _place(self, area: QRect, *, moving: bool) -> int:
        view, inner = self._view(), theme.px(7)  # of a head: its words stand above the column's
        widths = {shown.key: width for shown, width in view.widths()}
        if not widths:
            return super()._place(area, moving=moving)
        places: dict[str, int] = {}
        right = view.viewport().width() - theme.px(EDGE)
        for key in reversed(self._heads):
            if key in widths:
                places[key] = right - widths[key] - inner
                right = places[key] + inner - theme.px(GAP)
        left, size = area.left() + theme.px(EDGE) - inner, self.sizeHint().height()
        for number, key in enumerate(self._heads):
            item = self.itemAt(number)
            if key not in places:
                places[key] = left
                left += item.sizeHint().width() + self.spacing()
            if moving:
                item.setGeometry(QRect(places[key], area.top(), item.sizeHint().width(), size))
        if left > right + theme.px(GAP):  # too many words: better in two lines than on each other
            return super()._place(area, moving=moving)
        return size


class Table(QFrame):
    """Heads and rows in one frame.

    ``chosen`` comes with every change of what is chosen, ``opened`` carries an item that was
    double-clicked or got Enter.
    """

    chosen = Signal()
    opened = Signal(object)

    def __init__(self, name: str, plan: Plan) -> None:
        super().__init__()
        self.heads = {one.key: self._head(one) for one in plan.columns}
        self.view = TableView(name, plan, lambda key: self.heads[key].sizeHint().width())
        self.view.chosen.connect(self.chosen)
        self.view.activated.connect(lambda index: self.opened.emit(index.data(ROW)))
        self._head_row = HeadRow(lambda: self.view, self.heads)
        self.view.resized.connect(self._head_row.invalidate)
        box = column(self._head_row, gap=4)
        box.setContentsMargins(1, 6, 1, 3)
        box.addWidget(self.view, 1)
        self.setLayout(box)
        self.setProperty("role", "card")
        for one, other in pairwise((*self.heads.values(), self.view)):
            self.setTabOrder(one, other)
        self.setFocusProxy(self.view)
        self._say_order()

    def _head(self, shown: Column) -> Head:
        return Head(shown.title, lambda: self.turn(shown.key))

    def turn(self, key: str) -> None:
        """Sort by a column, or, where that is so already, the other way round."""
        now = self.view.listed
        again = now.sorted_by.key == key
        self.sort_by(key, descending=again and not now.descending)

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        before = self.selected_keys()
        wanted = next(one for one in self.view.plan.columns if one.key == key)
        with QSignalBlocker(self.view):
            self.view.listed.sort_by(wanted, descending=descending)
            self.view.select(before)
        self._say_order()

    def _say_order(self) -> None:
        now = self.view.listed
        for key, button in self.heads.items():
            title = button.text()
            chosen = now.sorted_by.key == key
            button.show_arrow(("down" if now.descending else "up") if chosen else "blank")
            if not chosen:
                button.setAccessibleName(self.tr("Sort by: {column}").format(column=title))
            elif now.descending:
                button.setAccessibleName(self.tr("{column}, last first").format(column=title))
            else:
                button.setAccessibleName(self.tr("{column}, first first").format(column=title))

    def show_items(self, items: Iterable[Any], select: Iterable[str] | None = None) -> None:
        """Replace all items; what was chosen stays chosen unless ``select`` names others."""
        wanted = self.selected_keys() if select is None else list(select)
        with QSignalBlocker(self.view):
            self.view.listed.show_items(items)
            self.view.select(wanted)
        self.chosen.emit()

    def show_arranged(self, items: list[Any], rows: dict[str, int] | None = None) -> None:
        """:meth:`show_items` for items that are in the order of the head chosen already.

        They may be very many; a choice of very many is let go. ``rows``: where each stands.
        """
        few = self.view.count_selected() <= MOST_KEPT
        wanted, now = self.selected_keys() if few else [], self.view.listed
        with QSignalBlocker(self.view):
            now.show_arranged(items, now.sorted_by, descending=now.descending, rows=rows)
            self.view.select(wanted)
        self.chosen.emit()

    def items(self) -> list[Any]:
        return self.view.listed.items()

    def selected(self) -> list[Any]:
        return self.view.selected()

    def selected_keys(self) -> list[str]:
        return [self.view.plan.key(item) for item in self.view.selected()]

    def choose(self, *keys: str) -> None:
        self.view.select(keys)


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours taken together: [1, 2, 3, 7] -> [(1, 3), (7, 7)]."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
