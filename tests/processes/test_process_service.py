"""The whole look at this machine: real plants found, the rest left alone, remembered, told."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guardian.core.errors import Cancelled, Problem
from guardian.core.feature import Level
from guardian.core.jobs import report_nothing
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Message, Words
from guardian.processes import service as service_module
from guardian.processes.model import Place, Process, Scan, StartEntry, Unknown
from guardian.processes.service import ProcessesService
from guardian.processes.sources import eyes
from tests.processes.builders import judge, process, snapshot

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
OWN_RULE = """\
title: Somebody plays
logsource: {category: process_snapshot, service: guardian}
detection:
  game:
    Image|endswith: /tetris
  condition: game
level: low
guardian: {needs: user, maturity: testing, aspect: name}
"""


@contextmanager
def running(*command: str, **how: Any) -> Iterator[int]:
    with subprocess.Popen(command, **how) as child:
        try:
            time.sleep(0.15)  # until the new program has taken the place of ours
            yield child.pid
        finally:
            child.kill()


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder outside of pytest's own, which the rules rightly pass over."""
    folder = Path(tempfile.mkdtemp(prefix="plant-", dir="/var/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def service(store: Store) -> ProcessesService:
    return ProcessesService(store, Path.home(), lambda: NOW)


def rules_about(scan: Scan, pid: int) -> set[str]:
    return {hit.rule for card in scan.findings for hit in card.hits if pid in hit.pids}


def sleep_copy(folder: Path) -> Path:
    return Path(shutil.copy(shutil.which("sleep") or "/bin/sleep", folder / "harmless"))


def test_this_machine_is_looked_at_and_this_very_program_is_no_alarm(
    service: ProcessesService,
) -> None:
    scan = service.scan(report_nothing)
    assert scan.looked_at > 1
    mine = [card for card in scan.findings if os.getpid() in card.program.pids]
    assert all(card.level is not Level.ACT for card in mine)


def test_a_program_in_a_temporary_folder_is_found(
    service: ProcessesService, temporary: Path
) -> None:
    with running(str(sleep_copy(temporary)), "60") as pid:
        assert "runs-from-temp" in rules_about(service.scan(report_nothing), pid)


def test_a_program_whose_file_was_removed_is_found(
    service: ProcessesService, temporary: Path
) -> None:
    copy = sleep_copy(temporary)
    with running(str(copy), "60") as pid:
        copy.unlink()
        assert "file-deleted" in rules_about(service.scan(report_nothing), pid)


def test_a_program_that_poses_as_kernel_is_found(service: ProcessesService) -> None:
    sleeper = shutil.which("sleep")
    with running("[kworker/0:1]", "60", executable=sleeper) as pid:
        scan = service.scan(report_nothing)
    assert "poses-as-kernel" in rules_about(scan, pid)
    assert scan.level is Level.ACT


def test_a_shell_wired_to_a_connection_is_found(service: ProcessesService) -> None:
    # the guard of the tests refuses connections, so another program makes this one to itself
    script = (
        "import fcntl,socket,struct,subprocess as s,sys\n"
        "w=socket.create_server(('127.0.0.1',0));c=socket.socket()\n"
        "if c.connect_ex(w.getsockname()):\n"  # a bare network namespace starts with it down
        "    fcntl.ioctl(c,0x8914,struct.pack('16sh14x',b'lo',1));c.connect(w.getsockname())\n"
        "a,_=w.accept()\n"
        "p=s.Popen(['/bin/sh'],stdin=c,stdout=c,stderr=c);print(p.pid,flush=True)\n"
        "sys.stdin.read();p.kill();p.wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        pid = int(child.stdout.readline())
        scan = service.scan(report_nothing)
        child.communicate("")
    assert "shell-on-network" in rules_about(scan, pid)


def test_honest_programs_beside_them_are_left_alone(service: ProcessesService) -> None:
    left, right = socket.socketpair()
    with (
        left,
        right,
        running("/bin/sh", stdin=right, stdout=right) as shell,
        running(sys.executable, "-c", "import time; time.sleep(60)") as python,
    ):
        scan = service.scan(report_nothing)
    assert not rules_about(scan, shell) | rules_about(scan, python)


def test_what_was_found_is_remembered_without_the_list_of_programs(
    service: ProcessesService, store: Store
) -> None:
    assert service.last() is None
    assert service.summary().level is None
    assert [step.command for step in service.next_steps()] == ["guardian processes scan"]
    scan = service.scan(report_nothing)
    again = ProcessesService(store, Path.home(), lambda: NOW).last()
    assert again is not None
    assert again.programs == ()
    assert (again.findings, again.not_seen, again.taken) == (scan.findings, scan.not_seen, NOW)


def fake_look(
    monkeypatch: pytest.MonkeyPatch, *processes: Process, entries: tuple[StartEntry, ...] = ()
) -> None:
    """A computer of these processes and entries alone, with nothing set up."""
    seen = snapshot(*processes)
    monkeypatch.setattr(eyes, "take_snapshot", lambda _look, report: report(1, 1) or seen)
    monkeypatch.setattr(eyes, "take_entries", lambda *_: (entries, ()))
    monkeypatch.setattr(service_module, "judge_setup", lambda _setup: ())


def test_the_summary_counts_and_never_promises(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(monkeypatch, process(), process(pid=2, exe="/tmp/x", owner=None))
    service.check(report_nothing)
    summary = service.summary()
    assert summary.level is Level.ASK
    text = Words().tell(summary.text)
    assert text == "2 programs looked at. 1 is worth a question."
    (step,) = service.next_steps()
    assert Words().tell(step.title) == "Look at the program that raised a question"


def test_an_old_look_is_worth_repeating(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [NOW]
    service = ProcessesService(store, Path.home(), lambda: now[0])
    fake_look(monkeypatch, process())
    service.scan(report_nothing)
    assert service.next_steps() == ()
    now[0] += timedelta(days=90)
    assert len(service.next_steps()) == 1


def test_a_stopped_look_leaves_the_last_one(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(monkeypatch, process())
    before = service.scan(report_nothing)

    def stop(_done: int, _total: int, _note: Message | None = None, /) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        service.scan(stop)
    assert service.last() is not None
    assert service.last().taken == before.taken  # type: ignore[union-attr]


def test_records_of_another_shape_are_passed_over(service: ProcessesService, store: Store) -> None:
    store.run("INSERT INTO process_scans VALUES (1, ?)", b'{"old": 1}')
    assert service.last() is None


def test_damaged_rules_are_a_problem_that_names_the_file(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rules.json").write_text("[{")
    monkeypatch.setattr(service_module, "rules_file", lambda: tmp_path / "rules.json")
    with pytest.raises(Problem) as caught:
        service.scan(report_nothing)
    assert caught.value.facts["file"] == "rules.json"


def test_a_look_is_shown_in_parts_and_saved_once_it_is_whole(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = StartEntry(Place.LOGIN, "xdg", "/etc/xdg/autostart/a.desktop", "a")
    fake_look(monkeypatch, process(), entries=(entry,))
    parts: list[Scan] = []

    def show(part: Scan) -> None:
        assert service.last() is None
        parts.append(part)

    whole = service.scan(report_nothing, show=show)
    assert [part.autostart_seen for part in parts] == [False, True]
    assert [each.entry for each in whole.autostart] == [entry]
    last = service.last()
    assert last is not None
    assert (last.autostart, last.programs, last.running) == (whole.autostart, (), ())


@pytest.mark.parametrize("part", [0, 1])
def test_a_look_stopped_in_any_part_leaves_the_last_one(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    fake_look(monkeypatch, process())
    before = service.scan(report_nothing)
    seen: list[Scan] = []

    def stop(scan: Scan) -> None:
        seen.append(scan)
        if len(seen) > part:
            raise Cancelled

    with pytest.raises(Cancelled):
        service.scan(report_nothing, show=stop)
    last = service.last()
    assert last is not None
    assert last.findings == before.findings


def test_the_first_look_is_the_baseline_and_later_ones_tell_what_is_new(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service.baseline() is None
    fake_look(monkeypatch, process(exe="/usr/bin/old"))
    first = service.scan(report_nothing)
    assert first.baseline == NOW
    assert not [each for each in first.programs if each.new]
    entry = StartEntry(Place.SERVICE, "unit", "/etc/systemd/system/x.service", "x.service")
    fake_look(
        monkeypatch, process(exe="/usr/bin/old"), process(pid=2, exe="/usr/bin/new"),
        entries=(entry,),
    )  # fmt: skip
    second = service.scan(report_nothing)
    assert [each.exe for each in second.programs if each.new] == ["/usr/bin/new"]
    assert [each.new for each in second.autostart] == [True]
    service.take_baseline(second)
    assert not [each for each in service.scan(report_nothing).programs if each.new]
    service.forget_baseline()
    assert service.baseline() is None


def test_a_remembered_look_is_no_baseline(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(monkeypatch, process())
    service.scan(report_nothing)
    last = service.last()
    assert last is not None
    with pytest.raises(Problem) as caught:
        service.take_baseline(last)
    assert caught.value.code == "baseline-needs-look"


def test_what_the_person_knows_is_asked_about_no_more_until_it_changes(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = process(pid=2, exe="/tmp/x", owner=None)
    fake_look(monkeypatch, odd)
    (finding,) = service.scan(report_nothing).findings
    known = service.know(finding, "mine")
    assert service.known() == (known,)
    (again,) = service.scan(report_nothing).findings
    assert (again.known, again.level) == (True, Level.FINE)
    fake_look(monkeypatch, replace(odd, exe="/tmp/y"))
    (other,) = service.scan(report_nothing).findings
    assert (other.known, other.level) == (False, Level.ASK)
    service.forget(known.identity)
    assert service.known() == ()


def test_what_is_known_moves_to_another_computer_as_text(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_look(monkeypatch, process(pid=2, exe="/tmp/x", owner=None))
    service.know(service.scan(report_nothing).findings[0])
    (tmp_path / "known.yml").write_text(service.export_known(), "utf-8")
    with closing(open_in_memory()) as elsewhere:
        other = ProcessesService(elsewhere, Path.home(), lambda: NOW)
        assert [each.image for each in other.import_known(tmp_path / "known.yml")] == ["/tmp/x"]
        (finding,) = other.scan(report_nothing).findings
        assert finding.known


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\xff\xfe", "known-unreadable"), (b"- 1\n", "known-unreadable"), (None, "file-missing")],
)
def test_a_file_of_answers_that_cannot_be_read_changes_nothing(
    service: ProcessesService, tmp_path: Path, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / "known.yml").write_bytes(content)
    with pytest.raises(Problem) as caught:
        service.import_known(tmp_path / "known.yml")
    assert caught.value.code == code
    assert service.known() == ()


def test_a_pipe_in_place_of_a_file_of_answers_is_no_trap(
    service: ProcessesService, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "known.yml")
    with pytest.raises(Problem):
        service.import_known(tmp_path / "known.yml")


def test_rules_of_the_person_are_asked_too(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(OWN_RULE, "utf-8")
    fake_look(monkeypatch, process(exe="/usr/bin/tetris"))
    assert service.scan(report_nothing).findings == ()
    (finding,) = service.scan(report_nothing, extra_rules=(file,)).findings
    assert (finding.hits[0].rule, finding.hits[0].own) == ("own-mine", "Somebody plays")
    file.write_text(OWN_RULE.replace("Image|", "Imag|"), "utf-8")
    with pytest.raises(Problem) as caught:
        service.scan(report_nothing, extra_rules=(file,))
    assert caught.value.facts["line"] == 5


def test_a_process_is_explained_with_those_who_started_it(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(
        monkeypatch,
        process(pid=1, ppid=0, name="init"),
        process(pid=5, ppid=1, name="sh", exe="/bin/sh"),
        process(pid=9, ppid=5, name="x", exe="/tmp/x", owner=None, devices=Unknown.DENIED),
    )
    told = service.explain(9, report_nothing)
    assert [each.pid for each in told.ancestors] == [5, 1]
    assert told.program.name == "x"
    assert told.finding is not None
    assert "runs-from-temp" in [hit.rule for hit in told.finding.hits]
    assert told.open_questions
    assert {9} == {pid for gap in told.open_questions for pid in gap.pids if pid == 9}


def test_a_process_that_is_gone_is_one_clear_problem(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(monkeypatch, process(pid=1))
    with pytest.raises(Problem) as caught:
        service.explain(4242, report_nothing)
    assert (caught.value.code, caught.value.facts) == ("process-gone", {"pid": "4242"})


@pytest.mark.parametrize(
    ("act", "ask", "part", "told"),
    [
        (0, 0, 0, "9 programs looked at. None is worth a question."),
        (0, 2, 0, "9 programs looked at. 2 are worth a question."),
        (1, 0, 0, "9 programs looked at. Please act on 1."),
        (1, 1, 0, "9 programs looked at. Please act on 1, and ask about 1 more."),
        (
            2, 3, 4,
            "9 programs looked at. Please act on 2, and ask about 3 more. "
            "4 could only be seen in part without admin rights.",
        ),
    ],
)  # fmt: skip
def test_the_headline_counts_what_needs_action_apart_from_what_is_worth_a_question(
    act: int, ask: int, part: int, told: str
) -> None:
    scan = judge(process(pid=2, exe="/tmp/x", owner=None))
    one = scan.findings[0]
    findings = (replace(one, level=Level.ACT),) * act + (replace(one, level=Level.ASK),) * ask
    scan = replace(scan, looked_at=9, partly_seen=part, findings=findings)
    assert Words().tell(scan.headline()) == told


def test_nothing_ever_says_clean_or_safe() -> None:
    words = Words()
    scan = judge(process(argv=("[x]",)))
    hit = scan.findings[0].hits[0]
    told = [hit.title(), hit.plain("x"), hit.why(), hit.honest(), hit.do(), scan.headline()]
    assert not [each for each in told if "clean" in words.tell(each).lower()]
