"""The window: a rail and a stack of pages, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from guardian.core.words import Words
from guardian.ui.kit.icon import icon
from guardian.ui.kit.page import Page
from guardian.ui.kit.rail import Rail

SMALLEST = QSize(760, 560)


@dataclass(frozen=True)
class Tab:
    """A place in the rail and how to build its page, which happens when it is first shown."""

    key: str
    icon: str
    build: Callable[[], Page]
    last: bool = False


class Window(QWidget):
    """``asked_help`` carries the key of the page shown; ``closing`` comes before the end."""

    asked_help = Signal(str)
    page_shown = Signal(str)
    closing = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._tabs: dict[str, Tab] = {}
        self._pages: dict[str, Page] = {}
        self._visited: list[str] = []
        self.rail = Rail(self.tr("Pages"))
        self.stack = QStackedWidget()
        self.stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.rail.chosen.connect(self.show_page)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.rail)
        box.addWidget(self.stack, 1)
        self.setMinimumSize(SMALLEST)
        self.setWindowTitle("Guardian")
        self.setWindowIcon(icon("guardian", "accent"))
        self._add_keys()

    def _add_keys(self) -> None:
        for number in range(1, 10):
            self._key(f"Ctrl+{number}", lambda number=number: self._show_number(number))
        self._key(QKeySequence.StandardKey.Find, self._search)
        self._key("F1", lambda: self._visited and self.asked_help.emit(self._visited[-1]))
        self._key("Esc", self.go_back)
        self._key(QKeySequence.StandardKey.Quit, self.close)

    def _key(self, keys: str | QKeySequence.StandardKey, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)

    def show_alone(self, widget: QWidget) -> None:
        """Fill the window with ``widget``: opening, unlocking, the welcome."""
        self.rail.hide()
        self._show(widget)
        widget.setFocus()

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """The pages, in the order of the rail. Pages built before are dropped."""
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._visited.clear()
        if not self._tabs:
            for number, tab in enumerate(tabs, 1):
                title = self._words.say(f"page.{tab.key}")
                self.rail.add(tab.key, title, tab.icon, f"Ctrl+{number}", last=tab.last)
        self._tabs = {tab.key: tab for tab in tabs}

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
        if not isinstance(page, Page) or page.go_back() or len(self._visited) < 2:
            return
        self._visited.pop()
        self.show_page(self._visited[-1])

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
