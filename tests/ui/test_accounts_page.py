"""The accounts page from the first consent to a decision, by clicks and keys."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guardian.accounts.model import Account, Decision
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.rows import Row
from guardian.ui.pages.accounts import browse as browse_module
from guardian.ui.pages.accounts.page import AccountsPage

NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
FIXTURE = Path(__file__).resolve().parents[1] / "fixtures/accounts/home"


class Room:
    """A page with all it stands on."""

    def __init__(self, qtbot: QtBot, home: Path, store: Store) -> None:
        self.qtbot, self.home = qtbot, home
        self.links: list[str] = []
        self.jobs = Jobs()
        self.service = AccountsService(store, home, lambda: NOW)
        self.desk = Desk(Words(), self.jobs, lambda: NOW, lambda _key: None, self.links.append)
        self.page = self.build()

    def build(self) -> AccountsPage:
        page = AccountsPage(self.service, self.desk)
        self.qtbot.addWidget(page)
        page.resize(900, 700)
        page.show()
        page.refresh()
        return page

    def wait(self, stage: str) -> None:
        self.qtbot.waitUntil(
            lambda: self.page.stages.stage == stage and not self.jobs.running, timeout=8000
        )

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, key: Qt.Key, widget: QWidget | None = None) -> None:
        self.qtbot.keyClick(widget or self.page.browse.rows, key)

    def tick(self, *names: str) -> None:
        for box in self.page.consent.boxes.values():
            box.setChecked(not names or box.accessibleName() in names)

    def find(self, *names: str) -> None:
        """Allow the named browsers (or all) and search."""
        self.wait("consent")
        self.tick(*names)
        self.click(self.page.consent.button)
        self.wait("full")

    def sites(self) -> list[str]:
        listed = self.page.browse.rows.listed
        return [listed.index(number, 0).data() for number in range(listed.rowCount())]

    def says(self, text: str) -> bool:
        QApplication.processEvents()
        return any(text in label.text() for label in visible(self.page, QLabel))


def visible(window: QWidget, kind: type) -> list:
    return [child for child in window.findChildren(kind) if child.isVisibleTo(window)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "anna"))


@pytest.fixture
def room(qtbot: QtBot, home: Path) -> Iterator[Room]:
    store = open_in_memory()
    room = Room(qtbot, home, store)
    yield room
    room.jobs.close()
    store.close()


def test_nothing_is_read_before_a_browser_is_ticked(room: Room) -> None:
    room.wait("consent")
    button = room.page.consent.button
    assert not button.isEnabled()
    assert not any(box.isChecked() for box in room.page.consent.boxes.values())
    assert room.says("never reads a password")
    assert room.service.known() is None
    box = next(iter(room.page.consent.boxes.values()))
    room.qtbot.keyClick(box, Qt.Key.Key_Space)
    assert button.isEnabled()
    room.qtbot.keyClick(box, Qt.Key.Key_Space)
    assert not button.isEnabled()


def test_only_what_was_ticked_is_read_and_the_rest_is_named(room: Room) -> None:
    room.find("Firefox (work)")
    found = room.service.known()
    assert found is not None
    assert [source.name for source in found.read] == ["Firefox (work)"]
    room.click(room.page.browse.coverage_line.button)
    assert room.says("Not read, because you did not allow it")
    assert room.says("Chromium (Person 1)")


def test_the_list_begins_with_what_is_unused_for_longest(room: Room) -> None:
    room.find()
    assert room.page.title.text() == "Guardian found 12 accounts."
    assert room.page.subtitle.text().startswith("8 with no sign of use here")
    assert room.sites()[:2] == ["oldshop.co.uk", "dropbox.com"]
    assert room.sites()[-1] == "example.net", "an unknown last use comes last"
    assert room.page.browse.rows.current_key() == "oldshop.co.uk"
    assert room.says("Not used here for at least 8 years")


def test_a_decision_by_key_is_remembered_and_leads_on(room: Room) -> None:
    room.find()
    rows = room.page.browse.rows
    room.press(Qt.Key.Key_C)
    assert rows.current_key() == "dropbox.com"
    room.press(Qt.Key.Key_K)
    assert rows.current_key() == "com.example.banking"
    assert room.service.account("oldshop.co.uk").decision is Decision.CLOSE
    assert room.service.account("dropbox.com").decision is Decision.KEEP
    assert room.says("You keep dropbox.com.")
    room.page = room.build()
    room.wait("full")
    assert room.page.browse.rows.current_key() == "com.example.banking", "decided ones are past"


def test_a_decision_by_button_can_be_undone(room: Room) -> None:
    room.find()
    browse = room.page.browse
    room.click(browse.detail.close_it)
    assert room.service.account("oldshop.co.uk").decision is Decision.CLOSE
    room.click(browse.undo_button)
    assert room.service.account("oldshop.co.uk").decision is Decision.UNDECIDED
    assert browse.rows.current_key() == "oldshop.co.uk"
    assert not browse.undo_button.isVisible()
    room.press(Qt.Key.Key_K)
    room.qtbot.keyClick(browse.rows, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert room.service.account("oldshop.co.uk").decision is Decision.UNDECIDED


def test_a_decision_of_long_ago_can_be_changed_and_taken_back(room: Room) -> None:
    room.find()
    detail = room.page.browse.detail
    room.press(Qt.Key.Key_C)
    room.page.browse.choose("oldshop.co.uk")
    assert detail.close_it.isChecked()
    room.click(detail.close_it)
    assert detail.close_it.isChecked(), "pressing it again changes nothing"
    room.click(detail.keep)
    assert room.service.account("oldshop.co.uk").decision is Decision.KEEP
    room.page.browse.choose("oldshop.co.uk")
    room.click(detail.take_back)
    assert room.service.account("oldshop.co.uk").decision is Decision.UNDECIDED
    assert not detail.take_back.isVisible()


def test_after_the_last_decision_the_page_says_so(room: Room) -> None:
    room.find("Chromium (Person 1)")
    for _ in room.sites():
        room.press(Qt.Key.Key_K)
    assert room.says("You have decided about every account.")


def test_views_show_what_waits(room: Room) -> None:
    room.find()
    browse = room.page.browse
    room.press(Qt.Key.Key_C)
    browse.show_view(Decision.CLOSE)
    assert room.sites() == ["oldshop.co.uk"]
    assert browse.view.currentText() == "To close (1)"
    browse.show_view(Decision.UNDECIDED)
    assert len(room.sites()) == 11
    room.press(Qt.Key.Key_K)
    assert "dropbox.com" not in room.sites()
    assert browse.rows.current_key() == "com.example.banking"


def test_the_way_out_is_shown_with_its_age_and_opened_by_the_desk_only(room: Room) -> None:
    room.find()
    room.page.browse.choose("dropbox.com")
    assert room.says("last updated in our list in 2013")
    room.click(room.page.browse.detail.link)
    assert room.links == ["https://www.dropbox.com/account/delete"]


def test_the_proof_is_one_click_away(room: Room) -> None:
    room.find()
    room.page.browse.choose("spotify.com")
    assert not room.says("Last used on 15 June 2020.")
    room.click(room.page.browse.detail.fold.button)
    assert room.says("Firefox (default-esr): saved login")
    assert room.says("Last used on 15 June 2020. Used 31 times in all.")
    room.page.browse.choose("example.net")
    assert room.says("You chose this on 4 March 2021.")
    room.page.browse.choose("example.com")
    assert room.says("You signed in with accounts.google.com.")


def test_typing_in_the_search_field_decides_nothing(room: Room) -> None:
    room.find()
    field = room.page.search_field()
    assert field is not None
    field.setFocus()
    room.qtbot.keyClicks(field, "ck")
    assert field.text() == "ck"
    field.setText("git")
    assert room.sites() == ["anna.github.io", "github.com", "ben.github.io"]
    assert room.page.browse.rows.current_key() in room.sites()
    assert all(one.decision is Decision.UNDECIDED for one in room.service.known().accounts)  # type: ignore[union-attr]
    field.setText("zebra")
    assert room.says("No account matches “zebra”.")
    assert not room.page.browse.detail.isVisible()
    field.clear()
    room.page.browse.show_view(Decision.CLOSE)
    assert room.says("No account to show here.")


def test_esc_closes_what_is_open_from_the_inside_out(room: Room) -> None:
    room.find()
    browse = room.page.browse
    room.click(browse.coverage_line.button)
    browse.search.setText("drop")
    assert room.page.go_back()
    assert not browse.coverage.isVisible()
    assert room.page.go_back()
    assert browse.search.text() == ""
    assert room.page.go_back()
    assert not browse.detail.isVisible()
    assert room.says("Choose an account from the list")
    assert not room.page.go_back()
    room.press(Qt.Key.Key_Down)
    assert browse.detail.isVisible()


def test_what_could_not_be_read_is_said_with_its_reason(room: Room, home: Path) -> None:
    next(home.glob(".config/mozilla/firefox/*.work/logins.json")).write_bytes(b'{"logins": [')
    (home / ".config/chromium/Profile 1/Login Data").write_bytes(b"")
    room.find()
    assert room.says("2 sources could not be read in full.")
    room.click(room.page.browse.coverage_line.button)
    assert room.says("is damaged or cut short")
    assert room.says("“Login Data” is empty.")
    assert room.says("They are not in the list: 192.168.1.1, localhost, nas")


def test_consent_can_be_taken_back_and_what_was_read_is_forgotten(room: Room) -> None:
    room.find()
    room.click(room.page.change)
    room.wait("consent")
    assert all(box.isChecked() for box in room.page.consent.boxes.values())
    assert room.page.go_back(), "Esc leads back to the list"
    assert room.page.stages.stage == "full"
    room.click(room.page.change)
    room.wait("consent")
    for box in room.page.consent.boxes.values():
        box.setChecked(False)
    assert room.page.consent.button.text() == "Read none, and forget"
    room.click(room.page.consent.button)
    room.wait("consent")
    assert not any(state.allowed for state in room.service.sources())
    known = room.service.known()
    assert known is not None
    assert not known.accounts
    assert not room.page.consent.button.isEnabled()
    assert not room.page.back.isVisible()


def test_a_search_can_be_stopped(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, find = threading.Event(), room.service.find

    def slow(report: Report) -> object:
        begun.set()
        for _ in range(400):
            report(0, 4)
            threading.Event().wait(0.02)
        return find(report)

    monkeypatch.setattr(room.service, "find", slow)
    room.wait("consent")
    room.tick()
    room.click(room.page.consent.button)
    assert begun.wait(5)
    assert room.page.stages.stage == "working"
    stop = next(one for one in visible(room.page, QPushButton) if one.text() == "Stop")
    room.click(stop)
    room.wait("consent")
    assert room.service.known() is None


def test_a_problem_in_a_search_is_shown_and_leads_back(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_report: Report) -> None:
        raise Problem("disk-full", name="records")

    room.find()
    monkeypatch.setattr(room.service, "find", fail)
    room.click(room.page.again)
    room.wait("full")
    assert room.page.notice.isVisible()


def test_a_decision_that_cannot_be_kept_is_not_shown_as_made(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_site: str, _decision: Decision) -> None:
        raise Problem("database-busy", name="records")

    room.find()
    monkeypatch.setattr(room.service, "decide", fail)
    room.click(room.page.browse.detail.close_it)
    assert room.page.notice.isVisible()
    assert not room.page.browse.detail.close_it.isChecked()
    assert room.page.browse.rows.current_key() == "oldshop.co.uk"


def test_without_a_browser_the_page_says_where_it_looked(room: Room, home: Path) -> None:
    room.wait("consent")
    shutil.rmtree(home / ".config")
    room.page = room.build()
    room.wait("none")
    assert room.says("Guardian looked in your home folder")
    shutil.copytree(FIXTURE / ".config", home / ".config")
    again = [one for one in visible(room.page, QPushButton) if one.text() == "Look again"]
    room.click(again[0])
    room.wait("consent")


def test_browsers_without_any_login_are_an_answer_too(room: Room, home: Path) -> None:
    logins = next(home.glob(".config/mozilla/firefox/*.work/logins.json"))
    logins.write_text('{"logins": [], "version": 3}', "utf-8")
    room.wait("consent")
    room.tick("Firefox (work)")
    room.click(room.page.consent.button)
    room.wait("nothing")
    assert room.says("No account was found")
    assert room.says("Not read, because you did not allow it")


def test_the_page_can_be_left_and_shown_again(room: Room) -> None:
    room.find()
    room.page.browse.choose("spotify.com")
    room.page.refresh()
    assert room.page.browse.rows.current_key() == "spotify.com"


def test_what_is_shown_from_an_earlier_search_says_so(room: Room, home: Path) -> None:
    room.find()
    (home / ".config/chromium/Profile 1/Login Data").write_bytes(b"")
    room.click(room.page.again)
    room.qtbot.waitUntil(lambda: room.says("1 source could not be read in full."), timeout=8000)
    assert "dropbox.com" in room.sites()
    room.click(room.page.browse.coverage_line.button)
    assert room.says("Shown from an earlier search")
    assert room.says("Chromium (Person 1), from 21 November 2026")
    room.page.browse.choose("dropbox.com")
    room.click(room.page.browse.detail.fold.button)
    assert room.says("Known from 21 November 2026: Guardian could not read it anew.")


def test_no_account_is_not_said_plainly_where_files_could_not_be_read(
    room: Room, home: Path
) -> None:
    next(home.glob(".config/mozilla/firefox/*.work/logins.json")).write_bytes(b"")
    room.wait("consent")
    room.tick("Firefox (work)")
    room.click(room.page.consent.button)
    room.wait("unread")
    assert room.says("Guardian could not read everything")
    assert room.says("“logins.json” is empty.")
    room.page.refresh()
    assert room.page.stages.stage == "unread"


def test_no_browser_is_not_said_where_a_place_could_not_be_looked_into(
    room: Room, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.wait("consent")
    really = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name == "chromium":
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    room.page = room.build()
    room.wait("consent")
    assert room.says("does not let Guardian read “chromium”"), "said beside the browsers found"
    shutil.rmtree(home / ".config/mozilla")
    room.page = room.build()
    room.wait("refused")
    assert room.says("Guardian could not look everywhere")
    assert room.says("does not let Guardian read “chromium”")
    assert room.service.known() is None


def busy(*_: object) -> None:
    raise Problem("database-busy", name="records")


def test_consent_is_kept_off_the_windows_thread_and_its_problem_is_shown(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def choose(_wishes: object) -> None:
        threads.append(threading.current_thread())
        busy()

    room.wait("consent")
    monkeypatch.setattr(room.service, "choose", choose)
    room.tick()
    room.click(room.page.consent.button)
    room.wait("consent")
    assert room.page.notice.isVisible()
    assert threads[0] is not threading.main_thread()
    assert len(threads) == 1, "all consents at once"


def test_consent_taken_back_that_cannot_be_kept_is_said(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.find()
    room.click(room.page.change)
    room.wait("consent")
    for box in room.page.consent.boxes.values():
        box.setChecked(False)
    monkeypatch.setattr(room.service, "choose", busy)
    room.click(room.page.consent.button)
    room.qtbot.waitUntil(room.page.notice.isVisible, timeout=8000)
    assert room.page.stages.stage == "consent"


def test_records_that_refuse_are_a_notice_when_the_page_is_shown(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.find()
    with monkeypatch.context() as patch:
        patch.setattr(room.service, "known", busy)
        room.page.refresh()
        assert room.page.notice.isVisible()
        assert room.page.stages.stage == "full"
        room.page = room.build()
        assert room.page.notice.isVisible()
    again = [one for one in visible(room.page, QPushButton) if one.text() == "Look again"]
    room.click(again[0])
    room.wait("consent")
    assert not room.page.notice.isVisible()


def test_where_there_is_little_room_an_account_takes_the_place_of_the_list(room: Room) -> None:
    room.find()
    page, browse = room.page, room.page.browse
    assert browse.detail.isVisible()
    assert browse.rows.isVisible()
    assert not browse.to_list.isVisible()
    page.resize(500, 500)
    QApplication.processEvents()
    assert page.change.mapTo(page, page.change.rect().topLeft()).y() >= (
        page.title.mapTo(page, page.title.rect().bottomLeft()).y()
    ), "the buttons went below the title"
    assert browse.rows.isVisible()
    assert not browse.detail.isVisible()
    browse.rows.activated.emit(browse.rows.currentIndex())
    QApplication.processEvents()
    assert browse.detail.isVisible()
    assert not browse.rows.isVisible()
    area = browse._side
    assert area.widget().width() <= area.viewport().width(), "nothing is cut off"
    room.click(browse.detail.close_it)
    assert room.says("oldshop.co.uk is on your list to close.")
    assert browse.rows.current_key() == "dropbox.com"
    room.click(browse.to_list)
    assert browse.rows.isVisible()
    room.click(browse.coverage_line.button)
    assert browse.coverage.isVisible()
    assert page.go_back()
    assert page.go_back()
    assert browse.rows.isVisible(), "Esc leads back to the list"
    page.resize(900, 700)
    QApplication.processEvents()
    assert browse.rows.isVisible()
    assert browse.detail.isVisible()


def test_a_decision_by_key_in_the_list_says_how_to_undo_it_where_there_is_little_room(
    room: Room,
) -> None:
    room.find()
    room.page.resize(500, 500)
    QApplication.processEvents()
    room.press(Qt.Key.Key_C)
    assert room.page.browse.undo_button.isVisible()


def test_of_many_accounts_only_the_row_decided_on_is_worded_anew(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.find()
    worded: list[str] = []
    really = browse_module.make_row

    def make_row(words: Words, account: Account, number: int) -> Row:
        worded.append(account.site)
        return really(words, account, number)

    monkeypatch.setattr(browse_module, "make_row", make_row)
    room.press(Qt.Key.Key_C)
    assert worded == ["oldshop.co.uk"]
