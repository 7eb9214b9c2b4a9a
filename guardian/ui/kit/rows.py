"""Long lists: a model of plain rows, one delegate that draws them, search and sort built in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from guardian.ui import theme
from guardian.ui.kit.icon import pixmap

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    """One line of a list. ``key`` is what a choice reports; ``sort`` orders, small first.

    ``mark`` is a short word at the right, drawn in the colour of ``token``.
    """

    key: str
    title: str
    detail: str = ""
    mark: str = ""
    token: str = "dim"
    icon: str = ""
    sort: tuple[Any, ...] = ()


class RowModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if role == ROW:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (entry.title, entry.detail, entry.mark)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.detail or None
        return None


class RowFilter(QSortFilterProxyModel):
    """Keeps rows that hold every word searched for, in title, detail or mark."""

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self.sort(0)

    def search(self, text: str) -> None:
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        entry: Row = self.sourceModel().index(row, 0, parent).data(ROW)
        text = f"{entry.title} {entry.detail} {entry.mark}".casefold()
        return all(word in text for word in self._words)

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(ROW), right.data(ROW)
        return (one.sort, one.title.casefold()) < (other.sort, other.title.casefold())


class RowDelegate(QStyledItemDelegate):
    """Draws a row: icon, title over detail, mark at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry: Row = index.data(ROW)
        return QSize(theme.px(220), theme.px(62 if entry.detail else 46))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Row = index.data(ROW)
        colours = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        area = option.rect.adjusted(theme.px(14), theme.px(8), -theme.px(14), -theme.px(8))
        if entry.icon:
            size = theme.px(22)
            top = area.center().y() - size // 2
            ratio = option.widget.devicePixelRatioF()
            painter.drawPixmap(area.left(), top, pixmap(entry.icon, entry.token, size, ratio))
            area.setLeft(area.left() + size + theme.px(12))
        area = self._paint_mark(painter, entry, area)
        title, detail = QRect(area), QRect(area)
        if entry.detail:
            title.setHeight(area.height() // 2)
            detail.setTop(area.top() + area.height() // 2)
        self._paint_text(painter, title, entry.title, "strong", colours.ink)
        if entry.detail:
            self._paint_text(painter, detail, entry.detail, "small", colours.dim)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colours = theme.tokens()
        area = option.rect.adjusted(theme.px(4), theme.px(2), -theme.px(4), -theme.px(2))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if chosen else colours.paper))
            painter.drawRoundedRect(area, theme.px(8), theme.px(8))
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))

    def _paint_mark(self, painter: QPainter, entry: Row, area: QRect) -> QRect:
        if not entry.mark:
            return area
        width = min(
            QFontMetrics(theme.font("small")).horizontalAdvance(entry.mark), area.width() // 2
        )
        place = QRect(area.right() - width, area.top(), width + 1, area.height())
        colour = getattr(theme.tokens(), entry.token)
        self._paint_text(painter, place, entry.mark, "small", colour)
        return area.adjusted(0, 0, -width - theme.px(12), 0)

    @staticmethod
    def _paint_text(painter: QPainter, area: QRect, text: str, role: str, colour: str) -> None:
        font = theme.font(role)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class RowList(QListView):
    """A searchable, sorted list of rows, fluid with tens of thousands of them."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.source = RowModel()
        self.filter = RowFilter()
        self.filter.setSourceModel(self.source)
        self.setModel(self.filter)
        self.setItemDelegate(RowDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Replace all rows, keeping the chosen one chosen where it still exists."""
        before = self.current_key()
        self.source.show_rows(rows)
        self.choose(before)

    def current_key(self) -> str:
        index = self.currentIndex()
        return index.data(ROW).key if index.isValid() else ""

    def choose(self, key: str) -> None:
        for number in range(self.filter.rowCount()):
            index = self.filter.index(number, 0)
            if index.data(ROW).key == key:
                self.setCurrentIndex(index)
                return

    def choose_first(self) -> None:
        if self.filter.rowCount():
            self.setCurrentIndex(self.filter.index(0, 0))

    def search(self, text: str) -> None:
        self.filter.search(text)

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.data(ROW).key)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
