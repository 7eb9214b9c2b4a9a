"""The nouns of this pillar: what was seen of each process, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import TypeVar, Union

from guardian.core.feature import Level
from guardian.core.words import Message, message

T = TypeVar("T")


class Unknown(Enum):
    """Why a field has no value. Neither of the two ever counts as «nothing there»."""

    DENIED = "denied"
    """The system keeps it from this user; admin rights may show it."""
    ABSENT = "absent"
    """This kind of system does not tell such a thing."""


Seen = Union[T, Unknown]  # noqa: UP007 - a generic alias cannot be written with | in Python 3.11


class System(StrEnum):
    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"
    OTHER = "other"


class DeviceKind(StrEnum):
    """What a device can learn about the person in front of it."""

    KEYBOARD = "keyboard"
    CAMERA = "camera"
    MICROPHONE = "microphone"


@dataclass(frozen=True, slots=True)
class Device:
    """A device a process holds open."""

    kind: DeviceKind
    path: str


@dataclass(frozen=True, slots=True)
class Socket:
    """One end of an internet connection. A ``remote_port`` of 0 means: connected to nobody."""

    protocol: str
    local: str
    local_port: int
    remote: str
    remote_port: int
    listening: bool

    @property
    def connected(self) -> bool:
        return not self.listening and self.remote_port != 0


Standard = tuple[Socket | None, Socket | None, Socket | None]


@dataclass(frozen=True, slots=True)
class Process:
    """One running process. Paths are as the process itself sees them, inside its own root.

    ``exe`` and ``owner`` None: the process has no program file; no package owns the file.
    ``started`` is in seconds since 1970 (UTC). ``stdio`` is input, output, errors, each with
    the internet socket it is wired to.
    """

    pid: int
    ppid: int
    name: str
    kernel_thread: bool = False
    argv: Seen[tuple[str, ...]] = Unknown.ABSENT
    exe: Seen[str | None] = Unknown.ABSENT
    exe_deleted: Seen[bool] = Unknown.ABSENT
    exe_replaced: Seen[bool] = Unknown.ABSENT
    exe_in_memory: Seen[bool] = Unknown.ABSENT
    exe_read_only: Seen[bool] = Unknown.ABSENT
    owner: Seen[str | None] = Unknown.ABSENT
    script: Seen[str | None] = Unknown.ABSENT
    script_owner: Seen[str | None] = Unknown.ABSENT
    uid: Seen[int] = Unknown.ABSENT
    user: Seen[str] = Unknown.ABSENT
    started: Seen[float] = Unknown.ABSENT
    tracer: Seen[int] = Unknown.ABSENT
    container: Seen[str | None] = Unknown.ABSENT
    unit: Seen[str | None] = Unknown.ABSENT
    devices: Seen[tuple[Device, ...]] = Unknown.ABSENT
    stdio: Seen[Standard] = Unknown.ABSENT
    listeners: Seen[tuple[Socket, ...]] = Unknown.ABSENT


class Limit(StrEnum):
    """What keeps a whole look from being complete, whatever the rules say."""

    OTHERS_HIDDEN = "others-hidden"
    INSIDE_CONTAINER = "inside-container"
    NO_PACKAGES = "no-packages"

    def tell(self) -> Message:
        return LIMIT_WORDS[self]


LIMIT_WORDS = {
    Limit.OTHERS_HIDDEN: message("processes.limit.others-hidden"),
    Limit.INSIDE_CONTAINER: message("processes.limit.inside-container"),
    Limit.NO_PACKAGES: message("processes.limit.no-packages"),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All processes of one moment, on any system."""

    system: System
    taken: datetime
    processes: tuple[Process, ...]
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that fits some processes of one program.

    ``evidence`` is by field name, as rules name them; ``level`` is this hit's alone.
    """

    rule: str
    level: Level
    points: int
    pids: tuple[int, ...]
    evidence: dict[str, tuple[str, ...]] = field(default_factory=dict)
    attack: tuple[str, ...] = ()
    milder: bool = False

    def title(self) -> Message:
        return Message(f"processes.rule.{self.rule}.title")

    def plain(self, name: str) -> Message:
        """What was seen, in one sentence about the program called ``name``."""
        return Message(f"processes.rule.{self.rule}.plain", {"name": name})

    def why(self) -> Message:
        return Message(f"processes.rule.{self.rule}.why")

    def honest(self) -> Message:
        """What an honest reason would be."""
        return Message(f"processes.rule.{self.rule}.honest")

    def do(self) -> Message:
        kind = "milder" if self.milder else "do"
        return Message(f"processes.rule.{self.rule}.{kind}")

    def seen(self) -> tuple[Message, ...]:
        """The evidence, one sentence per thing seen."""
        return tuple(
            Message(EVIDENCE_WORDS[name].code, {"value": value})
            for name, values in self.evidence.items()
            for value in values
            if name in EVIDENCE_WORDS
        )


EVIDENCE_WORDS = {
    "Image": message("processes.seen.image", value=""),
    "ImageOwner": message("processes.seen.package", value=""),
    "Argv0": message("processes.seen.calls-itself", value=""),
    "Comm": message("processes.seen.short-name", value=""),
    "ParentImage": message("processes.seen.started-by", value=""),
    "User": message("processes.seen.user", value=""),
    "Script": message("processes.seen.script", value=""),
    "Keyboard": message("processes.seen.keyboard", value=""),
    "Camera": message("processes.seen.camera", value=""),
    "Microphone": message("processes.seen.microphone", value=""),
    "StdioRemote": message("processes.seen.connected-to", value=""),
    "Container": message("processes.seen.container", value=""),
}


@dataclass(frozen=True, slots=True)
class Program:
    """All processes that run the same program file.

    ``exe`` None: the file could not be seen; the processes then share a name and a user.
    ``package`` None with ``package_known``: no package of this system brought it.
    """

    name: str
    exe: str | None
    package: str | None
    package_known: bool
    container: str | None
    users: tuple[str, ...]
    pids: tuple[int, ...]
    started: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One card: a program, and everything about it that is worth a question."""

    program: Program
    level: Level
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class NotSeen:
    """A rule that could not be answered for some processes, and why. No pids: for none at all."""

    rule: str
    reason: Unknown
    pids: tuple[int, ...]
    programs: int

    def title(self) -> Message:
        return Message(f"processes.rule.{self.rule}.title")


@dataclass(frozen=True, slots=True)
class Scan:
    """The answer of one look. ``partly_seen`` counts programs that hide something without admin
    rights; ``findings`` has the most urgent first."""

    system: System
    taken: datetime
    looked_at: int
    kernel_threads: int
    partly_seen: int
    programs: tuple[Program, ...]
    findings: tuple[Finding, ...]
    not_seen: tuple[NotSeen, ...]
    limits: tuple[Limit, ...] = ()

    @property
    def level(self) -> Level:
        """The most urgent level of all findings."""
        order = list(Level)
        return max((each.level for each in self.findings), key=order.index, default=Level.FINE)

    def headline(self) -> Message:
        """What needs action or deserves a question, of how many, and what could not be seen."""
        act, ask = self.count(Level.ACT), self.count(Level.ASK)
        if act:
            kind, count = ("both", ask) if ask else ("act", act)
        else:
            kind, count = ("ask", ask) if ask else ("none", self.looked_at)
        partly = "-partly" if self.partly_seen else ""
        facts = {"count": count, "act": act, "looked": self.looked_at, "part": self.partly_seen}
        return Message(f"processes.headline.{kind}{partly}", facts)

    def count(self, level: Level) -> int:
        """How many programs stand at ``level`` because of a finding."""
        return sum(finding.level is level for finding in self.findings)
