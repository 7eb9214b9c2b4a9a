"""Leaving, whatever happens meanwhile: nothing stays open, and nothing of the person is left."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from guardian.checkup.model import Circumstances, State
from guardian.checkup.repository import CheckupRepository
from guardian.core import keychain, keys
from guardian.core.profiles import paths_of
from guardian.core.settings import TextSize, load_settings
from guardian.core.store import open_store
from guardian.ui.guard.keys import Keys
from guardian.ui.guard.notes import NotesPage
from guardian.ui.people.who import WhoPage
from guardian.ui.window import CORNER
from guardian.vault.cryptomator import masterkey
from guardian.vault.service import VaultService
from tests.scenes.studio import NOW, Studio, open_studio
from tests.ui.people_room import SECRET, add, click, come_in, name_first, open_window, shown, who

ESCAPE = Qt.Key.Key_Escape


@pytest.fixture
def studio(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)
    with open_studio(qapp, tmp_path / "studio") as made:
        yield made


@pytest.fixture
def door(studio: Studio) -> Studio:
    """Ana and Ben have a profile here; nobody has come in."""
    name_first(studio, "Ana")
    add(studio, "Ben")
    open_window(studio)
    return studio


class Display:
    """Hands Esc to the window with the moments of the display's own clock, in milliseconds."""

    def __init__(self, bot: QtBot) -> None:
        self.widget, self.left = QWidget(), 0
        bot.addWidget(self.widget)
        self.keys = Keys(self.widget, lambda: 1_000_000.0)
        self.keys.asked_exit.connect(self._leave)

    def _leave(self) -> None:
        self.left += 1

    def send(self, kind: QEvent.Type, stamp: int) -> None:
        event = QKeyEvent(kind, ESCAPE, Qt.KeyboardModifier.NoModifier)
        event.setTimestamp(stamp)
        QApplication.sendEvent(self.widget, event)

    def press(self, stamp: int, until: int) -> None:
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            self.send(kind, stamp)
        self.send(QEvent.Type.KeyRelease, until)


@pytest.fixture
def display(qtbot: QtBot) -> Iterator[Display]:
    made = Display(qtbot)
    yield made
    made.keys.stop()


@pytest.mark.parametrize(("second", "left"), [(5_450, 1), (5_600, 0)])
def test_two_presses_count_by_when_they_were_made_however_late_they_are_heard(
    display: Display, second: int, left: int
) -> None:
    display.press(5_000, 5_060)
    display.press(second, second + 60)
    assert display.left == left


def test_a_display_that_repeats_a_held_key_as_press_and_release_is_not_two_presses(
    display: Display,
) -> None:
    for stamp in range(5_000, 7_000, 40):
        display.press(stamp, stamp + 40)
    assert display.left == 0


def test_whoever_goes_back_while_the_records_are_opened_has_not_come_in(
    qtbot: QtBot, door: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, open_key = threading.Event(), keys.open_key
    monkeypatch.setattr(keys, "open_key", lambda *given: back.wait(5) and open_key(*given))
    click(qtbot, who(door), "Ben")
    page, session = shown(door), door.guardian.session
    page.field.setText(SECRET)
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    door.window.go_back()
    back.set()
    qtbot.waitUntil(lambda: not session.jobs.running)
    door.settle()
    assert isinstance(shown(door), WhoPage)
    assert session.store is None
    assert door.guardian.store is None


def test_a_passphrase_half_typed_does_not_stay_below_the_sheet(qtbot: QtBot, door: Studio) -> None:
    click(qtbot, who(door), "Ben")
    qtbot.keyClicks(shown(door).field, "half a passphrase")
    door.guardian.guard.vanish()
    door.rest()
    assert isinstance(door.window.covered, NotesPage)
    typed = [field.text() for field in door.window.findChildren(QLineEdit)]
    assert typed == []
    qtbot.keyClick(door.window.covered.sheet, Qt.Key.Key_F9)
    assert isinstance(shown(door), WhoPage)


def test_a_page_that_cannot_leave_keeps_nothing_open(
    qtbot: QtBot, door: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(qtbot, door, "Ben")
    store = door.guardian.store

    def fail() -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(door.show("settings"), "leave", fail)
    with qtbot.captureExceptions() as raised:
        door.guardian.guard.vanish()
        door.rest()
    assert [str(error) for _kind, error, _trace in raised] == ["the disk is gone"]
    assert door.guardian.store is None
    assert store is not None
    assert store._key is None


def test_nothing_of_a_person_is_held_once_they_have_left(qtbot: QtBot, door: Studio) -> None:
    come_in(qtbot, door, "Ben")
    door.show("settings")
    held = [
        weakref.ref(one)
        for one in (door.guardian.session, door.guardian.store, door.guardian.features)
    ]
    door.guardian.lock()
    door.settle()
    gc.collect()
    assert [one() for one in held] == [None, None, None]


def test_the_key_that_locks_does_so_once_with_a_vault_open_too(
    qtbot: QtBot, door: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masterkey, "COST", 2**10)
    come_in(qtbot, door, "Ben")
    VaultService(door.guardian.store, lambda: NOW).create(tmp_path / "papers", SECRET).lock()
    page = door.show("vault")
    page.door.field.setText(SECRET)
    page.door.open.click()
    door.settle(lambda: page.is_open)
    with qtbot.captureExceptions() as raised:
        qtbot.keyClick(door.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        door.settle()
    assert raised == []
    assert isinstance(shown(door), WhoPage)


def test_settings_of_a_folder_that_was_moved_away_are_not_made_anew(
    qtbot: QtBot, door: Studio, tmp_path: Path
) -> None:
    come_in(qtbot, door, "Ben")
    own = paths_of(door.guardian.paths, door.guardian.profile)
    own.data.parent.rename(tmp_path / "elsewhere")
    door.guardian.preferences.change(masked=False)
    assert not own.data.parent.exists(), "it would be in the way when the folder is put back"


def test_an_answer_just_before_the_window_closes_is_in_the_history(studio: Studio) -> None:
    studio.start()
    service = studio.features.checkup
    service.describe(Circumstances())
    service.record()
    page = studio.show("checkup")
    page.refresh()
    studio.settle()
    plan = service.plan()
    todo = next(one for one in (plan.next, *plan.more, *plan.rest) if one.task and not one.observed)
    page.board.card.answered.emit(todo, State.DONE, "")
    studio.window.close()
    studio.rest()
    store = open_store(studio.guardian.paths, keychain.find_keychain())
    kept = CheckupRepository(store)
    assert [one.key for one in kept.answers()] == [todo.key]
    first, last = kept.history()
    assert last.value > first.value
    store.close()


def test_the_way_out_stays_in_its_corner_with_large_letters(studio: Studio) -> None:
    studio.start()
    studio.window.resize(760, 560)
    studio.guardian.preferences.change(text_size=TextSize.LARGER)
    studio.rest()
    corner = studio.window.corner
    assert studio.window.rect().contains(corner.geometry())
    assert corner.size() == CORNER


def test_settings_that_are_a_pipe_are_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    os.mkfifo(file)
    settings, problem = load_settings(file)
    assert problem is not None
    assert not settings.welcomed
