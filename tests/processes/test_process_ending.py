"""Ending a program: the person's own, the one that was meant, and nothing Guardian stands on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from guardian.core.errors import Problem
from guardian.processes import ending
from guardian.processes.ending import Ending, end_processes, is_part_of_session
from guardian.processes.model import Program, Running

ME = 4711
STUBBORN = (
    "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print(flush=True); sys.stdin.read()"
)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as child:
        yield child
        child.kill()


def began(pid: int) -> float:
    return psutil.Process(pid).create_time()


def program(*pids: int, name: str = "sleep", own: bool = True, box: str | None = None) -> Program:
    return Program(name, "/bin/sleep", None, True, box, ("ada",), pids, None, own=own)


def knows(*pids: int, me: int | None = ME) -> Ending:
    found = Ending(me)
    found.note([Running(pid, 1, "x", "ada", 0, began(pid)) for pid in pids])
    return found


def test_a_program_of_the_person_ends_when_asked(sleeper: subprocess.Popen[bytes]) -> None:
    them = knows(sleeper.pid)
    assert them.endable(program(sleeper.pid))
    ended = them.end(program(sleeper.pid))
    assert (ended.ended, ended.left) == ((sleeper.pid,), ())
    assert sleeper.wait(1) == -signal.SIGTERM


def test_a_number_that_came_to_mean_another_program_is_left_alone(
    sleeper: subprocess.Popen[bytes],
) -> None:
    with pytest.raises(Problem) as caught:
        end_processes({sleeper.pid: began(sleeper.pid) - 60}, "sleep")
    assert caught.value.code == "process-ended"
    assert sleeper.poll() is None


def test_a_program_that_is_gone_already_is_a_clear_problem(
    sleeper: subprocess.Popen[bytes],
) -> None:
    them = knows(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    with pytest.raises(Problem) as caught:
        them.end(program(sleeper.pid))
    assert caught.value.code == "process-ended"


def test_a_program_that_does_not_want_to_end_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "WAIT", 0.1)
    command = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        ended = end_processes({child.pid: began(child.pid)}, "stubborn")
        child.kill()
    assert (ended.ended, ended.left) == ((), (child.pid,))


@pytest.mark.parametrize(
    "changed",
    [{"own": False}, {"name": "gnome-shell"}, {"name": "Xorg"}, {"pids": ()}, {"box": "docker"}],
)
def test_what_is_not_the_persons_own_program_is_not_ended(
    sleeper: subprocess.Popen[bytes], changed: dict[str, object]
) -> None:
    facts = {"pids": (sleeper.pid,), **changed}
    pids = facts.pop("pids")
    other = program(*pids, **facts)  # type: ignore[misc, arg-type]
    assert not knows(sleeper.pid).endable(other)
    with pytest.raises(Problem) as caught:
        knows(sleeper.pid).end(other)
    assert caught.value.code == "end-not-yours"
    assert sleeper.poll() is None


def test_the_administrator_has_no_programs_of_his_own(sleeper: subprocess.Popen[bytes]) -> None:
    assert not knows(sleeper.pid, me=0).endable(program(sleeper.pid))


def test_guardian_and_what_it_stands_on_are_not_ended(sleeper: subprocess.Popen[bytes]) -> None:
    for pid in (os.getpid(), os.getppid(), 1):
        assert not knows(pid).endable(program(pid))
        assert not knows(pid, sleeper.pid).endable(program(sleeper.pid, pid))


def test_a_process_no_look_has_seen_is_not_ended(sleeper: subprocess.Popen[bytes]) -> None:
    assert not Ending(ME).endable(program(sleeper.pid))


@pytest.mark.parametrize(
    ("group", "part"),
    [
        ("0::/user.slice/user-1000.slice/user@1000.service/session.slice/gnome.service", True),
        ("0::/user.slice/user-1000.slice/user@1000.service/init.scope", True),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox.scope", False),
        ("", False),
    ],
)
def test_the_parts_of_a_session_are_told_by_where_the_system_counts_them(
    monkeypatch: pytest.MonkeyPatch, group: str, part: bool
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: f"{group}\n")
    assert is_part_of_session(1) is part


def test_several_processes_of_one_program_end_together() -> None:
    children = [subprocess.Popen(["sleep", "60"]) for _ in range(2)]
    try:
        time.sleep(0.02)
        pids = tuple(child.pid for child in children)
        ended = knows(*pids).end(replace(program(), pids=pids))
        assert (set(ended.ended), ended.left) == (set(pids), ())
    finally:
        for child in children:
            child.kill()
            child.wait()
