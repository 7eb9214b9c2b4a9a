"""The whole look at this machine: real plants found, the rest left alone, remembered, told."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from guardian.core.errors import Cancelled, Problem
from guardian.core.feature import Level
from guardian.core.jobs import report_nothing
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Message, Words
from guardian.processes import service as service_module
from guardian.processes.model import Scan
from guardian.processes.service import ProcessesService
from tests.processes.builders import judge, process, snapshot

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


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
    return ProcessesService(store, lambda: NOW)


def rules_about(scan: Scan, pid: int) -> set[str]:
    return {hit.rule for card in scan.findings for hit in card.hits if pid in hit.pids}


def sleep_copy(folder: Path) -> Path:
    return Path(shutil.copy(shutil.which("sleep") or "/bin/sleep", folder / "harmless"))


def test_this_machine_by_itself_shows_nothing_to_act_on(service: ProcessesService) -> None:
    # another run of these tests on the same machine may have its plants out for a moment
    for _ in range(10):
        scan = service.scan(report_nothing)
        if scan.level is Level.FINE:
            break
        time.sleep(0.3)
    assert scan.looked_at > 1
    # questions may be honest ones here, such as a program that was updated while it runs
    assert scan.count(Level.ACT) == 0


def test_a_program_in_a_temporary_folder_is_found(
    service: ProcessesService, temporary: Path
) -> None:
    with running(str(sleep_copy(temporary)), "60") as pid:
        assert rules_about(service.scan(report_nothing), pid) == {"runs-from-temp"}
    assert not rules_about(service.scan(report_nothing), pid)


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
    assert rules_about(scan, pid) == {"poses-as-kernel"}
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
    assert rules_about(scan, pid) == {"shell-on-network"}


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
    again = ProcessesService(store, lambda: NOW).last()
    assert again is not None
    assert again.programs == ()
    assert (again.findings, again.not_seen, again.taken) == (scan.findings, scan.not_seen, NOW)


def fake_look(monkeypatch: pytest.MonkeyPatch, *processes: Any) -> None:
    monkeypatch.setattr(service_module, "take_snapshot", lambda _: snapshot(*processes))


def test_the_summary_counts_and_never_promises(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(monkeypatch, process(), process(pid=2, exe="/tmp/x", owner=None))
    service.check(report_nothing)
    summary = service.summary()
    assert summary.level is Level.ASK
    text = Words().tell(summary.text)
    assert text == "1 of the 2 programs looked at is worth a question."
    (step,) = service.next_steps()
    assert Words().tell(step.title) == "Look at the program that raised a question"


def test_an_old_look_is_worth_repeating(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [NOW]
    service = ProcessesService(store, lambda: now[0])
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


def run_command(service: Any, *arguments: str) -> Any:
    from guardian.cli.processes import processes
    from guardian.cli.session import Session

    class SmallSession(Session):
        features = SimpleNamespace(processes=service)  # type: ignore[assignment]

    # the console must be made after the runner has put its own stream in place
    with CliRunner().isolation() as streams:
        try:
            processes(args=list(arguments), obj=SmallSession())
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        text = streams[0].getvalue().decode()
    return SimpleNamespace(exit_code=code, stdout=text)


def test_the_scan_command_answers_in_json(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(monkeypatch, process(), process(pid=2, exe="/tmp/\x1b[31mx", owner=None))
    result = run_command(service, "scan", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["looked_at"], answer["level"], answer["not_seen"]) == (2, "ask", [])
    (odd,) = [each for each in answer["programs"] if each["level"] == "ask"]
    assert (odd["pid"], odd["owner"], odd["exe"]) == ([2], None, "/tmp/\x1b[31mx")
    (hit,) = odd["findings"]
    assert (hit["rule"], hit["attack"]) == ("runs-from-temp", ["T1036.005"])
    assert hit["evidence"]["User"] == ["ada"]


def test_the_scan_command_tells_in_words_and_shows_strange_names_as_text(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = "/home/ada/[bold]\x1b[31m"
    fake_look(monkeypatch, process(name="kworker/0:1", exe=strange))
    result = run_command(service, "scan")
    assert result.exit_code == 1
    assert "Please act" in result.stdout
    assert "[bold]\\u001b[31m" in result.stdout
    assert "\x1b" not in result.stdout
    for word in ("clean", " safe"):
        assert word not in result.stdout


def test_the_list_command_names_every_program(
    service: ProcessesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_look(monkeypatch, process(), process(pid=5, exe="/opt/z", owner=None))
    result = run_command(service, "list")
    assert result.exit_code == 0
    assert "/opt/z   user: ada   from: no package" in result.stdout
    assert len(json.loads(run_command(service, "list", "--json").stdout)) == 2


@pytest.mark.parametrize(
    ("act", "ask", "part", "told"),
    [
        (0, 0, 0, "9 programs looked at. None is worth a question."),
        (0, 2, 0, "2 of the 9 programs looked at are worth a question."),
        (1, 0, 0, "Please act on 1 of the 9 programs looked at."),
        (1, 1, 0, "Please act on 1 of the 9 programs looked at. 1 more is worth a question."),
        (
            2, 3, 4,
            "Please act on 2 of the 9 programs looked at. 3 more are worth a question. "
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
