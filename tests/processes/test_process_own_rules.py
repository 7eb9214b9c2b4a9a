"""Rules that people write themselves: every fault with its line, and their hits in plain words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.processes.content import rules_file
from guardian.processes.ownrules import RuleFault, check_rules, load_rules
from guardian.processes.rules.assess import assess
from tests.processes.builders import process, shipped_rules, snapshot

GOOD = """\
title: Music player at work
description: Nobody plays music here.
author: Ben
date: 2026-11-21
logsource: {category: process_snapshot, service: guardian}
detection:
  player: {Image|endswith: /player}
  condition: player
level: medium
guardian: {needs: user, maturity: testing, aspect: name}
"""


def faults(folder: Path, text: str | bytes) -> list[RuleFault]:
    file = folder / "mine.yml"
    file.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return check_rules(file)


def test_a_sound_rule_is_used_and_told_in_its_own_words(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD) == []
    scan = assess(snapshot(process(exe="/opt/player")), load_rules(tmp_path / "mine.yml"))
    (hit,) = scan.findings[0].hits
    told = [Words().tell(each) for each in (hit.title(), hit.plain("player"), hit.why())]
    assert told == [
        "A rule of your own: Music player at work",
        "“player” fits a rule that you brought along: Music player at work",
        "The rule says: Nobody plays music here.",
    ]
    assert all(Words().tell(each) for each in (hit.honest(), hit.do(), *hit.seen()))
    assert hit.evidence == {"Image": ("/opt/player",)}
    assert hit.rule == "own-mine"


def test_the_rules_guardian_ships_pass_the_check() -> None:
    """But for expressions that look ahead, whose time was measured and a person's is not."""
    found = check_rules(rules_file().parent / "rules")
    assert all("cannot be used" in fault.message for fault in found)
    assert len(found) < len(shipped_rules()) / 2


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ("title:", "title: [", 2, "expected"),
        ("Image|endswith", "Imag|endswith", 7, "no field “Imag”; did you mean “Image”?"),
        ("Image|endswith", "Target|endswith", 7, "autostart_entry has"),
        ("Image|endswith", "Image|finishes", 7, "the modifier “finishes” is not known"),
        ("condition: player", "condition: player and", 8, "ends too early"),
        ("condition: player", "condition: singer", 8, "“singer”, which is no selection"),
        ("Image|endswith: /player", "Image|re: '(a'", 7, "not a regular expression"),
        ("level: medium", "level: loud", 9, "loud"),
        ("level: medium", "levle: medium", 9, "levle"),
        ("aspect: name", "aspect: colour", 10, "colour"),
        ("guardian:", "gardian:", 1, "the block “guardian” is missing"),
        ("category: process_snapshot", "category: process_creation", 5, "process_creation"),
        ("level: medium", "level: medium\nlevel: high", 10, "“level” stands here twice"),
        ("title: Music", "title: *x Music", 1, "aliases"),
        ("detection:", "filter: {}\ndetection:", 6, "a Sigma filter, not a rule"),
        ("player: {Image|endswith: /player}", "player: {}", 7, "empty"),
        ("player: {Image|endswith: /player}", "player: [words]", 6, "Expected"),
    ],
)
def test_each_fault_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, reason: str
) -> None:
    assert before in GOOD
    found = faults(tmp_path, GOOD.replace(before, after, 1))
    assert [(fault.file, fault.line) for fault in found] == [("mine.yml", line)]
    assert reason in found[0].message


def test_many_rules_may_stand_in_one_file_and_each_has_its_line(tmp_path: Path) -> None:
    broken = GOOD.replace("Image|", "Imago|")
    found = faults(tmp_path, f"{GOOD}---\n{broken}---\n{GOOD}---\n{broken}")
    assert [fault.line for fault in found] == [18, 40]
    good = tmp_path / "good.yml"
    good.write_text(f"{GOOD}---\n{GOOD}", "utf-8")
    assert [rule.rule.code for rule in load_rules(good)] == ["own-good-1", "own-good-2"]


def test_a_folder_is_checked_whole_and_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.yaml").write_text("title: x", "utf-8")
    (tmp_path / "a.yml").write_text(GOOD, "utf-8")
    (tmp_path / "notes.txt").write_text("[", "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [fault.file for fault in check_rules(tmp_path)] == ["b.yaml"]
    with pytest.raises(Problem) as caught:
        load_rules(tmp_path)
    assert (caught.value.code, caught.value.facts["file"]) == ("rules-unreadable", "b.yaml")
    assert "b.yaml" in Words().say("problem.rules-unreadable", **caught.value.facts)


def test_two_rules_with_one_id_are_told(tmp_path: Path) -> None:
    named = f"id: 0f0f0c52-8f6c-4c57-9a3a-5a6a3d2d9a01\n{GOOD}"
    assert "the id is also that of" in faults(tmp_path, f"{named}---\n{named}")[0].message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "there is no rule in it"),
        (b"\x00\x01\x02" * 100, "not allowed"),
        (b"title: \xff\xfe", "no text in UTF-8"),
        (b"# " + b"x" * 300_000, "larger than"),
        (b"[" * 20_000, "nested too deep"),
        (b"- a\n- b\n", "a rule is a map"),
        (b"1: x\n", "a rule is a map"),
        (b"---\n" * 3000, "more than 500 documents"),
        (b"a: 1\n---\n" * 600, "more than 500 documents"),
        (b"a: 2024-13-45\n", "cannot be read as “timestamp”"),
        (b"a: !!bool maybe\n", "cannot be read as “bool”"),
        (b'a: !!int ""\n', "cannot be read as “int”"),
        (b"a: " + b"9" * 6000, "cannot be read as “int”"),
        (b"a: !!python/object/apply:os.system [echo]\n", "could not determine"),
    ],
)
def test_what_is_no_file_of_rules_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    found = faults(tmp_path, content)
    assert reason in found[0].message
    assert found[0].line >= 1


def test_a_pipe_a_device_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    assert "no file" in check_rules(tmp_path / "pipe.yml")[0].message
    assert "no file" in check_rules(Path("/dev/zero"))[0].message
    assert "No such file" in check_rules(tmp_path / "none.yml")[0].message


@given(st.text(max_size=60), st.integers(min_value=0, max_value=len(GOOD)))
def test_no_text_breaks_the_check(
    tmp_path_factory: pytest.TempPathFactory, junk: str, at: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = GOOD[:at] + junk + GOOD[at:]
    for fault in faults(folder, text.encode("utf-8", "surrogatepass")):
        assert fault.line >= 1
        assert fault.message
