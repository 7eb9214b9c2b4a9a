"""What a look says in one sentence, how far it could see, and what is new since the baseline."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from guardian.core.feature import Level
from guardian.processes.model import Autostart, Program, Scan
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.drawer import Drawer
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, clear, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling

MOST_NEW = 60  # named; more than that nobody reads


class Headline(Card):
    """``keeping``: take what is shown as the state to compare with. ``unfolded``: there is more
    on it now, or less."""

    keeping = Signal()
    unfolded = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(gap=8, margin=24)
        self._desk = desk
        self.keep: Button | None = None
        self.news: Drawer | None = None
        self._scan: Scan | None = None
        self._kept: datetime | None = None  # the look that was taken as the baseline

    def show_scan(self, scan: Scan, *, fresh: bool, under_way: bool = False) -> None:
        """``under_way``: a part of a look that goes on."""
        clear(self.body)
        self.show()
        self.keep = self.news = None
        self._scan = scan
        words = self._desk.words
        self._tell_headline(scan)
        for limit in scan.limits:
            self.body.addWidget(Text(words.tell(limit.tell()), "strong"))
        if scan.as_admin:
            self.body.addWidget(Text(words.say("processes.page.as-admin"), "dim"))
        if under_way:
            self.body.addWidget(Text(words.say("processes.page.under-way"), "small"))
            return
        self._tell_when(scan, fresh)
        self.body.addWidget(Line())
        self._tell_news(scan, fresh)

    def _tell_headline(self, scan: Scan) -> None:
        words = self._desk.words
        title = Text(words.tell(scan.headline()), "heading")
        if scan.level is Level.FINE:
            line = row(Icon("fine", "fine", 24), gap=12, top=True)
            line.addWidget(title, 1)
            self.body.addLayout(line)
            self.body.addWidget(Text(words.say("processes.page.nothing.why"), "dim"))
        else:
            self.body.addWidget(title)
            self.body.addWidget(Text(words.say("processes.page.questions.why"), "dim"))

    def _tell_when(self, scan: Scan, fresh: bool) -> None:
        words = self._desk.words
        when = telling.when(words, scan.taken, self._desk.clock())
        if fresh:
            self.body.addWidget(Text(words.say("processes.page.looked", when=when), "small"))
        else:
            self.body.addWidget(Text(words.say("processes.page.remembered", when=when)))

    def _tell_news(self, scan: Scan, fresh: bool) -> None:
        """What came since the person last said «this is how it is»."""
        say, day = self._desk.words.say, scan.baseline
        programs = [each for each in scan.programs if each.new]
        starts = [each for each in scan.autostart if each.new]
        if self._kept == scan.taken:
            kept = Text(say("processes.page.news.kept"), "strong")
            kept.setProperty("level", "fine")
            self.body.addWidget(kept)
            return
        if day == scan.taken:
            self.body.addWidget(Text(say("processes.page.news.first"), "dim"))
        elif day is None:
            self.body.addWidget(Text(say("processes.page.news.no-baseline"), "dim"))
        elif not fresh:
            self.body.addWidget(Text(say("processes.page.news.since", day=day), "dim"))
        elif not programs and not starts:
            self.body.addWidget(Text(say("processes.page.news.none", day=day)))
        else:
            said = []
            if programs:
                said.append(say("processes.page.news.programs", count=len(programs), day=day))
            if starts:
                kind = "starts" if programs else "only-starts"
                said.append(say(f"processes.page.news.{kind}", count=len(starts), day=day))
            self.body.addWidget(Text(" ".join(said), "strong"))
            self.news = Drawer(
                self.tr("Show what is new"), self.tr("Hide what is new"),
                lambda box: self._list_news(box, programs, starts),
            )  # fmt: skip
            self.news.button.clicked.connect(self.unfolded)
        if fresh and (day is None or self.news is not None):
            self._offer_keeping()

    def _offer_keeping(self) -> None:
        hint = self._desk.words.say("processes.page.news.keep")
        self.keep = Button(
            self.tr("This is how it is now"), icon_name="fine", clicked=self.keeping.emit
        )
        self.keep.setAccessibleDescription(hint)
        self.keep.setToolTip(hint)
        buttons = [self.news.button] if self.news is not None else []
        self.body.addLayout(Flow(*buttons, self.keep))
        if self.news is not None:
            self.body.addWidget(self.news.part)

    def _list_news(
        self, box: QVBoxLayout, programs: list[Program], starts: list[Autostart]
    ) -> None:
        words = self._desk.words
        box.addWidget(Text(words.say("processes.page.news.why"), "dim"))
        lines = [
            f"{telling.visible(each.name)} · {telling.in_short(words, each)}" for each in programs
        ] + [
            f"{telling.visible(each.entry.name)} · {telling.starts(words, each.entry)}"
            for each in starts
        ]
        shown = "\n".join(f"•  {telling.breakable(line)}" for line in lines[:MOST_NEW])
        box.addWidget(Text(shown, "small").selectable())
        if (more := len(lines) - MOST_NEW) > 0:
            box.addWidget(Text(words.say("processes.page.and-more", count=more), "small"))
        box.addWidget(Text(words.say("processes.page.news.keep"), "dim"))

    def tell_kept(self) -> None:
        """From now on what is shown is what later looks are compared with."""
        if self._scan is not None:
            self._kept = self._scan.taken
            self.show_scan(self._scan, fresh=True)
