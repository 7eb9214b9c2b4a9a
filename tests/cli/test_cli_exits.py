"""How the command ends: with a mistake inside, without input, without a home, without a reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner

from guardian.clauses.service import ClausesService
from guardian.cli import main
from guardian.cli.session import Session, as_text, one_line, printable
from guardian.core.paths import find_paths
from guardian.core.words import message

SECRET = "the-name-of-a-person"


def guardian(command: str, **changes: Any) -> subprocess.CompletedProcess[str]:
    """``command`` in a shell, where ``guardian`` is this Guardian and knows no keyring."""
    program = (
        "import sys; from guardian.core import keychain; keychain.find_keychain = lambda *_: None;"
        "from guardian.cli import main; main(prog_name='guardian')"
    )
    script = f'guardian() {{ "{sys.executable}" -c "{program}" "$@"; }}\n{command}'
    return subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=False, timeout=60, **changes
    )


def test_a_mistake_inside_is_told_without_a_word_of_the_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(ClausesService, "library", fail)
    session = Session()
    result = CliRunner().invoke(main, ["clauses", "list"], obj=session)
    session.store.close()
    assert result.exit_code == 70
    assert result.stdout == ""
    assert "This is our mistake, not yours." in result.stderr
    assert "guardian.cli.clauses.library:" in result.stderr
    log = find_paths().log_file.read_text()
    assert "crash KeyError" in log
    assert SECRET not in log + result.stderr


def test_wrong_words_stay_the_business_of_the_command_line() -> None:
    result = CliRunner().invoke(main, ["clauses", "expalin"])
    assert result.exit_code == 2
    assert "No such command" in result.stderr


def test_the_help_tells_every_exit_code_and_an_example() -> None:
    for words in ([], ["accounts"], ["vault"], ["processes"], ["clauses"]):
        assert "Example:" in CliRunner().invoke(main, [*words, "--help"]).stdout
    said = " ".join(CliRunner().invoke(main, ["--help"]).stdout.split())
    assert "70 a mistake inside Guardian, 130 stopped by you" in said


def test_leaving_at_a_question_is_stopping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["guardian.cli.vault.shared"], "on_terminal", lambda: True)
    session = Session()
    result = CliRunner().invoke(main, ["vault", "create", str(tmp_path / "v")], obj=session)
    assert result.exit_code == 130
    assert "Stopped. What was finished before stays." in result.stderr
    assert "Aborted" not in result.output


def test_stopping_is_the_same_before_a_command_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for place, name in ((click.Group, "parse_args"), (Session, "__init__")):
        with monkeypatch.context() as early:
            early.setattr(place, name, stop)
            assert CliRunner().invoke(main, ["vault", "known"]).exit_code == 130


def test_a_closed_standard_input_is_no_terminal(tmp_path: Path) -> None:
    done = guardian(f"guardian vault create {tmp_path / 'v'} <&-")
    assert done.returncode == 2
    assert "there is no terminal to ask" in done.stderr
    assert guardian("guardian accounts find <&-").returncode == 0


def test_without_a_home_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    result = CliRunner().invoke(main, ["vault", "known", "--json"])
    assert result.exit_code == 2
    assert "does not say where your home folder is" in result.stderr
    assert json.loads(result.stdout)["problem"] == "home-unknown"
    assert CliRunner().invoke(main, ["vault", "known", "--help"]).exit_code == 0


def test_a_reader_that_goes_away_is_no_mistake(guardian_home: Path) -> None:
    done = guardian(
        "guardian processes list --json | true; echo ${PIPESTATUS[0]};"
        "guardian processes list | true; echo ${PIPESTATUS[0]}"
    )
    assert done.stdout.split() == ["141", "141"]
    assert "Traceback" not in done.stderr and "mistake" not in done.stderr
    assert "crash" not in (guardian_home / "logs" / "guardian.log").read_text()


def test_a_terminal_that_lacks_a_letter_gets_its_number() -> None:
    done = guardian("guardian vault known", env={**os.environ, "PYTHONIOENCODING": "ascii:strict"})
    assert (done.returncode, done.stderr.count("\\u2019")) == (0, 0)
    done = guardian(
        "guardian clauses explain none.txt", env={**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    )
    assert done.returncode == 2
    assert "\\u201cnone.txt\\u201d is not there" in done.stderr


def test_names_that_are_no_text_are_shown_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"caf\xe9")
    assert printable(name) == "caf\\xe9"
    Session().print_json({"file": Path(name), "more": [name, {name: 1}], "lone": "\ud800é\n"})
    assert json.loads(capsys.readouterr().out) == {
        "file": "caf\\xe9",
        "more": ["caf\\xe9", {"caf\\xe9": 1}],
        "lone": "\\ud800é\n",
    }


@pytest.mark.parametrize("value", [None, 1.5, True, [], {}, "é\n"])
def test_everything_else_is_left_as_it_is(value: object) -> None:
    assert as_text(value) == value
    msgspec.json.encode(as_text(value))


def test_names_cannot_begin_a_line_but_sentences_can(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session()
    session.tell(message("problem.file-missing", name="a\nPlease act\tb\x1b"))
    session.print("one\ntwo")
    assert capsys.readouterr().out == "“a\\nPlease act\\tb\\u001b” is not there.\none\ntwo\n"
    assert one_line(one_line("a\nb")) == "a\\nb"


def test_a_problem_is_told_on_one_line_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    result = CliRunner().invoke(main, ["clauses", "explain", "na\nme"], standalone_mode=True)
    assert result.exit_code == 2
    assert "“na\\nme” is not there." in result.stderr


def test_machines_get_the_problem_of_any_command(tmp_path: Path) -> None:
    words = ["vault", "list", str(tmp_path / "v"), "--password-stdin", "--json"]
    session = Session()
    result = CliRunner().invoke(main, words, obj=session, input="correct horse\n")
    session.store.close()
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {
        "problem": "vault-missing",
        "message": "The folder “v” is not there.",
    }
    assert "The folder “v” is not there." in result.stderr
    assert isinstance(main, click.Group)


@pytest.mark.parametrize("form", ["", "--json"])
def test_an_answer_without_room_is_told_and_no_mistake(guardian_home: Path, form: str) -> None:
    done = guardian(f"guardian clauses list {form} > /dev/full")
    assert done.returncode == 2
    assert "The answer could not be written: No space left on device." in done.stderr
    assert "mistake" not in done.stderr
    assert "Exception" not in done.stderr
