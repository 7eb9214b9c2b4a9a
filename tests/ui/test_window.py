"""The window as a whole: first start, keys, what it remembers, locked records, errors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from guardian.core import keys, log
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report
from guardian.core.keys import KeyMode
from guardian.core.settings import StartPage, TextSize, Theme, load_settings
from guardian.core.words import message
from guardian.ui import theme
from guardian.ui.crash import CrashHook
from guardian.ui.help import CrashDialog, HelpDialog, ProblemDialog, describe_crash
from guardian.ui.pages.checkup.page import CheckupPage
from guardian.ui.pages.welcome import WelcomePage
from guardian.ui.starting import single_instance
from guardian.ui.unlock import UnlockPage
from tests.scenes.studio import Studio, open_studio

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["checkup", "accounts", "vault", "processes", "clauses", "lessons", "settings"]


@pytest.fixture
def studio(qapp: QApplication, tmp_path: Path) -> Iterator[Studio]:
    with open_studio(qapp, tmp_path / "studio") as made:
        yield made


def current(studio: Studio) -> str:
    return getattr(studio.window.stack.currentWidget(), "key", "")


def press(qtbot: QtBot, studio: Studio, text: str) -> None:
    button = next(
        button
        for button in studio.window.findChildren(QPushButton)
        if button.isVisible() and button.text() == text
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    studio.settle_working()


def test_the_first_start_shows_three_screens_and_then_something_true(
    qtbot: QtBot, studio: Studio
) -> None:
    studio.start(welcomed=False)
    assert isinstance(studio.window.stack.currentWidget(), WelcomePage)
    assert not studio.window.rail.isVisible()
    for text in ("Next", "Next", "Look at this computer"):
        press(qtbot, studio, text)
    studio.settle(lambda: current(studio) == "checkup")
    assert studio.guardian.preferences.settings.welcomed
    summary = studio.features.processes.summary()
    assert summary.level in (Level.FINE, Level.ASK, Level.ACT), "the programs were looked at"
    page = studio.window.page("checkup")
    assert isinstance(page, CheckupPage)
    assert page.stages.stage == "about", "meanwhile the seven questions are asked"
    press(qtbot, studio, "Done")
    studio.settle(lambda: page.stages.stage == "board")
    assert "of 100" in page.ring.accessibleName()


def test_the_welcome_can_be_walked_through_with_the_enter_key(qtbot: QtBot, studio: Studio) -> None:
    studio.start(welcomed=False)
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        studio.settle_working()
    studio.settle(lambda: current(studio) == "checkup")


def test_the_welcome_is_shown_once_only(qtbot: QtBot, studio: Studio) -> None:
    studio.start(welcomed=False)
    press(qtbot, studio, "Next")
    press(qtbot, studio, "Next")
    press(qtbot, studio, "Look around first")
    assert current(studio) == "checkup"
    studio.guardian.open_records()
    studio.settle(lambda: current(studio) == "checkup")


def test_ctrl_and_a_number_go_to_the_pages_and_esc_goes_back(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    for number, key in enumerate(ORDER):
        qtbot.keyClick(
            studio.window, Qt.Key(int(Qt.Key.Key_1) + number), Qt.KeyboardModifier.ControlModifier
        )
        studio.settle()
        assert current(studio) == key
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    studio.settle()
    assert current(studio) == "lessons"


def test_f1_explains_every_page(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(HelpDialog, "exec", lambda dialog: asked.append(dialog.windowTitle()))
    studio.start()
    for key in ORDER:
        studio.show(key)
        qtbot.keyClick(studio.window, Qt.Key.Key_F1)
    assert asked == [studio.guardian.words.say(f"page.{key}") for key in ORDER]


def test_ctrl_f_goes_to_the_search_field_where_there_is_a_list(
    qtbot: QtBot, studio: Studio
) -> None:
    studio.start()
    for key in ORDER:
        page = studio.show(key)
        field = page.search_field()
        if field is None or not field.isVisible():
            continue
        qtbot.keyClick(studio.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.focusWidget() is field or field.hasFocus()


def test_size_and_page_are_remembered(studio: Studio, tmp_path: Path) -> None:
    studio.start()
    studio.show("vault")
    assert studio.guardian.preferences.settings.page == ""  # anybody can read the file
    studio.guardian.preferences.change(start_page=StartPage.LAST)
    studio.show("clauses")
    studio.window.resize(900, 640)
    studio.close()
    saved, problem = load_settings(studio.guardian.paths.settings_file)
    assert problem is None
    assert (saved.window_size, saved.page) == ((900, 640), "clauses")


def test_changing_colours_and_letters_takes_effect_at_once(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    studio.show("settings")
    press(qtbot, studio, "Dark")
    assert theme.look().theme is Theme.DARK
    press(qtbot, studio, "Very large")
    assert theme.look().scale == 1.5
    saved, _ = load_settings(studio.guardian.paths.settings_file)
    assert (saved.theme, saved.text_size) == (Theme.DARK, TextSize.LARGER)
    theme.apply_look(studio.app, Theme.LIGHT, TextSize.NORMAL)


def test_records_under_a_passphrase_ask_for_it_and_refuse_a_wrong_one(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**10)
    studio.start()
    page = studio.show("settings")
    page._run(page._records.set_passphrase, "a good passphrase")
    studio.settle()
    assert studio.guardian.store is not None
    assert studio.guardian.store.mode is KeyMode.PASSPHRASE
    studio.guardian.store.close()
    studio.guardian.store = None
    studio.guardian.open_records()
    unlock = studio.window.stack.currentWidget()
    assert isinstance(unlock, UnlockPage)
    qtbot.keyClicks(unlock.field, "wrong")
    qtbot.keyClick(unlock.field, Qt.Key.Key_Return)
    studio.settle()
    assert studio.window.stack.currentWidget() is unlock
    assert "does not open" in unlock._notice.accessibleName()
    unlock.field.setText("a good passphrase")
    qtbot.keyClick(unlock.field, Qt.Key.Key_Return)
    studio.settle(lambda: current(studio) == "checkup")
    assert studio.guardian.store.mode is KeyMode.PASSPHRASE


def test_deleting_the_records_starts_afresh(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guardian.ui.pages.settings.confirm", lambda *_: True)
    studio.start()
    assert studio.guardian.store is not None
    studio.guardian.store.run("CREATE TABLE mine (x)")
    page = studio.show("settings")
    page._forget()
    studio.settle(lambda: current(studio) == "checkup")
    assert studio.guardian.store.rows("SELECT name FROM sqlite_master WHERE name = 'mine'") == []


def test_an_answer_of_no_deletes_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guardian.ui.pages.settings.confirm", lambda *_: False)
    studio.start()
    page = studio.show("settings")
    page._forget()
    assert studio.guardian.paths.store_file.exists()


def test_the_checkup_can_be_stopped(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(report: Report) -> None:
        while True:
            report(1, 0, message("opening.wait"))

    studio.start()
    monkeypatch.setattr(studio.features.processes, "check", slowly)
    page = studio.show("checkup")
    assert isinstance(page, CheckupPage)
    page.start_check()
    qtbot.waitUntil(page.working.isVisible)
    page.working.cancel()
    studio.settle()
    assert not page.working.isVisible()


def test_a_pillar_that_cannot_look_is_said_and_keeps_nobody_else_from_looking(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_report: Report) -> None:
        raise Problem("file-missing", name="process list")

    studio.start()
    looked: list[str] = []
    monkeypatch.setattr(studio.features.accounts, "check", refuse)
    monkeypatch.setattr(studio.features.clauses, "check", lambda _report: looked.append("yes"))
    page = studio.show("checkup")
    assert isinstance(page, CheckupPage)
    page.start_check()
    studio.settle(page.notice.isVisible)
    assert "process list" in page.notice.accessibleName()
    assert looked == ["yes"]


def test_a_second_window_is_refused(studio: Studio) -> None:
    first = single_instance(studio.guardian.paths)
    assert first is not None
    assert single_instance(studio.guardian.paths) is None
    first.unlock()


def test_an_unforeseen_error_is_shown_without_a_word_of_the_persons_own(
    qapp: QApplication, tmp_path: Path
) -> None:
    log.start_log(tmp_path / "log")
    shown: list[BaseException] = []
    hook = CrashHook(shown.append)
    try:
        secret = "passport of Ana"
        hook._hook(ValueError, ValueError(secret), None)
        qapp.processEvents()
    finally:
        hook.remove()
    details = describe_crash(shown[0])
    assert "ValueError" in details
    assert secret not in details
    assert secret not in (tmp_path / "log").read_text()


def test_the_crash_window_can_be_copied_and_closed(qtbot: QtBot, studio: Studio) -> None:
    dialog = CrashDialog(studio.window, studio.guardian.words, "KeyError")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_closing_the_window_ends_its_jobs_and_closes_the_records(studio: Studio) -> None:
    studio.start()
    page = studio.show("checkup")

    def for_ever(report: Report) -> None:
        while True:
            report(0, 0)

    studio.guardian.jobs.start(page, for_ever)
    studio.window.close()
    assert studio.guardian.store is None


def test_a_problem_that_no_page_took_care_of_is_shown_in_its_own_words(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(ProblemDialog, "exec", lambda dialog: shown.append(dialog.windowTitle()))
    monkeypatch.setattr(CrashDialog, "exec", lambda _dialog: shown.append("crash"))
    studio.guardian.show_crash(Problem("database-busy", name="records.db"))
    assert shown == ["Another program is using “records.db” right now."]


def test_closing_does_not_wait_for_a_job_that_cannot_hear(studio: Studio) -> None:
    studio.start()
    never = threading.Event()
    studio.guardian.jobs.start(studio.window, lambda _report: never.wait(30))
    start = time.monotonic()
    studio.window.close()
    assert time.monotonic() - start < 4
    never.set()
    studio.guardian.jobs._pool.shutdown(wait=True)


def test_after_ctrl_and_a_number_the_focus_is_in_the_rail(qtbot: QtBot, studio: Studio) -> None:
    studio.start()
    qtbot.keyClick(studio.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    studio.settle()
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.accessibleName() == "Agreements"


def test_a_settings_file_that_makes_no_sense_is_said_on_the_overview(
    qapp: QApplication, tmp_path: Path
) -> None:
    file = tmp_path / "other" / "guardian" / "config" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"welcomed": true, "theme": "pink"}')
    with open_studio(qapp, tmp_path / "other") as studio:
        studio.start()
        page = studio.show("checkup")
        assert isinstance(page, CheckupPage)
        assert "settings.json" in page.notice.accessibleName()


def test_a_folder_that_may_not_be_looked_into_is_said_and_the_window_opens(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, data = Path.stat, studio.guardian.paths.data

    def forbidden(path: Path, **options: object) -> os.stat_result:
        if path.is_relative_to(data):
            raise PermissionError(13, "Permission denied")
        return look(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "stat", forbidden)
    studio.start()
    monkeypatch.undo()
    page = studio.show("checkup")
    assert isinstance(page, CheckupPage)
    assert "does not let Guardian read" in page.notice.accessibleName()


@pytest.mark.parametrize("width", [760, 1120, 1920])
def test_every_page_uses_the_middle_of_the_window(studio: Studio, width: int) -> None:
    studio.start()
    studio.window.resize(width, 800)
    for key in ORDER:
        page = studio.show(key)
        inner = page.layout().itemAt(1).widget()
        left, right = inner.x(), page.width() - inner.x() - inner.width()
        assert abs(left - right) <= 1, key


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_window_told_to_end_closes_its_records_first(name: str, guardian_home: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    running = subprocess.Popen([sys.executable, "-m", "guardian"], env=environment, cwd=ROOT)
    log_file = guardian_home / "logs" / "guardian.log"
    end = time.monotonic() + 20
    while not (log_file.exists() and "records-opened" in log_file.read_text()):
        assert time.monotonic() < end
        time.sleep(0.05)
    running.send_signal(getattr(signal, name))
    assert running.wait(10) == 0
    assert log_file.read_text().splitlines()[-1].endswith(" stopped")
