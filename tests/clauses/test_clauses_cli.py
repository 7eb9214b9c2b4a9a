"""``guardian clauses`` as a person and as a script meet it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from guardian.clauses.service import ClausesService
from guardian.cli.clauses import clauses
from guardian.cli.session import Session
from guardian.core.errors import Problem
from guardian.core.store import open_in_memory

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clauses"
TERMS, POLICY = FIXTURES / "lantern-terms.txt", FIXTURES / "lantern-privacy.md"
Run = Callable[..., Result]


class LateSession(Session):
    """Looks for its streams when it prints, because the runner replaces them."""

    def __init__(self, service: ClausesService) -> None:
        super().__init__()
        self.__dict__["features"] = SimpleNamespace(clauses=service)

    def __getattribute__(self, name: str) -> object:
        if name in ("out", "err"):
            return Console(stderr=name == "err", highlight=False, soft_wrap=True)
        return super().__getattribute__(name)


@pytest.fixture
def run() -> Iterator[Run]:
    store = open_in_memory()
    session = LateSession(ClausesService(store, lambda: datetime(2026, 11, 21, tzinfo=UTC)))

    def invoke(*words: str | Path) -> Result:
        return CliRunner().invoke(clauses, [str(word) for word in words], obj=session)

    yield invoke
    store.close()


def test_terms_are_explained_in_words(run: Run) -> None:
    result = run("explain", TERMS)
    assert result.exit_code == 0
    said = result.stdout
    assert said.startswith("lantern-terms\nThink twice: 1 point here can cost you a lot.")
    assert said.index("What speaks against you most") < said.index("What you can do now")
    assert "> Any dispute between you and us will be resolved by binding arbitration and" in said
    assert "Look for a way to opt out." in said
    assert "It is not legal advice." in said
    assert "clauses." not in said


def test_json_holds_every_promised_field(run: Run) -> None:
    answer = json.loads(run("explain", TERMS, "--json").stdout)
    text = TERMS.read_text()
    assert answer["title"] == "lantern-terms"
    assert 0 < answer["coverage"] < 1
    assert answer["looks_like_policy"] is True
    assert answer["dropped_words"] == 0
    assert answer["words"] > 200
    assert answer["reading_minutes"] == 1
    assert len(answer["clauses"]) >= 8
    for clause in answer["clauses"]:
        assert text[clause["start"] : clause["end"]] == clause["quote"]
        assert clause["level"] in ("fine", "ask", "act")
        assert clause["direction"] in ("good", "neutral", "bad")
        assert 0 < clause["confidence"] < 1
        assert clause["plain"].endswith(".")
        assert clause["actions"] or clause["level"] == "fine"
        assert clause["number"] is None or 1 <= clause["number"] <= 62


def test_several_files_give_a_list_and_a_bad_one_does_not_stop_the_rest(
    run: Run, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = run("explain", "--json", TERMS, empty, POLICY)
    assert result.exit_code == 2
    answers = json.loads(result.stdout)
    assert [one.get("title") for one in answers] == [
        "lantern-terms",
        None,
        "Privacy policy of Lantern Notes",
    ]
    assert answers[1]["problem"] == "document-empty"
    assert "empty.txt" in result.stderr


def test_one_bad_file_is_a_problem(run: Run, tmp_path: Path) -> None:
    result = run("explain", tmp_path / "none.txt")
    assert isinstance(result.exception, Problem)
    assert result.exception.code == "file-missing"


def test_one_bad_file_is_told_to_machines_too(run: Run, tmp_path: Path) -> None:
    result = run("explain", "--json", tmp_path / "none.txt")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {
        "file": "none.txt", "problem": "file-missing", "message": "“none.txt” is not there.",
    }  # fmt: skip
    assert "“none.txt” is not there." in result.stderr


def test_a_pipe_is_refused_at_once(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    began = time.monotonic()
    result = run("explain", tmp_path / "pipe")
    assert isinstance(result.exception, Problem)
    assert result.exception.code == "document-not-text"
    assert time.monotonic() - began < 5


def test_a_saved_page_tells_what_was_left_out(run: Run) -> None:
    said = run("explain", FIXTURES / "saved-page.html").stdout
    assert "words around the text, such as menus and links, were left out." in said


def test_the_extracted_text_can_be_had_for_checking(run: Run) -> None:
    result = run("explain", "--json", "--with-text", FIXTURES / "saved-page.html")
    answer = json.loads(result.stdout)
    assert "Sign in" in answer["dropped_text"]
    for clause in answer["clauses"]:
        assert answer["text"][clause["start"] : clause["end"]] == clause["quote"]


def test_a_novel_is_called_no_policy(run: Run) -> None:
    assert (
        "This does not look like a privacy policy"
        in run("explain", FIXTURES / "harbour-novel.txt").stdout
    )


def test_another_language_is_named_as_not_understood(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "richtlinie.txt"
    path.write_text("Wir verkaufen Ihre Daten niemals. Wir speichern Ihre Daten ohne Frist.")
    said = run("explain", path).stdout
    assert "does not know this language" in said
    assert "does not look like" not in said


def test_a_quote_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evil.txt"
    path.write_text("We may sell your personal data \x1b[2J\u202e[red]now[/red].")
    said = run("explain", path).stdout
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "[red]now[/red]" in said


def test_the_list_names_what_was_read(run: Run) -> None:
    assert "No document read yet." in run("list").stdout
    run("explain", TERMS)
    said = run("list").stdout
    assert "lantern-terms" in said
    assert "Read on 21 November 2026." in said
    (entry,) = json.loads(run("list", "--json").stdout)
    assert entry["levels"]["act"] == 1


@pytest.mark.parametrize("words", [("--help",), ("explain", "--help"), ("list", "--help")])
def test_help_explains_and_gives_an_example(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 0
    assert "Example:" in result.stdout
