"""``guardian lessons`` as a trainer and as a script meet it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from guardian.cli.lessons import lessons
from guardian.cli.session import Session
from guardian.core.errors import Problem
from guardian.core.store import open_in_memory
from guardian.lessons.model import Count
from guardian.lessons.service import LessonsService

Run = Callable[..., Result]


class LateSession(Session):
    """Looks for its streams when it prints, because the runner replaces them."""

    def __init__(self, service: LessonsService) -> None:
        super().__init__()
        self.__dict__["features"] = SimpleNamespace(lessons=service)

    def __getattribute__(self, name: str) -> object:
        if name in ("out", "err"):
            return Console(stderr=name == "err", highlight=False, soft_wrap=True)
        return super().__getattribute__(name)


@pytest.fixture
def service() -> Iterator[LessonsService]:
    store = open_in_memory()
    yield LessonsService(store, lambda: datetime(2026, 11, 22, tzinfo=UTC))
    store.close()


@pytest.fixture
def run(service: LessonsService) -> Run:
    session = LateSession(service)

    def invoke(*words: str | Path) -> Result:
        return CliRunner().invoke(lessons, [str(word) for word in words], obj=session)

    return invoke


def problem(result: Result) -> str:
    assert isinstance(result.exception, Problem), result.exception
    return result.exception.code


def test_the_list_has_eight_lessons_with_their_minutes(run: Run, service: LessonsService) -> None:
    service.finish("phone")
    said = run("list").stdout
    assert "cancel    Close what you no longer use · 45 minutes" in said
    assert "Check the phone · 55 minutes (gone through)" in said
    answer = json.loads(run("list", "--json").stdout)
    assert len(answer) == 8
    assert [one["id"] for one in answer if one["finished"]] == ["phone"]
    assert set(answer[0]) == {"id", "title", "aim", "minutes", "finished"}


def test_a_lesson_is_shown_with_its_phases_and_notes(run: Run) -> None:
    said = run("show", "encrypt").stdout
    assert said.startswith("Lock up what is private\nAim: You leave knowing")
    order = [
        "What to bring",
        "Do · ",
        "Talk · ",
        "see · ",
        "yourself · ",
        "together · ",
        "in the demo",
    ]
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert "lesson." not in said
    answer = json.loads(run("show", "encrypt", "--json").stdout)
    assert sum(one["minutes"] for one in answer["phases"]) == answer["minutes"] == 50
    assert answer["demo"][0]["page"] == "vault"


def test_the_quiz_tells_right_answers_and_the_hands_counted(
    run: Run, service: LessonsService
) -> None:
    service.count(Count("cancel", 1, (3, 9, 2)))
    said = run("quiz", "cancel").stdout
    assert said.startswith("1. You take a shopping app off your phone.")
    assert "Right: It stays" in said
    assert "Hands counted: a 3, b 9, c 2" in said
    answer = json.loads(run("quiz", "cancel", "--json").stdout)
    assert [one["hands"] for one in answer] == [[3, 9, 2], None, None, None, None]
    assert answer[0]["right"] == 2


def test_a_handout_is_written_where_asked(run: Run, tmp_path: Path) -> None:
    out, large = tmp_path / "out.html", tmp_path / "large.html"
    assert "Written to out.html" in run("handout", "pause", "--html", out).stdout
    answer = json.loads(run("handout", "pause", "--html", large, "--large", "--json").stdout)
    assert answer == {"lesson": "pause", "file": "large.html", "large": True}
    assert "Pause before you share" in out.read_text("utf-8")
    assert out.read_text("utf-8") != large.read_text("utf-8")
    assert str(tmp_path) not in out.read_text("utf-8")


def test_a_handout_that_cannot_be_written_is_a_problem(run: Run, tmp_path: Path) -> None:
    assert problem(run("handout", "pause", "--html", tmp_path)) == "file-is-folder"
    nowhere = tmp_path / "nothing.html"
    assert problem(run("handout", "nothing", "--html", nowhere)) == "lesson-unknown"
    assert not nowhere.exists()


def test_an_agenda_has_times_and_breaks(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"
    said = run("agenda", "cancel", "pause", "--start", "14:00", "--html", sheet).stdout
    assert said.splitlines() == [
        "14:00  Close what you no longer use · 45 minutes",
        "14:45  Break · 10 minutes",
        "14:55  Pause before you share · 42 minutes",
        "15:37  End",
        "Written to sheet.html. Open it in your browser to print it.",
    ]
    assert "14:55 – 15:37" in sheet.read_text("utf-8")


def test_an_agenda_for_a_script_has_the_phases(run: Run) -> None:
    answer = json.loads(run("agenda", "cancel", "phone", "--json").stdout)
    assert (answer["start"], answer["minutes"], answer["long"]) == ("09:30", 110, False)
    assert len(answer["slots"]) == 11
    assert answer["slots"][5] == {
        "time": "10:15", "kind": "break", "lesson": None, "phase": None, "minutes": 10,
    }  # fmt: skip


def test_a_long_day_is_told(run: Run) -> None:
    said = run("agenda", "cancel", "phone", "rights", "encrypt").stdout
    assert "This is four hours or more." in said


@pytest.mark.parametrize("start", ["25:00", "half past nine", "", "09:60", "-1:00"])
def test_what_is_no_time_of_day_is_said(run: Run, start: str) -> None:
    assert problem(run("agenda", "cancel", f"--start={start}")) == "start-bad"


def test_too_much_for_a_day_is_said(run: Run) -> None:
    assert problem(run("agenda", *["rights"] * 12)) == "agenda-too-long"
    assert problem(run("agenda", *["rights"] * 5000)) == "agenda-too-long"
