"""What keeps the window from being read along: locking, the cover, the quick exit, capture."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from guardian.core import keys
from guardian.core.jobs import Report
from guardian.core.settings import ProfileLock
from guardian.ui.guard import traces
from guardian.ui.guard.capture import HIDDEN, SHOWN, Mac, Windows, find_system
from guardian.ui.guard.cover import CoverPage
from guardian.ui.guard.keys import Keys
from guardian.ui.guard.notes import NotesPage
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.text import Text
from guardian.ui.people.who import WhoPage
from guardian.vault.cryptomator import masterkey
from guardian.vault.service import VaultService
from tests.scenes.studio import NOW, Studio, open_studio
from tests.ui.people_room import (
    SECRET,
    add,
    come_in,
    in_dialogs,
    name_first,
    open_window,
    shown,
    who,
)

ESCAPE, F9 = Qt.Key.Key_Escape, Qt.Key.Key_F9


@pytest.fixture
def studio(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)
    monkeypatch.setattr(masterkey, "COST", 2**10)
    with open_studio(qapp, tmp_path / "studio") as made:
        yield made


@pytest.fixture
def ben(qtbot: QtBot, studio: Studio) -> Studio:
    """Ben is here, behind a passphrase."""
    name_first(studio, "Ana")
    add(studio, "Ben")
    open_window(studio)
    come_in(qtbot, studio, "Ben")
    return studio


def pass_time(studio: Studio, monkeypatch: pytest.MonkeyPatch, **span: int) -> None:
    """So much time passes on the calendar of the guard and its watch."""
    guard = studio.guardian.guard
    for one in (guard, guard.watch):
        monkeypatch.setattr(one, "_clock", lambda: NOW + timedelta(**span))


def for_ever(report: Report) -> None:
    while True:
        report(0, 0)
        time.sleep(0.001)


def gone(studio: Studio) -> bool:
    return isinstance(studio.window.covered, NotesPage)


def test_nobody_there_for_ten_minutes_locks(ben: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    pass_time(ben, monkeypatch, minutes=9)
    ben.guardian.guard.watch._looked = NOW + timedelta(minutes=9)
    ben.guardian.guard.watch.look()
    assert ben.guardian.store is not None
    pass_time(ben, monkeypatch, minutes=10)
    ben.guardian.guard.watch.look()
    ben.settle()
    assert ben.guardian.store is None
    assert "10 minutes" in who(ben)._why.text()


def test_never_is_never_but_a_locked_screen_still_locks(
    ben: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben.guardian.preferences.change(profile_lock=ProfileLock.NEVER)
    guard = ben.guardian.guard
    pass_time(ben, monkeypatch, hours=20)
    guard.watch._looked = NOW + timedelta(hours=20)
    guard.watch.look()
    assert ben.guardian.store is not None
    guard.watch.session.screen_locked.emit()
    assert ben.guardian.store is None


def test_without_a_passphrase_it_is_covered_instead_and_nothing_is_lost(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.start()
    studio.show("accounts")
    pass_time(studio, monkeypatch, minutes=11)
    studio.guardian.guard.watch.look()
    assert isinstance(studio.window.covered, CoverPage)
    assert studio.guardian.store is not None


def test_work_in_hand_may_end_below_the_cover_before_it_locks(
    ben: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = threading.Event()
    ben.guardian.jobs.start(ben.window, lambda _report: end.wait(10))
    pass_time(ben, monkeypatch, minutes=11)
    watch = ben.guardian.guard.watch
    watch.look()
    assert isinstance(ben.window.covered, CoverPage)
    assert ben.guardian.store is not None
    end.set()
    ben.settle()
    watch.look()
    assert ben.guardian.store is None
    assert isinstance(shown(ben), WhoPage)
    assert ben.window.covered is None


def test_a_computer_that_sleeps_waits_for_no_work(ben: Studio) -> None:
    ben.guardian.jobs.start(ben.window, for_ever)
    ben.guardian.guard.watch.session.sleeps.emit()
    assert ben.guardian.store is None


def test_f9_covers_everything_at_once_and_brings_it_back(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    page = studio.show("accounts")
    qtbot.keyClick(studio.window, F9)
    assert isinstance(studio.window.covered, CoverPage)
    assert not page.isVisible()
    assert not studio.window.rail.isVisible()
    qtbot.keyClick(studio.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert studio.window.stack.currentWidget() is page, "keys do nothing below the cover"
    qtbot.keyClick(studio.window, F9)
    assert studio.window.covered is None
    assert page.isVisible()
    qtbot.keyClick(studio.window, F9)
    qtbot.mouseClick(studio.window.covered.back, Qt.MouseButton.LeftButton)
    assert page.isVisible()


def test_a_dialog_is_covered_too_and_keeps_what_was_typed(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    dialog, field = Dialog(studio.window, "A private matter"), QLineEdit()
    dialog.add(field)
    dialog.add_buttons("Yes", "No")
    dialog.show()
    qtbot.keyClicks(field, "half a word")
    qtbot.keyClick(dialog, F9)
    assert dialog.windowTitle() == ""
    assert dialog.childAt(dialog.rect().center()).text() == "F9 goes on"
    assert not field.isEnabled()
    assert told_of(dialog) == ["F9 goes on"], "a screen reader finds nothing else"
    qtbot.keyClick(dialog, F9)
    assert dialog.windowTitle() == "A private matter"
    assert field.text() == "half a word"
    assert dialog.childAt(field.mapTo(dialog, QPoint(4, 4))) is field
    dialog.reject()


def told_of(window: QWidget) -> list[str]:
    """All texts a screen reader comes to in ``window``, which says itself what cannot be seen."""
    found, ahead = [], [QAccessible.queryAccessibleInterface(window)]
    while ahead:
        one = ahead.pop()
        if one.state().invisible:
            continue
        found += [one.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value)]
        ahead += [one.child(number) for number in range(one.childCount())]
    return [text for text in dict.fromkeys(found) if text]


def test_a_dialog_comes_back_as_it_was_with_focus_marks_and_place(
    qtbot: QtBot, studio: Studio
) -> None:
    studio.start()
    dialog, field, note = Dialog(studio.window, "Private"), QLineEdit(), QPlainTextEdit()
    note.setFixedHeight(60)
    note.setPlainText("\n".join(f"line {number}" for number in range(40)))
    dialog.add(field, note, Text("A long word to the person. " * 60))
    dialog.add_buttons("Yes", "No")
    dialog.show()
    dialog.activateWindow()
    qtbot.keyClicks(field, "half a word")
    qtbot.waitUntil(dialog.isActiveWindow)
    field.setFocus()
    field.setSelection(5, 3)
    note.verticalScrollBar().setValue(7)
    size, place = dialog.size(), field.geometry()
    qtbot.keyClick(dialog, F9)
    assert not any("half" in text or "line 3" in text for text in told_of(dialog))
    qtbot.keyClick(dialog, F9)
    assert (dialog.size(), field.geometry()) == (size, place)
    assert dialog.focusWidget() is field
    assert field.selectedText() == "a w"
    assert note.verticalScrollBar().value() == 7
    dialog.reject()


def test_what_was_marked_on_a_page_is_marked_when_the_cover_goes(
    qtbot: QtBot, studio: Studio
) -> None:
    studio.start()
    page = studio.show("lessons")
    field = QLineEdit("water the plants", page)
    field.show()
    field.setFocus()
    field.setSelection(9, -3)
    qtbot.keyClick(studio.window, F9)
    assert not any("plants" in text for text in told_of(studio.window))
    qtbot.keyClick(studio.window, F9)
    assert studio.window.focusWidget() is field
    assert (field.selectedText(), field.cursorPosition()) == ("the", 6)


def test_a_cover_that_lay_for_longer_than_the_idle_time_is_locked(
    qtbot: QtBot, ben: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.keyClick(ben.window, F9)
    pass_time(ben, monkeypatch, minutes=10)
    qtbot.keyClick(ben.window, F9)
    assert ben.guardian.store is None
    assert isinstance(shown(ben), WhoPage)


def test_another_program_in_front_covers_where_that_is_wanted(studio: Studio) -> None:
    studio.start()
    guard, states = studio.guardian.guard, Qt.ApplicationState
    guard._state_changed(states.ApplicationInactive)
    assert studio.window.covered is None, "off unless wanted"
    studio.guardian.preferences.change(cover_away=True)
    guard._state_changed(states.ApplicationInactive)
    assert isinstance(studio.window.covered, CoverPage)
    guard._state_changed(states.ApplicationActive)
    assert studio.window.covered is None


def test_ctrl_l_locks_with_a_dialog_open(qtbot: QtBot, ben: Studio) -> None:
    result: list[Any] = []
    in_dialogs(
        lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    )
    dialog = Dialog(ben.window, "A private matter")
    result.append(dialog.exec())
    assert result == [QDialog.DialogCode.Rejected]
    assert ben.guardian.store is None
    assert isinstance(shown(ben), WhoPage)


def make_vault(studio: Studio, folder: Path) -> Any:
    """An open vault on its page."""
    VaultService(studio.guardian.store, lambda: NOW).create(folder, SECRET).lock()
    page = studio.show("vault")
    page.door.field.setText(SECRET)
    page.door.open.click()
    studio.settle(lambda: page.is_open)
    return page.handling.vault


def test_esc_twice_is_gone_at_once_with_a_vault_open_and_work_in_hand(
    qtbot: QtBot, ben: Studio, tmp_path: Path
) -> None:
    vault = make_vault(ben, tmp_path / "papers")
    store, page = ben.guardian.store, ben.window.page("vault")
    assert store is not None
    ben.guardian.jobs.start(ben.window, for_ever)
    QGuiApplication.clipboard().setText("passport number")
    qtbot.keyClick(ben.window, ESCAPE)
    assert not gone(ben)
    began = time.monotonic()
    qtbot.keyClick(ben.window, ESCAPE)
    took = time.monotonic() - began
    assert gone(ben)
    assert ben.window.windowTitle() == "Notes"
    assert took < 1.0, "generous: a busy computer is no fault of ours"
    assert vault.locked
    assert store._key is None
    assert QGuiApplication.clipboard().text() == ""
    assert ben.guardian.store is None
    sheet = ben.window.covered.sheet
    qtbot.keyClicks(sheet, "milk, bread")
    assert sheet.toPlainText() == "milk, bread"
    qtbot.waitUntil(lambda: not isValid(page), timeout=5_000)
    qtbot.keyClick(sheet, F9)
    assert isinstance(shown(ben), WhoPage)
    assert ben.window.covered is None
    assert ben.window.windowTitle() == "Guardian"
    assert not isValid(sheet) or not sheet.isVisible()
    come_in(qtbot, ben, "Ben")


def test_the_corner_button_does_the_same(qtbot: QtBot, ben: Studio) -> None:
    for key in ("checkup", "settings"):
        ben.show(key)
        corner = ben.window.corner
        assert ben.window.childAt(corner.geometry().center()) is corner, key
    qtbot.mouseClick(ben.window.corner, Qt.MouseButton.LeftButton)
    assert gone(ben)
    assert ben.guardian.store is None


def test_esc_twice_leaves_a_dialog_at_once(qtbot: QtBot, ben: Studio) -> None:
    dialog = Dialog(ben.window, "First")

    def leave(shown: Any) -> None:
        inner = Dialog(shown, "Second")
        in_dialogs(lambda inner: (qtbot.keyClick(inner, ESCAPE), qtbot.keyClick(shown, ESCAPE)))
        assert not inner.exec()

    in_dialogs(leave)
    assert not dialog.exec()
    assert gone(ben)
    assert QApplication.activeModalWidget() is None
    assert ben.guardian.store is None


def test_one_esc_still_goes_back_and_two_slow_ones_are_two(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.start()
    for key in ("accounts", "clauses", "settings"):
        studio.show(key)
    moment = [100.0]
    monkeypatch.setattr(studio.guardian.guard.keys, "_now", lambda: moment[0])
    qtbot.keyClick(studio.window, ESCAPE)
    assert studio.window.stack.currentWidget().key == "clauses"
    moment[0] += 0.6
    qtbot.keyClick(studio.window, ESCAPE)
    assert studio.window.stack.currentWidget().key == "accounts"
    assert not gone(studio)
    moment[0] += 0.4
    qtbot.keyClick(studio.window, ESCAPE)
    assert gone(studio)


def test_a_key_held_down_is_one_press(qtbot: QtBot) -> None:
    owner, heard = QDialog(), []
    qtbot.addWidget(owner)
    found = Keys(owner)
    found.asked_exit.connect(lambda: heard.append("gone"))
    for _ in range(3):
        qtbot.keyPress(owner, ESCAPE)
    assert heard == []
    qtbot.keyRelease(owner, ESCAPE)
    qtbot.keyClick(owner, ESCAPE)
    found.stop()
    assert heard == ["gone"]


def test_an_error_after_the_quick_exit_brings_nothing_up(ben: Studio) -> None:
    ben.guardian.guard.vanish()
    ben.guardian.show_crash(ValueError("late"))
    assert QApplication.activeModalWidget() is None
    assert gone(ben)


def test_a_neutral_name_is_kept_also_while_nobody_is_here(qtbot: QtBot, ben: Studio) -> None:
    assert ben.window.windowTitle() == "Guardian"
    ben.guardian.preferences.change(neutral_name=True)
    assert ben.window.windowTitle() == "Notes"
    ben.guardian.lock()
    assert ben.window.windowTitle() == "Notes"


class FakeUser32:
    """What Windows would be asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def SetWindowDisplayAffinity(self, window: Any, affinity: Any) -> int:
        self.asked.append((window.value, affinity.value))
        return 1


class FakeObjc:
    """What macOS would be asked; view 7 is in window 70."""

    class Call:
        restype: Any = None
        argtypes: Any = None

        def __init__(self, answer: Any) -> None:
            self.answer = answer

        def __call__(self, *arguments: Any) -> Any:
            return self.answer(*arguments)

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.sel_registerName = self.Call(lambda name: name)
        self.objc_msgSend = self.Call(self._send)

    def _send(self, *told: Any) -> int:
        self.asked.append(told)
        return told[0] * 10 if told[1] == b"window" else 0


def test_windows_and_macos_are_asked_to_leave_the_window_out_of_pictures() -> None:
    user, objc = FakeUser32(), FakeObjc()
    assert Windows(user).hide(5, True) and Windows(user).hide(5, False)
    assert user.asked == [(5, HIDDEN), (5, SHOWN)]
    assert Mac(objc).hide(7, True) and Mac(objc).hide(7, False)
    told = [call for call in objc.asked if call[1] == b"setSharingType:"]
    assert told == [(70, b"setSharingType:", 0), (70, b"setSharingType:", 1)]
    assert find_system("linux") is None


def test_every_window_and_dialog_is_left_out_unless_somebody_wants_otherwise(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    class System:
        def hide(self, _identity: int, hidden: bool) -> bool:
            asked.append(hidden)
            return True

    monkeypatch.setattr(studio.guardian.guard, "_system", System())
    studio.start()
    assert asked and all(asked)
    dialog = Dialog(studio.window, "One more")
    dialog.show()
    count = len(asked)
    studio.guardian.preferences.change(hide_from_capture=False)
    assert asked[count:] and not any(asked[count:])
    dialog.reject()


def test_dialogs_for_files_leave_no_word_of_where_somebody_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    secret = tmp_path / "secret place"
    secret.mkdir()
    before = QApplication.testAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    try:
        traces.keep_no_folders()
        dialog = QFileDialog(None, "", str(secret))
        dialog.setHistory([str(secret)])
        delete(dialog)  # it writes down what it knows when it goes
        traces.forget_folder()
        following = QFileDialog()
        assert "secret place" not in following.directory().absolutePath()
        assert not [one for one in following.history() if "secret place" in one]
        delete(following)
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert not [file for file in files if b"secret" in file.read_bytes()], files
    finally:
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, before)
        home = str(Path.home() / ".config")
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, home)
