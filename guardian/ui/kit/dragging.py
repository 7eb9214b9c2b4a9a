"""Dragging within a window and out of it, and files dropped from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QCursor, QDrag, QDropEvent, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from guardian.ui import theme
from guardian.ui.kit.icon import pixmap

# says only that something of this window is dragged: what it is stays in the window's memory, so
# that no other program can ask for a name or a text while it passes over it
INSIDE = "application/x-guardian-inside"


def dropped_files(data: QMimeData) -> list[Path]:
    """The files of this computer among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class Dragged(QObject):
    """Items on their way. ``left`` carries them when they were let go outside of the window."""

    left = Signal(object)

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.caption: Callable[[int], str] = str
        self.items: list[Any] = []  # what is on its way now

    def start(self, items: Sequence[Any]) -> None:
        """Drag ``items`` until they are let go. The drag carries no name and no content."""
        if not items:
            return
        data = QMimeData()
        data.setData(INSIDE, b"")
        drag = QDrag(self._view)
        drag.setMimeData(data)
        drag.setPixmap(label(self.caption(len(items))))
        self.items = list(items)
        try:
            done = drag.exec(Qt.DropAction.MoveAction)
        finally:
            self.items = []
        self.finish(done, items, outside=outside(self._view))

    def finish(self, done: Qt.DropAction, items: Sequence[Any], *, outside: bool) -> None:
        if done is Qt.DropAction.IgnoreAction and outside:
            self.left.emit(list(items))


def outside(view: QAbstractItemView) -> bool:
    """Whether the mouse is over something that is not our window."""
    return not view.window().frameGeometry().contains(QCursor.pos())


def label(text: str) -> QPixmap:
    """What follows the mouse: a small card that says what will happen."""
    colours, font = theme.tokens(), theme.font("small")
    size, edge = theme.px(18), theme.px(10)
    width = QFontMetrics(font).horizontalAdvance(text) + size + 3 * edge
    made = QPixmap(width, theme.px(36))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(colours.accent)
    painter.setBrush(theme.palette(colours).base())
    area = made.rect().adjusted(1, 1, -1, -1)
    painter.drawRoundedRect(area, theme.px(8), theme.px(8))
    painter.drawPixmap(edge, (made.height() - size) // 2, pixmap("file", "accent", size))
    painter.setFont(font)
    painter.setPen(colours.ink)
    words = area.adjusted(size + 2 * edge - 1, 0, -edge, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return made


class Dropping(QObject):
    """What may be dropped on a view, and where. ``takes`` says whether an index is a folder.

    ``came`` carries files from outside and the index they were dropped on (invalid: beside all
    rows), ``moved`` the index that what is dragged inside was dropped on.
    """

    came = Signal(object, object)
    moved = Signal(object)

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.target = QModelIndex()
        self.takes: Callable[[QModelIndex], bool] = lambda _index: False
        self.open = False  # whether anything may be dropped at all

    def move(self, event: QDropEvent) -> None:
        """Accept or refuse what hangs over the view now."""
        index = self._view.indexAt(event.position().toPoint())
        target = index if index.isValid() and self.takes(index) else QModelIndex()
        inside = event.mimeData().hasFormat(INSIDE)
        welcome = target.isValid() if inside else bool(dropped_files(event.mimeData()))
        if not (self.open and welcome):
            self._show(QModelIndex())
            event.ignore()
            return
        self._show(target)
        event.setDropAction(Qt.DropAction.MoveAction if inside else Qt.DropAction.CopyAction)
        event.accept()
        if isinstance(self._view, QTreeView) and target.isValid():
            self._view.expand(target)

    def leave(self) -> None:
        self._show(QModelIndex())

    def drop(self, event: QDropEvent) -> None:
        self.move(event)
        target = self.target
        self.leave()
        if not event.isAccepted():
            return
        if event.mimeData().hasFormat(INSIDE):
            self.moved.emit(target)
        else:
            self.came.emit(dropped_files(event.mimeData()), target)

    def _show(self, target: QModelIndex) -> None:
        if target != self.target:
            self.target = target
            self._view.viewport().update()
