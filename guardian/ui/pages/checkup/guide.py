"""How a step is done: one way per system, the person's own unfolded first."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from guardian.checkup.model import Circumstances, Phone, Task, Way
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.layout import clear, column, row
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text

SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}
PHONES = {Phone.ANDROID: "android", Phone.IPHONE: "iphone"}


class Guide(QWidget):
    """The lines of one way, and a switch to the others where there are several."""

    def __init__(self, words: Words, task: Task, circumstances: Circumstances) -> None:
        super().__init__()
        self._words, self._task = words, task
        self.setProperty("role", "plain")
        ways = order_ways(task.ways, circumstances)
        self._ways = {way.name: way for way in ways}
        self.switch = Switch(words.say("checkup.page.ways"), list(self._ways))
        self._lines = column(gap=10)
        box = column(gap=14)
        if len(ways) > 1:
            box.addWidget(self.switch)
        box.addLayout(self._lines)
        self.setLayout(box)
        names = {name: words.say(f"checkup.way.{name}") for name in self._ways}
        self.switch.chosen.connect(self.show_way)
        if ways:
            self.switch.show_choices(names, ways[0].name)
            self.show_way(ways[0].name)

    def show_way(self, name: str) -> None:
        self.way = name
        clear(self._lines)
        for number in range(1, self._ways[name].lines + 1):
            told = self._words.say(f"checkup.task.{self._task.id}.{name}.{number}")
            self._lines.addLayout(numbered(number, told))


def numbered(number: int, text: str) -> QHBoxLayout:
    """One line of a numbered list; the texts stand below each other."""
    figure = Text(f"{number}.", "strong").one_line()
    figure.setMinimumWidth(theme.px(20))
    line = row(figure, gap=6, top=True)
    line.addWidget(Text(text), 1)
    return line


def order_ways(
    ways: Sequence[Way], circumstances: Circumstances, platform: str = sys.platform
) -> list[Way]:
    """The way of the person's own phone and computer first, then the one that fits anywhere."""
    own = {PHONES.get(circumstances.phone, ""), SYSTEMS.get(platform, "")}
    return sorted(ways, key=lambda way: (way.name not in own, way.name != "any"))
