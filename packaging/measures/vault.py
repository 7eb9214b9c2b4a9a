"""The vault beside its peers: one large document, ten thousand small ones, and memory."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SMALL_FILES, SMALL_BYTES = 10_000, 4096
SECRET = "correct horse battery"
MIB = 2**20

Times = dict[str, list[float]]


class Peers:
    """The other programs, each doing its own thing with the same bytes; all wait for the disk."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.mount = place / "mount"
        self.missing = [
            name for name in ("age", "7z", "gpg", "gocryptfs") if not shutil.which(name)
        ]
        if "age" not in self.missing:
            made = self.run("age-keygen -o age.key")
            self.recipient = made.stderr.split()[-1]
        if "gocryptfs" not in self.missing and not self.open_mount():
            self.missing.append("gocryptfs (no FUSE here)")

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, shell=True, cwd=self.place, check=True, capture_output=True, text=True
        )

    def open_mount(self) -> bool:
        (self.place / "pass").write_text(SECRET)
        (self.place / "cipher").mkdir()
        self.mount.mkdir()
        try:
            self.run("gocryptfs -init -q -passfile pass cipher")
            self.run("gocryptfs -q -passfile pass cipher mount")
        except subprocess.CalledProcessError:
            return False
        return self.mount.is_mount()

    def close(self) -> None:
        if self.mount.is_mount():
            self.run("fusermount -u mount || umount mount")

    def large(self) -> dict[str, str]:
        """What writes ``large`` encrypted, by name; the first is the plain copy."""
        commands = {
            "cp": "cp large out && sync out",
            "age": f"age -r {getattr(self, 'recipient', '')} -o out large && sync out",
            "7z": f"7z a -mx0 -mhe -p'{SECRET}' out.7z large && sync out.7z",
            "gpg": "gpg --batch --yes --homedir . --passphrase-file pass --pinentry-mode loopback"
            " --compress-algo none -o out -c large && sync out",
            "gocryptfs": "cp large mount/out && sync mount/out",
        }
        return self.there(commands)

    def small(self) -> dict[str, str]:
        """What writes the folder ``small`` encrypted, by name."""
        commands = {
            "7z": f"7z a -mx0 -mhe -p'{SECRET}' out.7z small && sync out.7z",
            "gocryptfs": "cp -r small mount/out && sync -f mount/out && sync -f cipher",
        }
        return self.there(commands)

    def there(self, commands: dict[str, str]) -> dict[str, str]:
        missing = {name.split()[0] for name in self.missing}
        return {name: command for name, command in commands.items() if name not in missing}

    def timed(self, command: str) -> float:
        """Seconds a command takes; what it made is removed afterwards."""
        began = time.perf_counter()
        self.run(command)
        took = time.perf_counter() - began
        self.run("rm -rf out out.7z; [ ! -e mount/out ] || rm -rf mount/out")
        return took


def clock(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure_ours(vault, source: Path) -> tuple[float, float, object]:  # type: ignore[no-untyped-def]
    """Seconds until all is on the disk, seconds until it is read back and has its name."""
    durable: list[float] = []

    def report(_done: int, _total: int, note=None) -> None:  # type: ignore[no-untyped-def]
        if note is not None and note.code == "vault.progress.checking" and not durable:
            durable.append(time.perf_counter())

    began = time.perf_counter()
    done = vault.add([source], "", report)
    whole = time.perf_counter() - began
    assert not done.refused
    return durable[0] - began, whole, done


def read_through(vault, path: str) -> None:  # type: ignore[no-untyped-def]
    with vault._tree.open_document(vault._tree.find(path)) as reader:
        for _ in reader.pieces():
            pass


def compare_large(vault, peers: Peers, rounds: int) -> Times:  # type: ignore[no-untyped-def]
    times: Times = {}
    for _ in range(rounds):
        for name, command in peers.large().items():
            times.setdefault(name, []).append(peers.timed(command))
        durable, whole, done = measure_ours(vault, peers.place / "large")
        times.setdefault("guardian, written", []).append(durable)
        times.setdefault("guardian, read back too", []).append(whole)
        path = done.added[0].path  # type: ignore[attr-defined]
        read_through(vault, path)  # both have it in memory then
        times.setdefault("guardian, read", []).append(clock(partial(read_through, vault, path)))
        if "age" in peers.large():
            peers.run(peers.large()["age"])
            peers.run("cat out > /dev/null")
            decrypt = "age -d -i age.key out > /dev/null"
            times.setdefault("age -d", []).append(peers.timed(decrypt))
        vault.discard([path])
        vault.destroy([one.key for one in vault.trashed()])
    return times


def compare_small(vault, peers: Peers, rounds: int) -> Times:  # type: ignore[no-untyped-def]
    times: Times = {}
    for _ in range(rounds):
        for name, command in peers.small().items():
            times.setdefault(name, []).append(peers.timed(command))
        _, whole, _ = measure_ours(vault, peers.place / "small")
        times.setdefault("guardian, read back too", []).append(whole)
    return times


def tell(title: str, times: Times, size: float, goals: dict[tuple[str, str], str]) -> None:
    print(f"\n{title}")
    for name, seconds in times.items():
        middle, least = statistics.median(seconds), min(seconds)
        print(
            f"  {name:26} median {middle:7.2f} s  least {least:7.2f} s  {size / middle:7.0f} MB/s"
        )
    for (ours, peer), goal in goals.items():
        if ours in times and peer in times:
            pairs = [other / one for one, other in zip(times[ours], times[peer], strict=True)]
            best = min(times[peer]) / min(times[ours])
            middle = statistics.median(pairs)
            print(
                f"  {ours} : {middle:.2f}x as fast as {peer} (least times {best:.2f}x; aim {goal})"
            )


MEMORY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from guardian.core.store import open_in_memory
from guardian.vault.service import VaultService
def now(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field + ":")) / 1024
place = Path(sys.argv[1])
vault = VaultService(open_in_memory(), lambda: datetime.now(UTC)).create(place / "v2", sys.argv[2])
vault.add([place / "pass"])
Path("/proc/self/clear_refs").write_text("5")
before = now("VmRSS")
vault.add([place / sys.argv[3]])
print(before, now("VmHWM"))
vault.lock()
"""


def measure_memory(place: Path, what: str) -> None:
    """Peak resident memory of a process that adds ``what``, above what it had before."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(place), SECRET, what],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    before, peak = map(float, done.stdout.split())
    shutil.rmtree(place / "v2")
    print(
        f"\nmemory while {what} is added: {peak - before:.0f} MiB above {before:.0f} MiB (aim < 64)"
    )


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder on a disk (``TMPDIR`` says which); removed whatever happens."""
    place = Path(
        tempfile.mkdtemp(prefix="guardian-bench-", dir=os.environ.get("TMPDIR", "/var/tmp"))
    )
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def make_sources(place: Path, size: int) -> None:
    with (place / "large").open("wb") as file:
        for _ in range(size):
            file.write(os.urandom(MIB))
    (place / "small").mkdir()
    for number in range(SMALL_FILES):
        (place / "small" / f"document {number:05}.txt").write_bytes(os.urandom(SMALL_BYTES))
    os.sync()


def vault(size: int = 1024, rounds: int = 5) -> None:
    from guardian.core.store import open_in_memory
    from guardian.vault.service import VaultService

    with scratch_folder() as place:
        make_sources(place, size)
        peers = Peers(place)
        try:
            service = VaultService(open_in_memory(), lambda: datetime.now(UTC))
            with service.create(place / "vault", SECRET) as opened:
                print(
                    f"{rounds} rounds, interleaved, on disk with fsync; not here: {peers.missing}"
                )
                large = compare_large(opened, peers, rounds)
                small = compare_small(opened, peers, rounds)
        finally:
            peers.close()
        written, read = "guardian, written", "guardian, read"
        goals = {(written, "cp"): ">= 0.7", (written, "age"): ">= 1.5", (read, "age -d"): ">= 1.5"}
        tell(f"one document of {size} MiB", large, size * MIB / 1e6, goals)
        ours = "guardian, read back too"
        goals = {(ours, "gocryptfs"): "> 1", (ours, "7z"): ">= 0.33, better 0.67"}
        tell(f"{SMALL_FILES} documents of 4 KiB", small, SMALL_FILES * SMALL_BYTES / 1e6, goals)
        measure_memory(place, "large")
        measure_memory(place, "small")
