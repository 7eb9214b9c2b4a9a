"""The checkup page: one next step, the score and where it comes from, the person's rhythm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from guardian.checkup.model import Answer, Circumstances, Rhythm, State, Todo
from guardian.checkup.service import CheckupService
from guardian.core.errors import Problem
from guardian.core.feature import Feature
from guardian.core.jobs import Report
from guardian.core.keys import KeyMode
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.layout import column, order_tabs, plain, row
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.page import Page, Stages
from guardian.ui.kit.ring import Ring
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.pages.checkup import looking
from guardian.ui.pages.checkup.board import Board
from guardian.ui.pages.checkup.history import HistoryPanel
from guardian.ui.pages.checkup.keeping import Keeper
from guardian.ui.pages.checkup.looking import Seen
from guardian.ui.pages.checkup.past import Past
from guardian.ui.pages.checkup.questions import QuestionsPanel
from guardian.ui.pages.checkup.rhythm import RhythmPanel
from guardian.ui.pages.checkup.saving import Saver
from guardian.ui.pages.checkup.sheet import SheetPanel
from guardian.ui.pages.checkup.steps import StepsPanel
from guardian.ui.records import Records


@dataclass(frozen=True)
class Before:
    """What had been said of a step when it was answered anew."""

    key: str
    answer: Answer | None
    until: date | None


class CheckupPage(Page):
    """``pillars`` is empty where a profile has none; ``look`` looks at what needs no consent."""

    key = "checkup"

    def __init__(  # noqa: PLR0917 - a page is handed its parts by the shelf alone
        self,
        service: CheckupService,
        pillars: Sequence[Feature],
        look: Callable[[Report], object],
        desk: Desk,
        records: Records,
        problem: Problem | None = None,
    ) -> None:
        super().__init__(greeting(desk), desk.words.say("checkup.page.intro"))
        self._service, self._pillars, self._look, self._desk = service, pillars, look, desk
        self._records = records
        self._asked = 0  # the number of the last question
        self._seen: Seen | None = None
        self._chosen = ""
        self._done: list[Before] = []
        self._left: QWidget | None = None  # what had the focus before another part was opened
        self.ring = Ring()
        self.ring.clicked.connect(lambda: self.open("sheet"))
        self._caption = Text(desk.words.say("checkup.page.ring.caption"), "small").one_line()
        self._score = plain(
            column(row(None, self.ring, None), row(None, self._caption, None), gap=2)
        )
        self._back = Button(self.tr("Back"), icon_name="back", clicked=self.go_back)
        self.head_buttons.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        self.head_buttons.addWidget(self._score)
        self.notice = Notice(desk.words)
        self.notice.action.connect(lambda: desk.go("settings"))
        self.working = Working(desk.words)
        self.board = Board(desk.words)
        self.stages = Stages(board=self.board)
        self._panels: dict[str, QWidget] = {"board": self.board}
        self.content.addWidget(self.notice)
        self.content.addWidget(self.stages, 1)
        self.content.addWidget(self.working)  # last: nothing moves under the hand when it ends
        self.saver = Saver(self, service, desk, self.notice)
        self._keeper = Keeper(self, service, desk.jobs)
        self._connect()
        self._head("board")
        self._score.hide()
        if problem:
            self.notice.show_problem(problem)
        elif records.mode is KeyMode.MEMORY and records.why:
            self.notice.show_problem(records.why, self.tr("Open settings"))

    def _connect(self) -> None:
        board = self.board
        board.wanted.connect(self.open)
        board.gone.connect(self._desk.go)
        board.chosen.connect(self.choose)
        board.look_asked.connect(self.start_check)
        board.undo_asked.connect(self.undo)
        board.card.answered.connect(self._answer)
        board.card.postponed.connect(self._postpone)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.undo)

    # what is shown

    def refresh(self) -> None:
        """Look up everything anew, off the window's thread: it may take a moment."""
        if self.stages.stage == "board":
            self.title.setText(greeting(self._desk))
        self._run(lambda: None)

    def _run(self, act: Callable[[], object], then: Callable[[], object] | None = None) -> None:
        """Do ``act``, show where that leads unless something newer is asked, and do ``then``."""
        today = self._desk.clock().date()
        number = self._asked = self._asked + 1
        job = self._desk.jobs.start(
            self, looking.act_and_look, act, self._service, self._pillars, today,
            failed=self.notice.show_problem,
        )  # fmt: skip

        def show(seen: Seen) -> None:
            if self._asked == number:
                self._show(seen)
            if then is not None:
                then()

        job.succeeded.connect(show)

    def _show(self, seen: Seen) -> None:
        if self._seen is not None and self._seen.sheet.score != seen.sheet.score:
            self._keeper.touch()  # what was done on another page moves it too
        self._seen = seen
        value = seen.sheet.score.value
        name = self._desk.words.say("checkup.page.ring", value=value)
        self.ring.show_count(value, 100, str(value), name)
        self.board.show_seen(seen, self._chosen)
        if not seen.circumstances.asked:
            self.open("about")
            return
        self._head(self.stages.stage)
        if self.stages.stage != "board":
            self._fill(self.stages.stage)

    def open(self, name: str) -> None:
        """Show another part of the page: sheet, history, steps, about, rhythm; or save a report."""
        if name == "report":
            self.saver.save_report()
        elif name == "board":
            self._to_board()
        elif self._seen is not None:
            panel, again = self._panel(name), self.stages.stage == name
            if self.stages.stage == "board":
                self._left = QApplication.focusWidget()
            self._fill(name)
            self.stages.show_stage(name)
            self._head(name)
            if not again:
                self._focus(panel)

    def _focus(self, panel: QWidget) -> None:
        """Where the keys go on in a part that was just opened."""
        begin: QWidget = self._back
        if isinstance(panel, StepsPanel):
            begin = panel.search
        elif isinstance(panel, QuestionsPanel):
            begin = next(iter(panel.devices.buttons.values()))
        QTimer.singleShot(0, begin, lambda: begin.setFocus(Qt.FocusReason.OtherFocusReason))

    def _panel(self, name: str) -> QWidget:
        """Each part is made when it is first wanted."""
        if name not in self._panels:
            panel = self._panels[name] = getattr(self, f"_make_{name}")()
            self.stages.add_stage(name, panel)
            order_tabs(self)
        return self._panels[name]

    def _make_about(self) -> QuestionsPanel:
        kept = self._records.mode is not KeyMode.MEMORY
        panel = QuestionsPanel(self._desk.words, kept=kept)
        panel.answered.connect(self._describe)
        return panel

    def _make_sheet(self) -> SheetPanel:
        panel = SheetPanel(self._desk.words)
        panel.chosen.connect(self.choose)
        panel.save_asked.connect(self.saver.save_report)
        return panel

    def _make_steps(self) -> StepsPanel:
        panel = StepsPanel(self._desk.words)
        panel.chosen.connect(self.choose)
        panel.taken_back.connect(self._take_back)
        return panel

    def _make_rhythm(self) -> RhythmPanel:
        panel = RhythmPanel(self._desk.words)
        panel.saved.connect(self._set_rhythm)
        panel.calendar_asked.connect(self._save_calendar)
        return panel

    def _make_history(self) -> HistoryPanel:
        panel = HistoryPanel(self._desk.words)
        self.past = Past(panel, self._service, self._desk, self.notice)
        self.past.forgotten.connect(self.refresh)
        return panel

    def _fill(self, name: str) -> None:
        """Show in a part what is known by now."""
        panel, seen = self._panels[name], self._seen
        assert seen is not None
        if isinstance(panel, QuestionsPanel):
            if self.stages.stage != "about":  # what is being answered is not put back
                panel.show_circumstances(seen.circumstances)
        elif isinstance(panel, SheetPanel | StepsPanel):
            panel.show_seen(seen)
            order_tabs(self)
        elif isinstance(panel, RhythmPanel):
            if self.stages.stage != "rhythm":
                panel.show_rhythm(seen.rhythm, seen.today)
        elif isinstance(panel, HistoryPanel):
            self.past.look(keep=self._keeper.take())

    def _head(self, name: str) -> None:
        """The title of what is shown; the score belongs to the first sight, Back to the others."""
        say = self._desk.words.say
        board = name == "board"
        self.title.setText(greeting(self._desk) if board else say(f"checkup.page.title.{name}"))
        waits = self._seen is None or self._seen.plan.next is not None
        intro = say("checkup.page.intro" if waits else "checkup.page.intro.nothing")
        self.subtitle.setText(intro if board else say(f"checkup.page.title.{name}.why"))
        first = self._seen is not None and not self._seen.circumstances.asked
        self._back.setVisible(not board and not first)
        self._score.setVisible(board and self._seen is not None)

    # what the person does

    def choose(self, key: str) -> None:
        """Put another step into the card."""
        self._chosen = key
        if self._seen is not None:
            self.board.show_seen(self._seen, key)
            self._to_board()
            self._to_card()

    def _to_card(self) -> None:
        """The keys go on with what the card offers first, once it is laid out."""
        self.board.area.verticalScrollBar().setValue(0)
        card = self.board.card
        if not card.isHidden():
            QTimer.singleShot(0, card, card.take_focus)

    def _to_board(self) -> None:
        self.stages.show_stage("board")
        self._head("board")

    def _answer(self, todo: Todo, state: State, reason: str) -> None:
        act = partial(self._service.answer, todo.key, state, reason)
        self._say_and_do(todo.key, f"checkup.page.said.{state.value}", act)

    def _postpone(self, todo: Todo, until: date) -> None:
        act = partial(self._service.postpone, todo.key, until)
        self._say_and_do(todo.key, "checkup.page.said.later", act, day=until)

    def _say_and_do(self, key: str, code: str, act: Callable[[], object], **facts: date) -> None:
        """Do it, tell it in one calm line, and go on to the next step."""
        self._chosen = ""
        before: list[Before] = []

        def remember_and_do() -> None:
            before.append(Before(key, *self._service.said(key)))
            act()

        def told() -> None:
            self._done += before
            self._keeper.touch()
            self.board.said.show_text(self._desk.words.say(code, **facts))
            self._to_card()

        self._keeper.touch()  # the window may be closed before it is told
        self._run(remember_and_do, told)

    def undo(self) -> None:
        """Take back the last answer, for what was said before it; its step is the next one."""
        if not self._done:
            return
        before = self._done.pop()
        self._chosen = before.key

        def told() -> None:
            self._keeper.touch()
            self.board.said.setVisible(bool(self._done))
            if self._done:
                self.board.said.show_text(self._desk.words.say("checkup.page.said.undone"))
            self._to_board()
            self._to_card()

        act = partial(self._service.restore, before.key, before.answer, before.until)
        self._run(act, told)

    def _take_back(self, key: str) -> None:
        self._done = [one for one in self._done if one.key != key]
        self.board.said.hide()
        self._run(partial(self._service.take_back, key), self._keeper.touch)

    def _describe(self, circumstances: Circumstances) -> None:
        self._to_board()
        self._keeper.touch()
        self._run(partial(self._service.describe, circumstances), self._to_card)

    def _set_rhythm(self, rhythm: Rhythm) -> None:
        self._to_board()
        self._run(partial(self._service.set_rhythm, rhythm))

    def _save_calendar(self, rhythm: Rhythm) -> None:
        self._run(partial(self._service.set_rhythm, rhythm))
        self.saver.save_calendar(rhythm)

    def start_check(self) -> None:
        """Look at everything that needs no consent."""
        job = self._desk.jobs.start(self, self._look, failed=self.notice.show_problem)
        job.finished.connect(self.refresh)
        self.working.follow(job, self.tr("Looking at this computer"))

    def finish(self) -> None:
        self._keeper.finish()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keeper.keep()
        if not event.spontaneous():
            self.board.said.hide()  # Ctrl+Z still knows

    # keys

    def search_field(self) -> QLineEdit | None:
        """The search is in the list of all steps."""
        if self._seen is None or not self._seen.circumstances.asked:
            return None
        if self.stages.stage != "steps":
            self.open("steps")
        panel = self._panels["steps"]
        assert isinstance(panel, StepsPanel)
        return panel.search

    def go_back(self) -> bool:
        if self.stages.stage == "board":
            if self.board.card.asking:
                self.board.card.stop_asking()
                return True
            return False
        if self._seen is not None and not self._seen.circumstances.asked:
            return False
        self._to_board()
        if self._left is not None and isValid(self._left) and self._left.isVisibleTo(self):
            self._left.setFocus(Qt.FocusReason.OtherFocusReason)
        return True


def greeting(desk: Desk) -> str:
    hour = desk.clock().hour
    part = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    return desk.words.say(f"checkup.page.good-{part}")
