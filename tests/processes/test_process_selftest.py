"""The examples for teaching: real, harmless, found, and gone whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guardian.core.errors import Cancelled, Problem
from guardian.core.jobs import report_nothing
from guardian.core.store import open_in_memory
from guardian.processes import selftest
from guardian.processes.model import Scan
from guardian.processes.selftest import MARK, NOTE, SelfTest, planted, sweep
from guardian.processes.service import ProcessesService

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home and a folder for temporary files, both outside of pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="example-home-", dir="/var/tmp"))
    temporary = Path(tempfile.mkdtemp(prefix="example-", dir="/var/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield made
    left = [*made.iterdir(), *temporary.iterdir()]
    shutil.rmtree(made)
    shutil.rmtree(temporary)
    assert not left


def test_every_example_is_found_and_gone_afterwards(home: Path) -> None:
    with closing(open_in_memory()) as store:
        service = ProcessesService(store, home, lambda: NOW)
        during: list[Path] = []

        def keep(_result: SelfTest) -> None:
            during.extend(home.iterdir())

        result = service.selftest(report_nothing, keep)
        assert [each.key for each in result.examples if not each.found] == []
        assert (result.planted, result.missed) == (6, 0)
        assert len(during) == 2
        names = {each.name for each in during}
        assert all(MARK in name for name in names)
        assert service.last() is None
        assert service.baseline() is None
        cards = [card for card in result.scan.findings if str(home) in str(card.program.exe)]
        assert cards
        assert all(MARK in card.program.name for card in cards), "each says what it is"


@pytest.mark.parametrize("error", [Cancelled, KeyboardInterrupt, RuntimeError])
def test_they_are_gone_after_anything_that_interrupts(
    home: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error), planted(home) as plants:
        pids = tuple(plants.pids.values())
        raise error
    assert len(pids) == 5
    assert not [pid for pid in pids if runs(pid)]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_they_are_gone_after_guardian_was_killed(home: Path, how: signal.Signals) -> None:
    code = (
        "import sys, tempfile; from pathlib import Path; tempfile.tempdir = sys.argv[2];"
        "from guardian.processes.selftest import planted\n"
        "with planted(Path(sys.argv[1])) as plants:\n"
        "    print(*plants.pids.values(), flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(home), str(tempfile.tempdir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        pids = [int(pid) for pid in child.stdout.readline().split()]
        assert all(map(runs, pids))
        child.send_signal(how)
    places = home, Path(str(tempfile.tempdir))
    assert eventually(lambda: not any(map(runs, pids)))
    assert eventually(lambda: not any(list(place.iterdir()) for place in places))


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_what_a_power_cut_left_is_swept_by_the_next_and_nothing_else(home: Path) -> None:
    long_ago = time.time() - 2 * selftest.LONGEST
    left = home / f"{MARK}s-left"
    left.mkdir()
    (left / NOTE).touch()
    empty = home / f"{MARK}s-empty-for-long"
    empty.mkdir()
    os.utime(empty, (long_ago, long_ago))
    beginning = home / f"{MARK}s-just-begun"
    beginning.mkdir()
    foreign = home / f"{MARK}s-without-a-note"
    foreign.mkdir()
    (foreign / "mine").touch()
    os.utime(foreign, (long_ago, long_ago))
    elsewhere = home / "mine"
    elsewhere.mkdir()
    (elsewhere / NOTE).touch()
    link = home / f"{MARK}s-link"
    link.symlink_to(elsewhere)
    sweep(home)
    assert set(home.iterdir()) == {beginning, foreign, elsewhere, link}
    assert (elsewhere / NOTE).exists()
    for each in (beginning, foreign, elsewhere):
        shutil.rmtree(each)
    link.unlink()


def test_what_another_guardian_is_using_is_not_swept(home: Path) -> None:
    with planted(home):
        there = set(home.iterdir())
        assert len(there) == 2
        sweep(home)
        assert set(home.iterdir()) == there


def test_where_nothing_may_be_kept_it_says_so(home: Path) -> None:
    with pytest.raises(Problem) as caught, planted(home / "not-there"):
        pass
    assert caught.value.code == "selftest-not-here"


def test_an_example_that_may_not_run_is_not_called_missed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = selftest.copy_shell

    def refuse(folder: Path, name: str) -> str:
        if name == "in-hidden-folder":
            raise PermissionError
        return real(folder, name)

    monkeypatch.setattr(selftest, "copy_shell", refuse)
    with planted(home) as plants:
        result = selftest.recognise(plants, EMPTY)
    missing = {each.key for each in result.examples if not each.planted}
    assert missing == {"hidden-folder"}
    assert (result.found, result.missed) == (0, 5)


def empty() -> Scan:
    from tests.processes.builders import judge

    return judge()


EMPTY = empty()
