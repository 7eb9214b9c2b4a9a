"""How this computer is set up: what to look at, what could not be read, and, folded, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QLayout

from guardian.processes.model import Answer, Check
from guardian.ui.desk import Desk
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.gradual import Gradual
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Item, Line, clear, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling

ICONS = {
    Answer.LOOK: ("ask", "ask"),
    Answer.UNREAD: ("unknown", "dim"),
    Answer.FINE: ("fine", "fine"),
}


class Posture(Card):
    def __init__(self, desk: Desk) -> None:
        super().__init__(gap=14, margin=24)
        self._desk = desk
        self.fine: Fold | None = None
        self._unfolding = Gradual(self)

    def build(self, checks: Sequence[Check]) -> Iterator[None]:
        """Show ``checks`` in place of others, one at a time."""
        clear(self.body)
        self.fine = None
        yield
        say = self._desk.words.say
        by = {answer: [each for each in checks if each.answer is answer] for answer in Answer}
        look = len(by[Answer.LOOK])
        kind = "look" if look else "none"
        self.body.addWidget(Text(say(f"processes.page.posture.{kind}", count=look), "heading"))
        self.body.addWidget(Text(say("processes.page.posture.why"), "dim"))
        yield from self._add(by[Answer.LOOK])
        if by[Answer.UNREAD]:
            self.body.addWidget(Line())
            said = say("processes.page.posture.unread", count=len(by[Answer.UNREAD]))
            self.body.addWidget(Text(said, "heading"))
            yield from self._add(by[Answer.UNREAD])
        if by[Answer.FINE]:
            self._fold(by[Answer.FINE])

    def _add(self, checks: Sequence[Check]) -> Iterator[None]:
        for check in checks:
            self.body.addWidget(Line())
            self.body.addLayout(self._told(check))
            yield

    def _fold(self, checks: Sequence[Check]) -> None:
        """Those that are fine; they are built when they are wanted."""
        title = self._desk.words.say("processes.page.posture.fine", count=len(checks))
        fold = self.fine = Fold(title, title)
        fold.inner.setSpacing(12)

        def unfold() -> None:
            fold.button.clicked.disconnect(unfold)
            self._unfolding.run(fold.add(self._told(check)) for check in checks)

        fold.button.clicked.connect(unfold)
        self.body.addWidget(Line())
        self.body.addWidget(fold)

    def _told(self, check: Check) -> QLayout:
        """What it is about, what was seen, and the one thing to do or the way to look."""
        words = self._desk.words
        lines: list[Item] = [
            Text(words.tell(check.title()), "strong"),
            Text(telling.breakable(telling.told(words, check.tell()))),
        ]
        if fix := check.fix():
            lines.append(Text(telling.breakable(telling.told(words, fix)), "dim"))
        icon, token = ICONS[check.answer]
        line = row(Icon(icon, token, 22), gap=14, top=True)
        line.addLayout(column(*lines, gap=3), 1)
        return line
