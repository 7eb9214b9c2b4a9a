"""Long trees: a model of plain nodes that sorts and searches, drawn as the rows of a list are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QTreeView

from guardian.ui import theme
from guardian.ui.kit.icon import pixmap
from guardian.ui.kit.rows import ROW, Index, Row, RowDelegate

TOP = -1
INDENT = 24  # pixels at 100 %


@dataclass(frozen=True)
class Forest:
    """Rows and, for each, the number of the row above it; ``TOP`` for none.

    ``texts`` are what a search looks through, ``children`` the numbers under each row, in no
    order; ``children[TOP]``, the last, are those at the top. Made once, off the window's thread.
    """

    rows: tuple[Row, ...]
    parents: tuple[int, ...]
    texts: tuple[str, ...]
    children: tuple[tuple[int, ...], ...]


def plant(rows: Sequence[Row], parents: Sequence[int]) -> Forest:
    """A forest of ``rows``. Whoever stands above himself, by whatever way, stands at the top."""
    mended = list(parents)
    known = {TOP}
    for start in range(len(rows)):
        path: list[int] = []
        at = start
        while at not in known:
            known.add(at)
            path.append(at)
            at = mended[at]
        if at in path:
            mended[path[-1]] = TOP
    children: list[list[int]] = [[] for _ in range(len(rows) + 1)]
    for number, parent in enumerate(mended):
        children[parent].append(number)
    texts = tuple(f"{row.title} {row.detail} {row.mark}".casefold() for row in rows)
    return Forest(tuple(rows), tuple(mended), texts, tuple(map(tuple, children)))


NOTHING = plant((), ())


class TreeModel(QAbstractItemModel):
    """Nodes in the order of ``sort`` and title; with a search those that fit, and what is above."""

    def __init__(self) -> None:
        super().__init__()
        self.forest = NOTHING
        self._words: list[str] = []
        self._order: Callable[[Row], Any] = lambda row: (row.sort, row.title.casefold())
        self._shown: list[Sequence[int]] = [()]
        self._place: list[int] = []
        self.found = 0

    def show_forest(self, forest: Forest) -> None:
        self.forest = forest
        self.sift()

    def search(self, text: str) -> None:
        """Show the nodes that hold every word of ``text``, and all above them."""
        words = text.casefold().split()
        if words != self._words:
            self._words = words
            self.sift()

    def order_by(self, order: Callable[[Row], Any]) -> None:
        self._order = order
        self.sift()

    @property
    def searching(self) -> bool:
        return bool(self._words)

    def sift(self) -> None:
        self.beginResetModel()
        forest, order = self.forest, self._order
        wanted = self._wanted()
        keys = list(map(order, forest.rows))
        self._place = [0] * len(forest.rows)
        self._shown = []
        for under in forest.children:
            kept = under if wanted is None else [one for one in under if one in wanted]
            shown = sorted(kept, key=keys.__getitem__) if len(kept) > 1 else kept
            for place, number in enumerate(shown):
                self._place[number] = place
            self._shown.append(shown)
        self.endResetModel()

    def _wanted(self) -> set[int] | None:
        """What fits the search, with everything above it; None without a search."""
        forest, words = self.forest, self._words
        if not words:
            self.found = len(forest.rows)
            return None
        hits = [
            number
            for number, text in enumerate(forest.texts)
            if all(word in text for word in words)
        ]
        self.found = len(hits)
        self.hits = set(hits)
        wanted: set[int] = set()
        for number in hits:
            at = number
            while at != TOP and at not in wanted:
                wanted.add(at)
                at = forest.parents[at]
        return wanted

    def number(self, index: Index) -> int:
        return index.internalId() - 1 if index.isValid() else TOP

    def index_of(self, number: int) -> QModelIndex:
        """The index of a node that is shown, by its number in the forest."""
        return self.createIndex(self._place[number], 0, number + 1)

    def shows(self, number: int) -> bool:
        under = self._shown[self.forest.parents[number]]
        place = self._place[number]
        return place < len(under) and under[place] == number

    def first_hit(self) -> int | None:
        """The first node from above that fits the search by itself."""
        stack = list(reversed(self._shown[TOP]))
        while stack:
            number = stack.pop()
            if not self._words or number in self.hits:
                return number
            stack.extend(reversed(self._shown[number]))
        return None

    # Qt's side

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        under = self._shown[self.number(parent)]
        if column or not 0 <= row < len(under):
            return QModelIndex()
        return self.createIndex(row, 0, under[row] + 1)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self.forest.parents[self.number(index)] if index.isValid() else TOP
        return QModelIndex() if above == TOP else self.createIndex(self._place[above], 0, above + 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._shown[self.number(parent)])

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        return bool(self._shown[self.number(parent)])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.forest.rows[self.number(index)]
        if role == ROW:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (entry.title, entry.detail, entry.mark)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.detail or None
        return None


class TreeList(QTreeView):
    """A searchable, sorted tree, fluid with thousands of nodes.

    ``chosen`` carries the key of the node the keys or the mouse are on, ``opened`` that of one
    that got Enter or a click. ``unfolded``: all is open at first.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str, *, unfolded: bool = True) -> None:
        super().__init__()
        self._unfolded = unfolded
        self._closed: set[str] = set()
        self.setAccessibleName(name)
        self.listed = TreeModel()
        self.setModel(self.listed)
        self.setItemDelegate(RowDelegate(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIndentation(theme.px(INDENT))
        self.selectionModel().currentChanged.connect(self._tell)
        self.clicked.connect(self._open)

    def show_forest(self, forest: Forest) -> None:
        """Replace all nodes, keeping the chosen one chosen where it still exists."""
        self._renew(lambda: self.listed.show_forest(forest))

    def search(self, text: str) -> None:
        """Show only nodes that hold every word of ``text``, and what is above them."""
        self._renew(lambda: self.listed.search(text))

    def order_by(self, order: Callable[[Row], Any]) -> None:
        self._renew(lambda: self.listed.order_by(order))

    def _renew(self, change: Callable[[], None]) -> None:
        before = self.current_key()
        change()
        if self._unfolded or self.listed.searching:
            self.expandAll()
        self.choose(before)

    def current_key(self) -> str:
        index = self.currentIndex()
        return index.data(ROW).key if index.isValid() else ""

    def choose(self, key: str) -> None:
        """Make the node of ``key`` the current one; nothing happens where it is not shown."""
        if not key:
            return
        for number, entry in enumerate(self.listed.forest.rows):
            if entry.key == key and self.listed.shows(number):
                self._go_to(self.listed.index_of(number))
                return

    def choose_first(self) -> None:
        """The first node that fits the search."""
        number = self.listed.first_hit()
        if number is not None:
            self._go_to(self.listed.index_of(number))

    def _go_to(self, index: QModelIndex) -> None:
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.data(ROW).key)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(ROW).key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def drawBranches(self, painter: QPainter, area: QRect, index: Index) -> None:
        """Only the arrow of what can be opened: lines would crowd the names."""
        if not self.listed.hasChildren(index):
            return
        side = theme.px(14)
        name = "down" if self.isExpanded(index) else "forward"
        place = QRect(0, 0, side, side)
        place.moveCenter(area.center())
        place.moveRight(area.right() - theme.px(2))
        painter.drawPixmap(place, pixmap(name, "dim", side, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.setIndentation(theme.px(INDENT))
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
