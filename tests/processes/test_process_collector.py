"""The look with admin rights: refused with a reason, limited, read strictly, and read only."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from guardian.core.errors import Cancelled, Problem
from guardian.processes import collector, elevation
from guardian.processes.judging import join
from guardian.processes.model import Limit, Place, Snapshot, StartEntry, Unknown
from guardian.processes.recording import decode, encode
from tests.processes.builders import process, snapshot

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root's rights")


@pytest.fixture
def pkexec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the system's own, first on the path; what it does is written by the test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return folder / "pkexec"


def does(pkexec: Path, script: str) -> None:
    pkexec.write_text(f"#!/bin/sh\n{script}\n")
    pkexec.chmod(0o755)


def look(deep: bool = False) -> Snapshot:
    return elevation.look_as_admin(deep, lambda: None)


def test_the_answer_is_read_as_a_snapshot(pkexec: Path, tmp_path: Path) -> None:
    seen = replace(snapshot(process()), as_admin=True, entries=())
    (tmp_path / "answer").write_bytes(encode(seen))
    does(pkexec, f'echo "$@" > {tmp_path}/asked; cat {tmp_path}/answer')
    assert look(deep=True) == seen
    asked = (tmp_path / "asked").read_text().split()
    assert asked[0] == sys.executable
    assert asked[1:] == ["-I", "-B", str(Path(collector.__file__).resolve()), "--deep"]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 126", "admin-declined"),
        ("exit 127", "admin-declined"),
        ("exit 1", "admin-failed"),
        ("echo '{}'", "snapshot-unreadable"),
        ("echo '{\"unknown\": 3}'", "snapshot-unreadable"),
        ("echo '[1'", "snapshot-unreadable"),
        ("true", "snapshot-unreadable"),
        ("head -c 300000 /dev/zero", "admin-failed"),
        ("sleep 5 <&- >&- & exec sleep 5", "admin-failed"),
    ],
)
def test_what_goes_wrong_is_one_clear_problem(
    pkexec: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: str
) -> None:
    monkeypatch.setattr(elevation, "LARGEST", 100_000)
    monkeypatch.setattr(elevation, "PATIENCE", 0.2)
    does(pkexec, script)
    with pytest.raises(Problem) as caught:
        look()
    assert caught.value.code == code


def test_what_only_bears_the_name_of_pkexec_is_one_clear_problem(pkexec: Path) -> None:
    pkexec.write_bytes(b"#!/nowhere/sh\n")
    pkexec.chmod(0o755)
    with pytest.raises(Problem) as caught:
        look()
    assert caught.value.code == "admin-failed"


def test_stopping_closes_the_other_programs_input(pkexec: Path, tmp_path: Path) -> None:
    does(pkexec, f"cat > /dev/null; touch {tmp_path}/ended")
    calls: list[None] = []

    def stop() -> None:
        calls.append(None)
        raise Cancelled

    with pytest.raises(Cancelled):
        elevation.look_as_admin(False, stop)
    assert len(calls) == 1


def refused() -> str | None:
    problem = elevation.refusal()
    return problem.code if problem else None


def test_it_is_refused_with_the_reason(pkexec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(pkexec.parent))
    assert refused() == "admin-no-pkexec"
    does(pkexec, "true")
    assert refused() is None
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "stdin", None)
    assert refused() == "admin-no-screen"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert refused() == "admin-already"
    monkeypatch.setattr(sys, "platform", "win32")
    assert refused() == "admin-not-here"


@AS_ROOT
def test_the_real_one_sees_other_peoples_programs_and_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-B", str(Path(collector.__file__).resolve())]
    with (
        subprocess.Popen(["sleep", "60"], user=12345) as other,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child,
    ):
        assert child.stdout is not None
        seen = decode(child.stdout.read(), Snapshot)
        other.kill()
    assert child.returncode == 0
    (found,) = [each for each in seen.processes if each.pid == other.pid]
    assert isinstance(found.exe, str)
    assert isinstance(found.sockets, tuple)
    assert child.pid not in [each.pid for each in seen.processes]
    assert seen.as_admin
    assert isinstance(seen.entries, tuple)


@AS_ROOT
def test_started_through_the_system_the_real_one_answers_in_full(pkexec: Path) -> None:
    does(pkexec, 'exec "$@"')
    seen = look()
    assert seen.as_admin
    assert os.getpid() in [each.pid for each in seen.processes]
    assert isinstance(seen.entries, tuple)


@AS_ROOT
def test_the_real_one_can_change_nothing(tmp_path: Path) -> None:
    target = tmp_path / "of-root"
    target.write_text("as it was")
    code = (
        "import os, sys; from guardian.processes.collector import give_up_rights;"
        "give_up_rights(); print(len(open('/etc/shadow').read()) >= 0);"
        "for_writing = lambda: open(sys.argv[1], 'w');"
        "signal = lambda: os.kill(os.getppid(), 0);"
        "back = lambda: os.setuid(0)\n"
        "for forbidden in (for_writing, signal, back):\n"
        "    try: forbidden(); print('done')\n"
        "    except PermissionError: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "refused", "refused", "refused"]
    assert target.read_text() == "as it was"


def test_two_looks_become_one_without_saying_anything_twice() -> None:
    mine = StartEntry(Place.SHELL, "profile", "/home/ada/.profile", "", line=3)
    both = StartEntry(Place.SERVICE, "unit", "/etc/x", "x", target=Unknown.DENIED)
    better = replace(both, target="/opt/x")
    admin = replace(snapshot(process()), entries=(better,), as_admin=True)
    own = replace(
        snapshot(process()),
        entries=(both, mine),
        present=("/opt/a",),
        limits=(Limit.OTHERS_HIDDEN,),
    )
    joined = join(admin, own)
    assert joined.entries == (better, mine)
    assert (joined.present, joined.limits, joined.as_admin) == (("/opt/a",), (), True)
