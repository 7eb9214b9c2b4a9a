"""The walk through one account: its steps at the side, one screen at a time, and its story."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget

from guardian.accounts.model import Account, LetterKind
from guardian.accounts.service import AccountsService
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.dragging import dropped_files
from guardian.ui.kit.layout import column, plain, row
from guardian.ui.kit.page import scrolling
from guardian.ui.kit.steps import Progress, Steps
from guardian.ui.kit.text import Text
from guardian.ui.pages.accounts.closing.asking import AskScreen
from guardian.ui.pages.accounts.closing.before import BeforeScreen
from guardian.ui.pages.accounts.closing.finish import FinishScreen
from guardian.ui.pages.accounts.closing.letter import LetterScreen
from guardian.ui.pages.accounts.closing.looks import LookScreen
from guardian.ui.pages.accounts.closing.screen import Screen, remark
from guardian.ui.pages.accounts.closing.standing import Stage, Standing
from guardian.ui.pages.accounts.closing.timeline import Timeline
from guardian.ui.pages.accounts.closing.waiting import WaitScreen
from guardian.ui.pages.accounts.closing.walk import Walk
from guardian.ui.pages.accounts.names import ADDRESS, Eye, Names

SCREENS: dict[Stage, type[Screen]] = {
    Stage.BEFORE: BeforeScreen,
    Stage.ASK: AskScreen,
    Stage.LETTER: LetterScreen,
    Stage.WAIT: WaitScreen,
    Stage.LOOK: LookScreen,
    Stage.GONE: FinishScreen,
}
WIDE = 700  # pixels at 100 %: below, the steps stand above the screen
SIDE = 230


class CasePanel(QWidget):
    """Walks a person through closing one account.

    ``changed``: the case is another now. ``left``: back to where it was opened from.
    ``troubled`` carries a Problem. ``proof_wanted`` carries files for a vault and the site they
    belong to; once they are there, :meth:`proof_kept` notes it.
    """

    changed = Signal()
    left = Signal()
    troubled = Signal(object)
    proof_wanted = Signal(object, str)

    def __init__(self, service: AccountsService, desk: Desk, names: Names) -> None:
        super().__init__()
        self._desk = desk
        self.walk = Walk(self, service.closing, desk, names)
        self.stage = Stage.BEFORE
        self._stage_of_case: Stage | None = None
        self._begin_at: Stage | None = None
        self.setAcceptDrops(True)
        self._build_head()
        self._build_body()
        self.setLayout(column(self._head, self._both, gap=18))
        walk = self.walk
        walk.learned.connect(self._show_standing)
        walk.wanted.connect(self.go)
        walk.writing.connect(self._write)
        walk.changed.connect(self.changed)
        walk.troubled.connect(self.troubled)
        walk.left.connect(self.left)
        names.changed.connect(self._show_names)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.undo)

    def _show_names(self) -> None:
        if self.walk.standing is not None:
            for screen in self.screens.values():
                screen.show_standing(self.walk.standing)

    def _build_head(self) -> None:
        self.back = Button(self.tr("Back"), icon_name="back", clicked=self.left.emit)
        self.back.setAccessibleName(self.tr("Back to the list"))
        self.undo_button = Button(self.tr("Undo"), "quiet", "undo", self.undo)
        self.undo_button.setAccessibleName(self.tr("Undo the last step"))
        self.undo_button.setToolTip(self.tr("Undo the last step"))
        self.eye = Eye(self.walk.names, "quiet")
        self._site, self._state = Text(role="heading").selectable(), Text(role="dim")
        self._news = Text()
        self._news_card = remark(self._news, "mail")
        for hidden in (self.eye, self.undo_button, self._news_card):
            hidden.hide()
        line = row(self.back, gap=10)
        line.addLayout(column(self._site, self._state, gap=2), 1)
        line.addWidget(self.eye)
        line.addWidget(self.undo_button)
        self._head = column(line, self._news_card, gap=12)

    def _build_body(self) -> None:
        say = self._desk.words.say
        self.steps = Steps(
            self.tr("Steps"),
            {stage.value: say(f"closing.step.{stage.value}") for stage in Stage},
            {far: say(f"closing.progress.{far.value}") for far in Progress},
            self.tr("Step {number} of {count}: {title}"),
        )
        self.steps.chosen.connect(lambda key: self.go(Stage(key)))
        self.screens: dict[Stage, Screen] = {}
        self._screen_box = column()
        self.timeline = Timeline(self.walk)
        self.timeline.proofs_chosen.connect(self._want_proof)
        self.timeline.hide()
        self.area = scrolling(self._screen_box, self.timeline, None)
        self._side = plain(column(self.steps, None))
        self._both = row(gap=24)
        self._both.addWidget(self._side)
        self._both.addWidget(self.area, 1)

    def screen(self, stage: Stage) -> Screen:
        """The screen of a step, built when it is first needed: all at once would take a moment."""
        if stage not in self.screens:
            made = self.screens[stage] = SCREENS[stage](self.walk)
            made.hide()
            self._screen_box.addWidget(made)
            last = self.window().previousInFocusChain()  # of what was built just now
            for stop in self.timeline.stops():
                self.setTabOrder(last, stop)
                last = stop
            if self.walk.standing:
                made.show_standing(self.walk.standing)
        return self.screens[stage]

    def show_account(self, account: Account) -> None:
        """Walk through the case of ``account``; where it is shown already, only what is new."""
        if account.site != self.walk.site:
            self._stage_of_case = None
        self._site.setText(account.site)
        self.walk.show(account)

    def begin_at(self, stage: Stage) -> None:
        """Show ``stage`` of the account that is being shown, as soon as it is known."""
        if self.walk.standing is not None and self._stage_of_case is not None:
            self.go(stage)
        else:
            self._begin_at = stage

    def _show_standing(self, standing: Standing) -> None:
        """Follow the case to its step, unless it is where it was."""
        words, first = self._desk.words, self._stage_of_case is None
        self._state.setText(words.say(f"closing.state.{standing.case.state.value}"))
        self.undo_button.setVisible(bool(standing.case.events))
        self._news.setText(words.tell(standing.news) if standing.news else "")
        self._news_card.setVisible(bool(standing.news))
        held = QApplication.focusWidget()
        primary = is_primary(held)
        for screen in (*self.screens.values(), self.timeline):
            screen.show_standing(standing)
        before, self._stage_of_case = self._stage_of_case, standing.stage
        if before is not standing.stage:
            again = before is not None and standing.stage is Stage.BEFORE
            self.go(Stage.ASK if again else standing.stage)
        else:
            self._show_steps()
            stale = held is not None and (not held.isVisible() or primary != is_primary(held))
            if stale and self.isAncestorOf(held):
                self._focus_first()  # what had the focus is not what comes next any more
        self.timeline.show()
        if first:
            self._arrange()
        if self._begin_at is not None:
            wanted, self._begin_at = self._begin_at, None
            self.go(wanted)

    def go(self, stage: Stage) -> None:
        """Show a step. Any step can be looked at, whatever was done."""
        self.stage, wanted = stage, self.screen(stage)
        wanted.enter()
        for one, screen in self.screens.items():
            screen.setVisible(one is stage)
        self._show_steps()
        self.area.verticalScrollBar().setValue(0)
        self._focus_first()

    def _focus_first(self) -> None:
        first = self.screen(self.stage).first()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_steps(self) -> None:
        if self.walk.standing:
            self.steps.show_steps(self.walk.standing.progress(self.stage), self.stage.value)
            self.eye.setVisible(covers_names(self.walk.standing, self.stage))

    def _write(self, kind: LetterKind) -> None:
        letter = self.screen(Stage.LETTER)
        assert isinstance(letter, LetterScreen)
        letter.begin(kind)
        self.go(Stage.LETTER)

    def undo(self) -> None:
        """Take back what happened last in this case."""
        standing = self.walk.standing
        if standing and standing.case.events:
            self.walk.do(self.walk.closing.undo, self.walk.site)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dragEnterEvent(event)
        self._want_proof(dropped_files(event.mimeData()))

    def _want_proof(self, files: Sequence[Path]) -> None:
        if files and self.walk.standing:
            self.proof_wanted.emit(list(files), self.walk.site)

    def proof_kept(self, site: str, name: str, place: str) -> None:
        """A proof about ``site`` now lies at ``place`` in a vault."""
        self.walk.note_proof(site, name, place)

    def go_back(self) -> bool:
        """Esc: from a step that was looked at to the one the case is at, then back to the list."""
        standing = self.walk.standing
        if standing and self.stage is Stage.LETTER and standing.was_asked:
            self.go(standing.stage)
        else:
            self.left.emit()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in theme.LOOK_CHANGES:
            self._arrange()

    def _arrange(self) -> None:
        """The steps beside the screen, or above it where there is little room."""
        wide = self.width() >= theme.px(WIDE)
        ways = QBoxLayout.Direction
        self._both.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        self.steps.show_wide(wide)
        self._side.setMinimumWidth(theme.px(SIDE) if wide else 0)


def is_primary(widget: QWidget | None) -> bool:
    return isinstance(widget, Button) and widget.role == "primary"


def covers_names(standing: Standing, stage: Stage) -> bool:
    """Whether a step has names to be covered; in a letter they stand as they will be sent."""
    if stage is Stage.ASK:
        return len(standing.account.usernames) > 1
    advice = {Stage.BEFORE: standing.before, Stage.GONE: standing.after}.get(stage, ())
    return any(ADDRESS in one.text.facts for one in advice)
