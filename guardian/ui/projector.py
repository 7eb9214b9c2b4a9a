"""The projector view of a demonstration: large, plain, and led by the keyboard alone.

It exists in the demonstration's window only, and stays off while real records are open on this
computer account: see :mod:`guardian.ui.apart`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.apart import Wall
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import row
from guardian.ui.kit.page import Page
from guardian.ui.kit.text import Text
from guardian.ui.window import Window

AGAIN = 500  # milliseconds between tries at the start, while a real window is still closing
TRIES = 10
NARROW, LOW = 700, 460  # of the window, at 100 %: with less, the rail shows icons alone
CRAMPED = 560  # with less, what else stands side by side stands below each other
TYPING = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
MOVING = (*TYPING, QAbstractItemView, QComboBox)  # what needs the arrow keys for itself
EFFECTS = (
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_FadeMenu,
)
FITTING = frozenset({QEvent.Type.Resize, *theme.LOOK_CHANGES})
STEP, SCREEN = 0.15, 0.85  # of what is seen, for an arrow and for a page key
STEPS = {  # by key: whether it leads up and down, and how far
    Qt.Key.Key_Up: (True, -STEP),
    Qt.Key.Key_Down: (True, STEP),
    Qt.Key.Key_Left: (False, -STEP),
    Qt.Key.Key_Right: (False, STEP),
    Qt.Key.Key_PageUp: (True, -SCREEN),
    Qt.Key.Key_PageDown: (True, SCREEN),
}


class Projector(QObject):
    """``dress`` puts the look of the settings on anew; ``wall`` is the sign for real windows."""

    def __init__(
        self, window: Window, words: Words, dress: Callable[[], object], wall: Wall
    ) -> None:
        super().__init__(window)
        self._window, self._words, self._dress, self._wall = window, words, dress, wall
        self._tries, self._flash = 0, QApplication.cursorFlashTime()
        self._effects = [one for one in EFFECTS if QApplication.isEffectEnabled(one)]
        self.on = False
        self.blank: Blank | None = None
        self.button = Button(words.say("projector.on"), icon_name="screen", clicked=self.toggle)
        self.button.setToolTip(words.say("projector.keys"))
        window.add_to_banner(self.button)
        window.page_shown.connect(lambda _key: self._fit())  # the banner may say something else
        window.closing.connect(self.close)
        window.installEventFilter(self)
        window.rail.installEventFilter(self)
        QApplication.instance().installEventFilter(self)

    # on and off

    def toggle(self) -> None:
        """Ctrl+P, and the button in the banner."""
        if self.on:
            self.turn_off()
            return
        try:
            self.turn_on()
        except Problem as problem:
            self._refuse(problem)

    def turn_on(self) -> None:
        """Raises ``Problem("projector-records-open")``."""
        if not self._wall.announce():
            raise Problem("projector-records-open")
        self._switch(on=True)

    def turn_on_soon(self) -> None:
        """At the start: the real window that asked for it may take a moment to close."""
        try:
            self.turn_on()
        except Problem as problem:
            self._tries += 1
            if self._tries < TRIES:
                QTimer.singleShot(AGAIN, self, self.turn_on_soon)
            else:
                self._refuse(problem)

    def turn_off(self) -> None:
        self._wall.withdraw()
        self._switch(on=False)

    def close(self) -> None:
        """The window closes: real ones may open again."""
        app = QApplication.instance()
        app.removeEventFilter(self)
        self._wall.withdraw()
        theme.project(app, on=False)

    def _switch(self, *, on: bool) -> None:
        self.on = on
        app = QApplication.instance()
        theme.project(app, on=on)
        app.setCursorFlashTime(0 if on else self._flash)
        for effect in self._effects:
            app.setEffectEnabled(effect, not on)
        self._dress()
        self.button.setText(self._words.say("projector.off" if on else "projector.on"))
        self._fit()

    def _fit(self) -> None:
        # as small as it is, nobody would see it
        self._window.corner.setVisible(not self.on and self._window.covered is None)
        self._window.stack_banner(self._cramped)
        self._fit_page()
        self._fit_rail()

    def _refuse(self, problem: Problem) -> None:
        words = self._words
        dialog = Dialog(self._window, words.say(f"problem.{problem.code}"))
        dialog.add(Text(words.say(f"problem.{problem.code}.do")))
        dialog.add(row(Button(dialog.tr("Close"), "primary", clicked=dialog.accept), None))
        dialog.open()

    def _fit_page(self) -> None:
        page = self._window.stack.currentWidget()
        if isinstance(page, Page):
            page.let_scroll(self.on, narrow=self._cramped)

    @property
    def _cramped(self) -> bool:
        return self.on and self._window.width() < theme.px(CRAMPED)

    def _fit_rail(self) -> None:
        roomy = self._window.width() >= theme.px(NARROW) and self._window.height() >= theme.px(LOW)
        rail = self._window.rail
        rail.show_wide(roomy or not self.on)
        QTimer.singleShot(0, rail, self._squeeze_rail)  # once it has its room

    def _squeeze_rail(self) -> None:
        rail = self._window.rail
        rail.fit(rail.height())

    # keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() in FITTING:
            QTimer.singleShot(0, self, self._fit)  # once this is done: the texts change again
        if watched is self._window.rail and event.type() == QEvent.Type.Resize and self.on:
            QTimer.singleShot(0, self, self._squeeze_rail)
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget):  # the window system's own object hears it first
            return False
        return self._heard(event)

    def _heard(self, event: QKeyEvent) -> bool:
        """Whether the key was meant for the projector."""
        key, plain = event.key(), not event.modifiers()
        if key == Qt.Key.Key_P and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.toggle()
            return True
        if not self.on:
            return False
        focus = QApplication.focusWidget()
        if key == Qt.Key.Key_B and plain and not isinstance(focus, TYPING):
            self.turn_black()
            return True
        if key == Qt.Key.Key_F11 and plain:
            window = self._window
            window.showNormal() if window.isFullScreen() else window.showFullScreen()
            return True
        if plain and not isinstance(focus, MOVING):
            return self._scroll(Qt.Key(key), focus)
        return False

    def turn_black(self) -> None:
        """Black over the whole screen, and back."""
        if self.blank is not None:
            self.blank.reject()
            return
        over = QApplication.activeModalWidget() or self._window
        self.blank = Blank(over)
        self.blank.finished.connect(self._light)
        self.blank.setGeometry(self._window.screen().geometry())
        self.blank.showFullScreen()

    def _light(self) -> None:
        blank, self.blank = self.blank, None
        if blank is not None:
            blank.deleteLater()

    def _scroll(self, key: Qt.Key, focus: QWidget | None) -> bool:
        """Move what is around the focus, or else the page; whether anything could move."""
        if key not in STEPS:
            return False
        down, share = STEPS[key]
        if abs(share) == STEP and self._moves(focus, down=down):
            return False
        for area in self._areas(focus):
            bar = area.verticalScrollBar() if down else area.horizontalScrollBar()
            before, seen = bar.value(), area.viewport().size()
            bar.setValue(before + round(share * (seen.height() if down else seen.width())))
            if bar.value() != before:
                return True
        return False

    def _moves(self, focus: QWidget | None, *, down: bool) -> bool:
        """Whether the arrows lead on from ``focus``: between the pages, and among choices."""
        if isinstance(focus, QAbstractButton) and focus.group() is not None:
            return not down or focus.parentWidget() is self._window.rail
        return False

    def _areas(self, focus: QWidget | None) -> list[QScrollArea]:
        """What scrolls, from the inside: around the focus first, then whatever is seen."""
        page = QApplication.activeModalWidget() or self._window.stack.currentWidget()
        found: list[QScrollArea] = []
        around = focus
        while around is not None and around is not page:
            around = around.parentWidget()
            if isinstance(around, QScrollArea):
                found.append(around)
        if page is not None:
            inside = [one for one in page.findChildren(QScrollArea) if one.isVisible()]
            found += [one for one in reversed(inside) if one not in found]
        return found


class Blank(QDialog):
    """Nothing but black. B brings the picture back, and so does Esc."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setModal(True)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAccessibleName(self.tr("Black screen. Press B to go on."))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        painter.end()
