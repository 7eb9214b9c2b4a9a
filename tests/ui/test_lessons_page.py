"""The lessons page, by clicks and keys: alone, with a group, a planned day, a running timer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from guardian.core.settings import TextSize, Theme
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.lessons.model import Agenda, Count, Kind, Slot
from guardian.lessons.service import LessonsService
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.text import Text
from guardian.ui.pages.lessons import page as page_module
from guardian.ui.pages.lessons.agenda import CHECKED, time_of
from guardian.ui.pages.lessons.alone import AlonePanel
from guardian.ui.pages.lessons.leading import LeadingPanel
from guardian.ui.pages.lessons.page import GROUP, LessonsPage
from guardian.ui.pages.lessons.running import Running, tell_clock

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EVERY = ("checkup", "accounts", "vault", "processes", "clauses", "lessons", "settings")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


class Room:
    """A page in a window, with what it asked of the rest written down."""

    def __init__(self, qtbot: QtBot, pages: tuple[str, ...], *, demo: bool) -> None:
        self.store, self.jobs, self.clock = open_in_memory(), Jobs(), Clock()
        self.service = LessonsService(self.store, self.clock)
        self.gone: list[str] = []
        self.demos: list[bool] = []
        self.locked = False
        desk = Desk(
            Words(), self.jobs, self.clock, go=self.gone.append, open_link=lambda _url: None,
            lock=lambda: self.locked, show_demo=self.demos.append if demo else None,
        )  # fmt: skip
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.page = LessonsPage(self.service, desk, pages)
        self.page.setParent(self.window)
        for one in (self.window, self.page):
            one.resize(900, 760)
            one.show()
        self.qtbot = qtbot

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.jobs.running)

    def alone(self, key: str) -> AlonePanel:
        self.page.open_pack(key)
        panel = self.page.panel()
        assert isinstance(panel, AlonePanel)
        return panel

    def group(self, key: str) -> LeadingPanel:
        self.page.open_pack(key)
        self.page.show_way(GROUP)
        panel = self.page.panel()
        assert isinstance(panel, LeadingPanel)
        return panel


@pytest.fixture
def build(qtbot: QtBot) -> Iterator[Callable[..., Room]]:
    rooms: list[Room] = []

    def make(pages: tuple[str, ...] = EVERY, *, demo: bool = True) -> Room:
        rooms.append(Room(qtbot, pages, demo=demo))
        return rooms[-1]

    yield make
    for room in rooms:
        room.jobs.close()
        room.store.close()


@pytest.fixture
def room(build: Callable[..., Room]) -> Room:
    return build()


def texts(widget: QWidget) -> str:
    QApplication.processEvents()  # what was just put into a layout is shown then
    return "\n".join(one.text() for one in widget.findChildren(Text) if one.isVisible())


def button(widget: QWidget, text: str) -> Button:
    QApplication.processEvents()
    return next(
        one for one in widget.findChildren(Button) if one.text() == text and one.isVisible()
    )


# alone


def test_the_first_lesson_not_gone_through_is_offered_first(room: Room) -> None:
    room.service.finish("cancel")
    room.page.refresh()
    button(room.page, "Begin this lesson").click()
    assert room.page.title.text() == "Pause before you share"


def test_one_person_goes_through_a_lesson_with_the_keys(room: Room, qtbot: QtBot) -> None:
    panel = room.alone("encrypt")
    pack = room.service.pack("encrypt")
    for question in pack.questions:
        asking = panel.asking
        qtbot.keyClick(asking.options[question.right - 1], Qt.Key.Key_Space)
        assert "That is right." in texts(asking)
        assert Words().say(f"lesson.encrypt.quiz.{question.number}.because") in texts(asking)
        qtbot.keyClick(asking.onward, Qt.Key.Key_Return)
    panel.finish.click()
    room.settle()
    assert room.service.finished() == ("encrypt",)
    button(panel, "Back to all lessons").click()
    assert room.page.stages.stage == "start"
    assert "You went through it" in texts(room.page)


def test_a_wrong_answer_shows_the_better_one_and_stays(room: Room) -> None:
    panel = room.alone("cancel")
    assert room.service.pack("cancel").questions[0].right == 2
    panel.asking.choose(3)
    better = Words().say("lesson.cancel.quiz.1.2")
    assert f"The better answer is: {better}" in texts(panel)
    panel.asking.choose(2)
    assert panel.asking.answered == {0: 3}


@pytest.mark.parametrize(("large", "beginning"), [(False, b"<!DOCTYPE"), (True, b"%PDF-")])
def test_the_page_to_keep_is_saved_where_the_person_wants_it(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool, beginning: bytes
) -> None:
    target = tmp_path / f"page{'.pdf' if large else '.html'}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    panel = room.alone("cancel")
    button(panel, "Save it in large print" if large else "Save the page").click()
    room.settle()
    assert target.read_bytes().startswith(beginning)
    assert f"“{target.name}”" in texts(room.page.notice)


# with a group


def test_hands_become_bars_at_once_and_are_kept(room: Room, qtbot: QtBot) -> None:
    hands = room.group("pause").hands
    hands.fields[0].setFocus()
    for field, keys in zip(hands.fields, ("12", "3", ""), strict=True):
        field.selectAll()
        qtbot.keyClicks(field, keys)
    qtbot.keyClick(hands.fields[2], Qt.Key.Key_Up)
    assert [bar.count for bar in hands.bars.bars()] == [12, 3, 1]
    assert "12 hands" in hands.bars.accessibleDescription()
    assert "16 hands counted" in texts(hands)
    hands.keep()
    room.settle()
    assert room.service.counts("pause") == (Count("pause", 1, (12, 3, 1)),)
    hands.onward.click()
    assert hands.hands() == (0, 0, 0)
    hands.back.click()
    assert hands.hands() == (12, 3, 1)


def test_what_was_typed_last_is_kept_when_going_on_fast(room: Room) -> None:
    hands = room.group("pause").hands
    hands.fields[0].set_value(7)
    hands.onward.click()
    room.settle()
    assert room.service.counts("pause") == (Count("pause", 1, (7, 0, 0)),)


def test_counts_before_and_after_are_told_once_both_are_there(room: Room) -> None:
    hands = room.group("pause").hands
    right = room.service.pack("pause").questions[0].right - 1
    hands.times.buttons["before"].click()
    hands.fields[right].set_value(1)
    hands.fields[right - 1].set_value(3)
    assert hands.reveal.isEnabled()
    hands.times.buttons["after"].click()
    hands.fields[right].set_value(4)
    hands.show_right()
    assert "Right before the lesson: 25 of 100. Right after it: 100 of 100." in texts(hands)
    hands.keep()
    room.settle()
    kept = room.service.counts("pause")[0].hands
    assert sum(kept) == 4  # those from before are not kept


def test_too_many_hands_are_refused_in_a_sentence(room: Room) -> None:
    hands = room.group("pause").hands
    hands.fields[0].set_value(5000)
    hands.keep()
    room.settle()
    assert "slip of the keyboard" in texts(room.page.notice)
    assert room.service.counts("pause") == ()


def test_counts_are_emptied_for_the_next_group_after_asking(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.service.count(Count("pause", 1, (5, 5, 5)))
    hands = room.group("pause").hands
    assert hands.hands() == (5, 5, 5)
    monkeypatch.setattr(page_module, "confirm", lambda *_a, **_k: False)
    hands.forget.click()
    room.settle()
    assert hands.hands() == (5, 5, 5)
    monkeypatch.setattr(page_module, "confirm", lambda *_a, **_k: True)
    hands.forget.click()
    room.settle()
    assert hands.hands() == (0, 0, 0)
    assert room.service.counts("pause") == ()


def test_notes_for_the_trainer_are_not_shown_on_the_wall(room: Room, qapp: QApplication) -> None:
    panel = room.group("cancel")
    note = Words().say("lesson.cancel.activity.notes.1")
    assert note in texts(panel)
    try:
        theme.project(qapp, on=True)
        theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)
        assert note not in texts(panel)
        assert "Your notes stay off the wall" in texts(panel)
    finally:
        theme.project(qapp, on=False)
        theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)
    assert note in texts(panel)


def test_demo_steps_show_their_pages_inside_the_demo(build: Callable[..., Room]) -> None:
    room = build(demo=False)
    panel = room.group("cancel")
    for shown in panel.shows:
        assert shown.text().startswith("Show: ")
        shown.click()
    assert room.gone == [one.page for one in room.service.pack("cancel").showings]
    assert not [one for one in room.page.findChildren(Button) if "demo" in one.text()]


def test_outside_the_demo_the_steps_say_that_a_page_is_ones_own(room: Room) -> None:
    panel = room.group("cancel")
    assert all(one.text().startswith("Open your own page") for one in panel.shows)
    button(panel, "Show the demo").click()
    assert room.demos == [False]


def test_a_profile_without_a_page_is_not_sent_there(build: Callable[..., Room]) -> None:
    room = build(("checkup", "lessons", "settings"))
    assert [one.text() for one in room.group("cancel").shows] == ["Open your own page: Checkup"]


@pytest.mark.parametrize("locked", [True, False])
def test_nothing_of_ones_own_stays_open_beside_a_projector(
    room: Room, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    room.locked = locked
    room.page.refresh()
    monkeypatch.setattr(page_module, "confirm", lambda *_a, **_k: False)
    room.page.start.projector.click()
    assert room.demos == []
    monkeypatch.setattr(page_module, "confirm", lambda *_a, **_k: True)
    room.page.start.projector.click()
    assert room.demos == [True]
    assert room.window.isVisible() is locked  # a window that cannot be locked is closed


# a planned day


def tick(room: Room, *keys: str) -> None:
    lines = room.page.agenda.list
    packs = [pack.id for pack in room.service.packs()]
    for key in keys:
        lines.item(packs.index(key)).setCheckState(CHECKED)


def test_a_day_is_planned_with_breaks_and_its_end(room: Room) -> None:
    room.page.plan()
    agenda = room.page.agenda
    assert "no lesson in this agenda yet" in texts(agenda)
    assert not agenda.save.isEnabled()
    tick(room, "cancel", "pause")
    agenda.start.setText("14:00")
    said = texts(agenda)
    assert "14:00 – 14:45" in said
    assert "Break · 10 minutes" in said
    assert "It ends at 15:37." in said
    agenda.start.setText("after lunch"[:5])
    assert "not a time of day" in texts(agenda)
    assert not agenda.go.isEnabled()


def test_lines_move_by_button_and_key_and_a_long_day_is_told(room: Room, qtbot: QtBot) -> None:
    room.page.plan()
    agenda = room.page.agenda
    tick(room, "cancel", "pause", "clauses")
    agenda.list.setCurrentRow(0)
    agenda.down.click()
    assert agenda.list.chosen() == ["pause", "cancel", "clauses"]
    qtbot.keyClick(agenda.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert agenda.list.chosen() == ["cancel", "pause", "clauses"]
    assert agenda.list.currentRow() == 0
    assert "four hours" not in texts(agenda)
    tick(room, "phone", "rights")
    assert "four hours or more" in texts(agenda)


def test_the_run_sheet_is_saved(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "sheet.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    room.page.plan()
    tick(room, "rights")
    room.page.agenda.save.click()
    room.settle()
    sheet = target.read_text("utf-8")
    assert "09:30" in sheet
    assert "Know your rights" in sheet


@pytest.mark.parametrize(
    ("typed", "told"),
    [("9:30", (9, 30)), ("0930", (9, 30)), ("9", (9, 0)), ("14.05", (14, 5)), ("23:59", (23, 59)),
     ("24:00", None), ("9:60", None), ("", None), ("noon", None), ("９:30", (9, 30))],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(typed: str, told: tuple[int, int] | None) -> None:
    read = time_of(typed, NOW)
    assert (read and (read.hour, read.minute)) == told


# the timer


def test_the_timer_shows_phases_and_moves_the_rest(room: Room) -> None:
    timing = room.page.timing
    room.group("cancel").timer.click()
    assert (timing.phase.text(), timing.left.text()) == ("Do", "8:00")
    assert timing.ends.text() == "Ends at 09:45."
    room.clock.go(5)
    timing.refresh()
    assert timing.told.text() == "about 3 minutes left"
    button(timing, "+5 min").click()
    assert timing.left.text() == "8:00"
    assert timing.ends.text() == "Ends at 09:50, 5 minutes later than planned."
    timing.pause.click()
    room.clock.go(10)
    timing.refresh()
    assert timing.left.text() == "8:00"
    timing.pause.click()
    room.clock.go(10)
    timing.refresh()
    assert timing.left.text() == "+2:00"
    assert "That is fine" in timing.told.text()
    timing.onward.click()
    assert timing.phase.text() == "Talk"
    timing.back.click()
    assert timing.left.text() == "+2:00"  # as if nothing had been pressed
    for _ in range(5):
        timing.onward.click()
    assert timing.left.text() == "That was all."


def test_a_timer_goes_on_while_another_page_is_looked_at(room: Room) -> None:
    room.group("cancel").timer.click()
    room.page.go_back()
    room.clock.go(2)
    button(room.page, "To the timer").click()
    assert room.page.timing.left.text() == "6:00"
    button(room.page.timing, "End the timer").click()
    assert room.page.timing.running is None


MINUTES = st.lists(st.integers(1, 60), min_size=1, max_size=8)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["wait", "add"]), st.integers(1, 90)),
        st.tuples(st.sampled_from(["pause", "go_on", "go_next", "go_back"]), st.just(0)),
    ),
    max_size=20,
)


@given(minutes=MINUTES, acts=ACTS)
def test_the_end_is_always_now_and_what_is_left(
    minutes: list[int], acts: list[tuple[str, int]]
) -> None:
    slots, begin = [], 0
    for one in minutes:
        slots.append(Slot(Kind.PACK, "cancel", begin, one))
        begin += one
    running = Running(Agenda(tuple(slots), begin, long=False), NOW)
    now, added = NOW, dict.fromkeys(range(len(slots)), 0)
    place = 0
    for act, value in acts:
        if act == "wait":
            now += timedelta(minutes=value)
        elif act == "add":
            running.add(value)
            if place < len(slots):
                added[place] += value
        else:
            getattr(running, act)(now)
            place += {"go_next": 1, "go_back": -1}.get(act, 0)
            place = min(max(place, 0), len(slots))
    rest = sum(minutes[n] + added[n] for n in range(place + 1, len(slots)))
    left = max(running.left(now), timedelta())
    assert running.over is (place == len(slots))
    assert running.end(now) == now + left + timedelta(minutes=rest)
    assert running.late(now) >= timedelta(minutes=-begin)


@given(st.integers(-100_000, 100_000))
def test_a_clock_tells_its_seconds_back(seconds: int) -> None:
    told = tell_clock(timedelta(seconds=seconds))
    parts = [int(part) for part in told.lstrip("+").split(":")]
    total = sum(part * 60**power for power, part in enumerate(reversed(parts)))
    assert total == abs(seconds)
    assert told.startswith("+") is (seconds < 0)
