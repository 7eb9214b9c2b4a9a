"""What can be proven about a window without eyes: names, order, and that nothing is cut off."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QScrollArea,
    QWidget,
)

from guardian.core.words import Fact, Words


class DoubledWords(Words):
    """Every sentence said twice, as another language might need twice the room."""

    def say(self, code: str, **facts: Fact) -> str:
        text = super().say(code, **facts)
        short = code.startswith(("date", "month.", "span.", "size."))
        return text if short else f"{text} {text}"


class DoublingTranslator(QTranslator):
    """The same for the words of the window itself."""

    def translate(
        self, _context: str, source: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str:
        return f"{source} {source}"

    def isEmpty(self) -> bool:
        return False


def focusable(window: QWidget) -> list[QWidget]:
    """What Tab reaches, in Tab's own order, beginning at the window."""
    found, widget = [], window.nextInFocusChain()
    while widget is not window:
        tabs = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tabs and widget.isVisibleTo(window) and widget.isEnabled() and not widget.focusProxy():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def describe(widget: QWidget) -> str:
    text = getattr(widget, "text", str)()
    return f"{type(widget).__name__} “{str(text)[:40]}” {widget.objectName()}".strip()


def nameless(window: QWidget) -> list[str]:
    """Focusable widgets a screen reader could not name."""
    problems = []
    for widget in focusable(window):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface or not interface.text(QAccessible.Text.Name).strip():
            problems.append(f"no accessible name: {describe(widget)}")
    return problems


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def out_of_order(window: QWidget) -> list[str]:
    """Steps of Tab that go up within a column, or left within a line."""
    problems = []
    for one, other in itertools.pairwise(focusable(window)):
        a, b = places(one, other, window)
        same_column = a.left() < b.right() and b.left() < a.right()
        same_line = a.top() < b.bottom() and b.top() < a.bottom()
        goes_up = same_column and b.bottom() <= a.top()
        goes_left = same_line and b.right() <= a.left()
        if goes_up or goes_left:
            problems.append(f"Tab jumps back from {describe(one)} to {describe(other)}")
    return problems


def places(one: QWidget, other: QWidget, window: QWidget) -> tuple[QRect, QRect]:
    """Where two widgets are, as the eye compares them: what is scrolled out of sight is, for one
    outside its scrolling column, where that column is."""
    if scroll_area_of(one) is scroll_area_of(other):
        return place(one, window), place(other, window)
    return place_in_sight(one, window), place_in_sight(other, window)


def place_in_sight(widget: QWidget, window: QWidget) -> QRect:
    own, area = place(widget, window), scroll_area_of(widget)
    if area is None:
        return own
    column = place(area.viewport(), window)
    return own if own.intersects(column) else column


def unreachable(window: QWidget) -> list[str]:
    """Buttons that only a mouse can press."""
    return [
        f"not reachable by keyboard: {describe(button)}"
        for button in window.findChildren(QAbstractButton)
        if button.isVisibleTo(window)
        and button.isEnabled()
        and button.focusPolicy() == Qt.FocusPolicy.NoFocus
        and not isinstance(button.parentWidget(), QAbstractScrollArea)
        and type(button).__name__ != "QLineEditIconButton"
        and not button.inherits("QToolButton")
    ]


def clipped(window: QWidget) -> list[str]:
    """Labels and buttons that get less room than their words need."""
    problems = []
    for widget in (*window.findChildren(QLabel), *window.findChildren(QAbstractButton)):
        if not widget.isVisibleTo(window) or not str(widget.text()).strip():
            continue
        needed = widget.sizeHint()
        if isinstance(widget, QLabel) and widget.wordWrap():
            height = widget.heightForWidth(widget.width())
            width = 0
        else:
            height, width = needed.height(), needed.width()
        if widget.height() < height - 1 or widget.width() < width - 1:
            problems.append(
                f"cut off: {describe(widget)} has {widget.width()}x{widget.height()},"
                f" needs {width}x{height}"
            )
    return [*problems, *pushed_out(window)]


def pushed_out(window: QWidget) -> Iterator[str]:
    """Widgets that stick out of the window, or out of a page sideways."""
    for widget in (*window.findChildren(QLabel), *window.findChildren(QAbstractButton)):
        if not widget.isVisibleTo(window) or not str(widget.text()).strip():
            continue
        area = scroll_area_of(widget)
        if area is None:
            if not window.rect().adjusted(-1, -1, 1, 1).contains(place(widget, window)):
                yield f"outside the window: {describe(widget)}"
        else:
            inside = place(widget, area.widget())
            if (
                inside.right() > area.viewport().width() + 1
                and not area.horizontalScrollBar().maximum()
            ):
                yield f"sticks out sideways: {describe(widget)}"


def wider_than_room(window: QWidget) -> list[str]:
    """Scrolling columns, and the window itself, whose content is cut off at the right."""
    problems = []
    for area in window.findChildren(QScrollArea):
        hidden = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if area.isVisibleTo(window) and hidden and area.widget() is not None:
            needs, has = area.widget().width(), area.viewport().width()
            if needs > has:
                problems.append(f"a column needs {needs} pixels and has {has}")
    least = window.minimumSizeHint().width()
    if least > window.width():
        problems.append(f"the window needs {least} pixels and has {window.width()}")
    return problems


def scroll_area_of(widget: QWidget) -> QScrollArea | None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return parent
        parent = parent.parentWidget()
    return None


def install_doubling(app: QApplication) -> DoublingTranslator:
    translator = DoublingTranslator(app)
    app.installTranslator(translator)
    return translator
