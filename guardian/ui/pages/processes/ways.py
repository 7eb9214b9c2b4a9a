"""Other ways to look: more closely, with admin rights, and, for trainers, at harmless examples."""

from __future__ import annotations

from PySide6.QtCore import Signal

from guardian.core.errors import Problem
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.layout import Line, clear, column, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes.work import Wish


class Ways(Fold):
    """``looking`` carries how the look is wanted; ``trying``: plant harmless examples."""

    looking = Signal(object)
    trying = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk.words.say("processes.page.ways"), desk.words.say("processes.page.ways")
        )
        self._desk = desk
        say = desk.words.say
        self.deep = Button(
            self.tr("Look more closely"), icon_name="search",
            clicked=lambda: self.looking.emit(Wish(deep=True)),
        )  # fmt: skip
        self.admin = Button(
            self.tr("Look with admin rights"), icon_name="key",
            clicked=lambda: self.looking.emit(Wish(admin=True)),
        )  # fmt: skip
        self.trial = Button(
            self.tr("Try it with harmless examples"), icon_name="processes",
            clicked=self.trying.emit,
        )  # fmt: skip
        self._admin_why = Text(role="dim")
        self._result = column(gap=4)
        self.inner.setSpacing(10)
        self._offer(self.deep, Text(say("processes.page.ways.deep"), "dim"))
        self.add(Line())
        self._offer(self.admin, self._admin_why)
        self.add(Line())
        self.add(Text(say("processes.page.trial.for"), "strong"))
        self._offer(self.trial, Text(say("processes.page.trial.what"), "dim"))
        self.result = plain(self._result)
        self.result.hide()
        self.add(self.result)
        self.show_refusal(None)

    def _offer(self, button: Button, why: Text) -> None:
        self.add(column(why, row(button, None), gap=8))

    def show_refusal(self, refusal: Problem | None) -> None:
        """Why admin rights are no use here, or what the system will ask."""
        words = self._desk.words
        self.admin.setEnabled(refusal is None)
        if refusal is None:
            self._admin_why.setText(words.say("processes.page.ways.admin"))
        else:
            said = words.say(f"problem.{refusal.code}", **refusal.facts)
            do = words.say(f"problem.{refusal.code}.do", **refusal.facts)
            self._admin_why.setText(f"{said} {do}")
        self.admin.setAccessibleDescription(self._admin_why.text())

    def show_trial(self, lines: list[str]) -> None:
        """The first line sums up, each other one is an example."""
        clear(self._result)
        self._result.addWidget(Text(lines[0], "strong"))
        self._result.addWidget(Text("\n".join(lines[1:])))
        self._result.addWidget(Text(self._desk.words.say("processes.page.trial.end"), "dim"))
        self.result.show()
        if not self.opened:
            self.toggle()
