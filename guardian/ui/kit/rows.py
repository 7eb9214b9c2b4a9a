"""Long lists: a model of plain rows that sorts and searches, and a delegate that draws them."""

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
    """Rows in the order of ``sort`` and title, of which those are listed that fit the search."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Row] = []
        self._texts: list[str] = []
        self._words: list[str] = []
        self._rows: list[Row] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        self._all = sorted(rows, key=lambda row: (row.sort, row.title.casefold()))
        self._texts = [f"{row.title} {row.detail} {row.mark}".casefold() for row in self._all]
        self._sift()

    def search(self, text: str) -> None:
        """List the rows that hold every word of ``text``, in title, detail or mark."""
        self._words = text.casefold().split()
        self._sift()

    def _sift(self) -> None:
        self.beginResetModel()
        self._rows = [
            row
            for row, text in zip(self._all, self._texts, strict=True)
            if all(word in text for word in self._words)
        ]
        self.endResetModel()

    def keys(self) -> list[str]:
        """The keys of the rows listed now, in their order."""
        return [row.key for row in self._rows]

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
            painter.setPen(QPen(QColor(colours.accent), theme.ring()))
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
        self.listed = RowModel()
        self.setModel(self.listed)
        self.setItemDelegate(RowDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Replace all rows, keeping the chosen one chosen where it still exists."""
        before = self.current_key()
        self.listed.show_rows(rows)
        self.choose(before)

    def search(self, text: str) -> None:
        """List only rows that hold every word of ``text``."""
        before = self.current_key()
        self.listed.search(text)
        self.choose(before)

    def current_key(self) -> str:
        index = self.currentIndex()
        return index.data(ROW).key if index.isValid() else ""

    def choose(self, key: str) -> None:
        """Make the row of ``key`` the current one; nothing happens where it is not listed."""
        keys = self.listed.keys() if key else []
        if key in keys:
            self.setCurrentIndex(self.listed.index(keys.index(key), 0))

    def choose_first(self) -> None:
        if self.listed.rowCount():
            self.setCurrentIndex(self.listed.index(0, 0))

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.data(ROW).key)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)
