"""What each rule is about, what it must leave alone, and how hits become one card."""

from __future__ import annotations

import dataclasses
import json
import runpy
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.paths import assets
from guardian.core.words import Words
from guardian.processes.content import read_rules, rules_file
from guardian.processes.model import Device, DeviceKind, Process, System, Unknown
from guardian.processes.rules.assess import OTHERS, assess, prepare
from guardian.processes.rules.weighing import level_for
from tests.processes.builders import (
    ME,
    cases,
    from_case,
    judge,
    made_rule,
    process,
    shipped_rules,
    snapshot,
)

COMPILER = Path(__file__).parents[2] / "packaging" / "process-rules"


@pytest.mark.parametrize(
    ("rule", "sight", "fits", "case"), cases(), ids=lambda value: str(value)[:60]
)
def test_rule_fits_what_it_is_about_and_nothing_else(
    rule: str, sight: str, fits: bool, case: dict[str, Any]
) -> None:
    scan = assess(from_case(case), shipped_rules(), me=ME)
    hits = [hit for finding in scan.findings for hit in finding.hits if hit.rule == rule]
    assert bool(hits) is fits, sight
    assert rule not in [gap.rule for gap in scan.not_seen], sight
    if fits:
        assert [hit.level.value for hit in hits] == [case["level"]], sight
        assert hits[0].evidence


def test_every_rule_has_sights_on_both_sides() -> None:
    for rule in read_rules(rules_file()):
        fits = [fit for code, _, fit, _ in cases() if code == rule.code]
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


def test_the_check_names_what_a_rule_lacks() -> None:
    checks = runpy.run_path(str(COMPILER.with_name("rule_checks.py")))
    rule = msgspec.structs.replace(
        read_rules(rules_file())[0],
        code="mine",
        tags=["attack.t9999", "cve.2024.1"],
        fields=["Age"],
    )
    found = checks["find_faults"]([rule], COMPILER.parent / "no-rules")
    assert [fault.partition(": ")[2][:40] for fault in found if "sentence “" not in fault] == [
        "the tag attack.t9999 is none of ATT&CK",
        "the tag cve.2024.1 is none of ATT&CK",
        "the field Age has no sentence, so it can",
        "no recorded sights: [Errno 2] No such fi",
    ]


def test_what_sigmas_own_tools_refuse_is_told(tmp_path: Path) -> None:
    checks = runpy.run_path(str(COMPILER.with_name("rule_checks.py")))
    good = (assets() / "processes" / "rules" / "file-deleted.yml").read_text("utf-8")
    (tmp_path / "mine.yml").write_text(good.replace("condition: gone", "condition: all of them"))
    assert "mine" in " ".join(checks["find_faults"]([], tmp_path))


def test_every_rule_has_all_its_sentences_and_an_attack_number() -> None:
    words = Words()
    for rule in read_rules(rules_file()):
        for part in ("title", "plain", "why", "honest", "do"):
            assert f"processes.rule.{rule.code}.{part}" in words
        assert (f"processes.rule.{rule.code}.milder" in words) is bool(rule.guardian.milder)
        assert rule.attack


SECRETS = tuple(field.name for field in dataclasses.fields(Process))[4:]
"""Every field of a process that may be unknown."""


def test_a_denied_field_means_could_not_look_and_never_fine() -> None:
    guarded = Process(100, 1, "program", **dict.fromkeys(SECRETS, Unknown.DENIED))
    scan = judge(guarded, process(pid=2))
    about = {gap.rule: gap for gap in scan.not_seen if gap.pids}
    asked = [each.rule for each in shipped_rules() if each.fits(System.LINUX)]
    looked = {rule.code for rule in asked if rule.logsource.category not in OTHERS}
    # the name and «it is not hidden» are always seen; they settle some rules by themselves
    assert looked - set(about) <= {"hidden-from-list", "poses-as-kernel", "deceptive-name"}
    assert all(gap.reason is Unknown.DENIED and gap.pids == (100,) for gap in about.values())
    assert (scan.looked_at, scan.partly_seen, scan.findings) == (2, 1, ())
    assert "1 could only be seen in part without admin rights" in Words().tell(scan.headline())


def test_an_ordinary_program_settles_every_rule_and_raises_no_question() -> None:
    scan = judge(process())
    assert not scan.findings
    assert not [gap for gap in scan.not_seen if gap.pids]


def test_a_system_without_package_lists_raises_no_question_about_origin() -> None:
    own = made_rule("own", {"Camera|exists": True, "ImageOwner": None})
    camera = (Device(DeviceKind.CAMERA, "/dev/video0"),)
    scan = assess(snapshot(process(owner=Unknown.ABSENT, devices=camera)), (own,))
    assert not scan.findings
    assert [(gap.rule, gap.reason) for gap in scan.not_seen] == [("own", Unknown.ABSENT)]


def test_rules_for_other_systems_are_said_to_be_unasked() -> None:
    scan = judge(process(), system=System.WINDOWS)
    unasked = {gap.rule for gap in scan.not_seen if not gap.programs}
    rules = [each.rule for each in shipped_rules()]
    assert {rule.code for rule in rules if rule.logsource.product is System.LINUX} <= unasked
    everywhere = [rule for rule in rules if rule.logsource.product is None]
    assert not {rule.code for rule in everywhere if rule.logsource.category not in OTHERS} & unasked


def test_rules_about_one_program_make_one_card_and_sides_add_up() -> None:
    odd = {"exe": "/tmp/x", "owner": None, "exe_deleted": True}
    keys = (Device(DeviceKind.KEYBOARD, "/dev/input/event2"),)
    scan = judge(process(pid=7, **odd), process(pid=8, devices=keys, **odd), process(pid=9))
    (card,) = scan.findings
    assert card.program.pids == (7, 8)
    assert {"runs-from-temp", "file-deleted"} <= {hit.rule for hit in card.hits}
    assert {"place", "file", "reach"} <= {hit.aspect for hit in card.hits}
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
    rules = [rule for rule in rules if rule["code"] == "file-deleted"]
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


@pytest.mark.parametrize("sign", ["a", " ", "/", "./.x", "key log ", "--a=b ", "\\'\""])
def test_huge_command_lines_are_judged_in_no_time(sign: str) -> None:
    huge = (sign * 100_000)[:100_000]
    odd = {"exe": f"/{huge[:4000]}", "owner": None, "script": "-c", "name": huge[:15]}
    before = time.process_time()
    scan = judge(*(process(n, argv=("sh", "-c", f"{n}{huge}"), **odd) for n in range(5)))
    assert time.process_time() - before < 2
    assert sum(len(program.pids) for program in scan.programs) == 5
