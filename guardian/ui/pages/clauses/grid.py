"""Two to six documents side by side: a row for each kind of clause, a column for each document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from guardian.clauses.model import Clause, Direction, SideBySide
from guardian.clauses.telling import name_kind, shareable, shorten
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import pixmap
from guardian.ui.kit.layout import Card, clear, column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.rows import ROW, Index
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.card import Quote

ROW_HEIGHT, HEAD_HEIGHT, LEAST_COLUMN, NAMES, ICON, GAP = 48, 56, 150, 220, 18, 10
LEAST_HEIGHT, DETAIL_HEIGHT = 220, 170
QUOTE_MOST = 700
SHOWN_SLOTS = ("period", "deadline", "amount")

# a line may break after a space, and in a name also after a hyphen
WORD = re.compile(r"[^\s_-]*[\s_-]*")

Cell = tuple[Clause, ...]


class GridModel(QAbstractTableModel):
    """``rows`` are the kinds listed now, each with its clauses by document."""

    def __init__(self, words: Words, told: Words, side: SideBySide) -> None:
        super().__init__()
        self._words, self._told, self._side = words, told, side
        self.titles = [shareable(title) for title in side.titles]
        self.rows: list[tuple[str, tuple[Cell, ...]]] = []
        self.show_rows(only_differences=False)

    def show_rows(self, *, only_differences: bool) -> None:
        self.beginResetModel()
        self.rows = [
            (name, cells)
            for name, cells in self._side.rows.items()
            if not only_differences or differs(cells)
        ]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        name, cells = self.rows[index.row()]
        cell = cells[index.column()]
        if role == ROW:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.say(cell)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            kind = name_kind(self._told, name)
            return f"{kind}, {self.titles[index.column()]}: {self.say(cell)}"
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation is Qt.Orientation.Horizontal:
            return self.titles[section]
        return name_kind(self._told, self.rows[section][0])

    def say(self, cell: Cell) -> str:
        """What stands in a field: what it means for the reader, and a value where there is one."""
        if not cell:
            return self._words.say("clauses.grid.none")
        first = cell[0]
        good = first.direction is Direction.GOOD
        code = "clauses.page.good-for-you" if good else f"level.{first.level.value}"
        value = value_of(cell)
        said = self._words.say(code)
        return f"{said} · {value}" if value else said


class GridHead(QHeaderView):
    """Names in their own type, wrapped into two lines."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        if self.orientation() is Qt.Orientation.Horizontal:
            return QSize(theme.px(LEAST_COLUMN), theme.px(HEAD_HEIGHT))
        return QSize(theme.px(NAMES), theme.px(ROW_HEIGHT))

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        colours = theme.tokens()
        painter.save()
        painter.fillRect(area, QColor(colours.card))
        painter.setPen(QColor(colours.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        font = theme.font("strong" if self.orientation() is Qt.Orientation.Horizontal else "small")
        painter.setFont(font)
        painter.setPen(QColor(colours.ink))
        text = str(self.model().headerData(section, self.orientation()))
        inner = area.adjusted(theme.px(GAP), 0, -theme.px(GAP), 0)
        lines = wrapped(text, QFontMetrics(font), inner.width(), 2)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, "\n".join(lines))
        painter.restore()


class GridDelegate(QStyledItemDelegate):
    """Draws a field: the icon of its level, and words that say the same."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, cell = theme.tokens(), index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, QColor(colours.accent_soft if chosen else colours.card))
        painter.setPen(QColor(colours.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.accent), theme.ring()))
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), theme.px(6), theme.px(6))
        inner = area.adjusted(theme.px(GAP), 0, -theme.px(GAP), 0)
        token = cell[0].level.value if cell else "dim"
        if cell:
            size = theme.px(ICON)
            top = inner.center().y() - size // 2
            ratio = option.widget.devicePixelRatioF()
            painter.drawPixmap(inner.left(), top, pixmap(token, token, size, ratio))
            inner.setLeft(inner.left() + size + theme.px(6))
        font = theme.font("small")
        painter.setFont(font)
        painter.setPen(QColor(getattr(colours, token)))
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        lines = wrapped(text, QFontMetrics(font), inner.width(), 2)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, "\n".join(lines))
        painter.restore()


class GridView(QTableView):
    """The table. ``asked`` carries row and column of the field now chosen."""

    asked = Signal(int, int)

    def __init__(self, name: str, model: GridModel) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setHorizontalHeader(GridHead(Qt.Orientation.Horizontal))
        self.setVerticalHeader(GridHead(Qt.Orientation.Vertical))
        self.setModel(model)
        self.setItemDelegate(GridDelegate(self))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.selectionModel().currentChanged.connect(self._tell)
        self.arrange()

    def arrange(self) -> None:
        """All columns alike, as wide as there is room for; below a least width they scroll."""
        heads, names = self.horizontalHeader(), self.verticalHeader()
        most_names = max(self.width() // 3, theme.px(110))
        names.setFixedWidth(min(theme.px(NAMES), most_names))
        heads.setFixedHeight(theme.px(HEAD_HEIGHT))
        names.setDefaultSectionSize(theme.px(ROW_HEIGHT))
        count = max(self.model().columnCount(), 1)
        room = self.width() - names.width() - theme.px(16)
        heads.setDefaultSectionSize(max(room // count, theme.px(LEAST_COLUMN)))

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.asked.emit(now.row(), now.column())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES and self.model() is not None:
            self.arrange()
        super().changeEvent(event)


class GridPanel(QWidget):
    """``save_asked`` carries the SideBySide."""

    save_asked = Signal(object)

    def __init__(self, words: Words, side: SideBySide, *, told: Words | None = None) -> None:
        super().__init__()
        self._words, self._told = words, told or words
        self.side = side
        self.headline = self._headline()
        self.model = GridModel(words, self._told, side)
        self.view = GridView(self.tr("Kinds of clause by document"), self.model)
        self.view.asked.connect(self.show_field)
        self.only = QCheckBox(self.tr("Show only what differs"))
        self.only.toggled.connect(self._sift)
        self.save = Button(
            words.say("clauses.report.save"), "plain", "save", lambda: self.save_asked.emit(side)
        )
        self._none = Text(words.say("clauses.grid.same"), "dim")
        self._none.hide()
        self._inside = column(gap=8)
        self.detail = scrolling(Card(self._inside, None, margin=16))
        self._dress()
        box = column(plain(Flow(self.only, self.save, gap=16)), self._none)
        box.addWidget(self.view, 1)
        box.addWidget(self.detail)
        self.area = scrolling(plain(box))
        self.setLayout(column(self.area))
        self._ask_to_choose()

    def _headline(self) -> str:
        say, rows = self._words.say, self.side.rows
        if not rows:
            return say("clauses.grid.empty")
        several = say("clauses.grid.headline", count=len(rows), documents=len(self.side.titles))
        differ = sum(differs(cells) for cells in rows.values())
        return f"{several} {say('clauses.grid.differ', count=differ)}" if differ else several

    def _dress(self) -> None:
        self.only.setMinimumHeight(self.save.sizeHint().height())  # in line with the button
        self.view.setMinimumHeight(theme.px(LEAST_HEIGHT))
        self.detail.setFixedHeight(theme.px(DETAIL_HEIGHT))

    def _sift(self, only: bool) -> None:
        self.model.show_rows(only_differences=only)
        self._none.setVisible(not self.model.rows and bool(self.side.rows))
        self._ask_to_choose()

    def _ask_to_choose(self) -> None:
        clear(self._inside)
        self._inside.addWidget(Text(self._words.say("clauses.grid.choose"), "dim"))

    def show_field(self, line: int, place: int) -> None:
        """The words behind one field of the table."""
        words = self._words
        name, cells = self.model.rows[line]
        cell, title = cells[place], self.model.titles[place]
        clear(self._inside)
        plain_words = Text(self._told.say(f"clauses.kind.{name}"), "strong")
        if not cell:
            told = Text(words.say("clauses.grid.not-found", name=title), "dim")
            for item in (plain_words, told):
                self._inside.addWidget(item)
            return
        first = cell[0]
        good = first.direction is Direction.GOOD
        text = words.say("clauses.page.good-for-you") if good else ""
        self._inside.addLayout(row(Badge(words, first.level, text), Text(title, "small")))
        self._inside.addWidget(plain_words)
        self._inside.addWidget(Quote(shorten(first.quote, QUOTE_MOST)))
        if len(cell) > 1:
            more = words.say("clauses.grid.more", count=len(cell))
            self._inside.addWidget(Text(more, "small"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self._dress()
        super().changeEvent(event)


def differs(cells: Sequence[Cell]) -> bool:
    """Whether the documents differ: some have such a clause and some not, or it names values."""
    present = {bool(cell) for cell in cells}
    return len(present) > 1 or len({value_of(cell) for cell in cells}) > 1


def value_of(cell: Cell) -> str:
    """The first period or amount that such a clause names, empty where there is none."""
    for clause in cell:
        for slot in SHOWN_SLOTS:
            if clause.slots.get(slot):
                return " ".join(clause.slots[slot].split())
    return ""


def wrapped(text: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """At most ``most`` lines that fit into ``width`` pixels; the last may end in dots."""
    lines, line = [], ""
    for word in WORD.findall(text):
        if (
            line
            and metrics.horizontalAdvance(line + word.rstrip()) > width
            and len(lines) < most - 1
        ):
            lines.append(line.rstrip())
            line = ""
        line += word
    lines.append(line.rstrip())
    return [metrics.elidedText(one, Qt.TextElideMode.ElideRight, width) for one in lines]
