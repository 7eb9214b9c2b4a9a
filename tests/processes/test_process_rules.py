"""What each rule is about, what it must leave alone, and how hits become one card."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.paths import assets
from guardian.core.words import Words
from guardian.processes.content import read_rules, rules_file
from guardian.processes.model import Device, DeviceKind, Process, System, Unknown
from guardian.processes.rules.assess import level_for, prepare
from tests.processes.builders import cases, judge, process, shipped_rules

COMPILER = Path(__file__).parents[2] / "packaging" / "process-rules"


@pytest.mark.parametrize(
    ("rule", "sight", "fits", "members", "case"), cases(), ids=lambda value: str(value)[:60]
)
def test_rule_fits_what_it_is_about_and_nothing_else(
    rule: str, sight: str, fits: bool, members: tuple[Process, ...], case: dict[str, Any]
) -> None:
    scan = judge(*members, system=System(case.get("system", "linux")))
    hits = [hit for finding in scan.findings for hit in finding.hits if hit.rule == rule]
    assert bool(hits) is fits, sight
    assert rule not in [gap.rule for gap in scan.not_seen], sight
    if fits:
        assert [hit.level.value for hit in hits] == [case["level"]], sight
        assert hits[0].evidence


def test_every_rule_has_sights_on_both_sides() -> None:
    for rule in read_rules(rules_file()):
        fits = [case[2] for case in cases() if case[0] == rule.code]
        assert fits.count(True) >= 1, rule.code
        assert fits.count(False) >= 2, rule.code


def test_the_shipped_file_is_what_the_sources_compile_to() -> None:
    subprocess.run([sys.executable, str(COMPILER), "--check"], check=True)


def test_the_compiler_names_the_file_of_a_broken_rule(tmp_path: Path) -> None:
    compile_rules = runpy.run_path(str(COMPILER))["compile_rules"]
    good = (assets() / "processes" / "rules" / "file-deleted.yml").read_text("utf-8")
    (tmp_path / "mine.yml").write_text(good.replace("ImageDeleted", "Colour"), "utf-8")
    with pytest.raises(SystemExit, match=r"mine\.yml.*no field “Colour”"):
        compile_rules(tmp_path)
    (tmp_path / "mine.yml").write_text("title: [", "utf-8")
    with pytest.raises(SystemExit, match=r"mine\.yml"):
        compile_rules(tmp_path)


def test_every_rule_has_all_its_sentences_and_an_attack_number() -> None:
    words = Words()
    for rule in read_rules(rules_file()):
        for part in ("title", "plain", "why", "honest", "do"):
            assert f"processes.rule.{rule.code}.{part}" in words
        assert (f"processes.rule.{rule.code}.milder" in words) is bool(rule.guardian.milder)
        assert rule.attack


def test_a_denied_field_means_could_not_look_and_never_fine() -> None:
    hidden = dict.fromkeys(
        ("exe", "exe_deleted", "exe_read_only", "owner", "script", "script_owner"), Unknown.DENIED
    )
    guarded = process(devices=Unknown.DENIED, stdio=Unknown.DENIED, **hidden)
    scan = judge(guarded, process(pid=2))
    gaps = {gap.rule: gap for gap in scan.not_seen}
    assert set(gaps) == {"file-deleted", "runs-from-temp", "shell-on-network", "watches-devices"}
    assert all(gap.reason is Unknown.DENIED and gap.pids == (100,) for gap in gaps.values())
    assert (scan.looked_at, scan.partly_seen, scan.findings) == (2, 1, ())
    assert "1 could only be seen in part without admin rights" in Words().tell(scan.headline())


def test_a_system_without_package_lists_raises_no_question_about_origin() -> None:
    camera = (Device(DeviceKind.CAMERA, "/dev/video0"),)
    scan = judge(process(owner=Unknown.ABSENT, script_owner=Unknown.ABSENT, devices=camera))
    assert not scan.findings
    assert [(gap.rule, gap.reason) for gap in scan.not_seen] == [
        ("watches-devices", Unknown.ABSENT)
    ]


def test_rules_for_other_systems_are_said_to_be_unasked() -> None:
    scan = judge(process(), system=System.WINDOWS)
    unasked = {gap.rule for gap in scan.not_seen if not gap.pids}
    assert "file-deleted" in unasked
    assert "runs-from-temp" not in unasked


def test_two_rules_about_one_program_make_one_card_and_add_up() -> None:
    odd = {"exe": "/tmp/x", "owner": None, "exe_deleted": True}
    keys = (Device(DeviceKind.KEYBOARD, "/dev/input/event2"),)
    scan = judge(process(pid=7, **odd), process(pid=8, devices=keys, **odd), process(pid=9))
    (card,) = scan.findings
    assert card.program.pids == (7, 8)
    assert {hit.rule for hit in card.hits} == {"runs-from-temp", "file-deleted", "watches-devices"}
    assert all(hit.level is Level.ASK for hit in card.hits)
    assert card.level is Level.ACT


def test_an_explanation_must_hold_for_every_process_to_soften() -> None:
    gone = {"exe": "/home/ada/x", "owner": None, "exe_deleted": True}
    scan = judge(process(pid=1, exe_replaced=True, **gone), process(pid=2, **gone))
    (hit,) = scan.findings[0].hits
    assert (hit.level, hit.milder, hit.pids) == (Level.ASK, False, (2,))


def test_levels_are_three_and_grow_with_the_points() -> None:
    levels = [level_for(points) for points in range(10)]
    assert levels == sorted(levels, key=list(Level).index)
    assert set(levels) == set(Level)


def test_most_urgent_comes_first_and_evidence_is_told_in_sentences() -> None:
    scan = judge(
        process(pid=1, exe="/tmp/a", owner=None),
        process(pid=2, argv=("[kworker/0:1]",), exe="/usr/bin/z"),
    )
    assert [finding.level for finding in scan.findings] == [Level.ACT, Level.ASK]
    told = [Words().tell(each) for each in scan.findings[0].hits[0].seen()]
    assert "Calls itself: [kworker/0:1]" in told


def test_the_command_line_is_no_evidence_because_it_may_hold_secrets() -> None:
    for rule in read_rules(rules_file()):
        assert "CommandLine" not in rule.fields


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda rule: rule["detection"].update(condition="gone and"), "ends too early"),
        (lambda rule: rule["detection"].update(condition="missing"), "no selection"),
        (lambda rule: rule.update(fields=["Colour"]), "no field"),
        (lambda rule: rule.update(levle="high"), "levle"),
        (lambda rule: rule.update(level="loud"), "loud"),
    ],
)
def test_a_damaged_rule_file_is_named_with_the_place(
    tmp_path: Path, break_it: Any, reason: str
) -> None:
    rules = json.loads(rules_file().read_text("utf-8"))
    break_it(rules[0])
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(rules), "utf-8")
    with pytest.raises(Problem) as caught:
        prepare(read_rules(file), file.name)
    assert caught.value.code == "content-bad"
    assert caught.value.facts["file"] == "rules.json"
    assert reason in str(caught.value.facts["reason"])


def test_a_half_written_rule_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_bytes(rules_file().read_bytes()[:900])
    with pytest.raises(Problem) as caught:
        read_rules(file)
    assert str(caught.value.facts["reason"])


def test_two_thousand_processes_with_huge_command_lines_are_judged() -> None:
    many = [process(pid=n, argv=("[" + "a" * 100_000,), exe=f"/opt/{n}") for n in range(2000)]
    assert judge(*many).looked_at == 2000
    assert len(shipped_rules()) == 5
