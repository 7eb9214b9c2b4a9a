"""Kills whoever does something with a vault before its n-th step, and says what is found then.

Run on its own (it forks): ``killer.py FOLDER MOST [DEED ...]``. Tells as JSON for each deed how
many steps it has, how many were tried (at most ``MOST``, spread evenly), and what was wrong after
each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from tests.vault.aftermath import Stage
from tests.vault.deeds import DEEDS

STEPS = {
    "open",
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "os.utime",
}
ENDED, MANY = 7, 100_000


def watch_steps(step: Callable[[], None]) -> None:
    """Call ``step`` before each change to the disk. There is no way back."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        reads = event == "open" and not int(arguments[2]) & (os.O_WRONLY | os.O_RDWR)  # type: ignore[call-overload]
        if event in STEPS and not reads:
            step()

    real = os.fsync

    def fsync(handle: int) -> None:
        step()
        real(handle)

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(hook)


def die_before(number: int) -> None:
    """End this process, without any goodbye, before its ``number``-th change to the disk."""
    left = number

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    watch_steps(step)


def survives(step: int, work: object, *arguments: object) -> bool:
    """Whether ``work`` reached its end in a child that dies before ``step``."""
    child = os.fork()
    if child == 0:
        try:
            die_before(step)
            work(*arguments)  # type: ignore[operator]
            os._exit(0)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(ENDED)
    status = os.waitpid(child, 0)[1]
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL), "the deed failed by itself"
    return status == 0


def count_steps(stage: Stage) -> int:
    """How many changes to the disk the deed makes when nobody interrupts it."""
    reader, writer = os.pipe()
    with stage.play() as base:
        child = os.fork()
        if child == 0:
            count = 0

            def step() -> None:
                nonlocal count
                count += 1

            watch_steps(step)
            stage.deed.work(base)
            os.write(writer, str(count).encode())
            os._exit(0)
        os.close(writer)
        count = int(os.read(reader, 20))
        os.waitpid(child, 0)
        os.close(reader)
    return count


def kill(name: str, folder: Path, most: int) -> dict[str, object]:
    stage = Stage(name, folder)
    count = count_steps(stage)
    tried = sorted({round(1 + one * (count - 1) / (most - 1)) for one in range(most)})
    wrong: dict[int, list[str]] = {}
    for step in tried:
        with stage.play() as base:
            survives(step, stage.deed.work, base)
            if told := stage.judge():
                wrong[step] = told
    begun = [*stage.before.wrong, *stage.after.wrong]
    changed = stage.before.things != stage.after.things
    return {"steps": count, "tried": len(tried), "changed": changed, "begun": begun, "wrong": wrong}


if __name__ == "__main__":
    where, limit = Path(sys.argv[1]), int(sys.argv[2])
    told = {name: kill(name, where, limit) for name in sys.argv[3:] or DEEDS}
    sys.stdout.write(json.dumps(told))
