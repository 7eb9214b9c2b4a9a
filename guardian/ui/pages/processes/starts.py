"""What starts by itself, by the kind of place it stands in, to search and to look into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.processes.model import Autostart, Unknown
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import clear, column
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.rows import ROW
from guardian.ui.kit.text import Text
from guardian.ui.kit.tree import TreeList
from guardian.ui.pages.processes import forests, telling
from guardian.ui.pages.processes.panel import Panel
from guardian.ui.pages.processes.work import Shown

LEAST = 190  # pixels at 100 % that the rows keep
WORTH_SEARCHING = 8  # entries; fewer are seen at a glance


class Starts(QWidget):
    """``wanted`` asks for the panel to be scrolled into view."""

    wanted = Signal(QWidget)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._entries: Sequence[Autostart] = ()
        self._count = Text(role="dim")
        self.search = SearchField(self.tr("Search what starts by itself"))
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._enter)
        self.rows = TreeList(self.tr("What starts by itself"), unfolded=False)
        self.rows.setMinimumHeight(theme.px(LEAST))
        self.rows.opened.connect(self._open)
        self.rows.chosen.connect(self._follow)
        self.panel = Panel()
        self.panel.closed.connect(self.rows.setFocus)
        self.unread = Fold(
            self.tr("Places not read, or not to their end"), self.tr("Hide these places")
        )
        box = column(self._count, self.search, gap=10)
        box.addWidget(self.rows, 1)
        box.addWidget(self.panel, 1)
        box.addWidget(self.unread)
        self.setLayout(box)

    def show_scan(self, shown: Shown) -> None:
        scan, say = shown.scan, self._desk.words.say
        self._entries = scan.autostart
        self.panel.hide()
        self.search.setVisible(len(scan.autostart) >= WORTH_SEARCHING)
        self.rows.setVisible(bool(scan.autostart))
        if not scan.autostart_seen:
            said = say("processes.page.starts.unseen")
        elif scan.autostart:
            said = say("processes.page.starts.count", count=len(scan.autostart))
        else:
            said = say("processes.page.starts.none")
        self._count.setText(said)
        self.rows.show_forest(shown.starts)
        self._unfold_short()
        self._tell_unread(scan.unread)

    def _unfold_short(self) -> None:
        """Few are shown at once; of many, those places that hold something to look at."""
        model = self.rows.listed
        for number in range(model.rowCount()):
            index = model.index(number, 0)
            marked = any(
                model.index(row, 0, index).data(ROW).mark for row in range(model.rowCount(index))
            )
            if marked or len(self._entries) < WORTH_SEARCHING:
                self.rows.expand(index)

    def _tell_unread(self, places: Sequence[str]) -> None:
        self.unread.setVisible(bool(places))
        clear(self.unread.inner)
        shown = "\n".join(f"•  {telling.breakable(telling.visible(place))}" for place in places)
        self.unread.add(Text(shown, "small").selectable())

    def _find(self, text: str) -> None:
        self.panel.hide()
        self.rows.search(text)
        if not text.strip():
            self._unfold_short()

    def _enter(self) -> None:
        self.rows.choose_first()
        self.rows.setFocus()

    def _open(self, key: str) -> None:
        self.panel.show()
        self._follow(key)
        self.rows.scrollTo(self.rows.currentIndex())
        self.wanted.emit(self.panel)

    def _follow(self, key: str) -> None:
        """While the panel is open it shows the chosen row."""
        if self.panel.isHidden():
            return
        kind, _, rest = key.partition("-")
        words = self._desk.words
        if kind == "place":
            name = words.say(f"processes.page.place.{rest}")
            plain = words.say(f"processes.page.place.{rest}.plain")
            self.panel.show_facts(key, name, [plain], more=False)
            return
        one = self._entries[int(rest)]
        name = telling.visible(one.entry.name)
        self.panel.show_facts(key, name, self._facts(one), more=False)

    def _facts(self, one: Autostart) -> list[str]:
        words, entry = self._desk.words, one.entry
        name = telling.visible(entry.name)
        lines = [telling.told(words, hit.plain(name)) for hit in one.hits]
        if target := forests.target(words, one):
            lines.append(words.say("processes.page.starts.target", path=target))
        if entry.target_exists is False:
            lines.append(words.say("processes.page.starts.gone"))
        lines += [
            forests.brought(words, one),
            words.say("processes.page.starts.source", path=telling.visible(entry.source)),
        ]
        if isinstance(entry.user, str) and entry.user:
            lines.append(words.say("processes.page.user", name=telling.visible(entry.user)))
        if not isinstance(entry.changed, Unknown):
            now = self._desk.clock()
            when = datetime.fromtimestamp(entry.changed, now.tzinfo)
            said = telling.when(words, when, now)
            lines.append(words.say("processes.page.starts.changed", when=said))
        if entry.enabled is False:
            lines.append(words.say("processes.page.switched-off"))
        if one.known:
            lines.append(words.say("processes.page.starts.known"))
        return lines

    def go_back(self) -> bool:
        """Close the panel first, then the search."""
        if not self.panel.isHidden():
            self.panel.close_panel()
            return True
        if self.search.text():
            self.search.clear()
            return True
        return False
