"""The window: a rail and a stack of pages, and what may lie over both for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.icon import icon
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.page import Page
from guardian.ui.kit.rail import Rail
from guardian.ui.kit.text import Text
from guardian.ui.parting import do_all

SMALLEST = QSize(760, 560)
CORNER = QSize(32, 28)  # pixels, whatever the text size: it stands in the margin of the page
CORNER_ICON = QSize(20, 20)


@dataclass(frozen=True)
class Tab:
    """A place in the rail and how to build its page, which happens when it is first shown."""

    key: str
    icon: str
    build: Callable[[], Page]
    last: bool = False


class Corner(Button):
    """A tool that stays small with large letters: it has no more room beside the page."""

    def dress(self) -> None:
        large = theme.px(100) > 100
        self.change_role("corner" if large else "tool")
        super().dress()
        if large:
            self.setIconSize(CORNER_ICON)
            self.setFixedSize(CORNER)


class Window(QWidget):
    """``asked_help`` carries the key of the page shown; ``closing`` comes before the end.

    ``asked_exit``: the corner button, for whoever has to be gone at once.
    """

    asked_help = Signal(str)
    page_shown = Signal(str)
    asked_exit = Signal()
    closing = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._tabs: dict[str, Tab] = {}
        self._pages: dict[str, Page] = {}
        self._visited: list[str] = []
        self._back: Callable[[], object] | None = None
        # the first that Tab reaches, since it stands above everything else
        self.corner = Corner("", "tool", "leave", clicked=self.asked_exit.emit)
        self.corner.setParent(self)
        self._cornered = True  # whether it is seen where nothing lies over the window
        self.corner.setFixedSize(CORNER)
        self.corner.setAccessibleName(self.tr("Quick exit"))
        self.corner.setToolTip(self.tr("Quick exit (Esc Esc)"))
        self.rail = Rail(self.tr("Pages"))
        self.stack = QStackedWidget()
        self.stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.rail.chosen.connect(self.show_page)
        self._banner = QFrame()
        self._banner_text = Text(role="strong")
        self._build()
        self.setMinimumSize(SMALLEST)
        self.show_name("Guardian", "guardian", "accent")
        self._add_keys()

    def _build(self) -> None:
        self._banner.setProperty("role", "banner")
        self._banner_text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        around = row(self._banner_text)
        around.setContentsMargins(CORNER.width() + 8, 5, CORNER.width() + 8, 5)
        self._banner.setLayout(around)
        self._banner.hide()
        both = row(self.rail, gap=0)
        both.addWidget(self.stack, 1)
        inside = column(self._banner, gap=0)
        inside.addLayout(both, 1)
        self._inside = QWidget()
        self._inside.setLayout(inside)
        self._front = QStackedWidget()
        self._front.addWidget(self._inside)
        self.setLayout(column(self._front))
        self.corner.raise_()

    def show_name(self, title: str, icon_name: str, token: str) -> None:
        """What the title bar and the task bar say and show."""
        self.setWindowTitle(title)
        self.setWindowIcon(icon(icon_name, token))

    def show_banner(self, text: str) -> None:
        """A word above all pages, for as long as the window is open."""
        self._banner_text.setText(text)
        self._banner.setVisible(bool(text))

    def add_to_banner(self, widget: QWidget) -> None:
        """Put something beside the word above all pages."""
        self._banner_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._banner.layout().addWidget(widget)

    def stack_banner(self, below: bool) -> None:
        """In little room, what is beside the word above all pages stands below it."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        around = self._banner.layout()
        around.setDirection(down if below else across)
        for number in range(1, around.count()):
            around.itemAt(number).setAlignment(Qt.AlignmentFlag.AlignCenter)

    def cover(self, widget: QWidget) -> None:
        """Show ``widget`` instead of all that is in the window, which stays as it is below."""
        self.uncover()
        self._front.addWidget(widget)
        self._front.setCurrentWidget(widget)
        self._cornered = not self.corner.isHidden()
        self.corner.hide()
        widget.setFocus()

    def uncover(self) -> None:
        over = self._front.currentWidget()
        if over is not self._inside:
            self._front.setCurrentWidget(self._inside)
            self._front.removeWidget(over)
            over.hide()
            over.deleteLater()
            self.corner.setVisible(self._cornered)

    @property
    def covered(self) -> QWidget | None:
        """What lies over everything, if anything does."""
        over = self._front.currentWidget()
        return over if over is not self._inside else None

    def _add_keys(self) -> None:
        for number in range(1, 10):
            self._key(f"Ctrl+{number}", lambda number=number: self._show_number(number))
        self._key(QKeySequence.StandardKey.Find, self._search)
        self._key("F1", lambda: self._visited and self.asked_help.emit(self._visited[-1]))
        self._key("Esc", self.go_back)
        quit_keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self)
        quit_keys.activated.connect(self.close)

    def _key(self, keys: str | QKeySequence.StandardKey, act: Callable[[], object]) -> None:
        """Let ``keys`` do something, but not below what covers the window."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(lambda: self.covered is None and act())

    def show_alone(self, widget: QWidget, back: Callable[[], object] | None = None) -> None:
        """Fill the window with ``widget``: opening, unlocking, the welcome; Esc goes ``back``."""
        self._back = back
        self.rail.hide()
        self._show(widget)
        widget.setFocus()

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """The pages, in the order of the rail. Pages built before are dropped."""
        self.drop_pages()
        if [tab.key for tab in tabs] != self.rail.keys:
            self.rail.clear()
            for number, tab in enumerate(tabs, 1):
                title = self._words.say(f"page.{tab.key}")
                self.rail.add(tab.key, title, tab.icon, f"Ctrl+{number}", last=tab.last)
        self._tabs = {tab.key: tab for tab in tabs}

    def finish(self) -> None:
        """Somebody leaves and is not pressed for time."""
        do_all(self, *(page.finish for page in self._pages.values()))

    def empty(self) -> None:
        """Nobody is here: show nothing at all, also not what there was before the pages."""
        self.rail.set_foot(None)
        self.show_alone(QWidget())

    def drop_pages(self, after: int = 0) -> None:
        """Let go of all pages built so far, and of the dialogs they opened; they are deleted
        when the event in hand is done, or ``after`` so many milliseconds."""
        gone: list[QWidget] = [*self._pages.values()]
        for page in self._pages.values():
            do_all(self, page.leave, page.hide, partial(self.stack.removeWidget, page))
        gone += self.findChildren(QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if after:
            QTimer.singleShot(after, self, lambda: delete(gone))
        else:
            delete(gone)
        self._pages.clear()
        self._visited.clear()
        self._tabs = {}

    def show_page(self, key: str) -> None:
        """Show a page, building it on the first visit. An unknown key shows the first page."""
        key = key if key in self._tabs else next(iter(self._tabs))
        self.rail.show()
        self.rail.choose(key)
        page = self.page(key)
        if self.stack.currentWidget() is page and self._visited[-1:] == [key]:
            return
        self._visited = [*(old for old in self._visited if old != key), key]
        self._show(page)
        page.refresh()
        self.page_shown.emit(key)

    def page(self, key: str) -> Page:
        if key not in self._pages:
            self._pages[key] = self._tabs[key].build()
            self.stack.addWidget(self._pages[key])
        return self._pages[key]

    def _show(self, widget: QWidget) -> None:
        if self.stack.indexOf(widget) < 0:
            self.stack.addWidget(widget)
        before = self.stack.currentWidget()
        self.stack.setCurrentWidget(widget)
        if before is not None and before is not widget and not isinstance(before, Page):
            self.stack.removeWidget(before)
            before.deleteLater()

    def _show_number(self, number: int) -> None:
        if self.rail.isVisible() and number <= len(self._tabs):
            self.show_page(list(self._tabs)[number - 1])
            self.rail.take_focus()

    def _search(self) -> None:
        page = self.stack.currentWidget()
        field = page.search_field() if isinstance(page, Page) else None
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def go_back(self) -> None:
        """Esc: first what is open on the page, then the page seen before."""
        page = self.stack.currentWidget()
        if not isinstance(page, Page):
            if self._back is not None:
                self._back()
            return
        if page.go_back() or len(self._visited) < 2:
            return
        self._visited.pop()
        self.show_page(self._visited[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.corner.move(self.width() - CORNER.width() - 2, 2)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)


def delete(widgets: Sequence[QWidget]) -> None:
    for widget in filter(isValid, widgets):
        widget.deleteLater()
