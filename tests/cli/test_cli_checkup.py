"""The checkup in the command window: next step, score, history, report, rhythm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from guardian.checkup.content import read_tasks
from guardian.checkup.model import Circumstances, Device, Leak, Phone, State
from guardian.checkup.service import CheckupService
from guardian.cli import main
from guardian.cli.checkup import questions
from guardian.cli.session import Session
from guardian.core.clock import local_now
from guardian.core.errors import Problem
from guardian.core.feature import Level, Step
from guardian.core.paths import find_paths
from guardian.core.store import open_store
from guardian.core.words import Words, message
from guardian.features import AccountsService, ProcessesService
from tests.memory_keychain import MemoryKeychain

Run = Callable[..., Result]
TASK = "router-password"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    # what this very machine runs is not the subject here
    for service in (AccountsService, ProcessesService):
        monkeypatch.setattr(service, "check", lambda *_: None)
    sessions: list[Session] = []

    def invoke(*words: str, stdin: str | None = None) -> Result:
        sessions.append(Session())
        return CliRunner().invoke(main, words, obj=sessions[-1], input=stdin)

    yield invoke
    for session in sessions:
        if "store" in session.__dict__:
            session.store.close()


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_checkup_names_one_next_step_and_at_most_four_more(run: Run) -> None:
    found = answer(run("checkup", "--json"))
    assert found["next_step"]["minutes"] > 0 and found["next_step"]["why"]
    assert 0 < len(found["more_steps"]) <= 4
    assert 0 <= found["score"] <= 100
    told = run("checkup")
    assert found["next_step"]["title"] in told.stdout
    assert "seven short questions" in told.stdout.lower()


def test_a_step_marked_as_done_moves_the_score_and_is_explained(run: Run) -> None:
    run("checkup")
    before = answer(run("score", "--json"))["score"]
    assert run("steps", "done", TASK).exit_code == 0
    after = answer(run("score", "--json"))
    assert after["score"] > before
    first, last = (one["number"] for one in answer(run("history", "--json"))[-2:])
    change = answer(run("history", "compare", str(first), str(last), "--json"))
    assert change["after"] - change["before"] == sum(one["points"] for one in change["lines"])
    told = run("history", "compare", str(first), str(last)).stdout
    assert f"+{change['after'] - change['before']}  " in told


def test_done_later_not_for_me_and_back(run: Run) -> None:
    run("steps", "later", TASK, "--days", "3")
    run("steps", "skip", "camera-cover", "--why", "no camera here")
    plan = answer(run("steps", "--all", "--json"))
    aside = {one["step"]["key"]: one for one in plan["put_aside"]}
    assert aside[TASK]["until"] and aside["camera-cover"]["reason"] == "no camera here"
    assert "no camera here" in run("steps", "--all").stdout
    for key in aside:
        run("steps", "undo", key)
    assert not answer(run("steps", "--json"))["put_aside"]


def test_a_step_is_shown_with_its_ways(run: Run) -> None:
    told = run("steps", "show", "phone-ad-id").stdout
    assert "Android" in told and "iPhone" in told and "  1. " in told
    found = answer(run("steps", "show", "phone-ad-id", "--json"))
    assert found["step"]["area"] == "phone"
    assert [way["name"] for way in found["ways"]] == ["android", "iphone"]
    assert all(line in told for way in found["ways"] for line in way["lines"])


def test_a_pillars_step_is_found_by_the_task_it_stands_for(run: Run) -> None:
    shown = answer(run("steps", "show", "accounts-search", "--json"))
    assert shown == answer(run("steps", "show", "accounts-searched", "--json"))
    assert run("steps", "later", "accounts-search").exit_code == 0
    assert answer(run("steps", "--json"))["put_aside"][0]["step"] == shown["step"]


def test_steps_can_be_asked_for_one_area(run: Run) -> None:
    plan = answer(run("steps", "--area", "network", "--json"))
    assert {one["area"] for one in (plan["next"], *plan["rest"])} == {"network"}


@pytest.mark.parametrize("verb", ["show", "done", "later", "undo"])
def test_an_unknown_step_is_told(run: Run, verb: str) -> None:
    result = run("steps", verb, "no-such-step")
    assert result.exit_code == 2 and result.stdout == ""
    assert "no-such-step" in result.stderr


def test_the_score_shows_every_point_and_who_knows_it(run: Run) -> None:
    run("steps", "done", TASK)
    told = run("score", "--explain").stdout
    assert "(as you said)" in told and "(not known yet)" in told
    assert "held below 80" in told
    points = answer(run("score", "--json"))["points"]
    assert {one["basis"] for one in points} >= {"said", "none"}


def test_snapshots_can_be_deleted_after_asking(run: Run) -> None:
    run("checkup")
    run("steps", "done", TASK)
    first = answer(run("history", "--json"))[0]["number"]
    assert run("history", "forget", str(first), stdin="n\n").exit_code == 130
    assert run("history", "forget", str(first), stdin="y\n").exit_code == 0
    assert first not in [one["number"] for one in answer(run("history", "--json"))]
    assert run("history", "forget", "--all", "--yes").exit_code == 0
    assert answer(run("history", "--json")) == []


@pytest.mark.parametrize(
    "words", [("forget", "99", "--yes"), ("compare", "1", "99"), ("forget", "-1", "--yes")]
)
def test_a_snapshot_that_is_not_there_is_told(run: Run, words: tuple[str, ...]) -> None:
    run("checkup")
    assert run("history", *words).exit_code == 2


def test_the_report_comes_in_two_cuts(run: Run, tmp_path: Path) -> None:
    run("steps", "skip", "camera-cover", "--why", "the lens is broken")
    for extra, shows in (((), True), (("--share",), False)):
        target = tmp_path / "report.html"
        assert run("report", "--html", str(target), *extra).exit_code == 0
        page = target.read_text("utf-8")
        assert ("the lens is broken" in page) is shows
        assert "of 100" in page and "<script" not in page
    assert "<!DOCTYPE html>" in run("report").stdout
    assert answer(run("report", "--json"))["plan"]["next"]
    shared = answer(run("report", "--json", "--share"))
    assert shared["put_aside"] == 1 and shared["areas"] and shared["next"]
    assert "broken" not in json.dumps(shared)


def test_a_rhythm_is_kept_and_becomes_a_calendar(run: Run, tmp_path: Path) -> None:
    none = run("rhythm").stdout
    assert "No reminders." in none and "--every" in none
    assert run("rhythm", "--ics", str(tmp_path / "a.ics")).exit_code == 2
    run("rhythm", "--every", "monthly", "--on", "friday", "--at", "9", "--cue", "after tea")
    kept = answer(run("rhythm", "--json"))
    assert (kept["every"], kept["weekday"], kept["hour"], kept["cue"]) == (
        "monthly", 4, 9, "after tea",
    )  # fmt: skip
    assert kept["next"]
    assert "after tea" in run("rhythm").stdout
    run("rhythm", "--ics", str(tmp_path / "a.ics"))
    (entry,) = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")
    assert entry["rrule"]["byday"] == ["1FR"]
    run("rhythm", "--quiet")
    assert answer(run("rhythm", "--json"))["next"] is None
    run("rhythm", "--every", "never")
    assert answer(run("rhythm", "--json"))["every"] is None


def test_the_seven_questions_can_be_answered_in_the_command(run: Run) -> None:
    given = ("devices=computer,phone", "phone=iphone", "dependants=children", "shared=yes",
             "public=no", "leaked=yes", "minutes=5")  # fmt: skip
    words = [word for one in given for word in ("--answer", one)]
    found = answer(run("checkup", "--json", *words))
    assert found["next_step"]
    assert "seven short" not in run("checkup").stdout.lower()


def test_answers_are_put_together() -> None:
    made = questions.set_answers(
        Circumstances(), ("devices=tablet", "phone=android", "shared=yes", "leaked=no")
    )
    assert made == Circumstances(
        devices=frozenset({Device.TABLET}), phone=Phone.ANDROID, shared=True, leaked=Leak.NO,
        asked=True,
    )  # fmt: skip
    for name in questions.QUESTIONS:  # what is offered is what is taken
        assert questions.put(made, name, questions.told(made, name)) == made


@pytest.mark.parametrize(
    "wrong", ["shoe=8", "phone=windows", "shared=yes,no", "minutes=", "devices", "minutes=7"]
)
def test_a_wrong_answer_is_told(wrong: str) -> None:
    with pytest.raises(Problem):
        questions.set_answers(Circumstances(), (wrong,))


def test_nobody_is_asked_where_nobody_sits(run: Run) -> None:
    result = run("checkup", "--questions")
    assert result.exit_code == 2 and "--answer" in result.stderr


def test_every_verb_answers_machines(run: Run) -> None:
    for verb, state in (("done", "done"), ("partly", "partly"), ("open", "open")):
        found = answer(run("steps", verb, TASK, "--json"))
        assert (found["key"], found["state"]) == (TASK, state)
        assert found["after"] == answer(run("score", "--json"))["score"]
    assert answer(run("steps", "skip", TASK, "--why", "no", "--json"))["state"] == "not-mine"
    assert answer(run("steps", "undo", TASK, "--json")) == {"key": TASK}
    assert answer(run("steps", "later", TASK, "--json"))["until"]
    count = len(answer(run("history", "--json")))
    forgotten = answer(run("history", "forget", "--all", "--yes", "--json"))
    assert count and forgotten == {"forgotten": count}


def test_what_holds_the_score_is_named_and_not_by_its_key(
    run: Run, monkeypatch: pytest.MonkeyPatch, memory_keychain: MemoryKeychain
) -> None:
    title, why = message("vault.step.create"), message("vault.step.create.why")
    found = Step(title, why, 5, "guardian vault", "made-up:0123456789ab", Level.ACT)
    monkeypatch.setattr(ProcessesService, "next_steps", lambda _: (found,))
    told = run("score", "--explain").stdout
    assert Words().tell(title) in told and found.key not in told
    assert Words().tell(title) not in run("score").stdout, "nothing is held back so far down"
    store = open_store(find_paths(), memory_keychain)
    service = CheckupService(store, (), local_now)
    for one in read_tasks():
        service.answer(one.id, State.DONE)
    store.close()
    told = run("score").stdout
    assert told.startswith("79 of 100") and Words().tell(title) in told


@pytest.mark.parametrize(
    "words", ["report --html", "rhythm --every weekly --ics", "lessons handout cancel --html"]
)
@pytest.mark.parametrize("place", ["", "/"])
def test_a_place_without_a_name_is_told(run: Run, words: str, place: str) -> None:
    result = run(*words.split(), place)
    assert result.exit_code == 2 and "our mistake" not in result.stderr
