"""Processes, entries and files put together as programs: what one card is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from guardian.processes.model import (
    Baseline,
    Interface,
    PowerFile,
    Process,
    Program,
    Reach,
    StartEntry,
    Unknown,
)
from guardian.processes.rules.fields import Scene, Subject
from guardian.processes.rules.identity import identity_of
from guardian.processes.rules.paths import canonical, is_interpreter, name_of
from guardian.processes.rules.processfields import is_inline
from guardian.processes.rules.world import World

ProgramKey = tuple[object, ...]

REACHES: tuple[tuple[Reach, str], ...] = (
    (Reach.CAMERA, "Camera"),
    (Reach.MICROPHONE, "Microphone"),
    (Reach.KEYBOARD, "Keyboard"),
    (Reach.SCREEN, "Screen"),
    (Reach.TRAFFIC, "NetworkDevice"),
    (Reach.OTHER_PROGRAMS, "TracesOthers"),
    (Reach.OTHER_PROGRAMS, "Memory"),
    (Reach.OTHER_PROGRAMS, "Watcher"),
    (Reach.SECRETS, "PrivateFiles"),
    (Reach.CALLED, "ListenOpen"),
    (Reach.CONNECTED, "Connected"),
    (Reach.EVERYTHING, "RunsAsRoot"),
)
"""Which fields tell what a program can get at."""


def program_key(process: Process) -> ProgramKey:
    """Processes with one key are one program, in the same container: the same script or module of
    an interpreter, the same code on a command line, or the same program file."""
    container = process.container
    if isinstance(process.script, str):
        if is_inline(process.script):
            return ("code", process.exe, process.argv, process.uid, container)
        if process.script.startswith("-"):
            return ("module", process.exe, process.script, container)
        return ("script", canonical(process.script), container)
    if isinstance(process.exe, str):
        return ("file", canonical(process.exe), container)
    return ("name", process.name or process.pid, process.uid)


def program_path(process: Process) -> str | None:
    """The file a card about ``process`` is about; None for code that has no file of its own."""
    if isinstance(process.script, str):
        return None if process.script.startswith("-") else process.script
    return process.exe if isinstance(process.exe, str) else None


def program_name(process: Process) -> str:
    if isinstance(process.script, str) and not is_inline(process.script):
        if process.script.startswith("-m "):
            return process.script[3:]
        return name_of(process.script)
    exe = process.exe if isinstance(process.exe, str) else ""
    return name_of(exe) if exe else process.name or str(process.pid)


class Programs:
    """All programs of one moment, each described when it is asked for."""

    def __init__(self, world: World, baseline: Baseline | None) -> None:
        self._world = world
        self._baseline = baseline
        self._described: dict[ProgramKey, Program] = {}
        self._at_path: dict[str, ProgramKey] = {}
        self._started_by: dict[StartEntry, ProgramKey] = {}
        self.members: dict[ProgramKey, list[Scene]] = {}
        self.entries: dict[ProgramKey, list[StartEntry]] = defaultdict(list)
        for process in world.by_pid.values():
            if not process.kernel_thread:
                self._add(process)
        if not isinstance(world.starts, Unknown):
            for entry in world.starts.entries:
                self.entries[self.key_of(entry)].append(entry)
        self._files = {self.key_of(file): file for file in world.power_files}

    def _add(self, process: Process) -> None:
        key = program_key(process)
        self.members.setdefault(key, []).append(Scene(process, self._world))
        path = program_path(process)
        if path and not isinstance(process.container, str):
            self._at_path.setdefault(canonical(path), key)
        starts = self._world.entries(process)
        if not isinstance(starts, Unknown):
            for entry in starts:
                self._started_by.setdefault(entry, key)

    def key_of(self, subject: Subject | str) -> ProgramKey:
        """Which program ``subject`` belongs to; a text is the path of a file."""
        if isinstance(subject, Process):
            return program_key(subject)
        if isinstance(subject, Interface):
            return ("interface", subject.name)
        if isinstance(subject, StartEntry):
            return self._started_by.get(subject) or self._key_of_path(path_of(subject))
        if isinstance(subject, PowerFile):
            return self._key_of_path(subject.path)
        return self._key_of_path(subject)

    def _key_of_path(self, path: str) -> ProgramKey:
        place = canonical(path)
        return self._at_path.get(place) or ("path", place, path)

    def program(self, key: ProgramKey) -> Program:
        if key not in self._described:
            if key in self.members:
                self._described[key] = self._describe(key, self.members[key])
            else:
                self._described[key] = self._describe_resting(key)
        return self._described[key]

    def is_new(self, subject: Program | StartEntry) -> bool:
        return self._baseline is not None and identity_of(subject) not in self._baseline.identities

    def _describe(self, key: ProgramKey, members: list[Scene]) -> Program:
        processes = [each.subject for each in members if isinstance(each.subject, Process)]
        first = processes[0]
        script = first.script if isinstance(first.script, str) else None
        package, known = package_of(processes)
        users = {each.user for each in processes if isinstance(each.user, str)}
        starts = [each.started for each in processes if not isinstance(each.started, Unknown)]
        program = Program(
            name=program_name(first),
            exe=first.exe if isinstance(first.exe, str) else None,
            package=package,
            package_known=known,
            container=first.container if isinstance(first.container, str) else None,
            users=tuple(sorted(users)),
            pids=tuple(each.pid for each in processes),
            started=min(starts) if starts else None,
            script=script,
            signer=first_text(each.signer for each in processes),
            started_by=self._started_by_program(key, processes),
            unit=first_text(each.unit for each in processes),
            reach=reach_of(members),
            starts_by_itself=bool(self.entries.get(key)),
            own=self._world.me is not None and any(p.uid == self._world.me for p in processes),
        )
        return self._marked(program)

    def _started_by_program(self, key: ProgramKey, processes: list[Process]) -> str | None:
        """The name of the program above the whole family."""
        for process in processes:
            parent = self._world.parent(process)
            if isinstance(parent, Process) and program_key(parent) != key:
                return program_name(parent)
        return None

    def _describe_resting(self, key: ProgramKey) -> Program:
        """What does not run: a file that starts by itself or gives rights, or an interface."""
        if key[0] == "interface":
            return self._marked(resting(str(key[1]), None, None, False))
        path, entries, file = str(key[2]), self.entries.get(key, []), self._files.get(key)
        owners = [each.target_owner if each.target == path else each.owner for each in entries] or [
            Unknown.ABSENT if file is None else file.owner
        ]
        seen = [owner for owner in owners if not isinstance(owner, Unknown)]
        users = {each.user for each in entries if isinstance(each.user, str) and each.user}
        signer = first_text(each.target_signer for each in entries if each.target == path)
        program = resting(
            name_of(path), path, seen[0] if seen else None, bool(seen),
            tuple(sorted(users)), signer, bool(entries),
        )  # fmt: skip
        return self._marked(program)

    def _marked(self, program: Program) -> Program:
        return replace(program, new=True) if self.is_new(program) else program


def resting(  # noqa: PLR0917
    name: str,
    path: str | None,
    package: str | None,
    package_known: bool,
    users: tuple[str, ...] = (),
    signer: str | None = None,
    starts_by_itself: bool = False,
) -> Program:
    """A program of which no process runs."""
    return Program(
        name=name,
        exe=path,
        package=package,
        package_known=package_known,
        container=None,
        users=users,
        pids=(),
        started=None,
        signer=signer,
        starts_by_itself=starts_by_itself,
    )


def path_of(entry: StartEntry) -> str:
    """What a card about an entry is about: what it starts, or where it stands if that is no file
    of its own (an interpreter tells nothing about the code that is given to it)."""
    if isinstance(entry.target, str) and not is_interpreter(entry.target):
        return entry.target
    return entry.source


def package_of(processes: list[Process]) -> tuple[str | None, bool]:
    """The package of what runs, and whether that could be told. Code on a command line has none."""
    for process in processes:
        if isinstance(process.script, str) and is_inline(process.script):
            return None, True
        owner = process.script_owner if isinstance(process.script, str) else process.owner
        if not isinstance(owner, Unknown):
            return owner, True
    return None, False


def reach_of(members: list[Scene]) -> tuple[Reach, ...]:
    """What any of the processes can get at."""
    found = set()
    for scene in members:
        for reach, field in REACHES:
            if reach not in found and scene.has(field):
                found.add(reach)
        if sees_packets(scene):
            found.add(Reach.TRAFFIC)
    return tuple(reach for reach in Reach if reach in found)


def sees_packets(scene: Scene) -> bool:
    """A raw socket may be ping's; a packet socket is told of everything that passes."""
    value = scene.look("RawSocket")
    return isinstance(value, tuple) and "packet" in value


def first_text(values: Iterable[object]) -> str | None:
    return next((value for value in values if isinstance(value, str)), None)
