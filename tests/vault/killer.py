"""Kills a writer before its n-th step, for every n, and says what each death left behind.

Run on its own (it forks): ``killer.py add|create FOLDER``. Tells one JSON list of outcomes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from guardian.core.errors import Problem
from guardian.core.store import open_in_memory
from guardian.vault.cryptomator import masterkey, workspace
from guardian.vault.service import VaultService

PASSPHRASE = "correct horse battery"
STEPS = {"open", "os.link", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.utime"}
masterkey.COST = 2**10


def service() -> VaultService:
    return VaultService(open_in_memory(), lambda: datetime.now(UTC))


def die_before(step: int) -> None:
    """End this process, without any goodbye, before its ``step``-th change to the disk."""
    left = step

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        reads = event == "open" and not int(arguments[2]) & (os.O_WRONLY | os.O_RDWR)  # type: ignore[call-overload]
        if event in STEPS and not reads:
            count()

    real = os.fsync

    def fsync(handle: int) -> None:
        count()
        real(handle)

    os.fsync = fsync
    sys.addaudithook(hook)


def survives(step: int, work: object, *arguments: object) -> bool:
    """Whether ``work`` reached its end in a child that dies before ``step``."""
    child = os.fork()
    if child == 0:
        die_before(step)
        work(*arguments)  # type: ignore[operator]
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def add(vault: Path, files: list[Path]) -> None:
    with service().open(vault, PASSPHRASE) as opened:
        result = opened.add(files, "new/" + "f" * 200)
        assert not result.refused


def inside(vault: Path) -> dict[str, object]:
    """What the next opening finds, and what lies about after it."""
    found: dict[str, object] = {}
    with service().open(vault, PASSPHRASE) as opened:
        waiting = [""]
        while waiting:
            listing = opened.list(waiting.pop())
            found["not_read"] = len(listing.not_read)
            for entry in listing.entries:
                if entry.size is None:
                    waiting.append(entry.path)
                else:
                    found[entry.path] = opened.read(entry.path).decode()
    # Not every name with "tmp" in it: the encrypted names hold these letters now and then.
    leftovers = [*vault.rglob(workspace.PLACE), *vault.rglob("*.tmp")]
    found["temporary"] = [str(path) for path in leftovers]
    return found


def kill_adds(folder: Path) -> list[object]:
    before = folder / "before"
    with service().create(before, PASSPHRASE) as opened:
        (folder / "old.txt").write_text("old")
        opened.add([folder / "old.txt"])
    files = [folder / "old.txt", folder / ("n" * 200)]
    files[1].write_text("new")
    outcomes: list[object] = []
    for step in range(1, 500):
        vault = folder / f"vault-{step}"
        shutil.copytree(before, vault)
        done = survives(step, add, vault, files)
        outcomes.append(inside(vault) | {"done": done})
        shutil.rmtree(vault)
        if done:
            return outcomes
    raise AssertionError("it never came to an end")


def make(vault: Path) -> None:
    service().create(vault, PASSPHRASE).lock()


def kill_creates(folder: Path) -> list[object]:
    outcomes: list[object] = []
    for step in range(1, 500):
        vault = folder / f"vault-{step}"
        done = survives(step, make, vault)
        looks_whole = (vault / "vault.cryptomator").exists()
        try:
            service().create(vault, PASSPHRASE).lock()
            again = "made"
        except Problem as problem:
            again = problem.code
        outcomes.append({"looks_whole": looks_whole, "again": again, "done": done} | inside(vault))
        if done:
            return outcomes
    raise AssertionError("it never came to an end")


if __name__ == "__main__":
    kill = {"add": kill_adds, "create": kill_creates}[sys.argv[1]]
    sys.stdout.write(json.dumps(kill(Path(sys.argv[2]))))
