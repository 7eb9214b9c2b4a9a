"""The page of running programs: from the first look to a card, the list, and back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words
from guardian.processes import service as service_module
from guardian.processes.model import Limit, Snapshot
from guardian.processes.service import ProcessesService
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.card import FindingCard
from guardian.ui.pages.processes.page import ProcessesPage
from tests.scenes.processes import (
    acting,
    asking,
    hidden,
    process,
    scan_of,
    snapshot,
    two_questions,
    updated,
)
from tests.scenes.studio import NOW

WORDS = Words()


@pytest.fixture
def store() -> Iterator[Store]:
    made = open_in_memory()
    yield made
    made.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    jobs = Jobs()
    yield Desk(WORDS, jobs, lambda: NOW, lambda _key: None, lambda _url: None)
    jobs.close()


@pytest.fixture
def page(qtbot: QtBot, store: Store, desk: Desk) -> ProcessesPage:
    return opened(qtbot, store, desk)


def opened(qtbot: QtBot, store: Store, desk: Desk) -> ProcessesPage:
    made = ProcessesPage(ProcessesService(store, desk.clock), desk)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.refresh()
    qtbot.waitExposed(made)
    return made


def sees(monkeypatch: pytest.MonkeyPatch, seen: Snapshot) -> None:
    """The service looks at a computer put together by hand."""
    monkeypatch.setattr(service_module, "take_snapshot", lambda _report: seen)


def press(qtbot: QtBot, page: QWidget, text: str) -> None:
    button = next(
        button
        for button in page.findChildren(QPushButton)
        if button.isVisible() and button.text() == text
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def look(qtbot: QtBot, page: ProcessesPage, button: str = "Look now") -> None:
    press(qtbot, page, button)
    qtbot.waitUntil(lambda: page.stages.stage == "full")


def texts(widget: QWidget) -> str:
    labels = (label.text() for label in widget.findChildren(QLabel) if label.isVisible())
    return "\n".join(labels).replace("\u200b", "")


def cards(page: ProcessesPage) -> list[FindingCard]:
    return [card for card in page.findChildren(FindingCard) if card.isVisible()]


def test_before_the_first_look_the_page_says_what_will_happen(page: ProcessesPage) -> None:
    assert page.stages.stage == "empty"
    assert "Nothing is ended, removed or sent." in texts(page)
    assert page.search_field() is None
    assert not page.go_back()


def test_a_look_shows_the_headline_first_and_the_most_urgent_program_first(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot(asking(), acting()))
    look(qtbot, page)
    headline = texts(page.headline)
    assert "Please act on 1 of the 17 programs looked at. 1 more is worth a question." in headline
    assert "Last look: today at 19:00" in headline
    first, second = cards(page)
    assert (first.finding.level, second.finding.level) == (Level.ACT, Level.ASK)
    told = texts(first)
    for part in (
        "Please act",
        "“update” takes its commands straight from a network connection.",
        "Why it matters",
        "What an honest reason would be",
        "Lives in: /tmp/.cache-x/update",
        "Not brought by any installed software package",
        "Runs for the user: ana",
        "Running since: today at 15:09",
        "Started by: /usr/bin/gnome-shell",
        "Connected to: 203.0.113.7:4444",
    ):
        assert part in told, part
    assert "Process number" not in told, "technical details stay folded"
    assert "take the computer off the network" in told, "what to do is in sight"
    assert "Why it is worth a question" in texts(second)
    assert "close the program and look again" not in texts(second)


def test_what_can_i_do_warns_before_a_watcher_may_notice(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = process(900, "setup", "/tmp/setup", None, "ana")
    sees(monkeypatch, snapshot(asking(), temporary))
    look(qtbot, page)
    for card in cards(page):
        qtbot.mouseClick(card.advice.button, Qt.MouseButton.LeftButton)
        watched = card.finding.program.name == "typing-helper"
        assert ("they may notice" in texts(card)) == watched
        assert "Guardian itself ends and removes nothing." in texts(card)


def test_details_are_copied_without_the_home_folder(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    mine = replace(acting(), exe="/home/ana/.cache/x/update", exe_deleted=True)
    sees(monkeypatch, snapshot(mine))
    look(qtbot, page)
    (card,) = cards(page)
    qtbot.mouseClick(card.details.button, Qt.MouseButton.LeftButton)
    assert "Process number: 2571" in texts(card)
    assert "T1059.004" in texts(card)
    qtbot.mouseClick(card.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "Lives in: ~/.cache/x/update" in copied
    assert "203.0.113.7:4444" in copied
    assert "ana" not in copied.replace("any", "")
    assert "Copied." in texts(card)


@pytest.mark.parametrize(
    ("text", "hidden_text"),
    [
        ("/home/ana/bin/x", "~/bin/x"),
        ("/home/anabel/bin/x", "~/bin/x"),
        ("/var/home/ana", "~"),
        ("/Users/Ben/Library/x and /home/ana", "~/Library/x and ~"),
        ("C:\\Users\\Ana\\x.exe", "~\\x.exe"),
        ("/media/ana/STICK/x", "/media/~/STICK/x"),
        ("/opt/banana/x", "/opt/banana/x"),
        ("/usr/bin/homebank", "/usr/bin/homebank"),
    ],
)
def test_home_folders_are_hidden_whoever_owns_them(
    monkeypatch: pytest.MonkeyPatch, text: str, hidden_text: str
) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    assert telling.redact(text) == hidden_text


def test_a_home_at_the_root_hides_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")
    assert telling.redact("/usr/bin/x") == "/usr/bin/x"


def test_nothing_worth_a_question_is_said_calmly_with_what_was_looked_at(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot(limits=(Limit.OTHERS_HIDDEN,)))
    look(qtbot, page)
    headline = texts(page.headline)
    assert "15 programs looked at. None is worth a question." in headline
    assert "As far as it could see" in headline
    assert "Guardian saw only yours." in headline, "a limit is never passed over"
    assert cards(page) == []


def test_what_has_a_simple_explanation_is_folded_away(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot(updated()))
    look(qtbot, page)
    assert "None is worth a question" in texts(page.headline)
    assert cards(page) == []
    press(qtbot, page, "1 program with a simple explanation")
    qtbot.waitUntil(lambda: len(cards(page)) == 1)
    assert "music-player" in texts(cards(page)[0])
    press(qtbot, page, "1 program with a simple explanation")
    press(qtbot, page, "1 program with a simple explanation")
    qtbot.wait(50)
    assert len(cards(page)) == 1, "it is not made twice"


def test_what_could_not_be_seen_is_said_with_the_reason(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot())
    look(qtbot, page)
    press(qtbot, page, "What could not be seen, and why")
    assert "not answered for 1 program, because that needs admin rights" in texts(page)


def test_everything_that_runs_can_be_searched_and_opened_by_keyboard(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot(asking()))
    look(qtbot, page)
    field, rows = page.search_field(), page.list.rows
    assert field is page.list.search
    assert rows.listed.index(0, 0).data() == "typing-helper", "what raised a question comes first"
    field.setFocus()
    qtbot.keyClicks(field, "gnome ana")
    assert rows.listed.rowCount() == 2
    assert "2 of 16 programs fit." in texts(page)
    rows.setFocus()
    assert page.list.panel.isHidden(), "nothing opens by passing over it"
    qtbot.keyClick(rows, Qt.Key.Key_Home)
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert "Lives in: /usr/bin/gnome-shell" in texts(page.list.panel)
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert "gnome-terminal-server" in texts(page.list.panel), "the open panel follows"
    assert page.go_back()
    assert page.list.panel.isHidden()
    assert page.go_back()
    assert field.text() == ""
    assert not page.go_back(), "nothing is open any more"


def test_a_click_opens_a_program_and_close_puts_it_away(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot())
    look(qtbot, page)
    rows = page.list.rows
    place = rows.visualRect(rows.listed.index(1, 0)).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    told = texts(page.list.panel)
    assert "ben-session" in told
    assert "Its file could not be seen" in told
    assert "Since when it runs could not be seen" in told
    press(qtbot, page, "Close")
    assert page.list.panel.isHidden()


def test_a_search_without_result_says_so(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot())
    look(qtbot, page)
    page.list.search.setText("zzz")
    assert "None of the 15 programs fits." in texts(page)


def test_the_search_field_is_scrolled_into_view(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sees(monkeypatch, snapshot(asking(), acting()))
    look(qtbot, page)
    field = page.search_field()
    assert field is not None and field.visibleRegion().isEmpty()
    field.setFocus()
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())


def test_after_a_restart_the_remembered_look_is_shown_with_its_date(
    qtbot: QtBot, store: Store, desk: Desk
) -> None:
    before = replace(two_questions(), taken=NOW - timedelta(days=3))
    ProcessesService(store, desk.clock)._scans.save(before)
    page = opened(qtbot, store, desk)
    told = texts(page)
    assert "18 November 2026 at 19:00" in told
    assert "1 more is worth a question" in told
    assert len(cards(page)) == 2
    assert "not the list of all programs" in told
    assert page.search_field() is None
    assert not page.go_back()


def test_a_later_look_replaces_the_remembered_one_and_coming_back_keeps_the_place(
    qtbot: QtBot, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = ProcessesService(store, desk.clock)
    service._scans.save(replace(two_questions(), taken=NOW - timedelta(days=3)))
    page = opened(qtbot, store, desk)
    sees(monkeypatch, snapshot())
    look_again = "Look again"
    press(qtbot, page, look_again)
    qtbot.waitUntil(lambda: page.search_field() is not None)
    assert cards(page) == []
    page.list.search.setText("gnome")
    page.refresh()
    assert page.list.search.text() == "gnome"


def test_stop_goes_back_to_what_was_shown(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = threading.Event()

    def endless(report: Report) -> Snapshot:
        started.set()
        while True:
            report(1, 2)
            time.sleep(0.005)

    monkeypatch.setattr(service_module, "take_snapshot", endless)
    press(qtbot, page, "Look now")
    assert page.stages.stage == "working"
    assert started.wait(5)
    page.refresh()
    assert page.stages.stage == "working", "coming back does not disturb the work"
    press(qtbot, page, "Stop")
    qtbot.waitUntil(lambda: page.stages.stage == "empty")
    sees(monkeypatch, snapshot())
    look(qtbot, page)
    monkeypatch.setattr(service_module, "take_snapshot", endless)
    press(qtbot, page, "Look again")
    press(qtbot, page, "Stop")
    qtbot.waitUntil(lambda: page.stages.stage == "full")


def test_a_problem_is_shown_and_nothing_is_lost(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_report: Report) -> Snapshot:
        raise Problem("no-permission", name="/proc")

    sees(monkeypatch, snapshot(asking()))
    look(qtbot, page)
    monkeypatch.setattr(service_module, "take_snapshot", broken)
    press(qtbot, page, "Look again")
    qtbot.waitUntil(page.notice.isVisible)
    assert "/proc" in texts(page.notice)
    assert page.stages.stage == "full"
    assert len(cards(page)) == 1
    sees(monkeypatch, snapshot())
    press(qtbot, page, "Look again")
    qtbot.waitUntil(lambda: page.stages.stage == "full")
    assert not page.notice.isVisible()


def test_a_busy_database_is_told_on_the_page(
    page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise Problem("database-busy")

    monkeypatch.setattr(page._service, "last", busy)
    page.refresh()
    assert page.notice.isVisible()
    assert WORDS.say("problem.database-busy") in texts(page.notice)


def test_tricks_in_names_are_shown_as_text(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "<b>x</b>\u202egpj{0}\n" + "y" * 500
    evil = replace(process(666, name, f"/tmp/{name}", None, "ana"), name=name)
    sees(monkeypatch, snapshot(evil))
    look(qtbot, page)
    (card,) = cards(page)
    told = texts(card)
    assert "<b>x</b>\\u202egpj{0}\\u000a" in told
    assert "\u202e" not in told
    assert page.area.horizontalScrollBar().maximum() == 0
    labels = [label for label in card.findChildren(QLabel) if label.isVisible()]
    assert all(label.width() <= card.width() for label in labels)


def test_two_thousand_programs_are_listed_at_once(
    qtbot: QtBot, page: ProcessesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        process(5000 + number, f"worker-{number}", f"/opt/example/worker-{number}", "w", "ana")
        for number in range(2000)
    ]
    sees(monkeypatch, snapshot(*many))
    look(qtbot, page)
    begun = time.perf_counter()
    page.list.search.setText("worker-19")
    assert time.perf_counter() - begun < 0.5, "far above what is needed; a hang is the fault"
    assert page.list.rows.listed.rowCount() == 111


def test_a_program_of_which_nothing_was_seen_is_told_without_guesses() -> None:
    (program,) = (each for each in scan_of(snapshot()).programs if each.name == hidden().name)
    assert telling.about(WORDS, program, NOW) == [
        "Its file could not be seen",
        "Which software brought it could not be seen",
        "Runs for the user: ben",
        "Since when it runs could not be seen",
    ]


def test_the_page_leaves_no_file(page: ProcessesPage, guardian_home: Path) -> None:
    assert not guardian_home.exists()
