"""What could not be seen and why, and what a look cannot find at all."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.processes.model import NotSeen, Scan, Unknown
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import clear, column
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling


class Gaps(QWidget):
    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.fold = Fold(
            self.tr("What could not be seen, and why"), self.tr("Hide what could not be seen")
        )
        closing = Text(words.say("processes.cli.closing"), "small")
        self.setLayout(column(self.fold, closing, gap=6))

    def show_scan(self, scan: Scan) -> None:
        self.show()
        self.fold.setVisible(bool(scan.not_seen))
        clear(self.fold.inner)
        self.fold.add(Text(self._words.say("processes.page.gaps"), "dim"))
        self.fold.add(Text("\n".join(f"•  {self._tell(gap)}" for gap in scan.not_seen)))

    def _tell(self, gap: NotSeen) -> str:
        say, question = self._words.say, telling.told(self._words, gap.title())
        if not gap.pids:
            return say("processes.page.gap-system", question=question)
        if gap.reason is Unknown.DENIED:
            return say("processes.page.gap-denied", count=gap.programs, question=question)
        return say("processes.page.gap-untold", count=gap.programs, question=question)
