"""Drawn pages: one at a time, as large as wanted, turned as wanted, searched."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import column, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.pane.looking import Drawn, Found, Looking, Wish
from guardian.ui.pages.vault.pane.search import Search
from guardian.ui.pages.vault.pane.sheet import SheetArea, turn_area
from guardian.vault.service import Facts, Hit, Look

STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
MOST_HITS = 500


class Pages(QWidget):
    """Wishes for pages and shows what comes. ``zoom`` None fits the width."""

    def __init__(self, words: Words, looking: Looking) -> None:
        super().__init__()
        self._words, self._looking = words, looking
        self.number, self.count, self.turns = 0, 0, 0
        self.zoom: float | None = None
        self._searched = False
        self._drawn: Drawn | None = None
        self._sought, self._chosen = "", 0
        self._hits: list[Hit] = []
        self._build()
        self.area.resized.connect(self._wish)
        self.area.turned.connect(lambda by: self.go(self.number + by))
        self.search.asked.connect(self._search)
        self.search.chose.connect(self._choose)
        for keys, act in (
            ("Ctrl++", lambda: self.step_zoom(1)),
            ("Ctrl+=", lambda: self.step_zoom(1)),
            ("Ctrl+-", lambda: self.step_zoom(-1)),
            ("Ctrl+0", lambda: self.set_zoom(None)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _build(self) -> None:
        self.before = self._tool("back", self.tr("Previous page"), lambda: self.go(self.number - 1))
        self.after = self._tool("forward", self.tr("Next page"), lambda: self.go(self.number + 1))
        self.larger = self._tool("zoom-in", self.tr("Larger"), lambda: self.step_zoom(1), "Ctrl++")
        self.smaller = self._tool(
            "zoom-out", self.tr("Smaller"), lambda: self.step_zoom(-1), "Ctrl+-"
        )
        self.fit = self._tool(
            "fit-width", self.tr("As wide as here"), lambda: self.set_zoom(None), "Ctrl+0"
        )
        self.right = self._tool("turn-right", self.tr("Turn right"), lambda: self.turn(1))
        self.seek = self._tool("search", self.tr("Search in this document"), self.toggle_search)
        self.told = Text(role="small").one_line()
        self.search = Search(self._words)
        self.area = SheetArea(self.tr("Page"))
        self._wrong = Text(role="dim")
        self._tools = QWidget()
        self._turning = plain(row(self.before, self.told, self.after, gap=2))
        self._tools.setLayout(
            Flow(
                self._turning,
                plain(row(self.smaller, self.larger, self.fit, self.right, self.seek, gap=2)),
                gap=2,
            )
        )
        box = column(self._tools, self.search, self._wrong, gap=8)
        box.addWidget(self.area, 1)
        self.setLayout(box)
        self._wrong.hide()
        self.search.hide()

    @staticmethod
    def _tool(icon: str, name: str, act: Callable[[], object], keys: str = "") -> Button:
        button = Button("", "tool", icon, act)
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({keys})" if keys else name)
        return button

    @property
    def at_rest(self) -> bool:
        """Whether it has its size, and what was typed is looked for."""
        return self.area.at_rest and self.search.at_rest

    # what is shown

    def show_facts(self, facts: Facts) -> None:
        """A document was opened: its first page, as wide as there is room."""
        self.forget()
        self.count, self._searched = facts.pages, facts.look is Look.PAGES
        self._turning.setVisible(self.count > 1)
        self.seek.setVisible(self._searched)
        self.go(0)

    def forget(self) -> None:
        """Drop everything that was drawn or found."""
        self.number, self.count, self.turns, self.zoom = 0, 0, 0, None
        self._drawn, self._sought, self._hits = None, "", []
        self.search.forget()
        self.search.hide()
        self._wrong.hide()
        self.area.setAccessibleDescription("")
        self.area.sheet.mark((), ())
        self.area.sheet.show_image(QImage(), QSize(0, 0))

    def show_drawn(self, drawn: Drawn) -> None:
        if drawn.wish.number != self.number:
            return
        fresh = self._drawn is None or self._drawn.wish.number != drawn.wish.number
        self._drawn = drawn
        self._wrong.hide()
        self.area.setAccessibleDescription(drawn.text)
        self._lay_out()
        if fresh:
            self.area.verticalScrollBar().setValue(0)
            self._show_hit()

    def show_wrong(self, text: str) -> None:
        """This page cannot be shown; others may."""
        self._drawn = None
        self.area.sheet.show_image(QImage(), QSize(0, 0))
        self._wrong.setText(text)
        self._wrong.show()

    def show_found(self, found: Found) -> None:
        """Some pages were searched; go on with the others, after what else is wished for."""
        if found.text != self._sought:
            return
        self._hits += found.hits.hits
        rest = found.hits.next if len(self._hits) < MOST_HITS else None
        cut = rest is None and found.hits.next is not None
        self.search.show_count(len(self._hits), whole=not cut, going_on=rest is not None)
        self._mark()
        if rest is not None:
            self._looking.find(found.text, rest)

    # what is wished

    def go(self, number: int) -> None:
        """Show another page, if there is such a one."""
        if not 0 <= number < self.count:
            return
        self.number = number
        self.before.setEnabled(number > 0)
        self.after.setEnabled(number < self.count - 1)
        place = {"number": number + 1, "count": self.count}
        self.told.setText(self._words.say("vault.view.page.short", **place))
        self.told.setAccessibleName(self._words.say("vault.view.page", **place))
        self._mark()
        self._wish()

    def set_zoom(self, zoom: float | None) -> None:
        self.zoom = zoom
        self._lay_out()
        self._wish()

    def step_zoom(self, by: int) -> None:
        """The next larger (1) or smaller (-1) of the usual sizes."""
        if self._drawn is None:
            return
        now = self._width() / self._drawn.full_width
        larger = [step for step in STEPS if step > now * 1.01]
        smaller = [step for step in STEPS if step < now * 0.99]
        self.set_zoom((larger or STEPS)[0 if larger else -1] if by > 0 else (smaller or STEPS)[
            -1 if smaller else 0])  # fmt: skip

    def turn(self, by: int) -> None:
        """A quarter to the right (1) or left (-1), for this document as long as it is shown."""
        self.turns = (self.turns + by) % 4
        self._mark()
        self._wish()

    def _wish(self) -> None:
        if self.count:
            width = round(self._width() * self.devicePixelRatioF())
            self._looking.draw(Wish(self.number, width, self.turns))

    def _width(self) -> int:
        """How wide the page is to be, in the window's pixels; a picture never beyond its own."""
        if self._drawn is None:
            return self.area.room()
        full = self._drawn.full_width
        if self._drawn.wish.turns % 2 != self.turns % 2:
            full = self._drawn.full_height
        if self.zoom is not None:
            return max(20, round(full * self.zoom))
        return self.area.room() if self._searched else min(self.area.room(), full)

    def _lay_out(self) -> None:
        if self._drawn is not None:
            width = self._width()
            height = round(width * self._drawn.image.height() / self._drawn.image.width())
            self.area.sheet.show_image(self._drawn.image, QSize(width, max(1, height)))

    # what was found

    def toggle_search(self) -> None:
        """Unfold the field to search with, or fold it and forget what was looked for."""
        opening = self.search.isHidden()
        self.search.setVisible(opening)
        if opening:
            self.search.field.setFocus()
        else:
            self.search.field.setText("")

    def _search(self, text: str) -> None:
        self._sought, self._hits, self._chosen = text, [], 0
        self._mark()
        if text:
            self._looking.find(text)
        else:
            self.search.forget()

    def _choose(self, number: int) -> None:
        self._chosen = number
        page = self._hits[number].page
        if page != self.number:
            self.go(page)
        else:
            self._mark()
            self._show_hit()

    def _mark(self) -> None:
        here = [hit for hit in self._hits if hit.page == self.number]
        areas = [turn_area(area, self.turns) for hit in here for area in hit.areas]
        self.area.sheet.mark(areas, self._chosen_areas())

    def _chosen_areas(self) -> list[tuple[float, float, float, float]]:
        hits = self._hits
        if not hits or hits[self._chosen].page != self.number:
            return []
        return [turn_area(area, self.turns) for area in hits[self._chosen].areas]

    def _show_hit(self) -> None:
        for area in self._chosen_areas()[:1]:
            self.area.show_area(area)
