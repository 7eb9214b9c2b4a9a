"""Who is here, at the foot of the rail: their face, and a menu to lock, to switch, to add."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from guardian.core.words import Words
from guardian.ui.people.face import name_of
from guardian.ui.people.people import People
from guardian.ui.people.tile import Tile

FACE = 22  # pixels at 100 %
LONGEST = 14  # letters of a nickname that the rail has room for


class PersonButton(Tile):
    """``look_after`` shows where people are added and named."""

    def __init__(self, words: Words, people: People, look_after: Callable[[], object]) -> None:
        self._people, self._look_after = people, look_after
        name = name_of(words, people.here)
        super().__init__(shortened(name), people.here.colour, self._show_menu, size=FACE)
        self.change_role("person")
        self.setAccessibleName(self.tr("{name}: lock or switch").format(name=name))
        self.setToolTip(name)
        self.menu_shown = QMenu(self)
        self._fill()

    def _fill(self) -> None:
        menu, people = self.menu_shown, self._people
        several = len(people.all()) > 1
        if people.guest:
            self._entry(self.tr("Leave, and forget this visit"), people.lock, "Ctrl+L")
        else:
            self._entry(self.tr("Lock"), people.lock, "Ctrl+L")
            name = self.tr("Switch person") if several else self.tr("Somebody else wants to use it")
            self._entry(name, people.lock)
        if people.may_change:
            menu.addSeparator()
            self._entry(self.tr("Add a person …"), self._look_after)

    def _entry(self, text: str, act: Callable[[], object], keys: str = "") -> None:
        action = self.menu_shown.addAction(f"{text}\t{keys}" if keys else text)
        action.triggered.connect(lambda _checked=False: act())

    def _show_menu(self) -> None:
        height = self.menu_shown.sizeHint().height()
        self.menu_shown.popup(self.mapToGlobal(QPoint(0, -height - 2)))


def shortened(name: str) -> str:
    """``name`` as far as there is room for it."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
