"""The checkup page, by clicks and keys: one step, answers, the score, its history, the rhythm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import thread_time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guardian.checkup.model import (
    Answer,
    Basis,
    Circumstances,
    Dependant,
    Device,
    Every,
    Leak,
    Moment,
    Phone,
    Rhythm,
    State,
)
from guardian.checkup.service import CheckupService
from guardian.core.errors import Problem
from guardian.core.feature import Level, Observation, Step, Summary
from guardian.core.jobs import Report
from guardian.core.keys import KeyMode
from guardian.core.store import open_in_memory
from guardian.core.words import Words, message
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.sparkline import Sparkline, thin
from guardian.ui.pages.checkup import past, saving
from guardian.ui.pages.checkup.guide import order_ways
from guardian.ui.pages.checkup.history import HistoryPanel
from guardian.ui.pages.checkup.page import CheckupPage
from guardian.ui.pages.checkup.questions import QuestionsPanel
from guardian.ui.pages.checkup.rhythm import RhythmPanel
from guardian.ui.pages.checkup.sheet import SheetPanel
from guardian.ui.pages.checkup.steps import StepsPanel

NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
TODAY = NOW.date()
ME = Circumstances(phone=Phone.IPHONE, minutes=20, asked=True)


class Pillar:
    """Says of itself what a test wants it to say."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.steps: tuple[Step, ...] = ()
        self.observed: tuple[Observation, ...] = ()
        self.level: Level | None = None

    def check(self, _report: Report) -> None:
        self.level = Level.FINE

    def summary(self) -> Summary:
        return Summary(self.level, message("checkup.page.not-looked"))

    def next_steps(self) -> tuple[Step, ...]:
        return self.steps

    def observations(self) -> tuple[Observation, ...]:
        return self.observed


class Room:
    """A page in a window, and the hands of a person."""

    def __init__(self, page: CheckupPage, service: CheckupService, qtbot: QtBot) -> None:
        self.page, self.service, self.qtbot = page, service, qtbot
        self.gone: list[str] = []

    def settle(self) -> None:
        jobs = self.page._desk.jobs
        self.qtbot.waitUntil(lambda: not jobs.running)
        QApplication.processEvents()

    def open(self) -> None:
        self.page.refresh()
        self.settle()

    def button(self, text: str, within: QWidget | None = None) -> QPushButton:
        found = [
            one
            for one in (within or self.page).findChildren(QPushButton)
            if one.text() == text and one.isVisibleTo(self.page)
        ]
        assert found, f"no button “{text}”"
        return found[0]

    def press(self, text: str, within: QWidget | None = None) -> None:
        self.qtbot.mouseClick(self.button(text, within), Qt.MouseButton.LeftButton)
        self.settle()

    def offers(self, text: str) -> bool:
        return any(
            one.text() == text and one.isVisibleTo(self.page)
            for one in self.page.findChildren(QPushButton)
        )

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(QApplication.focusWidget() or self.page, key, modifier)
        self.settle()

    def undo(self) -> None:
        self.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def texts(self) -> str:
        shown = (one for one in self.page.findChildren(QLabel) if one.isVisibleTo(self.page))
        return "\n".join(one.text() for one in shown)

    def show(self, name: str) -> None:
        self.page.open(name)
        self.settle()

    def choose(self, key: str) -> None:
        self.page.choose(key)
        self.settle()

    def button_text(self, begin: str) -> str:
        texts = (one.text() for one in self.page.findChildren(QPushButton))
        return next(text for text in texts if text.startswith(begin))

    @property
    def next(self) -> str:
        todo = self.page.board.card.todo
        assert todo is not None
        return todo.key

    @property
    def score(self) -> int:
        return int(self.page.ring.figure)


Build = Callable[..., Room]


@pytest.fixture
def pillars() -> tuple[Pillar, ...]:
    return tuple(Pillar(key) for key in ("accounts", "vault", "processes", "clauses"))


@pytest.fixture
def build(qtbot: QtBot, pillars: tuple[Pillar, ...]) -> Iterator[Build]:
    store, jobs = open_in_memory(), Jobs()
    records = SimpleNamespace(mode=KeyMode.KEYRING, why=None)

    def make(about: Circumstances | None = ME, shown: tuple[Pillar, ...] = pillars) -> Room:
        service = CheckupService(store, shown, lambda: NOW)
        if about is not None:
            service.describe(about)
        gone: list[str] = []
        desk = Desk(Words(), jobs, lambda: NOW, go=gone.append, open_link=lambda _url: None)

        def look(report: Report) -> None:
            for one in shown:
                one.check(report)

        page = CheckupPage(service, shown, look, desk, records)
        qtbot.addWidget(page)
        page.resize(900, 760)
        page.show()
        qtbot.waitActive(page)
        room = Room(page, service, qtbot)
        room.gone = gone
        room.open()
        return room

    yield make
    jobs.close()
    store.close()


@pytest.fixture
def room(build: Build) -> Room:
    """The seven questions are answered; nothing else is known."""
    return build()


# the seven questions


def test_the_first_time_there_are_seven_questions_and_no_more(build: Build) -> None:
    room = build(None)
    panel = room.page.stages.currentWidget()
    assert isinstance(panel, QuestionsPanel)
    asked = [text for text in room.texts().splitlines() if text.endswith("?")]
    assert len(asked) == 7
    assert "never leave this computer" in room.texts()
    assert not room.page.ring.isVisibleTo(room.page), "there is no score yet"
    for text in ("Phone", "iPhone or iPad", "Children", "Others too", "Yes", "5 minutes"):
        room.press(text)
    room.press("Done")
    assert room.service.circumstances() == Circumstances(
        devices=frozenset({Device.COMPUTER}),
        phone=Phone.IPHONE,
        dependants=frozenset({Dependant.CHILDREN}),
        shared=True,
        public=True,
        leaked=Leak.UNKNOWN,
        minutes=5,
        asked=True,
    )
    assert room.page.stages.stage == "board"
    assert room.next


def test_the_questions_can_be_answered_with_the_keys_alone(build: Build) -> None:
    room = build(None)
    panel = room.page.stages.currentWidget()
    assert isinstance(panel, QuestionsPanel)
    panel.devices.buttons["computer"].setFocus()
    for _ in range(3):
        room.key(Qt.Key.Key_Tab)
    room.key(Qt.Key.Key_Left)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "iPhone or iPad"
    room.key(Qt.Key.Key_Space)
    while QApplication.focusWidget() is not panel.save:
        room.key(Qt.Key.Key_Tab)
    room.key(Qt.Key.Key_Return)
    assert room.service.circumstances().phone is Phone.IPHONE


def test_skipping_keeps_the_usual_answers_and_the_questions_do_not_come_back(build: Build) -> None:
    room = build(None)
    room.press("Tablet")
    room.press("Skip")
    assert room.service.circumstances() == Circumstances(asked=True)
    room.open()
    assert room.page.stages.stage == "board"


def test_nobody_and_somebody_put_each_other_out(build: Build) -> None:
    room = build(None)
    panel = room.page.stages.currentWidget()
    assert isinstance(panel, QuestionsPanel)
    room.press("Older people")
    assert not panel.dependants.buttons["nobody"].isChecked()
    room.press("Nobody")
    assert panel.circumstances().dependants == frozenset()
    room.press("Children")
    room.press("Children")
    assert panel.dependants.buttons["nobody"].isChecked()


def test_about_you_changes_the_answers_later_or_leaves_them(room: Room) -> None:
    room.press("About you")
    room.press("Android")
    room.press("Cancel")
    assert room.service.circumstances().phone is Phone.IPHONE
    room.press("About you")
    room.press("Android")
    room.press("Done")
    assert room.service.circumstances().phone is Phone.ANDROID


# one step, and a few more


def test_one_step_is_shown_and_at_most_four_more(room: Room) -> None:
    plan = room.service.plan()
    assert plan.next is not None
    assert room.next == plan.next.key
    rows = [one for one in room.page.findChildren(QPushButton) if one.text() == "Do this one"]
    assert len([one for one in rows if one.isVisibleTo(room.page)]) == len(plan.more) <= 4
    assert f"{1 + len(plan.more) + len(plan.rest)} to do" in room.button_text("All steps")


def test_done_moves_the_ring_brings_the_next_step_and_can_be_undone(room: Room) -> None:
    first, before = room.next, room.score
    room.page.board.card.show_guide()
    room.press("Done", room.page.board.card)
    assert room.score > before
    assert room.next != first
    assert "Marked as done." in room.texts()
    room.undo()
    assert (room.next, room.score) == (first, before)
    assert room.service.answers() == ()
    assert not room.page.board.said.isVisibleTo(room.page)


def test_several_answers_are_undone_one_by_one(room: Room) -> None:
    first = room.next
    room.press("Done", room.page.board.card)
    second = room.next
    room.press("Partly", room.page.board.card)
    assert {one.key: one.state for one in room.service.answers()} == {
        first: State.DONE,
        second: State.PARTLY,
    }
    room.press("Undo")
    assert [one.key for one in room.service.answers()] == [first]
    room.press("Undo")
    assert room.service.answers() == ()
    room.undo()  # nothing is left, and nothing happens


def test_after_an_answer_the_keys_go_on_with_the_next_step(room: Room) -> None:
    room.press("Done", room.page.board.card)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Start"
    room.key(Qt.Key.Key_Return)
    assert room.page.board.card.guide is not None or room.gone


@pytest.mark.parametrize(
    ("text", "days"), [("For a week", 7), ("For a month", 30), ("For three months", 91)]
)
def test_later_lets_a_step_rest(room: Room, text: str, days: int) -> None:
    first = room.next
    room.press("Later")
    room.press(text)
    (put,) = room.service.plan().put_aside
    assert (put.todo.key, put.until) == (first, TODAY + timedelta(days=days))
    assert room.next != first


def test_later_and_not_for_me_are_undone_too(room: Room) -> None:
    first = room.next
    for asked, answer in (("Later", "For a week"), ("Not for me", "I do not use this")):
        room.press(asked)
        room.press(answer)
        assert room.next != first
        room.undo()
        assert room.next == first
        assert room.service.plan().put_aside == ()


def test_undo_brings_back_what_was_said_before_with_its_own_day(build: Build) -> None:
    room = build()
    room.open()
    old = Answer(room.next, State.PARTLY, NOW - timedelta(days=600))
    room.service.restore(old.key, old, None)
    for ways in (("Done",), ("Later", "For a week")):
        room.open()
        room.choose(old.key)
        for button in ways:
            room.press(button)
        room.undo()
        assert room.service.said(old.key) == (old, None)


def test_with_a_rhythm_a_step_can_rest_until_after_the_next_checkup(build: Build) -> None:
    room = build()
    room.service.set_rhythm(Rhythm(Every.WEEKLY, weekday=6, begun=TODAY))
    room.open()
    room.press("Later")
    room.press("Until after my next checkup")
    (put,) = room.service.plan().put_aside
    assert put.until == TODAY + timedelta(days=2), "tomorrow is Sunday, and it is back on Monday"


def test_not_for_me_asks_why_and_takes_own_words_too(room: Room) -> None:
    first = room.next
    room.press("Not for me")
    room.press("Put aside")
    assert room.service.answers() == (), "without a reason nothing is put aside"
    room.page.board.card.reason.setText("  We have no such thing ")
    room.press("Put aside")
    second = room.next
    room.press("Not for me")
    room.press("I do not use this")
    reasons = {one.key: (one.state, one.reason) for one in room.service.answers()}
    assert reasons == {
        first: (State.NOT_MINE, "We have no such thing"),
        second: (State.NOT_MINE, "I do not use this"),
    }


def test_esc_takes_back_a_question_and_nothing_else(room: Room) -> None:
    first = room.next
    room.press("Later")
    assert room.page.go_back()
    assert not room.offers("For a week")
    assert room.next == first
    assert not room.page.go_back(), "there is nothing more to close here"


def test_a_step_done_by_hand_unfolds_its_guide_with_the_own_phone_first(room: Room) -> None:
    room.choose("phone-location")
    card = room.page.board.card
    room.press("Start", card)
    assert card.guide is not None
    assert card.guide.way == "iphone"
    assert room.service.plan().next is not None
    words = Words()
    assert words.say("checkup.task.phone-location.iphone.1") in room.texts()
    room.press("Android", card)
    assert words.say("checkup.task.phone-location.android.1") in room.texts()
    assert words.say("checkup.task.phone-location.iphone.1") not in room.texts()


def test_the_own_system_comes_first_then_what_fits_anywhere() -> None:
    ways = [SimpleNamespace(name=name) for name in ("windows", "any", "linux", "android")]
    names = [way.name for way in order_ways(ways, ME, "linux")]
    assert names == ["linux", "any", "windows", "android"]
    here = Circumstances(phone=Phone.ANDROID)
    assert order_ways(ways, here, "darwin")[0].name == "android"


def test_a_step_of_a_pillar_leads_to_its_page_and_ends_there(
    build: Build, pillars: tuple[Pillar, ...]
) -> None:
    step = Step(
        message("checkup.page.nothing"), message("checkup.page.nothing.why"), 3, "x",
        key="one", level=Level.ACT,
    )  # fmt: skip
    pillars[0].steps = (step,)
    room = build()
    card = room.page.board.card
    assert "Guardian saw this itself" in room.texts()
    assert not any(one.text() == "Done" for one in card.findChildren(QPushButton))
    room.press("Start", card)
    assert room.gone == ["accounts"]
    first = room.next
    room.press("Not for me")
    room.press("I can live with it as it is")
    assert room.next != first
    assert [one.todo.key for one in room.service.plan().put_aside] == [first]


def test_what_guardian_sees_is_not_asked(build: Build, pillars: tuple[Pillar, ...]) -> None:
    seen = Observation("disk-encryption", 0, 1, NOW, message("checkup.page.not-looked"))
    pillars[2].observed = (seen,)
    room = build()
    room.choose("disk-encryption")
    card = room.page.board.card
    assert card.done is None
    assert Words().say("checkup.page.not-looked") in room.texts()


def test_another_step_can_be_chosen_from_the_rows(room: Room) -> None:
    other = room.service.plan().more[1]
    rows = [one for one in room.page.findChildren(QPushButton) if one.text() == "Do this one"]
    room.qtbot.mouseClick(rows[1], Qt.MouseButton.LeftButton)
    room.settle()
    assert room.next == other.key


# all steps


def steps_of(room: Room) -> StepsPanel:
    panel = room.page.stages.currentWidget()
    assert isinstance(panel, StepsPanel)
    return panel


def test_ctrl_f_searches_all_steps_and_enter_does_one(room: Room) -> None:
    field = room.page.search_field()
    panel = steps_of(room)
    assert field is panel.search
    field.setText("tracker")
    keys = panel.rows.listed.keys()
    assert keys
    assert all("tracker" in Words().say(f"checkup.task.{key}").casefold() for key in keys)
    panel.rows.setFocus()
    room.key(Qt.Key.Key_Return)
    assert room.page.stages.stage == "board"
    assert room.next == keys[0]
    room.page.search_field().setText("no such thing at all")
    assert "No step fits" in room.texts()


def test_all_steps_are_grouped_and_sifted_by_area(room: Room) -> None:
    room.show("steps")
    panel = steps_of(room)
    plan = room.service.plan()
    assert len(panel.rows.listed.keys()) == 1 + len(plan.more) + len(plan.rest)
    panel.area.setCurrentIndex(panel.area.findData("phone"))
    listed = panel.rows.listed.keys()
    assert listed
    assert all(key.startswith("phone-") for key in listed)


def test_what_was_put_aside_or_done_can_be_taken_back(room: Room) -> None:
    done = room.next
    room.press("Done", room.page.board.card)
    aside = room.next
    room.press("Not for me")
    room.press("I do not use this")
    room.show("steps")
    panel = steps_of(room)
    room.press("Put aside (1)")
    assert panel.rows.listed.keys() == [aside]
    room.press("Take back")
    assert aside not in {one.key for one in room.service.answers()}
    room.press("Done (1)")
    assert panel.rows.listed.keys() == [done]
    room.press("Take back")
    assert room.service.answers() == ()


# where the pillars stand


def test_the_pillars_stand_below_and_open_their_pages(room: Room) -> None:
    assert room.texts().count("Not looked yet") == 4
    room.press("Open the vault")
    assert room.gone == ["vault"]
    room.press("Look at this computer")
    assert room.texts().count("Not looked yet") == 0
    assert room.offers("Look again")


def test_a_profile_without_pillars_shows_nothing_of_them(build: Build) -> None:
    room = build(ME, ())
    assert room.next
    assert "What Guardian sees" not in room.texts()
    assert not room.offers("Look at this computer")
    room.choose("accounts-search")
    room.press("Start", room.page.board.card)
    assert room.gone == [], "there is no such page; the guide says how"
    assert room.page.board.card.guide is not None


def test_when_nothing_is_left_it_says_so(room: Room) -> None:
    while (todo := room.service.plan().next) is not None:
        room.service.answer(todo.key, State.DONE)
    room.open()
    assert "Nothing waits for you." in room.texts()
    assert room.page.board.card.isHidden()


def test_a_refusal_of_the_records_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Problem("disk-full", name="records.db")

    monkeypatch.setattr(room.service, "answer", refuse)
    first = room.next
    room.press("Done", room.page.board.card)
    assert "disk is full" in room.page.notice.accessibleName()
    assert room.next == first
    assert not room.page.board.said.isVisibleTo(room.page)


# the score's sheet


def test_the_ring_opens_the_sheet_and_esc_closes_it(room: Room) -> None:
    assert "not a grade" in room.page.ring.accessibleName()
    room.page.ring.setFocus()
    room.key(Qt.Key.Key_Return)
    assert isinstance(room.page.stages.currentWidget(), SheetPanel)
    assert "stays below 80" in room.texts()
    assert room.page.go_back()
    assert room.page.stages.stage == "board"


def test_the_sheet_shows_every_point_and_who_knows_it(
    build: Build, pillars: tuple[Pillar, ...]
) -> None:
    seen = Observation("screen-lock", 1, 1, NOW, message("checkup.page.not-looked"))
    pillars[2].observed = (seen,)
    room = build()
    room.service.answer("old-devices", State.PARTLY)
    room.service.answer("camera-cover", State.NOT_MINE, "I like the sticker")
    room.open()
    room.show("sheet")
    panel = room.page.stages.currentWidget()
    assert isinstance(panel, SheetPanel)
    for card in panel.areas.values():
        card.fold.button.click()
    room.settle()
    told = room.texts()
    points = room.service.sheet().score.points
    assert told.count("not known yet") == sum(one.basis is Basis.NONE for one in points)
    assert told.count("as you said") == sum(one.basis is Basis.SAID for one in points) == 1
    assert told.count("seen by Guardian") == sum(one.basis is Basis.SEEN for one in points) > 0
    assert "1 of 2 points" in told
    room.press(room.button_text(str(len(room.service.sheet().score.left_out))))
    assert "You said: I like the sticker" in room.texts()


def test_what_holds_the_score_leads_to_its_step(room: Room) -> None:
    room.show("sheet")
    held = room.service.sheet().score.holds
    room.press("Do this one", room.page.stages.currentWidget())
    assert room.page.stages.stage == "board"
    assert room.next == held[0]


def test_the_lines_of_the_last_change_are_shown_and_sum_up(room: Room) -> None:
    room.service.record()
    room.service.answer("mailbox-password", State.DONE)
    room.open()
    room.show("sheet")
    change = room.service.sheet().change
    assert change is not None
    assert sum(line.points for line in change.lines) == change.after - change.before > 0
    assert f"which makes {change.after}." in room.texts(), "nothing is held back so far below 80"
    for line in change.lines:
        assert f"{line.points:+d}".replace("-", "−") in room.texts().splitlines()


def test_the_score_is_kept_when_the_page_is_left(room: Room) -> None:
    room.press("Done", room.page.board.card)
    assert room.service.history() == ()
    room.page.hide()
    room.settle()
    (moment,) = room.service.history()
    assert moment.value == room.score
    room.page.show()
    room.page.hide()
    room.settle()
    assert room.service.history() == (moment,), "nothing has moved since"


def test_what_was_opened_gives_the_focus_back_when_it_closes(room: Room) -> None:
    tool = room.button("How the score is made")
    tool.setFocus()
    room.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is room.page._back
    room.key(Qt.Key.Key_Return)
    assert room.page.stages.stage == "board"
    assert QApplication.focusWidget() is tool


# the history


def history_of(room: Room) -> HistoryPanel:
    room.show("history")
    room.settle()
    panel = room.page.stages.currentWidget()
    assert isinstance(panel, HistoryPanel)
    return panel


def three(room: Room) -> list[Moment]:
    for key in ("mailbox-password", "phone-lock", "recovery-codes"):
        room.service.answer(key, State.DONE)
        room.service.record()
    return list(room.service.history())[-3:]


def test_the_history_is_read_to_those_who_cannot_see_it(room: Room) -> None:
    moments = three(room)
    panel = history_of(room)
    values = [one.value for one in room.service.history()]
    name = panel.line.accessibleName()
    assert f"first {values[0]}, last {values[-1]}" in name
    assert f"lowest {min(values)}, highest {max(values)}" in name
    panel.line.setFocus()
    room.key(Qt.Key.Key_Left)
    assert f": {moments[-2].value}. " in panel.line.accessibleName()
    room.key(Qt.Key.Key_Return)
    assert panel.table.selected_keys() == [str(moments[-2].id)]


def test_one_snapshot_tells_what_changed_since_and_two_are_compared(room: Room) -> None:
    one, two, three_ = three(room)
    panel = history_of(room)
    panel.table.choose(str(one.id))
    room.settle()
    assert f"From {one.value} to {three_.value}:" in room.texts()
    panel.table.choose(str(one.id), str(two.id))
    room.settle()
    assert f"From {one.value} to {two.value}:" in room.texts()
    panel.table.choose(str(three_.id))
    room.settle()
    assert "newest" in room.texts()


def test_snapshots_are_deleted_after_asking_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = three(room)
    panel = history_of(room)
    count = len(room.service.history())
    asked: list[str] = []
    answers = iter([False, True, True])

    def ask(_parent: QWidget, title: str, *_: str, **__: bool) -> bool:
        asked.append(title)
        return next(answers)

    monkeypatch.setattr(past, "confirm", ask)
    panel.table.choose(str(moments[0].id))
    room.settle()
    room.qtbot.mouseClick(panel.one, Qt.MouseButton.LeftButton)
    room.settle()
    assert len(room.service.history()) == count
    room.qtbot.mouseClick(panel.one, Qt.MouseButton.LeftButton)
    room.settle()
    assert moments[0].id not in {one.id for one in room.service.history()}
    room.press("Delete all")
    assert room.service.history() == ()
    assert "No snapshots yet" in room.texts()
    assert asked == ["Delete this snapshot?", "Delete this snapshot?", "Delete all snapshots?"]


def test_ten_thousand_snapshots_do_not_hold_the_window(room: Room) -> None:
    panel = history_of(room)
    moments = [
        Moment(number, NOW - timedelta(hours=10_000 - number), number * 7 % 101)
        for number in range(10_000)
    ]
    start = thread_time()
    panel.show_moments(moments)
    QApplication.processEvents()
    assert thread_time() - start < 0.2  # 50 ms at rest; a busy machine gets some room
    assert len(panel.line.drawn()) <= 240
    assert panel.table.items()[0] == moments[-1], "the newest first"


@given(st.lists(st.integers(0, 100), min_size=1, max_size=900), st.integers(10, 60))
def test_a_thinned_line_keeps_its_ends_its_lowest_and_its_highest(
    values: list[int], most: int
) -> None:
    kept = thin(values, most)
    assert len(kept) <= most or len(kept) == len(values)
    assert kept == sorted(set(kept))
    assert kept[0] == 0
    assert kept[-1] == len(values) - 1
    assert {min(values), max(values)} <= {values[place] for place in kept}


def test_a_line_without_values_can_be_looked_at(qtbot: QtBot) -> None:
    line = Sparkline()
    qtbot.addWidget(line)
    line.show()
    qtbot.keyClick(line, Qt.Key.Key_Left)
    assert line.drawn() == []


# the rhythm


def rhythm_of(room: Room) -> RhythmPanel:
    room.press("Change")
    panel = room.page.stages.currentWidget()
    assert isinstance(panel, RhythmPanel)
    return panel


def test_a_rhythm_is_chosen_kept_and_told(room: Room) -> None:
    panel = rhythm_of(room)
    assert not panel.cue.isVisibleTo(room.page), "who wants no reminder is asked nothing more"
    room.press("Monthly, 20 minutes")
    panel.cue.setText("after Sunday coffee")
    panel.weekday.choose(2)
    panel.hour.choose(9)
    panel.pause.setCurrentIndex(1)
    panel.quiet.box.setChecked(True)
    room.press("Keep this")
    assert replace(room.service.rhythm(), series="") == Rhythm(
        Every.MONTHLY, "after Sunday coffee", 2, 9,
        quiet=True, paused_until=TODAY + timedelta(days=14), begun=TODAY,
    )  # fmt: skip
    assert "after Sunday coffee" in room.texts()
    panel = rhythm_of(room)
    assert panel.rhythm() == room.service.rhythm()
    room.press("Never")
    room.press("Keep this")
    assert room.service.rhythm().every is None
    assert "No reminders." in room.texts()


def test_the_series_is_saved_for_a_calendar_without_the_cue(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    panel = rhythm_of(room)
    room.press("Weekly, 5 minutes")
    panel.cue.setText("after Sunday coffee")
    room.press("Calendar file (.ics)")
    written = (tmp_path / "mine.ics").read_text()
    assert "FREQ=WEEKLY" in written
    assert "coffee" not in written
    assert room.service.rhythm().every is Every.WEEKLY
    assert "mine.ics" in room.page.notice.accessibleName()


# the report


@pytest.mark.parametrize(("cut", "told"), [("share", False), ("full", True)])
def test_a_report_is_saved_in_the_cut_that_was_chosen(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str, told: bool
) -> None:
    room.service.answer("camera-cover", State.NOT_MINE, "Uncle Theo taped it")
    target = tmp_path / "mine.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))

    def choose(dialog: saving.CutDialog) -> int:
        dialog.switch.buttons[cut].click()
        return 1

    monkeypatch.setattr(saving.CutDialog, "exec", choose)
    room.press("Save a report")
    page = target.read_text("utf-8")
    assert ("Theo" in page) is told
    assert "mine.html" in room.page.notice.accessibleName()
