"""What explaining documents costs, beside reading the same files with the extraction library."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measures.written_policies import write_page, write_text

ROUNDS = 7
SMALL, LARGE, MANY = 40_000, 200_000, 100
PAUSE = 1.0  # seconds between two documents that a person opens one after the other
AIM = {SMALL: 0.15, LARGE: 1.0}
# everything in one process of its own, so that memory is that of this work alone
WORK = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from guardian.clauses.service import ClausesService
from guardian.core.jobs import report_nothing
from guardian.core.store import open_in_memory
def work():
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time(), child.ru_utime + child.ru_stime
service = ClausesService(open_in_memory(), lambda: datetime.now(UTC))
# as the window does when it opens the page
service.warm_up()
service.load()
pause, *names = sys.argv[1:]
spent, here, there = [], [], []
for file in map(Path, names):
    time.sleep(float(pause))  # until the next reader waits
    began, before = time.perf_counter(), work()
    service.explain(file, report_nothing)
    spent.append(time.perf_counter() - began)
    after = work()
    here.append(after[0] - before[0])
    there.append(after[1] - before[1])
service.cool_down()
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"spent": spent, "here": here, "there": there, "own": own, "child": child}))
"""
PEER = """
import json, sys, time
from pathlib import Path
from readability import Document
spent = []
for name in sys.argv[2:]:
    began = time.perf_counter()
    source = Path(name).read_text()
    if name.endswith(".html"):
        Document(source).summary()
    spent.append(time.perf_counter() - began)
print(json.dumps({"spent": spent}))
"""


def clauses(rounds: int = ROUNDS) -> None:
    """Print seconds for a small, a large and a hundred documents, and the memory it took."""
    print(
        f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors;"
        " a reader waits and all is loaded, as once the page is open"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for length in (SMALL, LARGE):
            for ending, write in ((".html", write_page), (".md", write_text)):
                tell_one(folder, length, ending, write, rounds)
        tell_many(folder)


def tell_one(
    folder: Path, length: int, ending: str, write: Callable[[int, int], str], rounds: int
) -> None:
    """One length: the first document of a run, and those after it."""
    files = []
    for seed in range(rounds + 1):
        file = folder / f"policy-{length}-{seed}{ending}"
        file.write_text(write(length, seed))
        files.append(file)
    ours, peer = run(WORK, files, PAUSE), run(PEER, files)
    later, read = statistics.median(ours["spent"][1:]), statistics.median(peer["spent"][1:])
    ratio = f"{later / read:6.1f} x reading alone" if ending == ".html" else ""
    print(
        f"{length // 1000:4} KB {ending:5}  first {ours['spent'][0]:.3f} s   then {later:.3f} s"
        f"   aim {AIM[length]} s   computing {statistics.median(ours['here'][1:]):.3f} s here,"
        f" {statistics.median(ours['there'][1:]):.3f} s in the reader (its start ahead included)"
        f"   readability-lxml alone {read:.3f} s {ratio}"
    )


def tell_many(folder: Path) -> None:
    """A hundred documents one after the other, and the memory at its highest."""
    files = []
    for seed in range(MANY):
        file = folder / f"many-{seed}.html"
        file.write_text(write_page(SMALL, seed))
        files.append(file)
    began = time.perf_counter()
    ours = run(WORK, files)
    spent = time.perf_counter() - began
    print(f"{MANY} documents of {SMALL // 1000} KB: {spent:.1f} s (aim 60)")
    print(f"computing: {sum(ours['here']):.1f} s here, {sum(ours['there']):.1f} s in readers")
    print(f"memory at most: {ours['own']:.0f} MB here, {ours['child']:.0f} MB in a reader (300)")


def run(code: str, files: list[Path], pause: float = 0.0) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(pause), *map(str, files)],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found
