"""How hard a passphrase is to guess, while it is typed: a bar, and the same in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from guardian.core.jobs import Report
from guardian.ui.jobs import Jobs
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import column, row
from guardian.ui.kit.text import Text

LINES = 2  # kept free, so that the dialog does not jump at every word
CALM = 250  # milliseconds without a key before it is judged


@dataclass(frozen=True)
class Judgement:
    """``score`` from 0 to 4, ``text`` for the person; ``enough`` says whether it will be taken."""

    score: int
    text: str
    enough: bool


Judge = Callable[[str, Sequence[str], Report], Judgement]


class Meter(QWidget):
    """Judges off the window's thread: a long passphrase takes a while. ``judged`` comes then.

    ``judgement`` is None while nothing is known about what is typed now.
    """

    judged = Signal()

    def __init__(self, jobs: Jobs, judge: Judge) -> None:
        super().__init__()
        self._jobs, self._judge = jobs, judge
        self._typed = ""
        self._avoid: tuple[str, ...] = ()
        self.judgement: Judgement | None = None
        self._bar = QProgressBar()
        self._bar.setRange(0, 5)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How hard it is to guess"))
        self._icon = Icon("unknown", "dim", 16)
        self._text = Text(role="small")
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setMinimumHeight(self._text.fontMetrics().lineSpacing() * LINES)
        line = row(self._icon, gap=8, top=True)
        line.addWidget(self._text, 1)
        self.setLayout(column(self._bar, line, gap=6))
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self._ask)
        self._show(None)

    def weigh(self, passphrase: str, avoid: Sequence[str] = ()) -> None:
        """Judge ``passphrase`` once nothing is typed for a moment; ``avoid`` is guessed first."""
        self._typed, self._avoid = passphrase, tuple(avoid)
        self.judgement = None
        if passphrase:
            self._calm.start()
        else:
            self._calm.stop()
            self._show(None)

    def forget(self) -> None:
        """Drop what was typed."""
        self.weigh("")

    def _ask(self) -> None:
        asked = self._typed

        def told(judgement: Judgement) -> None:
            if self._typed == asked:
                self._show(judgement)

        self._jobs.start(self, self._judge, asked, self._avoid, done=told)

    def _show(self, judgement: Judgement | None) -> None:
        self.judgement = judgement
        if judgement is None:
            self._bar.setValue(0)
            self._icon.change("unknown", "dim")
            self._text.setText(self.tr("Several unusual words are hard to guess."))
        else:
            level = "fine" if judgement.enough else "ask"
            self._bar.setProperty("level", level)
            self._bar.style().polish(self._bar)
            self._bar.setValue(judgement.score + 1)
            self._icon.change(level, level)
            self._text.setText(judgement.text)
        self._bar.setAccessibleDescription(self._text.text())
        self.judged.emit()
