"""``guardian vault`` in a terminal: documents are moved, deleted, described and found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from guardian.cli.session import Session
from guardian.cli.vault import arranging
from guardian.cli.vault import vault as group
from guardian.core.errors import Problem
from guardian.vault.service import VaultService

PASSPHRASE = "correct horse battery"
Run = Callable[..., Result]


@pytest.fixture
def run(service: VaultService) -> Run:
    """Runs ``guardian vault ...`` with the passphrase on standard input."""

    class OnlyVault(Session):
        features: Any = SimpleNamespace(vault=service)

    def invoke(verb: str, *arguments: object, stdin: str | bytes = PASSPHRASE + "\n") -> Result:
        session = OnlyVault()

        @click.group()
        @click.pass_context
        def main(ctx: click.Context) -> None:
            ctx.obj = session

        main.add_command(group)
        words = ["vault", verb, *map(str, arguments), "--password-stdin"]
        result = CliRunner().invoke(main, words, input=stdin)
        if isinstance(result.exception, Problem):
            session.show_problem(result.exception)
        elif result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def folder(service: VaultService, tmp_path: Path, document: Callable[..., Path]) -> Path:
    """A vault with a.txt, b.txt and papers/c.txt in it."""
    with service.create(tmp_path / "v", PASSPHRASE) as vault:
        vault.add([document("a.txt", b"a"), document("b.txt", b"b")])
        vault.add([document("c.txt", b"c")], "papers")
    return tmp_path / "v"


@pytest.fixture
def names(service: VaultService, folder: Path) -> Callable[[], list[str]]:
    def look() -> list[str]:
        with service.open(folder, PASSPHRASE) as vault:
            return [entry.path for entry in vault.list_all().entries]

    return look


def code_of(result: Result) -> str:
    assert isinstance(result.exception, Problem)
    return result.exception.code


# mv


def test_mv_renames_moves_and_does_both_at_once(
    run: Run, folder: Path, names: Callable[[], list[str]]
) -> None:
    result = run("mv", folder, "a.txt", "A letter.txt")
    assert result.exit_code == 0
    assert "Moved: a.txt → A letter.txt" in result.output
    assert run("mv", folder, "A letter.txt", "b.txt", "papers").exit_code == 0
    assert names() == ["papers", "papers/A letter.txt", "papers/b.txt", "papers/c.txt"]
    assert run("mv", folder, "papers/b.txt", "/bee.txt").exit_code == 0
    assert run("mv", folder, "papers/c.txt", "/").exit_code == 0
    assert names() == ["bee.txt", "c.txt", "papers", "papers/A letter.txt"]


def test_mv_never_replaces_and_says_what_was_left(
    run: Run, folder: Path, names: Callable[[], list[str]]
) -> None:
    before = names()
    assert code_of(run("mv", folder, "a.txt", "b.txt")) == "vault-name-taken"
    assert code_of(run("mv", folder, "a.txt", "none/")) == "vault-entry-missing"
    assert code_of(run("mv", folder, "a.txt", "none/new.txt")) == "vault-entry-missing"
    assert code_of(run("mv", folder, "papers", "papers/inside")) == "vault-into-itself"
    assert names() == before
    result = run("mv", folder, "a.txt", "none.txt", "papers")
    assert result.exit_code == 2
    assert "Moved: a.txt → papers/a.txt" in result.output
    assert "1 thing was left as it was" in result.output and "“none.txt”" in result.output


def test_mv_needs_something_to_move_and_a_place(run: Run, folder: Path) -> None:
    result = run("mv", folder, "a.txt")
    assert result.exit_code == 2 and "where to" in result.output
    assert "there already" in run("mv", folder, "a.txt", "a.txt").output


def test_mv_answers_in_json(run: Run, folder: Path) -> None:
    result = run("mv", folder, "a.txt", "none", "papers", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 2
    assert answer["moved"] == [{"from": "a.txt", "to": "papers/a.txt"}]
    assert [(one["name"], one["code"]) for one in answer["refused"]] == [
        ("none", "vault-entry-missing")
    ]


# mkdir


def test_mkdir_makes_folders_on_the_way(
    run: Run, folder: Path, names: Callable[[], list[str]]
) -> None:
    assert run("mkdir", folder, "taxes/2026").exit_code == 0
    assert {"taxes", "taxes/2026"} <= set(names())
    assert code_of(run("mkdir", folder, "taxes")) == "vault-name-taken"
    assert json.loads(run("mkdir", folder, "x", "--json").stdout)["folder"] == "x"


# rm and trash


def test_rm_puts_into_the_trash_and_restore_brings_back(
    run: Run, folder: Path, names: Callable[[], list[str]]
) -> None:
    before = names()
    result = run("rm", folder, "a.txt", "papers")
    assert result.exit_code == 0
    assert "In the vault’s trash, for 30 days: papers" in result.output
    assert names() == ["b.txt"]
    listed = json.loads(run("trash", folder, "--json").stdout)["trash"]
    assert {thing["came_from"] for thing in listed} == {"a.txt", "papers"}
    assert all(thing["key"] in run("trash", folder).output for thing in listed)
    keys = [word for thing in listed for word in ("--restore", thing["key"])]
    assert "Back in the vault: papers" in run("trash", folder, *keys).output
    assert names() == before
    assert "trash is empty" in run("trash", folder).output


def test_rm_tells_what_it_left(run: Run, folder: Path) -> None:
    result = run("rm", folder, "none", "a.txt")
    assert result.exit_code == 2
    assert "for 30 days: a.txt" in result.output and "“none” is not in the vault." in result.output
    result = run("trash", folder, "--restore", "nothing", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["refused"][0]["code"] == "vault-trash-missing"


def test_removing_for_good_needs_a_yes(
    run: Run, folder: Path, names: Callable[[], list[str]]
) -> None:
    before = names()
    assert code_of(run("rm", folder, "a.txt", "--forever")) == "vault-forever-unasked"
    assert names() == before
    result = run("rm", folder, "a.txt", "--forever", "--yes")
    assert "Removed for good: a.txt" in result.output
    assert "a.txt" not in names()
    assert json.loads(run("trash", folder, "--json").stdout)["trash"] == []


def test_on_a_terminal_one_is_asked_and_no_is_no(
    run: Run, folder: Path, names: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names()
    monkeypatch.setattr(arranging, "on_terminal", lambda: True)
    result = run("rm", folder, "a.txt", "b.txt", "--forever", stdin=f"n\n{PASSPHRASE}\n")
    assert result.exit_code == 0 and "Remove 2 things for good?" in result.output
    assert names() == before


def test_emptying_the_trash_needs_a_yes_too(run: Run, folder: Path) -> None:
    run("rm", folder, "a.txt", "papers")
    assert code_of(run("trash", folder, "--empty")) == "vault-forever-unasked"
    assert len(json.loads(run("trash", folder, "--json").stdout)["trash"]) == 2
    assert "2 things removed for good" in run("trash", folder, "--empty", "--yes").output
    assert json.loads(run("trash", folder, "--json").stdout)["trash"] == []
    result = run("trash", folder, "--empty", "--restore", "x")
    assert result.exit_code == 2 and "Choose --restore or --empty" in result.output


# note


def test_a_note_is_written_shown_and_cleared(run: Run, folder: Path) -> None:
    assert "Nothing is written down" in run("note", folder, "a.txt").output
    result = run("note", folder, "a.txt", "--tag", "id", "--tag", "travel", "--until", "2031-04-30")
    assert result.exit_code == 0
    run("note", folder, "a.txt", "--note", "in the blue folder")
    shown = run("note", folder, "a.txt").output
    for part in ("valid until 30 April 2031", "tags: id, travel", "in the blue folder"):
        assert part in shown
    run("note", folder, "a.txt", "--until", "none")
    answer = json.loads(run("note", folder, "a.txt", "--json").stdout)["details"]
    assert answer == {
        "note": "in the blue folder",
        "tags": ["id", "travel"],
        "valid_until": None,
    }
    assert "Nothing is written down" in run("note", folder, "a.txt", "--clear").output


@pytest.mark.parametrize("form", [("--note", "-"), ("--note",)])
def test_a_note_comes_from_standard_input_after_the_passphrase(
    run: Run, folder: Path, form: tuple[str, ...]
) -> None:
    text = "first line\nsecond line ✈\n"
    result = run("note", folder, "a.txt", *form, stdin=f"{PASSPHRASE}\n{text}")
    assert "first line\nsecond line ✈" in result.output
    answer = json.loads(run("note", folder, "a.txt", "--json").stdout)
    assert answer["details"]["note"] == text.strip()


def test_a_note_that_is_too_long_is_refused_and_the_old_one_kept(run: Run, folder: Path) -> None:
    run("note", folder, "a.txt", "--note", "old")
    for size in (10_001, 50_000):
        result = run("note", folder, "a.txt", "--note", stdin=f"{PASSPHRASE}\n{'n' * size}")
        assert code_of(result) == "vault-note-long"
    assert "old" in run("note", folder, "a.txt").output


@pytest.mark.parametrize("day", ["2031-02-30", "tomorrow", "20310430", "31-04-30", ""])
def test_a_day_that_is_none_is_refused(run: Run, folder: Path, day: str) -> None:
    result = run("note", folder, "a.txt", "--until", day)
    assert result.exit_code == 2 and "2031-04-30" in result.output


def test_a_note_needs_a_document(run: Run, folder: Path) -> None:
    for arguments in ((), ("--tag", "x")):
        assert code_of(run("note", folder, "none", *arguments)) == "vault-entry-missing"


def test_what_others_wrote_cannot_steer_the_terminal(run: Run, folder: Path) -> None:
    run("note", folder, "a.txt", "--note", "\x1b[31mred\x07", "--tag", "a\x1b]0;b")
    shown = run("note", folder, "a.txt").output
    assert "\x1b" not in shown and "\x07" not in shown and "\\u001b[31mred" in shown


# list and find


def test_list_shows_until_when_and_with_all_every_folder(run: Run, folder: Path) -> None:
    run("note", folder, "papers/c.txt", "--until", "2031-04-30")
    assert "valid until 30 April 2031" in run("list", folder, "papers").output
    everything = run("list", folder, "--all").output
    assert "papers/c.txt" in everything and "a.txt" in everything
    answer = json.loads(run("list", folder, "/papers/", "--all", "--json").stdout)
    assert [entry["path"] for entry in answer["entries"]] == ["papers/c.txt"]
    assert answer["entries"][0]["details"]["valid_until"] == "2031-04-30"
    assert code_of(run("list", folder, "none", "--all")) == "vault-entry-missing"


def test_find_looks_at_names_tags_and_notes(run: Run, folder: Path) -> None:
    run("note", folder, "papers/c.txt", "--note", "Grüße from Zürich", "--tag", "Holiday")

    def found(*words: str) -> list[str]:
        answer = json.loads(run("find", folder, *words, "--json").stdout)
        return [entry["path"] for entry in answer["entries"]]

    assert found("txt") == ["a.txt", "b.txt", "papers/c.txt"]
    assert found("PAPER") == ["papers"]
    assert found("holi", "c.t") == ["papers/c.txt"]
    assert found("GRÜSSE", "zu\u0308rich") == ["papers/c.txt"]
    assert found("holi", "a.txt") == []
    assert "papers/c.txt" in run("find", folder, "holiday").output
    assert "Nothing in the vault matches" in run("find", folder, "nowhere").output


# get


def test_get_saves_several_and_whole_folders_in_a_folder(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert code_of(run("get", folder, "a.txt", "papers", "--out", out)) == "vault-out-not-folder"
    out.mkdir()
    got = run("get", folder, "a.txt", "papers", "--out", out)
    assert got.exit_code == 0
    assert f"2 documents saved in {out}" in " ".join(got.output.split())
    assert run("get", folder, "papers", "--out", out).exit_code == 0
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert files == ["a.txt", "papers (1)/c.txt", "papers/c.txt"]


def test_get_tells_what_could_not_be_saved(run: Run, folder: Path, tmp_path: Path) -> None:
    got = run("get", folder, "a.txt", "none.txt", "--out", tmp_path)
    assert got.exit_code == 2
    assert "1 thing was not saved" in got.output and "none.txt" in got.output
    assert (tmp_path / "a.txt").exists()
