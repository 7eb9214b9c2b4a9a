"""What a look at 300 and at 2,000 processes costs, beside ``ps aux`` and ``lsof -n``."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from guardian.core.jobs import report_nothing
from guardian.processes.judging import Judge
from guardian.processes.service import shipped_products, shipped_rules
from guardian.processes.sources import Look, OwnerCache, take_snapshot

COUNTS = (300, 2_000)
ROUNDS = 5
PEERS = (("ps", "aux"), ("lsof", "-n"))
AIM_RATIO, AIM_WALL = 6.0, {300: 0.2, 2_000: 1.0}
RULES = "of that, rules"


@dataclass(frozen=True)
class Cost:
    """Seconds: of the processors, children included, and by the clock."""

    cpu: float
    wall: float


def processes(rounds: int = ROUNDS) -> None:
    """Print the costs side by side, in rounds, and the ratios to ``ps aux`` round by round."""
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for count in COUNTS:
        with sleepers(count):
            listed = sum(each.name.isdecimal() for each in Path("/proc").iterdir())
            print(f"\n{count} sleepers, {listed} processes in all; medians of {rounds} rounds")
            tell(measure(rounds), count)


@contextmanager
def sleepers(count: int) -> Iterator[None]:
    """So many programs that do nothing, ended whatever happens."""
    sleep = shutil.which("sleep") or "sleep"
    started: list[int] = []
    try:
        for _ in range(count):
            started.append(os.posix_spawn(sleep, [sleep, "900"], {"PATH": os.defpath}))
        yield
    finally:
        for pid in started:
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
        for pid in started:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def measure(rounds: int) -> dict[str, list[Cost]]:
    rules, products = shipped_rules(), shipped_products()
    places = tuple(path for each in products for path in each.paths)
    judge = Judge(rules, products, (), None, os.getuid())
    known = OwnerCache()
    costs: dict[str, list[Cost]] = {}

    def look(cache: OwnerCache) -> Callable[[], object]:
        asked = Look(Path.home(), places=places, owned=cache)
        return lambda: judge.judge(take_snapshot(asked, report_nothing), report_nothing)

    look(known)()  # imports, and the package of every program, as after the first look
    for _ in range(rounds):
        for command in PEERS:
            if shutil.which(command[0]):
                costs.setdefault(" ".join(command), []).append(cost(partial(run, command)))
        costs.setdefault("Guardian, first look", []).append(cost(look(OwnerCache())))
        costs.setdefault("Guardian, later looks", []).append(cost(look(known)))
        snapshot = take_snapshot(Look(Path.home(), owned=known), report_nothing)
        judging = cost(partial(judge.judge, snapshot, report_nothing))
        costs.setdefault(RULES, []).append(judging)
    return costs


def run(command: tuple[str, ...]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def cost(work: Callable[[], object]) -> Cost:
    before, began = used(), time.perf_counter()
    work()
    return Cost(used() - before, time.perf_counter() - began)


def used() -> float:
    """Processor seconds of this process and of its children that ended."""
    sides = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in sides)


def tell(costs: dict[str, list[Cost]], count: int) -> None:
    base = costs["ps aux"]
    print(f"{'':24}{'cpu s':>8}{'wall s':>8}{'x ps aux (cpu)':>16}")
    for name, found in costs.items():
        pairs = zip(found, base, strict=True)
        ratio = statistics.median(one.cpu / other.cpu for one, other in pairs)
        cpu = statistics.median(each.cpu for each in found)
        wall = statistics.median(each.wall for each in found)
        print(f"{name:24}{cpu:8.3f}{wall:8.3f}{ratio:16.1f}")
    shortest = min(each.wall for each in costs["Guardian, later looks"])
    print(f"aim: {AIM_RATIO:.0f} x ps aux, {AIM_WALL[count]} s; shortest look: {shortest:.3f} s")


if __name__ == "__main__":
    processes(*map(int, sys.argv[1:]))
