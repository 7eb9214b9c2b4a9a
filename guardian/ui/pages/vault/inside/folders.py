"""The folders of the open vault as a tree: to walk in, and to drop documents on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QTreeView

from guardian.ui import theme
from guardian.ui.kit.columns import TableDelegate
from guardian.ui.kit.dragging import Dragged, Dropping
from guardian.ui.kit.icon import pixmap
from guardian.ui.kit.rows import Index, RowDelegate
from guardian.ui.pages.vault.names import name_of, parent_of

PATH = Qt.ItemDataRole.UserRole + 1
HEIGHT = 40


class FolderDelegate(RowDelegate):
    """An icon and a name."""

    def __init__(self, tree: FolderTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(80), theme.px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, size = theme.tokens(), theme.px(20)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        if self._tree.dropping.target == index:
            TableDelegate.paint_target(painter, option.rect)
        area = option.rect.adjusted(theme.px(10), 0, -theme.px(8), 0)
        name, token = ("folder", "accent") if index.data(PATH) else ("vault", "accent")
        top = area.center().y() - size // 2
        drawn = pixmap(name, token, size, self._tree.devicePixelRatioF())
        painter.drawPixmap(area.left(), top, drawn)
        area.setLeft(area.left() + size + theme.px(9))
        self._paint_text(painter, area, index.data(), "body", colours.ink)
        painter.restore()


class FolderTree(QTreeView):
    """``entered`` carries the path of the folder the person went to; the root's is empty."""

    entered = Signal(str)
    asked_menu = Signal(str, object)

    def __init__(self, name: str, root: str) -> None:
        super().__init__()
        self._root_name = root
        self._paths: tuple[str, ...] = ()
        self._items: dict[str, QStandardItem] = {}
        self._listed = QStandardItemModel(self)
        self._telling = True
        self.dropping = Dropping(self)
        self.dragged = Dragged(self)
        self.setAccessibleName(name)
        self.setModel(self._listed)
        self.setItemDelegate(FolderDelegate(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setDragEnabled(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.selectionModel().currentChanged.connect(self._tell)
        self.setIndentation(theme.px(16))
        self.show_folders(())

    def show_folders(self, paths: Iterable[str]) -> None:
        """Show these folders; every one comes after the folder it lies in."""
        wanted = tuple(paths)
        if wanted == self._paths and self._items:
            return
        open_ones = {path for path, item in self._items.items() if self.isExpanded(item.index())}
        here = self.path
        self._telling = False
        self._paths = wanted
        self._listed.clear()
        root = self._item(self._root_name, "")
        self._items = {"": root}
        self._listed.appendRow(root)
        for path in wanted:
            parent = self._items.get(parent_of(path))
            if parent is not None:
                self._items[path] = self._item(name_of(path), path)
                parent.appendRow(self._items[path])
        for path in open_ones & self._items.keys():
            self.expand(self._items[path].index())
        self.expand(root.index())
        self.choose(here)
        self._telling = True

    @staticmethod
    def _item(name: str, path: str) -> QStandardItem:
        item = QStandardItem(name)
        item.setData(path, PATH)
        item.setToolTip(name)
        return item

    @property
    def path(self) -> str:
        """The folder that is current."""
        return str(self.currentIndex().data(PATH) or "")

    def paths(self) -> Sequence[str]:
        return self._paths

    def choose(self, path: str) -> None:
        """Make a folder current without telling; the nearest one around it where it is gone."""
        while path not in self._items:
            path = parent_of(path)
        before, self._telling = self._telling, False
        self.setCurrentIndex(self._items[path].index())
        self._telling = before

    def index_of(self, path: str) -> QModelIndex:
        return self._items[path].index()

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        if self._telling and now.isValid():
            self.entered.emit(now.data(PATH))

    def _ask_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        index = index if index.isValid() else self.currentIndex()
        if index.isValid():
            self.asked_menu.emit(index.data(PATH), self.viewport().mapToGlobal(place))

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex) -> None:
        """A small arrow before folders that hold others; nothing before the root."""
        if not index.data(PATH) or not self._listed.hasChildren(index):
            return
        size = theme.px(14)
        name = "down" if self.isExpanded(index) else "forward"
        drawn = pixmap(name, "dim", size, self.devicePixelRatioF())
        painter.drawPixmap(rect.right() - size + 4, rect.center().y() - size // 2, drawn)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
            return
        super().keyPressEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        if self.path:
            self.dragged.start([self.path])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dropping.move(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.dropping.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.dropping.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropping.drop(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.setIndentation(theme.px(16))
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
