"""What a table shows: columns, items in the order of one of them, and how a row is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from guardian.ui import theme
from guardian.ui.kit.icon import pixmap
from guardian.ui.kit.rows import ROW, Index, RowDelegate

HEIGHT = 56  # of a row, at 100 %
EDGE = 14
ICON = 22
GAP = 12


@dataclass(frozen=True)
class Cell:
    """What stands in one column of one row: words, with a colour and an icon that say the same."""

    text: str
    icon: str = ""
    token: str = "dim"


@dataclass(frozen=True)
class Column:
    """``cell`` shows an item, ``order`` sorts it (None comes last). ``width`` and ``least``, the
    table's width from which on the column is drawn, are pixels at 100 %."""

    key: str
    title: str
    cell: Callable[[Any], Cell]
    order: Callable[[Any], Any]
    width: int = 0
    least: int = 0


@dataclass(frozen=True)
class Plan:
    """How a table shows its items. The first column is the name and takes the room that is left.

    ``key`` names an item, ``group`` keeps kinds together whatever the order, ``more`` stands
    below the name, after what the columns without room had to say.
    """

    columns: tuple[Column, ...]
    key: Callable[[Any], str]
    group: Callable[[Any], int]
    more: Callable[[Any], Sequence[Cell]]


class TableModel(QAbstractListModel):
    """Items in the order of one column; groups stay together."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan
        self._groups: list[list[Any]] = []  # each by name
        self._items: list[Any] = []
        self._rows: dict[str, int] | None = None  # by key, once somebody asks
        self.sorted_by = plan.columns[0]
        self.descending = False

    def show_items(self, items: Iterable[Any]) -> None:
        groups: dict[int, list[Any]] = {}
        for item in items:
            groups.setdefault(self._plan.group(item), []).append(item)
        by_name = self._plan.columns[0].order
        self._groups = [sorted(groups[number], key=by_name) for number in sorted(groups)]
        self._arrange()

    def sort_by(self, chosen: Column, *, descending: bool) -> None:
        self.sorted_by, self.descending = chosen, descending
        self._arrange()

    def show_arranged(
        self,
        items: list[Any],
        by: Column,
        *,
        descending: bool,
        rows: dict[str, int] | None = None,
    ) -> None:
        """Items that were put into the order of ``by`` elsewhere; there may be very many.

        ``rows`` tells where each stands, by key; left out, that is found when it is needed.
        """
        self.beginResetModel()
        self.sorted_by, self.descending = by, descending
        self._groups, self._items, self._rows = [items], items, rows
        self.endResetModel()

    def _arrange(self) -> None:
        self.beginResetModel()
        self._items = [item for group in self._groups for item in self._arranged(group)]
        self._rows = None
        self.endResetModel()

    def _arranged(self, group: list[Any]) -> list[Any]:
        """One group in the order that is wanted; what has nothing to be sorted by comes last."""
        if self.sorted_by is self._plan.columns[0]:
            return group[::-1] if self.descending else group
        keys = list(map(self.sorted_by.order, group))
        known = [number for number, key in enumerate(keys) if key is not None]
        known.sort(key=keys.__getitem__, reverse=self.descending)
        unknown = [item for item, key in zip(group, keys, strict=True) if key is None]
        return [group[number] for number in known] + unknown

    def items(self) -> list[Any]:
        """What is listed, in its order."""
        return self._items

    def rows_of(self, keys: Iterable[str]) -> list[int]:
        if self._rows is None:
            self._rows = {self._plan.key(item): row for row, item in enumerate(self._items)}
        return sorted(self._rows[key] for key in keys if key in self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == ROW:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._plan.columns[0].cell(item).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cells = [column.cell(item) for column in self._plan.columns]
            return ", ".join(cell.text for cell in (*cells, *self._plan.more(item)) if cell.text)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled


class TableDelegate(RowDelegate):
    """Draws a row: icon and name, what belongs below it, and the columns there is room for."""

    def __init__(
        self,
        view: QWidget,
        plan: Plan,
        widths: Callable[[], Sequence[tuple[Column, int]]],
        target: Callable[[], QModelIndex],
    ) -> None:
        """``widths`` answers which columns are drawn after the name, ``target`` the row that would
        take what hangs over it."""
        super().__init__(view)
        self._view, self._plan, self._widths, self._target = view, plan, widths, target

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(160), theme.px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        if self._target() == index:
            self.paint_target(painter, option.rect)
        area = option.rect.adjusted(theme.px(EDGE), theme.px(8), -theme.px(EDGE), -theme.px(8))
        for shown, width in reversed(self._widths()):
            place = QRect(area.right() - width + 1, area.top(), width, area.height())
            self._paint_cells(painter, place, [shown.cell(item)])
            area.setRight(place.left() - theme.px(GAP))
        self._paint_name(painter, area, self._plan.columns[0].cell(item), self._below(item))
        painter.restore()

    def _below(self, item: Any) -> list[Cell]:
        """What stands below the name; what wants to be noticed comes first."""
        plan, drawn = self._plan, {shown.key for shown, _ in self._widths()}
        hidden = [one.cell(item) for one in plan.columns[1:] if one.key not in drawn]
        cells = [cell for cell in (*hidden, *plan.more(item)) if cell.text]
        return sorted(cells, key=lambda cell: not cell.icon)

    def _paint_name(self, painter: QPainter, area: QRect, name: Cell, below: list[Cell]) -> None:
        size = theme.px(ICON)
        ratio = self._view.devicePixelRatioF()
        top = area.center().y() - size // 2
        painter.drawPixmap(area.left(), top, pixmap(name.icon, name.token, size, ratio))
        area = area.adjusted(size + theme.px(GAP), 0, 0, 0)
        title, rest = QRect(area), QRect(area)
        if below:
            title.setHeight(area.height() // 2)
            rest.setTop(area.top() + area.height() // 2)
            self._paint_cells(painter, rest, below)
        self._paint_text(painter, title, name.text, "strong", theme.tokens().ink)

    def _paint_cells(self, painter: QPainter, area: QRect, cells: Sequence[Cell]) -> None:
        """One after the other, as far as they fit."""
        metrics, size = QFontMetrics(theme.font("small")), theme.px(16)
        place = QRect(area)
        for number, cell in enumerate(cells):
            if number and place.width() < theme.px(40):
                return  # too little for words
            if number:
                self._paint_text(painter, place, "·", "small", theme.tokens().dim)
                place.setLeft(place.left() + theme.px(10))
            if cell.icon and place.width() > size:
                ratio = self._view.devicePixelRatioF()
                top = place.center().y() - size // 2
                painter.drawPixmap(place.left(), top, pixmap(cell.icon, cell.token, size, ratio))
                place.setLeft(place.left() + size + theme.px(5))
            colour = getattr(theme.tokens(), cell.token)
            self._paint_text(painter, place, cell.text, "small", colour)
            place.setLeft(place.left() + metrics.horizontalAdvance(cell.text) + theme.px(6))

    @staticmethod
    def paint_target(painter: QPainter, area: QRect) -> None:
        """The frame around what would take what is being dragged."""
        painter.setPen(QPen(theme.tokens().accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = area.adjusted(theme.px(4) + 1, theme.px(2) + 1, -theme.px(4) - 1, -theme.px(2) - 1)
        painter.drawRoundedRect(inner, theme.px(8), theme.px(8))
