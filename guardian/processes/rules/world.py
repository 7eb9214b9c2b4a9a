"""The snapshot made ready for questions: who is whose child, who looks into whom, what starts."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import attrgetter

from guardian.processes.model import Limit, Process, Seen, Snapshot, StartEntry, Unknown
from guardian.processes.rules.paths import canonical, is_interpreter

MOST_ANCESTORS = 64
FACTS: Callable[[Process], tuple[object, ...]] = attrgetter(
    *(each.name for each in dataclasses.fields(Process) if each.name not in ("pid", "started"))
)


class World:
    """All processes and entries of one moment. ``me`` is the user number of who looks."""

    def __init__(self, snapshot: Snapshot, me: int | None = None) -> None:
        self.system = snapshot.system
        self.me = me
        self.now = snapshot.taken.timestamp()
        self.by_pid = {process.pid: process for process in snapshot.processes}
        self.children: dict[int, list[Process]] = defaultdict(list)
        for process in snapshot.processes:
            self.children[process.ppid].append(process)
        self.tracing = tracing(snapshot.processes)
        self.others_hidden = Limit.OTHERS_HIDDEN in snapshot.limits
        self.starts: Seen[Starts] = (
            snapshot.entries if isinstance(snapshot.entries, Unknown) else Starts(snapshot.entries)
        )
        files = snapshot.power_files
        self.power_files = () if isinstance(files, Unknown) else files

    def parent(self, process: Process) -> Seen[Process | None]:
        """None for one that has ended; unknown where other people's processes are kept hidden."""
        found = self.by_pid.get(process.ppid)
        if found is None and process.ppid and self.others_hidden:
            return Unknown.DENIED
        return found

    def likeness(self, process: Process) -> tuple[object, ...] | None:
        """What every field but ``Age`` follows from; None for one that only its number tells of.

        Of a thousand helpers of one program most are alike, and need to be judged once.
        """
        if self.children.get(process.pid) or isinstance(self.tracing, Unknown):
            return None
        return None if process.pid in self.tracing else FACTS(process)

    def ancestors(self, process: Process) -> tuple[Process, ...]:
        """The parent first. Ends where a number comes twice, as after a number was reused."""
        line: list[Process] = []
        met = {process.pid}
        above = self.by_pid.get(process.ppid)
        while above is not None and above.pid not in met and len(line) < MOST_ANCESTORS:
            line.append(above)
            met.add(above.pid)
            above = self.by_pid.get(above.ppid)
        return tuple(line)

    def entries(self, process: Process) -> Seen[tuple[StartEntry, ...]]:
        """What starts the program of ``process`` by itself."""
        if isinstance(self.starts, Unknown):
            return self.starts
        return self.starts.of(process)


def tracing(processes: Iterable[Process]) -> Seen[frozenset[int]]:
    """The processes that look into others; unknown where no process tells who traces it."""
    told = [each.tracer for each in processes if not isinstance(each.tracer, Unknown)]
    return frozenset(told) - {0} if told else Unknown.ABSENT


class Starts:
    """Entries by the program they start."""

    def __init__(self, entries: tuple[StartEntry, ...]) -> None:
        self.entries = entries
        self._by_target: dict[str, list[StartEntry]] = defaultdict(list)
        for entry in entries:
            if isinstance(entry.target, str):
                self._by_target[canonical(entry.target)].append(entry)

    def of(self, process: Process) -> tuple[StartEntry, ...]:
        """By the script where one runs; an interpreter alone says nothing about what it runs.
        The paths of a container are others than ours."""
        if isinstance(process.container, str):
            return ()
        if isinstance(process.script, str) and not process.script.startswith("-"):
            return tuple(self._by_target.get(canonical(process.script), ()))
        if not isinstance(process.exe, str):
            return ()
        found = self._by_target.get(canonical(process.exe), ())
        if not found or not is_interpreter(process.exe):
            return tuple(found)
        return tuple(entry for entry in found if starts_inline(entry, process))


def starts_inline(entry: StartEntry, process: Process) -> bool:
    """Whether ``entry`` started this very interpreter: through its unit, or the same module."""
    script = process.script if isinstance(process.script, str) else ""
    return (isinstance(process.unit, str) and process.unit == entry.name) or (
        script.startswith("-m ") and script in entry.command
    )
