"""What one card is about, what it says of its program, and what its hits come to together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.processes.content import Product
from guardian.processes.model import (
    Baseline,
    Device,
    DeviceKind,
    Finding,
    Interface,
    Limit,
    Place,
    Process,
    Program,
    Reach,
    Scan,
    Socket,
    System,
    Unknown,
)
from guardian.processes.recording import decode, encode
from guardian.processes.rules.assess import assess
from guardian.processes.rules.identity import baseline_of, identity_of
from guardian.processes.rules.known import known_finding
from guardian.processes.rules.prepared import Prepared
from guardian.processes.rules.weighing import weigh
from tests.processes.builders import (
    ME,
    NOW,
    entry,
    made_rule,
    power_file,
    process,
    shipped_rules,
    snapshot,
)

OWN = "/home/ada/tools/helper"
ANY = made_rule("any", {"KernelThread": False}, fields=["Image", "Script"])
UNOWNED_START = made_rule(
    "start",
    {"TargetOwner": None},
    category="autostart_entry",
    aspect="start",
    level="low",
    fields=["Target", "Source"],
)
CALLED = Socket("tcp", "0.0.0.0", 8000, "", 0, listening=True)
LOCAL = Socket("tcp6", "::1", 8000, "", 0, listening=True)
OUTWARD = Socket("tcp", "192.0.2.2", 40000, "203.0.113.7", 443, listening=False)


def look(
    *processes: Process,
    rules: tuple[Prepared, ...] = (ANY,),
    entries: Any = (),
    **more: Any,
) -> Scan:
    return assess(snapshot(*processes, entries=entries, **more), rules, me=ME)


def cards(scan: Scan) -> dict[str, Finding]:
    return {finding.program.name: finding for finding in scan.findings}


def only(scan: Scan) -> Program:
    (program,) = scan.programs
    return program


def python(pid: int, script: str, **fields: Any) -> Process:
    usual = {"exe": "/usr/bin/python3.11", "argv": ("python3", script), "script": script}
    return process(pid, name="python3", **{**usual, "script_owner": None, **fields})


def test_processes_of_one_file_are_one_program_and_containers_are_told_apart() -> None:
    scan = look(process(2), process(3), process(4, container="docker"))
    assert sorted(program.pids for program in scan.programs) == [(2, 3), (4,)]


def test_a_script_is_a_program_of_its_own_named_after_it() -> None:
    scan = look(
        python(2, "/home/ada/a/watch.py"), python(3, "/home/ada/a/watch.py"), python(4, "/b.py")
    )
    found = {program.name: program for program in scan.programs}
    assert set(found) == {"watch.py", "b.py"}
    assert found["watch.py"].pids == (2, 3)
    assert (found["watch.py"].script, found["watch.py"].package) == ("/home/ada/a/watch.py", None)
    assert found["watch.py"].exe == "/usr/bin/python3.11"


def test_code_on_a_command_line_and_modules_are_told_apart() -> None:
    typed = [
        python(n, "-c", argv=("python3", "-c", code)) for n, code in ((2, "a"), (3, "a"), (4, "b"))
    ]
    module = python(5, "-m http.server")
    waiting = process(6, exe="/usr/bin/python3.11", name="python3")
    scan = look(*typed, module, waiting)
    assert {program.pids for program in scan.programs} == {(2, 3), (4,), (5,), (6,)}
    assert {program.name for program in scan.programs} == {"python3.11", "http.server"}


def test_a_program_tells_who_started_it_for_whom_and_what_it_can_reach() -> None:
    parent = process(2, exe="/usr/bin/bash", name="bash")
    helper = process(
        3, 2, exe=OWN, owner=None, unit="app-helper.scope", signer=Unknown.ABSENT,
        devices=(Device(DeviceKind.CAMERA, "/dev/video0"),),
        sockets=(CALLED, OUTWARD),
    )  # fmt: skip
    child = process(4, 3, exe=OWN, owner=None, user="root", uid=0, sockets=(LOCAL,))
    found = {program.name: program for program in look(parent, helper, child).programs}["helper"]
    assert found.started_by == "bash"
    assert found.unit == "app-helper.scope"
    assert found.users == ("ada", "root")
    assert found.own
    assert found.reach == (Reach.CAMERA, Reach.CALLED, Reach.CONNECTED, Reach.EVERYTHING)
    assert (found.package, found.package_known, found.starts_by_itself) == (None, True, False)


@pytest.mark.parametrize("written", ["/usr/bin/program", "/bin/program"])
def test_an_entry_belongs_to_the_card_of_what_it_starts(written: str) -> None:
    start = entry(target=written, target_owner=None)
    scan = look(process(2), rules=(ANY, UNOWNED_START), entries=(start,))
    (card,) = scan.findings
    assert {hit.rule for hit in card.hits} == {"any", "start"}
    assert card.entries == (start,)
    assert card.program.starts_by_itself
    assert [each.entry for each in scan.autostart] == [start]
    assert [hit.rule for hit in scan.autostart[0].hits] == ["start"]


def test_an_entry_of_a_script_belongs_to_the_script_and_not_to_every_script() -> None:
    start = entry(target="/home/ada/b.py", target_owner=None, command="python3 ~/b.py")
    scan = look(python(2, "/home/ada/a.py"), python(3, "/home/ada/b.py"), entries=(start,))
    starts = {program.name: program.starts_by_itself for program in scan.programs}
    assert starts == {"a.py": False, "b.py": True}


def test_an_entry_that_starts_an_interpreter_says_nothing_about_other_code() -> None:
    start = entry(
        target="/usr/bin/bash", target_owner="bash", command="bash -c x", name="x.service"
    )
    shell = process(2, exe="/usr/bin/bash", name="bash")
    meant = process(3, exe="/usr/bin/bash", script="-c", argv=("bash", "-c", "x"), unit="x.service")
    starts = {
        program.pids: program.starts_by_itself
        for program in look(shell, meant, entries=(start,)).programs
    }
    assert starts == {(2,): False, (3,): True}


def test_a_path_inside_a_container_is_another_file() -> None:
    start = entry(target_owner=None)
    scan = look(process(2, container="docker"), rules=(UNOWNED_START,), entries=(start,))
    assert not only(scan).starts_by_itself
    assert cards(scan)["program"].program.pids == ()


def test_what_does_not_run_has_a_card_too() -> None:
    resting = entry(target=OWN, target_owner=None, user="ada")
    key = entry(
        place=Place.KEY, source="/home/ada/.ssh/authorized_keys", target=None, target_owner=None,
        name="ada@phone", owner=None,
    )  # fmt: skip
    everything = made_rule("all", {"Enabled": True}, category="autostart_entry", aspect="start")
    found = cards(look(rules=(everything,), entries=(resting, key)))
    assert found["helper"].program.exe == OWN
    assert found["helper"].program.users == ("ada",)
    assert found["helper"].program.package_known
    assert found["authorized_keys"].program.exe == "/home/ada/.ssh/authorized_keys"
    assert not any(card.program.running for card in found.values())


def test_a_file_that_gives_rights_joins_the_card_of_its_program() -> None:
    rule = made_rule("power", {"Setuid": True, "FileOwner": None}, category="power_file")
    files = (power_file(path=OWN, owner=None), power_file(path="/opt/x", owner=None), power_file())
    scan = look(process(2, exe=OWN, owner=None), rules=(ANY, rule), power_files=files, deep=True)
    found = cards(scan)
    assert {hit.rule for hit in found["helper"].hits} == {"any", "power"}
    assert (found["x"].program.exe, found["x"].program.pids) == ("/opt/x", ())
    assert set(found) == {"helper", "x"}


def test_an_interface_is_a_card_without_a_file() -> None:
    rule = made_rule("promiscuous", {"Promiscuous": True}, category="interface")
    scan = look(
        rules=(rule,), interfaces=(Interface("eth0", True, False), Interface("lo", False, False))
    )
    assert [(card.program.name, card.program.exe) for card in scan.findings] == [("eth0", None)]


def test_every_process_stands_in_the_tree_and_leads_to_its_program() -> None:
    kernel = process(9, name="kworker/0:1", kernel_thread=True, exe=None)
    scan = look(process(2, exe="/usr/bin/zsh"), process(3, exe="/usr/bin/bash"), kernel)
    lines = {line.pid: line for line in scan.running}
    assert [lines[pid].program for pid in (2, 3)] == [1, 0]
    assert scan.programs[1].name == "zsh"
    assert (lines[9].program, lines[9].name) == (None, "kworker/0:1")
    assert (scan.looked_at, scan.kernel_threads) == (2, 1)


def test_what_was_not_asked_and_what_could_not_be_seen_is_said() -> None:
    rules = (
        UNOWNED_START,
        made_rule("net", {"Promiscuous": True}, category="interface"),
        made_rule("power", {"Setuid": True}, category="power_file"),
    )
    quick = look(rules=rules, entries=Unknown.DENIED)
    gaps = {gap.rule: (gap.reason, gap.programs) for gap in quick.not_seen}
    assert gaps == {"start": (Unknown.DENIED, 0), "net": (Unknown.ABSENT, 0)}
    assert not quick.autostart_seen
    assert "power" in {gap.rule for gap in look(rules=rules, deep=True).not_seen}
    unread = entry(target=Unknown.DENIED, target_owner=Unknown.DENIED)
    scan = look(rules=rules, entries=(unread,))
    assert [(g.rule, g.pids, g.programs) for g in scan.not_seen if g.programs] == [("start", (), 1)]
    assert scan.autostart_seen


def test_a_hidden_parent_is_a_secret_where_others_are_hidden_and_nobody_elsewhere() -> None:
    orphan = made_rule("orphan", {"ParentImage": None})
    lone = process(5, 77)
    assert len(look(lone, rules=(orphan,)).findings) == 1
    scan = look(lone, rules=(orphan,), limits=(Limit.OTHERS_HIDDEN,))
    assert not scan.findings
    assert [gap.reason for gap in scan.not_seen] == [Unknown.DENIED]


def test_ancestors_that_may_not_be_seen_leave_the_question_open() -> None:
    root = process(1, 0, name="init", exe=Unknown.DENIED, uid=0)
    shell = process(2, 1, exe="/usr/bin/bash")
    leaf = process(3, 2, exe=OWN)
    under_bash = made_rule("bash", {"Ancestors": "/usr/bin/bash", "Image": OWN})
    under_ssh = made_rule("ssh", {"Ancestors|endswith": "/sshd", "Image": OWN})
    scan = look(root, shell, leaf, rules=(under_bash, under_ssh))
    assert [card.hits[0].rule for card in scan.findings] == ["bash"]
    assert ("ssh", (3,)) in [(gap.rule, gap.pids) for gap in scan.not_seen]


def hits(*weights: tuple[str, str]) -> Any:
    """Hits by aspect and level."""
    rules = tuple(
        made_rule(f"{aspect}-{n}", {"KernelThread": False}, aspect=aspect, level=level)
        for n, (aspect, level) in enumerate(weights)
    )
    return look(process(), rules=rules).findings[0].hits


@pytest.mark.parametrize(
    ("weights", "starts", "new", "level"),
    [
        ([("reach", "low")], False, False, Level.FINE),
        ([("reach", "low"), ("reach", "low"), ("reach", "low")], False, False, Level.FINE),
        ([("reach", "low"), ("listen", "low")], False, False, Level.ASK),
        ([("reach", "high"), ("reach", "high")], True, False, Level.ASK),
        ([("reach", "high"), ("name", "high")], False, False, Level.ACT),
        ([("name", "critical")], False, False, Level.ACT),
        # hides, starts by itself, reaches out
        ([("place", "medium"), ("listen", "low")], True, False, Level.ACT),
        ([("place", "medium"), ("listen", "low")], False, False, Level.ASK),
        ([("place", "low"), ("listen", "low")], True, False, Level.ASK),
        # one's own server for development
        ([("listen", "low")], False, True, Level.FINE),
        ([("listen", "informational")], True, True, Level.FINE),
        # new since the person said «this is how it is»
        ([("start", "low")], True, False, Level.FINE),
        ([("start", "low")], True, True, Level.ASK),
        ([("product", "low")], False, True, Level.ASK),
        ([("start", "informational")], True, True, Level.FINE),
        ([("place", "low")], False, True, Level.FINE),
    ],
)
def test_what_a_card_comes_to(
    weights: list[tuple[str, str]], starts: bool, new: bool, level: Level
) -> None:
    assert weigh(hits(*weights), starts, new) is level


def test_only_what_starts_by_itself_is_asked_about_because_it_is_new() -> None:
    start = entry(target=OWN, target_owner=None)
    rules = (UNOWNED_START, made_rule("odd", {"ImageOwner": None}, aspect="place", level="low"))
    before = look(process(2), rules=rules)
    now = snapshot(process(2), process(3, exe="/opt/new", owner=None), entries=(start,))
    scan = assess(now, rules, me=ME, baseline=baseline_of(before))
    assert {p.name: p.new for p in scan.programs} == {"program": False, "new": True}
    assert {card.program.name: card.level for card in scan.findings} == {
        "helper": Level.ASK,
        "new": Level.FINE,
    }
    assert [(each.new, each.level) for each in scan.autostart] == [(True, Level.ASK)]
    again = assess(now, rules, me=ME, baseline=baseline_of(scan))
    assert again.baseline == scan.taken
    assert not any(program.new for program in again.programs)
    assert all(card.level is Level.FINE for card in again.findings)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("/snap/code/170/bin/code", "/snap/code/171/bin/code", True),
        ("/opt/app-1.2.3/run", "/opt/app-1.10/run", True),
        ("/tmp/.mount_JoplinAbCdEf/joplin", "/tmp/.mount_JoplinXyZ123/joplin", True),
        ("/bin/ls", "/usr/bin/ls", True),
        ("/opt/app/run", "/opt/app/run2", False),
        ("/home/ada/x", "/home/ben/x", False),
    ],
)
def test_a_program_is_recognised_in_its_next_version(before: str, after: str, same: bool) -> None:
    first, second = (only(look(process(exe=path))) for path in (before, after))
    assert (identity_of(first) == identity_of(second)) is same


def test_an_entry_with_another_command_is_another_entry() -> None:
    first = entry()
    assert identity_of(first) == identity_of(replace(first, line=7, changed=1.0))
    for change in ({"command": "program --hidden"}, {"source": "/x"}, {"facts": ("reboot",)}):
        assert identity_of(first) != identity_of(replace(first, **change))


def test_hidden_processes_and_those_of_others_are_programs_too() -> None:
    hidden = Process(pid=4242, ppid=0, name="", hidden=True, exe=Unknown.DENIED)
    other = process(
        5, name="ben-app", exe=Unknown.DENIED, owner=Unknown.DENIED, script=Unknown.DENIED
    )
    rule = made_rule("hidden", {"Hidden": True}, level="critical")
    scan = look(hidden, other, rules=(rule,))
    assert {program.name for program in scan.programs} == {"4242", "ben-app"}
    assert [(card.program.name, card.level) for card in scan.findings] == [("4242", Level.ACT)]


def test_systems_without_user_numbers_are_judged_too() -> None:
    plain = Process(pid=4, ppid=0, name="System", user="NT AUTHORITY\\SYSTEM", exe="C:\\x.exe")
    scan = assess(snapshot(plain, system=System.WINDOWS), (ANY,))
    assert only(scan).reach == (Reach.EVERYTHING,)
    assert only(scan).name == "x.exe"


def test_odd_names_and_loops_of_parents_do_no_harm() -> None:
    odd = process(2, 3, name="\x1b[31m<b>", exe="/opt/\n<b>x\x00", argv=("a" * 100_000,))
    scan = look(
        odd,
        process(3, 2, exe="/" + "y/" * 5000),
        entries=(entry(target="\ud800", command="\ud800"),),
    )
    assert len(scan.findings) == 2
    assert all(
        len(text) <= 300
        for card in scan.findings
        for hit in card.hits
        for texts in hit.evidence.values()
        for text in texts
    )


def test_of_equal_urgency_what_is_new_comes_first() -> None:
    before = look(process(2, exe="/opt/a"))
    now = snapshot(process(2, exe="/opt/a"), process(3, exe="/opt/z"))
    scan = assess(now, (ANY,), me=ME, baseline=baseline_of(before))
    assert [card.program.name for card in scan.findings] == ["z", "a"]


NAMES = st.sampled_from(["/usr/bin/a", "/tmp/\n<b>", "C:\\x.exe", "/home/ada/ö", "/memfd:x", ""])
PROCESSES = st.builds(
    process,
    pid=st.integers(1, 6),
    ppid=st.integers(0, 6),
    exe=NAMES | st.none() | st.sampled_from(Unknown),
    owner=st.none() | st.just("pkg") | st.sampled_from(Unknown),
    script=st.none() | NAMES | st.sampled_from(["-c", "-m x"]) | st.sampled_from(Unknown),
    container=st.none() | st.just("docker") | st.sampled_from(Unknown),
    tracer=st.integers(0, 6) | st.sampled_from(Unknown),
    uid=st.integers(0, 1001) | st.sampled_from(Unknown),
    user=st.just("ada") | st.sampled_from(Unknown),
    argv=st.lists(st.text(max_size=5), max_size=3).map(tuple) | st.sampled_from(Unknown),
    sockets=st.lists(st.sampled_from([CALLED, LOCAL, OUTWARD])).map(tuple)
    | st.sampled_from(Unknown),
    hidden=st.booleans(),
    kernel_thread=st.booleans(),
)
ENTRIES = st.builds(
    entry,
    target=NAMES | st.none() | st.sampled_from(Unknown),
    target_owner=st.none() | st.just("pkg") | st.sampled_from(Unknown),
    place=st.sampled_from(Place),
    hidden=st.booleans(),
    command=st.text(max_size=5),
)


@given(
    st.lists(PROCESSES, max_size=6, unique_by=lambda each: each.pid),
    st.lists(ENTRIES, max_size=3).map(tuple) | st.sampled_from(Unknown),
    st.booleans(),
)
def test_whatever_was_seen_becomes_an_answer_that_can_be_kept(
    processes: list[Process], entries: Any, deep: bool
) -> None:
    taken = snapshot(*processes, entries=entries, deep=deep)
    scan = assess(taken, shipped_rules(), CATALOGUE, me=ME)
    assert decode(encode(scan), Scan) == scan
    ordinary = [each.pid for each in processes if not each.kernel_thread]
    assert sorted(pid for each in scan.programs for pid in each.pids) == sorted(ordinary)
    assert {line.pid for line in scan.running} == {each.pid for each in processes}
    usual = baseline_of(scan)
    assert decode(encode(usual), Baseline) == usual
    again = assess(taken, shipped_rules(), CATALOGUE, me=ME, baseline=usual)
    assert not any(program.new for program in again.programs)
    assert not any(each.new for each in again.autostart)
    told = Words()
    for card in scan.findings:
        for hit in card.hits:
            assert hit.points >= 0
            assert "{" not in told.tell(hit.plain("x"))


CATALOGUE = tuple(
    Product(
        key=kind, name=kind.title(), vendor="Vendor", kind=kind, systems=[System.LINUX],
        source="made up", checked=2026, names=(f"{kind}d",), paths=(f"/opt/{kind}/{kind}d",),
    )
    for kind in ("stalkerware", "remote")
)  # fmt: skip


def test_a_product_is_one_side_of_the_program_it_is() -> None:
    running = process(2, exe="/opt/remote/remoted", owner=None)
    scan = assess(snapshot(running, entries=()), (ANY,), CATALOGUE, me=ME)
    (card,) = scan.findings
    product = next(hit for hit in card.hits if hit.aspect == "product")
    assert (product.rule, product.milder, product.facts) == (
        "product-remote",
        False,
        {"product": "Remote"},
    )
    assert (product.level, card.level) == (Level.FINE, Level.ASK)
    assert "Remote" in Words().tell(product.plain("remoted"))
    callable_now = replace(running, sockets=(CALLED,))
    (card,) = assess(snapshot(callable_now, entries=()), (), CATALOGUE).findings
    assert card.level is Level.ASK


def test_the_name_of_a_product_alone_asks_at_most_and_in_milder_words() -> None:
    named = process(2, exe="/home/ada/stalkerwared", owner=None)
    (card,) = assess(snapshot(named, entries=()), (), CATALOGUE).findings
    assert (card.hits[0].milder, card.level) == (True, Level.ASK)


def test_a_product_that_starts_by_itself_or_is_only_installed_has_a_card() -> None:
    start = entry(target="/opt/remote/remoted", target_owner=None, owner=None)
    scan = assess(snapshot(entries=(start,)), (), CATALOGUE)
    assert [(each.level, each.hits[0].rule) for each in scan.autostart] == [
        (Level.ASK, "product-remote")
    ]
    present = snapshot(entries=(), present=("/opt/stalkerware/stalkerwared",))
    (card,) = assess(present, (), CATALOGUE).findings
    assert (card.program.exe, card.program.running) == ("/opt/stalkerware/stalkerwared", False)
    known = known_finding(card, NOW)
    assert assess(present, (), CATALOGUE, known=(known,)).findings[0].known


def test_processes_that_are_alike_are_all_named_though_judged_once() -> None:
    helpers = [process(pid, exe="/home/ada/x", owner=None, exe_deleted=True) for pid in (7, 8, 9)]
    parent = process(10, exe="/home/ada/x", owner=None, exe_deleted=True, pty=True)
    child = process(11, ppid=10, exe="/usr/bin/bash", terminal="/dev/pts/3", pty=False)
    gone = made_rule("gone", {"ImageDeleted": True})
    shell = made_rule("shell", {"PtyShell": True})
    (found,) = assess(snapshot(*helpers, parent, child), (gone, shell)).findings
    by_rule = {hit.rule: hit.pids for hit in found.hits}
    assert by_rule == {"gone": (7, 8, 9, 10), "shell": (10,)}


def test_of_processes_that_are_alike_only_the_old_one_is_old() -> None:
    two = [process(pid, exe="/x", started=NOW.timestamp() - age) for pid, age in ((7, 9), (8, 900))]
    old = made_rule("old", {"Age|gt": 60})
    (found,) = assess(snapshot(*two), (old,)).findings
    assert found.hits[0].pids == (8,)


@pytest.mark.parametrize(
    ("protocol", "port", "open_to_others"),
    [("tcp", 50_000, True), ("udp", 5353, True), ("udp", 50_000, False), ("udp6", 40_000, False)],
)
def test_a_port_lent_for_an_answer_over_udp_is_no_open_door(
    protocol: str, port: int, open_to_others: bool
) -> None:
    socket = Socket(protocol, "0.0.0.0", port, "", 0, True)
    found = assess(
        snapshot(process(sockets=(socket,))), (made_rule("open", {"ListenOpen|exists": True}),)
    ).findings
    assert bool(found) is open_to_others
