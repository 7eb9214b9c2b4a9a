"""Before the pages: the records wait for their passphrase."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.core.profiles import Profile
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import SecretField
from guardian.ui.kit.layout import Card, at_least, column, row
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.text import Text
from guardian.ui.people.face import name_of


class UnlockPage(QWidget):
    """Asks for the passphrase of the records. Emits an empty one for «go on without».

    Where there are several people ``who`` is named, and there is a way back to all of them
    instead.
    """

    answered = Signal(str)
    went_back = Signal()
    forgotten = Signal()

    def __init__(self, words: Words, who: Profile | None = None) -> None:
        super().__init__()
        self._notice = Notice(words)
        self.field = SecretField(self.tr("Passphrase"))
        self.field.returnPressed.connect(self._answer)
        self._open = Button(self.tr("Open my records"), "primary", clicked=self._answer)
        if who is None:
            title = words.say("unlock.title")
            self.other = Button(
                self.tr("Go on without them"), clicked=lambda: self.answered.emit("")
            )
        else:
            title = words.say("people.unlock", name=name_of(words, who))
            self.other = Button(self.tr("Back"), clicked=self.went_back.emit)
        self.lost = Button(words.say("people.forgot"), "quiet", clicked=self.forgotten.emit)
        card = Card(
            Text(title, "heading"), Text(words.say("unlock.text"), "dim"),
            self.field, row(self._open, self.other, None), row(self.lost, None),
            gap=14, margin=28,
        )  # fmt: skip
        at_least(card.body, theme.px(424))
        at_least(self._notice.body, theme.px(448))
        self.setLayout(
            column(None, row(None, self._notice, None), row(None, card, None), None, None)
        )
        self.setFocusProxy(self.field)

    def _answer(self) -> None:
        if self.field.text():
            self._wait(True)
            self.answered.emit(self.field.text())

    def _wait(self, waiting: bool) -> None:
        self.field.setEnabled(not waiting)
        self._open.setEnabled(not waiting)
        self.other.setEnabled(not waiting)
        self.lost.setEnabled(not waiting)

    def refuse(self, problem: Problem) -> None:
        """The passphrase was wrong: say so and let the person try again."""
        self._wait(False)
        self._notice.show_problem(problem)
        self.field.selectAll()
        self.field.setFocus()
