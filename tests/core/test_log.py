"""The log: codes and numbers; no way to put a name, a path or a text into it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardian.core import log
from guardian.core.errors import Problem
from guardian.core.log import Event
from guardian.core.words import load_texts

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d [a-z-]+( [\w.:,-]+)*( \w+=-?[\d.e+-]+| \w+=(True|False))*"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "logs" / "guardian.log"
    log.start_log(path)
    return path


def test_events_and_numbers_are_written(file: Path) -> None:
    log.note(Event.STARTED)
    log.note(Event.JOB_DONE, items=3, seconds=0.5)
    lines = file.read_text().splitlines()
    assert lines[0].endswith(" started")
    assert lines[1].endswith(" job-done items=3 seconds=0.5")
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("private", ["a name", b"bytes", Path("/home/ana"), None, ["x"]])
def test_anything_but_a_number_is_refused(file: Path, private: object) -> None:
    with pytest.raises(TypeError):
        log.note(Event.JOB_DONE, items=private)  # type: ignore[arg-type]
    assert file.read_text() == ""


def test_an_event_that_is_not_on_the_list_is_refused(file: Path) -> None:
    with pytest.raises(ValueError, match="Passport"):
        log.note("Passport of Ana")  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_no_text_reaches_the_file_by_any_door(file: Path, text: str) -> None:
    def fail() -> None:
        raise ValueError(text)

    log.note_problem(text)
    try:
        fail()
    except ValueError as error:
        log.note_crash(error)
    strange = type(f"Secret{abs(hash(text))}", (Exception,), {})
    log.note_crash(strange(text))
    for line in file.read_text().splitlines():
        assert LINE.fullmatch(line), line
    problems = {code.removeprefix("problem.") for code in load_texts("en")}
    for line in file.read_text().splitlines():
        words = line.split()[1:]
        assert words[0] in ("problem", "crash")
        if words[0] == "problem":
            assert words[1] == "unknown" or words[1] in problems
        else:
            assert words[1] in ("ValueError", "Other")


def test_a_known_problem_is_logged_by_its_code_without_its_facts(file: Path) -> None:
    problem = Problem("file-missing", name="Passport of Ana")
    log.note_problem(problem.code)
    assert file.read_text().endswith(" problem file-missing\n")


def test_the_log_starts_over_before_it_grows_large(file: Path) -> None:
    for number in range(9000):
        log.note(Event.JOB_DONE, items=number, seconds=1.23456789, more=10**30)
    files = sorted(file.parent.iterdir())
    assert 2 <= len(files) <= log.KEPT_FILES + 1
    assert all(one.stat().st_size <= log.MAX_BYTES for one in files)


def test_a_folder_that_cannot_be_written_to_means_no_log_and_no_error(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    log.start_log(blocker / "logs" / "guardian.log")
    log.note(Event.STARTED)
