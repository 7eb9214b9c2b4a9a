"""The score on one sheet: the formula in plain words, every point, and why it moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from guardian.checkup.model import Area, Basis, Change, LeftOut, Point, Sheet, Task, Todo
from guardian.checkup.telling import FORMULA, tell_change, tell_task
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.chip import Chip
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, Line, clear, column, make_room, order_tabs, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.text import Text
from guardian.ui.pages.checkup.guide import numbered
from guardian.ui.pages.checkup.looking import Seen

# how each kind of knowing is drawn: never by colour alone
BASES = {
    Basis.SEEN: ("screen", "fine"),
    Basis.SAID: ("person", "ink"),
    Basis.NONE: ("unknown", "dim"),
}
STEPS = 1000  # of a bar


class SheetPanel(QWidget):
    """``chosen`` carries the key of a step that would lift the score; ``save_asked`` comes when
    the report is wanted."""

    chosen = Signal(str)
    save_asked = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._box = column(gap=16)
        self.area = scrolling(plain(self._box), None)
        self.setLayout(column(self.area))
        self.areas: dict[Area, AreaCard] = {}

    def show_seen(self, seen: Seen) -> None:
        clear(self._box)
        sheet = seen.sheet
        todos = {
            todo.key: todo
            for todo in (seen.plan.next, *seen.plan.more, *seen.plan.rest)
            if todo is not None
        }
        self._box.addWidget(self._formula(sheet))
        if sheet.score.holds:
            self._box.addWidget(self._holds(sheet, todos))
        if sheet.change is not None and sheet.change.lines:
            self._box.addWidget(self._change(sheet, sheet.change))
        self._box.addWidget(Text(self.tr("Area by area"), "heading"))
        self.areas = {}
        for area in Area:
            points = [one for one in sheet.score.points if sheet.tasks[one.task].area is area]
            if points:
                self.areas[area] = AreaCard(self._words, area, points, sheet, seen)
                self._box.addWidget(self.areas[area])
        if sheet.score.left_out:
            self._box.addWidget(LeftOutFold(self._words, sheet.score.left_out))
        order_tabs(self)

    def _formula(self, sheet: Sheet) -> Card:
        say = self._words.say
        got = sum(one.earned for one in sheet.score.points)
        total = sum(one.weight for one in sheet.score.points)
        card = Card(Text(say("score.value", value=sheet.score.value), "lead"), margin=22)
        for number in range(1, FORMULA + 1):
            card.body.addLayout(numbered(number, say(f"score.formula.{number}")))
        sums = say(
            "checkup.page.points-now",
            got=figure(got),
            total=total,
            raw=math.floor(round(sheet.score.raw, 6)),
        )
        card.body.addWidget(Text(sums, "strong"))
        card.body.addWidget(Text(say("checkup.page.no-grade"), "dim"))
        save = Button(self.tr("Save a report"), "plain", "save", self.save_asked.emit)
        card.body.addLayout(row(save, None))
        return card

    def _holds(self, sheet: Sheet, todos: dict[str, Todo]) -> Card:
        """What keeps the score below 80, and the way to lift it."""
        words = self._words
        card = Card(role="notice", margin=18, gap=10)
        card.body.addWidget(
            Text(words.say("checkup.page.held", count=len(sheet.score.holds)), "strong")
        )
        for key in sheet.score.holds:
            todo = todos.get(key)
            title = words.tell(sheet.held[key])
            line = row(Icon("ask", "ask", 18), gap=10)
            line.addWidget(Text(title), 1)
            if todo is not None:
                do = Button(self.tr("Do this one"), clicked=lambda key=key: self.chosen.emit(key))
                do.setAccessibleName(self.tr("Do this one: {title}").format(title=title))
                line.addWidget(do)
            card.body.addLayout(line)
        return card

    def _change(self, sheet: Sheet, change: Change) -> Card:
        card = Card(margin=18, gap=8)
        since = self._words.say("checkup.page.since", day=sheet.since) if sheet.since else ""
        card.body.addWidget(Text(since or self.tr("What moved it"), "strong"))
        for one in change_lines(self._words, change):
            card.body.addWidget(one)
        return card


class AreaCard(Card):
    """One area: its points in words and as a bar; its steps once they are asked for."""

    def __init__(
        self, words: Words, area: Area, points: Sequence[Point], sheet: Sheet, seen: Seen
    ) -> None:
        super().__init__(gap=8, margin=16)
        self._words, self._points, self._sheet, self._seen = words, points, sheet, seen
        name = words.say(f"checkup.area.{area.value}")
        got, total = sum(one.earned for one in points), sum(one.weight for one in points)
        told = words.say("checkup.page.points", got=figure(got), total=total)
        head = row(gap=12)
        head.addWidget(Text(name, "strong"), 1)
        head.addWidget(Text(told, "small").one_line())
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, STEPS)
        bar.setValue(round(STEPS * got / total))
        bar.setAccessibleName(f"{name}: {told}")
        show = words.say("checkup.page.steps-of", count=len(points))
        self.fold = Fold(show, self.tr("Show less"))
        self.fold.button.setAccessibleName(f"{name}: {show}")
        self.fold.button.clicked.connect(self._fill)
        self.body.addLayout(head)
        self.body.addWidget(bar)
        self.body.addWidget(self.fold)

    def _fill(self) -> None:
        if self.fold.inner.count():
            return
        for number, point in enumerate(self._points):
            if number:
                self.fold.add(Line())
            self.fold.add(self._point(point, self._sheet.tasks[point.task]))
        make_room(self.fold)

    def _point(self, point: Point, task: Task) -> QWidget:
        words = self._words
        icon, token = BASES[point.basis]
        points = words.say("checkup.page.points", got=figure(point.earned), total=point.weight)
        head = row(gap=12, top=True)
        head.addWidget(Text(tell_task(task.id, words)), 1)
        head.addWidget(Text(points, "small").one_line())
        chips = [Chip(icon, words.say(f"score.basis.{point.basis.value}"), token)]
        if point.total > 1:
            counted = words.say("checkup.page.counted", done=point.done, total=point.total)
            chips.append(Chip("fine" if point.done == point.total else "info", counted))
        lines = [row(Flow(*chips, gap=8))]
        age = self._age(point, task)
        return plain(column(head, *lines, *([Text(age, "small")] if age else []), 4, gap=6))

    def _age(self, point: Point, task: Task) -> str:
        """How fresh it is, and when it is worth a new look."""
        say = self._words.say
        if point.since is None or point.share == 0:
            return ""
        if not task.days:
            return say("checkup.page.age.once", day=point.since)
        due = point.since + timedelta(days=task.days)
        if point.freshness < 1:
            share = round(100 * point.freshness)
            return say("checkup.page.age.old", day=point.since, due=due, share=share)
        return say("checkup.page.age.fresh", day=point.since, due=due)


class LeftOutFold(Fold):
    """What does not count: the person said so, or it does not concern them."""

    def __init__(self, words: Words, left_out: Sequence[LeftOut]) -> None:
        text = words.say("checkup.page.left-out", count=len(left_out))
        super().__init__(text, text)
        self._words, self._left_out = words, left_out
        self.button.clicked.connect(self._fill)

    def _fill(self) -> None:
        if self.inner.count():
            return
        words = self._words
        for one in sorted(self._left_out, key=lambda one: not one.chosen):
            why = one.reason or words.say("checkup.page.not-yours")
            if one.chosen and one.reason:
                why = words.say("checkup.page.you-said", reason=one.reason)
            title = Text(tell_task(one.task, words))
            self.add(plain(column(title, Text(why, "small"), gap=2)))


def change_lines(words: Words, change: Change) -> list[QWidget]:
    """From what to what, and every reason with its points; they sum to the difference."""
    told = tell_change(change, words)
    if not told:
        return [Text(words.say("checkup.page.unmoved"), "dim")]
    moved = words.say("checkup.page.moved", before=change.before, after=change.after)
    lines: list[QWidget] = [Text(moved)]
    for points, why in told:
        sign = Text(f"{points:+d}".replace("-", "−"), "strong").one_line()
        sign.setMinimumWidth(theme.px(30))
        sign.setProperty("level", "fine" if points > 0 else "ask")
        line = row(sign, gap=10, top=True)
        line.addWidget(Text(why), 1)
        lines.append(plain(line))
    return lines


def figure(points: float) -> str:
    """One decimal, and none where it is a whole number."""
    return f"{points:.1f}".removesuffix(".0")
