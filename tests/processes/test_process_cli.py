"""``guardian processes``: what it answers, in words and in JSON, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

from guardian.cli import main
from guardian.cli.session import Session
from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.processes import service
from guardian.processes.model import (
    Answer,
    Check,
    Device,
    DeviceKind,
    Place,
    Process,
    StartEntry,
    Unknown,
)
from guardian.processes.sources import eyes
from tests.processes.builders import process, snapshot

ODD = process(pid=2, exe="/tmp/\x1b[31mx", owner=None)
RULE = """\
title: Somebody plays
logsource: {category: process_snapshot, service: guardian}
detection: {game: {Image|endswith: /tetris}, condition: game}
level: low
guardian: {needs: user, maturity: testing, aspect: name}
"""


class Computer:
    """A computer put together by hand, and the command run on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sessions: list[Session] = []
        self._patch = monkeypatch
        self.shows(process())

    def shows(
        self,
        *processes: Process,
        entries: tuple[StartEntry, ...] = (),
        checks: tuple[Check, ...] = (),
    ) -> None:
        self._patch.setattr(eyes, "take_snapshot", lambda *_: snapshot(*processes))
        self._patch.setattr(eyes, "take_entries", lambda *_: (entries, ("/etc/closed",)))
        self._patch.setattr(service, "judge_setup", lambda _setup: checks)

    def run(self, *words: str, stdin: str | None = None) -> Result:
        self.sessions.append(Session())
        arguments = ["processes", *words]
        return CliRunner().invoke(main, arguments, obj=self.sessions[-1], input=stdin)

    def answer(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    made = Computer(monkeypatch)
    yield made
    for session in made.sessions:
        if "store" in session.__dict__:
            session.store.close()


def test_a_scan_in_json_keeps_its_promise(computer: Computer) -> None:
    entry = StartEntry(
        Place.LOGIN, "xdg", "/home/a/x.desktop", "x", "/tmp/gone", target="/tmp/gone"
    )
    computer.shows(process(), ODD, entries=(entry,), checks=(Check("screen-lock", Answer.FINE),))
    answer = computer.answer("scan")
    assert (answer["looked_at"], answer["level"], answer["act"]) == (2, "ask", 0)
    assert answer["headline"].startswith("2 programs looked at. 2 are")
    (odd,) = [each for each in answer["programs"] if each["pid"] == [2]]
    assert (odd["owner"], odd["exe"], odd["level"]) == (None, ODD.exe, "ask")
    (hit,) = [each for each in odd["findings"] if each["rule"] == "runs-from-temp"]
    assert hit["attack"] == ["T1036.005"]
    assert hit["evidence"]["User"] == ["ada"]
    (resting,) = [each for each in answer["programs"] if not each["pid"]]
    assert (resting["exe"], bool(resting["findings"])) == ("/tmp/gone", True)
    (start,) = answer["autostart"]
    told = {name: start[name] for name in ("place", "kind", "source", "line", "name", "target")}
    assert told == {
        "place": "login", "kind": "xdg", "source": "/home/a/x.desktop", "line": 0, "name": "x",
        "target": "/tmp/gone",
    }  # fmt: skip
    assert start["new"] is False
    assert answer["autostart_unread"] == ["/etc/closed"]
    assert [(each["key"], each["answer"]) for each in answer["posture"]] == [
        ("screen-lock", "fine")
    ]
    assert {"not_seen", "limits", "as_admin", "deep", "baseline"} <= answer.keys()


def test_the_headline_comes_first_and_strange_names_show_as_text(computer: Computer) -> None:
    strange = "/home/ada/[bold]\x1b[31m\nFine  nothing here"
    computer.shows(process(name="kworker/0:1", exe=strange))
    result = computer.run("scan")
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("1 programs looked at. Please act on 1.")
    assert "[bold]\\u001b[31m\\nFine" in result.stdout
    assert "\x1b" not in result.stdout
    assert not [line for line in lines if line.startswith("Fine  nothing")]
    for word in ("clean", " safe", "infected"):
        assert word not in result.stdout


def test_what_may_watch_somebody_comes_with_the_calm_notice_first(computer: Computer) -> None:
    keyboard = Device(DeviceKind.KEYBOARD, "/dev/input/event3")
    computer.shows(process(exe="/opt/watch", owner=None, devices=(keyboard,)))
    text = computer.run("scan").stdout
    calm = Words().say("processes.safety.title")
    assert 0 < text.index(calm) < text.index("Worth a question")
    computer.shows(process(exe="/tmp/x", owner=None))
    assert calm not in computer.run("scan").stdout


def test_only_what_is_new_since_the_baseline_is_told(computer: Computer) -> None:
    computer.shows(ODD)
    first = computer.run("scan", "--since-baseline").stdout
    assert Words().say("processes.cli.first-look") in first
    assert "Worth a question" not in first
    fresh = process(pid=3, exe="/tmp/fresh", owner=None)
    computer.shows(ODD, fresh)
    text = computer.run("scan", "--since-baseline").stdout
    assert "1 program is new since" in text
    assert "/tmp/fresh" in text
    assert "31mx" not in text
    answer = computer.answer("scan", "--since-baseline")
    assert [each["pid"] for each in answer["programs"]] == [[3]]
    assert computer.run("baseline", "renew").exit_code == 0
    assert not computer.answer("scan", "--since-baseline")["programs"]
    assert "holds 2 things" in computer.run("baseline").stdout
    computer.run("baseline", "forget")
    assert computer.answer("baseline", "show")["taken"] is None


def test_the_list_names_every_program_and_the_tree_who_started_it(computer: Computer) -> None:
    child = process(pid=5, ppid=2, exe="/opt/z", owner=None)
    circle = process(pid=7, ppid=8, name="a", exe="/a"), process(pid=8, ppid=7, exe="/b")
    computer.shows(process(pid=2, ppid=0), child, *circle)
    assert "/opt/z   user: ada   from: no package" in computer.run("list").stdout
    assert len(computer.answer("list")) == 4
    lines = computer.run("list", "--tree").stdout.splitlines()
    assert lines[:2] == ["2 program   ada", "  5 z   ada"]
    assert len(lines) == 4


def test_what_starts_by_itself_is_listed_the_questionable_first(computer: Computer) -> None:
    fine = StartEntry(
        Place.SERVICE, "systemd-service", "/lib/systemd/system/a.service", "a.service",
        "/usr/sbin/a", target="/usr/sbin/a", target_exists=True, target_owner="a", owner="a",
    )  # fmt: skip
    odd = replace(
        fine, source="/etc/systemd/system/b.service", name="b.service", command="/tmp/b",
        target="/tmp/b", target_owner=None, owner=None,
    )  # fmt: skip
    computer.shows(process(), entries=(fine, odd))
    lines = computer.run("autostart").stdout.splitlines()
    assert "/tmp/b" in lines[0]
    assert lines[-1].endswith("/etc/closed")
    assert [each["level"] for each in computer.answer("autostart")] == ["fine", "ask"]


def test_posture_names_the_answer_and_the_fix(computer: Computer) -> None:
    computer.shows(process())
    result = computer.run("posture")
    assert result.exit_code == 2
    assert "cannot read the settings" in result.stderr
    checks = (Check("screen-lock", Answer.FINE), Check("backup", Answer.LOOK))
    computer.shows(process(), checks=checks)
    lines = computer.run("posture").stdout.splitlines()
    assert lines[0].startswith("Look at this: ")
    assert [line for line in lines if line.startswith("Fine: ")]
    assert [each["key"] for each in computer.answer("posture")] == ["screen-lock", "backup"]


def test_one_process_is_explained(computer: Computer) -> None:
    computer.shows(
        process(pid=1, ppid=0, name="init"),
        process(pid=9, ppid=1, exe="/tmp/x", owner=None, argv=("x", "\x1b[2J")),
    )
    text = computer.run("explain", "9").stdout
    assert "Started by: init (1)" in text
    assert "x \\u001b[2J" in text
    assert "runs from" in text.lower() or "running from" in text.lower()
    answer = computer.answer("explain", "9")
    assert [each["pid"] for each in answer["ancestors"]] == [1]
    assert answer["program"]["findings"]
    closed = process(pid=9, exe=Unknown.DENIED, argv=Unknown.DENIED, devices=Unknown.DENIED)
    computer.shows(closed)
    assert "Not answered, because it needs admin rights" in computer.run("explain", "9").stdout


@pytest.mark.parametrize("pid", ["77", "99999999999999999999"])
def test_a_process_that_is_gone_is_one_clear_sentence(computer: Computer, pid: str) -> None:
    result = computer.run("explain", pid)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"No program with the number {pid} runs any more.")
    assert computer.answer("explain", pid)["problem"] == "process-gone"


@pytest.mark.parametrize(
    "words",
    [("explain", "x"), ("explain", "-3"), ("end", ""), ("scan", "--deap"), ("known", "add")],
)
def test_odd_arguments_are_refused_without_a_traceback(
    computer: Computer, words: tuple[str, ...]
) -> None:
    result = computer.run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_what_is_known_is_noted_listed_moved_and_forgotten(
    computer: Computer, tmp_path: Path
) -> None:
    computer.shows(process(pid=2, exe="/tmp/x", owner=None))
    assert "have not said" in computer.run("known").stdout
    assert computer.run("known", "add", "2", "--note", "mine").exit_code == 0
    (known,) = computer.answer("known", "list")
    assert (known["image"], known["note"]) == ("/tmp/x", "mine")
    assert computer.answer("scan")["level"] == "fine"
    assert "because you said that you know it" in computer.run("scan").stdout
    file = tmp_path / "known.yml"
    assert computer.run("known", "export", str(file)).exit_code == 0
    assert computer.run("known", "export", "-").stdout == file.read_text()
    assert computer.run("known", "forget", known["id"]).exit_code == 0
    assert computer.answer("scan")["level"] == "ask"
    assert "1 answer was taken over" in computer.run("known", "import", str(file)).stdout
    assert computer.answer("scan")["level"] == "fine"
    for words, code in (
        (("forget", "x"), "no answer of yours"),
        (("add", "/usr/bin/nothing"), "no question about"),
        (("add", "~nobody-of-this-name"), "no question about"),
        (("add", "9" * 5000), "no question about"),
        (("import", str(tmp_path / "none.yml")), "is not there"),
        (("export", str(tmp_path)), "is a folder"),
    ):
        result = computer.run("known", *words)
        assert (result.exit_code, code in result.stderr) == (2, True), result.output


def test_rules_are_listed_shown_and_checked(computer: Computer, tmp_path: Path) -> None:
    assert "runs-from-temp" in computer.run("rules", "list").stdout
    shown = computer.run("rules", "show", "runs-from-temp").stdout
    assert '"code": "runs-from-temp"' in shown
    assert computer.run("rules", "show", "none").exit_code == 2
    good, bad = tmp_path / "good.yml", tmp_path / "bad.yml"
    good.write_text(RULE)
    bad.write_text(RULE.replace("endswith", "endwith"))
    assert computer.run("rules", "check", str(good)).stdout == "1 rule can be asked.\n"
    result = computer.run("rules", "check", str(bad))
    assert result.exit_code == 2
    assert result.stdout.startswith("bad.yml, line 3: ")
    computer.shows(process(exe="/usr/bin/tetris"))
    answer = computer.answer("scan", "--rules", str(good))
    assert [hit["rule"] for each in answer["programs"] for hit in each["findings"]] == ["own-good"]
    result = computer.run("scan", "--rules", str(bad))
    assert (result.exit_code, "Line 3" in result.stderr) == (2, True)


@pytest.fixture
def mine(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A real sleeping program of the person, who is not the administrator here."""
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with subprocess.Popen(["sleep", "60"]) as child:
        began = psutil.Process(child.pid).create_time()
        computer.shows(process(pid=child.pid, exe="/bin/sleep", started=began))
        yield child.pid
        child.kill()


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_program_is_ended_after_a_confirmation_that_says_what_it_does(
    computer: Computer, mine: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = computer.run("end", str(mine))
    assert (result.exit_code, runs(mine)) == (2, True)
    assert "Nobody is there to confirm" in result.stderr
    monkeypatch.setattr(sys.modules["guardian.cli.processes.explaining"], "on_terminal", lambda: 1)
    result = computer.run("end", str(mine), stdin="n\n")
    assert (result.exit_code, runs(mine)) == (0, True)
    assert "Unsaved work in it is lost" in result.stdout
    assert "Nothing was ended" in result.stdout
    result = computer.run("end", str(mine), stdin="y\n")
    assert (result.exit_code, runs(mine)) == (0, False)
    assert "has ended" in result.stdout


def test_programs_of_others_are_not_ended(computer: Computer, mine: int) -> None:
    computer.shows(process(pid=mine, uid=33, user="www"))
    result = computer.run("end", str(mine), "--yes")
    assert (result.exit_code, runs(mine)) == (2, True)
    assert "does not end" in result.stderr


def test_a_look_with_admin_rights_is_refused_with_the_reason(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.elevation, "refusal", lambda: Problem("admin-already"))
    result = computer.run("scan", "--admin")
    assert result.exit_code == 2
    assert "runs with all rights already" in result.stderr


def test_a_look_with_admin_rights_is_announced_and_joined(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = replace(snapshot(process(), ODD), as_admin=True, entries=())
    monkeypatch.setattr(service.elevation, "refusal", lambda: None)
    monkeypatch.setattr(service.elevation, "look_as_admin", lambda *_: more)
    result = computer.run("scan", "--admin", "--json")
    assert "administrator’s password" in result.stderr
    answer = json.loads(result.stdout)
    assert (answer["as_admin"], answer["looked_at"]) == (True, 2)


def test_the_selftest_tells_what_was_found(computer: Computer, monkeypatch: Any) -> None:
    from guardian.processes.selftest import Example, SelfTest
    from tests.processes.builders import judge

    examples = (Example("temporary", True, True), Example("deleted", True, False))
    made = SelfTest((*examples, Example("open-port", False, False)), judge())
    monkeypatch.setattr(service.ProcessesService, "selftest", lambda *_: made)
    result = computer.run("selftest")
    assert result.exit_code == 1
    assert "1 of 2 examples was found." in result.stdout
    answer = computer.answer("selftest")
    assert (answer["planted"], answer["found"], answer["missed"]) == (2, 1, 1)


def test_a_reader_that_goes_away_ends_it_quietly(guardian_home: Path) -> None:
    script = f'"{sys.executable}" -m guardian processes rules list | true; echo ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "141\n"
    assert "Traceback" not in done.stderr


def test_help_of_every_command_has_an_example_or_says_what_it_does(computer: Computer) -> None:
    group = main.commands["processes"]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert command.help, name
    assert '"autostart"' in computer.run("scan", "--help").stdout
