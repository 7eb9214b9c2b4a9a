"""All steps: to do, put aside, done; searched, and one area at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.checkup.model import Area, Basis, Put, Todo
from guardian.core.words import Words
from guardian.ui.kit.button import Button
from guardian.ui.kit.choice import Choice
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.page import SearchField
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.pages.checkup.looking import Seen, area_of

KINDS = ("todo", "aside", "done")
EVERYWHERE = ""
PILLARS = "pillars"
ICONS = {
    Area.ACCOUNTS: "accounts",
    Area.SIGN_IN: "key",
    Area.MAIL: "mail",
    Area.PHONE: "phone",
    Area.BROWSER: "programs",
    Area.NETWORK: "connected",
    Area.DEVICES: "screen",
    Area.DOCUMENTS: "file",
    Area.HABITS: "clock",
}
ORDER = list(Area)


class StepsPanel(QWidget):
    """``chosen`` carries the key of a step to do, ``taken_back`` of one to ask about again."""

    chosen = Signal(str)
    taken_back = Signal(str)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._todos: dict[str, Todo] = {}
        self.switch = Switch(self.tr("Which steps"), KINDS)
        self.switch.chosen.connect(self.show_kind)
        self.search = SearchField(self.tr("Search the steps"))
        self.search.textChanged.connect(self._search)
        self.area = Choice(self.tr("Area"), 16)
        self.area.currentIndexChanged.connect(lambda _index: self._list())
        self.rows = RowList(self.tr("Steps"))
        self.rows.chosen.connect(self._show_one)
        self.rows.activated.connect(lambda _index: self._do())
        self.none = Text(role="dim")
        self._title = Text(role="strong")
        self._why = Text(role="dim")
        self.do = Button("", "primary", clicked=self._do)
        self.foot = Card(self._title, self._why, row(self.do, None), gap=8, margin=18)
        line = row(gap=10)
        line.addWidget(self.search, 1)
        line.addWidget(self.area)
        box = column(Flow(self.switch), line, self.none, gap=12)
        box.addWidget(self.rows, 1)
        box.addWidget(self.foot)
        self.setLayout(box)
        self.kind = "todo"

    def show_seen(self, seen: Seen) -> None:
        plan = seen.plan
        first = [todo for todo in (plan.next, *plan.more, *plan.rest) if todo is not None]
        self._seen = seen
        basis = {point.task: point.basis for point in seen.sheet.score.points}
        self._all = {
            "todo": [self._row(todo) for todo in first],
            "aside": [self._aside(one) for one in plan.put_aside],
            "done": [self._done(todo, basis.get(todo.key)) for todo in plan.done],
        }
        aside = [one.todo for one in plan.put_aside]
        self._todos = {todo.key: todo for todo in (*first, *aside, *plan.done)}
        areas = {area_key(todo) for todo in self._todos.values()}
        say = self._words.say
        options = [(self.tr("All areas"), EVERYWHERE)]
        options += [
            (say(f"checkup.area.{area.value}"), area.value) for area in ORDER if area.value in areas
        ]
        if PILLARS in areas:
            options.append((say("checkup.page.found"), PILLARS))
        self.area.offer(options)
        self.show_kind(self.kind)

    def show_kind(self, kind: str) -> None:
        self.kind = kind
        texts = {
            "todo": self.tr("To do ({count})"),
            "aside": self.tr("Put aside ({count})"),
            "done": self.tr("Done ({count})"),
        }
        told = {key: text.format(count=len(self._all[key])) for key, text in texts.items()}
        self.switch.show_choices(told, kind)
        self._list()

    def _list(self) -> None:
        area = self.area.currentData() or EVERYWHERE
        rows = [
            one for one in self._all[self.kind]
            if area in (EVERYWHERE, area_key(self._todos[one.key]))
        ]  # fmt: skip
        self.rows.show_rows(rows)
        self._search(self.search.text())

    def _search(self, text: str) -> None:
        self.rows.search(text)
        empty = not self.rows.listed.rowCount()
        told = "checkup.page.search.none" if text or self.area.currentData() else (
            f"checkup.page.none.{self.kind}"
        )  # fmt: skip
        self.none.setText(self._words.say(told))
        self.none.setVisible(empty)
        self.rows.setVisible(not empty)
        if not self.rows.current_key():
            self.rows.choose_first()
        self._show_one(self.rows.current_key())

    def _show_one(self, key: str) -> None:
        todo = self._todos.get(key)
        self.foot.setVisible(todo is not None)
        if todo is None:
            return
        title = self._words.tell(todo.title)
        self._title.setText(title)
        self._why.setText(self._words.tell(todo.why))
        text = self.tr("Do this one") if self.kind == "todo" else self.tr("Take back")
        self.do.setText(text)
        self.do.setAccessibleName(f"{text}: {title}")
        # what Guardian sees by itself is nobody's to take back
        said = self.kind != "done" or key in self._seen.answers
        self.do.setVisible(said)

    def _do(self) -> None:
        key = self.rows.current_key()
        if not key or self.do.isHidden():
            return
        if self.kind == "todo":
            self.chosen.emit(key)
        else:
            self.taken_back.emit(key)

    # rows

    def _row(self, todo: Todo, detail: Sequence[str] = (), mark: str = "", token: str = "dim"):
        words = self._words
        minutes = words.say("checkup.page.minutes", count=todo.minutes)
        area = todo.task.area if todo.task else None
        return Row(
            todo.key,
            words.tell(todo.title),
            " · ".join((area_of(words, todo), *(detail or (minutes,)))),
            mark,
            token,
            ICONS[area] if area else "screen",
            (ORDER.index(area) + 1 if area else 0,),
        )

    def _aside(self, one: Put) -> Row:
        say = self._words.say
        reason = (one.reason,) if one.reason else ()
        if one.until is not None:
            return self._row(one.todo, reason, say("checkup.page.until", day=one.until))
        return self._row(one.todo, reason, say("checkup.page.not-mine"))

    def _done(self, todo: Todo, basis: Basis | None) -> Row:
        said = self._words.say(f"score.basis.{(basis or Basis.SAID).value}")
        return self._row(todo, (), said, "fine")


def area_key(todo: Todo) -> str:
    return todo.task.area.value if todo.task else PILLARS
