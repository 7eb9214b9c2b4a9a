"""What came of the last thing done with the vault, in words, until the person puts it away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, column, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.names import breakable

AT_ONCE = 2
REASONS_HEIGHT = 150
Offer = tuple[str, Callable[[], object]]  # what a button says, and what it does


class Outcome(Card):
    """Hidden until it has something to say."""

    def __init__(self, words: Words) -> None:
        super().__init__(margin=16, gap=6)
        self._words = words
        self._folds: list[QWidget] = []
        self._parts = column(gap=10)
        self._offer: Callable[[], object] = self.put_away
        self._button = Button("", clicked=self._take_offer)
        self._away = Button(self.tr("Hide"), "quiet", clicked=self.put_away)
        self._away.setAccessibleName(self.tr("Hide this message"))
        self.body.addLayout(self._parts)
        self.body.addLayout(indented(Flow(self._button, self._away)))
        self.hide()

    def show_lines(
        self, *lines: str, icon: str = "fine", token: str = "fine", button: Offer | None = None
    ) -> None:
        """The first line stands out; the others explain it. ``button`` offers what comes next."""
        self._show([head(icon, token, *lines)], button)

    def show_added(
        self, count: int, refused: Sequence[Problem], remove: Callable[[], object]
    ) -> None:
        """How many documents are in, and for every file that is not, why."""
        words = self._words
        told = words.say("vault.page.added", count=count)
        lines = (told, words.say("vault.page.originals", count=count)) if count else ()
        self.show_done(
            lines, refused, left=words.say("vault.page.refused", count=len(refused)),
            button=(self.tr("Remove the originals …"), remove) if count else None,
        )  # fmt: skip

    def show_done(
        self,
        lines: Sequence[str],
        problems: Sequence[Problem] = (),
        *,
        left: str = "",
        button: Offer | None = None,
    ) -> None:
        """What was done (nothing, without lines); then ``left``, and why each was left undone."""
        parts = [head("fine", "fine", *lines)] if lines else []
        if problems:
            count = len(problems)
            left = left or self._words.say("vault.page.left-alone", count=count)
            parts += [head("ask", "ask", left), *self._reasons(problems)]
        self._show(parts, button)

    def show_not_read(self, problems: Sequence[Problem]) -> None:
        text = self._words.say("vault.page.not-read", count=len(problems))
        self._show([head("ask", "ask", text), *self._reasons(problems)])

    def _reasons(self, problems: Sequence[Problem]) -> list[QLayout]:
        lines = [self._reason(one) for one in problems]
        if len(lines) <= AT_ONCE:
            return [indented(line) for line in lines]
        fold = Fold(self.tr("Show which, and why"), self.tr("Hide which, and why"))
        fold.add(self._scrolled(lines))
        self._folds.insert(0, fold.button)
        return [indented(fold)]

    def _scrolled(self, lines: Sequence[Text]) -> QWidget:
        """Many reasons must not push the list off the page."""
        area = scrolling(*lines, None, gap=8)
        area.setFixedHeight(theme.px(REASONS_HEIGHT))
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName(self.tr("Which, and why"))
        self._folds.append(area)
        return area

    def _reason(self, problem: Problem) -> Text:
        words = self._words
        what = words.say(f"problem.{problem.code}", **problem.facts)
        do = words.say(f"problem.{problem.code}.do", **problem.facts)
        return Text(breakable(f"{what} {do}"))

    def _take_offer(self) -> None:
        self._offer()

    def _show(self, parts: Sequence[QLayout], button: Offer | None = None) -> None:
        clear(self._parts)
        self._button.setVisible(button is not None)
        if button is not None:
            text, self._offer = button
            self._button.setText(text)
        for part in parts:
            self._parts.addLayout(part)
        for part in self._folds:  # Tab meets them here, not after everything built earlier
            self.setTabOrder(self._button, part)
            self.setTabOrder(part, self._button)
        self._folds = []
        self.show()

    def put_away(self) -> None:
        self._offer = self.put_away
        self.hide()
        clear(self._parts)


def head(icon: str, token: str, *lines: str) -> QLayout:
    texts = [Text(breakable(text), "strong" if not number else "dim")
             for number, text in enumerate(lines)]  # fmt: skip
    line = row(Icon(icon, token, 22), gap=12, top=True)
    line.addLayout(column(*texts, gap=4), 1)
    return line


def indented(item: QWidget | QLayout) -> QLayout:
    """Under the words of a head, not under its icon."""
    line = row(34, gap=0)
    if isinstance(item, QLayout):
        line.addLayout(item, 1)
    else:
        line.addWidget(item, 1)
    return line
