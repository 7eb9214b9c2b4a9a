"""The page on programs: looking, what is shown of a look, and what can be done about it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.processes.model import Known, Limit, Running
from guardian.processes.service import ProcessesService
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.rows import ROW
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.page import ProcessesPage
from guardian.ui.pages.processes.work import lay_out
from tests.scenes.processes import (
    acting,
    asking,
    explained,
    hidden,
    hit,
    program,
    questions_scan,
    scan_of,
)
from tests.scenes.studio import NOW
from tests.ui.processes_room import (
    ArrangedService,
    cards,
    days_ago,
    look,
    names,
    press,
    rested,
    texts,
)

WORDS = Words()
SHELL = WORDS.say("processes.rule.shell-on-network.plain", name="update")
TYPED = WORDS.say("processes.rule.reads-keyboard.plain", name="typing-helper")


@pytest.fixture
def desk() -> Iterator[Desk]:
    jobs = Jobs()
    yield Desk(WORDS, jobs, lambda: NOW, lambda _key: None, lambda _url: None)
    jobs.close()


@pytest.fixture
def service() -> ArrangedService:
    return ArrangedService()


@pytest.fixture
def page(qtbot: QtBot, service: ArrangedService, desk: Desk) -> ProcessesPage:
    return opened(qtbot, service, desk)


def opened(qtbot: QtBot, service: ArrangedService, desk: Desk) -> ProcessesPage:
    made = ProcessesPage(service, desk)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.refresh()
    qtbot.waitUntil(lambda: made.stages.stage != "opening")
    rested(qtbot, made)
    return made


# looking


def test_before_the_first_look_the_page_says_what_will_happen(page: ProcessesPage) -> None:
    assert page.stages.stage == "empty"
    assert "Nothing is ended, removed or sent." in texts(page)
    assert page.search_field() is None
    assert not page.go_back()


def test_a_look_shows_the_headline_first_and_the_most_urgent_program_first(
    qtbot: QtBot, page: ProcessesPage
) -> None:
    look(qtbot, page)
    headline = texts(page.views.headline)
    assert "18 programs looked at. Please act on 1, and ask about 1 more." in headline
    assert "Last look: today at 19:00" in headline
    first, second = cards(page)
    assert (first.finding.level, second.finding.level) == (Level.ACT, Level.ASK)
    told = texts(first)
    for part in (
        "Please act",
        SHELL,
        "Also seen",
        "Why it matters",
        "What an honest reason would be",
        "Lives in: /tmp/.cache-x/update",
        "Not brought by any installed software package",
        "Runs for the user: ana",
        "Running since: today at 15:09",
        "Started by: /usr/bin/gnome-shell",
        "Connected to other computers",
    ):
        assert part in told, part
    assert "Process number" not in told, "technical details stay folded"
    assert WORDS.say("processes.rule.shell-on-network.do") in told, "what to do is in sight"
    assert "Why it is worth a question" in texts(second)
    assert WORDS.say("processes.rule.reads-keyboard.do") not in texts(second)


def test_findings_stream_in_and_the_cards_that_are_there_stay(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    whole = questions_scan()
    service.parts = (replace(whole, findings=whole.findings[:1]),)
    service.gate = threading.Event()
    press(qtbot, page, "Look now")
    qtbot.waitUntil(lambda: len(cards(page)) == 1)
    first = cards(page)[0]
    assert page.working.isVisible(), "the first findings are there while it goes on"
    assert "Guardian is still looking." in texts(page.views.headline)
    service.gate.set()
    rested(qtbot, page)
    assert cards(page)[0] is first
    assert len(cards(page)) == 2
    assert not page.working.isVisible()


def test_the_look_before_stays_until_the_new_one_has_something_to_show(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    service.gate = threading.Event()
    press(qtbot, page, "Look again")
    assert page.working.isVisible() and len(cards(page)) == 2
    page.refresh()
    assert page.working.isVisible(), "coming back does not disturb the work"
    service.gate.set()
    rested(qtbot, page)


def test_stop_goes_back_to_what_was_shown_and_says_so(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    service.gate = threading.Event()
    press(qtbot, page, "Look now")
    press(qtbot, page, "Stop")
    rested(qtbot, page)
    assert page.stages.stage == "empty"
    assert "stopped" in page.told.text() and page.told.isVisible()
    service.gate.set()
    look(qtbot, page)
    assert not page.told.isVisible()
    service.gate = threading.Event()
    service.parts = (scan_of(asking()),)
    press(qtbot, page, "Look again")
    qtbot.waitUntil(lambda: len(cards(page)) == 1)
    press(qtbot, page, "Stop")
    rested(qtbot, page)
    assert len(cards(page)) == 2
    assert "Below is what Guardian knew before." in page.told.text()


def test_a_problem_is_shown_and_nothing_is_lost(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    service.answer = Problem("no-permission", name="/proc")
    press(qtbot, page, "Look again")
    qtbot.waitUntil(page.notice.isVisible)
    rested(qtbot, page)
    assert "/proc" in texts(page.notice)
    assert len(cards(page)) == 2
    service.answer = scan_of()
    look(qtbot, page, "Look again")
    assert not page.notice.isVisible() and cards(page) == []


def test_after_a_restart_the_remembered_look_is_shown_with_its_date(
    qtbot: QtBot, service: ArrangedService, desk: Desk
) -> None:
    service.remembered = days_ago(questions_scan(), 3)
    page = opened(qtbot, service, desk)
    told = texts(page)
    assert "18 November 2026 at 19:00" in told
    assert len(cards(page)) == 2
    assert "not the list of all programs" in told
    assert page.search_field() is None
    assert "This is how it is now" not in told, "what runs is not known any more"
    card = cards(page)[0]
    assert card.advising.ending is None, "its process numbers may belong to others by now"
    service.answer = replace(questions_scan(), findings=service.remembered.findings)
    look(qtbot, page, "Look again")
    assert cards(page)[0].advising.ending is not None, "now they are known"
    assert page.search_field() is not None


def test_what_is_remembered_is_there_although_a_look_was_begun_before_it_was_read(
    qtbot: QtBot, service: ArrangedService, desk: Desk
) -> None:
    page = opened(qtbot, service, desk)
    service.remembered = days_ago(questions_scan(), 3)
    service.gate = threading.Event()
    page.refresh()
    page.look()
    qtbot.waitUntil(lambda: page.scan is not None)
    press(qtbot, page, "Stop")
    rested(qtbot, page)
    assert len(cards(page)) == 2


def test_coming_back_keeps_the_place(qtbot: QtBot, page: ProcessesPage) -> None:
    look(qtbot, page)
    field = page.search_field()
    assert field is page.views.listing.search
    field.setText("gnome")
    page.refresh()
    rested(qtbot, page)
    assert field.text() == "gnome" and page.views.view == "runs"


def test_a_busy_database_is_told_on_the_page(
    qtbot: QtBot, service: ArrangedService, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise Problem("database-busy")

    monkeypatch.setattr(service, "last", busy)
    page = opened(qtbot, service, desk)
    assert page.notice.isVisible() and page.stages.stage == "empty"
    assert WORDS.say("problem.database-busy") in texts(page.notice)


def test_closer_and_admin_looks_are_offered_with_what_they_mean(
    qtbot: QtBot, service: ArrangedService, desk: Desk
) -> None:
    page = opened(qtbot, service, desk)
    look(qtbot, page)
    ways = page.views.ways
    ways.toggle()
    assert "Your system asks for an administrator’s password." in texts(ways)
    ways.deep.click()
    rested(qtbot, page)
    ways.admin.click()
    rested(qtbot, page)
    assert service.asked == [("scan", False, False), ("scan", True, False), ("scan", False, True)]
    ways.show_refusal(Problem("no-permission", name="pkexec"))
    assert not ways.admin.isEnabled()
    assert "pkexec" in texts(ways)


def test_harmless_examples_for_trainers_tell_what_became_of_each(
    qtbot: QtBot, page: ProcessesPage
) -> None:
    look(qtbot, page)
    ways = page.views.ways
    ways.toggle()
    ways.trial.click()
    rested(qtbot, page)
    told = texts(ways)
    assert "2 of 3 examples were found" in told
    missed = WORDS.say("processes.example.hidden-folder")
    assert f"Not found: {missed}" in told
    assert "ended and taken away" in told


# what is new


def test_what_is_new_since_the_baseline_comes_first_and_can_be_taken_as_known(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    headline = page.views.headline
    assert "1 program is new since 3 November 2026." in texts(headline)
    press(qtbot, headline, "Show what is new")
    assert "typing-helper · Not brought by any installed software package" in texts(headline)
    press(qtbot, headline, "This is how it is now")
    rested(qtbot, page)
    assert ("baseline", NOW) in service.asked
    assert "From now on Guardian shows what comes after this." in texts(headline)


def test_nothing_new_and_only_a_new_start_are_told_as_such(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    service.answer = scan_of(acting())
    look(qtbot, page)
    told = texts(page.views.headline)
    assert "1 thing that starts by itself is new since 3 November 2026." in told
    assert "0 programs" not in told
    service.answer = replace(scan_of(acting()), autostart=())
    look(qtbot, page, "Look again")
    assert "Nothing is new since 3 November 2026." in texts(page.views.headline)


def test_without_a_baseline_one_is_offered(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    service.answer = scan_of(baseline=None)
    look(qtbot, page)
    assert "show you next time what is new" in texts(page.views.headline)
    assert page.views.headline.keep is not None


# cards


def test_i_know_this_is_undone_right_there(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    card = cards(page)[1]
    qtbot.mouseClick(card.know, Qt.MouseButton.LeftButton)
    rested(qtbot, page)
    assert [each.identity for each in service.noted] == ["typing-helper"]
    assert "You said that you know “typing-helper”." in texts(card)
    assert "18 programs looked at. Please act on 1." in texts(page.views.headline)
    assert "ask about 1 more" not in texts(page.views.headline)
    assert page.views.known.isVisible()
    qtbot.mouseClick(card.undo, Qt.MouseButton.LeftButton)
    rested(qtbot, page)
    assert service.noted == [] and not page.views.known.isVisible()
    assert "ask about 1 more" in texts(page.views.headline)
    assert TYPED in texts(card)


def test_an_answer_that_comes_after_its_card_is_gone_changes_nothing(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    card = cards(page)[1]
    card.more.button.click()
    card.advice.button.click()
    card.know.click()
    page.show_look(lay_out(WORDS, scan_of(acting())))
    rested(qtbot, page)
    page.doings.refused.emit(Problem("process-gone", pid="1"))
    assert names(cards(page)) == ["update"]
    assert [each.identity for each in service.noted] == ["typing-helper"]


def test_a_refusal_is_told_and_the_button_can_be_pressed_again(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_finding: object) -> None:
        raise Problem("known-needs-file", name="typing-helper")

    monkeypatch.setattr(service, "know", refuse)
    look(qtbot, page)
    card = cards(page)[1]
    card.know.click()
    rested(qtbot, page)
    assert WORDS.say("problem.known-needs-file", name="typing-helper") in texts(page.notice)
    assert card.know.isEnabled() and card.know.isVisible()


def test_the_list_of_known_programs_asks_again_and_is_saved_as_a_file(
    qtbot: QtBot, page: ProcessesPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(qtbot, page)
    card = cards(page)[1]
    card.know.click()
    rested(qtbot, page)
    known = page.views.known
    known.fold.button.click()
    rested(qtbot, page)
    target = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    known.save.click()
    rested(qtbot, page)
    assert (tmp_path / "mine.yml").read_text() == "- /opt/example/typing-helper\n"
    assert "Saved as “mine.yml”." in texts(known)
    press(qtbot, known, "Ask again")
    rested(qtbot, page)
    assert TYPED in texts(card), "the card asks again, too"
    assert not known.isVisible()


def test_of_hundreds_of_known_programs_only_the_newest_are_built_at_once(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    known = page.views.known
    known.show_known([
        Known(f"helper-{n}", ("runs-from-temp",), f"/opt/helper-{n}", None, None, None,
              NOW - timedelta(days=300 - n))
        for n in range(300)
    ])  # fmt: skip
    assert "/opt/helper-299" not in texts(known), "nothing of a closed list is built"
    press(qtbot, known, "You know these: 300 programs")
    rested(qtbot, page)
    assert "/opt/helper-299" in texts(known) and "/opt/helper-279" not in texts(known)
    press(qtbot, known, "Show 20 of 280 more")
    rested(qtbot, page)
    assert "/opt/helper-260" in texts(known) and "/opt/helper-259" not in texts(known)


def test_what_can_i_do_begins_with_the_calm_notice_where_somebody_may_watch(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    temporary = program(900, "setup", "/tmp/setup", None, "ana")
    one = hit("runs-from-temp", Level.ASK, 3, 900)
    plain = replace(asking(), program=temporary, hits=(one,), entries=())
    service.answer = scan_of(asking(), plain)
    look(qtbot, page)
    for card in cards(page):
        card.advice.toggle()
        watched = card.finding.program.name == "typing-helper"
        assert (WORDS.say("processes.safety.title") in texts(card)) == watched
        assert "Guardian ends and removes nothing on its own." in texts(card)


def test_ending_a_program_is_offered_last_and_only_after_a_question(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    card = cards(page)[1]
    card.advice.toggle()
    ending = card.advising.ending
    assert ending is not None
    asked: list[str] = []

    def answer(agree: bool) -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Dialog)
        asked.append(texts(dialog))
        assert dialog.no.isDefault(), "Enter by habit ends nothing"
        (dialog.yes if agree else dialog.no).click()

    QTimer.singleShot(0, lambda: answer(False))
    ending.click()
    assert ("end", "typing-helper") not in service.asked
    QTimer.singleShot(0, lambda: answer(True))
    ending.click()
    rested(qtbot, page)
    assert ("end", "typing-helper") in service.asked
    assert "did not save may be lost" in asked[0]
    assert "it will come back" in asked[0], "it starts by itself"
    assert "they may notice" in asked[0], "it reads the keyboard"
    assert "The program has ended." in texts(card)
    service.stubborn = True
    QTimer.singleShot(0, lambda: answer(True))
    cards(page)[0].advising.ending.click()
    rested(qtbot, page)
    assert "It still runs." in texts(cards(page)[0])


def test_a_program_that_is_not_the_persons_own_is_never_ended(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    service.can_end = False
    look(qtbot, page)
    assert all(card.advising.ending is None for card in cards(page))


def test_show_me_more_tells_the_chain_and_copies_a_report_without_the_home_folder(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    mine = acting()
    mine = replace(mine, program=replace(mine.program, exe="/home/ana/.cache/x/update"))
    service.answer = scan_of(mine)
    look(qtbot, page)
    (card,) = cards(page)
    card.more.button.click()
    rested(qtbot, page)
    told = texts(card)
    assert "systemd › gnome-shell › update" in told
    assert "Process number: 2571" in told and "T1059.004" in told
    qtbot.mouseClick(card.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "Lives in: ~/.cache/x/update" in copied
    assert "systemd › gnome-shell › update" in copied
    assert "203.0.113.7:4444" in copied
    assert "ana" not in copied.replace("any", "")
    assert "Copied." in texts(card)


def test_a_program_that_has_ended_meanwhile_says_so(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_pid: int, _report: object) -> None:
        raise Problem("file-missing", name="update")

    monkeypatch.setattr(service, "explain", gone)
    look(qtbot, page)
    card = cards(page)[0]
    card.more.button.click()
    rested(qtbot, page)
    assert WORDS.say("problem.file-missing", name="update") in texts(card)


def test_what_has_a_simple_explanation_is_folded_away(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    service.answer = scan_of(explained())
    look(qtbot, page)
    assert "None is worth a question" in texts(page.views.headline)
    assert cards(page) == []
    for _ in range(3):
        press(qtbot, page, "1 program with a simple explanation")
        rested(qtbot, page)
    assert names(cards(page)) == ["music-player"], "it is not made twice"


def test_many_cards_are_shown_by_and_by(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    many = [
        replace(asking(), program=program(3000 + n, f"helper-{n}", f"/opt/{n}", None, "ana"))
        for n in range(200)
    ]
    service.answer = scan_of(*many)
    look(qtbot, page)
    assert len(page.views.findings.cards) == 8
    press(qtbot, page, "Show 8 of 192 more")
    rested(qtbot, page)
    assert len(page.views.findings.cards) == 16
    assert telling.others(WORDS, 2, 8) == "Show 2 more"


def test_nothing_worth_a_question_is_said_calmly_with_what_could_not_be_seen(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    service.answer = scan_of(limits=(Limit.OTHERS_HIDDEN,))
    look(qtbot, page)
    headline = texts(page.views.headline)
    assert "15 programs looked at. None is worth a question." in headline
    assert "As far as it could see" in headline
    assert "Guardian saw only yours." in headline, "a limit is never passed over"
    press(qtbot, page, "What could not be seen, and why")
    assert "not answered for 1 program, because that needs admin rights" in texts(page)


def test_tricks_in_names_are_shown_as_text(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    name = "<b>x</b>\u202egpj{0}\n" + "y" * 500
    evil = program(666, name, f"/tmp/{name}", None, "ana")
    service.answer = scan_of(replace(acting(), program=evil))
    look(qtbot, page)
    (card,) = cards(page)
    told = texts(card)
    assert "<b>x</b>\\u202egpj{0}\\u000a" in told
    assert "\u202e" not in told
    assert page.views.area.horizontalScrollBar().maximum() == 0
    labels = [label for label in card.findChildren(QLabel) if label.isVisible()]
    assert all(label.width() <= card.width() for label in labels)


# everything that runs


def test_the_tree_is_searched_with_what_is_above_and_opened_by_keyboard(
    qtbot: QtBot, page: ProcessesPage
) -> None:
    look(qtbot, page)
    field, rows = page.search_field(), page.views.listing.rows
    assert field is not None and page.views.view == "runs", "Ctrl+F goes to the list"
    field.setFocus()
    qtbot.keyClicks(field, "typing-helper")
    model = rows.listed
    top = model.index(0, 0)
    assert (model.rowCount(), top.data()) == (1, "systemd")
    assert model.index(0, 0, top).data() == "gnome-shell", "who started it is in sight"
    assert "1 of 19 fits." in texts(page)
    panel = page.views.listing.panel
    assert panel.isHidden()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rows.hasFocus() and rows.currentIndex().data() == "typing-helper"
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert "Lives in: /opt/example/typing-helper" in texts(panel)
    qtbot.keyClick(rows, Qt.Key.Key_Up)
    assert "Lives in: /usr/bin/gnome-shell" in texts(panel), "the open panel follows"
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    press(qtbot, panel, "Show me more")
    rested(qtbot, page)
    assert "Who started whom, down to this one" in texts(panel)
    assert panel.area.hasFocus() and panel.more_button.isHidden(), "the arrow keys scroll it"
    assert page.go_back() and panel.isHidden()
    assert page.go_back() and field.text() == ""
    assert page.go_back() and page.views.view == "questions"
    assert not page.go_back(), "nothing is open any more"


def test_the_tree_can_be_a_list_of_programs_in_another_order(
    qtbot: QtBot, page: ProcessesPage
) -> None:
    look(qtbot, page)
    page.views.show_view("runs")
    listing = page.views.listing
    press(qtbot, listing, "Each program once")
    model = listing.rows.listed
    assert model.index(0, 0).data() == "update", "what raised a question comes first"
    assert model.rowCount() == 18
    listing.order.setCurrentIndex(listing.order.findData("name"))
    assert model.index(0, 0).data() == "avahi-daemon"
    listing.search.setText("zzz")
    assert "None of the 18 fits." in texts(page)
    listing.search.setText("ben-session")
    listing.rows.choose_first()
    qtbot.keyClick(listing.rows, Qt.Key.Key_Return)
    assert "Its file could not be seen" in texts(listing.panel)


def test_what_leads_to_a_question_comes_first_and_the_system_core_last(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    scan = questions_scan()
    asking = next(one for one in scan.running if one.name == "typing-helper")
    shell = replace(asking, pid=9001, ppid=1, name="zsh")
    quiet = replace(asking, pid=9000, ppid=1, name="aaa", program=1)
    other = replace(asking, ppid=9001)
    core = Running(2, 0, "kthreadd", "root", None, None)
    service.answer = replace(scan, running=(core, quiet, replace(shell, program=2), other))
    look(qtbot, page)
    model = page.views.listing.rows.listed
    tops = [model.forest.rows[model.number(model.index(row, 0))].key for row in range(3)]
    assert tops == ["process-9001", "process-9000", "process-2"]


def test_two_thousand_processes_are_listed_and_searched_at_once(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    scan = questions_scan()
    many = tuple(
        Running(5000 + n, 5000 + n // 3 if n else 400, f"worker-{n}", "ana", None, None)
        for n in range(2000)
    )
    service.answer = replace(scan, running=scan.running + many)
    look(qtbot, page)
    page.views.show_view("runs")
    begun = time.perf_counter()
    page.views.listing.search.setText("worker-19")
    assert time.perf_counter() - begun < 0.5, "far above what is needed; a hang is the fault"
    assert page.views.listing.rows.listed.found == 111


# what starts by itself, and the computer


def test_what_starts_by_itself_stands_by_place_with_the_new_in_sight(
    qtbot: QtBot, page: ProcessesPage
) -> None:
    look(qtbot, page)
    page.views.show_view("starts")
    starts = page.views.starts
    model = starts.rows.listed
    places = [model.index(number, 0) for number in range(model.rowCount())]
    assert [place.data() for place in places] == ["With your log-in: 3", "Services: 6",
                                                  "Timetables: 3"]  # fmt: skip
    assert places[0].data(ROW).mark == "1 worth a question · 1 new", "it comes first"
    assert [starts.rows.isExpanded(place) for place in places] == [True, False, False]
    assert page.search_field() is starts.search
    starts.search.setText("typing")
    starts.rows.choose_first()
    qtbot.keyClick(starts.rows, Qt.Key.Key_Return)
    told = texts(starts.panel)
    assert "Starts: /opt/example/typing-helper" in told
    assert "Not brought by any installed software package" in told
    assert "autostart/typing-helper.desktop" in told
    assert page.go_back() and page.go_back() and page.go_back()
    assert page.views.view == "questions"


def test_a_place_that_may_not_be_read_is_named(qtbot: QtBot, page: ProcessesPage) -> None:
    look(qtbot, page)
    page.views.show_view("starts")
    press(qtbot, page, "Places not read, or not to their end")
    assert "/etc/sudoers.d" in texts(page.views.starts)


def test_the_settings_show_what_needs_a_look_first_and_fold_the_fine(
    qtbot: QtBot, page: ProcessesPage, service: ArrangedService
) -> None:
    look(qtbot, page)
    press(qtbot, page, "This computer (2)")
    told = texts(page.views.posture)
    assert "2 settings are worth a look" in told and "1 could not be read" in told
    fine = WORDS.tell(service.answer.posture[-1].title())
    assert fine not in told
    press(qtbot, page, "5 are fine")
    qtbot.waitUntil(lambda: fine in texts(page.views.posture))


# telling


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


def test_a_program_of_which_nothing_was_seen_is_told_without_guesses() -> None:
    assert telling.about(WORDS, hidden(), NOW) == [
        "Its file could not be seen",
        "Which software brought it could not be seen",
        "Runs for the user: ben",
        "Since when it runs could not be seen",
        "Started by: could not be seen, or has ended since",
    ]


def test_a_real_look_fills_every_view_and_leaves_no_file(
    qtbot: QtBot, desk: Desk, guardian_home: Path, tmp_path: Path
) -> None:
    store = open_in_memory()
    page = opened(qtbot, ProcessesService(store, tmp_path, desk.clock), desk)
    press(qtbot, page, "Look now")
    qtbot.waitUntil(lambda: page.stages.stage == "full" and not page.busy, timeout=20_000)
    rested(qtbot, page)
    assert page.scan is not None and page.scan.looked_at > 0
    page.views.show_view("runs")
    assert page.views.listing.rows.listed.rowCount() > 0
    store.close()
    assert not guardian_home.exists()
