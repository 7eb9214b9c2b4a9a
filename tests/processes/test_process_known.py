"""«I know this»: by path, owner or signature, and rule; as a Sigma filter that others can read."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sigma.collection import SigmaCollection
from sigma.filters import SigmaFilter
from sigma.policy import SigmaPolicy

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.processes.content import read_rules, rules_file
from guardian.processes.model import Known, Place, Scan, Unknown
from guardian.processes.rules.assess import assess
from guardian.processes.rules.known import as_sigma, known_entry, known_finding, parse_known
from tests.processes.builders import ME, entry, made_rule, power_file, process, snapshot

WHEN = datetime(2026, 11, 21, tzinfo=UTC)
OWN = "/home/ada/tools/helper"
RULES = (
    made_rule("odd", {"ImageOwner": None}, aspect="place"),
    made_rule("other", {"Image|endswith": "/helper"}, aspect="file"),
    made_rule("script", {"Script|exists": True}, aspect="script"),
    made_rule("start", {"Enabled": True}, category="autostart_entry", aspect="start"),
    made_rule("power", {"Setuid": True}, category="power_file", aspect="reach"),
)
HELPER: dict[str, Any] = {"exe": OWN, "owner": None}
SCRIPT: dict[str, Any] = {
    "exe": "/usr/bin/python3",
    "script": "/home/ada/a.py",
    "script_owner": None,
}
KEY: dict[str, Any] = {
    "place": Place.KEY, "kind": "authorized-keys", "source": "/home/ada/.ssh/authorized_keys",
    "name": "ada@phone", "command": "ssh-ed25519 SHA256:abc", "target": None, "target_owner": None,
    "owner": None,
}  # fmt: skip


def scan(*things: Any, known: tuple[Known, ...] = (), **more: Any) -> Scan:
    return assess(snapshot(*things, **more), RULES, known=known, me=ME)


def know(found: Scan) -> Known:
    return known_finding(found.findings[0], WHEN)


def test_what_is_known_is_no_question_any_more_but_still_told() -> None:
    before = scan(process(**HELPER))
    assert before.level is Level.ASK
    (card,) = scan(process(**HELPER), known=(know(before),)).findings
    assert (card.known, card.level, len(card.hits)) == (True, Level.FINE, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"exe": "/home/ada/other/helper"},
        {"owner": "helper"},
        {"signer": "Somebody"},
        {"container": "docker"},
        {"exe": "/HOME/ada/tools/helper"},
    ],
)
def test_another_path_owner_or_signature_is_asked_about_again(change: dict[str, Any]) -> None:
    known = know(scan(process(**HELPER)))
    (card,) = scan(process(**{**HELPER, **change}), known=(known,)).findings
    assert not card.known
    assert card.hits


def test_a_rule_that_was_not_there_is_asked_about_and_stands_alone() -> None:
    known = replace(know(scan(process(**HELPER))), rules=("odd",))
    (card,) = scan(process(**HELPER), known=(known,)).findings
    assert ([hit.rule for hit in card.hits], card.known) == (["other"], False)


def test_a_field_that_is_kept_from_the_person_is_not_taken_for_the_known_one() -> None:
    known = know(scan(process(exe=OWN, owner="tool")))
    hidden = process(exe=OWN, owner=Unknown.DENIED)
    assert not scan(hidden, known=(known,)).findings[0].known
    nowhere = know(scan(process(exe=OWN, owner=Unknown.ABSENT)))
    assert scan(process(exe=OWN, owner=Unknown.ABSENT), known=(nowhere,)).findings[0].known


def test_a_known_script_says_nothing_about_other_scripts() -> None:
    known = know(scan(process(**SCRIPT)))
    assert (known.image, known.script) == (None, "/home/ada/a.py")
    assert scan(process(**SCRIPT), known=(known,)).findings[0].known
    other = process(**{**SCRIPT, "script": "/home/ada/b.py"})
    assert not scan(other, known=(known,)).findings[0].known


@pytest.mark.parametrize(
    "fields",
    [
        {"exe": "/usr/bin/python3", "script": "-c"},
        {"exe": "/memfd:x", "exe_in_memory": True, "owner": None},
        {"exe": Unknown.DENIED, "owner": None},
    ],
)
def test_what_has_no_file_of_its_own_cannot_be_known(fields: dict[str, Any]) -> None:
    with pytest.raises(Problem) as caught:
        know(scan(process(**fields)))
    assert caught.value.code == "known-needs-file"


def test_a_known_program_may_start_by_itself_and_give_rights() -> None:
    things: dict[str, Any] = {
        "entries": (entry(target=OWN, target_owner=None),),
        "power_files": (power_file(path=OWN, owner=None),),
    }
    before = scan(process(**HELPER), **things)
    assert {hit.rule for hit in before.findings[0].hits} == {"odd", "other", "start", "power"}
    after = scan(process(**HELPER), known=(know(before),), **things)
    assert after.findings[0].known
    assert (after.autostart[0].known, after.autostart[0].level) == (True, Level.FINE)


def test_a_known_key_says_nothing_about_the_next_line_of_its_file() -> None:
    first, second = entry(**KEY), entry(**{**KEY, "command": "ssh-ed25519 SHA256:def", "line": 2})
    known = known_entry(scan(entries=(first,)).autostart[0], WHEN)
    found = scan(entries=(first, second), known=(known,))
    assert [each.known for each in found.autostart] == [True, False]
    assert not found.findings[0].known
    whole = know(scan(entries=(first, second)))
    assert scan(entries=(first, second), known=(whole,)).findings[0].known


def test_a_known_entry_covers_what_it_starts() -> None:
    start = entry(target=OWN, target_owner=None)
    known = known_entry(scan(entries=(start,)).autostart[0], WHEN, "my helper")
    assert scan(entries=(start,), known=(known,)).autostart[0].known
    moved = replace(start, target="/home/ada/other")
    assert not scan(entries=(moved,), known=(known,)).autostart[0].known


TEXT = st.text(max_size=12)
KNOWN = st.builds(
    Known,
    identity=st.just(""),
    rules=st.sampled_from([("file-deleted",), ("product-remote", "file-deleted")]),
    image=TEXT.map(lambda text: f"/opt/{text}"),
    script=st.none(),
    owner=st.none() | TEXT,
    signer=st.none() | TEXT,
    when=st.just(WHEN),
    note=st.just("") | st.just("Ben’s “tool”"),
    container=st.none() | st.just("docker"),
)  # fmt: skip


@given(KNOWN)
def test_a_filter_is_read_back_as_it_was_written(known: Known) -> None:
    (read,) = parse_known(as_sigma(known))
    assert replace(read, identity="") == known
    assert parse_known(as_sigma(read)) == (read,)


def test_many_filters_stand_in_one_file() -> None:
    some = [
        know(scan(process(**HELPER))),
        know(scan(process(**SCRIPT))),
        know(scan(process(exe="/usr/bin/python3", script="-m http.server", owner=None))),
        known_entry(scan(entries=(entry(**KEY),)).autostart[0], WHEN),
        know(scan(process(exe="C:\\Tools\\x*.exe", owner=None))),
    ]
    assert parse_known("".join(map(as_sigma, some))) == tuple(some)


def read_sigma(file: Path) -> SigmaCollection:
    text = file.read_text("utf-8")
    return SigmaCollection.from_yaml(text, policy=SigmaPolicy(regex_engine=re))


def test_sigmas_own_tools_take_the_filter_and_put_it_to_our_rules() -> None:
    text = as_sigma(replace(know(scan(process(**HELPER))), rules=("file-deleted",)))
    source = rules_file().parent / "rules" / "file-deleted.yml"
    rule = read_sigma(source)
    before = str(rule.rules[0].detection.parsed_condition[0].parse())
    rule.apply_filters([SigmaFilter.from_yaml(text)])
    after = str(rule.rules[0].detection.parsed_condition[0].parse())
    assert before != after
    assert OWN in after
    other = read_sigma(source.with_name("runs-from-temp.yml"))
    untouched = str(other.rules[0].detection.parsed_condition[0].parse())
    other.apply_filters([SigmaFilter.from_yaml(text)])
    assert str(other.rules[0].detection.parsed_condition[0].parse()) == untouched


def written(**change: Any) -> str:
    document = yaml.safe_load(as_sigma(know(scan(process(**HELPER)))))
    document["filter"].update(change)
    return str(yaml.safe_dump(document))


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "just words",
        "title: x",
        "a: &x 1\nb: *x\n",
        written(known={"ImageName": "helper"}),
        written(known=[{"Image|cased": ["/home/*"], "ImageOwner": [None]}]),
        written(known=[{"Image|cased": ["helper"]}]),
        written(rules="any"),
        written(rules=[]),
        written(condition="not 1 of them"),
        written(condition="known"),
    ],
)
def test_a_filter_by_less_than_path_owner_and_rule_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_known(text)
    assert caught.value.code == "known-unreadable"
    assert "{" not in Words().say("problem.known-unreadable", **caught.value.facts)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parse_known(text)
    except Problem as problem:
        assert problem.code == "known-unreadable"


def test_yaml_is_read_only_when_somebody_asks_for_it() -> None:
    code = (
        "import guardian.processes.rules.assess, sys; assert not {'yaml', 're2'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_ids_of_shipped_rules_stand_in_the_filter() -> None:
    known = replace(know(scan(process(**HELPER))), rules=("file-deleted",))
    ids = {rule.code: rule.id for rule in read_rules(rules_file())}
    assert yaml.safe_load(as_sigma(known))["filter"]["rules"] == [ids["file-deleted"]]


def test_a_long_list_comes_back_whole() -> None:
    one = Known(
        "", ("file-deleted",), "/opt/x", None, None, None, datetime(2026, 11, 21, tzinfo=UTC)
    )
    text = "".join(as_sigma(replace(one, image=f"/opt/{number}")) for number in range(505))
    assert len(parse_known(text)) == 505
