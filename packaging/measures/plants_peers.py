"""Other programs that look for what is hidden, run beside Guardian in the same machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from measures.namespaces import Machine

SECONDS = 900
# what differs from run to run without anything having changed
CHANGING = re.compile(r"\[?\d\d:\d\d:\d\d\]?|\b\d+ seconds?\b")


@dataclass(frozen=True)
class Peer:
    """A program, the files it writes its findings to, and which of its lines are findings."""

    name: str
    command: tuple[str, ...]
    logs: tuple[str, ...] = ()
    keep: Callable[[str], bool] = bool


PEERS = (
    Peer("rkhunter", ("rkhunter", "--check", "--skip-keypress", "--nocolors", "--rwo"), (), bool),
    Peer("chkrootkit", ("chkrootkit", "-q")),
    Peer("unhide", ("unhide", "sys", "procall", "reverse"), (), lambda line: "HIDDEN" in line
         or "Cmdline" in line or "Executable" in line),
    Peer("lynis", ("lynis", "audit", "system", "--quick", "--no-colors"),
         ("/var/log/lynis-report.dat",), lambda line: "warning" in line or "suggestion" in line),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What one of them printed, and its CPU seconds."""

    lines: tuple[str, ...]
    cpu: float


def ask(machine: Machine, peer: Peer) -> Told:
    """Run it as root and keep its findings; none where it is not installed."""
    done = machine.run(peer.command, seconds=SECONDS)
    text = done.stdout + done.stderr
    for log in peer.logs:
        text += machine.run(["cat", log]).stdout
    lines = (CHANGING.sub("", line).strip() for line in text.splitlines())
    return Told(tuple(line for line in lines if line and peer.keep(line)), done.cpu)


def ask_all(machine: Machine) -> dict[str, Told]:
    """All of them, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip((one.name for one in PEERS),
                        pool.map(lambda peer: ask(machine, peer), PEERS), strict=True))  # fmt: skip


def news(told: Told, clean: Told | None) -> list[str]:
    """The lines that were not there when nothing was planted."""
    before = set(clean.lines) if clean else set()
    return [line for line in told.lines if line not in before]
