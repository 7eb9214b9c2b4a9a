"""A process that reads what others wrote gives up everything else, for good."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guardian.core import confinement

ROOT = Path(__file__).resolve().parents[2]
HERE = sys.platform == "linux" and os.uname().machine in confinement.CALLS
START = """
import ctypes, json, os, resource, socket, sys
from guardian.core.confinement import forbid_dumps, only_read
place = sys.argv[1]
def outcome(act):
    try:
        act()
    except (OSError, RuntimeError) as error:
        return type(error).__name__
    return "done"
"""


def run(code: str, place: Path) -> dict[str, object]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-B", "-c", START + code, place]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


ACTS = {
    "read": "open(place + '/kept').read()",
    "list": "os.listdir(place)",
    "write": "open(place + '/new', 'w')",
    "append": "open(place + '/kept', 'a')",
    "create by reading": "os.open(place + '/new', os.O_RDONLY | os.O_CREAT)",
    "nameless file": "os.open(place, os.O_TMPFILE | os.O_RDWR)",
    "memory file": "os.memfd_create('x')",
    "delete": "os.unlink(place + '/kept')",
    "rename": "os.rename(place + '/kept', place + '/new')",
    "folder": "os.mkdir(place + '/new')",
    "link": "os.link(place + '/kept', place + '/new')",
    "rights": "os.chmod(place + '/kept', 0o777)",
    "network": "socket.socket()",
    "local socket": "socket.socketpair()",
    "process": "os.fork()",
    "program": "os.execv('/bin/true', ['true'])",
    "signal": "os.kill(os.getppid(), 0)",
}


def test_only_reading_is_left(tmp_path: Path) -> None:
    """Where the system cannot promise it, it says so, and nothing is claimed."""
    place = tmp_path / "place"
    place.mkdir()
    (place / "kept").write_text("kept")
    acts = ", ".join(f"{name!r}: outcome(lambda: {act})" for name, act in ACTS.items())
    code = f"before = only_read()\nprint(json.dumps([before, {{{acts}}}]))"
    if not HERE:
        assert run("print(json.dumps(only_read()))", place) is False
        return
    promised, outcomes = run(code, place)
    assert promised is True
    assert isinstance(outcomes, dict)
    assert outcomes.pop("read") == outcomes.pop("list") == "done"
    assert "done" not in outcomes.values(), outcomes
    assert [path.name for path in place.iterdir()] == ["kept"]
    assert (place / "kept").read_text() == "kept"


def test_a_child_of_the_confined_cannot_undo_it(tmp_path: Path) -> None:
    code = "only_read(); print(json.dumps(outcome(lambda: os.posix_spawn('/bin/true', ['x'], {}))))"
    assert run(code, tmp_path) != "done" or not HERE


def test_no_dump_is_written_and_no_neighbour_may_look(tmp_path: Path) -> None:
    code = (
        "forbid_dumps()\n"
        "may = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == 'linux' else 0\n"
        "print(json.dumps([resource.getrlimit(resource.RLIMIT_CORE), may]))"
    )
    assert run(code, tmp_path) == [[0, 0], 0]


@pytest.mark.parametrize("machine", confinement.CALLS)
def test_the_rules_are_well_formed(machine: str) -> None:
    """Every jump lands on an instruction, and the last one refuses."""
    program = confinement.filter_program(*confinement.CALLS[machine])
    steps = [program[at : at + 8] for at in range(0, len(program), 8)]
    for number, step in enumerate(steps):
        code = int.from_bytes(step[:2], sys.byteorder)
        if code == confinement.JUMP_EQUAL:
            assert max(step[2], step[3]) + number + 1 < len(steps)
    assert int.from_bytes(steps[-1][4:], sys.byteorder) & 0xFFFF0000 == confinement.REFUSE
